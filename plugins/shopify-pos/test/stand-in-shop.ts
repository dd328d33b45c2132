import type { Plain } from '@valehub/connector-kit';

/** A discount as a till or a guest gives it: what it takes off each line (by its place) and off the delivery, in minor units. */
export interface GivenDiscount {
  readonly kind: 'code' | 'manual' | 'automatic';
  /** The code, or the title. */
  readonly label: string;
  readonly shares?: readonly number[];
  readonly shipping?: number;
}

/** A sale as it is rung up. Amounts in minor units of the shop's currency, taxes included. */
export interface GivenOrder {
  readonly lines: readonly {
    readonly title: string;
    readonly sku?: string;
    readonly quantity: number;
    readonly unit: number;
    readonly isGiftCard?: boolean;
  }[];
  readonly discounts?: readonly GivenDiscount[];
  readonly tip?: number;
  readonly shipping?: number;
  /** What is paid at once; left out: all of it by card. `[]`: nothing yet. */
  readonly payments?: readonly { readonly gateway: string; readonly amount: number; readonly change?: number }[];
  /** The location of the till; null: sold online. */
  readonly location?: string | null;
  readonly email?: string;
  readonly note?: string;
  readonly isTest?: boolean;
}

export interface ShopRefund {
  readonly id: number;
  readonly at: number;
  readonly amount: number;
  readonly units: readonly { readonly line: number; readonly quantity: number }[];
}

export interface ShopOrder {
  readonly id: number;
  readonly given: GivenOrder;
  readonly placedAt: number;
  readonly lineIds: readonly number[];
  readonly tipId: number;
  readonly payments: {
    readonly id: number;
    readonly gateway: string;
    readonly amount: number;
    readonly change: number;
    readonly at: number;
  }[];
  readonly refunds: ShopRefund[];
  updatedAt: number;
  cancelledAt: number | null;
}

/** What an order is worth, by the shop's own reckoning: for tests to compare the hub's with. */
export interface Truth {
  readonly id: string;
  readonly location: string;
  readonly state: 'OPEN' | 'PAID' | 'VOIDED';
  readonly gross: number;
  readonly takenOff: number;
  readonly tip: number;
  readonly charges: number;
  readonly total: number;
  readonly paid: number;
  readonly refunded: number;
  readonly codes: readonly { readonly code: string; readonly amount: number }[];
}

const sum = (amounts: readonly number[]): number => amounts.reduce((all, amount) => all + amount, 0);

const charges = ({ shipping = 0, discounts = [] }: GivenOrder): number => shipping - sum(discounts.map((each) => each.shipping ?? 0));
const offLines = ({ discounts = [] }: GivenOrder): number => sum(discounts.flatMap(({ shares = [] }) => shares));
const grossOf = ({ lines }: GivenOrder): number => sum(lines.map(({ quantity, unit }) => quantity * unit));
export const totalOf = (given: GivenOrder): number => grossOf(given) - offLines(given) + charges(given) + (given.tip ?? 0);
export const paidOf = ({ payments }: ShopOrder): number => sum(payments.map(({ amount, change }) => amount - change));
const refundedOf = ({ refunds }: ShopOrder): number => sum(refunds.map(({ amount }) => amount));

export function statusOf(order: ShopOrder): string {
  const [paid, refunded] = [paidOf(order), refundedOf(order)];
  if (order.cancelledAt !== null && paid === 0) return 'VOIDED';
  if (refunded > 0) return refunded >= paid ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
  if (paid >= totalOf(order.given)) return 'PAID';
  return paid > 0 ? 'PARTIALLY_PAID' : 'PENDING';
}

export function truthOf(order: ShopOrder): Truth {
  const { given } = order;
  return {
    id: String(order.id),
    location: given.location === null ? 'online' : (given.location ?? LOCATIONS[0].id),
    state: order.cancelledAt !== null ? 'VOIDED' : paidOf(order) >= totalOf(given) ? 'PAID' : 'OPEN',
    gross: grossOf(given),
    takenOff: offLines(given) + sum((given.discounts ?? []).map((each) => each.shipping ?? 0)),
    tip: given.tip ?? 0,
    charges: charges(given),
    total: totalOf(given),
    paid: paidOf(order),
    refunded: refundedOf(order),
    codes: (given.discounts ?? []).flatMap(({ kind, label, shares = [], shipping = 0 }) =>
      kind === 'code' ? [{ code: label, amount: sum(shares) + shipping }] : [],
    ),
  };
}

export const LOCATIONS = [
  { id: '7001', name: 'Sevilla' },
  { id: '7002', name: 'Cádiz' },
] as const;

export interface ShopDiscount {
  readonly id: string;
  readonly type: 'DiscountCodeBasic' | 'DiscountCodeFreeShipping';
  input: { readonly [name: string]: Plain };
  readonly codes: string[];
  status: 'ACTIVE' | 'SCHEDULED' | 'EXPIRED';
  used: number;
  items: string[];
}

export interface ShopCustomer {
  readonly id: string;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  phone: string | null;
  tags: string[];
  metafields: Record<string, string>;
  consents: { email: string; sms: string };
  updatedAt: number;
}

/** All that a shop holds. */
export interface Shop {
  readonly orders: Map<string, ShopOrder>;
  readonly discounts: Map<string, ShopDiscount>;
  readonly customers: Map<string, ShopCustomer>;
  readonly subscriptions: Map<string, { readonly id: string; readonly topic: string; uri: string }>;
  readonly additions: Map<string, { readonly codes: readonly { readonly code: string; readonly isTaken: boolean }[]; looks: number }>;
  scopes: string[];
  now(): number;
  nextId(): number;
}

export function emptyShop(now: () => number): Shop {
  let last = 1_000;
  return {
    orders: new Map(),
    discounts: new Map(),
    customers: new Map(),
    subscriptions: new Map(),
    additions: new Map(),
    scopes: ['read_orders', 'read_locations', 'read_products', 'write_discounts', 'write_customers'],
    now,
    nextId: () => (last += 1),
  };
}

/** Codes are unique in a shop, whatever their case. */
export const ownerOf = (shop: Shop, code: string): ShopDiscount | undefined =>
  [...shop.discounts.values()].find(({ codes }) => codes.some((own) => own.toLowerCase() === code.toLowerCase()));
