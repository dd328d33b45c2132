import type { PricedBasket } from '../decision/decision.types.ts';
import type { RejectionRecord } from '../redemption/redemption.types.ts';
import type { Basket } from './basket.types.ts';
import type { Payment } from './order.entity.ts';

/** What the platform itself says of an order, beside what the hub reckons. Amounts in minor units of the order's currency. */
export interface PlatformFigures {
  /** What the guest has to pay, tips and charges included. */
  readonly total: number;
  readonly tip: number | null;
  /** Service and delivery charges. */
  readonly charges: readonly { readonly name: string; readonly amount: number }[];
  /** The platform's own business day, `YYYY-MM-DD`. */
  readonly businessDay: string | null;
  /** RFC 3339 */
  readonly closedAt: string | null;
  readonly tillId: string | null;
  readonly staffId: string | null;
}

export interface OrderRecord {
  readonly id: string;
  readonly source: string;
  readonly externalId: string;
  readonly revision: number | null;
  readonly state: 'OPEN' | 'PAID' | 'VOIDED';
  readonly storeId: string;
  readonly customerId: string | null;
  readonly businessDay: string;
  /** RFC 3339 */
  readonly placedAt: string;
  readonly basket: Basket;
  readonly payments: readonly Payment[];
  readonly priced: PricedBasket;
  /** Null for orders that no platform told of. */
  readonly platform: PlatformFigures | null;
}

/** A platform's order, in the hub's words. Amounts in minor units of `currency`. Shapes follow the connector kit's HubOrder. */
export interface PlatformOrder {
  readonly externalId: string;
  /** The platform's version or time of change, as a number that only grows. */
  readonly revision: number | null;
  readonly state: 'OPEN' | 'PAID' | 'VOIDED';
  readonly placedAt: string;
  readonly currency: string;
  readonly pricesIncludeTax: boolean;
  readonly channel: Basket['channel'];
  readonly customer: { readonly id?: string; readonly phone?: string; readonly email?: string } | null;
  readonly lines: Basket['lines'];
  readonly payments: readonly Payment[];
  readonly discounts: readonly PlatformDiscount[];
  /** Payments on which a code may stand. */
  readonly tenders?: readonly PlatformTender[];
  /** Reference, note, metadata: where a code may stand. */
  readonly texts: readonly string[];
  readonly refunds: readonly PlatformRefund[];
  readonly figures?: PlatformFigures;
}

export interface PlatformDiscount {
  readonly externalId: string;
  readonly name: string | null;
  readonly amount: number;
  readonly lineId: string | null;
  /** How it lies on the lines, where the platform tells. */
  readonly shares: readonly { readonly lineId: string; readonly amount: number }[];
  /** Where the platform has a field for it. */
  readonly code: string | null;
  readonly texts: readonly string[];
}

export interface PlatformTender {
  readonly amount: number;
  /** Where the platform has a field for it. */
  readonly code: string | null;
  readonly texts: readonly string[];
}

export interface PlatformRefund {
  readonly externalId: string;
  readonly amount: number;
  readonly at: string;
  readonly reason: string | null;
  /** Left out or empty = by amount. */
  readonly lines: readonly { readonly lineId: string; readonly quantity: string }[];
}

export interface IntakeInput {
  readonly connectionId: string;
  readonly storeId: string;
  readonly order: PlatformOrder;
}

/** An order that its platform no longer has. */
export interface GoneOrder {
  readonly connectionId: string;
  readonly externalId: string;
  /** As of an order, where the platform tells with which it went. */
  readonly revision: number | null;
  /** When reading that it is gone began, epoch ms. */
  readonly fetchedAt: number;
}

/** What became of a platform's order. */
export interface IntakeResult {
  readonly orderId: string;
  /** false: an older revision, or the same again */
  readonly changed: boolean;
  readonly redeemed: readonly string[];
  readonly linked: readonly string[];
  /** For a person: codes on the order that the rules refused. */
  readonly refused: readonly RejectionRecord[];
}
