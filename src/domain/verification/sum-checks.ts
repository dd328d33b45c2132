import { agreeing, countOf, EVENTS, finding } from './sql.ts';
import type { SqlCheck } from './verification.types.ts';

/** Of a key: what a reversal gives back at once, by its amount. */
const AMOUNTS = "(key like 'budget:%' or key like 'balance:%' or (key like 'limit:%' and split_part(key, ':', 3) = 'DISCOUNT_AMOUNT'))";

/** What redemptions took and reversals did not give back, refusals and issues, by key. */
const USED = `
  select key, sum(n) as n from (
    select key, case when ${AMOUNTS} then delta - reversed when (key like 'limit:%' or key like 'first:%') and undone then 0 else delta end as n
    from redemption, json_to_recordset(taken) as use (key text, delta bigint)
    union all select 'count:' || campaign_id || ':reversed', 1 from redemption where undone
    union all select 'count:' || campaign_id || ':rejected', 1 from rejection where action in ('REDEEM', 'HOLD') and campaign_id is not null
    union all select 'count:' || campaign_id || ':issued', 1 from ${EVENTS} event where type = 'VOUCHER_ISSUED'
  ) taken group by key having sum(n) <> 0`;

const HELD = `
  select key, sum(delta) as n from hold, jsonb_to_recordset(content -> 'counters') as use (key text, delta bigint) where status = 'ACTIVE' group by key having sum(delta) <> 0`;

/** The budgets once more: what the ledger says was given by the redemptions that took from them, and came back. */
const BY_BOOK = `
  select key, sum(n) as n from (
    select use.key, event.amount * case event.type when 'VOUCHER_REDEEMED' then 1 else -1 end as n
    from ${EVENTS} event join redemption on redemption.id = event.redemption_id, json_to_recordset(taken) as use (key text)
    where event.type in ('VOUCHER_REDEEMED', 'REDEMPTION_REVERSED') and (use.key like 'budget:%' or use.key like 'balance:%')
    union all
    select concat('count:', campaign_id, ':', case type when 'VOUCHER_REDEEMED' then 'redeemed' when 'VOUCHER_REJECTED' then 'rejected' else 'reversed' end), 1
    from ${EVENTS} event
    where campaign_id is not null and (type in ('VOUCHER_REDEEMED', 'VOUCHER_REJECTED') or (type = 'REDEMPTION_REVERSED' and (data ->> 'whole')::boolean))
  ) told group by key having sum(n) <> 0`;

/** Those that have no rows to be summed up from. */
const NOT_ISSUED = "not (key like 'limit:%' and split_part(key, ':', 3) = 'ISSUED')";

const advice =
  'The counter is what limits and budgets are held to. Find out which side is right (the redemptions stand in the ledger one by one), then set the counter to it in the same transaction in which you look.';

const against = (sums: string, column: 'used' | 'held', stored: string, what: string): string =>
  agreeing({
    table: 'counter',
    id: 'key',
    from: `(select key, ${column} as n, true as stored from counter where ${column} <> 0 and ${stored}) stored full join (select *, true as summed from (${sums}) sums) summed using (key)`,
    expected: ['summed', what],
    found: ['stored', 'counter'],
    pairs: [[column, 'summed.n', 'stored.n']],
  });

/** Counters, each against two other ways of reckoning it. */
export const sumChecks: readonly SqlCheck[] = [
  {
    name: 'counters-used',
    kind: 'sql',
    promises: 'What is used of every limit, budget and balance, and every count, is the sum of what redemptions took less what came back.',
    advice,
    of: countOf('counter'),
    sql: against(USED, 'used', NOT_ISSUED, 'redemption, refusal or issue that makes it'),
  },
  {
    name: 'counters-held',
    kind: 'sql',
    promises: 'What is held of every limit, budget and balance is what the open holds set aside.',
    advice,
    of: countOf('counter'),
    sql: against(HELD, 'held', 'true', 'open hold that makes it'),
  },
  {
    name: 'counters-by-ledger',
    kind: 'sql',
    promises: 'Budgets, balances and counts are what the ledger says was given, came back, and was refused.',
    advice,
    of: countOf("counter where key like 'budget:%' or key like 'balance:%' or key like 'count:%'"),
    sql: against(
      BY_BOOK,
      'used',
      "(key like 'budget:%' or key like 'balance:%' or (key like 'count:%' and key not like 'count:%:issued'))",
      'event that makes it',
    ),
  },
  {
    name: 'counters-issued',
    kind: 'sql',
    promises: 'No limit on issued vouchers counts more of them than the campaign and its sub-campaigns gave out.',
    advice,
    of: countOf("counter where key like 'limit:%' and split_part(key, ':', 3) = 'ISSUED'"),
    sql: `with issued as (
        select id, sum(n) as n from (
          select campaign.id, 1 as n from ${EVENTS} event join campaign on campaign.id = event.campaign_id where type = 'VOUCHER_ISSUED'
          union all select parent_id, 1 from ${EVENTS} event join campaign on campaign.id = event.campaign_id where type = 'VOUCHER_ISSUED' and parent_id is not null
        ) given group by id), counted as (
        select split_part(key, ':', 2) as id, substring(key from '^limit:[^:]*:ISSUED:[^:]*:[^:]*:') as limited, sum(used) as n, min(used) as least
        from counter where key like 'limit:%' and split_part(key, ':', 3) = 'ISSUED' group by 1, 2)
      ${finding({
        table: 'counter',
        id: 'limited',
        expected: "'0 to ' || coalesce(issued.n, 0) || ', which were issued'",
        found: "'used ' || counted.n || case when least < 0 then ', one below 0' else '' end",
      })} from counted left join issued using (id) where counted.n > coalesce(issued.n, 0) or least < 0`,
  },
];
