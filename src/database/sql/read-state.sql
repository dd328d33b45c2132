-- What decisions hang on, as it stands in one snapshot.
-- $1 pattern ids  $2 indices (one voucher each)  $3 sources  $4 external ids (one order each)  $5 scopes  $6 keys (one idempotency key each)  $7 hold ids  $8 keys of counters
select
  coalesce((
    select json_agg(json_build_object('patternId', voucher.pattern_id, 'index', voucher.idx, 'status', status, 'uses', uses, 'maxUses', max_uses, 'holds', holds, 'customerId', customer_id, 'termsVersion', terms_version,
      'validFrom', floor(extract(epoch from valid_from) * 1000), 'validUntil', floor(extract(epoch from valid_until) * 1000)))
    from unnest($1::int[], $2::bigint[]) as wanted (pattern_id, idx) join voucher on voucher.pattern_id = wanted.pattern_id and voucher.idx = wanted.idx
  ), '[]') as vouchers,
  coalesce((
    select json_agg(json_build_object('source', checkout.source, 'externalId', checkout.external_id, 'sequence', checkout.sequence, 'groups', stacking_groups, 'exclusive', exclusive, 'lockedDiscounts', locked_discounts,
      'redemptions', (select coalesce(json_agg(json_build_object('code', code, 'kind', kind, 'amount', amount - reversed, 'undone', undone, 'card', exists (select from json_array_elements(taken) use where use ->> 'key' like 'balance:%'),
          'group', (select content -> 'stacking' ->> 'group' from campaign_version where campaign_version.campaign_id = redemption.campaign_id
            and version = coalesce((inputs -> 'promises' -> code ->> 'version')::int, redemption.campaign_version)),
          'allocations', (select coalesce(json_agg(json_build_object('lineId', line_id, 'unit', unit, 'amount', allocation.amount + moved - returned) order by place), '[]') from allocation where redemption_id = redemption.id)
        ) order by step), '[]') from redemption where checkout_id = checkout.id)
    ) order by checkout.sequence)
    from unnest($3::text[], $4::text[]) as wanted (source, external_id) join checkout on checkout.source = wanted.source and checkout.external_id = wanted.external_id
  ), '[]') as checkouts,
  coalesce((
    select json_agg(json_build_object('id', hold.id, 'status', status, 'codes', codes, 'source', source, 'externalId', external_id, 'storeId', store_id, 'content', content,
      'expiresAt', floor(extract(epoch from expires_at) * 1000), 'createdAt', floor(extract(epoch from created_at) * 1000)))
    from hold where id = any($7::text[]) or (status = 'ACTIVE' and (source, external_id) in (select * from unnest($3::text[], $4::text[])))
  ), '[]') as holds,
  coalesce((
    select json_agg(json_build_object('scope', idempotency.scope, 'key', idempotency.key, 'inputHash', input_hash, 'answer', answer))
    from unnest($5::text[], $6::text[]) as wanted (scope, key) join idempotency on idempotency.scope = wanted.scope and idempotency.key = wanted.key
  ), '[]') as keys,
  coalesce((
    select json_agg(json_build_object('key', key, 'used', used, 'held', held)) from counter where key = any($8::text[])
  ), '[]') as counters
