import { boundLimits, givenBack, type Subjects } from '../decision/counters.ts';
import type { CampaignTerms, CounterUse } from '../decision/decision.types.ts';
import { orderKeyOf, redemptionCounters } from '../decision/limits.ts';
import type { HeldContent } from '../hold/hold.types.ts';

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

const AT_ONCE = 5_000;

/**
 * Counts what was redeemed and is held in counters that nobody counted in until now, as if they had been counted in from the start:
 * a limit or budget that is new begins with what was used before, and a reversal gives it back there too.
 * Nothing may be written to redemptions and holds meanwhile.
 */
export async function backfill(means: BackfillMeans, campaigns: readonly CampaignTerms[]): Promise<void> {
  const counters = new Map<string, { used: number; held: number }>();
  const add = (key: string, kind: 'used' | 'held', n: number): void => {
    const sum = counters.get(key) ?? { used: 0, held: 0 };
    sum[kind] += n;
    counters.set(key, sum);
  };
  for (const campaign of campaigns) await countRedemptions(means, campaign, (key, n) => add(key, 'used', n));
  await countHolds(means, campaigns, (key, n) => add(key, 'held', n));
  await means.run.query(
    `insert into counter (key, used, held) select key, used, held from json_to_recordset($1::json) as sum (key text, used bigint, held bigint) order by key collate "C"
     on conflict (key) do update set used = counter.used + excluded.used, held = counter.held + excluded.held`,
    [JSON.stringify([...counters].map(([key, sum]) => ({ key, ...sum })))],
  );
}

async function countRedemptions(means: BackfillMeans, campaign: CampaignTerms, add: (key: string, n: number) => void): Promise<void> {
  let last: Pick<RedemptionRow, 'at' | 'id'> = { at: '-infinity', id: '' };
  for (;;) {
    const rows = (await means.run.query(
      `select redemption.id, redeemed_at::text as at, pattern_id as "patternId", idx::text as "index", amount::text, reversed::text, undone, redemption.store_id as "storeId",
              redemption.customer_id as "customerId", redemption.business_day::text as day, coalesce(till_id, actor_id) as "tillKey", order_source as source, order_external_id as "externalId", taken
       from redemption join checkout on checkout.id = checkout_id
       where campaign_id = $1 and (redeemed_at, redemption.id) > ($2::timestamptz, $3) order by redeemed_at, redemption.id limit ${AT_ONCE}`,
      [campaign.id, last.at, last.id],
    )) as unknown as RedemptionRow[];
    const changed = rows.flatMap((row) => {
      const fresh = missingUses(means, campaign, row);
      for (const { key, delta } of fresh) {
        if (givenBack(key) === 'AMOUNT') add(key, delta - Number(row.reversed));
        else if (!row.undone) add(key, delta);
      }
      return fresh.length === 0 ? [] : [{ id: row.id, fresh }];
    });
    if (changed.length > 0)
      await means.run.query(
        `update redemption set taken = (taken::jsonb || fresh)::json from json_to_recordset($1::json) as change (id text, fresh jsonb) where redemption.id = change.id`,
        [JSON.stringify(changed)],
      );
    const end = rows.at(-1);
    if (!end || rows.length < AT_ONCE) return;
    last = end;
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

async function countHolds(means: BackfillMeans, campaigns: readonly CampaignTerms[], add: (key: string, n: number) => void): Promise<void> {
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
      // What has no ceiling is not set aside.
      return usesOf(campaign, subjects, amount).filter((use) => use.max !== null && !known.has(use.key));
    });
    if (fresh.length === 0) continue;
    for (const { key, delta } of fresh) add(key, delta);
    await means.run.query(
      `update hold set content = jsonb_set(content, '{counters}', (content -> 'counters') || $2::jsonb) where id = $1`,
      [id, JSON.stringify(fresh)],
    );
  }
}
