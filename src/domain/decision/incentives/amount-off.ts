import type { AmountOffTerms } from '../../campaign/incentive.types.ts';
import { dueOnTarget, findScope } from './common.ts';
import type { IncentiveKind } from './kind.types.ts';

export const amountOff: IncentiveKind<AmountOffTerms> = {
  effect: ({ scope }) => (scope === undefined ? 'ORDER_DISCOUNT' : 'LINE_DISCOUNT'),
  find: findScope,
  wish: ({ amount, scope }, ask) => ({ ...dueOnTarget(scope, ask), amount: amount.minor }),
  money: ({ amount }) => [['amount', amount]],
};
