import type { LimitCounts, LimitPer, LimitPeriod } from './limit-words.ts';
import type { Weekday } from './weekdays.ts';

/** A limit as a refusal met it. `used`, `held` and `max` are minor units where it counts DISCOUNT_AMOUNT. */
export interface LimitUse {
  readonly counts: LimitCounts;
  readonly per: LimitPer;
  readonly period: LimitPeriod;
  readonly max: number;
  readonly used: number;
  readonly held: number;
  /** RFC 3339 */
  readonly heldUntil: string | null;
  readonly resetsAt: string | null;
}

/** Numbers a message is made of; texts are made at the edge in the caller's language. Amounts in minor units of `currency`. */
export interface FailureFacts {
  readonly currency?: string;
  readonly required?: number;
  readonly actual?: number;
  readonly quantityRequired?: string;
  readonly quantityActual?: string;
  /** A business day, YYYY-MM-DD. */
  readonly date?: string;
  /** RFC 3339 */
  readonly at?: string;
  readonly storeNames?: readonly string[];
  readonly channels?: readonly string[];
  readonly name?: string;
  readonly limit?: LimitUse;
  readonly weekdays?: readonly Weekday[];
  /** Local times of the store, HH:MM, half-open. */
  readonly hours?: readonly { readonly from: string; readonly to: string }[];
  readonly methods?: readonly string[];
  /** A window around a day that comes every year. */
  readonly around?: { readonly daysBefore: number; readonly daysAfter: number };
  /** What was asked for is not known of the customer. */
  readonly unknown?: boolean;
}

/** What would make a basket valid; amounts in minor units of the basket's currency, instants RFC 3339. */
export interface NearestBasketDraft {
  readonly addAmount?: number;
  readonly addQuantity?: string;
  readonly eligibleSkus?: readonly string[];
  readonly validFrom?: string;
  readonly validUntil?: string;
  readonly storeIds?: readonly string[];
}
