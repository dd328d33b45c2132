import type pg from 'pg';
import type { AllocationShare, PricedBasket } from '../decision/decision.types.ts';
import { HOLD_COLUMNS, holdRecord, type StoredHold } from '../hold/hold-record.ts';
import type { HoldRecord, RedemptionRecord, RejectionRecord, ReversalRecord } from './redemption.types.ts';

type Runner = Pick<pg.Pool, 'query'>;

export const INSTANT = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The columns of a RedemptionRecord, for any query over `redemption`. */
export const REDEMPTION_COLUMNS = `
  redemption.id, redemption.checkout_id as "checkoutId", redemption.campaign_id as "campaignId", redemption.campaign_version as "campaignVersion", redemption.pattern_id as "patternId", redemption.idx as "index",
  redemption.code, redemption.kind, redemption.tax_class as "taxClass", redemption.amount, redemption.currency, redemption.reversed, redemption.undone, redemption.step, redemption.store_id as "storeId",
  redemption.customer_id as "customerId", redemption.business_day as "businessDay", ${INSTANT('redemption.redeemed_at')} as "redeemedAt",
  redemption.order_source as "orderSource", redemption.order_external_id as "orderExternalId"`;

const ALLOCATIONS = `
  (select coalesce(json_agg(json_build_object('lineId', line_id, 'unit', unit, 'taxRate', trim_scale(tax_rate)::text, 'amount', allocation.amount) order by place), '[]')
   from allocation where allocation.redemption_id = redemption.id and allocation.amount > 0) as allocations`;

const REVERSAL_COLUMNS = `
  id, redemption_id as "redemptionId", ${INSTANT('at')} as at, business_day as "businessDay", store_id as "storeId", reason, amount, currency, allocations, moved, policy, priced`;

export const REJECTION_COLUMNS = `
  id, ${INSTANT('at')} as at, action, code, reason, failures, nearest_basket as "nearestBasket", campaign_id as "campaignId", store_id as "storeId", customer_id as "customerId",
  order_source as "orderSource", order_external_id as "orderExternalId"`;

/** What a granted redeem gave, as it stands: redemptions in their state of now, sums as they were. */
export async function readCheckout(
  run: Runner,
  checkoutId: string,
): Promise<{ redemptions: RedemptionRecord[]; priced: PricedBasket } | null> {
  const { rows: checkouts } = await run.query<{ priced: PricedBasket }>('select priced from checkout where id = $1', [checkoutId]);
  if (!checkouts[0]) return null;
  const { rows } = await run.query<RedemptionRecord>(
    `select ${REDEMPTION_COLUMNS}, ${ALLOCATIONS} from redemption where checkout_id = $1 order by step`,
    [checkoutId],
  );
  return { redemptions: rows, priced: checkouts[0].priced };
}

export async function readRedemptions(run: Runner, ids: readonly string[]): Promise<RedemptionRecord[]> {
  const { rows } = await run.query<RedemptionRecord>(`select ${REDEMPTION_COLUMNS} from redemption where id = any($1)`, [ids]);
  return rows;
}

export async function readAllocations(run: Runner, redemptionIds: readonly string[]): Promise<Map<string, AllocationShare[]>> {
  const { rows } = await run.query<{ id: string; allocations: AllocationShare[] }>(
    `select id, ${ALLOCATIONS} from redemption where id = any($1)`,
    [redemptionIds],
  );
  return new Map(rows.map((row) => [row.id, row.allocations]));
}

/** In the order of the ids that are given, then in that in which they were made. */
export async function readReversals(run: Runner, by: 'id' | 'redemption_id', ids: readonly string[]): Promise<ReversalRecord[]> {
  const { rows } = await run.query<ReversalRecord>(
    `select ${REVERSAL_COLUMNS} from reversal where ${by} = any($1) order by array_position($1, ${by}), id`,
    [ids],
  );
  return rows;
}

export async function readRejections(run: Runner, ids: readonly string[]): Promise<RejectionRecord[]> {
  const { rows } = await run.query<RejectionRecord>(
    `select ${REJECTION_COLUMNS} from rejection where id = any($1) order by array_position($1, id)`,
    [ids],
  );
  return rows;
}

export async function readHold(run: Runner, id: string, now: number): Promise<HoldRecord | null> {
  const { rows } = await run.query<StoredHold>(`select ${HOLD_COLUMNS} from hold where id = $1`, [id]);
  return rows[0] ? holdRecord(rows[0], now) : null;
}
