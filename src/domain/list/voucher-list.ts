import { z } from 'zod';
import type { Database } from '../../database/database.ts';
import type { Actor } from '../access/roles.ts';
import type { CampaignService } from '../campaign/campaign.service.ts';
import { CodeBatch } from '../code/code-batch.entity.ts';
import type { Clock } from '../shared/clock.ts';
import type { VoucherService } from '../voucher/voucher.service.ts';
import type { VoucherStatus, VoucherView } from '../voucher/voucher.types.ts';
import { VOUCHER_COLUMNS, type VoucherRow } from '../voucher/voucher-reader.ts';
import type { Page, PageRequest, VoucherFilter } from './list.types.ts';
import { holdsInOne } from './list-access.ts';
import { pageOf, placeBefore, writeCursor } from './page.ts';
import { Where } from './where.ts';

interface VoucherListMeans {
  readonly database: Database;
  readonly clock: Clock;
  readonly campaigns: CampaignService;
  readonly vouchers: VoucherService;
}

/** A voucher and its place: among those touched by (moment, pattern, index), among the others by (batch's moment, batch, index). */
interface Listed {
  readonly node: VoucherView;
  readonly cursor: string;
}

const MOMENT = z.number().int().min(0).max(8.64e15);
const TOUCHED = z.tuple([
  z.literal('touched'),
  MOMENT,
  z
    .number()
    .int()
    .max(2 ** 31 - 1),
  z.number().int(),
]);
const UNTOUCHED = z.tuple([z.literal('untouched'), MOMENT, z.string().regex(/^[a-z0-9_]+$/), z.number().int()]);
type TouchedPlace = z.infer<typeof TOUCHED>;
type UntouchedPlace = z.infer<typeof UNTOUCHED>;

const OPEN = "voucher.status in ('CREATED', 'ISSUED', 'PARTLY_REDEEMED')";
const BATCHES_AT_ONCE = 100;
const LARGEST_STRETCH = 65_536;

/** Touched vouchers first, newest first; then the codes nobody touched, newest batch first, by index. */
export async function listVouchers(
  means: VoucherListMeans,
  actor: Actor,
  filter: VoucherFilter,
  page: PageRequest,
): Promise<Page<VoucherView>> {
  const place = placeBefore(page, z.union([TOUCHED, UNTOUCHED]));
  const campaignIds = await visibleCampaigns(means, actor, filter);
  const wanted = page.first + 1;
  const found = place?.[0] === 'untouched' ? [] : await touched(means, campaignIds, filter, wanted, place);
  const untouchedToo = !filter.customerId && (!filter.statuses || filter.statuses.includes('CREATED'));
  if (found.length < wanted && untouchedToo)
    found.push(...(await untouched(means, campaignIds, wanted - found.length, place?.[0] === 'untouched' ? place : undefined)));
  const cursors = new Map(found.map(({ node, cursor }) => [node, cursor]));
  return pageOf(
    found.map(({ node }) => node),
    page,
    (node) => cursors.get(node) ?? '',
  );
}

async function visibleCampaigns({ campaigns }: VoucherListMeans, actor: Actor, { campaignIds }: VoucherFilter): Promise<string[]> {
  const known = campaignIds
    ? (await campaigns.byIds([...new Set(campaignIds)])).filter((campaign) => campaign !== null)
    : await campaigns.all();
  return known.filter((campaign) => holdsInOne(campaign.storeIds, actor.storeIds)).map((campaign) => campaign.id);
}

async function touched(
  means: VoucherListMeans,
  campaignIds: readonly string[],
  filter: VoucherFilter,
  wanted: number,
  after: TouchedPlace | undefined,
): Promise<Listed[]> {
  const found: Listed[] = [];
  let place = after;
  while (found.length < wanted) {
    const rows = await readTouched(means, campaignIds, filter, wanted, place);
    const views = await means.vouchers.views(rows);
    for (const [at, node] of views.entries()) {
      const row = rows[at] as TouchedRow;
      place = ['touched', row.createdAt.getTime(), row.patternId, row.index];
      // Whether it is held hangs on more than its row.
      if (!filter.statuses || filter.statuses.includes(node.shown)) found.push({ node, cursor: writeCursor(...place) });
    }
    if (rows.length < wanted) break;
  }
  return found.slice(0, wanted);
}

type TouchedRow = VoucherRow & { readonly createdAt: Date };

/** Of one customer by the customer's index; else each campaign's newest by its own index, then the newest of all: none by time alone is needed. */
async function readTouched(
  { database, clock }: VoucherListMeans,
  campaignIds: readonly string[],
  filter: VoucherFilter,
  wanted: number,
  place: TouchedPlace | undefined,
): Promise<TouchedRow[]> {
  const where = new Where().given('voucher.customer_id = ?', filter.customerId);
  if (filter.statuses) where.raw(statusConditions(filter.statuses, () => where.place(new Date(clock.now()))));
  if (place)
    where.raw(
      `(voucher.created_at, voucher.pattern_id, voucher.idx) < (${where.place(new Date(place[1]))}, ${where.place(place[2])}, ${where.place(place[3])})`,
    );
  const ids = `${where.place(campaignIds)}::text[]`;
  const order = `order by voucher.created_at desc, voucher.pattern_id desc, voucher.idx desc limit ${wanted}`;
  const source = filter.customerId
    ? `voucher where voucher.campaign_id = any(${ids}) and ${where}`
    : `unnest(${ids}) as wanted (id) cross join lateral (select * from voucher where voucher.campaign_id = wanted.id and ${where} ${order}) as voucher`;
  const { rows } = await database.pool.query<TouchedRow>(
    `select ${VOUCHER_COLUMNS}, voucher.created_at as "createdAt" from ${source} ${order}`,
    where.values,
  );
  return rows;
}

/** The rows that could show one of the statuses. */
function statusConditions(statuses: readonly VoucherStatus[], now: () => string): string {
  return statuses.map((status) => `(${statusCondition(status, now)})`).join(' or ') || 'false';
}

function statusCondition(status: VoucherStatus, now: () => string): string {
  switch (status) {
    case 'HELD':
      return `${OPEN} and voucher.holds > 0`;
    case 'EXPIRED':
      return `voucher.status = 'EXPIRED' or (${OPEN} and voucher.valid_until <= ${now()})`;
    case 'CREATED':
    case 'ISSUED':
    case 'PARTLY_REDEEMED':
      return `voucher.status = '${status}' and (voucher.valid_until is null or voucher.valid_until > ${now()})`;
    case 'REDEEMED':
    case 'BLOCKED':
    case 'CANCELLED':
      return `voucher.status = '${status}'`;
  }
}

async function untouched(
  means: VoucherListMeans,
  campaignIds: readonly string[],
  wanted: number,
  after: UntouchedPlace | undefined,
): Promise<Listed[]> {
  const found: Listed[] = [];
  let place = after;
  for (;;) {
    const batches = await batchesFrom(means.database, campaignIds, place);
    for (const batch of batches) {
      const start = place?.[2] === batch.id ? place[3] + 1 : batch.firstIndex;
      const free = await freeIndices(means.database, batch, start, wanted - found.length);
      found.push(...free.flatMap((index) => listedAt(means, batch, index)));
      if (found.length >= wanted) return found;
    }
    const last = batches.at(-1);
    if (!last || batches.length < BATCHES_AT_ONCE) return found;
    place = ['untouched', last.createdAt.getTime(), last.id, last.firstIndex + last.count - 1];
  }
}

function listedAt({ vouchers }: VoucherListMeans, batch: CodeBatch, index: number): Listed[] {
  const node = vouchers.untouched({ patternId: batch.patternId, index });
  return node ? [{ node, cursor: writeCursor('untouched', batch.createdAt.getTime(), batch.id, index) }] : [];
}

/** The batch of the place and those after it. */
async function batchesFrom(database: Database, campaignIds: readonly string[], place: UntouchedPlace | undefined): Promise<CodeBatch[]> {
  const from = place && {
    $or: [{ createdAt: { $lt: new Date(place[1]) } }, { createdAt: new Date(place[1]), id: { $lte: place[2] } }],
  };
  return database
    .em()
    .find(
      CodeBatch,
      { campaignId: { $in: [...campaignIds] }, ...from },
      { orderBy: { createdAt: 'desc', id: 'desc' }, limit: BATCHES_AT_ONCE },
    );
}

/** The first places from `start` on that have no row, looked for in stretches that grow while all is taken. */
async function freeIndices(
  database: Database,
  { patternId, firstIndex, count, issueCursor }: CodeBatch,
  start: number,
  wanted: number,
): Promise<number[]> {
  const end = firstIndex + count;
  const free: number[] = [];
  let stretch = 2 * wanted;
  // Up to the cursor all was given out.
  for (
    let at = Math.max(start, firstIndex + issueCursor);
    at < end && free.length < wanted;
    at += stretch, stretch = Math.min(2 * stretch, LARGEST_STRETCH)
  ) {
    const { rows } = await database.pool.query<{ index: number }>(
      `select place.idx as "index" from generate_series($2::bigint, $3::bigint) as place (idx)
       where not exists (select from voucher where voucher.pattern_id = $1 and voucher.idx = place.idx) order by place.idx limit $4`,
      [patternId, at, Math.min(at + stretch, end) - 1, wanted - free.length],
    );
    free.push(...rows.map(({ index }) => index));
  }
  return free;
}
