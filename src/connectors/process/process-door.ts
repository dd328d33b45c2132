import { CallError, type Credential, durationOf, type Failure } from '@valehub/connector-kit';
import type { Operation, OperationName, Operations, Ran } from '@valehub/connector-kit/host';
import type { Logger } from 'pino';
import { acts, nameOf, type PluginDoor, type PluginTask } from '../runner/plugin-door.ts';
import { BREACH_WORDS, type Breach, endedFailure, PluginChild } from './child.ts';
import type { Asked, FromProcess } from './process-messages.ts';

export interface ProcessDoorOptions {
  /** The package of a connector. */
  readonly specifierOf: (connectorId: string) => string;
  readonly allowPrivateHosts: boolean;
  readonly memoryMb: number;
  readonly now: () => number;
  readonly log: Logger;
  /** A person has to hear of it: what the connector did, and until when it is left alone. */
  readonly onBreach: (connectorId: string, what: string) => void;
}

interface Pending {
  readonly task: PluginTask<OperationName>;
  readonly signal: AbortController;
  settle(ran: Ran<unknown>): void;
}

interface Housed {
  readonly child: PluginChild;
  readonly pending: Map<number, Pending>;
  lastUsed: number;
}

/** After a breach a connector is left alone: longer each time, until it has behaved for a while. */
const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 10 * 60_000;
const FORGIVEN_AFTER_MS = 10 * 60_000;
const IDLE_MS = 5 * 60_000;
/** An operation that does not end when it is told to gets this long before it is given up. */
const GRACE_MS = 2_000;

interface Rest {
  readonly untilMs: number;
  readonly count: number;
  readonly sinceMs: number;
}

/**
 * Runs each connector in a process of its own, with bounded memory and a deadline for each operation. Whatever it does there (throws,
 * loops, leaks, floods) ends with its process: what was under way is tried again by the usual rules, the connector rests, a person is told.
 */
export class ProcessDoor implements PluginDoor {
  readonly #options: ProcessDoorOptions;
  readonly #children = new Map<string, Housed>();
  readonly #rests = new Map<string, Rest>();
  readonly #tidy: NodeJS.Timeout;
  #ids = 0;

  constructor(options: ProcessDoorOptions) {
    this.#options = options;
    this.#tidy = setInterval(() => this.#endIdle(), IDLE_MS / 5);
    this.#tidy.unref();
  }

  async enter<K extends OperationName>(task: PluginTask<K>): Promise<Ran<Operations[K]['out']>> {
    const { connector } = task;
    const rest = this.#rests.get(connector.id);
    const nowMs = this.#options.now();
    if (rest !== undefined && rest.untilMs > nowMs) return { ok: false, failure: resting(rest.untilMs - nowMs) };
    const housed = this.#children.get(connector.id) ?? this.#start(connector.id);
    housed.lastUsed = nowMs;
    const ran = await this.#carryOut(housed, task as unknown as PluginTask<OperationName>);
    return ran as Ran<Operations[K]['out']>;
  }

  async close(): Promise<void> {
    clearInterval(this.#tidy);
    const all = [...this.#children.values()];
    this.#children.clear();
    await Promise.all(all.map(({ child }) => child.stop()));
    for (const { pending } of all)
      for (const { task, settle } of pending.values()) settle({ ok: false, failure: endedFailure('EXITED', acts(task.operation)) });
  }

  #carryOut({ child, pending }: Housed, task: PluginTask<OperationName>): Promise<Ran<unknown>> {
    this.#ids += 1;
    const id = this.#ids;
    const signal = new AbortController();
    return new Promise((resolve) => {
      let grace: NodeJS.Timeout | undefined;
      const deadline = setTimeout(() => {
        signal.abort();
        child.tell({ kind: 'abort', id });
        grace = setTimeout(() => {
          settle({ ok: false, failure: late(task) });
          child.endIfBlocked();
        }, GRACE_MS);
      }, task.deadlineMs);
      const settle = (ran: Ran<unknown>): void => {
        clearTimeout(deadline);
        clearTimeout(grace);
        signal.abort();
        pending.delete(id);
        resolve(ran);
      };
      pending.set(id, { task, signal, settle });
      child.tell({
        kind: 'enter',
        id,
        operation: task.operation as Operation,
        context: task.context,
        credential: task.means.credentials === undefined ? null : { have: task.means.credentials.current() },
        withDesk: task.means.desk !== undefined,
        nowMs: this.#options.now(),
      });
    });
  }

  #start(connectorId: string): Housed {
    const { specifierOf, allowPrivateHosts, memoryMb, log, now } = this.#options;
    const pending = new Map<number, Pending>();
    const child = new PluginChild({
      connectorId,
      specifier: specifierOf(connectorId),
      allowPrivateHosts,
      memoryMb,
      log,
      hear: (message) => this.#hear(child, pending, message),
      ended: (breach) => this.#breached(connectorId, pending, breach),
    });
    const housed = { child, pending, lastUsed: now() };
    this.#children.set(connectorId, housed);
    return housed;
  }

  #hear(child: PluginChild, pending: ReadonlyMap<number, Pending>, message: FromProcess): void {
    if (!('id' in message)) return;
    const entered = pending.get(message.id);
    // The hub has given it up already.
    if (entered === undefined) return;
    const { means } = entered.task;
    switch (message.kind) {
      case 'done':
        entered.settle(message.ran);
        return;
      case 'over':
        means.onOver(message.use);
        return;
      case 'pace':
        means.onPace(message.paces, message.use);
        return;
      case 'call':
        means.onCall(message.report);
        return;
      case 'ask':
        asked(entered, message.asked).then(
          (value) => child.tell({ kind: 'answer', ask: message.ask, ok: true, value }),
          (fault: unknown) =>
            child.tell({ kind: 'answer', ask: message.ask, ok: false, failure: this.#failureOf(fault, entered, message.asked) }),
        );
    }
  }

  #failureOf(fault: unknown, { task, signal }: Pending, { what }: Asked): Failure {
    if (fault instanceof CallError) return fault.failure;
    if (signal.signal.aborted) return late(task);
    this.#options.log.error(
      { err: fault, connector: task.connector.id, operation: nameOf(task.operation), asked: what },
      'the hub could not do what a connector asked for',
    );
    return { code: 'PLATFORM_DOWN', message: 'The hub itself could not do what the connector asked for.' };
  }

  #breached(connectorId: string, pending: Map<number, Pending>, breach: Breach): void {
    this.#children.delete(connectorId);
    const nowMs = this.#options.now();
    const before = this.#rests.get(connectorId);
    const count = before !== undefined && nowMs - before.sinceMs < FORGIVEN_AFTER_MS ? before.count + 1 : 1;
    const restMs = Math.min(FIRST_REST_MS * 2 ** (count - 1), LONGEST_REST_MS);
    this.#rests.set(connectorId, { untilMs: nowMs + restMs, count, sinceMs: nowMs });
    const operations = [...new Set([...pending.values()].map(({ task }) => nameOf(task.operation)))];
    const during = operations.length === 0 ? '' : ` It was at ${operations.join(', ')}.`;
    this.#options.onBreach(
      connectorId,
      `The connector was stopped: ${BREACH_WORDS[breach]}.${during} It is tried again in ${Math.ceil(restMs / 1_000)} s.`,
    );
    for (const { task, settle } of [...pending.values()]) settle({ ok: false, failure: endedFailure(breach, acts(task.operation)) });
  }

  /** A process costs some tens of megabytes; one that nobody used for a while is ended and started anew when it is wanted. */
  #endIdle(): void {
    const nowMs = this.#options.now();
    for (const [id, { child, pending, lastUsed }] of this.#children) {
      if (pending.size > 0 || nowMs - lastUsed < IDLE_MS) continue;
      this.#children.delete(id);
      child.stop().catch((fault: unknown) => this.#options.log.error({ err: fault, connector: id }, 'a connector could not be ended'));
    }
  }
}

const late = ({ operation, deadlineMs }: PluginTask<OperationName>): Failure => ({
  code: 'TIMEOUT',
  message: `The connector did not finish ${nameOf(operation)} in ${deadlineMs / 1_000} s.`,
  ...(acts(operation) ? { unknown: true } : {}),
});

/** Waits, and counts as no attempt: whoever else has work for the connector is not to blame. */
const resting = (ms: number): Failure => ({
  code: 'RATE_LIMITED',
  message: 'The connector had to be stopped and is left alone for a while.',
  wait: durationOf(ms),
});

async function asked({ task: { means }, signal }: Pending, question: Asked): Promise<unknown> {
  switch (question.what) {
    case 'gate':
      return means.gate(question.use, signal.signal);
    case 'renew':
      return means.credentials?.renew(question.stale) satisfies Promise<Credential> | undefined;
    case 'desk': {
      if (means.desk === undefined) throw new CallError({ code: 'NOT_SUPPORTED', message: 'Only a question has a desk.' });
      const verb = means.desk[question.verb] as (input: unknown) => Promise<unknown>;
      return verb.call(means.desk, question.input);
    }
  }
}
