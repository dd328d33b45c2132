import { CallError, type Failure, failureOfStatus, path, type Reply, type TimeWindow, z } from '@valehub/connector-kit';
import * as schemas from './schemas.ts';
import type { SquareCtx } from './settings.ts';

export const VERSION = '2026-05-20';

/** A stale version is answered with 400 by some calls and 409 by others. */
const BY_WORD: Readonly<Record<string, Failure['code']>> = { VERSION_MISMATCH: 'CONFLICT', INVALID_CURSOR: 'CURSOR_LOST' };

/** Square tells code, field and detail beside the status; the codes of the table by status hold. */
export function failure(reply: Reply): Failure | undefined {
  const code = failureOfStatus(reply.status);
  const told = schemas.errors.safeParse(reply.body);
  const [first] = told.success ? told.data.errors : [];
  if (code === undefined || !first) return undefined;
  const really = BY_WORD[first.code] ?? code;
  return {
    code: really,
    message: `Square answered ${reply.status} ${first.code}${first.detail ? `: ${first.detail}` : ''}`,
    ...(first.field ? { path: first.field } : {}),
    ...(really === 'TIMEOUT' ? { unknown: true } : {}),
  };
}

/** Undefined where Square does not have it. */
export async function found<T extends z.ZodType>(ctx: SquareCtx, at: string, reply: T): Promise<z.output<T> | undefined> {
  const answer = await ctx.tryCall({ path: at, reply });
  if (!('failed' in answer)) return answer.value;
  if (answer.failed.code === 'NOT_FOUND') return undefined;
  throw new CallError(answer.failed);
}

export const getOrder = async (ctx: SquareCtx, id: string): Promise<schemas.Order | undefined> =>
  (await found(ctx, path`/v2/orders/${id}`, z.object({ order: schemas.order })))?.order;

export const getPayment = async (ctx: SquareCtx, id: string): Promise<schemas.Payment | undefined> =>
  (await found(ctx, path`/v2/payments/${id}`, z.object({ payment: schemas.payment })))?.payment;

export const getRefund = async (ctx: SquareCtx, id: string): Promise<schemas.Refund | undefined> =>
  (await found(ctx, path`/v2/refunds/${id}`, z.object({ refund: schemas.refund })))?.refund;

/** By when they were changed last, the oldest first. A page is small, as each order is read with its payments. */
export const searchOrders = (ctx: SquareCtx, location: string, { from, to, page }: TimeWindow) =>
  ctx.call({
    path: '/v2/orders/search',
    json: {
      location_ids: [location],
      query: {
        filter: { date_time_filter: { updated_at: { start_at: from, end_at: to } } },
        sort: { sort_field: 'UPDATED_AT', sort_order: 'ASC' },
      },
      limit: 25,
      ...(page === undefined ? {} : { cursor: page }),
    },
    reply: schemas.orderPage,
  });

export const getMerchant = async (ctx: SquareCtx) =>
  (await ctx.call({ path: '/v2/merchants/me', reply: z.object({ merchant: schemas.merchant }) })).merchant;

export const getLocations = async (ctx: SquareCtx) => (await ctx.call({ path: '/v2/locations', reply: schemas.locationList })).locations;

/** What the token may do; undefined where Square does not say, as for tokens of its sandbox. */
export async function scopesOf(ctx: SquareCtx): Promise<readonly string[] | undefined> {
  const answer = await ctx.tryCall({ method: 'POST', path: '/oauth2/token/status', reply: schemas.tokenStatus });
  return 'failed' in answer || answer.value.scopes.length === 0 ? undefined : answer.value.scopes;
}
