import type { CounterUse, PricedBasket } from '../decision/decision.types.ts';

/** Why somebody let a hold go. */
export const RELEASE_REASONS = ['PAYMENT_FAILED', 'CANCELLED_BY_GUEST', 'CANCELLED_BY_STORE', 'ORDER_CHANGED', 'OTHER'] as const;
export type ReleaseReason = (typeof RELEASE_REASONS)[number];

/** What a hold set aside, to be given back or used up exactly. */
export interface HeldContent {
  /** Fingerprint of lines, quantities, prices, discounts, store, currency and customer (HOLD_MISMATCH). */
  readonly basketHash: string;
  readonly vouchers: readonly {
    readonly patternId: number;
    readonly index: number;
    readonly code: string;
    readonly campaignId: string;
    /** What it would give, in minor units; left out before that was kept. */
    readonly amount?: number;
  }[];
  readonly counters: readonly CounterUse[];
  readonly businessDay: string;
  /** Whom it counts for, should a limit come meanwhile; left out before that was kept. */
  readonly customerId?: string | null;
  readonly tillKey?: string;
  readonly priced: PricedBasket;
}
