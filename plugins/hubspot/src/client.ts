import { CallError, path } from '@valehub/connector-kit';
import * as schemas from './schemas.ts';
import type { PlatformCtx } from './settings.ts';

/** Fill in: the cheap call that tells whom the key belongs to. */
export const getAccount = (ctx: PlatformCtx) => ctx.call({ path: '/account', reply: schemas.account });

/** Undefined where the platform has deleted it. */
export async function getOrder(ctx: PlatformCtx, id: string): Promise<schemas.Order | undefined> {
  const answer = await ctx.tryCall({ path: path`/orders/${id}`, reply: schemas.order });
  if (!('failed' in answer)) return answer.value;
  if (answer.failed.code === 'NOT_FOUND') return undefined;
  throw new CallError(answer.failed);
}
