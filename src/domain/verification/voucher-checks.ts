import { agreeing, countOf, differing, eventsOf, finding } from './sql.ts';
import type { SqlCheck } from './verification.types.ts';

const PLACE = "coalesce(voucher.code, concat(pattern_id, ':', idx))";

const REDEEMED = `select pattern_id, idx, count(*) as ever, count(*) filter (where not undone) as uses from redemption group by pattern_id, idx`;
const HELD = `
  select "patternId" as pattern_id, index as idx, count(*) as holds from hold, jsonb_to_recordset(content -> 'vouchers') as row ("patternId" int, index bigint)
  where status = 'ACTIVE' group by 1, 2`;
/** What is left of a gift voucher: its balance is a sum with a ceiling like any other. */
const BALANCE = `
  select pattern_id, idx, sum(delta - reversed) as spent, max(max) as value
  from redemption, json_to_recordset(taken) as use (key text, delta bigint, max bigint) where key like 'balance:%' group by pattern_id, idx`;

const counts = differing([
  ['uses', 'coalesce(redeemed.uses, 0)', 'coalesce(voucher.uses, 0)'],
  ['holds', 'coalesce(held.holds, 0)', 'coalesce(voucher.holds, 0)'],
]);

/** What befell a voucher, by the ledger. */
const TOLD = `
  select code, bool_or(type = 'VOUCHER_ISSUED') as issued, bool_or(type = 'VOUCHER_BLOCKED') as blocked, bool_or(type = 'VOUCHER_CANCELLED') as cancelled, bool_or(type = 'VOUCHER_EXPIRED') as expired
  from ${eventsOf('VOUCHER_ISSUED', 'VOUCHER_BLOCKED', 'VOUCHER_CANCELLED', 'VOUCHER_EXPIRED')} event group by code`;

const STATUS = `case
  when told.cancelled then 'CANCELLED' when told.blocked then 'BLOCKED' when told.expired then 'EXPIRED'
  when balance.value is not null then case when redeemed.uses = 0 then 'ISSUED' when balance.spent >= balance.value or redeemed.uses >= voucher.max_uses then 'REDEEMED' else 'PARTLY_REDEEMED' end
  when voucher.max_uses is not null and coalesce(redeemed.uses, 0) >= voucher.max_uses then 'REDEEMED'
  when told.issued or redeemed.ever > 0 then 'ISSUED' else 'CREATED' end`;

const OWNED = '(customer_id is not null or terms_version is not null or source_order_id is not null)';

const advice =
  'Whether a code may be used hangs on this row. The redemptions and the ledger say what befell it: compare them, and keep a copy before anything is mended.';

export const voucherChecks: readonly SqlCheck[] = [
  {
    name: 'voucher-uses',
    kind: 'sql',
    promises: 'Every voucher counts the redemptions of it that stand and the open holds it is in.',
    advice,
    of: countOf('voucher'),
    sql: `${finding({ table: 'voucher', id: PLACE, expected: counts.expected, found: `case when voucher.code is null then 'no such voucher' else ${counts.found} end` })}
      from voucher full join (${REDEEMED}) redeemed using (pattern_id, idx) full join (${HELD}) held using (pattern_id, idx) where voucher.code is null or ${counts.where}`,
  },
  {
    name: 'voucher-bounds',
    kind: 'sql',
    promises: 'No voucher is used and held more often than it may be.',
    advice,
    of: countOf('voucher where max_uses is not null'),
    sql: `${finding({ table: 'voucher', id: 'code', expected: "'at most ' || max_uses", found: "uses || ' uses and ' || holds || ' holds'" })} from voucher where uses + holds > max_uses`,
  },
  {
    name: 'voucher-status',
    kind: 'sql',
    promises: 'Every voucher’s status follows from what befell it: issued, redeemed, blocked, cancelled, expired.',
    advice,
    of: countOf('voucher'),
    sql: `${finding({ table: 'voucher', id: 'voucher.code', expected: STATUS, found: 'status' })}
      from voucher left join (${REDEEMED}) redeemed using (pattern_id, idx) left join (${BALANCE}) balance using (pattern_id, idx) left join (${TOLD}) told on told.code = voucher.code
      where status <> ${STATUS}`,
  },
  {
    name: 'vouchers-issued',
    kind: 'sql',
    promises: 'Every voucher that belongs to a customer, or was earned by an order, was issued, and is as it was issued.',
    advice,
    of: countOf(`voucher where ${OWNED}`),
    sql: agreeing({
      table: 'voucher',
      id: 'coalesce(voucher.code, event.code)',
      position: 'event.position',
      from: `(select * from voucher where ${OWNED}) voucher full join ${eventsOf('VOUCHER_ISSUED')} event on event.code = voucher.code`,
      expected: ['voucher.code', 'voucher that somebody was given'],
      found: ['event.type', 'VOUCHER_ISSUED event'],
      pairs: [
        ['campaign', 'event.campaign_id', 'voucher.campaign_id'],
        ['customer', 'event.customer_id', 'voucher.customer_id'],
        ['valid from', "(event.data ->> 'validFrom')::timestamptz(3)", 'voucher.valid_from'],
        ['valid until', "(event.data ->> 'validUntil')::timestamptz(3)", 'voucher.valid_until'],
      ],
    }),
  },
  {
    name: 'voucher-of',
    kind: 'sql',
    promises: 'Redemptions and holds are of the vouchers whose codes and campaigns they name.',
    advice,
    of: countOf('redemption'),
    sql: `${finding({
      table: 'redemption',
      id: 'redemption.id',
      expected: "voucher.code || ' of ' || voucher.campaign_id",
      found: "redemption.code || ' of ' || redemption.campaign_id",
    })} from redemption join voucher using (pattern_id, idx) where redemption.code <> voucher.code or redemption.campaign_id <> voucher.campaign_id
      union all ${finding({ table: 'hold', id: 'hold.id', expected: "voucher.code || ' of ' || voucher.campaign_id", found: `row.code || ' of ' || row."campaignId"` })}
      from hold, jsonb_to_recordset(content -> 'vouchers') as row ("patternId" int, index bigint, code text, "campaignId" text) join voucher on voucher.pattern_id = "patternId" and idx = index
      where row.code <> voucher.code or row."campaignId" <> voucher.campaign_id or not row.code = any(hold.codes)`,
  },
];
