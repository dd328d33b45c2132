import type { Feed } from '@valehub/connector-kit';
import { changedOrders } from './client.ts';
import { factOf } from './orders.ts';
import type { settings } from './settings.ts';

/** Orders may be large, a hundred of them too large for one reply. */
const PAGE = 25;

/**
 * The sweep beside the webhook, which Toast repeats twice and then drops. An order that changes while the pages are walked leaves the
 * window and moves the rest up; and a till that was offline tells late: so each window reaches an hour back.
 * UNVERIFIED: how late orders of an offline till may be.
 */
export const changed: Feed<typeof settings> = {
  by: 'time',
  every: 'PT15M',
  gives: ['order'],
  partition: 'location',
  overlap: 'PT1H',
  // Toast answers spans of a month at most.
  longest: 'P28D',
  complete: false,
  async read(ctx, { from, to, page: told }) {
    const page = Number(told ?? '1');
    const location = ctx.location ?? ctx.settings.restaurantGuid;
    const orders = await changedOrders(ctx, { from: ctx.time.offset(from), to: ctx.time.offset(to), page, pageSize: PAGE });
    const facts = orders.map((order) => factOf(ctx, order, location));
    return orders.length < PAGE ? { facts, more: false } : { facts, next: String(page + 1), more: true };
  },
};
