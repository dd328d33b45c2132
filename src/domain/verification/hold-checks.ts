import { agreeing, countOf, EVENTS, eventsOf, finding } from './sql.ts';
import type { SqlCheck } from './verification.types.ts';

const advice = 'A hold keeps vouchers and budgets from others. Compare it with its events; releaseHold frees one that is still open.';

const VOUCHERS = `(
  select hold.id, status, store_id, source, external_id, created_at, expires_at, content ->> 'businessDay' as business_day, code, "campaignId" as campaign_id
  from hold, jsonb_to_recordset(content -> 'vouchers') as row (code text, "campaignId" text))`;

/** How it ended by its row, and by what the ledger says of its vouchers. */
const BECAUSE = `case when held.status = 'EXPIRED' then 'EXPIRED' when held.status = 'REDEEMED' then 'NOT_USED' when held.status = 'RELEASED' and event.data ->> 'because' not in ('EXPIRED', 'NOT_USED') then event.data ->> 'because' when held.status = 'RELEASED' then 'RELEASED' end`;

export const holdChecks: readonly SqlCheck[] = [
  {
    name: 'holds',
    kind: 'sql',
    promises: 'Every voucher of every hold was told of in the ledger when it was held.',
    advice,
    of: countOf('hold'),
    sql: agreeing({
      table: 'hold',
      id: "concat(coalesce(held.id, event.data ->> 'holdId'), ' ', coalesce(held.code, event.code))",
      position: 'event.position',
      from: `${VOUCHERS} held full join ${eventsOf('VOUCHER_HELD')} event on event.data ->> 'holdId' = held.id and event.code = held.code`,
      expected: ['held.id', 'hold with that voucher'],
      found: ['event.type', 'VOUCHER_HELD event'],
      pairs: [
        ['store', 'event.store_id', 'held.store_id'],
        ['campaign', 'event.campaign_id', 'held.campaign_id'],
        ['order', "concat(event.order_source, ' ', event.order_external_id)", "concat(held.source, ' ', held.external_id)"],
        ['business day', 'event.business_day::text', 'held.business_day'],
        ['at', 'event.at', 'held.created_at'],
      ],
    }),
  },
  {
    name: 'releases',
    kind: 'sql',
    promises: 'Every hold that ended unused was told of in the ledger, and no open one was.',
    advice,
    of: countOf("hold where status <> 'ACTIVE'"),
    sql: `${finding({
      table: 'hold',
      id: "concat(coalesce(held.id, event.data ->> 'holdId'), ' ', coalesce(held.code, event.code))",
      position: 'event.position',
      expected: `case when held.id is null then 'a hold with that voucher' when held.status = 'ACTIVE' then 'no HOLD_RELEASED event' else 'one HOLD_RELEASED event because ' || ${BECAUSE} end`,
      found: "case when held.id is null or event.type is null then 'none' else 'because ' || (event.data ->> 'because') end",
    })} from ${VOUCHERS} held full join ${eventsOf('HOLD_RELEASED')} event on event.data ->> 'holdId' = held.id and event.code = held.code
      where held.id is null or (held.status = 'ACTIVE' and event.type is not null) or (event.type is not null and event.data ->> 'because' is distinct from ${BECAUSE}) or (held.status in ('RELEASED', 'EXPIRED') and event.type is null)
      or (held.status = 'REDEEMED' and event.type is null and not exists (select from redemption where redemption.code = held.code and redemption.store_id = held.store_id and redeemed_at between held.created_at and held.expires_at))`,
  },
  {
    name: 'holds-ended',
    kind: 'sql',
    promises: 'No hold is open whose time was over while the hub went on.',
    advice:
      'The hub ends holds by itself within a second: look into its log for what keeps it from it, or let go of the hold with releaseHold.',
    of: countOf("hold where status = 'ACTIVE'"),
    // Two events later than that: a hub that comes back after a pause has its first second.
    sql: `with last as (select max(at) as newest from ${EVENTS} event), before as (select max(at) as newest from ${EVENTS} event where at < (select newest from last) - interval '1 minute')
      ${finding({ table: 'hold', id: 'id', expected: "'ended at ' || expires_at", found: "'ACTIVE while the hub wrote until ' || newest" })} from hold, before where status = 'ACTIVE' and expires_at < newest - interval '10 minutes'
      union all ${finding({ table: 'hold', id: 'id', expected: "'at most four hours from ' || created_at", found: "'an end at ' || expires_at" })} from hold where expires_at > created_at + interval '4 hours' or expires_at < created_at`,
  },
];
