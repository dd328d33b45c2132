import { boundLimits, type Subjects, watchedKeys } from '../decision/counters.ts';
import type { CampaignTerms } from '../decision/decision.types.ts';
import { orderKeyOf } from '../decision/limits.ts';
import { businessDay } from '../shared/business-time.ts';
import type { RowRunner } from './backfill.ts';
import { HOME_CLOCK } from './campaign.rules.ts';
import { kindOf } from './counted.ts';

/** A campaign, and the kinds of counters that its issues were not counted in until now. */
export interface Uncounted {
  readonly terms: CampaignTerms;
  readonly fresh: readonly string[];
}

interface IssueRow {
  readonly at: string;
  readonly day: string | null;
  readonly storeId: string | null;
  readonly customerId: string | null;
  readonly source: string | null;
  readonly externalId: string | null;
  readonly tillKey: string | null;
}

/** In the book or on its way there, of which one statement misses none. */
const ISSUES = `
  select at::text, business_day::text as day, store_id as "storeId", customer_id as "customerId", order_source as source, order_external_id as "externalId",
         data ->> 'tillKey' as "tillKey"
  from (select type, at, business_day, store_id, campaign_id, customer_id, order_source, order_external_id, data from ledger_event
        union all select type, at, business_day, store_id, campaign_id, customer_id, order_source, order_external_id, data from ledger_intake) event
  where campaign_id = $1 and type = 'VOUCHER_ISSUED'`;

/** Counts what was issued in counters that nobody counted in until now. Nothing may be issued of these campaigns meanwhile. */
export async function countIssued(run: RowRunner, campaigns: readonly Uncounted[]): Promise<void> {
  const counters = new Map<string, number>();
  for (const { terms, fresh } of campaigns) {
    for (const row of (await run.query(ISSUES, [terms.id])) as unknown as IssueRow[]) {
      const subjects = subjectsOf(row);
      const keys = [...boundLimits(terms, subjects, true), ...watchedKeys(terms, subjects.day, true)].map(({ key }) => key);
      for (const key of new Set(keys)) if (fresh.includes(kindOf(key))) counters.set(key, (counters.get(key) ?? 0) + 1);
    }
  }
  await run.query(
    `insert into counter (key, used, held) select key, used, 0 from json_to_recordset($1::json) as sum (key text, used bigint) order by key collate "C"
     on conflict (key) do update set used = excluded.used`,
    [JSON.stringify([...counters].map(([key, used]) => ({ key, used })))],
  );
}

function subjectsOf({ at, day, storeId, customerId, source, externalId, tillKey }: IssueRow): Subjects {
  const orderKey = source === null || externalId === null ? null : orderKeyOf(source, externalId);
  return { voucherId: null, customerId, storeId, tillKey, orderKey, day: day ?? businessDay(Date.parse(at), HOME_CLOCK) };
}
