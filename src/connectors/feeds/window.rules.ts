import { type DayWindow, durationMs, type Feed, type FeedPage, type TimeWindow } from '@valehub/connector-kit';
import type { FeedPosition } from '../../domain/feed/feed.types.ts';
import { addDays, type BusinessClock, businessDay, businessDayEnd, businessDayStart } from '../../domain/shared/business-time.ts';
import { instantText } from '../../domain/shared/clock.ts';

export type WindowFeed = Exclude<Feed, { readonly by: 'cursor' }>;

/** Epoch ms; `toMs` exclusive. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A day of business has its own length; what is said in days is counted in days. */
const DAY_MS = 86_400_000;
const wholeDays = (ms: number): number => Math.ceil(ms / DAY_MS);

/** What the schedule reads now: from what was read up to on, reaching back over what may have been edited or come late. */
export function dueSpan(feed: WindowFeed, readUpToMs: number, nowMs: number, clock: BusinessClock): Span {
  if (feed.by === 'time') return { fromMs: readUpToMs - durationMs(feed.overlap), toMs: nowMs };
  const first = addDays(businessDay(readUpToMs, clock), -wholeDays(durationMs(feed.overlap)));
  return { fromMs: businessDayStart(first, clock), toMs: nowMs };
}

/** Where reading a span begins; undefined where there is nothing in it that the platform still keeps. */
export function firstWindow(feed: WindowFeed, span: Span, nowMs: number, clock: BusinessClock): FeedPosition | undefined {
  const fromMs = feed.reach === undefined ? span.fromMs : Math.max(span.fromMs, nowMs - durationMs(feed.reach));
  if (fromMs >= span.toMs) return undefined;
  const begun = instantText(nowMs);
  if (feed.by === 'time') return timeWindow(feed, fromMs, span.toMs, begun);
  return { by: 'businessDay', day: businessDay(fromMs, clock), until: businessDay(span.toMs - 1, clock), begun };
}

/** In how many windows is read what this one begins. */
export function windowsFrom(feed: WindowFeed, first: FeedPosition | undefined): number {
  if (first === undefined || first.by === 'cursor') return 0;
  if (first.by === 'businessDay') return Math.round((Date.parse(first.until) - Date.parse(first.day)) / DAY_MS) + 1;
  const spanMs = Date.parse(first.until) - Date.parse(first.from);
  return feed.longest === undefined ? 1 : Math.ceil(spanMs / durationMs(feed.longest));
}

function timeWindow(feed: WindowFeed, fromMs: number, untilMs: number, begun: string): FeedPosition {
  const toMs = feed.longest === undefined ? untilMs : Math.min(untilMs, fromMs + durationMs(feed.longest));
  return { by: 'time', from: instantText(fromMs), to: instantText(toMs), until: instantText(untilMs), begun };
}

function nextWindow(feed: WindowFeed, at: FeedPosition, nowMs: number): FeedPosition | undefined {
  const begun = instantText(nowMs);
  if (at.by === 'time') return at.to < at.until ? timeWindow(feed, Date.parse(at.to), Date.parse(at.until), begun) : undefined;
  if (at.by === 'businessDay') return at.day < at.until ? { ...at, day: addDays(at.day, 1), begun } : undefined;
  return undefined;
}

/** The same window from its first page on. A page's mark may be good no more after a failure. */
export function fromFirstPage<P extends FeedPosition>(at: P): P {
  if (at.by === 'cursor') return at;
  const { page: _page, check: _check, ...rest } = at;
  return rest as P;
}

/** What the connector is asked for. */
export function asked(at: FeedPosition): TimeWindow | DayWindow | { readonly cursor: string } {
  if (at.by === 'cursor') return { cursor: at.cursor };
  const page = at.page === undefined ? {} : { page: at.page };
  return at.by === 'time' ? { from: at.from, to: at.to, ...page } : { day: at.day, ...page };
}

/** Where a page leads. `position`: what is kept; null = nothing, the next round begins anew. `ended`: what this page brought to its end. */
export interface Step {
  readonly position: FeedPosition | null;
  readonly ended: 'WINDOW' | 'ROUND' | null;
  /** Up to when everything is in, where something ended; epoch ms. */
  readonly readUpToMs: number | null;
}

interface Passing {
  readonly feed: Feed;
  /** What a window lacks is to be looked for once its pages are read. */
  readonly checks: boolean;
  readonly clock: BusinessClock;
  readonly nowMs: number;
}

export function afterPage(at: FeedPosition, page: FeedPage, { feed, checks, clock, nowMs }: Passing): Step {
  if (at.by === 'cursor') {
    const cursor = page.next ?? at.cursor;
    const begun = at.begun ?? instantText(nowMs);
    if (page.more) return going({ by: 'cursor', cursor, begun });
    return { position: { by: 'cursor', cursor }, ended: 'ROUND', readUpToMs: Date.parse(begun) };
  }
  if (page.more && page.next !== undefined) return going({ ...at, page: page.next });
  return checks ? going({ ...fromFirstPage(at), check: true }) : afterWindow(feed, at, nowMs, clock);
}

const going = (position: FeedPosition): Step => ({ position, ended: null, readUpToMs: null });

/** Behind a window that was read to its end. */
export function afterWindow(feed: Feed, at: FeedPosition, nowMs: number, clock: BusinessClock): Step {
  const next = feed.by === 'cursor' ? undefined : nextWindow(feed, fromFirstPage(at), nowMs);
  return { position: next ?? null, ended: next === undefined ? 'ROUND' : 'WINDOW', readUpToMs: endOf(at, clock) };
}

/** Of a day that is not over yet only what was there when its reading began. */
function endOf(at: FeedPosition, clock: BusinessClock): number | null {
  if (at.by === 'time') return Date.parse(at.to);
  if (at.by === 'businessDay') return Math.min(businessDayEnd(at.day, clock), Date.parse(at.begun));
  return null;
}

/** A page that leads nowhere would be read for ever. */
export function leadsNowhere(at: FeedPosition, page: FeedPage): boolean {
  return page.more && (page.next === undefined || page.next === (at.by === 'cursor' ? at.cursor : at.page));
}
