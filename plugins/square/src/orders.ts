import { CallError, type Fact, type Feed, type TimeWindow } from '@valehub/connector-kit';
import { getOrder, getPayment, getRefund, searchOrders } from './client.ts';
import { hubOrder, type Sale, type SaleRefund } from './normalise.ts';
import type { Order, Payment, Refund, Tender } from './schemas.ts';
import type { SquareCtx, settings } from './settings.ts';

/** Orders with their payments and refunds. A return is no order of its own: the sales that it takes back are read instead. */
export async function readOrders(ctx: SquareCtx, ids: readonly string[]): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (const id of ids) {
    const order = await getOrder(ctx, id);
    // Square deletes no orders: one that is not found is not readable yet, or belongs to somebody else.
    if (!order) throw new CallError({ code: 'NOT_FOUND', message: `Square does not know the order ${id}.` });
    for (const sale of await salesOf(ctx, order)) facts.push(await factOf(ctx, sale));
  }
  return facts;
}

/** The order itself where it sells something, and the sales whose goods come back by it. */
async function salesOf(ctx: SquareCtx, order: Order): Promise<readonly Order[]> {
  const sources = [...new Set(order.returns.flatMap(({ source_order_id: source }) => (source && source !== order.id ? [source] : [])))];
  const sold = await Promise.all(sources.map((source) => getOrder(ctx, source)));
  const isReturnOnly = order.returns.length > 0 && order.line_items.length === 0;
  return [...(isReturnOnly ? [] : [order]), ...sold.filter((sale) => sale !== undefined)];
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

async function paymentOf(ctx: SquareCtx, tender: Tender): Promise<Sale['payments'][number]> {
  const payment = await getPayment(ctx, tender.payment_id ?? tender.id);
  return { tender, ...(payment ? { payment } : {}) };
}

/** As the Refunds API tells it, else as it stands on the order, where a finished one is called APPROVED. */
async function refundOf(ctx: SquareCtx, order: Order, id: string): Promise<Refund | undefined> {
  const refund = await getRefund(ctx, id);
  const listed = order.refunds.find((candidate) => candidate.id === id);
  if (refund || !listed) return refund;
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
  const ids = [...new Set([...order.refunds.map(({ id }) => id), ...payments.flatMap((payment) => payment.refund_ids)])].sort();
  const refunds = (await Promise.all(ids.map((id) => refundOf(ctx, order, id)))).filter((refund) => refund !== undefined);
  const returns = new Map<string, Order | undefined>();
  for (const { order_id: id } of refunds) {
    if (id && !returns.has(id)) returns.set(id, id === order.id ? order : await getOrder(ctx, id));
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

async function readWindow(ctx: SquareCtx, window: TimeWindow) {
  const page = await searchOrders(ctx, ctx.location ?? ctx.locations[0] ?? '', window);
  const facts: Fact[] = [];
  for (const order of page.orders) for (const sale of await salesOf(ctx, order)) facts.push(await factOf(ctx, sale));
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
