import { countOf, finding } from './sql.ts';
import type { SqlCheck } from './verification.types.ts';

/** The members of a limit's key; a subject may hold colons of its own. */
const part = (n: number): string => `split_part(key, ':', ${n})`;
const SUBJECT = "substring(key from '^limit:[^:]*:[^:]*:[^:]*:[^:]*:[^:]*:(.*)$')";

const faults = `concat_ws('; ',
  case when key like 'limit:%' and ${part(2)} <> campaign_id and ${part(2)} is distinct from parent_id then 'a limit of another campaign' end,
  case when key like 'budget:%' and ${part(2)} <> campaign_id and ${part(2)} is distinct from parent_id then 'the budget of another campaign' end,
  case when key like 'count:%' and key <> 'count:' || campaign_id || ':redeemed' then 'a count of something else' end,
  case when (key like 'budget:%' or key like 'balance:%' or ${part(3)} = 'DISCOUNT_AMOUNT') and delta <> amount then 'the amount ' || delta end,
  case when (key like 'count:%' or ${part(3)} = 'REDEMPTIONS') and delta <> 1 then delta || ' redemptions' end,
  case when key like 'limit:%' and ${part(4)} = 'CUSTOMER' and ${SUBJECT} is distinct from customer_id then 'another customer' end,
  case when key like 'limit:%' and ${part(4)} = 'STORE' and ${SUBJECT} <> store_id then 'another store' end,
  case when key like 'limit:%' and ${part(6)} <> case ${part(5)}
    when 'BUSINESS_DAY' then to_char(business_day, 'YYYY-MM-DD') when 'WEEK' then to_char(business_day, 'IYYY-"W"IW')
    when 'MONTH' then to_char(business_day, 'YYYY-MM') when 'YEAR' then to_char(business_day, 'YYYY') else '' end then 'another ' || lower(${part(5)}) end)`;

/** What a redemption says that it took is what it must have taken: else a counter could be changed together with it. */
export const takenChecks: readonly SqlCheck[] = [
  {
    name: 'taken',
    kind: 'sql',
    promises: 'Each redemption took its amount and one use from limits, budgets and counts of its own campaign, customer, store and day.',
    advice: 'Compare what the redemption says it took with its campaign’s limits of that version; the ledger has its amount.',
    of: countOf('redemption'),
    sql: `${finding({ table: 'redemption', id: 'id', expected: "'its own limits, budgets and counts'", found: "key || ': ' || fault" })}
      from (select redemption.id, key, ${faults} as fault from redemption left join campaign on campaign.id = campaign_id, json_to_recordset(taken) as use (key text, delta bigint)) used where fault <> ''
      union all ${finding({ table: 'redemption', id: 'id', expected: "'its use in ' || key", found: "'nothing taken from it'" })}
      from (select redemption.id, json_array_elements(taken) ->> 'key' as took, 'count:' || campaign_id || ':redeemed' as key from redemption) used group by id, key having not bool_or(took = key)
      union all ${finding({ table: 'redemption', id: 'id', expected: "'something taken from counters'", found: "'nothing'" })} from redemption where json_array_length(taken) = 0
      union all ${finding({ table: 'redemption', id: 'redemption.id', expected: "'its amount in the budget of version ' || campaign_version", found: "'nothing taken from it'" })}
      from redemption join campaign_version promised on promised.campaign_id = redemption.campaign_id and promised.version = campaign_version
      where content ->> 'budget' is not null and not exists (select from json_array_elements(taken) use where use ->> 'key' = 'budget:' || redemption.campaign_id)`,
  },
];
