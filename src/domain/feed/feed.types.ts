/** Where the reading of a feed stands in the middle. `begun`: when reading this window (of a cursor: this round) began. */
export type FeedPosition = TimePosition | DayPosition | CursorPosition;

interface InWindow {
  readonly begun: string;
  /** The next page of the window. */
  readonly page?: string;
  /** All its pages are read; what it lacks is still to be looked for. */
  readonly check?: true;
}

/** RFC 3339. The window `from` (inclusive) `to` (exclusive); the windows up to `until` follow. */
export interface TimePosition extends InWindow {
  readonly by: 'time';
  readonly from: string;
  readonly to: string;
  readonly until: string;
}

/** Business days of the store, `YYYY-MM-DD`; those up to `until` (inclusive) follow. */
export interface DayPosition extends InWindow {
  readonly by: 'businessDay';
  readonly day: string;
  readonly until: string;
}

export interface CursorPosition {
  readonly by: 'cursor';
  readonly cursor: string;
  /** Left out between two rounds. */
  readonly begun?: string;
  /** The platform had forgotten a cursor, and no page was read since. */
  readonly renewed?: true;
}

/** One feed, at one location or none, as it stands: what health shows. */
export interface FeedHealth {
  readonly connectionId: string;
  readonly name: string;
  /** The platform's; null where the feed is not read by location. */
  readonly location: string | null;
  /** Up to when everything is in; null while it was never read. RFC 3339. */
  readonly readUpTo: string | null;
  /** When it was last read to its end. */
  readonly lastReadAt: string | null;
  readonly lastError: string | null;
}

/** DONE: everything was read; FAILED: a part could not be (`lastError` says why), the others were. */
export const BACKFILL_STATES = ['RUNNING', 'DONE', 'FAILED', 'CANCELLED'] as const;
export type BackfillState = (typeof BACKFILL_STATES)[number];

export interface BackfillRecord {
  readonly id: string;
  readonly connectionId: string;
  readonly feeds: readonly string[];
  /** RFC 3339; `from` inclusive, `to` exclusive. */
  readonly from: string;
  readonly to: string;
  readonly state: BackfillState;
  /** A feed by cursor counts as one window a location. */
  readonly windowsTotal: number;
  readonly windowsDone: number;
  /** What was new or changed. */
  readonly factsTaken: number;
  readonly lastError: string | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

/** `from` and `to`: RFC 3339; exactly one of `days` and `from` is given. */
export interface BackfillDraft {
  readonly connectionId: string;
  readonly days: number | null;
  readonly from: string | null;
  readonly to: string | null;
  /** null = all. */
  readonly feeds: readonly string[] | null;
}
