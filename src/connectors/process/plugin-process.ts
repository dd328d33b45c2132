// Runs one connector, and nothing else of the hub, in a process of its own (process-door.ts). Only plain data goes in and out.
import { Worker } from 'node:worker_threads';
import { CallError, type Connector, type Credential, type Desk, type Failure } from '@valehub/connector-kit';
import {
  type CredentialSource,
  createAuthCtx,
  createCtx,
  createTransport,
  type GateUse,
  perform,
  type Ran,
  type Transport,
} from '@valehub/connector-kit/host';
import { contextOptions } from '../runner/context-options.ts';
import { type Asked, type FromProcess, LARGEST_RESULT, type ToProcess } from './process-messages.ts';

type Entered = Extract<ToProcess, { readonly kind: 'enter' }>;
type Waiting = { readonly resolve: (value: unknown) => void; readonly reject: (fault: CallError) => void };

const [, , specifier = '', leave = '', parent = ''] = process.argv;
const MB = 1024 * 1024;

const tell = (message: FromProcess): void => {
  process.send?.(message);
};

/**
 * A hub that is killed leaves nobody to end a connector that is stuck: a second thread watches for that, which no code of the connector can
 * keep busy.
 */
const WATCHDOG = `
  const { workerData } = require('node:worker_threads');
  setInterval(() => { if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL'); }, 1000);
`;
new Worker(WATCHDOG, { eval: true, workerData: Number(parent), env: {} }).unref();
process.on('disconnect', () => process.exit());

const waiting = new Map<number, Waiting>();
const running = new Map<number, AbortController>();
let asks = 0;

function ask(id: number, asked: Asked): Promise<unknown> {
  asks += 1;
  const number = asks;
  return new Promise((resolve, reject) => {
    waiting.set(number, { resolve, reject });
    tell({ kind: 'ask', id, ask: number, asked });
  });
}

function credentialsOf({ id, credential }: Entered): CredentialSource | undefined {
  if (credential === null) return undefined;
  let have = credential.have;
  return {
    current: () => have,
    async renew(stale) {
      have = (await ask(id, { what: 'renew', stale })) as Credential;
      return have;
    },
  };
}

function deskOf(id: number): Desk {
  const verb = (name: keyof Desk) => (input: unknown) => ask(id, { what: 'desk', verb: name, input }) as Promise<never>;
  return { validate: verb('validate'), hold: verb('hold'), redeem: verb('redeem'), reverse: verb('reverse') };
}

async function carryOut(connector: Connector, transport: Transport, entered: Entered): Promise<Ran<unknown>> {
  const { id, context, operation, nowMs } = entered;
  const giveUp = new AbortController();
  running.set(id, giveUp);
  const begun = performance.now();
  const credentials = credentialsOf(entered);
  const options = {
    ...contextOptions(connector, context),
    transport,
    now: () => nowMs + Math.round(performance.now() - begun),
    signal: giveUp.signal,
    gate: async (use: GateUse) => {
      await ask(id, { what: 'gate', use });
    },
    onOver: (use: GateUse) => tell({ kind: 'over', id, use }),
    onPace: (paces: Extract<FromProcess, { kind: 'pace' }>['paces'], use: GateUse) => tell({ kind: 'pace', id, paces, use }),
    onCall: (report: Extract<FromProcess, { kind: 'call' }>['report']) => tell({ kind: 'call', id, report }),
  };
  try {
    const ran = await perform(
      connector,
      {
        ctx: () => createCtx({ ...options, ...(credentials ? { credentials } : {}) }),
        authCtx: () => createAuthCtx(options),
        ...(entered.withDesk ? { desk: deskOf(id) } : {}),
      },
      operation,
    );
    return withinBounds(ran);
  } finally {
    running.delete(id);
  }
}

/** Through JSON, so that nothing but data leaves, and not more than the hub can hold. */
function withinBounds(ran: Ran<unknown>): Ran<unknown> {
  const text = JSON.stringify(ran) ?? '';
  if (text.length > LARGEST_RESULT)
    return { ok: false, failure: authorsFault(`The connector gave more than ${LARGEST_RESULT} characters at once.`) };
  return JSON.parse(text) as Ran<unknown>;
}

const authorsFault = (message: string): Failure => ({ code: 'BAD_REPLY', message });

function hear(connector: Connector, transport: Transport, message: ToProcess): void {
  switch (message.kind) {
    case 'enter':
      carryOut(connector, transport, message).then(
        (ran) => tell({ kind: 'done', id: message.id, ran }),
        // Of a fault in foreign code only the kind is told: its text may hold what was being worked on.
        (fault: unknown) =>
          tell({
            kind: 'done',
            id: message.id,
            ran: { ok: false, failure: authorsFault(`The connector broke (${fault instanceof Error ? fault.name : typeof fault}).`) },
          }),
      );
      return;
    case 'abort':
      running.get(message.id)?.abort();
      return;
    case 'answer': {
      const waits = waiting.get(message.ask);
      waiting.delete(message.ask);
      if (message.ok) waits?.resolve(message.value);
      else waits?.reject(new CallError(message.failure));
      return;
    }
    case 'ping':
      tell({ kind: 'pong', residentMb: Math.round(process.memoryUsage.rss() / MB) });
  }
}

try {
  const module = (await import(specifier)) as { readonly default?: Connector };
  if (module.default === undefined) throw new TypeError('It has no default export.');
  const connector = module.default;
  const transport = createTransport({ allowPrivateHosts: leave === 'private-hosts' });
  process.on('message', (message: ToProcess) => hear(connector, transport, message));
  tell({ kind: 'ready' });
} catch (fault) {
  tell({ kind: 'unusable', why: fault instanceof Error ? fault.name : typeof fault });
}
