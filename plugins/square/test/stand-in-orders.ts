import type { Plain } from '@valehub/connector-kit';
import { type PlatformReply, type PlatformRequest, pageOf, type Route } from '@valehub/connector-kit/testing';
import { refused } from './stand-in-errors.ts';
import {
  type Back,
  type GivenOrder,
  type GivenPayment,
  orderForm,
  paymentForm,
  refundForm,
  returnForm,
  type Sale,
  type SalePayment,
  stateOf,
} from './stand-in-sales.ts';

type Json = { readonly [name: string]: Plain };

interface Change {
  readonly idempotency_key: string;
  readonly order: {
    readonly version: number;
    readonly discounts?: readonly {
      readonly uid: string;
      readonly name: string;
      readonly amount_money: { readonly amount: number };
      readonly scope: string;
      readonly metadata: Readonly<Record<string, string>>;
    }[];
    readonly line_items?: readonly { readonly uid: string; readonly applied_discounts: readonly { readonly discount_uid: string }[] }[];
  };
  readonly fields_to_clear?: readonly string[];
}

interface Search {
  readonly location_ids: readonly string[];
  readonly query: {
    readonly filter: { readonly date_time_filter: { readonly updated_at: { readonly start_at: string; readonly end_at: string } } };
  };
  readonly cursor?: string;
  readonly limit: number;
}

/** Orders, payments and refunds of a seller, and what programs may do to orders that programs have made. */
export function ordersOf(nextId: (kind: string) => string, now: () => number) {
  const sales = new Map<string, Sale>();
  const backs: Back[] = [];
  const answered = new Map<string, { readonly text: string; readonly reply: PlatformReply }>();

  const paymentOf = (id: string): { readonly sale: Sale; readonly payment: SalePayment } | undefined => {
    for (const sale of sales.values()) {
      const payment = sale.payments.find((one) => one.id === id);
      if (payment) return { sale, payment };
    }
    return undefined;
  };
  const formOf = (id: string): Json | undefined => {
    const sale = sales.get(id);
    const back = backs.find(({ returnId }) => returnId === id);
    return sale ? orderForm(sale) : back && returnForm(back);
  };
  const touch = (sale: Sale): void => {
    sale.updatedAt = now();
    sale.version += 1;
  };

  function search(request: PlatformRequest): PlatformReply {
    const { location_ids: locations, query, cursor, limit } = request.json() as unknown as Search;
    const { start_at: from, end_at: to } = query.filter.date_time_filter.updated_at;
    const all = [
      ...[...sales.values()].map((sale) => ({ at: sale.updatedAt, location: sale.location, form: orderForm(sale) })),
      ...backs.map((back) => ({ at: back.at, location: back.sale.location, form: returnForm(back) })),
    ];
    const found = all
      .filter(({ at, location }) => locations.includes(location) && at >= Date.parse(from) && at < Date.parse(to))
      .sort((a, b) => a.at - b.at);
    const { items, next } = pageOf(found, cursor, limit);
    return { body: { orders: items.map(({ form }) => form), ...(next === undefined ? {} : { cursor: next }) } };
  }

  function change(request: PlatformRequest): PlatformReply {
    const sale = sales.get(request.params['id'] ?? '');
    const { idempotency_key: key, order, fields_to_clear: clear = [] } = request.json() as unknown as Change;
    const before = answered.get(key);
    if (before) return before.text === request.text ? before.reply : refused(400, 'IDEMPOTENCY_KEY_REUSED');
    if (!sale) return refused(404, 'NOT_FOUND');
    if (!sale.given.byProgram || stateOf(sale) !== 'OPEN') return refused(400, 'BAD_REQUEST', 'The order cannot be updated.');
    if (order.version !== sale.version) return refused(400, 'VERSION_MISMATCH', 'The order has another version.', 'order.version');
    for (const { uid, name, amount_money: money, scope, metadata } of order.discounts ?? []) {
      const on = order.line_items?.filter((line) => line.applied_discounts.some(({ discount_uid: of }) => of === uid)) ?? [];
      const lines = scope === 'ORDER' ? {} : { lines: on.map((line) => Number(line.uid.slice('line-'.length)) - 1) };
      sale.discounts.push({ uid, name, amount: money.amount, metadata, ...lines });
    }
    const cleared = new Set(clear.map((field) => /^discounts\[(.+)\]$/.exec(field)?.[1]));
    sale.discounts.splice(0, sale.discounts.length, ...sale.discounts.filter(({ uid }) => !cleared.has(uid)));
    touch(sale);
    const reply = { body: { order: orderForm(sale) } };
    answered.set(key, { text: request.text, reply });
    return reply;
  }

  const one = (member: string, form: Json | undefined): PlatformReply => (form ? { body: { [member]: form } } : refused(404, 'NOT_FOUND'));
  const routes: readonly Route[] = [
    { at: 'POST /v2/orders/search', handle: search },
    { at: 'GET /v2/orders/:id', handle: ({ params }) => one('order', formOf(params['id'] ?? '')) },
    { at: 'PUT /v2/orders/:id', handle: change },
    {
      at: 'GET /v2/payments/:id',
      handle: ({ params }) => {
        const found = paymentOf(params['id'] ?? '');
        return one('payment', found && paymentForm(found.sale, found.payment));
      },
    },
    {
      at: 'GET /v2/refunds/:id',
      handle: ({ params }) => {
        const back = backs.find(({ id }) => id === params['id']);
        return one('refund', back && refundForm(back));
      },
    },
  ];

  function saleOf(id: string): Sale {
    const sale = sales.get(id);
    if (!sale) throw new Error(`There is no order ${id}.`);
    return sale;
  }

  const paid = (payment: GivenPayment): SalePayment => ({ ...payment, id: nextId('PAYMENT'), at: now(), updatedAt: now(), refundIds: [] });

  function addOrder(given: GivenOrder, location: string): string {
    const id = nextId('ORDER');
    const discounts = (given.discounts ?? []).map((discount, at) => ({ ...discount, uid: discount.uid ?? `discount-${at + 1}` }));
    const payments = (given.payments ?? []).map(paid);
    sales.set(id, { id, location, given, discounts, payments, at: now(), updatedAt: now(), version: 1, isCanceled: false });
    return id;
  }

  function pay(id: string, payment: GivenPayment): void {
    saleOf(id).payments.push(paid(payment));
    touch(saleOf(id));
  }

  /** Gives back units by the places of their lines, and money of one payment. */
  function refund(id: string, units: readonly { readonly line: number; readonly quantity: string }[], amount: number, nth = 0): string {
    const sale = saleOf(id);
    const payment = sale.payments[nth];
    if (!payment) throw new Error(`The order ${id} was not paid.`);
    const back = { id: nextId('REFUND'), returnId: nextId('RETURN'), sale, payment, amount, units, at: now() };
    backs.push(back);
    payment.refundIds.push(back.id);
    payment.updatedAt = now();
    return back.id;
  }

  return { routes, sales, backs, saleOf, touch, addOrder, pay, refund };
}
