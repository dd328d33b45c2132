import type { Balance } from '../decision/balance.ts';
import type { VoucherState } from '../decision/decision.types.ts';
import { InputChecks } from '../shared/input-checks.ts';
import type { Voucher } from './voucher.entity.ts';
import type { VoucherStatus } from './voucher.types.ts';

/** The status a voucher shows: HELD and EXPIRED follow from its holds and its time. */
export function shownStatus(
  voucher: Pick<VoucherState, 'status' | 'uses' | 'maxUses' | 'validUntil' | 'holds'>,
  now: number,
  balance: Balance | null = null,
): VoucherStatus {
  if (!isOpen(voucher.status)) return voucher.status;
  if (voucher.validUntil !== null && voucher.validUntil <= now) return 'EXPIRED';
  if (balance !== null && balance.left > 0 && balance.held >= balance.left) return 'HELD';
  const held = voucher.holds.filter((hold) => hold.expiresAt > now).length;
  // A word for all, or a voucher with uses to spare, can still be used by others.
  return held > 0 && voucher.maxUses !== null && voucher.uses + held >= voucher.maxUses ? 'HELD' : voucher.status;
}

const isOpen = (status: VoucherStatus): boolean => status === 'CREATED' || status === 'ISSUED' || status === 'PARTLY_REDEEMED';

export type Withdrawal = 'BLOCKED' | 'CANCELLED';

/** From which stored statuses a voucher can be withdrawn. A used one cannot: its redemption is reversed instead. */
export const WITHDRAWN_FROM: Readonly<Record<Withdrawal, readonly Voucher['status'][]>> = {
  BLOCKED: ['CREATED', 'ISSUED', 'PARTLY_REDEEMED'],
  CANCELLED: ['CREATED', 'ISSUED', 'PARTLY_REDEEMED', 'BLOCKED', 'EXPIRED'],
};

/** Throws BAD_USER_INPUT. */
export function checkReason(reason: string): void {
  const checks = new InputChecks();
  checks.line('reason', reason, 500);
  checks.settle();
}
