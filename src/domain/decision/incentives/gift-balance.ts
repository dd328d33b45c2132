import type { ValueTerms } from '../../campaign/incentive.types.ts';
import type { IncentiveKind } from './kind.types.ts';

/** A part payment whose rest stays on the voucher. */
export const giftBalance: IncentiveKind<ValueTerms> = {
  effect: () => 'TENDER',
  find: () => null,
  wish: (_terms, { left }) => ({ amount: left(), units: [], most: [] }),
  money: ({ value }) => [['value', value]],
};
