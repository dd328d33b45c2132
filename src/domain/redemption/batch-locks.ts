import type pg from 'pg';
import { orderKey } from '../shared/order-key.ts';
import { LOCK_VOUCHERS } from '../voucher/voucher-lock.ts';
import type { Prepared } from './prepared.ts';
import type { DecisionState, HoldState } from './state.ts';
import { type Places, placesOf } from './state-reader.ts';

// What a batch locks before it reads, in this order: holds, vouchers, what stands on its orders, counters. What was waited for is then seen whole.

export interface LockedBatch {
  readonly holds: readonly HoldState[];
  readonly places: Places;
}

/** All but the counters. */
export async function lockBatch(client: pg.PoolClient, items: readonly Prepared[]): Promise<LockedBatch> {
  const holds = await lockHolds(client, items);
  const places = placesOf(items, holds);
  await lockVouchers(client, places);
  await lockOrders(
    client,
    items.map((item) => item.order),
  );
  return { holds, places };
}

/** Those that the requests name, and the open ones of their orders. Who makes a hold waits for whoever makes one for the same order: it replaces theirs. */
async function lockHolds(client: pg.PoolClient, items: readonly Prepared[]): Promise<HoldState[]> {
  const held = items.filter((item) => item.action === 'HOLD').map(({ order }) => orderKey(order.source, order.externalId));
  if (held.length > 0)
    await client.query({
      name: 'lock-held-orders',
      text: `select pg_advisory_xact_lock(key) from (select distinct hashtextextended(name, 8254035) as key from unnest($1::text[]) as name order by key) wanted`,
      values: [held],
    });
  const { rows } = await client.query<HoldState>({
    name: 'lock-holds',
    text: `select id, content from hold where id = any($1::text[]) or (status = 'ACTIVE' and (source, external_id) in (select * from unnest($2::text[], $3::text[]))) order by id for update`,
    values: [
      items.flatMap((item) => item.holdId ?? []),
      items.map((item) => item.order.source),
      items.map((item) => item.order.externalId),
    ],
  });
  return rows;
}

/**
 * A hold of one of the orders that was made between the locking and the reading is not this batch's to close: somebody may be letting it go.
 * All is looked at anew then, as after a serialisation failure.
 */
export function refusePhantoms({ holds }: DecisionState, items: readonly Prepared[], { holds: locked }: LockedBatch): void {
  const orders = new Set(items.map(({ order }) => orderKey(order.source, order.externalId)));
  for (const { id, status, source, externalId } of holds.values())
    if (status === 'ACTIVE' && orders.has(orderKey(source, externalId)) && !locked.some((hold) => hold.id === id))
      throw Object.assign(new Error('A hold was made meanwhile.'), { code: '40001' });
}

async function lockVouchers(client: pg.PoolClient, { patternIds, indices }: Places): Promise<void> {
  await client.query({ name: 'lock-vouchers', text: LOCK_VOUCHERS, values: [patternIds, indices] });
}

/** What stands on an order already decides what is left for the next voucher: reversals of it wait, as they do for one another. */
export async function lockOrders(
  client: pg.PoolClient,
  orders: readonly { readonly source: string; readonly externalId: string }[],
): Promise<void> {
  await client.query({
    name: 'lock-orders',
    // Order by order along the indexes, whatever the planner believes of how many there are: its plan stays while the tables grow.
    text: `select from unnest(array(
             select made.id from unnest($1::text[], $2::text[]) as wanted (source, external_id),
               lateral (select id from checkout where checkout.source = wanted.source and checkout.external_id = wanted.external_id offset 0) asked,
               lateral (select id from redemption where redemption.checkout_id = asked.id offset 0) made
             order by made.id)) as standing (id),
             lateral (select from redemption where redemption.id = standing.id for update) locked`,
    values: [orders.map((order) => order.source), orders.map((order) => order.externalId)],
  });
}

export async function lockCounters(client: pg.PoolClient, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await client.query({
    name: 'lock-counters',
    text: 'select from counter where key = any($1::text[]) order by key collate "C" for update',
    values: [keys],
  });
}
