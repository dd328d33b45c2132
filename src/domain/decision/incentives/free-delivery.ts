import type { FreeDeliveryTerms, Scope } from '../../campaign/incentive.types.ts';
import { linesInScope } from '../scope.ts';
import { sumOf } from '../units.ts';
import { dueOnTarget, givenMoney } from './common.ts';
import type { IncentiveKind } from './kind.types.ts';

const DELIVERY = { groups: ['delivery'] } as const;

const deliveryScope = ({ items }: FreeDeliveryTerms): Scope => ({ include: items ?? DELIVERY, excludeDiscounted: false, pick: 'ALL' });

export const freeDelivery: IncentiveKind<FreeDeliveryTerms> = {
  effect: () => 'LINE_DISCOUNT',
  find: (terms, lines) => linesInScope(deliveryScope(terms), lines),
  wish: (terms, ask) => {
    const target = dueOnTarget(deliveryScope(terms), ask);
    return { ...target, amount: Math.min(sumOf(target.most), terms.maximum?.minor ?? Number.POSITIVE_INFINITY) };
  },
  money: ({ maximum }) => givenMoney('maximum', maximum),
};
