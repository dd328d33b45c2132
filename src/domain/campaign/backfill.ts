import type pg from 'pg';
import { inTransaction } from '../../database/transaction.ts';
import { boundLimits, givenBack, type Subjects } from '../decision/counters.ts';
import type { CampaignTerms, CounterUse } from '../decision/decision.types.ts';
import { orderKeyOf, redemptionCounters } from '../decision/limits.ts';
import type { HeldContent } from '../hold/hold.types.ts';
import { kindOf } from './counted.ts';

/** Whatever runs one statement inside the caller's transaction and gives its rows. */
export interface RowRunner {
  query(text: string, values: unknown[]): Promise<Record<string, unknown>[]>;
}

export interface BackfillMeans {
  readonly run: RowRunner;
  voucherId(patternId: number, index: number): string;
}

interface RedemptionRow {
  readonly id: string;
  readonly at: string;
  readonly patternId: number;
  readonly index: string;
  readonly amount: string;
  readonly reversed: string;
  readonly undone: boolean;
  readonly storeId: string;
  readonly customerId: string | null;
  readonly day: string;
  readonly tillKey: string | null;
  readonly source: string;
  readonly externalId: string;
  readonly taken: readonly CounterUse[];
}

interface HoldRow {
  readonly id: string;
  readonly storeId: string;
  readonly source: string;
  readonly externalId: string;
  readonly content: HeldContent;
}

/** A campaign, and the kinds of counters that its redemptions may lack. */
export interface Lacking {
  readonly terms: CampaignTerms;
  readonly kinds: readonly string[];
}

const AT_ONCE = 5_000;
/** So many are counted while everybody else waits; of more, most are counted before. */
const FEW = 1_000;

/** Of a campaign ($1), those that one of the kinds ($2, a JSON list) is not written down with. Kinds are written as they are in JSON. */
const LACKING =
  'campaign_id = $1 and exists (select from json_array_elements_text($2::json) as wanted (key) where strpos(taken::text, wanted.key) = 0)';

export async function manyLack(run: RowRunner, lacking: readonly Lacking[]): Promise<boolean> {
  let few = 0;
  for (const { terms, kinds } of lacking) {
    const [row] = await run.query(`select count(*)::int as n from (select from redemption where ${LACKING} limit ${FEW + 1}) found`, [
      terms.id,
      JSON.stringify(kinds),
    ]);
    few += Number(row?.['n'] ?? 0);
  }
  return few > FEW;
}

/**
 * Counts what was redeemed and is held in counters that nobody counted in until now, as if they had been counted in from the start:
 * a limit or budget that is new begins with what was used before, and a reversal gives it back there too.
 * Nothing may be written to redemptions and holds meanwhile.
 */
export async function backfill(means: BackfillMeans, lacking: readonly Lacking[]): Promise<void> {
  for (const one of lacking) {
    for (let last: Place | null = FIRST; last !== null; ) last = await countRedemptions(means, one, last);
  }
  await countHolds(
    means,
    lacking.map(({ terms }) => terms),
  );
}

/**
 * The same of redemptions alone, some at a time and each lot in a transaction of its own, before the change: what is written down and what is
 * counted agree at every moment, so that it does no harm where the change is never made.
 */
export async function precount(pool: pg.Pool, voucherId: BackfillMeans['voucherId'], lacking: readonly Lacking[]): Promise<void> {
  for (const one of lacking) {
    for (let last: Place | null = FIRST; last !== null; ) {
      const from: Place = last;
      last = await inTransaction(pool, (client) =>
        countRedemptions({ run: { query: async (text, values) => (await client.query(text, values)).rows }, voucherId }, one, from),
      );
    }
  }
}

type Place = Pick<RedemptionRow, 'at' | 'id'>;
const FIRST: Place = { at: '-infinity', id: '' };

/** One lot; gives back where to go on, null at the end. */
async function countRedemptions(means: BackfillMeans, { terms, kinds }: Lacking, last: Place): Promise<Place | null> {
  const rows = (await means.run.query(
    `select redemption.id, redeemed_at::text as at, pattern_id as "patternId", idx::text as "index", amount::text, reversed::text, undone, redemption.store_id as "storeId",
            redemption.customer_id as "customerId", redemption.business_day::text as day, coalesce(till_id, actor_id) as "tillKey", order_source as source, order_external_id as "externalId", taken
     from redemption join checkout on checkout.id = checkout_id
     where ${LACKING} and (redeemed_at, redemption.id) > ($3::timestamptz, $4) order by redeemed_at, redemption.id limit ${AT_ONCE} for update of redemption`,
    [terms.id, JSON.stringify(kinds), last.at, last.id],
  )) as unknown as RedemptionRow[];
  const sums = new Sums();
  const changed = rows.flatMap((row) => {
    const fresh = missingUses(means, terms, row).filter(({ key }) => kinds.includes(kindOf(key)));
    for (const { key, delta } of fresh) {
      if (givenBack(key) === 'AMOUNT') sums.add(key, 'used', delta - Number(row.reversed));
      else if (!row.undone) sums.add(key, 'used', delta);
    }
    return fresh.length === 0 ? [] : [{ id: row.id, fresh }];
  });
  if (changed.length > 0)
    await means.run.query(
      `update redemption set taken = (taken::jsonb || fresh)::json from json_to_recordset($1::json) as change (id text, fresh jsonb) where redemption.id = change.id`,
      [JSON.stringify(changed)],
    );
  await sums.write(means.run);
  return rows.length < AT_ONCE ? null : (rows.at(-1) ?? null);
}

class Sums {
  readonly #sums = new Map<string, { used: number; held: number }>();

  add(key: string, kind: 'used' | 'held', n: number): void {
    const sum = this.#sums.get(key) ?? { used: 0, held: 0 };
    sum[kind] += n;
    this.#sums.set(key, sum);
  }

  async write(run: RowRunner): Promise<void> {
    if (this.#sums.size === 0) return;
    await run.query(
      `insert into counter (key, used, held) select key, used, held from json_to_recordset($1::json) as sum (key text, used bigint, held bigint) order by key collate "C"
       on conflict (key) do update set used = counter.used + excluded.used, held = counter.held + excluded.held`,
      [JSON.stringify([...this.#sums].map(([key, sum]) => ({ key, ...sum })))],
    );
  }
}

/** Without a ceiling: what was granted then is not refused now. */
function missingUses(means: BackfillMeans, campaign: CampaignTerms, row: RedemptionRow): CounterUse[] {
  const subjects: Subjects = {
    voucherId: means.voucherId(row.patternId, Number(row.index)),
    customerId: row.customerId,
    storeId: row.storeId,
    tillKey: row.tillKey,
    orderKey: orderKeyOf(row.source, row.externalId),
    day: row.day,
  };
  const known = new Set(row.taken.map(({ key }) => key));
  return usesOf(campaign, subjects, Number(row.amount)).flatMap((use) => (known.has(use.key) ? [] : [{ ...use, max: null }]));
}

const usesOf = (campaign: CampaignTerms, subjects: Subjects, amount: number): CounterUse[] =>
  redemptionCounters(campaign, subjects, amount, boundLimits(campaign, subjects, false)).filter(
    ({ key }) => key.startsWith('limit:') || key.startsWith('budget:'),
  );

async function countHolds(means: BackfillMeans, campaigns: readonly CampaignTerms[]): Promise<void> {
  const sums = new Sums();
  const byId = new Map(campaigns.map((campaign) => [campaign.id, campaign]));
  const rows = (await means.run.query(
    `select id, store_id as "storeId", source, external_id as "externalId", content from hold where status = 'ACTIVE' order by id`,
    [],
  )) as unknown as HoldRow[];
  for (const { id, storeId, source, externalId, content } of rows) {
    const known = new Set(content.counters.map(({ key }) => key));
    const fresh = content.vouchers.flatMap(({ campaignId, patternId, index, amount }) => {
      const campaign = byId.get(campaignId);
      if (!campaign || amount === undefined) return [];
      const { customerId = null, tillKey = null, businessDay: day } = content;
      const voucherId = means.voucherId(patternId, index);
      const subjects = { voucherId, customerId, storeId, tillKey, orderKey: orderKeyOf(source, externalId), day };
      return usesOf(campaign, subjects, amount).filter((use) => !known.has(use.key));
    });
    if (fresh.length === 0) continue;
    for (const { key, delta } of fresh) sums.add(key, 'held', delta);
    await means.run.query(
      `update hold set content = jsonb_set(content, '{counters}', (content -> 'counters') || $2::jsonb) where id = $1`,
      [id, JSON.stringify(fresh)],
    );
  }
  await sums.write(means.run);
}
