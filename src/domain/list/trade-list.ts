import type pg from 'pg';
import { z } from 'zod';
import type { Actor } from '../access/roles.ts';
import type { CodeService } from '../code/code.service.ts';
import type { CodePlace } from '../code/code.types.ts';
import type { RedemptionRecord, RejectionRecord } from '../redemption/redemption.types.ts';
import { REDEMPTION_COLUMNS, REJECTION_COLUMNS } from '../redemption/redemption-reader.ts';
import { isGiven, isStorable } from '../shared/input-checks.ts';
import type { Page, PageRequest, RedemptionFilter, RejectionFilter, TradeFilter } from './list.types.ts';
import { pageOf, placeBefore, writeCursor } from './page.ts';
import { Where } from './where.ts';

/**
 * Redemptions and rejections bear ids that begin with the moment they were made (shared/ids.ts): the order of ids is that of
 * moments, then of ids, so that the newest of all need no index by time. The bounds of a time are given for ids too.
 */
interface Trade {
  readonly table: 'redemption' | 'rejection';
  readonly time: 'redeemed_at' | 'at';
  readonly prefix: string;
  readonly columns: string;
}
const REDEMPTIONS: Trade = { table: 'redemption', time: 'redeemed_at', prefix: 'rdm_', columns: REDEMPTION_COLUMNS };
const REJECTIONS: Trade = { table: 'rejection', time: 'at', prefix: 'rej_', columns: REJECTION_COLUMNS };
const HEX_OF_TIME = 12;

export async function listRedemptions(
  pool: pg.Pool,
  codes: CodeService,
  actor: Actor,
  filter: RedemptionFilter,
  page: PageRequest,
): Promise<Page<RedemptionRecord>> {
  const where = conditions(REDEMPTIONS, actor, filter, page)
    .given('business_day >= ?', filter.businessDayFrom)
    .given('business_day <= ?', filter.businessDayTo);
  if (filter.codes) ofPlaces(where, await placesOf(codes, filter.codes));
  ofOrder(where, filter);
  return read(REDEMPTIONS, pool, where, stretches(actor, filter), page);
}

export async function listRedemptionsOf(pool: pg.Pool, actor: Actor, place: CodePlace, page: PageRequest): Promise<Page<RedemptionRecord>> {
  const where = conditions(REDEMPTIONS, actor, {}, page);
  ofPlaces(where, [place]);
  return read(REDEMPTIONS, pool, where, null, page);
}

/** Refused validations are attempt records only. */
export async function listRejections(
  pool: pg.Pool,
  codes: CodeService,
  actor: Actor,
  filter: RejectionFilter,
  page: PageRequest,
): Promise<Page<RejectionRecord>> {
  const typed = filter.codes?.map((code) => codes.lookup(code).code);
  const where = conditions(REJECTIONS, actor, filter, page)
    .raw("action <> 'VALIDATE'")
    .given('reason = any(?)', filter.reasons)
    .given('code = any(?)', typed);
  return read(REJECTIONS, pool, where, stretches(actor, filter), page);
}

function conditions({ table, time, prefix }: Trade, actor: Actor, filter: TradeFilter, page: PageRequest): Where {
  const after = placeBefore(page, z.tuple([z.literal(table), z.string().regex(/^[a-z]{3}_[0-9a-f]{32}$/)]))?.[1];
  const where = new Where()
    .given('store_id = any(?)', actor.storeIds)
    .given('campaign_id = any(?)', filter.campaignIds)
    .given('store_id = any(?)', filter.storeIds)
    .given('customer_id = ?', filter.customerId)
    .given('order_source = ?', filter.orderSource)
    .given('order_external_id = ?', filter.orderExternalId);
  if (after !== undefined) where.and('id < ?', after).and(`${time} <= ?`, new Date(timeIn(after)));
  if (filter.from) where.and(`${time} >= ?`, filter.from).and('id >= ?', firstIdAt(prefix, Date.parse(filter.from)));
  if (filter.to) where.and(`${time} < ?`, filter.to).and('id < ?', firstIdAt(prefix, Date.parse(filter.to) + 1));
  return where;
}

const timeIn = (id: string): number => Number.parseInt(id.slice(4, 4 + HEX_OF_TIME), 16);

/** No id made at or after the millisecond is smaller. */
const firstIdAt = (prefix: string, epochMs: number): string => prefix + Math.max(0, epochMs).toString(16).padStart(HEX_OF_TIME, '0');

/** Orders are found through their checkouts, as redemptions have no index by order of their own. */
function ofOrder(where: Where, { orderSource, orderExternalId }: RedemptionFilter): void {
  if (!isGiven(orderExternalId)) return;
  const checkout = new Where(where.values).and('external_id = ?', orderExternalId).given('source = ?', orderSource);
  where.raw(`checkout_id = any(array(select checkout.id from checkout where ${checkout}))`);
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

/** What the newest are gathered from, each by its own index; without them the newest of all are looked through. */
interface Stretches {
  readonly column: 'campaign_id' | 'store_id';
  readonly keys: readonly string[];
}

/** null where the filter names few enough to be found by an index of their own. */
function stretches(actor: Actor, filter: TradeFilter): Stretches | null {
  if (isGiven(filter.codes) || isGiven(filter.customerId) || isGiven(filter.orderExternalId)) return null;
  if (isGiven(filter.campaignIds)) return { column: 'campaign_id', keys: filter.campaignIds };
  const stores = filter.storeIds ?? actor.storeIds;
  return stores && { column: 'store_id', keys: stores };
}

async function read<T extends { readonly id: string }>(
  { table, time, columns }: Trade,
  pool: pg.Pool,
  where: Where,
  by: Stretches | null,
  page: PageRequest,
): Promise<Page<T>> {
  const limit = `limit ${page.first + 1}`;
  const source =
    by &&
    `unnest(${where.place([...new Set(by.keys.filter(isStorable))])}::text[]) as wanted (key) cross join lateral
     (select * from ${table} where ${table}.${by.column} = wanted.key and ${where} order by ${time} desc, id desc ${limit}) as ${table}`;
  const text = `select ${columns} from ${source ?? `${table} where ${where}`} order by id desc ${limit}`;
  const { rows } = await pool.query<T & pg.QueryResultRow>(text, where.values);
  return pageOf<T>(rows, page, ({ id }) => writeCursor(table, id));
}
