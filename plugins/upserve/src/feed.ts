import type { Feed } from '@valehub/connector-kit';
import { checksFrom } from './client.ts';
import { factOf } from './orders.ts';
import type { settings } from './settings.ts';

/**
 * Upserve tells nothing by itself. Open checks change, and closed ones do too (tips, comps of the morning after), so the trading day before
 * is read again with each one. A check that is no more listed was deleted, or belongs to another day.
 */
export const checks: Feed<typeof settings> = {
  by: 'businessDay',
  every: 'PT5M',
  gives: ['order'],
  overlap: 'P1D',
  complete: true,
  async read(ctx, { day, page }) {
    const { checks: found, next } = await checksFrom(ctx, day, Number(page ?? '0'));
    const facts = found.map((check) => factOf(ctx, check, day));
    return next === undefined ? { facts, more: false } : { facts, next: String(next), more: true };
  },
};
