import type { StoreTerms } from '../store/store.types.ts';
import type { OrderRecord } from './order.types.ts';

/** An order whose vouchers are brought in line with it. */
export interface SettleWork {
  readonly order: OrderRecord;
  readonly store: StoreTerms;
  readonly actorId: string;
  /** What a limit per TILL counts under. */
  readonly tillKey: string;
  /** As the caller's payments or the platform say: see `isPaid`. */
  readonly paid: boolean;
  /** It was paid already as it was recorded before, if it was: then it earns from no campaign that it is not known to have been there for. */
  readonly paidBefore: boolean;
  /** Nobody recorded the order before: nothing hangs on it. */
  readonly fresh: boolean;
  /** Why vouchers would be taken back. */
  readonly reason: string;
  /** Epoch ms. */
  readonly now: number;
}
