import type { Incentive } from '../campaign/incentive.types.ts';
import type { Money } from '../shared/money.ts';

/** The sum that is printed on a voucher; null where what it gives hangs on the basket. */
export function faceValue(incentive: Incentive | null): Money | null {
  if (incentive === null) return null;
  if ('amountOff' in incentive) return incentive.amountOff.amount;
  if ('tender' in incentive) return incentive.tender.value;
  if ('giftBalance' in incentive) return incentive.giftBalance.value;
  return null;
}
