import { expect } from '@jest/globals';
import type { Hold, Redemption, Rows } from './rows.ts';
import { Sums } from './sums.ts';

interface Voucher {
  readonly place: string;
  readonly uses: number;
  readonly holds: number;
  readonly max: number | null;
  readonly status: string;
}
interface Card {
  readonly value: number;
  left: number;
}

export async function checkVouchers(rows: Rows, redemptions: readonly Redemption[], holds: readonly Hold[]): Promise<void> {
  const uses = new Sums();
  const set = new Sums();
  for (const { place, undone } of redemptions) if (!undone) uses.add(place, 1);
  for (const hold of holds)
    if (hold.status === 'ACTIVE') for (const { patternId, index } of hold.content.vouchers) set.add(`${patternId}:${index}`, 1);
  const cards = cardsOf(redemptions);
  const stored = { uses: new Sums(), holds: new Sums() };
  const vouchers = await rows<Voucher>("select pattern_id || ':' || idx as place, uses, holds, max_uses as max, status from voucher");
  for (const voucher of vouchers) {
    stored.uses.add(voucher.place, voucher.uses);
    stored.holds.add(voucher.place, voucher.holds);
    const { uses: n, max } = voucher;
    if (max !== null && n + voucher.holds > max)
      throw new Error(`Voucher ${voucher.place} has ${n} uses and ${voucher.holds} holds, more than ${max}.`);
    checkStatus(voucher, cards.get(voucher.place));
  }
  expect({ uses: stored.uses.shown(), holds: stored.holds.shown() }).toEqual({ uses: uses.shown(), holds: set.shown() });
}

/** Unit by unit: what the rows say came back and moved is what the reversals say. */
async function checkUnits(rows: Rows): Promise<void> {
  const byRows = await rows<object>(
    'select redemption_id as id, line_id as line, unit, sum(returned)::bigint as returned, sum(moved)::bigint as moved from allocation where returned <> 0 or moved <> 0 group by 1, 2, 3 order by 1, 2, 3',
  );
  const byReversals = await rows<object>(
    `select id, line, unit, sum(returned)::bigint as returned, sum(moved)::bigint as moved from (
       select redemption_id as id, share ->> 'lineId' as line, (share ->> 'unit')::int as unit, (share ->> 'amount')::bigint as returned, 0 as moved from reversal, jsonb_array_elements(allocations) share
       union all select redemption_id, share ->> 'lineId', (share ->> 'unit')::int, 0, (share ->> 'amount')::bigint from reversal, jsonb_array_elements(moved) share) told
     group by 1, 2, 3 having sum(returned) <> 0 or sum(moved) <> 0 order by 1, 2, 3`,
  );
  expect(byReversals).toEqual(byRows);
}

/** What a voucher's uses, and of a gift card what is left on it, make of its status. */
function checkStatus({ place, uses, max, status }: Voucher, card: Card | undefined): void {
  const usedUp = (max !== null && uses >= max) || (card !== undefined && uses > 0 && card.left === 0);
  if ((status === 'REDEEMED') !== usedUp) throw new Error(`Voucher ${place} is ${status} with ${uses} of ${max} uses, ${card?.left} left.`);
  if (status === 'PARTLY_REDEEMED' && !card) throw new Error(`Voucher ${place} is ${status} and has no balance.`);
  if (!card) return;
  if (card.left < 0 || card.left > card.value) throw new Error(`Gift card ${place} has ${card.left} of ${card.value} left.`);
  const open = status === 'CREATED' || status === 'ISSUED' || status === 'PARTLY_REDEEMED';
  if (open && !usedUp && (status === 'PARTLY_REDEEMED') !== uses > 0)
    throw new Error(`Gift card ${place} is ${status} after ${uses} uses.`);
}

/** What is left on gift cards, from what was paid with them. */
function cardsOf(redemptions: readonly Redemption[]): Map<string, Card> {
  const cards = new Map<string, Card>();
  for (const { place, taken, amount, reversed } of redemptions) {
    const use = taken.find(({ key }) => key.startsWith('balance:'));
    if (!use) continue;
    const card = cards.get(place) ?? { value: use.max ?? 0, left: use.max ?? 0 };
    card.left -= amount - reversed;
    cards.set(place, card);
  }
  return cards;
}

export async function checkAllocations(rows: Rows, redemptions: readonly Redemption[]): Promise<void> {
  await checkUnits(rows);
  const shares = new Map(
    (
      await rows<{ id: string; amount: number; returned: number; least: number; over: number; moved: number; strays: number }>(
        `select redemption_id as id, sum(amount)::bigint as amount, sum(returned)::bigint as returned, min(amount) as least, max(returned - amount - moved) as over,
           sum(moved)::bigint as moved, count(*) filter (where amount = 0 and not exists (select from reversal, jsonb_array_elements(reversal.moved) share where reversal.redemption_id = allocation.redemption_id and share ->> 'lineId' = line_id and (share ->> 'unit')::int = unit)) as strays from allocation group by 1`,
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
    if ((own?.least ?? -1) < 0 || own?.strays !== 0 || (own?.over ?? 1) > 0)
      throw new Error(`${id}: a share is nothing, or more of it came back than there was.`);
    if (own.moved !== 0) throw new Error(`${id}: what moved between its units comes to ${own.moved}.`);
  }
}
