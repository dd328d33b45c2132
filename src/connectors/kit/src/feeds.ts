import type { z } from 'zod';
import type { Ctx } from './context.ts';
import type { Fact, Resource } from './notices.ts';
import type { Awaitable, Day, Duration, Instant } from './plain.ts';

/** One page. The host saves its facts and its position in one transaction, and drops what it has read before by content. */
export interface FeedPage {
  readonly facts: readonly Fact[];
  /** The next page of this window, or the cursor to go on from. Left out on the last page of a window. */
  readonly next?: string;
  /** Whether there is more to read now. */
  readonly more: boolean;
}

interface AnyFeed {
  readonly every: Duration;
  readonly gives: readonly Resource[];
  /** Read once for each location that the connection's settings name. */
  readonly partition?: 'location';
}

/** A window of time that the host made: `from` inclusive, `to` exclusive. */
export interface TimeWindow {
  readonly from: Instant;
  readonly to: Instant;
  readonly page?: string;
}

/** A business day of the store. */
export interface DayWindow {
  readonly day: Day;
  readonly page?: string;
}

interface Windows {
  /** How far a window reaches back over the one before it: for what is edited or appears late. Business days: whole days. */
  readonly overlap: Duration;
  /** The longest window that the platform answers. */
  readonly longest?: Duration;
  /** How far back the platform keeps things. */
  readonly reach?: Duration;
  /** A finished window lists everything there is: what was known of it and is missing is fetched once more, and then is gone. */
  readonly complete: boolean;
}

/** What is read at intervals, where the platform does not tell by itself, or not reliably. A back-fill is the same read with other windows. */
export type Feed<S extends z.ZodObject = z.ZodObject> = AnyFeed &
  (
    | ({ readonly by: 'time'; read(ctx: Ctx<S>, window: TimeWindow): Awaitable<FeedPage> } & Windows)
    | ({ readonly by: 'businessDay'; read(ctx: Ctx<S>, window: DayWindow): Awaitable<FeedPage> } & Windows)
    | {
        readonly by: 'cursor';
        /** Where to begin: at `since`, else now. */
        first(ctx: Ctx<S>, since: Instant | undefined): Awaitable<string>;
        /** Throws `CallError` CURSOR_LOST where the platform has forgotten it. */
        read(ctx: Ctx<S>, cursor: string): Awaitable<FeedPage>;
      }
  );
