import type { Balance } from '../decision/balance.ts';
import type { VoucherState } from '../decision/decision.types.ts';

export const VOUCHER_STATUSES = ['CREATED', 'ISSUED', 'HELD', 'PARTLY_REDEEMED', 'REDEEMED', 'EXPIRED', 'BLOCKED', 'CANCELLED'] as const;
export type VoucherStatus = (typeof VOUCHER_STATUSES)[number];

/** A voucher as it is shown: its stored state, and the status that follows from it now (HELD and EXPIRED are not stored). */
export interface VoucherView extends VoucherState {
  readonly shown: VoucherStatus;
  /** Of a gift card. */
  readonly balance: (Balance & { readonly currency: string }) | null;
}
