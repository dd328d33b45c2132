import { CallError, type JsonBody, type Ref, type z } from '@valehub/connector-kit';
import * as schemas from './schemas.ts';
import type { SimphonyCtx } from './settings.ts';

const SALES = '/config/sim/v2/sales';

/** Where a discount stands: the unit of the enterprise and its number there. */
export interface At {
  readonly hierUnitId: number;
  readonly objectNum: number;
}

export const refOf = ({ hierUnitId, objectNum }: At): Ref => ({ id: `${hierUnitId}/${objectNum}` });

export function atOf({ id }: Ref): At {
  const match = /^(\d+)\/(\d+)$/.exec(id ?? '');
  if (match) return { hierUnitId: Number(match[1]), objectNum: Number(match[2]) };
  throw new CallError({ code: 'BAD_INPUT', message: 'This is no discount that the hub has made in Simphony.', path: 'id' });
}

/** What is refused there is another account's doing than that of the checks, and the words say so. */
export async function configured<T extends z.ZodType>(ctx: SimphonyCtx, path: string, json: JsonBody, reply: T): Promise<z.output<T>> {
  const headers = { 'simphony-audittrailref': 'Valehub' };
  const answer = await ctx.tryCall({ host: 'configuration', path: `${SALES}/${path}`, headers, json, reply });
  if (!('failed' in answer)) return answer.value;
  const { code, message } = answer.failed;
  throw new CallError(
    code === 'BAD_CREDENTIALS'
      ? { ...answer.failed, message: `The account of the Configuration API is not let in: ${message}` }
      : answer.failed,
  );
}

/** All discounts of a unit. */
export async function discountsOf(ctx: SimphonyCtx, hierUnitId: number): Promise<readonly schemas.ConfiguredDiscount[]> {
  const all: schemas.ConfiguredDiscount[] = [];
  for (let offset = 0; ; ) {
    const json = { searchCriteria: `where equals(hierUnitId,${hierUnitId})`, orderBy: 'objectNum:asc', offset, limit: 100 };
    const page = await configured(ctx, 'getDiscounts', json, schemas.configuredPage);
    all.push(...page.items);
    offset += page.items.length;
    if (page.hasMore !== true || page.items.length === 0) return all;
  }
}
