import { countOf, differing, finding } from './sql.ts';
import type { SqlCheck } from './verification.types.ts';

const advice =
  'Tax is reckoned from these shares. Compare them with the order and with the amount in the ledger, which is what was given; keep a copy before anything is mended.';

const SHARES = `select redemption_id, count(*) as shares, sum(amount)::bigint as amount, sum(returned)::bigint as returned, sum(moved)::bigint as moved from allocation group by redemption_id`;
const BACK = `
  select redemption_id, count(*) as times, sum(amount)::bigint as amount,
         sum((select coalesce(sum((share ->> 'amount')::bigint), 0) from jsonb_array_elements(allocations) share))::bigint as shares
  from reversal group by redemption_id`;
/** A part payment lies on no line. */
const ON_LINES = "redemption.kind <> 'TENDER' and redemption.amount > 0";

const totals = differing([
  ['shares', `case when ${ON_LINES} then redemption.amount else 0 end`, 'coalesce(shares.amount, 0)'],
  ['moved between units', '0', 'coalesce(shares.moved, 0)'],
  ['returned', `case when ${ON_LINES} then redemption.reversed else 0 end`, 'coalesce(shares.returned, 0)'],
  ['shares given back', `case when ${ON_LINES} then redemption.reversed else 0 end`, 'coalesce(back.shares, 0)'],
]);
const reversed = differing([
  ['reversed', 'coalesce(back.amount, 0)', 'redemption.reversed'],
  ['undone', 'back.times is not null and back.amount = redemption.amount', 'redemption.undone'],
]);

/** What lies on the units of an order, and what came back of it. */
export const allocationChecks: readonly SqlCheck[] = [
  {
    name: 'allocations',
    kind: 'sql',
    promises: 'The shares of a discount come to its amount, and what is returned of them to what was reversed; a part payment has none.',
    advice,
    of: countOf('redemption'),
    sql: `${finding({ table: 'redemption', id: 'redemption.id', expected: totals.expected, found: totals.found })}
      from redemption left join (${SHARES}) shares on shares.redemption_id = redemption.id left join (${BACK}) back on back.redemption_id = redemption.id where ${totals.where}`,
  },
  {
    name: 'shares',
    kind: 'sql',
    promises:
      'Every share is above nothing, or holds what moved there, belongs to a redemption, and no more of it came back than there was.',
    advice,
    of: countOf('allocation'),
    sql: `${finding({
      table: 'allocation',
      id: "allocation.redemption_id || ' ' || place",
      expected: "case when redemption.id is null then 'a redemption' else 'a share above 0, of which 0 to all came back' end",
      found:
        "case when redemption.id is null then 'none' else concat(allocation.amount, case when moved <> 0 then ' and ' || moved || ' moved there' end, ', of which ', returned, ' came back') end",
    })} from allocation left join redemption on redemption.id = redemption_id where redemption.id is null or allocation.amount < 0 or returned < 0 or returned > allocation.amount + moved
      or (allocation.amount = 0 and not exists (select from reversal, jsonb_array_elements(reversal.moved) share where reversal.redemption_id = allocation.redemption_id and share ->> 'lineId' = line_id and (share ->> 'unit')::int = unit))`,
  },
  {
    name: 'shares-by-unit',
    kind: 'sql',
    promises: 'What came back of each unit, and moved to it, is what the reversals say.',
    advice,
    of: countOf('reversal'),
    sql: `${finding({
      table: 'allocation',
      id: "concat_ws(' ', redemption_id, line_id, unit)",
      expected: "concat(coalesce(back.returned, 0), ' returned, ', coalesce(back.moved, 0), ' moved')",
      found: "concat(coalesce(given.returned, 0), ' returned, ', coalesce(given.moved, 0), ' moved')",
    })} from (select redemption_id, line_id, unit, sum(returned)::bigint as returned, sum(moved)::bigint as moved from allocation group by 1, 2, 3 having sum(returned) <> 0 or sum(moved) <> 0) given
      full join (select redemption_id, line_id, unit, sum(returned)::bigint as returned, sum(moved)::bigint as moved from (
                   select redemption_id, share ->> 'lineId' as line_id, (share ->> 'unit')::int as unit, (share ->> 'amount')::bigint as returned, 0 as moved from reversal, jsonb_array_elements(allocations) share
                   union all select redemption_id, share ->> 'lineId', (share ->> 'unit')::int, 0, (share ->> 'amount')::bigint from reversal, jsonb_array_elements(reversal.moved) share) told
                 group by 1, 2, 3 having sum(returned) <> 0 or sum(moved) <> 0) back
        using (redemption_id, line_id, unit) where (given.returned, given.moved) is distinct from (back.returned, back.moved)`,
  },
  {
    name: 'reversals',
    kind: 'sql',
    promises: 'What is reversed of a redemption is the sum of its reversals, at most its amount, and it is undone where nothing is left.',
    advice: 'A reversal was lost, added or changed. The ledger has each of them: compare, and keep a copy before anything is mended.',
    of: countOf('redemption'),
    sql: `${finding({ table: 'redemption', id: 'redemption.id', expected: reversed.expected, found: reversed.found })}
      from redemption left join (${BACK}) back on back.redemption_id = redemption.id where ${reversed.where}
      union all ${finding({ table: 'redemption', id: 'id', expected: "'0 to ' || amount || ' reversed'", found: 'reversed' })} from redemption where reversed < 0 or reversed > amount
      union all ${finding({ table: 'reversal', id: 'reversal.id', expected: "'a redemption of ' || reversal.currency", found: "coalesce('one of ' || redemption.currency, 'no redemption')" })}
      from reversal left join redemption on redemption.id = redemption_id where redemption.id is null or redemption.currency <> reversal.currency or redemption.store_id <> reversal.store_id`,
  },
];
