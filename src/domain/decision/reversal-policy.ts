import type { Conditions, ReversalPolicy } from '../campaign/campaign.types.ts';
import type { Incentive } from '../campaign/incentive.types.ts';
import { addDecimals } from '../shared/decimal.ts';
import { largestRemainder } from '../shared/money.ts';
import type { StoreTerms } from '../store/store.types.ts';
import type { AllocationShare, AppliedVoucher } from './decision.types.ts';
import { findItems, reckon } from './incentive.ts';
import { onRest, originalUnit, type Quantities, type Rest, restOf, type StandingVoucher, standingOnRest } from './rest.ts';
import type { ReversalSpread, ReversibleRedemption } from './reversal.ts';
import { isItemMiss } from './scope.ts';
import { sumOf, takeApplied, taxRateOf, unitNumber } from './units.ts';

type Taken = Extract<ReversalSpread, { outcome: 'taken' }>;

/** What a redemption was promised, as far as returned units are judged by it. */
export interface RedeemedTerms {
  readonly incentive: Incentive | null;
  /** Of the campaign and of its main. */
  readonly conditions: readonly Pick<Conditions, 'minimumOrder'>[];
  readonly reversalPolicy: ReversalPolicy;
}

/** The order that a redemption stands on. */
export interface OrderAround {
  readonly basket: Parameters<typeof restOf>[0];
  readonly store: StoreTerms;
  /** Its other vouchers that stand: those whose turn came before this one's, and those whose turn came after. */
  readonly before: readonly StandingVoucher[];
  readonly after: readonly StandingVoucher[];
}

export interface Settled extends Taken {
  /** Shares that change their unit: below 0 where they were, above 0 where they are. The sum is 0. */
  readonly moved: readonly AllocationShare[];
}

/** What is returned by unit of a redemption, with a reversal that brings back more. */
export function returnedWith(redemption: ReversibleRedemption, spread: Pick<Taken, 'returned'>): Quantities {
  const quantities = Object.fromEntries(redemption.lines.map(({ lineId, returned }) => [lineId, returned]));
  for (const { lineId, quantity } of spread.returned) quantities[lineId] = addDecimals(quantities[lineId] ?? '0', quantity);
  return quantities;
}

/**
 * What the campaign's policy makes of returned units: `byUnit` is what KEEP takes back, the shares of the units. Pure.
 * Nothing is ever taken back below zero, and what stands afterwards is never more than stood before.
 */
export function settleReturn(redemption: ReversibleRedemption, byUnit: Taken, terms: RedeemedTerms, order: OrderAround): Settled {
  if (terms.reversalPolicy === 'KEEP') return { ...byUnit, moved: [] };
  const rest = restOf(order.basket, returnedWith(redemption, byUnit));
  if (!stillMet(rest, terms)) return standAt(redemption, byUnit, new Map(), order);
  if (terms.reversalPolicy === 'CLAW_BACK') return { ...byUnit, moved: [] };
  return standAt(redemption, byUnit, reckonAnew(redemption, terms, order, rest), order);
}

/** Only what returning units can change: the order's minimum, and the items it takes. */
function stillMet(rest: Rest, { incentive, conditions }: RedeemedTerms): boolean {
  if (rest.basket.lines.length === 0 || incentive === null) return false;
  const minimum = Math.max(0, ...conditions.map((one) => one.minimumOrder ?? 0));
  return rest.units.subtotal - rest.units.lineDiscounts >= minimum && !isItemMiss(findItems(incentive, rest.basket.lines));
}

const keyOf = (lineId: string, unit: number): string => JSON.stringify([lineId, unit]);

/** By unit of the order, what it gives on what is left in its turn: never more than stands, nor more than the others leave due. */
function reckonAnew(redemption: ReversibleRedemption, { incentive }: RedeemedTerms, order: OrderAround, rest: Rest): Map<string, number> {
  const { units } = rest;
  const lines = incentive && findItems(incentive, units.lines);
  if (incentive === null || isItemMiss(lines)) return new Map();
  const inTurn = { ...units, due: units.due.slice() };
  takeApplied(inTurn, standingOnRest(rest, order.before));
  const open = { ...units, due: inTurn.due.slice() };
  takeApplied(open, standingOnRest(rest, order.after));
  // Part payments come back by themselves: they do not lower what a discount is worth.
  const gift = reckon(incentive, { units, lines, due: inTurn.due, left: () => 0 }, { tendered: 0, open: () => sumOf(inTurn.due) });
  const most = gift.units.map((unit, place) => Math.min(gift.shares[place] ?? 0, open.due[unit] ?? 0));
  const amount = Math.min(redemption.amount - redemption.reversed, sumOf(most));
  const anew = new Map<string, number>();
  for (const [place, share] of largestRemainder(amount, most).entries()) {
    const unit = gift.units[place] ?? 0;
    const lineId = units.lines[units.lineOf[unit] ?? 0]?.id ?? '';
    const key = keyOf(lineId, originalUnit(rest, lineId, unitNumber(units, unit)));
    anew.set(key, (anew.get(key) ?? 0) + share);
  }
  return anew;
}

/** Lets a redemption stand with these shares: what its units lose comes back as far as the amount falls, and else moves to those that gain. */
function standAt(
  redemption: ReversibleRedemption,
  { returned }: Pick<Taken, 'returned'>,
  stands: ReadonlyMap<string, number>,
  { basket, store }: OrderAround,
): Settled {
  const now = redemption.allocations.map((share) => ({ share, left: share.amount - share.reversed }));
  const left = new Map(now.map(({ share, left }) => [keyOf(share.lineId, share.unit), left]));
  const losing = now.map((one) => ({ ...one, loss: Math.max(0, one.left - (stands.get(keyOf(one.share.lineId, one.share.unit)) ?? 0)) }));
  const amount = redemption.amount - redemption.reversed - sumOf([...stands.values()]);
  const losses = losing.map(({ loss }) => loss);
  const back = largestRemainder(amount, losses);
  const allocations = losing.flatMap(({ share }, place) => listed(share, back[place] ?? 0));
  const away = losing.flatMap(({ share, loss }, place) => listed(share, (back[place] ?? 0) - loss));
  const gained = [...stands].flatMap(([key, share]) => {
    const [lineId, unit] = JSON.parse(key) as [string, number];
    const line = basket.lines.find(({ id }) => id === lineId);
    const gain = Math.max(0, share - (left.get(key) ?? 0));
    return line === undefined ? [] : listed({ lineId, unit, taxRate: taxRateOf(line, store) }, gain);
  });
  return {
    outcome: 'taken',
    amount,
    allocations,
    returned,
    whole: redemption.reversed + amount === redemption.amount,
    moved: [...away, ...gained],
  };
}

const listed = ({ lineId, unit, taxRate }: Omit<AllocationShare, 'amount'>, amount: number): AllocationShare[] =>
  amount === 0 ? [] : [{ lineId, unit, taxRate, amount }];

/** The redemption as it stands on what is left, after a reversal. */
export function standingAfter(redemption: ReversibleRedemption, settled: Settled, rest: Rest): AppliedVoucher {
  const returned = returnedWith(redemption, settled);
  const shares = new Map(
    redemption.allocations.map(({ lineId, unit, amount, reversed }) => [keyOf(lineId, unit), { lineId, unit, amount: amount - reversed }]),
  );
  const change = (share: AllocationShare, sign: 1 | -1): void => {
    const key = keyOf(share.lineId, share.unit);
    const known = shares.get(key)?.amount ?? 0;
    shares.set(key, { lineId: share.lineId, unit: share.unit, amount: known + sign * share.amount });
  };
  for (const share of settled.allocations) change(share, -1);
  for (const share of settled.moved) change(share, 1);
  return {
    kind: redemption.kind,
    amount: redemption.amount - redemption.reversed - settled.amount,
    allocations: onRest(rest, [...shares.values()], returned),
  };
}
