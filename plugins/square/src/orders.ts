import { CallError, type Fact, type Feed, type TimeWindow } from '@valehub/connector-kit';
import { getOrder, getPayment, getRefund, searchOrders } from './client.ts';
import { hubOrder, type Sale, type SaleRefund } from './normalise.ts';
import type { Order, Payment, Refund, Tender } from './schemas.ts';
import type { SquareCtx, settings } from './settings.ts';

/** Orders with their payments and refunds. A return is no order of its own: the sales that it takes back are read instead. */
export async function readOrders(ctx: SquareCtx, ids: readonly string[]): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (const id of ids) {
    for (const sale of await salesOf(ctx, await orderOf(ctx, id))) facts.push(await factOf(ctx, sale));
  }
  return facts;
}

const unknown = (what: string): CallError => new CallError({ code: 'NOT_FOUND', message: `Square does not know ${what}.` });

/**
 * Square deletes nothing: what it names and does not have is not readable yet, or belongs to somebody else. An order is read whole or not at
 * all, as one that lacks a payment or a refund would stand in the books as it never was.
 */
async function orderOf(ctx: SquareCtx, id: string): Promise<Order> {
  const order = await getOrder(ctx, id);
  if (!order) throw unknown(`the order ${id}`);
  return order;
}

/** The order itself where it sells something, and the sales whose goods come back by it. */
async function salesOf(ctx: SquareCtx, order: Order): Promise<readonly Order[]> {
  const sources = [...new Set(order.returns.flatMap(({ source_order_id: source }) => (source && source !== order.id ? [source] : [])))];
  const sold = await Promise.all(sources.map((source) => orderOf(ctx, source)));
  const isReturnOnly = order.returns.length > 0 && order.line_items.length === 0;
  return [...(isReturnOnly ? [] : [order]), ...sold];
}

async function factOf(ctx: SquareCtx, order: Order): Promise<Fact> {
  const payments = await Promise.all(order.tenders.map((tender) => paymentOf(ctx, tender)));
  const refunds = await refundsOf(
    ctx,
    order,
    payments.flatMap(({ payment }) => payment ?? []),
  );
  const sale: Sale = { order, payments, refunds };
  return { kind: 'order', ...(order.location_id ? { location: order.location_id } : {}), order: hubOrder(sale, ctx.money) };
}

/** A tender names its payment since there is a Payments API; older ones have none. */
async function paymentOf(ctx: SquareCtx, tender: Tender): Promise<Sale['payments'][number]> {
  const payment = await getPayment(ctx, tender.payment_id ?? tender.id);
  if (!payment && tender.payment_id) throw unknown(`the payment ${tender.payment_id}`);
  return { tender, ...(payment ? { payment } : {}) };
}

/** As the Refunds API tells it; one of before there was that stands on the order only, where a finished one is called APPROVED. */
async function refundOf(ctx: SquareCtx, order: Order, id: string, isOfPayment: boolean): Promise<Refund> {
  const refund = await getRefund(ctx, id);
  if (refund) return refund;
  const listed = order.refunds.find((candidate) => candidate.id === id);
  if (!listed || isOfPayment) throw unknown(`the refund ${id}`);
  return {
    ...listed,
    status: listed.status === 'APPROVED' ? 'COMPLETED' : listed.status,
    order_id: null,
    payment_id: null,
    updated_at: null,
  };
}

/** Itemised returns are orders of their own; several refunds may belong to one, and its lines are told once. */
async function refundsOf(ctx: SquareCtx, order: Order, payments: readonly Payment[]): Promise<readonly SaleRefund[]> {
  const ofPayments = new Set(payments.flatMap((payment) => payment.refund_ids));
  const ids = [...new Set([...order.refunds.map(({ id }) => id), ...ofPayments])].sort();
  const refunds = await Promise.all(ids.map((id) => refundOf(ctx, order, id, ofPayments.has(id))));
  const returns = new Map<string, Order>();
  for (const { order_id: id } of refunds) {
    if (id && !returns.has(id)) returns.set(id, id === order.id ? order : await orderOf(ctx, id));
  }
  const told = new Set<string>();
  return refunds.map((refund) => {
    const back = refund.order_id ? returns.get(refund.order_id) : undefined;
    const lines = back?.returns.filter((part) => part.source_order_id === order.id).flatMap((part) => part.return_line_items) ?? [];
    const first = back !== undefined && !told.has(back.id);
    if (back && refund.status === 'COMPLETED') told.add(back.id);
    return { refund, lines: first ? lines : [], sharesLines: back !== undefined && !first && lines.length > 0, ...(back ? { back } : {}) };
  });
}

/** One that cannot be read whole yet is read again by itself, and holds up none of the others. */
async function listed(ctx: SquareCtx, order: Order): Promise<readonly Fact[]> {
  try {
    const facts: Fact[] = [];
    for (const sale of await salesOf(ctx, order)) facts.push(await factOf(ctx, sale));
    return facts;
  } catch (fault) {
    if (!(fault instanceof CallError) || fault.failure.code !== 'NOT_FOUND') throw fault;
    return [{ kind: 'again', resource: 'order', id: order.id, ...(order.location_id ? { location: order.location_id } : {}) }];
  }
}

async function readWindow(ctx: SquareCtx, window: TimeWindow) {
  const page = await searchOrders(ctx, ctx.location ?? ctx.locations[0] ?? '', window);
  const facts: Fact[] = [];
  for (const order of page.orders) facts.push(...(await listed(ctx, order)));
  return page.cursor ? { facts, more: true, next: page.cursor } : { facts, more: false };
}

/** Square repeats an event for a day at most, and switches off an address that fails for weeks: the sweep finds what was missed, and back-fills. */
export const orders: Feed<typeof settings> = {
  by: 'time',
  every: 'PT15M',
  gives: ['order'],
  partition: 'location',
  overlap: 'PT30M',
  longest: 'P31D',
  complete: false,
  read: readWindow,
};
