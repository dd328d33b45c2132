import type { Fact, Failure } from '@valehub/connector-kit';
import type pg from 'pg';
import type { DayPosition, TimePosition } from '../../domain/feed/feed.types.ts';
import { addDays } from '../../domain/shared/business-time.ts';
import { type Runnable, storeIdOf } from '../runner/connector-runner.ts';
import { type ReadingAgain, readAgain } from './again.ts';

/** At once. */
const MOST = 50;
/** What a platform has and does not list (it counts by another day, say) is asked for no more often. */
const CONFIRMED_FOR_MS = 60 * 60_000;

export interface CheckedWindow {
  readonly at: TimePosition | DayPosition;
  /** Ids of orders that its pages have listed. */
  readonly listed: readonly string[];
  readonly confirmed: Readonly<Record<string, number>>;
}

const KNOWN = `
  select o.external_id as id from orders o
  where o.source = $1 and o.store_id = any($2) and o.business_day between $3 and $4 and o.state <> 'VOIDED' and o.recorded_at < $5
    and ($6::timestamptz is null or (o.placed_at >= $6 and o.placed_at < $7)) and o.external_id <> all($8)
    and ($9::text is null or exists (select from notice n where n.connection_id = o.source and n.lane = 'order ' || o.external_id and n.location = $9))
  order by o.external_id limit ${MOST}`;

/** Orders that the hub has of a window that was read to its end, and that the window did not list; at most some at once. */
export async function missingOrders(pool: pg.Pool, live: Runnable, location: string, window: CheckedWindow): Promise<readonly string[]> {
  const { at, listed, confirmed } = window;
  const locations = Object.values(live.settings.locations);
  const own = storeIdOf(live, location === '' ? undefined : location);
  const stores = location === '' ? [...locations, own] : [own];
  // Two of the platform's locations may be one store: then only what was told of this one is looked for here.
  const isShared = location !== '' && locations.filter((id) => id === own).length > 1;
  const time = at.by === 'time' ? { from: at.from, to: at.to } : null;
  const { rows } = await pool.query<{ id: string }>(KNOWN, [
    live.id,
    stores.filter((id) => id !== null),
    at.by === 'time' ? addDays(at.from.slice(0, 10), -2) : at.day,
    at.by === 'time' ? addDays(at.to.slice(0, 10), 2) : at.day,
    at.begun,
    time?.from ?? null,
    time?.to ?? null,
    [...listed, ...Object.keys(confirmed)],
    isShared ? location : null,
  ]);
  return rows.map(({ id }) => id);
}

export type Sought =
  | { readonly facts: readonly Fact[]; readonly confirmed: Readonly<Record<string, number>> }
  | { readonly failure: Failure };

/** Asks once more for what a window lacks: what the platform does not have by its id either is gone. */
export async function seek(means: ReadingAgain, ids: readonly string[], window: CheckedWindow, nowMs: number): Promise<Sought> {
  const { facts, left } = await readAgain(means, 'order', ids);
  const unasked = new Map(left.filter(({ failure }) => !saysGone(failure)).map(({ id, failure }) => [id, failure]));
  const [failure] = unasked.values();
  if (failure !== undefined && unasked.size === ids.length) return { failure };
  const found = new Set(facts.flatMap((fact) => (fact.kind === 'order' ? [fact.order.externalId] : fact.kind === 'gone' ? [fact.id] : [])));
  const answered = ids.filter((id) => !unasked.has(id));
  const gone = answered.filter((id) => !found.has(id)).map((id): Fact => ({ kind: 'gone', resource: 'order', id }));
  return { facts: [...facts, ...gone], confirmed: { ...window.confirmed, ...Object.fromEntries(answered.map((id) => [id, nowMs])) } };
}

const saysGone = ({ code }: Failure): boolean => code === 'NOT_FOUND' || code === 'TARGET_GONE';

/** Without what was asked for too long ago. */
export const stillConfirmed = (confirmed: Readonly<Record<string, number>>, nowMs: number): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(confirmed).filter(([, askedMs]) => nowMs - askedMs < CONFIRMED_FOR_MS));
