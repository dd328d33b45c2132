import type { z } from 'zod';
import type { Auth, Credential } from '../auth/auth.ts';
import type { Connector, Pace } from '../connector.ts';
import type { Answer, Call } from '../context.ts';
import { CallError, type Failure } from '../failure.ts';
import { failureOfTransport, isSafe, judge } from './judge.ts';
import { type CallAuth, methodOf, type Outgoing, outgoing } from './outgoing.ts';
import { redactor } from './redact.ts';
import type { TemplateValues } from './template.ts';
import { type Transport, TransportError, type TransportReply } from './transport.ts';

/** What became of a call; holds no address, no query, no body and no secret. */
export interface CallReport {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly status?: number;
  readonly ms: number;
  readonly failure?: Failure;
}

/** The credential of a connection whose platform gives tokens, kept by the host for all who share it. */
export interface CredentialSource {
  /** Null where nobody has logged in yet. */
  current(): Credential | null;
  /** What is in force instead of `stale`: obtained now, or by another process meanwhile. Throws `CallError`. */
  renew(stale: Credential | null): Promise<Credential>;
}

/** One request that wants to go out, as the limits see it. */
export interface GateUse {
  readonly cost: number;
  readonly target?: string;
  readonly location?: string;
}

export interface CallerOptions {
  readonly connector: Connector;
  readonly values: Omit<TemplateValues, 'version' | 'credential'>;
  /** The way in force; null = calls carry no credential, as while logging in. */
  readonly auth: Auth | null;
  readonly credentials?: CredentialSource;
  readonly transport: Transport;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** For one request, from connecting to the reply's last byte. */
  readonly deadlineMs: number;
  readonly maxReplyBytes: number;
  /** Waits until the limits have room; throws `CallError` where that would take too long. */
  readonly gate?: (use: GateUse) => Promise<void>;
  /** A call that the gate let pass is over, however it ended. */
  readonly onOver?: (use: GateUse) => void;
  readonly onPace?: (paces: readonly Pace[], use: GateUse) => void;
  readonly onCall?: (report: CallReport) => void;
}

type Result<T extends z.ZodType> = Answer<z.output<T>> | { readonly failed: Failure };

export interface Caller {
  tryCall<T extends z.ZodType>(call: Call<T>): Promise<Result<T>>;
}

const MAX_REDIRECTS = 3;
const LONGEST_DEADLINE_MS = 120_000;
/** A token that ends this soon is renewed before it is used. */
const NEARLY_OVER_MS = 30_000;

/** Where a redirect may be followed to: for reading, within the same origin. */
function redirectOf(reply: TransportReply, from: URL, method: string): URL | undefined {
  const to = reply.headers['location'];
  if (reply.status < 300 || reply.status > 399 || to === undefined || !isSafe(method) || !URL.canParse(to, from.href)) return undefined;
  const next = new URL(to, from);
  return next.origin === from.origin ? next : undefined;
}

/** The client behind `ctx.call`: one attempt, with the declared address, headers and credential; its failures by the closed table. */
export function createCaller(options: CallerOptions): Caller {
  const { connector, transport, now, auth, credentials } = options;
  const ca = options.values.settings['tlsCa'];
  const callAuth: CallAuth = auth;

  function valuesNow(): TemplateValues {
    const credential = credentials?.current() ?? null;
    return {
      ...options.values,
      facts: { ...options.values.facts, ...credential?.facts },
      version: connector.versions[0].id,
      credential: credential?.secrets ?? {},
    };
  }

  async function exchange(request: Outgoing, deadlineMs: number, maxHops: number): Promise<TransportReply> {
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(deadlineMs)]);
    const common = { ...request, signal, maxReplyBytes: options.maxReplyBytes, ...(typeof ca === 'string' ? { ca } : {}) };
    let { url } = request;
    for (let hops = 0; ; hops += 1) {
      const reply = await transport.send({ ...common, url });
      const next = hops < maxHops ? redirectOf(reply, url, request.method) : undefined;
      if (!next) return reply;
      url = next;
    }
  }

  function failureOf(cause: unknown, method: string): Failure {
    if (cause instanceof TransportError) return failureOfTransport(cause, method);
    if (cause instanceof CallError) return cause.failure;
    throw cause;
  }

  const useOf = (call: Call): GateUse => {
    const location = call.location ?? options.values.location;
    return {
      cost: call.cost ?? 1,
      ...(call.target === undefined ? {} : { target: call.target }),
      ...(location === undefined ? {} : { location }),
    };
  };

  async function once<T extends z.ZodType>(call: Call<T>): Promise<{ readonly result: Result<T>; readonly status?: number }> {
    const use = useOf(call);
    let isLetPass = false;
    try {
      await options.gate?.(use);
      isLetPass = true;
      const deadlineMs = Math.min(call.deadlineMs ?? options.deadlineMs, LONGEST_DEADLINE_MS);
      const maxHops = call.redirects === 'answer' ? 0 : MAX_REDIRECTS;
      const raw = await exchange(outgoing(connector, call, callAuth, valuesNow(), transport, now()), deadlineMs, maxHops);
      const onPace = options.onPace;
      const judged = { connector, now, ...(onPace ? { onPace: (paces: readonly Pace[]) => onPace(paces, use) } : {}) };
      return { result: judge(judged, call, methodOf(call), raw), status: raw.status };
    } catch (cause) {
      return { result: { failed: failureOf(cause, methodOf(call)) } };
    } finally {
      if (isLetPass) options.onOver?.(use);
    }
  }

  const isNearlyOver = ({ expiresAt }: Credential): boolean => expiresAt !== undefined && Date.parse(expiresAt) - now() < NEARLY_OVER_MS;

  /** With a credential that is still good; after a 401 it is renewed once and the call made once more. */
  async function attempt<T extends z.ZodType>(call: Call<T>): Promise<{ readonly result: Result<T>; readonly status?: number }> {
    if (auth?.by !== 'token' || (call.as ?? 'connection') !== 'connection' || credentials === undefined) return once(call);
    try {
      const have = credentials.current();
      if (have === null || isNearlyOver(have)) await credentials.renew(have);
    } catch (cause) {
      return { result: { failed: failureOf(cause, 'GET') } };
    }
    const used = credentials.current();
    const first = await once(call);
    if (!('failed' in first.result) || first.result.failed.code !== 'BAD_CREDENTIALS' || first.status === undefined) return first;
    try {
      await credentials.renew(used);
    } catch (cause) {
      return { ...first, result: { failed: failureOf(cause, 'GET') } };
    }
    return once(call);
  }

  return {
    async tryCall(call) {
      const begun = now();
      const { result, status } = await attempt(call);
      const values = valuesNow();
      const redact = redactor({ ...values.secrets, ...values.credential });
      const told = 'failed' in result ? { failed: cleaned(result.failed, redact) } : result;
      options.onCall?.({
        host: call.host ?? 'api',
        method: methodOf(call),
        path: redact(pathOf(call.path)),
        ms: now() - begun,
        ...(status === undefined ? {} : { status }),
        ...('failed' in told ? { failure: told.failed } : {}),
      });
      return told;
    },
  };
}

/** Without query. Of a link nothing: it may be all that is needed to do what it is for. */
const pathOf = (path: string): string => (/^https?:/i.test(path) ? '(a link)' : (path.split('?', 1)[0] ?? ''));

const cleaned = (failure: Failure, redact: (text: string) => string): Failure => ({
  ...failure,
  message: redact(failure.message).slice(0, 1000),
  ...(failure.path === undefined ? {} : { path: redact(failure.path).slice(0, 255) }),
  ...(failure.reference === undefined ? {} : { reference: redact(failure.reference).slice(0, 255) }),
});
