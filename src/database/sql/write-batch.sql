-- Writes a decided batch of redeems, holds and refusals, or nothing.
-- $1 keys of refusals and holds  $2 rejections  $3 events but those of redemptions (JSON lists of rows); from $4 on the columns of counters, terms, vouchers, checkouts, redemptions and allocations
-- Raises VH001 unless every voucher could be moved as decided, no counter passes its ceiling and all terms are of the version decided on;
-- a twin of a key or of an order's first checkout raises 23505. The caller then locks, reads and decides again.
with
wanted_voucher as materialized (
  select * from unnest(
    $11::int[], $12::bigint[], $13::text[], $14::text[], $15::int[], $16::int[], $17::int[], $18::boolean[], $19::timestamptz[]
  ) as row (pattern_id, idx, code, campaign_id, uses, holds, max_uses, locked, at)
),
wanted_counter as materialized (
  select * from unnest($4::text[], $5::bigint[], $6::bigint[], $7::bigint[]) as row (key, used, held, max)
),
moved_voucher as (
  insert into voucher as voucher (pattern_id, idx, code, campaign_id, status, uses, max_uses, holds, created_at)
  select pattern_id, idx, code, campaign_id,
         case when max_uses is not null and uses >= max_uses then 'REDEEMED' when uses > 0 then 'ISSUED' else 'CREATED' end,
         uses, max_uses, holds, at
  from wanted_voucher order by pattern_id, idx
  on conflict (pattern_id, idx) do update set
    uses = voucher.uses + excluded.uses,
    holds = voucher.holds + excluded.holds,
    max_uses = excluded.max_uses,
    status = case
      when excluded.max_uses is not null and voucher.uses + excluded.uses >= excluded.max_uses then 'REDEEMED'
      -- Used up before, and its limit was raised since.
      when excluded.uses > 0 or excluded.max_uses is not null and voucher.status = 'REDEEMED' then 'ISSUED'
      else voucher.status end
  where (
      -- Not read before: it must be as free as a code nobody touched. A hold on it may be the order's own, to be used up.
      voucher.status in ('CREATED', 'ISSUED') and voucher.customer_id is null and voucher.terms_version is null and voucher.valid_from is null and voucher.valid_until is null
      and voucher.holds = 0 and (excluded.max_uses is null or voucher.uses + excluded.uses <= excluded.max_uses)
      -- Who holds has read the row: one that is there now came since, perhaps with a redeem on this very order.
      and excluded.holds = 0
    )
    -- Read under its lock, so decided on what it is.
    or (select wanted.locked from wanted_voucher wanted where wanted.pattern_id = voucher.pattern_id and wanted.idx = voucher.idx)
  returning 1
),
-- The count makes the counters wait for the vouchers: all batches lock in one order.
moved_counter as (
  insert into counter as counter (key, used, held)
  select key, used, held from wanted_counter where (select count(*) from moved_voucher) >= 0 order by key collate "C"
  on conflict (key) do update set used = counter.used + excluded.used, held = counter.held + excluded.held
  returning key, used, held
),
wanted_checkout as materialized (
  select * from unnest(
    $20::text[], $21::text[], $22::text[], $23::int[], $24::text[], $25::text[], $26::text[], $27::text[], $28::text[],
    $29::date[], $30::json[], $31::json[], $32::json[], $33::json[], $34::boolean[], $35::timestamptz[], $36::timestamptz[],
    $37::text[], $38::int[], $39::int[], $40::json[]
  ) as row (id, source, external_id, sequence, store_id, customer_id, scope, redeem_key, input_hash,
    business_day, basket, priced, locked_discounts, stacking_groups, exclusive, placed_at, created_at,
    actor_id, store_version, rule_version, inputs)
),
wanted_redemption as materialized (
  select * from unnest(
    $41::text[], $42::text[], $43::text[], $44::int[], $45::int[], $46::bigint[], $47::text[], $48::text[], $49::text[],
    $50::bigint[], $51::bigint[], $52::text[], $53::text[], $54::text[], $55::date[], $56::timestamptz[], $57::text[], $58::text[],
    $59::text[], $60::int[], $61::text[], $62::text[], $63::json[], $64::text[], $65::text[]
  ) as row (id, checkout_id, campaign_id, campaign_version, pattern_id, idx, code, kind, tax_class,
    amount, reckoned, currency, store_id, customer_id, business_day, redeemed_at, till_id, staff_id,
    entry_mode, step, order_source, order_external_id, taken, voucher_id, owner_id)
),
new_key as (
  insert into idempotency (scope, key, input_hash, answer, created_at)
  select scope, redeem_key, input_hash, jsonb_build_object('kind', 'redeemed', 'checkoutId', id), created_at from wanted_checkout
  union all
  select scope, key, input_hash, answer, created_at
  from json_to_recordset($1::json) as row (scope text, key text, input_hash text, answer jsonb, created_at timestamptz)
),
new_checkout as (
  insert into checkout (id, source, external_id, sequence, store_id, customer_id, redeem_key, business_day, basket, priced, locked_discounts, stacking_groups, exclusive, placed_at, created_at,
    actor_id, store_version, rule_version, inputs)
  select id, source, external_id, sequence, store_id, customer_id, redeem_key, business_day, basket, priced, locked_discounts,
         case when stacking_groups is null then '{}' else array(select json_array_elements_text(stacking_groups)) end, exclusive, placed_at, created_at,
         actor_id, store_version, rule_version, inputs
  from wanted_checkout
),
new_redemption as (
  insert into redemption (id, checkout_id, campaign_id, campaign_version, pattern_id, idx, code, kind, tax_class, amount, reckoned, currency, reversed, undone, store_id, customer_id,
    business_day, redeemed_at, till_id, staff_id, entry_mode, step, order_source, order_external_id, taken)
  select id, checkout_id, campaign_id, campaign_version, pattern_id, idx, code, kind, tax_class, amount, reckoned, currency, 0, false, store_id, customer_id,
    business_day, redeemed_at, till_id, staff_id, entry_mode, step, order_source, order_external_id, taken
  from wanted_redemption
),
new_allocation as (
  insert into allocation (redemption_id, place, line_id, unit, tax_rate, amount, returned)
  select redemption_id, place, line_id, unit, tax_rate, amount, 0
  from unnest($66::text[], $67::int[], $68::text[], $69::int[], $70::numeric[], $71::bigint[]) as row (redemption_id, place, line_id, unit, tax_rate, amount)
),
new_rejection as (
  insert into rejection (id, at, action, code, reason, failures, nearest_basket, campaign_id, store_id, customer_id, actor_id, order_source, order_external_id)
  select id, at, action, code, reason, failures, nearest_basket, campaign_id, store_id, customer_id, actor_id, order_source, order_external_id
  from json_to_recordset($2::json) as row (id text, at timestamptz, action text, code text, reason text, failures jsonb, nearest_basket jsonb, campaign_id text, store_id text,
    customer_id text, actor_id text, order_source text, order_external_id text)
),
new_event as (
  insert into ledger_intake (type, at, business_day, store_id, campaign_id, code, amount, currency, data, redemption_id, reversal_id, voucher_id, customer_id, order_source, order_external_id)
  select 'VOUCHER_REDEEMED', redeemed_at, business_day, store_id, campaign_id, code, amount, currency,
         jsonb_build_object('redemptionId', id, 'kind', kind, 'taxClass', tax_class, 'entryMode', entry_mode, 'order', jsonb_build_object('source', order_source, 'externalId', order_external_id)),
         id, null, voucher_id, owner_id, order_source, order_external_id
  from wanted_redemption
  union all
  select type, at, business_day, store_id, campaign_id, code, amount, currency, data, redemption_id, reversal_id, voucher_id, customer_id, order_source, order_external_id
  from json_to_recordset($3::json) as row (type text, at timestamptz, business_day date, store_id text, campaign_id text, code text, amount bigint, currency text, data jsonb,
    redemption_id text, reversal_id text, voucher_id text, customer_id text, order_source text, order_external_id text)
),
wanted_terms as materialized (
  select * from unnest($8::text[], $9::text[], $10::int[]) as row (kind, id, version)
)
select case
  when (select count(*) from moved_voucher) <> (select count(*) from wanted_voucher) then refuse_batch('voucher')
  when exists (select from moved_counter join wanted_counter using (key) where moved_counter.used + moved_counter.held > wanted_counter.max) then refuse_batch('counter')
  when (select count(*) from wanted_terms) <> (select count(*) from wanted_terms join campaign on wanted_terms.kind = 'campaign' and campaign.id = wanted_terms.id and campaign.version = wanted_terms.version)
       + (select count(*) from wanted_terms join store on wanted_terms.kind = 'store' and store.id = wanted_terms.id and store.version = wanted_terms.version) then refuse_batch('terms')
  else true
end as written
