import type { Basket } from '../order/basket.types.ts';
import type { StoreTerms } from '../store/store.types.ts';
import type { AppliedVoucher, PricedBasket } from './decision.types.ts';

/** A basket's sums, taxes and lines with the vouchers that stand on it. */
export function priceBasket(basket: Basket, store: StoreTerms, applied: readonly AppliedVoucher[] = []): PricedBasket {
  void basket; void store; void applied; throw new Error('not built yet');
}
