import { boundLimits, type Subjects, watchedKeys } from '../decision/counters.ts';
import type { CampaignTerms } from '../decision/decision.types.ts';
import { businessDay } from '../shared/business-time.ts';
import type { StoreService } from '../store/store.service.ts';
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
  /** Of the key that asked, where a till did. */
  readonly tillId: string | null;
  readonly tillStores: readonly string[] | null;
}

/** In the book or on its way there, of which one statement misses none. Who asked decides whose limits per STORE and TILL were meant. */
const ISSUES = `
  select event.at::text, event.business_day::text as day, event.store_id as "storeId", event.customer_id as "customerId", event.order_source as source,
         event.order_external_id as "externalId", api_key.id as "tillId", to_json(api_key.store_ids) as "tillStores"
  from (select type, at, business_day, store_id, campaign_id, customer_id, order_source, order_external_id, data from ledger_event
        union all select type, at, business_day, store_id, campaign_id, customer_id, order_source, order_external_id, data from ledger_intake) event
  left join api_key on api_key.id = event.data ->> 'actorId' and api_key.role = 'TILL'
  where event.campaign_id = $1 and event.type = 'VOUCHER_ISSUED'`;

/** Counts what was issued in counters that nobody counted in until now. Nothing may be issued of these campaigns meanwhile. */
export async function countIssued(run: RowRunner, stores: StoreService, campaigns: readonly Uncounted[]): Promise<void> {
  const counters = new Map<string, number>();
  for (const { terms, fresh } of campaigns) {
    for (const row of (await run.query(ISSUES, [terms.id])) as unknown as IssueRow[]) {
      const subjects = subjectsOf(terms, row, stores);
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

function subjectsOf(terms: CampaignTerms, row: IssueRow, stores: StoreService): Subjects {
  const { customerId, source, externalId } = row;
  if (source !== null && externalId !== null) {
    const day = row.day ?? businessDay(Date.parse(row.at), HOME_CLOCK);
    return {
      voucherId: null,
      customerId,
      storeId: row.storeId,
      tillKey: row.tillId,
      orderKey: `${source.length}:${source}:${externalId}`,
      day,
    };
  }
  const storeId = row.tillStores?.length === 1 ? (row.tillStores[0] ?? null) : null;
  const clock = stores.terms(storeId ?? terms.storeIds?.[0] ?? '') ?? HOME_CLOCK;
  return { voucherId: null, customerId, storeId, tillKey: row.tillId, orderKey: null, day: businessDay(Date.parse(row.at), clock) };
}
