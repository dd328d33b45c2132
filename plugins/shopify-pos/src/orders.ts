import { CallError, type Fact, type Feed } from '@valehub/connector-kit';
import { allPages, ask, feedPage } from './client.ts';
import { gid } from './ids.ts';
import { hubOrder, placeOf } from './normalise.ts';
import type { Returned } from './order-payments.ts';
import { changedOrdersQuery, moreLinesQuery, orderQuery, refundQuery } from './order-queries.ts';
import type { LineItem, Order, Refund } from './order-schemas.ts';
import type { ShopCtx, settings } from './settings.ts';
import { grantedScopes } from './shop.ts';

/**
 * Orders are read anew, however much a webhook tells of them: it holds no payments, the headers that name shop and topic are not signed,
 * and so every order comes in one form, whatever led to it.
 */
export async function readOrders(ctx: ShopCtx, ids: readonly string[]): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (const id of ids) facts.push(await orderFact(ctx, gid('Order', id)));
  return facts;
}

async function orderFact(ctx: ShopCtx, id: string): Promise<Fact> {
  const { order } = await ask(ctx, orderQuery, { id, after: null });
  if (!order) return absent(ctx, id);
  const items = await linesOf(ctx, id, order);
  const refunds: Returned[] = [];
  for (const refund of order.refunds) refunds.push(await refundOf(ctx, refund.id));
  return { kind: 'order', location: placeOf(order), order: hubOrder({ order, items, refunds }, ctx.money) };
}

async function linesOf(ctx: ShopCtx, id: string, { lineItems }: Order): Promise<readonly LineItem[]> {
  return allPages<LineItem>(async (after) => {
    if (after === null) return lineItems;
    const { order } = await ask(ctx, moreLinesQuery, { id, after });
    return order?.lineItems ?? goneMeanwhile(`order ${id}`);
  });
}

async function refundOf(ctx: ShopCtx, number: string): Promise<Returned> {
  const ofPage = async (after: string | null): Promise<Refund> => {
    const { refund } = await ask(ctx, refundQuery, { id: gid('Refund', number), after });
    return refund ?? goneMeanwhile(`refund ${number}`);
  };
  const refund = await ofPage(null);
  const lines = await allPages(async (after) => (after === null ? refund : await ofPage(after)).refundLineItems);
  return { refund, lines };
}

const goneMeanwhile = (what: string): never => {
  throw new CallError({ code: 'CONFLICT', message: `The ${what} went away while it was read.` });
};

/** Only an app that may read all orders can tell one that was deleted from one that is older than 60 days. */
async function absent(ctx: ShopCtx, id: string): Promise<Fact> {
  if ((await grantedScopes(ctx)).has('read_all_orders')) return { kind: 'gone', resource: 'order', id: id.split('/').at(-1) ?? id };
  throw new CallError({
    code: 'NOT_FOUND',
    message: `Shopify does not show the order ${id}: it was deleted, or it is older than 60 days and the app lacks read_all_orders.`,
  });
}

/** A moment in Shopify's search syntax. */
export const quoted = (instant: string): string => `'${instant}'`;

/** What webhooks have missed: Shopify gives a delivery up after four hours. Its search is some seconds behind its orders. */
export const orderSweep: Feed<typeof settings> = {
  by: 'time',
  every: 'PT15M',
  gives: ['order'],
  overlap: 'PT15M',
  longest: 'P1D',
  reach: 'P60D',
  complete: false,
  async read(ctx, { from, to, page }) {
    const query = `updated_at:>=${quoted(from)} AND updated_at:<${quoted(to)}`;
    const { orders } = await ask(ctx, changedOrdersQuery, { query, after: page ?? null });
    const facts = await readOrders(
      ctx,
      orders.nodes.map(({ id }) => id),
    );
    return feedPage(facts, orders);
  },
};
