/** $1 pattern ids, $2 indices. Whoever takes several vouchers takes them in this order, so that nobody waits in a ring. */
export const LOCK_VOUCHERS =
  'select 1 from voucher join unnest($1::int[], $2::bigint[]) as wanted (pattern_id, idx) using (pattern_id, idx) order by pattern_id, idx for update of voucher';
