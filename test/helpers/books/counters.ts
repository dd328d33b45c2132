import { expect } from '@jest/globals';
import type { Event, Hold, Redemption, Rows } from './rows.ts';
import { Sums } from './sums.ts';

const isAmount = (key: string): boolean => key.startsWith('budget:') || key.startsWith('balance:') || key.includes(':DISCOUNT_AMOUNT:');

/** Every counter stands at what redemptions, reversals, rejections and open holds come to, under its ceiling, and at what the book says. */
export async function checkCounters(
  rows: Rows,
  redemptions: readonly Redemption[],
  holds: readonly Hold[],
  events: readonly Event[],
): Promise<void> {
  const used = usedBy(redemptions);
  const held = new Sums();
  for (const hold of holds) if (hold.status === 'ACTIVE') for (const { key, delta } of hold.content.counters) held.add(key, delta);
  const rejected = await rows<{ id: string; n: number }>(
    "select campaign_id as id, count(*) as n from rejection where action in ('REDEEM', 'HOLD') and campaign_id is not null group by 1",
  );
  for (const { id, n } of rejected) used.add(`count:${id}:rejected`, n);
  for (const event of events) if (event.type === 'VOUCHER_ISSUED') used.add(`count:${event.campaignId}:issued`, 1);
  const stored = { used: new Sums(), held: new Sums() };
  const ceilings = ceilingsOf(redemptions);
  // Limits on issued vouchers have no rows to be summed up from: the book has them (issuance.ts).
  const counters = await rows<{ key: string; used: number; held: number }>(
    "select key, used, held from counter where key not like 'limit:%:ISSUED:%'",
  );
  for (const counter of counters) {
    stored.used.add(counter.key, counter.used);
    stored.held.add(counter.key, counter.held);
    const ceiling = ceilings.get(counter.key) ?? Number.POSITIVE_INFINITY;
    if (counter.used + counter.held > ceiling)
      throw new Error(`${counter.key} stands at ${counter.used} + ${counter.held} held, above ${ceiling}.`);
  }
  expect({ used: stored.used.shown(), held: stored.held.shown() }).toEqual({ used: used.shown(), held: held.shown() });
  const byBook = await givenByBook(rows, events);
  // A budget that was taken away no longer counts.
  const budgets = new Set(
    (await rows<{ key: string }>("select 'budget:' || id as key from campaign where budget is not null")).map(({ key }) => key),
  );
  for (const [key, n] of Object.entries(stored.used.shown())) {
    if (budgets.has(key) && byBook[key] !== n) throw new Error(`${key} stands at ${n}, the book says ${byBook[key]}.`);
  }
}

function usedBy(redemptions: readonly Redemption[]): Sums {
  const used = new Sums();
  for (const { campaignId, taken, reversed, undone } of redemptions) {
    for (const { key, delta } of taken) {
      if (isAmount(key)) used.add(key, delta - reversed);
      else if ((key.startsWith('limit:') || key.startsWith('first:')) && !undone) used.add(key, delta);
    }
    used.add(`count:${campaignId}:redeemed`, 1);
    if (undone) used.add(`count:${campaignId}:reversed`, 1);
  }
  return used;
}

/** Of sums of which every taker had one: a limit that came later finds what was used before it. */
function ceilingsOf(redemptions: readonly Redemption[]): Map<string, number> {
  const ceilings = new Map<string, number>();
  for (const { taken } of redemptions)
    for (const { key, max } of taken) ceilings.set(key, Math.max(ceilings.get(key) ?? 0, max ?? Number.POSITIVE_INFINITY));
  return ceilings;
}

/** The budgets by the other way: what the book says that each campaign gave and got back, mains with their subs. */
async function givenByBook(rows: Rows, events: readonly Event[]): Promise<Record<string, number>> {
  const given = new Sums();
  const campaigns = await rows<{ id: string; mainId: string | null }>('select id, parent_id as "mainId" from campaign');
  const mains = new Map(campaigns.map(({ id, mainId }) => [id, mainId]));
  for (const { type, campaignId, amount } of events) {
    const sign = type === 'VOUCHER_REDEEMED' ? 1 : type === 'REDEMPTION_REVERSED' ? -1 : 0;
    if (sign === 0 || campaignId === null) continue;
    for (const id of [campaignId, mains.get(campaignId)]) if (id) given.add(`budget:${id}`, sign * (amount ?? 0));
  }
  return given.shown();
}
