import { randomBytes } from 'node:crypto';
import { type Auth, authInForce } from '../auth/auth.ts';
import type { Connector, Pace } from '../connector.ts';
import type { AuthCtx, ConnectedStore, Ctx } from '../context.ts';
import { CallError } from '../failure.ts';
import { moneyKit } from '../money.ts';
import type { ParsedSettings } from '../settings.ts';
import { timeKit } from '../time.ts';
import { type CallReport, type CredentialSource, createCaller, type GateUse } from './caller.ts';
import { createFetch } from './fetch.ts';
import { addressOf } from './outgoing.ts';
import type { Transport } from './transport.ts';

export interface ContextOptions {
  readonly connector: Connector;
  /** As `parseSettings` gave them, those of the App underneath. */
  readonly settings: ParsedSettings['settings'];
  /** Used by the client only; plugin code gets no way to them but while it logs in. */
  readonly secrets: ParsedSettings['secrets'];
  readonly account?: string;
  readonly location?: string;
  readonly facts?: Readonly<Record<string, string>>;
  /** Of a connection whose platform gives tokens. */
  readonly credentials?: CredentialSource;
  readonly store: (location?: string) => ConnectedStore | undefined;
  readonly transport: Transport;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
  /** For one request; 10 s where left out. */
  readonly deadlineMs?: number;
  /** 10 MB where left out. */
  readonly maxReplyBytes?: number;
  readonly gate?: (use: GateUse) => Promise<void>;
  /** A call that the gate let pass is over, however it ended. */
  readonly onOver?: (use: GateUse) => void;
  readonly onPace?: (paces: readonly Pace[], use: GateUse) => void;
  readonly onCall?: (report: CallReport) => void;
}

const hasValue = ({ settings, secrets }: Pick<ContextOptions, 'settings' | 'secrets'>, name: string): boolean =>
  [secrets, settings as Readonly<Record<string, unknown>>].some((values) => Object.hasOwn(values, name) && values[name] !== undefined);

/** The way in force by these settings; undefined where none of several is set. */
export const authOf = (connector: Connector, given: Pick<ContextOptions, 'settings' | 'secrets'>): Auth | undefined =>
  authInForce(connector.auth, (name) => hasValue(given, name));

function contextBy(options: ContextOptions, auth: Auth | null): { readonly ctx: Ctx; readonly urlOf: AuthCtx['urlOf'] } {
  const { connector, transport, credentials } = options;
  const signal = options.signal ?? new AbortController().signal;
  const facts = { ...options.facts, ...credentials?.current()?.facts };
  const deadlineMs = options.deadlineMs ?? 10_000;
  const maxReplyBytes = options.maxReplyBytes ?? 10_000_000;
  const values = { settings: options.settings, secrets: options.secrets, facts, account: options.account, location: options.location };
  const whole = () => ({ ...values, version: connector.versions[0].id, credential: credentials?.current()?.secrets ?? {} });
  const { gate, onOver, onPace, onCall } = options;
  const shared = { connector, transport, signal, deadlineMs, maxReplyBytes, ...(gate ? { gate } : {}), ...(onOver ? { onOver } : {}) };
  const { tryCall } = createCaller({
    ...shared,
    values,
    auth,
    now: options.now,
    ...(credentials ? { credentials } : {}),
    ...(onPace ? { onPace } : {}),
    ...(onCall ? { onCall } : {}),
  });
  const ctx: Ctx = {
    settings: Object.freeze({ ...options.settings }),
    isSet: (setting) => hasValue(options, setting),
    facts: Object.freeze(facts),
    account: options.account,
    location: options.location,
    locations: Object.freeze(Object.keys(options.settings.locations)),
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
    fetch: createFetch({ ...shared, values: whole }),
    money: moneyKit,
    time: timeKit,
  };
  return { ctx, urlOf: (host, path) => addressOf(connector, { host, path }, whole(), transport).href };
}

/** The `ctx` of one connection for one piece of work. */
export const createCtx = (options: ContextOptions): Ctx =>
  Object.freeze(contextBy(options, authOf(options.connector, options) ?? null).ctx);

/** The `ctx` of a log-in: it sees the secrets, and its calls carry no credential. */
export function createAuthCtx(options: Omit<ContextOptions, 'credentials'>): AuthCtx {
  const { ctx, urlOf } = contextBy(options, null);
  return Object.freeze({ ...ctx, secrets: Object.freeze({ ...options.secrets }), urlOf });
}
