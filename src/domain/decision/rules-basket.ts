import { ownersOf } from './counters.ts';
import type { Rule } from './rule.types.ts';
import { isItemMiss } from './scope.ts';

export const orderBelowMinimum: Rule = ({ input, campaign, units, oneCurrency }, refuse) => {
  const required = Math.max(0, ...ownersOf(campaign).map((owner) => owner.conditions.minimumOrder ?? 0));
  const actual = units.subtotal - units.lineDiscounts;
  if (!oneCurrency || actual >= required) return;
  refuse('ORDER_BELOW_MINIMUM', { currency: input.basket.currency, required, actual }, { addAmount: required - actual });
};

export const orderAboveMaximum: Rule = ({ input, campaign, units, oneCurrency }, refuse) => {
  const maxima = ownersOf(campaign).flatMap((owner) => owner.conditions.maximumOrder ?? []);
  const actual = units.subtotal - units.lineDiscounts;
  const required = Math.min(...maxima);
  if (!oneCurrency || actual <= required) return;
  refuse('ORDER_ABOVE_MAXIMUM', { currency: input.basket.currency, required, actual });
};

export const itemsFound: Rule = ({ scoped }, refuse) => {
  if (isItemMiss(scoped)) refuse(scoped.reason, scoped.facts, scoped.nearest);
};
