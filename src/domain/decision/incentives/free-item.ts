import type { FreeItemTerms, Scope } from '../../campaign/incentive.types.ts';
import { sumOf } from '../units.ts';
import { dueOnTarget, findScope } from './common.ts';
import type { IncentiveKind } from './kind.types.ts';

const freeScope = ({ scope, quantity }: FreeItemTerms): Scope => ({ ...scope, applicableQuantity: quantity });

export const freeItem: IncentiveKind<FreeItemTerms> = {
  effect: () => 'LINE_DISCOUNT',
  find: findScope,
  wish: (terms, ask) => {
    const target = dueOnTarget(freeScope(terms), ask);
    return { ...target, amount: sumOf(target.most) };
  },
  money: () => [],
};
