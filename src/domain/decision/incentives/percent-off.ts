import type { PercentOffTerms } from '../../campaign/incentive.types.ts';
import { percentOf } from '../../shared/money.ts';
import { sumOf } from '../units.ts';
import { dueOnTarget, findScope, givenMoney } from './common.ts';
import type { IncentiveKind } from './kind.types.ts';

export const percentOff: IncentiveKind<PercentOffTerms> = {
  effect: ({ scope }) => (scope === undefined ? 'ORDER_DISCOUNT' : 'LINE_DISCOUNT'),
  find: findScope,
  wish: ({ percent, maximum, scope }, ask) => {
    const target = dueOnTarget(scope, ask);
    const amount = percentOf(sumOf(target.most), percent);
    return { ...target, amount: maximum === undefined ? amount : Math.min(amount, maximum.minor) };
  },
  money: ({ maximum }) => givenMoney('maximum', maximum),
};
