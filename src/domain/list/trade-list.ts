import type pg from 'pg';
import { z } from 'zod';
import type { Actor } from '../access/roles.ts';
import type { CodeService } from '../code/code.service.ts';
import type { CodePlace } from '../code/code.types.ts';
import type { RedemptionRecord, RejectionRecord } from '../redemption/redemption.types.ts';
import { REDEMPTION_COLUMNS, REJECTION_COLUMNS } from '../redemption/redemption-reader.ts';
import type { Page, PageRequest, RedemptionFilter, RejectionFilter, TradeFilter } from './list.types.ts';
import { pageOf, placeBefore, writeCursor } from './page.ts';
import { Where } from './where.ts';

/**
 * Redemptions and rejections bear ids that begin with the moment they were made (shared/ids.ts): in the order of ids, the newest
 * are first and none needs an index by time. The bounds of a time are given for ids too, to the millisecond, so that the index finds them.
 */
const ID_PREFIX = { redemption: 'rdm_', rejection: 'rej_' } as const;
type TradeTable = keyof typeof ID_PREFIX;

const placeOf = (table: TradeTable) => z.tuple([z.literal(table), z.string().regex(/^[a-z]{3}_[0-9a-f]{32}$/)]);

export async function listRedemptions(
  pool: pg.Pool,
  codes: CodeService,
  actor: Actor,
  filter: RedemptionFilter,
  page: PageRequest,
): Promise<Page<RedemptionRecord>> {
  const where = tradeConditions('redemption', 'redeemed_at', actor, filter, page)
    .given('business_day >= ?', filter.businessDayFrom)
    .given('business_day <= ?', filter.businessDayTo);
  if (filter.codes) ofPlaces(where, await placesOf(codes, filter.codes));
  return read('redemption', REDEMPTION_COLUMNS, pool, where, page);
}

export async function listRedemptionsOf(pool: pg.Pool, actor: Actor, place: CodePlace, page: PageRequest): Promise<Page<RedemptionRecord>> {
  const where = tradeConditions('redemption', 'redeemed_at', actor, {}, page);
  ofPlaces(where, [place]);
  return read('redemption', REDEMPTION_COLUMNS, pool, where, page);
}

/** Refused validations are attempt records only. */
export async function listRejections(
  pool: pg.Pool,
  codes: CodeService,
  actor: Actor,
  filter: RejectionFilter,
  page: PageRequest,
): Promise<Page<RejectionRecord>> {
  const where = tradeConditions('rejection', 'at', actor, filter, page)
    .raw("action <> 'VALIDATE'")
    .given('reason = any(?)', filter.reasons)
    .given(
      'code = any(?)',
      filter.codes?.map((code) => codes.lookup(code).code),
    );
  return read('rejection', REJECTION_COLUMNS, pool, where, page);
}

function tradeConditions(table: TradeTable, time: string, actor: Actor, filter: TradeFilter, page: PageRequest): Where {
  const where = new Where()
    .given('store_id = any(?)', actor.storeIds)
    .given('campaign_id = any(?)', filter.campaignIds)
    .given('store_id = any(?)', filter.storeIds)
    .given('customer_id = ?', filter.customerId)
    .given('order_source = ?', filter.orderSource)
    .given('order_external_id = ?', filter.orderExternalId)
    .given('id < ?', placeBefore(page, placeOf(table))?.[1]);
  if (filter.from) where.and(`${time} >= ?`, filter.from).and('id >= ?', firstIdAt(table, Date.parse(filter.from)));
  if (filter.to) where.and(`${time} < ?`, filter.to).and('id < ?', firstIdAt(table, Date.parse(filter.to) + 1));
  return where;
}

/** No id made at or after the millisecond is smaller. */
function firstIdAt(table: TradeTable, epochMs: number): string {
  return ID_PREFIX[table] + Math.max(0, epochMs).toString(16).padStart(12, '0');
}

function ofPlaces(where: Where, places: readonly CodePlace[]): void {
  const patternIds = where.place(places.map(({ patternId }) => patternId));
  const indices = where.place(places.map(({ index }) => index));
  where.raw(`(pattern_id, idx) in (select * from unnest(${patternIds}::int[], ${indices}::bigint[]))`);
}

async function placesOf(codes: CodeService, typed: readonly string[]): Promise<CodePlace[]> {
  if (typed.some((code) => codes.lookup(code).found !== 'code')) await codes.refresh();
  return typed.map((code) => codes.lookup(code)).filter((hit) => hit.found === 'code');
}

async function read<T extends { readonly id: string }>(
  table: TradeTable,
  columns: string,
  pool: pg.Pool,
  where: Where,
  page: PageRequest,
): Promise<Page<T>> {
  const { rows } = await pool.query<T & pg.QueryResultRow>(
    `select ${columns} from ${table} where ${where} order by id desc limit ${page.first + 1}`,
    where.values,
  );
  return pageOf<T>(rows, page, ({ id }) => writeCursor(table, id));
}
