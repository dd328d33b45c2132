import type { Fact } from '@valehub/connector-kit';
import { findOrder, type ReadOrder } from './client.ts';
import { hubOrder } from './normalise.ts';
import type { Order } from './schemas.ts';
import type { ToastCtx } from './settings.ts';
import type { Till } from './till.ts';

/** The store's currency; while nobody has said which store a restaurant is, that of the account. The order is kept until then anyhow. */
export const tillOf = (ctx: ToastCtx, location: string | undefined): Till => ({
  money: ctx.money,
  currency: ctx.store(location)?.currency ?? ctx.facts['currency'] ?? 'USD',
  phonePrefix: ctx.facts['phonePrefix'],
});

export const factOf = (ctx: ToastCtx, order: Order, location: string): Fact => ({
  kind: 'order',
  location,
  order: hubOrder(tillOf(ctx, location), order, location),
});

/** Toast reads an order in its restaurant only: where nobody says which, each one is asked. */
export const restaurantsOf = ({ location, locations, settings }: ToastCtx, known?: string): readonly string[] => {
  const one = known ?? location;
  return one === undefined ? [...new Set([...locations, settings.restaurantGuid])] : [one];
};

export async function locate(
  ctx: ToastCtx,
  guid: string,
  known?: string,
): Promise<(ReadOrder & { readonly location: string }) | undefined> {
  for (const location of restaurantsOf(ctx, known)) {
    const found = await findOrder(ctx, guid, location);
    if (found) return { ...found, location };
  }
  return undefined;
}

/** A voided or deleted order can still be read; one that cannot is gone. */
export async function readOrders(ctx: ToastCtx, ids: readonly string[]): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (const id of ids) {
    const found = await locate(ctx, id);
    facts.push(found ? factOf(ctx, found.order, found.location) : { kind: 'gone', resource: 'order', id });
  }
  return facts;
}
