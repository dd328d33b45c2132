import { CallError, type Fact, type Feed, type TimeWindow } from '@valehub/connector-kit';
import { findCheck, listChecks } from './client.ts';
import { hubOrder, openedAt } from './normalise.ts';
import { locationOf, type Place, placeOf } from './places.ts';
import type { Check } from './schemas.ts';
import type { SimphonyCtx, settings } from './settings.ts';

export function factOf(ctx: SimphonyCtx, check: Check, place: Place): Fact {
  const location = locationOf(place);
  const { money, time } = ctx;
  // The check of a place that is no store is kept and not booked, so it wants no currency: ISO 4217 has a word for none.
  const currency = ctx.store(location)?.currency ?? 'XXX';
  const { orderTypes } = ctx.settings;
  return { kind: 'order', location, order: hubOrder(check, { money, time, currency, location, orderTypes }) };
}

/**
 * A check that is not found may be cancelled, or so old that the till has purged it; only the first takes a voucher back. So it is a
 * failure here, and gone only where the till has just spoken of it.
 */
export async function readChecks(ctx: SimphonyCtx, ids: readonly string[]): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (const id of ids) {
    const found = await findCheck(ctx, id);
    if (!found)
      throw new CallError({ code: 'NOT_FOUND', message: `Simphony has no check ${id}: it was cancelled, or is too old to be kept.` });
    facts.push(factOf(ctx, found.check, found.place));
  }
  return facts;
}

async function readWindow(ctx: SimphonyCtx, { from, to }: TimeWindow): Promise<{ readonly facts: readonly Fact[]; readonly more: false }> {
  const place = placeOf(ctx.location ?? ctx.locations[0] ?? '');
  const checks = await listChecks(ctx, place, from);
  const end = Date.parse(to);
  // Simphony knows no end of the span; what was opened later comes with the next window.
  const within = checks.filter(({ header }) => Date.parse(openedAt(header.openTime, ctx.time)) < end);
  return { facts: within.map((check) => factOf(ctx, check, place)), more: false };
}

/**
 * The source of truth. A notification tells how far the kitchen is, is sent once and never again, and none is documented for the moment a
 * check is paid. Checks are listed by when they were opened, so each window reaches back over a long evening.
 */
export const checks: Feed<typeof settings> = {
  by: 'time',
  every: 'PT10M',
  gives: ['order'],
  partition: 'location',
  overlap: 'PT12H',
  longest: 'P1D',
  // A list has no end, so one from further back would bring all that was sold since.
  reach: 'P7D',
  complete: false,
  read: readWindow,
};
