import type { Money } from '@valehub/connector-kit';
import type { AllocationShare } from '../../domain/decision/decision.types.ts';

/** What a voucher gives, in the kinds that tills know. */
export const kindAtTills = (kind: string): 'ORDER_DISCOUNT' | 'LINE_DISCOUNT' | 'TENDER' =>
  kind === 'TENDER' || kind === 'LINE_DISCOUNT' ? kind : 'ORDER_DISCOUNT';

/** How it lies on the lines, which is all that tills tell apart. */
export function sharesByLine(shares: readonly AllocationShare[], currency: string): { readonly lineId: string; readonly amount: Money }[] {
  const sums = new Map<string, number>();
  for (const { lineId, amount } of shares) sums.set(lineId, (sums.get(lineId) ?? 0) + amount);
  return [...sums].map(([lineId, minor]) => ({ lineId, amount: { minor, currency } }));
}
