import { randomBytes } from 'node:crypto';
import type { Connector, Pace } from '../connector.ts';
import type { ConnectedStore, Ctx } from '../context.ts';
import { CallError } from '../failure.ts';
import { moneyKit } from '../money.ts';
import type { ParsedSettings } from '../settings.ts';
import { timeKit } from '../time.ts';
import { type CallReport, createCaller } from './caller.ts';
import type { Transport } from './transport.ts';

export interface ContextOptions {
  readonly connector: Connector;
  /** As `parseSettings` gave them. */
  readonly settings: ParsedSettings['settings'];
  /** Used by the client only; plugin code gets no way to them. */
  readonly secrets: ParsedSettings['secrets'];
  readonly account?: string;
  readonly facts?: Readonly<Record<string, string>>;
  readonly store: (location?: string) => ConnectedStore | undefined;
  readonly transport: Transport;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
  /** For one request; 10 s where left out. */
  readonly deadlineMs?: number;
  /** 10 MB where left out. */
  readonly maxReplyBytes?: number;
  readonly gate?: (use: { readonly cost: number; readonly target?: string }) => Promise<void>;
  readonly onPace?: (paces: readonly Pace[]) => void;
  readonly onCall?: (report: CallReport) => void;
}

/** The `ctx` of one connection for one piece of work. */
export function createCtx(options: ContextOptions): Ctx {
  const signal = options.signal ?? new AbortController().signal;
  const facts = options.facts ?? {};
  const { tryCall } = createCaller({
    connector: options.connector,
    values: { settings: options.settings, secrets: options.secrets, facts },
    transport: options.transport,
    signal,
    now: options.now,
    deadlineMs: options.deadlineMs ?? 10_000,
    maxReplyBytes: options.maxReplyBytes ?? 10_000_000,
    ...(options.gate ? { gate: options.gate } : {}),
    ...(options.onPace ? { onPace: options.onPace } : {}),
    ...(options.onCall ? { onCall: options.onCall } : {}),
  });
  return Object.freeze<Ctx>({
    settings: Object.freeze({ ...options.settings }),
    facts: Object.freeze({ ...facts }),
    account: options.account,
    signal,
    now: () => new Date(options.now()).toISOString(),
    random: (bytes) => randomBytes(bytes).toString('hex'),
    async call(call) {
      const answer = await tryCall(call);
      if ('failed' in answer) throw new CallError(answer.failed);
      return answer.value;
    },
    tryCall,
    store: options.store,
    money: moneyKit,
    time: timeKit,
  });
}
