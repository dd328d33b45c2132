import type { Incentive, IncentiveName, IncentiveTerms } from '../campaign/incentive.types.ts';
import type { BasketLine } from '../order/basket.types.ts';
import { largestRemainder, type Money } from '../shared/money.ts';
import type { EffectKind } from './decision.types.ts';
import { amountOff } from './incentives/amount-off.ts';
import { buyXGetY } from './incentives/buy-x-get-y.ts';
import { freeDelivery } from './incentives/free-delivery.ts';
import { freeItem } from './incentives/free-item.ts';
import { giftBalance } from './incentives/gift-balance.ts';
import type { Ask, IncentiveKind } from './incentives/kind.types.ts';
import { percentOff } from './incentives/percent-off.ts';
import { specialPrice } from './incentives/special-price.ts';
import { tender } from './incentives/tender.ts';
import type { ItemMiss } from './scope.ts';
import { sumOf } from './units.ts';

const KINDS: { readonly [Name in IncentiveName]: IncentiveKind<IncentiveTerms[Name]> } = {
  percentOff,
  amountOff,
  specialPrice,
  freeItem,
  buyXGetY,
  freeDelivery,
  tender,
  giftBalance,
};

/** The one member of an incentive. */
export function nameOf(incentive: Incentive): IncentiveName {
  for (const name in incentive) return name as IncentiveName;
  throw new Error('An incentive without a member was stored.');
}

function ofKind<R>(incentive: Incentive, question: <Terms>(kind: IncentiveKind<Terms>, terms: Terms) => R): R {
  const of = <Name extends IncentiveName>(name: Name): R => {
    const terms: IncentiveTerms[Name] = (incentive as unknown as IncentiveTerms)[name];
    return question(KINDS[name], terms);
  };
  return of(nameOf(incentive));
}

/** What an incentive gives at some point: the amount, and the share of each unit it falls on (`shares[i]` lies on `units[i]`). */
export interface Gift {
  readonly amount: number;
  readonly units: readonly number[];
  readonly shares: readonly number[];
}

/** The bill as a part payment sees it. */
export interface Bill {
  /** Paid by tenders so far. */
  readonly tendered: number;
  /** What is left to pay of everything, added tax included; dear to reckon, so asked for only where a tender is in play. */
  readonly open: () => number;
}

/** A part payment of which an order takes one; gift cards pay in the same way, but there may be several. */
export const isTender = (incentive: Incentive | null): boolean => incentive !== null && 'tender' in incentive;

export const kindOf = (incentive: Incentive): EffectKind => ofKind(incentive, (kind, terms) => kind.effect(terms));

/** The lines it is for, as they were given, or why there is nothing to do; null = the order as a whole. */
export const findItems = (incentive: Incentive, lines: readonly BasketLine[]): readonly number[] | ItemMiss | null =>
  ofKind(incentive, (kind, terms) => kind.find(terms, lines));

/** Its money values with their paths within the incentive. */
export const moneyIn = (incentive: Incentive): (readonly [path: string, money: Money])[] =>
  ofKind(incentive, (kind, terms) => kind.money(terms)).map(([path, money]) => [`${nameOf(incentive)}.${path}`, money]);

/** Never more than is due, neither on a unit nor on the bill. */
export function reckon(incentive: Incentive, what: Ask, bill: Bill): Gift {
  const wish = ofKind(incentive, (kind, terms) => kind.wish(terms, what));
  if (kindOf(incentive) === 'TENDER') return { amount: Math.min(wish.amount, bill.open()), units: [], shares: [] };
  const base = sumOf(wish.most);
  const amount = Math.min(wish.amount, base, bill.tendered > 0 ? bill.open() : base);
  return { amount, units: amount === 0 ? [] : wish.units, shares: amount === 0 ? [] : largestRemainder(amount, wish.most) };
}
