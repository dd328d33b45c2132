import type { Incentive, Scope } from '../campaign/campaign.types.ts';
import { largestRemainder, percentOf } from '../shared/money.ts';
import type { EffectKind } from './decision.types.ts';
import { unitsInScope } from './scope.ts';
import { sumOf, type Units } from './units.ts';

/** What an incentive gives at some point: the amount, and the share of each unit it falls on (`shares[i]` lies on `units[i]`). */
export interface Gift {
  readonly amount: number;
  readonly units: readonly number[];
  readonly shares: readonly number[];
}

const NOTHING: Gift = { amount: 0, units: [], shares: [] };

export function scopeOf(incentive: Incentive): Scope | undefined {
  if ('percentOff' in incentive) return incentive.percentOff.scope;
  if ('amountOff' in incentive) return incentive.amountOff.scope;
  return undefined;
}

export function kindOf(incentive: Incentive): EffectKind {
  if ('tender' in incentive) return 'TENDER';
  return scopeOf(incentive) === undefined ? 'ORDER_DISCOUNT' : 'LINE_DISCOUNT';
}

/** The bill as a part payment sees it. */
export interface Bill {
  /** Paid by tenders so far. */
  readonly tendered: number;
  /** What is left to pay of everything, added tax included; dear to reckon, so asked for only where a tender is in play. */
  readonly open: () => number;
}

/** `scoped`: lines in scope, null = all of the order. `due` by unit. */
export function reckon(incentive: Incentive, units: Units, scoped: readonly number[] | null, due: readonly number[], bill: Bill): Gift {
  if ('tender' in incentive) return { ...NOTHING, amount: Math.min(incentive.tender.value.minor, bill.open()) };
  const scope = scopeOf(incentive);
  const onUnits = scope === undefined || scoped === null ? allUnits(due) : unitsInScope(scope, scoped, units, due);
  const weights = onUnits.map((unit) => due[unit] ?? 0);
  const base = sumOf(weights);
  const amount = Math.min(wanted(incentive, base), base, bill.tendered > 0 ? bill.open() : base);
  if (amount === 0) return NOTHING;
  return { amount, units: onUnits, shares: largestRemainder(amount, weights) };
}

function wanted(incentive: Exclude<Incentive, { tender: unknown }>, base: number): number {
  if ('amountOff' in incentive) return incentive.amountOff.amount.minor;
  const { percent, maximum } = incentive.percentOff;
  const amount = percentOf(base, percent);
  return maximum === undefined ? amount : Math.min(amount, maximum.minor);
}

function allUnits(due: readonly number[]): number[] {
  const open: number[] = [];
  for (let unit = 0; unit < due.length; unit++) if ((due[unit] ?? 0) > 0) open.push(unit);
  return open;
}
