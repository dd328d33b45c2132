import type { z } from 'zod';
import type { Connector, Pace } from '../connector.ts';
import type { Answer, Call, Reply } from '../context.ts';
import { type Failure, failureOfStatus } from '../failure.ts';
import { JsonError, parseExactJson } from '../json.ts';
import type { Duration } from '../plain.ts';
import { HOST_FAULTS } from './hosts.ts';
import { retryAfter } from './retry-after.ts';
import type { TransportError, TransportReply } from './transport.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD']);

/** Asking twice changes nothing. */
export const isSafe = (method: string): boolean => SAFE_METHODS.has(method);

/** A lost or unreadable answer to what changes something leaves open whether it was done. */
const leftOpen = (method: string): { readonly unknown?: true } => (isSafe(method) ? {} : { unknown: true });

const badReply = (message: string, method: string): Failure => ({ code: 'BAD_REPLY', message, ...leftOpen(method) });

export function failureOfTransport(fault: TransportError, method: string): Failure {
  const open = fault.sent ? leftOpen(method) : {};
  switch (fault.fault) {
    case 'PRIVATE_ADDRESS':
      return { code: 'NOT_SUPPORTED', message: HOST_FAULTS.HOST_PRIVATE };
    case 'ABORTED':
      return { code: 'TIMEOUT', message: 'The platform did not answer in time.', ...open };
    case 'REPLY_TOO_LARGE':
      return badReply('The reply is larger than what is read.', method);
    case 'NOT_REACHED':
      return { code: 'PLATFORM_DOWN', message: 'The platform could not be reached.' };
    case 'LOST':
      return { code: 'PLATFORM_DOWN', message: 'The connection to the platform broke off.', ...open };
  }
}

export interface Judge {
  readonly connector: Connector;
  readonly now: () => number;
  readonly onPace?: (paces: readonly Pace[]) => void;
}

interface Read {
  readonly reply: Reply;
  readonly text: string;
  readonly cookies: Readonly<Record<string, string>>;
  readonly jsonFault?: string;
}

function read(raw: TransportReply, nowMs: number): Read {
  const text = raw.body.toString('utf8');
  const shown = { status: raw.status, headers: raw.headers, text: text.slice(0, 10_000), at: new Date(nowMs).toISOString() };
  const { cookies } = raw;
  try {
    return { reply: { ...shown, body: parseExactJson(text) }, text, cookies };
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    return { reply: { ...shown, body: null }, text, cookies, jsonFault: cause.message };
  }
}

function failureByStatus(status: number, method: string, wait: Duration | undefined): Failure | undefined {
  const code = failureOfStatus(status);
  if (code === undefined) return undefined;
  const isRedirect = status >= 300 && status < 400;
  const message = isRedirect ? 'The platform sends us to another address, which is not followed.' : `The platform answered ${status}.`;
  return { code, message, ...(wait === undefined ? {} : { wait }), ...(code === 'TIMEOUT' ? leftOpen(method) : {}) };
}

function parsed<T extends z.ZodType>(
  call: Call<T>,
  method: string,
  { reply, text, jsonFault, cookies }: Read,
): Answer<z.output<T>> | { readonly failed: Failure } {
  const as = call.read ?? 'json';
  if (as === 'json' && jsonFault !== undefined) return { failed: badReply(`The reply cannot be read. ${jsonFault}`, method) };
  const content = { json: reply.body, text, none: null }[as];
  const result = call.reply.safeParse(content);
  if (result.success) return { value: result.data, status: reply.status, headers: reply.headers, cookies };
  const [issue] = result.error.issues;
  const at = issue?.path.map(String).join('.') || 'its root';
  return { failed: badReply(`The reply is not in the expected form at ${at}: ${issue?.message ?? 'unknown'}.`, method) };
}

/** What a reply means: the connector's own failures first, then the table by status, then its form. */
export function judge<T extends z.ZodType>(
  { connector, now, onPace }: Judge,
  call: Call<T>,
  method: string,
  raw: TransportReply,
): Answer<z.output<T>> | { readonly failed: Failure } {
  const whole = read(raw, now());
  const wait = retryAfter(whole.reply.headers['retry-after'], now());
  const paces = connector.pace?.(whole.reply) ?? [];
  if (paces.length > 0) onPace?.(paces);
  const own = connector.failure?.(whole.reply);
  if (own) return { failed: wait !== undefined && own.wait === undefined ? { ...own, wait } : own };
  const isAnswer = call.redirects === 'answer' && raw.status >= 300 && raw.status < 400;
  const byStatus = isAnswer ? undefined : failureByStatus(raw.status, method, wait);
  return byStatus ? { failed: byStatus } : parsed(call, method, whole);
}
