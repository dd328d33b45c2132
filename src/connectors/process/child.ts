import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Failure } from '@valehub/connector-kit';
import type { Logger } from 'pino';
import type { FromProcess, ToProcess } from './process-messages.ts';

/** What ended a process that should have gone on. */
export type Breach = 'BLOCKED' | 'OUT_OF_MEMORY' | 'CRASHED' | 'EXITED' | 'UNUSABLE';

export const BREACH_WORDS: Readonly<Record<Breach, string>> = {
  BLOCKED: 'it kept its process busy without end',
  OUT_OF_MEMORY: 'it took more memory than it may have',
  CRASHED: 'something in it threw where nobody could catch it',
  EXITED: 'it ended its own process',
  UNUSABLE: 'its package cannot be loaded',
};

export interface ChildOptions {
  readonly connectorId: string;
  /** The package or file whose default export is the connector. */
  readonly specifier: string;
  readonly allowPrivateHosts: boolean;
  /** Of the JavaScript heap; MB. */
  readonly memoryMb: number;
  readonly log: Logger;
  hear(message: FromProcess): void;
  /** Called once, when the process has ended without being asked to. */
  ended(breach: Breach): void;
}

const PING_EVERY_MS = 1_000;
/** A process that has left so many pings in a row unanswered is stuck in its own code. Pings and not time are counted, so that a busy hub blames nobody. */
const PINGS_UNANSWERED = 10;
/** So many tell enough once an operation is overdue. */
const PINGS_THAT_TELL = 3;
/** What a process may take beside its heap: code, buffers, the runtime itself. */
const BESIDE_HEAP_MB = 256;
/** How V8 ends a process whose heap is full. */
const OUT_OF_HEAP = 'SIGABRT';

/** Emitted beside this file, and run as it is where the sources run. */
const BODY = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './plugin-process.ts' : './plugin-process.js', import.meta.url));

/** One process with one connector in it, watched. */
export class PluginChild {
  readonly #options: ChildOptions;
  readonly #child: ChildProcess;
  readonly #pings: NodeJS.Timeout;
  readonly #exited: Promise<void>;
  #unanswered = 0;
  #over = false;

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#child = fork(BODY, [options.specifier, options.allowPrivateHosts ? 'private-hosts' : 'public-hosts', String(process.pid)], {
      // Nothing of the hub's surroundings: no variables, no flags, and what it prints goes nowhere, as it may hold anything.
      env: {},
      execArgv: ['--disable-warning=ExperimentalWarning', `--max-old-space-size=${options.memoryMb}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
    });
    this.#child.unref();
    this.#child.channel?.unref();
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        resolve();
        this.#end(signal === OUT_OF_HEAP || code === 134 ? 'OUT_OF_MEMORY' : code === 0 ? 'EXITED' : 'CRASHED');
      });
    });
    this.#child.on('message', (message) => this.#hear(message as FromProcess));
    this.#child.on('error', (fault) =>
      options.log.debug({ connector: options.connectorId, fault: fault.name }, 'a message did not reach a connector'),
    );
    this.#pings = setInterval(() => this.#watch(), PING_EVERY_MS);
    this.#pings.unref();
  }

  tell(message: ToProcess): void {
    if (!this.#over && this.#child.connected) this.#child.send(message);
  }

  /** Ends it without anybody being told. */
  async stop(): Promise<void> {
    this.#over = true;
    clearInterval(this.#pings);
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** Ends it where it is stuck in its own code; one that only waits is left alone. */
  endIfBlocked(): void {
    if (this.#unanswered >= PINGS_THAT_TELL) this.#end('BLOCKED');
  }

  #hear(message: FromProcess): void {
    if (this.#over) return;
    this.#unanswered = 0;
    if (message.kind === 'unusable') this.#end('UNUSABLE', message.why);
    else if (message.kind !== 'pong') this.#options.hear(message);
    else if (message.residentMb > this.#options.memoryMb + BESIDE_HEAP_MB) this.#end('OUT_OF_MEMORY');
  }

  #watch(): void {
    this.#unanswered += 1;
    if (this.#unanswered > PINGS_UNANSWERED) this.#end('BLOCKED');
    else this.tell({ kind: 'ping' });
  }

  #end(breach: Breach, fault?: string): void {
    if (this.#over) return;
    const { connectorId, log, ended } = this.#options;
    log.error({ connector: connectorId, breach, fault }, `a connector was stopped: ${BREACH_WORDS[breach]}`);
    void this.stop();
    ended(breach);
  }
}

/** What becomes of an operation whose process ended under it. */
export const endedFailure = (breach: Breach, acts: boolean): Failure => ({
  code: 'TIMEOUT',
  message: `The connector was stopped while it worked: ${BREACH_WORDS[breach]}.`,
  ...(acts ? { unknown: true } : {}),
});
