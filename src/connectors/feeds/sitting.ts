import { durationMs, type Failure, type Feed } from '@valehub/connector-kit';
import type pg from 'pg';
import type { FeedPosition } from '../../domain/feed/feed.types.ts';
import type { BusinessClock } from '../../domain/shared/business-time.ts';
import { type Clock, instantText } from '../../domain/shared/clock.ts';
import type { Attention } from '../connections/attention.ts';
import type { ConnectorRunner, Runnable, StoreSource } from '../runner/connector-runner.ts';
import { feedClock } from './feed-clock.ts';
import { stillConfirmed } from './missing.ts';
import type { ClaimedReading, ReadingStore } from './reading-store.ts';
import { dueSpan, firstWindow, type WindowFeed } from './window.rules.ts';

export interface ReadingMeans {
  readonly pool: pg.Pool;
  readonly store: ReadingStore;
  readonly runner: ConnectorRunner;
  readonly stores: StoreSource;
  readonly attention: Attention;
  readonly clock: Clock;
  /** There is something new among the notices. */
  readonly onStored: () => void;
}

/** One go at a reading, and where it stands. */
export interface Sitting {
  readonly live: Runnable;
  readonly feed: Feed;
  readonly reading: ClaimedReading;
  /** Where it was left in the middle of a round. */
  readonly resumed: FeedPosition | undefined;
  readonly location: string | undefined;
  readonly clock: BusinessClock;
  readonly background: boolean;
  listed: readonly string[];
  confirmed: Readonly<Record<string, number>>;
  readUpToMs: number;
  /** The feed's own, also between two rounds. */
  cursor: string | undefined;
}

/** Undefined where there is nothing to read: the connector has no such feed, or the settings no such location. */
export async function sitDown({ stores, clock }: ReadingMeans, live: Runnable, reading: ClaimedReading): Promise<Sitting | undefined> {
  const feed = live.connector.feeds?.[reading.feed];
  const { position, location } = reading;
  if (feed === undefined || (location !== '' && !Object.hasOwn(live.settings.locations, location))) return undefined;
  const isMidway = position !== null && position.by === feed.by && (position.by !== 'cursor' || position.begun !== undefined);
  return {
    live,
    feed,
    reading,
    resumed: isMidway ? position : undefined,
    location: location === '' ? undefined : location,
    clock: await feedClock(stores, live, location),
    background: reading.backfillId !== '',
    listed: reading.listed,
    confirmed: stillConfirmed(reading.confirmed, clock.now()),
    readUpToMs: reading.readUpTo.getTime(),
    cursor: position?.by === 'cursor' ? position.cursor : undefined,
  };
}

export type Begun = { readonly at: FeedPosition | undefined } | { readonly failure: Failure };

/** Where a round begins; nowhere where there is nothing to read. */
export async function beginRound(means: ReadingMeans, sitting: Sitting): Promise<Begun> {
  const { feed, background, clock, readUpToMs } = sitting;
  const nowMs = means.clock.now();
  if (feed.by !== 'cursor') {
    // A back-fill's windows were made when it was started.
    if (background) return { at: undefined };
    await tellGap(means, sitting, feed, nowMs);
    return { at: firstWindow(feed, dueSpan(feed, readUpToMs, nowMs, clock), nowMs, clock) };
  }
  if (sitting.cursor !== undefined) return { at: { by: 'cursor', cursor: sitting.cursor, begun: instantText(nowMs) } };
  return cursorSince(means, sitting, background ? readUpToMs : undefined);
}

export async function cursorSince({ runner, clock }: ReadingMeans, sitting: Sitting, sinceMs: number | undefined): Promise<Begun> {
  const { live, reading, location, background } = sitting;
  const begun = instantText(clock.now());
  const operation = { op: 'feedStart', name: reading.feed, ...(sinceMs === undefined ? {} : { since: instantText(sinceMs) }) } as const;
  const ran = await runner.ask(live, operation, { location, background });
  return ran.ok ? { at: { by: 'cursor', cursor: ran.value, begun } } : { failure: ran.failure };
}

/** What the platform has let go of while nobody read is lost to the feed. */
async function tellGap(
  { attention }: ReadingMeans,
  { live, reading, readUpToMs }: Sitting,
  feed: WindowFeed,
  nowMs: number,
): Promise<void> {
  const keptFrom = feed.reach === undefined ? 0 : nowMs - durationMs(feed.reach);
  if (readUpToMs >= keptFrom) return;
  const [upTo, from] = [instantText(readUpToMs), instantText(keptFrom)];
  await attention.note(
    live.id,
    `The feed ${reading.feed} was read up to ${upTo}, and the platform keeps only what is newer than ${from}: what lies between was not read.`,
  );
}
