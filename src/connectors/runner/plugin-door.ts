import type { ConnectedStore, Connector, Desk, Failure, Pace } from '@valehub/connector-kit';
import {
  type CallReport,
  type CredentialSource,
  createAuthCtx,
  createCtx,
  type GateUse,
  type Operation,
  type OperationName,
  type Operations,
  type ParsedSettings,
  perform,
  type Ran,
  type Transport,
} from '@valehub/connector-kit/host';
import type { Logger } from 'pino';
import { callPlugin } from './call-plugin.ts';
import { contextOptions } from './context-options.ts';

/** What of a connection an operation sees. Plain data. */
export interface PluginContext {
  readonly settings: ParsedSettings['settings'];
  /** Of the connection, its App and its subscriptions. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly account: string | null;
  readonly facts: Readonly<Record<string, string>>;
  readonly location: string | null;
  /** By the platform's location; the connection's own under the empty name. */
  readonly stores: Readonly<Record<string, ConnectedStore>>;
  /** For one request to the platform; ms. */
  readonly requestMs: number;
}

/** What an operation may ask of the hub while it runs. */
export interface PluginMeans {
  readonly credentials?: CredentialSource;
  readonly gate: (use: GateUse, signal: AbortSignal) => Promise<void>;
  /** A call that it let pass is over. */
  readonly onOver: (use: GateUse) => void;
  readonly onPace: (paces: readonly Pace[], use: GateUse) => void;
  readonly onCall: (report: CallReport) => void;
  readonly desk?: Desk;
}

export interface PluginTask<K extends OperationName> {
  readonly connector: Connector;
  readonly operation: Operation<K>;
  readonly context: PluginContext;
  readonly means: PluginMeans;
  /** For the whole operation; ms. */
  readonly deadlineMs: number;
}

/** Where plugins' code runs, and the only way to it. Never rejects for what a plugin does. */
export interface PluginDoor {
  enter<K extends OperationName>(task: PluginTask<K>): Promise<Ran<Operations[K]['out']>>;
  close(): Promise<void>;
}

export interface DoorOptions {
  readonly transport: Transport;
  readonly now: () => number;
  readonly log: Logger;
  /** A connector had to be stopped: a person has to hear what it did. */
  readonly onBreach: (connectorId: string, what: string) => void;
}

/** Operations that may leave something at the platform when nobody knows how they ended. */
const ACTS: ReadonlySet<OperationName> = new Set(['verb', 'ensure', 'unsubscribe', 'obtain', 'accept', 'answer', 'revoke']);

/** What is called, for the log: `verb rows.append`. */
export const nameOf = (operation: Operation): string =>
  'name' in operation
    ? `${operation.op} ${operation.name}`
    : 'question' in operation
      ? `${operation.op} ${operation.question}`
      : operation.op;

export const acts = (operation: Operation): boolean => ACTS.has(operation.op);

/** Runs plugins in the caller's own thread: for tests, which want to see what a plugin sends. */
export class OwnThreadDoor implements PluginDoor {
  readonly #options: Omit<DoorOptions, 'onBreach'>;

  constructor(options: Omit<DoorOptions, 'onBreach'>) {
    this.#options = options;
  }

  async enter<K extends OperationName>(task: PluginTask<K>): Promise<Ran<Operations[K]['out']>> {
    const { connector, context, means } = task;
    const { transport, now, log } = this.#options;
    const operation = task.operation as Operation;
    const call = { connectorId: connector.id, part: nameOf(operation), deadlineMs: task.deadlineMs, log, acts: acts(operation) };
    const called = await callPlugin(call, (signal) => {
      const options = {
        ...contextOptions(connector, context),
        transport,
        now,
        signal,
        gate: (use: GateUse) => means.gate(use, signal),
        onOver: means.onOver,
        onPace: means.onPace,
        onCall: means.onCall,
      };
      return perform<K>(
        connector,
        {
          ctx: () => createCtx({ ...options, ...(means.credentials ? { credentials: means.credentials } : {}) }),
          authCtx: () => createAuthCtx(options),
          ...(means.desk ? { desk: means.desk } : {}),
        },
        task.operation,
      );
    });
    return 'failed' in called ? failed(called.failed) : called.value;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const failed = (failure: Failure): { readonly ok: false; readonly failure: Failure } => ({ ok: false, failure });
