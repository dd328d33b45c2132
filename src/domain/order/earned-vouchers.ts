import type pg from 'pg';
import type { CampaignService } from '../campaign/campaign.service.ts';
import type { Issuance } from '../campaign/campaign.types.ts';
import type { CodeService } from '../code/code.service.ts';
import type { CodePlace } from '../code/code.types.ts';
import { stillEarned } from '../decision/earning.ts';
import { writeEvents } from '../ledger/ledger-writer.ts';
import { instantText } from '../shared/clock.ts';
import type { Voucher } from '../voucher/voucher.entity.ts';
import type { OrderRecord } from './order.types.ts';
import { leftOf, type RefundFacts } from './refund.rules.ts';

/** A voucher that an order earned, as its row stands under its lock. */
export interface EarnedRow extends CodePlace {
  readonly code: string;
  readonly campaignId: string;
  readonly status: Voucher['status'];
  readonly uses: number;
  readonly termsVersion: number | null;
  readonly customerId: string | null;
}

/** What became of vouchers whose order no longer earns them. */
export interface TakenBack {
  readonly takenBack: readonly CodePlace[];
  readonly keptBecauseUsed: readonly CodePlace[];
}

export interface TakeBackMeans {
  readonly campaigns: CampaignService;
  readonly codes: CodeService;
}

interface Why {
  readonly reason: string;
  readonly actorId: string;
  /** Epoch ms. */
  readonly now: number;
}

/** All that the order earned, used or not, locked in the one order in which vouchers are. */
export async function lockEarned(client: pg.PoolClient, orderId: string): Promise<EarnedRow[]> {
  const { rows } = await client.query<EarnedRow>(
    `select pattern_id as "patternId", idx as "index", code, campaign_id as "campaignId", status, uses, terms_version as "termsVersion", customer_id as "customerId"
     from voucher where source_order_id = $1 order by pattern_id, idx for update`,
    [orderId],
  );
  return rows;
}

export async function readRefunds(run: Pick<pg.Pool, 'query'>, orderId: string): Promise<RefundFacts[]> {
  const { rows } = await run.query<RefundFacts>('select amount, lines, whole from refund where order_id = $1 order by id', [orderId]);
  return rows;
}

/**
 * Takes back what the order, as it is now and after its refunds, no longer earns: unused vouchers first and for good, even where an order holds
 * one; of those that were used a person is told, once each. In the caller's transaction, which holds the order's lock.
 */
export async function takeBack(
  client: pg.PoolClient,
  means: TakeBackMeans,
  order: OrderRecord,
  earned: readonly EarnedRow[],
  refunds: readonly RefundFacts[],
  why: Why,
): Promise<TakenBack> {
  const left = leftOf(order.basket, refunds);
  const taken: EarnedRow[] = [];
  const kept: EarnedRow[] = [];
  for (const [campaignId, rows] of Map.groupBy(earned, (row) => row.campaignId)) {
    const standing = rows.filter((row) => row.status !== 'CANCELLED');
    const issuance = await issuanceOf(client, means, campaignId, rows[0]?.termsVersion ?? null);
    if (issuance === null) continue;
    const excess = standing.length - (order.state === 'VOIDED' ? 0 : stillEarned(issuance, left.basket, left.returned));
    if (excess <= 0) continue;
    const unused = standing.filter((row) => row.uses === 0).sort(usableFirst);
    taken.push(...unused.slice(0, excess));
    kept.push(...standing.filter((row) => row.uses > 0).slice(0, Math.max(0, excess - unused.length)));
  }
  if (taken.length > 0) await cancel(client, means, order, taken, why);
  if (kept.length > 0) await tell(client, means, order, kept, why);
  return { takenBack: taken.map(placeOf), keptBecauseUsed: kept.map(placeOf) };
}

const placeOf = ({ patternId, index }: CodePlace): CodePlace => ({ patternId, index });

/** One that is expired or blocked anyway goes last; among equals the last one given. */
const usableFirst = (a: EarnedRow, b: EarnedRow): number =>
  Number(a.status !== 'ISSUED') - Number(b.status !== 'ISSUED') || b.patternId - a.patternId || b.index - a.index;

/** As it was promised when the vouchers were given. */
async function issuanceOf(
  client: pg.PoolClient,
  { campaigns }: TakeBackMeans,
  campaignId: string,
  version: number | null,
): Promise<Issuance | null> {
  const { rows } = await client.query<{ issuance: Issuance | null }>(
    "select content -> 'issuance' as issuance from campaign_version where campaign_id = $1 and version = $2",
    [campaignId, version],
  );
  return rows[0]?.issuance ?? (await campaigns.byIds([campaignId]))[0]?.issuance ?? null;
}

async function cancel(
  client: pg.PoolClient,
  { codes }: TakeBackMeans,
  order: OrderRecord,
  rows: readonly EarnedRow[],
  { reason, actorId, now }: Why,
): Promise<void> {
  await client.query(
    "update voucher set status = 'CANCELLED' from unnest($1::int[], $2::bigint[]) as gone (pattern_id, idx) where voucher.pattern_id = gone.pattern_id and voucher.idx = gone.idx",
    [rows.map((row) => row.patternId), rows.map((row) => row.index)],
  );
  await writeEvents(
    client,
    rows.map((row) => ({
      ...aboutVoucher(codes, order, row, now),
      type: 'VOUCHER_CANCELLED' as const,
      data: { reason, actorId, ...orderData(order) },
    })),
  );
}

/** A used voucher cannot be taken back: the book says so, so that a person can see it. */
async function tell(
  client: pg.PoolClient,
  { codes }: TakeBackMeans,
  order: OrderRecord,
  rows: readonly EarnedRow[],
  { reason, actorId, now }: Why,
): Promise<void> {
  const { rows: fresh } = await client.query<{ key: string }>(
    "insert into idempotency (scope, key, input_hash, answer, created_at) select 'voucherKept', key, '', '{}', $2 from unnest($1::text[]) as key on conflict do nothing returning key",
    [rows.map((row) => codes.voucherId(row)), instantText(now)],
  );
  const untold = new Set(fresh.map(({ key }) => key));
  await writeEvents(
    client,
    rows
      .filter((row) => untold.has(codes.voucherId(row)))
      .map((row) => ({
        ...aboutVoucher(codes, order, row, now),
        type: 'VOUCHER_KEPT' as const,
        data: { reason, uses: row.uses, actorId, ...orderData(order) },
      })),
  );
}

export const orderData = (order: Pick<OrderRecord, 'id' | 'source' | 'externalId'>) => ({
  orderId: order.id,
  order: { source: order.source, externalId: order.externalId },
});

/** What every event about an earned voucher says of it and of its order. */
export const aboutVoucher = (
  codes: CodeService,
  order: OrderRecord,
  row: CodePlace & { readonly code: string; readonly campaignId: string; readonly customerId: string | null },
  now: number,
) => ({
  at: instantText(now),
  businessDay: order.businessDay,
  storeId: order.storeId,
  campaignId: row.campaignId,
  code: row.code,
  voucherId: codes.voucherId(row),
  customerId: row.customerId,
  orderSource: order.source,
  orderExternalId: order.externalId,
});
