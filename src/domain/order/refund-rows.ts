import type pg from 'pg';
import { writeEvents } from '../ledger/ledger-writer.ts';
import { INSTANT } from '../redemption/redemption-reader.ts';
import { orderData } from './earned-vouchers.ts';
import type { OrderRecord } from './order.types.ts';
import type { RefundRecord } from './refund.types.ts';

const COLUMNS = `
  id, order_id as "orderId", external_id as "externalId", ${INSTANT('at')} as at, business_day as "businessDay", store_id as "storeId", amount, currency, lines, whole, reason,
  actor_id as "actorId", reversal_ids as "reversalIds", taken_back as "takenBack", kept_because_used as "keptBecauseUsed"`;

/** In the order in which they were made. */
export async function readRefundRecords(
  run: Pick<pg.Pool, 'query'>,
  by: 'id' | 'order_id',
  ids: readonly string[],
): Promise<RefundRecord[]> {
  const { rows } = await run.query<RefundRecord>(`select ${COLUMNS} from refund where ${by} = any($1) order by id`, [ids]);
  return rows;
}

/** The row and its line in the book, in the caller's transaction. */
export async function writeRefund(client: pg.PoolClient, order: OrderRecord, refund: RefundRecord): Promise<void> {
  await client.query(
    `insert into refund (id, order_id, external_id, at, business_day, store_id, amount, currency, lines, whole, reason, actor_id, reversal_ids, taken_back, kept_because_used)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      refund.id,
      refund.orderId,
      refund.externalId,
      refund.at,
      refund.businessDay,
      refund.storeId,
      refund.amount,
      refund.currency,
      JSON.stringify(refund.lines),
      refund.whole,
      refund.reason,
      refund.actorId,
      JSON.stringify(refund.reversalIds),
      JSON.stringify(refund.takenBack),
      JSON.stringify(refund.keptBecauseUsed),
    ],
  );
  const { externalId, id: refundId, whole, reason, actorId } = refund;
  await writeEvents(client, [
    {
      type: 'REFUND_RECORDED',
      at: refund.at,
      businessDay: refund.businessDay,
      storeId: refund.storeId,
      amount: refund.amount,
      currency: refund.currency,
      data: { ...orderData(order), refundExternalId: externalId, refundId, whole, reason, actorId },
      customerId: order.customerId,
      orderSource: order.source,
      orderExternalId: order.externalId,
    },
  ]);
}
