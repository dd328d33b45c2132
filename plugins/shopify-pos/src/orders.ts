import type { Fact, HubOrder, MoneyKit } from '@valehub/connector-kit';
import { getOrder } from './client.ts';
import type { Order } from './schemas.ts';
import type { PlatformCtx } from './settings.ts';

/** Fill in: which of the platform's words mean that nothing is due any more, and which that it was cancelled as a whole. */
const STATES: Readonly<Record<string, HubOrder['state']>> = { paid: 'PAID', cancelled: 'VOIDED' };

/** Fill in: payments, refunds, charges, tips and taxes, where the platform tells them. */
function hubOrder(order: Order, money: MoneyKit): HubOrder {
  return {
    externalId: order.id,
    revision: { at: order.changed_at },
    location: order.location,
    state: STATES[order.status] ?? 'OPEN',
    placedAt: order.created_at,
    currency: order.total.currency,
    pricesIncludeTax: true,
    lines: order.items.map(({ id, name, quantity, price, discount }) => ({
      id,
      sku: name,
      name,
      quantity,
      unitPrice: price,
      gross: money.times(price, quantity),
      discount,
    })),
    discounts: order.discounts.map(({ id, name, amount }) => ({ externalId: id, name, amount, texts: name === '' ? [] : [name] })),
    payments: [],
    refunds: [],
    charges: [],
    total: order.total,
    texts: [],
  };
}

export async function readOrders(ctx: PlatformCtx, ids: readonly string[]): Promise<readonly Fact[]> {
  const orders = await Promise.all(ids.map((id) => getOrder(ctx, id)));
  return orders.map((order, index): Fact => {
    if (!order) return { kind: 'gone', resource: 'order', id: ids[index] ?? '' };
    return { kind: 'order', location: order.location, order: hubOrder(order, ctx.money) };
  });
}
