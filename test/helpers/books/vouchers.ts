import { expect } from '@jest/globals';
import type { Hold, Redemption, Rows } from './rows.ts';
import { Sums } from './sums.ts';

export async function checkVouchers(rows: Rows, redemptions: readonly Redemption[], holds: readonly Hold[]): Promise<void> {
  const uses = new Sums();
  const set = new Sums();
  for (const { place, undone } of redemptions) if (!undone) uses.add(place, 1);
  for (const hold of holds)
    if (hold.status === 'ACTIVE') for (const { patternId, index } of hold.content.vouchers) set.add(`${patternId}:${index}`, 1);
  const stored = { uses: new Sums(), holds: new Sums() };
  const vouchers = await rows<{ place: string; uses: number; holds: number; max: number | null; status: string }>(
    "select pattern_id || ':' || idx as place, uses, holds, max_uses as max, status from voucher",
  );
  for (const voucher of vouchers) {
    stored.uses.add(voucher.place, voucher.uses);
    stored.holds.add(voucher.place, voucher.holds);
    const { uses: n, max, status } = voucher;
    if (max !== null && n + voucher.holds > max)
      throw new Error(`Voucher ${voucher.place} has ${n} uses and ${voucher.holds} holds, more than ${max}.`);
    if ((status === 'REDEEMED') !== (max !== null && n >= max))
      throw new Error(`Voucher ${voucher.place} is ${status} with ${n} of ${max} uses.`);
  }
  expect({ uses: stored.uses.shown(), holds: stored.holds.shown() }).toEqual({ uses: uses.shown(), holds: set.shown() });
}

export async function checkAllocations(rows: Rows, redemptions: readonly Redemption[]): Promise<void> {
  const shares = new Map(
    (
      await rows<{ id: string; amount: number; returned: number; least: number; over: number }>(
        `select redemption_id as id, sum(amount)::bigint as amount, sum(returned)::bigint as returned, min(amount) as least, max(returned - amount) as over from allocation group by 1`,
      )
    ).map((row) => [row.id, row]),
  );
  const back = new Map(
    (
      await rows<{ id: string; amount: number; shares: number; n: number }>(
        `select redemption_id as id, sum(amount)::bigint as amount, count(*) as n,
       coalesce(sum((select sum((share ->> 'amount')::bigint) from jsonb_array_elements(allocations) share)), 0)::bigint as shares from reversal group by 1`,
      )
    ).map((row) => [row.id, row]),
  );
  for (const { id, kind, amount, reversed, undone } of redemptions) {
    const own = shares.get(id);
    const returned = back.get(id);
    if ((returned?.amount ?? 0) !== reversed)
      throw new Error(`${id}: reversals come to ${returned?.amount}, the redemption says ${reversed}.`);
    if (undone !== (reversed === amount && returned !== undefined))
      throw new Error(`${id}: ${reversed} of ${amount} reversed, undone ${undone}.`);
    if (kind === 'TENDER' || amount === 0) {
      if (own) throw new Error(`${id}: a ${kind} of ${amount} has shares.`);
      continue;
    }
    expect({ id, amount: own?.amount, returned: own?.returned, reversed: returned?.shares ?? 0 }).toEqual({
      id,
      amount,
      returned: reversed,
      reversed,
    });
    if ((own?.least ?? 0) <= 0 || (own?.over ?? 1) > 0)
      throw new Error(`${id}: a share is nothing, or more of it came back than there was.`);
  }
}
