/** One thing done to the books by a hand that should not: what it does, and which checks tell of it, where. */
export interface Damage {
  readonly what: string;
  /** Statements; each must change something. */
  readonly sql: string;
  /** The checks that must find it. Others may as well. */
  readonly by: readonly string[];
  /** A finding names this row or position: a statement that gives it as `id`, asked before the damage. */
  readonly where?: string;
}

const last = (type: string): string => `(select max(position) from ledger_event where type = '${type}')`;
const REDEEMED = last('VOUCHER_REDEEMED');
const ofFirst = (kind: string): string =>
  `(select redemption.id from redemption join checkout on checkout.id = checkout_id where redeem_key = 'first' and kind = '${kind}')`;
const discount = ofFirst('LINE_DISCOUNT');
const standing = ofFirst('ORDER_DISCOUNT');
const partly =
  '(select redemption_id from reversal join redemption on redemption.id = redemption_id where not undone and units is null order by reversal.id limit 1)';
const voucherOf = (status: string): string =>
  `(select pattern_id, idx from voucher where status = '${status}' order by max_uses, code limit 1)`;
const codeOf = (status: string): string => `select code as id from voucher where status = '${status}' order by max_uses, code limit 1`;
const swap = (a: string, b: string): string =>
  [
    [a, '-1'],
    [b, a],
    ['-1', b],
  ]
    .map(([from, to]) => `update ledger_event set position = ${to} where position = ${from}`)
    .join('; ');

const ledger: readonly Damage[] = [
  {
    what: 'an amount in the ledger',
    sql: `update ledger_event set amount = amount + 1 where position = ${REDEEMED}`,
    by: ['chain', 'redemptions'],
    where: `select ${REDEEMED}::text as id`,
  },
  {
    what: 'a text in the data of an event',
    sql: `update ledger_event set data = jsonb_set(data, '{entryMode}', '"KEYED"') where position = ${REDEEMED}`,
    by: ['chain', 'redemptions'],
    where: `select ${REDEEMED}::text as id`,
  },
  {
    what: 'the data of a custom event',
    sql: `update ledger_event set data = '{"n": 4}' where type = 'CUSTOM'`,
    by: ['chain'],
    where: `select ${last('CUSTOM')}::text as id`,
  },
  {
    what: 'the time of an event',
    sql: `update ledger_event set at = at + interval '1 millisecond' where position = 5`,
    by: ['chain'],
    where: "select '5' as id",
  },
  {
    what: 'the type of an event',
    sql: `update ledger_event set type = 'VOUCHER_CANCELLED' where type = 'VOUCHER_BLOCKED'`,
    by: ['chain', 'voucher-status'],
  },
  {
    what: 'the business day of an event',
    sql: `update ledger_event set business_day = business_day - 1 where position = ${REDEEMED}`,
    by: ['chain', 'redemptions'],
  },
  { what: 'an event dropped', sql: `delete from ledger_event where position = 9`, by: ['chain'], where: "select '10' as id" },
  {
    what: 'a redemption’s event dropped',
    sql: `delete from ledger_event where position = ${REDEEMED}`,
    by: ['chain', 'redemptions', 'counters-by-ledger'],
  },
  { what: 'the first event dropped', sql: 'delete from ledger_event where position = 1', by: ['chain'], where: "select '2' as id" },
  {
    what: 'the last event dropped',
    sql: 'delete from ledger_event where position = (select max(position) from ledger_event)',
    by: ['chain'],
    where: "select '1' as id",
  },
  { what: 'two positions swapped', sql: swap('7', '8'), by: ['chain'], where: "select '7' as id" },
  { what: 'a hash', sql: "update ledger_event set hash = repeat('a', 64) where position = 6", by: ['chain'], where: "select '6' as id" },
  {
    what: 'a previous hash',
    sql: "update ledger_event set previous_hash = repeat('b', 64) where position = 6",
    by: ['chain'],
    where: "select '6' as id",
  },
  {
    what: 'a second event at a position: a fork of the chain’s tail',
    sql: `insert into ledger_event select position, at + interval '1 second', type, business_day, store_id, campaign_id, code, amount, currency, data, name, redemption_id, reversal_id, voucher_id, customer_id, order_source, order_external_id, intake_id + 1000000, hash, previous_hash from ledger_event where position = (select max(position) from ledger_event)`,
    by: ['chain'],
  },
  { what: 'the head behind', sql: 'update ledger_head set position = position - 1', by: ['chain'], where: "select '1' as id" },
  { what: 'the head with another hash', sql: "update ledger_head set hash = repeat('0', 64)", by: ['chain'], where: "select '1' as id" },
  { what: 'no head', sql: 'delete from ledger_head', by: ['chain'], where: "select '1' as id" },
  {
    what: 'an event sealed twice',
    sql: `insert into ledger_intake (id, type, at, data) select intake_id, type, at, data from ledger_event where type = 'CUSTOM'`,
    by: ['sealed-once'],
  },
  {
    what: 'an event passed over by the sealer',
    sql: `insert into ledger_intake (type, at, data, name) select 'CUSTOM', min(at) - interval '1 hour', '{}', 'x' from ledger_event`,
    by: ['intake'],
  },
  {
    what: 'a partition detached',
    sql: 'alter table ledger_event detach partition ledger_event_2026_05',
    by: ['partitions', 'chain'],
    where: "select 'ledger_event_2026_05' as id",
  },
  {
    what: 'a reader ahead of the ledger',
    sql: "insert into ledger_reader (name, position) values ('workflows', 1000000)",
    by: ['readers'],
    where: "select 'workflows' as id",
  },
  {
    what: 'a redemption told twice',
    sql: `insert into ledger_intake (type, at, business_day, store_id, campaign_id, code, amount, currency, data, redemption_id, voucher_id, customer_id, order_source, order_external_id) select type, at, business_day, store_id, campaign_id, code, amount, currency, data, redemption_id, voucher_id, customer_id, order_source, order_external_id from ledger_event where position = ${REDEEMED}`,
    by: ['happened-once', 'counters-by-ledger'],
  },
  {
    what: 'an event linked to another redemption',
    sql: `update ledger_event set redemption_id = ${discount} where position = ${REDEEMED}`,
    by: ['redemptions', 'links'],
  },
  {
    what: 'an event linked to another voucher',
    sql: `update ledger_event set voucher_id = (select voucher_id from ledger_event where type = 'VOUCHER_BLOCKED') where position = ${REDEEMED}`,
    by: ['voucher-links'],
    where: `select 'VOUCHER_REDEEMED of ' || code as id from ledger_event where position = ${REDEEMED}`,
  },
  {
    what: 'an event linked to no customer',
    sql: "update ledger_event set customer_id = 'cus_nobody' where type = 'VOUCHER_HELD'",
    by: ['links'],
  },
  {
    what: 'an event linked to another order',
    sql: "update ledger_event set order_external_id = 'elsewhere' where type = 'ORDER_RECORDED'",
    by: ['links', 'orders-recorded'],
  },
];

const tables: readonly Damage[] = [
  {
    what: 'a redemption deleted',
    sql: `delete from redemption where id = ${standing}`,
    by: ['redemptions', 'counters-used', 'voucher-uses', 'shares', 'priced'],
    where: `select ${standing} as id`,
  },
  {
    what: 'a redemption’s amount',
    sql: `update redemption set amount = amount + 100 where id = ${standing}`,
    by: ['redemptions', 'allocations', 'taken'],
    where: `select ${standing} as id`,
  },
  {
    what: 'a redemption made by hand',
    sql: `insert into redemption select 'rdm_made', checkout_id, campaign_id, campaign_version, pattern_id, idx, code, kind, tax_class, amount, currency, reckoned, reversed, undone, store_id, customer_id, business_day, redeemed_at, till_id, staff_id, entry_mode, step, order_source, order_external_id, linked_order_id, taken from redemption where id = ${standing}`,
    by: ['redemptions', 'voucher-uses', 'counters-used'],
    where: "select 'rdm_made' as id",
  },
  {
    what: 'a redemption of another day',
    sql: `update redemption set business_day = business_day + 1 where id = ${standing}`,
    by: ['redemptions', 'checkouts'],
  },
  {
    what: 'a redemption of another store',
    sql: `update redemption set store_id = (select max(id) from store where id <> store_id) where id = ${standing}`,
    by: ['redemptions', 'checkouts'],
  },
  {
    what: 'a redemption of another campaign',
    sql: `update redemption set campaign_id = (select id from campaign where name = 'Bono') where id = ${standing}`,
    by: ['redemptions', 'voucher-of', 'taken'],
  },
  {
    what: 'a redemption undone without a reversal',
    sql: `update redemption set undone = true where id = ${standing}`,
    by: ['reversals', 'undone', 'voucher-uses'],
  },
  { what: 'what a redemption took', sql: `update redemption set taken = '[]' where id = ${standing}`, by: ['taken', 'counters-used'] },
  {
    what: 'what a redemption took, and the counter with it',
    sql: `update redemption set taken = (select json_agg(use) from json_array_elements(taken) use where use ->> 'key' not like 'budget:%') where campaign_id = (select id from campaign where name = 'Primavera'); delete from counter where key like 'budget:%'`,
    by: ['taken'],
  },
  {
    what: 'an allocation deleted',
    sql: `delete from allocation where redemption_id = ${discount} and place = 0`,
    by: ['allocations', 'priced'],
    where: `select ${discount} as id`,
  },
  {
    what: 'an allocation’s amount',
    sql: `update allocation set amount = amount + 1 where redemption_id = ${discount} and place = 0`,
    by: ['allocations', 'priced'],
  },
  {
    what: 'a share moved to another unit',
    sql: `update allocation set unit = 3 where redemption_id = ${standing} and place = 0`,
    by: ['priced'],
  },
  {
    what: 'a share on a line that there is not',
    sql: `update allocation set line_id = 'flan' where redemption_id = ${standing} and place = 0`,
    by: ['priced'],
  },
  { what: 'a share’s tax rate', sql: `update allocation set tax_rate = 4 where redemption_id = ${standing} and place = 0`, by: ['priced'] },
  {
    what: 'a share of no redemption',
    sql: "insert into allocation (redemption_id, place, line_id, unit, tax_rate, amount, returned) values ('rdm_none', 0, 'x', 1, 10, 5, 0)",
    by: ['shares'],
    where: "select 'rdm_none 0' as id",
  },
  {
    what: 'more returned than there was',
    sql: `update allocation set returned = amount + 1 where redemption_id = ${discount} and place = 0`,
    by: ['shares', 'allocations', 'shares-by-unit'],
  },
  {
    what: 'returned moved to another unit',
    sql: `update allocation set returned = returned - 1 where redemption_id = ${partly} and place = (select min(place) from allocation where redemption_id = ${partly} and returned > 0); update allocation set returned = returned + 1 where redemption_id = ${partly} and place = (select max(place) from allocation where redemption_id = ${partly})`,
    by: ['shares-by-unit'],
  },
  {
    what: 'a reversal deleted',
    sql: 'delete from reversal where id = (select min(id) from reversal)',
    by: ['reversal-events', 'reversals', 'keys'],
    where: 'select min(id) as id from reversal',
  },
  {
    what: 'a reversal’s amount',
    sql: 'update reversal set amount = amount + 1 where id = (select min(id) from reversal)',
    by: ['reversals', 'reversal-events'],
  },
  {
    what: 'what is reversed of a redemption',
    sql: `update redemption set reversed = reversed + 1 where id = ${partly}`,
    by: ['reversals', 'allocations', 'counters-used'],
    where: `select ${partly} as id`,
  },
  {
    what: 'a tender with shares',
    sql: "insert into allocation (redemption_id, place, line_id, unit, tax_rate, amount, returned) select id, 0, 'paella', 1, 10, amount, 0 from redemption where kind = 'TENDER'",
    by: ['allocations'],
  },
  {
    what: 'a redeem’s sums',
    sql: `update checkout set priced = jsonb_set(priced::jsonb, '{due}', '1')::json where redeem_key = 'first'`,
    by: ['priced'],
    where: "select id from checkout where redeem_key = 'first'",
  },
  {
    what: 'a redeem’s tax',
    sql: `update checkout set priced = jsonb_set(priced::jsonb, '{tax,0,tax}', '1')::json where redeem_key = 'second'`,
    by: ['priced'],
    where: "select id from checkout where redeem_key = 'second'",
  },
  {
    what: 'a price in a redeem’s basket',
    sql: `update checkout set basket = jsonb_set(basket::jsonb, '{lines,0,unitPrice}', '1')::json where redeem_key = 'first'`,
    by: ['priced'],
  },
  { what: 'a redeem deleted', sql: "delete from checkout where redeem_key = 'second'", by: ['checkouts', 'keys'] },
  { what: 'a redeem’s place on its order', sql: "update checkout set sequence = 5 where redeem_key = 'second'", by: ['checkouts'] },
  {
    what: 'what a redeem is made of, unreadable',
    sql: "update redemption set taken = '{}' where id = (select min(id) from redemption)",
    by: ['taken', 'counters-used'],
  },
  {
    what: 'a rejection deleted',
    sql: "delete from rejection where id = (select min(id) from rejection where action = 'REDEEM' and campaign_id is not null)",
    by: ['rejections', 'keys', 'counters-used'],
  },
  {
    what: 'a rejection’s reason',
    sql: "update rejection set reason = 'CODE_UNKNOWN' where reason = 'ALREADY_REDEEMED'",
    by: ['rejections'],
  },
  {
    what: 'an order deleted',
    sql: 'delete from orders where id = (select min(id) from orders)',
    by: ['orders-recorded'],
    where: 'select min(id) as id from orders',
  },
  { what: 'a refund’s amount', sql: 'update refund set amount = amount - 1', by: ['refunds'], where: 'select id from refund' },
  {
    what: 'what moved between units',
    sql: `update allocation set moved = moved + 1 where redemption_id = ${standing} and place = 0`,
    by: ['shares-by-unit', 'allocations'],
  },
  { what: 'a payment’s link taken away', sql: 'update redemption set linked_order_id = null', by: ['payments-linked'] },
  { what: 'a customer deleted', sql: 'delete from customer', by: ['customers', 'links'] },
];

const sums: readonly Damage[] = [
  {
    what: 'a limit’s counter raised',
    sql: "update counter set used = used + 1 where key like 'limit:%:CUSTOMER:%'",
    by: ['counters-used'],
    where: "select key as id from counter where key like 'limit:%:CUSTOMER:%'",
  },
  {
    what: 'an amount limit’s counter lowered',
    sql: "update counter set used = used - 1 where key like 'limit:%:DISCOUNT_AMOUNT:%'",
    by: ['counters-used'],
  },
  {
    what: 'a budget lowered',
    sql: "update counter set used = used - 500 where key = 'budget:' || (select id from campaign where name = 'Año')",
    by: ['counters-used', 'counters-by-ledger'],
  },
  {
    what: 'a budget’s counter deleted',
    sql: "delete from counter where key = 'budget:' || (select id from campaign where name = 'Año')",
    by: ['counters-used', 'counters-by-ledger'],
  },
  {
    what: 'a count of redemptions',
    sql: "update counter set used = used + 1 where key like 'count:%:redeemed'",
    by: ['counters-used', 'counters-by-ledger'],
  },
  {
    what: 'a count of reversals',
    sql: "update counter set used = used + 1 where key like 'count:%:reversed'",
    by: ['counters-used', 'counters-by-ledger'],
  },
  {
    what: 'a count of refusals',
    sql: "update counter set used = 0 where key like 'count:%:rejected'",
    by: ['counters-used', 'counters-by-ledger'],
  },
  { what: 'a count of issues', sql: "update counter set used = used - 1 where key like 'count:%:issued'", by: ['counters-used'] },
  {
    what: 'a limit on issued vouchers raised',
    sql: "update counter set used = used + 10 where key like 'limit:%:ISSUED:%'",
    by: ['counters-issued'],
  },
  { what: 'held forgotten', sql: 'update counter set held = 0 where held > 0', by: ['counters-held'] },
  { what: 'held for nobody', sql: "update counter set held = held + 7 where key like 'budget:%'", by: ['counters-held'] },
  {
    what: 'a counter of nothing',
    sql: "insert into counter values ('budget:cmp_none', 5, 0)",
    by: ['counters-used', 'counters-by-ledger'],
    where: "select 'budget:cmp_none' as id",
  },
  {
    what: 'a hold that never ended',
    sql: "update hold set expires_at = expires_at - interval '3 hours', created_at = created_at - interval '3 hours' where status = 'ACTIVE'; insert into ledger_intake (type, at, data, name) select 'CUSTOM', max(at) + interval '2 minutes', '{}', 'later' from ledger_event",
    by: ['holds-ended'],
    where: "select id from hold where status = 'ACTIVE'",
  },
  {
    what: 'a hold without an end',
    sql: "update hold set expires_at = 'infinity' where status = 'ACTIVE'",
    by: ['holds-ended'],
    where: "select id from hold where status = 'ACTIVE'",
  },
  {
    what: 'an open hold closed by hand',
    sql: "update hold set status = 'RELEASED' where status = 'ACTIVE'",
    by: ['releases', 'counters-held', 'voucher-uses'],
  },
  {
    what: 'an expired hold opened again',
    sql: "update hold set status = 'ACTIVE' where status = 'EXPIRED'",
    by: ['releases', 'counters-held', 'voucher-uses'],
  },
  { what: 'a hold deleted', sql: "delete from hold where status = 'REDEEMED'", by: ['holds', 'keys'] },
  {
    what: 'what a hold set aside',
    sql: "update hold set content = jsonb_set(content, '{counters}', '[]') where status = 'ACTIVE'",
    by: ['counters-held'],
  },
];

const vouchers: readonly Damage[] = [
  {
    what: 'a used voucher made free',
    sql: `update voucher set status = 'ISSUED', uses = 0 where (pattern_id, idx) = ${voucherOf('REDEEMED')}`,
    by: ['voucher-uses', 'voucher-status'],
    where: codeOf('REDEEMED'),
  },
  {
    what: 'an extra use',
    sql: `update voucher set uses = uses + 1 where (pattern_id, idx) = ${voucherOf('REDEEMED')}`,
    by: ['voucher-uses', 'voucher-bounds'],
    where: codeOf('REDEEMED'),
  },
  {
    what: 'a status alone',
    sql: `update voucher set status = 'REDEEMED' where (pattern_id, idx) = ${voucherOf('ISSUED')}`,
    by: ['voucher-status'],
    where: codeOf('ISSUED'),
  },
  {
    what: 'a blocked voucher free again',
    sql: "update voucher set status = 'ISSUED' where status = 'BLOCKED'",
    by: ['voucher-status'],
    where: codeOf('BLOCKED'),
  },
  {
    what: 'a cancelled voucher free again',
    sql: "update voucher set status = 'CREATED' where status = 'CANCELLED'",
    by: ['voucher-status'],
    where: codeOf('CANCELLED'),
  },
  {
    what: 'an expired voucher given another life',
    sql: "update voucher set status = 'ISSUED', valid_until = valid_until + interval '1 year' where status = 'EXPIRED'",
    by: ['voucher-status', 'vouchers-issued'],
    where: codeOf('EXPIRED'),
  },
  {
    what: 'a voucher blocked without a word',
    sql: `update voucher set status = 'BLOCKED' where (pattern_id, idx) = ${voucherOf('ISSUED')}`,
    by: ['voucher-status'],
    where: codeOf('ISSUED'),
  },
  { what: 'a held voucher let go', sql: 'update voucher set holds = 0 where holds > 0', by: ['voucher-uses'] },
  {
    what: 'a voucher given to a customer',
    sql: `update voucher set customer_id = (select min(id) from customer) where (pattern_id, idx) = ${voucherOf('REDEEMED')}`,
    by: ['vouchers-issued'],
    where: codeOf('REDEEMED'),
  },
  {
    what: 'an issued voucher deleted',
    sql: "delete from voucher where customer_id is not null and status = 'ISSUED'",
    by: ['vouchers-issued', 'other-keys', 'issue-cursors', 'links'],
  },
  { what: 'a used voucher deleted', sql: `delete from voucher where (pattern_id, idx) = ${voucherOf('REDEEMED')}`, by: ['voucher-uses'] },
  {
    what: 'a voucher’s code',
    sql: `update voucher set code = 'DV0000000000000' where (pattern_id, idx) = ${voucherOf('REDEEMED')}`,
    by: ['codes', 'voucher-of'],
    where: "select 'DV0000000000000' as id",
  },
  {
    what: 'a voucher of another campaign',
    sql: `update voucher set campaign_id = (select id from campaign where name = 'Bono') where status = 'BLOCKED'`,
    by: ['codes'],
    where: codeOf('BLOCKED'),
  },
  {
    what: 'a voucher beyond all batches',
    sql: "insert into voucher (pattern_id, idx, code, campaign_id, status, uses, max_uses, holds, created_at) select pattern_id, 900000, 'DV9999999999999', campaign_id, 'CREATED', 0, 1, 0, created_at from voucher where status = 'BLOCKED'",
    by: ['codes'],
    where: "select 'DV9999999999999' as id",
  },
  {
    what: 'a batch made longer',
    sql: "update code_batch set count = count + 100 where id = (select min(code_batch.id) from code_batch join code_pattern on code_pattern.id = pattern_id where kind = 'RANDOM')",
    by: ['batches'],
  },
  {
    what: 'a batch made longer by one, of those that are made longer',
    sql: 'update code_batch set count = count + 1 where kept is not null',
    by: ['issue-cursors'],
  },
  {
    what: 'the places kept for a batch',
    sql: 'update code_batch set kept = kept + 1 where id = (select min(id) from code_batch where kept is not null)',
    by: ['batches'],
  },
  {
    what: 'a batch deleted',
    sql: "delete from code_batch where campaign_id = (select id from campaign where name = 'Bono')",
    by: ['batches-asked-for', 'batches', 'codes'],
  },
  {
    what: 'an issue cursor ahead',
    sql: "update code_batch set issue_cursor = count where campaign_id = (select id from campaign where name = 'Bono')",
    by: ['issue-cursors'],
  },
  {
    what: 'an issue cursor behind',
    sql: 'update code_batch set issue_cursor = issue_cursor - 1 where issue_cursor > 0',
    by: ['issue-cursors'],
  },
  { what: 'a pattern’s next place', sql: "update code_pattern set next_index = next_index - 1 where kind = 'RANDOM'", by: ['batches'] },
  {
    what: 'a redeem’s key deleted',
    sql: "delete from idempotency where scope = 'redeem' and key = 'first'",
    by: ['keys'],
    where: "select 'checkout ' || id as id from checkout where redeem_key = 'first'",
  },
  {
    what: 'a redeem’s key that leads elsewhere',
    sql: "update idempotency set answer = jsonb_set(answer, '{checkoutId}', '\"chk_none\"') where scope = 'redeem' and key = 'first'",
    by: ['keys'],
    where: "select 'checkout chk_none' as id",
  },
  { what: 'a hold’s key deleted', sql: "delete from idempotency where answer ? 'holdId'", by: ['keys'] },
  { what: 'a reversal’s key deleted', sql: "delete from idempotency where scope = 'reverse'", by: ['keys'] },
  {
    what: 'a refused redeem’s key deleted',
    sql: "delete from idempotency where scope = 'redeem' and answer ->> 'kind' = 'refused' and answer -> 'rejectionIds' <> '[]'",
    by: ['keys'],
  },
  { what: 'a recorded order’s key deleted', sql: "delete from idempotency where scope = 'orderRecorded'", by: ['other-keys'] },
  { what: 'a refund’s key deleted', sql: "delete from idempotency where scope = 'refund'", by: ['other-keys'] },
  { what: 'a refund that names no reversals', sql: "update refund set reversal_ids = '[]' where external_id is null", by: ['keys'] },
  {
    what: 'a custom event’s key that leads nowhere',
    sql: `update idempotency set answer = '{"after": 0, "intakeId": 999999}' where scope = 'recordEvent'`,
    by: ['other-keys'],
    where: "select 'recordEvent opened' as id",
  },
  {
    what: 'a campaign’s version deleted',
    sql: 'delete from campaign_version where (campaign_id, version) in (select campaign_id, campaign_version from redemption)',
    by: ['versions'],
  },
  { what: 'a store’s version deleted', sql: 'delete from store_version', by: ['versions'] },
  { what: 'a campaign set back', sql: "update campaign set version = version - 1 where name = 'Bono'", by: ['versions'] },
];

export const DAMAGES: readonly Damage[] = [...ledger, ...tables, ...sums, ...vouchers];
