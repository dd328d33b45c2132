import type { z } from 'zod';
import type { Connector, Pace } from '../connector.ts';
import type { Answer, Call } from '../context.ts';
import { CallError, type Failure } from '../failure.ts';
import { failureOfTransport, isSafe, judge } from './judge.ts';
import { methodOf, type Outgoing, outgoing } from './outgoing.ts';
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

export interface CallerOptions {
  readonly connector: Connector;
  readonly values: Omit<TemplateValues, 'version'>;
  readonly transport: Transport;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** For one request, from connecting to the reply's last byte. */
  readonly deadlineMs: number;
  readonly maxReplyBytes: number;
  /** Waits until the limits have room; throws `CallError` where that would take too long. */
  readonly gate?: (use: { readonly cost: number; readonly target?: string }) => Promise<void>;
  readonly onPace?: (paces: readonly Pace[]) => void;
  readonly onCall?: (report: CallReport) => void;
}

type Result<T extends z.ZodType> = Answer<z.output<T>> | { readonly failed: Failure };

export interface Caller {
  tryCall<T extends z.ZodType>(call: Call<T>): Promise<Result<T>>;
}

const MAX_REDIRECTS = 3;

/** Where a redirect may be followed to: for reading, within the same origin. */
function redirectOf(reply: TransportReply, from: URL, method: string): URL | undefined {
  const to = reply.headers['location'];
  if (reply.status < 300 || reply.status > 399 || to === undefined || !isSafe(method) || !URL.canParse(to, from.href)) return undefined;
  const next = new URL(to, from);
  return next.origin === from.origin ? next : undefined;
}

/** The client behind `ctx.call`: one attempt, with the declared address, headers and credential; its failures by the closed table. */
export function createCaller(options: CallerOptions): Caller {
  const { connector, transport, now } = options;
  const values: TemplateValues = { ...options.values, version: connector.versions[0].id };
  const redact = redactor(values.secrets);
  const ca = values.settings['tlsCa'];
  const clean = (failure: Failure): Failure => ({
    ...failure,
    message: redact(failure.message).slice(0, 1000),
    ...(failure.path === undefined ? {} : { path: redact(failure.path).slice(0, 255) }),
    ...(failure.reference === undefined ? {} : { reference: redact(failure.reference).slice(0, 255) }),
  });

  async function exchange(request: Outgoing): Promise<TransportReply> {
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.deadlineMs)]);
    const common = { ...request, signal, maxReplyBytes: options.maxReplyBytes, ...(typeof ca === 'string' ? { ca } : {}) };
    let { url } = request;
    for (let hops = 0; ; hops += 1) {
      const reply = await transport.send({ ...common, url });
      const next = hops < MAX_REDIRECTS ? redirectOf(reply, url, request.method) : undefined;
      if (!next) return reply;
      url = next;
    }
  }

  function failureOf(cause: unknown, method: string): Failure {
    if (cause instanceof TransportError) return failureOfTransport(cause, method);
    if (cause instanceof CallError) return cause.failure;
    throw cause;
  }

  async function attempt<T extends z.ZodType>(call: Call<T>): Promise<{ readonly result: Result<T>; readonly status?: number }> {
    try {
      await options.gate?.({ cost: call.cost ?? 1, ...(call.target === undefined ? {} : { target: call.target }) });
      const raw = await exchange(outgoing(connector, call, values, transport));
      return { result: judge(options, call, methodOf(call), raw), status: raw.status };
    } catch (cause) {
      return { result: { failed: failureOf(cause, methodOf(call)) } };
    }
  }

  return {
    async tryCall(call) {
      const begun = now();
      const { result, status } = await attempt(call);
      const told = 'failed' in result ? { failed: clean(result.failed) } : result;
      options.onCall?.({
        host: call.host ?? 'api',
        method: methodOf(call),
        path: redact(call.path.split('?', 1)[0] ?? ''),
        ms: now() - begun,
        ...(status === undefined ? {} : { status }),
        ...('failed' in told ? { failure: told.failed } : {}),
      });
      return told;
    },
  };
}
