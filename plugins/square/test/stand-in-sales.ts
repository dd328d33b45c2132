import { moneyKit, type Plain } from '@valehub/connector-kit';

export interface GivenLine {
  readonly name: string;
  /** Minor units of one. */
  readonly price: number;
  /** Whole, or a weight such as `0.125`; one where left out. */
  readonly quantity?: string;
  readonly modifiers?: readonly { readonly name: string; readonly price: number }[];
  readonly catalogId?: string;
  readonly note?: string;
}

export interface GivenDiscount {
  readonly uid?: string;
  readonly name: string;
  /** Minor units, or a whole percentage. */
  readonly amount?: number;
  readonly percent?: number;
  /** The places of the lines that it is on; the whole order where left out. */
  readonly lines?: readonly number[];
  readonly catalogId?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface GivenPayment {
  /** Without tip. */
  readonly amount: number;
  readonly tip?: number;
  readonly source?: 'CARD' | 'CASH' | 'EXTERNAL';
  readonly note?: string;
  /** Only authorised as yet. */
  readonly isPending?: boolean;
}

export interface GivenOrder {
  readonly location?: string;
  /** Made by a program, and so of a version that programs may change; else by the till. */
  readonly byProgram?: boolean;
  readonly lines: readonly GivenLine[];
  readonly discounts?: readonly GivenDiscount[];
  readonly charges?: readonly { readonly name: string; readonly amount: number }[];
  readonly payments?: readonly GivenPayment[];
  readonly ticket?: string;
  readonly fulfillment?: 'PICKUP' | 'DELIVERY';
  readonly customerId?: string;
}

export interface SalePayment extends GivenPayment {
  readonly id: string;
  readonly at: number;
  updatedAt: number;
  readonly refundIds: string[];
}

export interface Sale {
  readonly id: string;
  readonly location: string;
  readonly given: GivenOrder;
  readonly discounts: (GivenDiscount & { readonly uid: string })[];
  readonly payments: SalePayment[];
  readonly at: number;
  updatedAt: number;
  version: number;
  isCanceled: boolean;
}

/** Goods and money that went back. */
export interface Back {
  readonly id: string;
  readonly returnId: string;
  readonly sale: Sale;
  readonly payment: SalePayment;
  readonly amount: number;
  readonly units: readonly { readonly line: number; readonly quantity: string }[];
  readonly at: number;
}

const CURRENCY = 'EUR';
const eur = (amount: number) => ({ amount, currency: CURRENCY });
const iso = (at: number): string => new Date(at).toISOString();
const sum = (amounts: readonly number[]): number => amounts.reduce((all, amount) => all + amount, 0);
const times = (price: number, quantity: string): number => moneyKit.times({ minor: price, currency: CURRENCY }, quantity).minor;

const uidOf = (at: number): string => `line-${at + 1}`;
const quantityOf = ({ quantity = '1' }: GivenLine): string => quantity;
const grossOf = (line: GivenLine): number =>
  times(line.price, quantityOf(line)) + sum((line.modifiers ?? []).map(({ price }) => times(price, quantityOf(line))));

/** What each discount takes off each line: one after the other, of what is left, as Square does with amounts. */
function appliedOf({ given, discounts }: Sale): readonly (readonly number[])[] {
  let left = given.lines.map(grossOf);
  return discounts.map(({ amount, percent = 0, lines }) => {
    const weights = left.map((rest, at) => (lines === undefined || lines.includes(at) ? rest : 0));
    const base = sum(weights);
    const wanted = Math.min(base, amount ?? Math.round((base * percent) / 100));
    const shares = moneyKit.spread({ minor: wanted, currency: CURRENCY }, weights).map(({ minor }) => minor);
    left = left.map((rest, at) => rest - (shares[at] ?? 0));
    return shares;
  });
}

export interface Sums {
  readonly gross: number;
  readonly discount: number;
  readonly charges: number;
  readonly tip: number;
  readonly paid: number;
  readonly total: number;
}

function sumsOf(sale: Sale): Sums {
  const gross = sum(sale.given.lines.map(grossOf));
  const discount = sum(appliedOf(sale).map(sum));
  const charges = sum((sale.given.charges ?? []).map(({ amount }) => amount));
  const done = sale.payments.filter(({ isPending }) => !isPending);
  const tip = sum(done.map((payment) => payment.tip ?? 0));
  return { gross, discount, charges, tip, paid: sum(done.map(({ amount }) => amount)), total: gross - discount + charges + tip };
}

export function stateOf(sale: Sale): 'OPEN' | 'COMPLETED' | 'CANCELED' {
  if (sale.isCanceled) return 'CANCELED';
  const { paid, tip, total } = sumsOf(sale);
  const isPaid = sale.payments.length > 0 && paid + tip >= total;
  return isPaid && sale.given.fulfillment === undefined ? 'COMPLETED' : 'OPEN';
}

export function orderForm(sale: Sale): { readonly [name: string]: Plain } {
  const { given } = sale;
  const applied = appliedOf(sale);
  const state = stateOf(sale);
  const { total, tip } = sumsOf(sale);
  return {
    id: sale.id,
    location_id: sale.location,
    state,
    ...(given.byProgram ? { version: sale.version } : {}),
    created_at: iso(sale.at),
    updated_at: iso(sale.updatedAt),
    ...(state === 'OPEN' ? {} : { closed_at: iso(sale.updatedAt) }),
    ...(given.ticket === undefined ? {} : { ticket_name: given.ticket }),
    ...(given.customerId === undefined ? {} : { customer_id: given.customerId }),
    ...(given.fulfillment === undefined ? {} : { fulfillments: [{ type: given.fulfillment }] }),
    line_items: given.lines.map((line, at) => ({
      uid: uidOf(at),
      name: line.name,
      quantity: quantityOf(line),
      ...(line.catalogId === undefined ? {} : { catalog_object_id: line.catalogId }),
      ...(line.note === undefined ? {} : { note: line.note }),
      base_price_money: eur(line.price),
      variation_total_price_money: eur(times(line.price, quantityOf(line))),
      gross_sales_money: eur(grossOf(line)),
      modifiers: (line.modifiers ?? []).map(({ name, price }) => ({
        name,
        base_price_money: eur(price),
        total_price_money: eur(times(price, quantityOf(line))),
      })),
      applied_discounts: sale.discounts.flatMap(({ uid }, nth) =>
        applied[nth]?.[at] ? [{ uid: `${uid}-on-${at}`, discount_uid: uid, applied_money: eur(applied[nth]?.[at] ?? 0) }] : [],
      ),
      total_discount_money: eur(sum(applied.map((shares) => shares[at] ?? 0))),
    })),
    discounts: sale.discounts.map(({ uid, name, lines, amount, percent, catalogId, metadata }, nth) => ({
      uid,
      name,
      scope: lines === undefined ? 'ORDER' : 'LINE_ITEM',
      ...(amount === undefined
        ? { type: 'FIXED_PERCENTAGE', percentage: String(percent) }
        : { type: 'FIXED_AMOUNT', amount_money: eur(amount) }),
      ...(catalogId === undefined ? {} : { catalog_object_id: catalogId }),
      ...(metadata === undefined ? {} : { metadata }),
      applied_money: eur(sum(applied[nth] ?? [])),
    })),
    service_charges: (given.charges ?? []).map(({ name, amount }, at) => ({ uid: `charge-${at + 1}`, name, total_money: eur(amount) })),
    taxes: [],
    tenders: sale.payments.map(({ id, amount, tip: tipped = 0 }) => ({
      id,
      payment_id: id,
      type: 'CARD',
      amount_money: eur(amount + tipped),
      tip_money: eur(tipped),
    })),
    total_money: eur(total),
    total_tip_money: eur(tip),
  };
}

export const paymentForm = (sale: Sale, payment: SalePayment): { readonly [name: string]: Plain } => ({
  id: payment.id,
  order_id: sale.id,
  location_id: sale.location,
  status: payment.isPending ? 'APPROVED' : 'COMPLETED',
  source_type: payment.source ?? 'CARD',
  amount_money: eur(payment.amount),
  ...(payment.tip === undefined ? {} : { tip_money: eur(payment.tip) }),
  created_at: iso(payment.at),
  updated_at: iso(payment.updatedAt),
  ...(payment.note === undefined ? {} : { note: payment.note }),
  refund_ids: payment.refundIds,
});

export const refundForm = ({ id, returnId, sale, payment, amount, at }: Back): { readonly [name: string]: Plain } => ({
  id,
  status: 'COMPLETED',
  order_id: returnId,
  payment_id: payment.id,
  location_id: sale.location,
  amount_money: eur(amount),
  created_at: iso(at),
  updated_at: iso(at),
});

/** Square makes an order of its own of what comes back. */
export const returnForm = ({ returnId, sale, units, at }: Back): { readonly [name: string]: Plain } => ({
  id: returnId,
  location_id: sale.location,
  state: 'COMPLETED',
  created_at: iso(at),
  updated_at: iso(at),
  returns: [
    {
      source_order_id: sale.id,
      return_line_items: units.map(({ line, quantity }, nth) => ({ uid: `back-${nth}`, source_line_item_uid: uidOf(line), quantity })),
    },
  ],
  total_money: eur(0),
});

/** What the hub has to have in its books, in minor units. */
export interface Truth extends Sums {
  readonly id: string;
  readonly location: string;
  readonly state: 'OPEN' | 'PAID' | 'VOIDED';
  readonly refunded: number;
}

export function truthOf(sale: Sale, backs: readonly Back[]): Truth {
  const sums = sumsOf(sale);
  const isPaid = stateOf(sale) === 'COMPLETED' || (sums.total > 0 && sums.paid + sums.tip >= sums.total);
  const refunded = sum(backs.filter((back) => back.sale === sale).map(({ amount }) => amount));
  return { id: sale.id, location: sale.location, state: sale.isCanceled ? 'VOIDED' : isPaid ? 'PAID' : 'OPEN', refunded, ...sums };
}
