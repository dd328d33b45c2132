import type { CounterUse, PricedBasket } from '../decision/decision.types.ts';

/** What a hold set aside, to be given back or used up exactly. */
export interface HeldContent {
  /** Fingerprint of lines, quantities, prices, discounts, store, currency and customer (HOLD_MISMATCH). */
  readonly basketHash: string;
  readonly vouchers: readonly { readonly patternId: number; readonly index: number; readonly code: string; readonly campaignId: string }[];
  readonly counters: readonly CounterUse[];
  readonly businessDay: string;
  readonly priced: PricedBasket;
}
