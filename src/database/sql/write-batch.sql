-- Writes a decided batch of redeems, holds and refusals, or nothing.
-- $1 keys of refusals and holds  $2 vouchers  $3 counters  $4 checkouts  $5 redemptions  $6 allocations  $7 rejections  $8 events but those of redemptions  $9 terms (JSON lists of rows)
-- Raises VH001 unless every voucher could be moved as decided, no counter passes its ceiling and all terms are of the version decided on;
-- a twin of a key or of an order's first checkout raises 23505. The caller then locks, reads and decides again.
with
wanted_voucher as materialized (
  select * from jsonb_to_recordset($2::jsonb) as row (pattern_id int, idx bigint, code text, campaign_id text, uses int, holds int, max_uses int, locked boolean, at timestamptz)
),
wanted_counter as materialized (
  select * from jsonb_to_recordset($3::jsonb) as row (key text, used bigint, held bigint, max bigint)
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
    status = case when excluded.max_uses is not null and voucher.uses + excluded.uses >= excluded.max_uses then 'REDEEMED' when excluded.uses > 0 then 'ISSUED' else voucher.status end
  where (
      -- Not read before: it must be as free as a code nobody touched. A hold on it may be the order's own, to be used up.
      voucher.status in ('CREATED', 'ISSUED') and voucher.customer_id is null and voucher.valid_from is null and voucher.valid_until is null
      and voucher.holds = 0 and (excluded.max_uses is null or voucher.uses + excluded.uses + excluded.holds <= excluded.max_uses)
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
  select * from jsonb_to_recordset($4::jsonb) as row (id text, source text, external_id text, sequence int, store_id text, customer_id text, scope text, redeem_key text, input_hash text, business_day date,
    basket jsonb, priced jsonb, locked_discounts jsonb, stacking_groups jsonb, exclusive boolean, placed_at timestamptz, created_at timestamptz)
),
wanted_redemption as materialized (
  select * from jsonb_to_recordset($5::jsonb) as row (id text, checkout_id text, campaign_id text, campaign_version int, pattern_id int, idx bigint, code text, kind text, tax_class text,
    amount bigint, reckoned bigint, currency text, store_id text, customer_id text, business_day date, redeemed_at timestamptz, till_id text, staff_id text, entry_mode text, step int,
    order_source text, order_external_id text, taken jsonb, voucher_id text, owner_id text)
),
new_key as (
  insert into idempotency (scope, key, input_hash, answer, created_at)
  select scope, redeem_key, input_hash, jsonb_build_object('kind', 'redeemed', 'checkoutId', id), created_at from wanted_checkout
  union all
  select scope, key, input_hash, answer, created_at
  from jsonb_to_recordset($1::jsonb) as row (scope text, key text, input_hash text, answer jsonb, created_at timestamptz)
),
new_checkout as (
  insert into checkout (id, source, external_id, sequence, store_id, customer_id, redeem_key, business_day, basket, priced, locked_discounts, stacking_groups, exclusive, placed_at, created_at)
  select id, source, external_id, sequence, store_id, customer_id, redeem_key, business_day, basket, priced, locked_discounts,
         array(select jsonb_array_elements_text(stacking_groups)), exclusive, placed_at, created_at
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
  from jsonb_to_recordset($6::jsonb) as row (redemption_id text, place int, line_id text, unit int, tax_rate numeric, amount bigint)
),
new_rejection as (
  insert into rejection (id, at, action, code, reason, failures, nearest_basket, campaign_id, store_id, customer_id, actor_id, order_source, order_external_id)
  select id, at, action, code, reason, failures, nearest_basket, campaign_id, store_id, customer_id, actor_id, order_source, order_external_id
  from jsonb_to_recordset($7::jsonb) as row (id text, at timestamptz, action text, code text, reason text, failures jsonb, nearest_basket jsonb, campaign_id text, store_id text,
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
  from jsonb_to_recordset($8::jsonb) as row (type text, at timestamptz, business_day date, store_id text, campaign_id text, code text, amount bigint, currency text, data jsonb,
    redemption_id text, reversal_id text, voucher_id text, customer_id text, order_source text, order_external_id text)
),
wanted_terms as materialized (
  select * from jsonb_to_recordset($9::jsonb) as row (kind text, id text, version int)
)
select case
  when (select count(*) from moved_voucher) <> (select count(*) from wanted_voucher) then refuse_batch('voucher')
  when exists (select from moved_counter join wanted_counter using (key) where moved_counter.used + moved_counter.held > wanted_counter.max) then refuse_batch('counter')
  when (select count(*) from wanted_terms) <> (select count(*) from wanted_terms join campaign on wanted_terms.kind = 'campaign' and campaign.id = wanted_terms.id and campaign.version = wanted_terms.version)
       + (select count(*) from wanted_terms join store on wanted_terms.kind = 'store' and store.id = wanted_terms.id and store.version = wanted_terms.version) then refuse_batch('terms')
  else true
end as written
