import { CallError, type Failure, failureOfStatus, path, type Reply, z } from '@valehub/connector-kit';
import * as schemas from './schemas.ts';
import type { SquareCtx } from './settings.ts';

/** Square tells code, field and detail beside the status; the codes of the table by status hold. */
export function failure(reply: Reply): Failure | undefined {
  const code = failureOfStatus(reply.status);
  const told = schemas.errors.safeParse(reply.body);
  const [first] = told.success ? told.data.errors : [];
  if (code === undefined || !first) return undefined;
  // A stale version is answered with 400 by some calls and 409 by others.
  const really = first.code === 'VERSION_MISMATCH' ? 'CONFLICT' : code;
  return {
    code: really,
    message: `Square answered ${reply.status} ${first.code}${first.detail ? `: ${first.detail}` : ''}`,
    ...(first.field ? { path: first.field } : {}),
    ...(really === 'TIMEOUT' ? { unknown: true } : {}),
  };
}

/** Undefined where Square does not have it. */
async function found<T extends z.ZodType>(ctx: SquareCtx, at: string, reply: T): Promise<z.output<T> | undefined> {
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

export const getMerchant = async (ctx: SquareCtx) =>
  (await ctx.call({ path: '/v2/merchants/me', reply: z.object({ merchant: schemas.merchant }) })).merchant;

export const getLocations = async (ctx: SquareCtx) => (await ctx.call({ path: '/v2/locations', reply: schemas.locationList })).locations;
