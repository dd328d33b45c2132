import type { z } from 'zod';
import type { Connector, Pace } from '../connector.ts';
import type { Answer, Call, Reply } from '../context.ts';
import { CallError, type Failure, failureOfStatus } from '../failure.ts';
import { JsonError, parseExactJson } from '../json.ts';
import type { Plain } from '../plain.ts';
import { HOST_FAULTS, resolveHost } from './hosts.ts';
import { redactor } from './redact.ts';
import { retryAfter } from './retry-after.ts';
import { fillTemplate, type TemplateValues } from './template.ts';
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

export interface Caller {
  tryCall<T extends z.ZodType>(call: Call<T>): Promise<Answer<z.output<T>> | { readonly failed: Failure }>;
}

const MAX_REDIRECTS = 3;
const SAFE_METHODS = new Set(['GET', 'HEAD']);

/** Failures of reading: at 2xx the platform may have done what was asked. */
const badReply = (message: string, method: string): Failure => ({
  code: 'BAD_REPLY',
  message,
  ...(SAFE_METHODS.has(method) ? {} : { unknown: true }),
});

function failureOfTransport(fault: TransportError, method: string): Failure {
  const unknown = fault.sent && !SAFE_METHODS.has(method) ? { unknown: true } : {};
  switch (fault.fault) {
    case 'PRIVATE_ADDRESS':
      return { code: 'NOT_SUPPORTED', message: HOST_FAULTS.HOST_PRIVATE };
    case 'ABORTED':
      return { code: 'TIMEOUT', message: 'The platform did not answer in time.', ...unknown };
    case 'REPLY_TOO_LARGE':
      return badReply('The reply is larger than what is read.', method);
    case 'NOT_REACHED':
      return { code: 'PLATFORM_DOWN', message: 'The platform could not be reached.' };
    case 'LOST':
      return { code: 'PLATFORM_DOWN', message: 'The connection to the platform broke off.', ...unknown };
  }
}

function bodyOf(call: Call): { readonly bytes?: Uint8Array; readonly type?: string } {
  if (call.json !== undefined) return { bytes: Buffer.from(JSON.stringify(call.json)), type: 'application/json' };
  if (call.form !== undefined) return { bytes: Buffer.from(new URLSearchParams(call.form).toString()), type: 'application/x-www-form-urlencoded' };
  return {};
}

function replyOf(raw: TransportReply, at: string): { readonly reply: Reply; readonly text: string; readonly jsonFault?: string } {
  const text = raw.body.toString('utf8');
  const shown = { status: raw.status, headers: raw.headers, text: text.slice(0, 10_000), at };
  try {
    return { reply: { ...shown, body: parseExactJson(text) }, text };
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    return { reply: { ...shown, body: null }, text, jsonFault: cause.message };
  }
}

/** The client behind `ctx.call`: one attempt, with the declared address, headers and credential; its failures by the closed table. */
export function createCaller(options: CallerOptions): Caller {
  const { connector, transport, now } = options;
  const values: TemplateValues = { ...options.values, version: connector.versions[0].id };
  const redact = redactor(values.secrets);
  const clean = (failure: Failure): Failure => ({
    ...failure,
    message: redact(failure.message).slice(0, 1000),
    ...(failure.path === undefined ? {} : { path: redact(failure.path).slice(0, 255) }),
    ...(failure.reference === undefined ? {} : { reference: redact(failure.reference).slice(0, 255) }),
  });

  function fill(templates: Readonly<Record<string, string>> | undefined): Record<string, string> {
    return Object.fromEntries(Object.entries(templates ?? {}).flatMap(([name, template]) => {
      const value = fillTemplate(template, values);
      return value === undefined ? [] : [[name.toLowerCase(), value]];
    }));
  }

  function credential(templates: Readonly<Record<string, string>> | undefined): Record<string, string> {
    const filled = fill(templates);
    if (Object.keys(filled).length === Object.keys(templates ?? {}).length) return filled;
    throw new CallError({ code: 'BAD_CREDENTIALS', message: 'The credential has not been entered.' });
  }

  function addressOf(call: Call): URL {
    const host = resolveHost(connector, call.host ?? 'api', values, transport);
    if (!host.ok) throw new CallError({ code: host.fault === 'HOST_UNKNOWN' ? 'NOT_SUPPORTED' : 'BAD_CREDENTIALS', message: HOST_FAULTS[host.fault] });
    if (call.path !== '' && !/^\/(?!\/)/.test(call.path)) throw new CallError({ code: 'NOT_SUPPORTED', message: 'A path begins with one slash.' });
    const url = new URL(host.base);
    const [pathname = '', search = ''] = call.path.split('?', 2);
    if (pathname !== '') url.pathname = `${url.pathname.replace(/\/+$/, '')}${pathname}`;
    for (const [name, value] of new URLSearchParams(search)) url.searchParams.append(name, value);
    for (const [name, value] of Object.entries({ ...call.query, ...credential(connector.auth.place.query) })) url.searchParams.set(name, value);
    return url;
  }

  async function exchange(call: Call, method: string): Promise<TransportReply> {
    const body = bodyOf(call);
    const own = Object.fromEntries(Object.entries(call.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
    const headers = {
      accept: call.as === 'text' ? '*/*' : 'application/json',
      'accept-encoding': 'identity',
      'user-agent': `Valehub (${connector.id})`,
      ...fill(connector.headers),
      ...own,
      ...(body.type === undefined ? {} : { 'content-type': own['content-type'] ?? body.type }),
      ...(body.bytes === undefined ? {} : { 'content-length': String(body.bytes.length) }),
      ...credential(connector.auth.place.headers),
    };
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.deadlineMs)]);
    const ca = values.settings['tlsCa'];
    let url = addressOf(call);
    for (let hops = 0; ; hops += 1) {
      const reply = await transport.send({
        method, url, headers, signal, maxReplyBytes: options.maxReplyBytes,
        ...(body.bytes === undefined ? {} : { body: body.bytes }),
        ...(typeof ca === 'string' ? { ca } : {}),
      });
      const to = reply.headers['location'];
      if (reply.status < 300 || reply.status > 399 || to === undefined || !SAFE_METHODS.has(method) || hops === MAX_REDIRECTS) return reply;
      const next = URL.canParse(to, url.href) ? new URL(to, url) : undefined;
      if (next?.origin !== url.origin) return reply;
      url = next;
    }
  }

  function judge<T extends z.ZodType>(call: Call<T>, method: string, raw: TransportReply): Answer<z.output<T>> | { readonly failed: Failure } {
    const { reply, text, jsonFault } = replyOf(raw, new Date(now()).toISOString());
    const wait = retryAfter(reply.headers['retry-after'], now());
    const told = connector.pace?.(reply) ?? [];
    if (told.length > 0) options.onPace?.(told);
    const own = connector.failure?.(reply);
    if (own) return { failed: clean(wait !== undefined && own.wait === undefined ? { ...own, wait } : own) };
    const code = failureOfStatus(raw.status);
    if (code !== undefined) {
      const redirected = raw.status >= 300 && raw.status < 400 ? 'The platform sends us to another address, which is not followed.' : `The platform answered ${raw.status}.`;
      const unknown = code === 'TIMEOUT' && !SAFE_METHODS.has(method) ? { unknown: true } : {};
      return { failed: { code, message: redirected, ...(wait === undefined ? {} : { wait }), ...unknown } };
    }
    if ((call.as ?? 'json') === 'json' && jsonFault !== undefined) return { failed: badReply(`The reply cannot be read. ${jsonFault}`, method) };
    const content: Plain = call.as === 'none' ? null : call.as === 'text' ? text : reply.body;
    const parsed = call.reply.safeParse(content);
    if (parsed.success) return { value: parsed.data, status: raw.status, headers: raw.headers };
    const first = parsed.error.issues[0];
    return { failed: badReply(redact(`The reply is not in the expected form at ${first?.path.map(String).join('.') || 'its root'}: ${first?.message ?? 'unknown'}.`), method) };
  }

  return {
    async tryCall(call) {
      const method = call.method ?? (call.json === undefined && call.form === undefined ? 'GET' : 'POST');
      const begun = now();
      let status: number | undefined;
      let result: Answer<z.output<typeof call.reply>> | { readonly failed: Failure };
      try {
        await options.gate?.({ cost: call.cost ?? 1, ...(call.target === undefined ? {} : { target: call.target }) });
        const raw = await exchange(call, method);
        status = raw.status;
        result = judge(call, method, raw);
      } catch (cause) {
        if (cause instanceof TransportError) result = { failed: failureOfTransport(cause, method) };
        else if (cause instanceof CallError) result = { failed: clean(cause.failure) };
        else throw cause;
      }
      options.onCall?.({
        host: call.host ?? 'api', method, path: redact(call.path.split('?', 1)[0] ?? ''), ms: now() - begun,
        ...(status === undefined ? {} : { status }),
        ...('failed' in result ? { failure: result.failed } : {}),
      });
      return result;
    },
  };
}
