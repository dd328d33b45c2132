import type { ValueTerms } from '../../campaign/incentive.types.ts';
import type { IncentiveKind } from './kind.types.ts';

/** A part payment: what exceeds the bill is lost. */
export const tender: IncentiveKind<ValueTerms> = {
  effect: () => 'TENDER',
  find: () => null,
  wish: ({ value }) => ({ amount: value.minor, units: [], most: [] }),
  money: ({ value }) => [['value', value]],
};
