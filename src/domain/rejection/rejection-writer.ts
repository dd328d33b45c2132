import type { SqlRunner } from '../ledger/ledger-writer.ts';
import type { RejectionRecord } from '../redemption/redemption.types.ts';

/** As json_to_recordset reads it, here and in write-batch.sql. */
export function rejectionRow(record: RejectionRecord, actorId: string): Record<string, unknown> {
  return {
    id: record.id,
    at: record.at,
    action: record.action,
    code: record.code,
    reason: record.reason,
    failures: record.failures,
    nearest_basket: record.nearestBasket,
    campaign_id: record.campaignId,
    store_id: record.storeId,
    customer_id: record.customerId,
    actor_id: actorId,
    order_source: record.orderSource,
    order_external_id: record.orderExternalId,
  };
}

export async function writeRejections(run: SqlRunner, records: readonly RejectionRecord[], actorId: string): Promise<void> {
  if (records.length === 0) return;
  await run.query(
    `insert into rejection (id, at, action, code, reason, failures, nearest_basket, campaign_id, store_id, customer_id, actor_id, order_source, order_external_id)
     select id, at, action, code, reason, failures, nearest_basket, campaign_id, store_id, customer_id, actor_id, order_source, order_external_id
     from json_to_recordset($1::json) as row (id text, at timestamptz, action text, code text, reason text, failures jsonb, nearest_basket jsonb, campaign_id text, store_id text,
       customer_id text, actor_id text, order_source text, order_external_id text)`,
    [JSON.stringify(records.map((record) => rejectionRow(record, actorId)))],
  );
}
