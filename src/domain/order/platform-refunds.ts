import type pg from 'pg';
import { instantText } from '../shared/clock.ts';
import { compareDecimals, isWholeDecimal } from '../shared/decimal.ts';
import { newId } from '../shared/ids.ts';
import type { StoreTerms } from '../store/store.types.ts';
import type { OrderRecord, PlatformRefund } from './order.types.ts';
import type { OrderRedemption } from './platform-redemptions.ts';
import type { RefundLine } from './refund.entity.ts';
import { writeRefund } from './refund-rows.ts';

// What a platform tells of money that it gave back.

/** Once for each refund, in the caller's transaction. `whole`: with it, all that was paid has come back; `now`: epoch ms. */
export async function recordRefund(
  client: pg.PoolClient,
  { connectionId, record: order, store }: { readonly connectionId: string; readonly record: OrderRecord; readonly store: StoreTerms },
  refund: PlatformRefund,
  { whole, now }: { readonly whole: boolean; readonly now: number },
): Promise<void> {
  const { rowCount } = await client.query(
    "insert into idempotency (scope, key, input_hash, answer, created_at) values ('refund', $1, '', '{}', $2) on conflict do nothing",
    [`${order.source}:${refund.externalId}`, instantText(now)],
  );
  if (rowCount === 0) return;
  await writeRefund(client, order, {
    id: newId('refund', now),
    orderId: order.id,
    externalId: refund.externalId,
    at: instantText(now),
    businessDay: order.businessDay,
    storeId: store.id,
    amount: refund.amount,
    currency: order.priced.currency,
    lines: refund.lines.filter(({ quantity }) => compareDecimals(quantity, '0') > 0),
    whole,
    reason: refund.reason,
    actorId: connectionId,
    reversalIds: [],
    takenBack: [],
    keptBecauseUsed: [],
  });
}

/** As far as the redemption was made on these lines; a part payment lies on none. */
export function unitsOf(refund: PlatformRefund, { kind, quantities }: Pick<OrderRedemption, 'kind' | 'quantities'>): RefundLine[] {
  if (kind === 'TENDER') return [];
  return refund.lines.flatMap(({ lineId, quantity }) => {
    const most = quantities[lineId];
    if (most === undefined || compareDecimals(quantity, '0') <= 0 || (isWholeDecimal(most) && !isWholeDecimal(quantity))) return [];
    return [{ lineId, quantity: compareDecimals(quantity, most) > 0 ? most : quantity }];
  });
}
