import {
  type Call,
  CallError,
  durationOf,
  type Failure,
  failureOfStatus,
  type Identity,
  type Pace,
  type Reply,
  withoutAddresses,
  type z,
} from '@valehub/connector-kit';
import { errors, scopes } from './schemas.ts';
import type { SendGridCtx } from './settings.ts';

/** SendGrid counts by endpoint, and its replies tell of the one that was called. */
export type Counted = 'mail' | 'contacts' | 'account';

/** One call, counted with its like. */
export const ask = <T extends z.ZodType>(ctx: SendGridCtx, target: Counted, call: Call<T>) => ctx.tryCall({ ...call, target });

/** The same, where a failure ends the work. */
export const demand = <T extends z.ZodType>(ctx: SendGridCtx, target: Counted, call: Call<T>) => ctx.call({ ...call, target });

const resetMs = (reply: Reply): number | undefined => {
  const reset = reply.headers['x-ratelimit-reset'];
  return reset !== undefined && /^\d{9,11}$/.test(reset) ? Number(reset) * 1000 : undefined;
};

/** SendGrid tells when its window turns in seconds since 1970, not in `Retry-After`. */
export function failure(reply: Reply): Failure | undefined {
  const code = failureOfStatus(reply.status);
  if (code === undefined) return undefined;
  const told = errors.safeParse(reply.body);
  const first = told.success ? told.data.errors[0] : undefined;
  const reset = code === 'RATE_LIMITED' ? resetMs(reply) : undefined;
  if (!first && reset === undefined) return undefined;
  return {
    code,
    message: withoutAddresses(`SendGrid answered ${reply.status}${first ? `: ${first.message}` : ''}`),
    ...(first?.field ? { path: first.field } : {}),
    ...(told.success && told.data.id ? { reference: told.data.id } : {}),
    ...(reset === undefined ? {} : { wait: durationOf(reset - Date.parse(reply.at)) }),
    ...(code === 'TIMEOUT' ? { unknown: true } : {}),
  };
}

export function pace(reply: Reply): readonly Pace[] {
  const remaining = reply.headers['x-ratelimit-remaining'];
  const reset = resetMs(reply);
  if (remaining === undefined || !/^\d{1,9}$/.test(remaining) || reset === undefined) return [];
  return [{ limit: 'requests', remaining: Number(remaining), restoresAt: new Date(reset).toISOString() }];
}

/** What the key may do; undefined where nobody says. A relay in front of SendGrid may know no other call than sending: that says nothing against the key. */
export async function scopesOf(ctx: SendGridCtx): Promise<readonly string[] | undefined> {
  const answer = await ask(ctx, 'account', { path: '/v3/scopes', reply: scopes });
  if (!('failed' in answer)) return answer.value.scopes;
  if (answer.failed.code === 'NOT_FOUND' || answer.failed.code === 'BAD_REPLY') return undefined;
  throw new CallError(answer.failed);
}

/** Asks what the key may do. SendGrid tells no account to a key that may only send, so the sender stands for it. */
export async function identify(ctx: SendGridCtx): Promise<Identity> {
  const { fromEmail, fromName } = ctx.settings;
  const identity = { account: fromEmail, name: fromName ?? fromEmail };
  const granted = await scopesOf(ctx);
  if (granted && !granted.includes('mail.send'))
    throw new CallError({ code: 'FORBIDDEN_SCOPE', message: 'The API key lacks the permission Mail Send.' });
  return granted ? { ...identity, scopes: granted } : identity;
}
