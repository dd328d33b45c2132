import type { Failure } from '@valehub/connector-kit';
import type { ConnectionBook } from '../connections/connection-book.ts';
import type { Runnable } from '../runner/connector-runner.ts';
import { takeNext } from './feed-page.ts';
import type { ClaimedReading } from './reading-store.ts';
import { beginRound, type ReadingMeans, type Sitting, sitDown } from './sitting.ts';
import type { Step } from './window.rules.ts';

/**
 * READ: up to now, or a back-fill's part to its end. WINDOW: a window of a back-fill. LATER: it makes room, and goes on. STOPPED: paused,
 * cancelled, or read by somebody else by now; it stays where it stands. GONE: the connector has no such feed, the settings no such location.
 * `progressed`: pages were read before it failed.
 */
export type ReadEnd =
  | { readonly end: 'READ' | 'WINDOW' | 'LATER' | 'STOPPED' | 'GONE' }
  | { readonly end: 'FAILED'; readonly failure: Failure; readonly progressed: boolean };

export interface FeedReaderOptions extends ReadingMeans {
  readonly book: ConnectionBook;
}

/** Then others have their turn. */
const PAGES_AT_ONCE = 50;
/** Notices of its own that a back-fill may leave waiting. */
const MOST_WAITING = 500;
const READABLE: readonly string[] = ['ACTIVE', 'NEEDS_ATTENTION'];

/** Reads one feed at one place, page by page, from where it was left. A crash at any point repeats at most the page under way. */
export class FeedReader {
  readonly #options: FeedReaderOptions;
  #leaving = false;

  constructor(options: FeedReaderOptions) {
    this.#options = options;
  }

  /** This process ends: what is being read is left after its page, for another to go on. */
  leave(): void {
    this.#leaving = true;
  }

  async readOn(live: Runnable, reading: ClaimedReading): Promise<ReadEnd> {
    const sitting = await sitDown(this.#options, live, reading);
    if (sitting === undefined) return { end: 'GONE' };
    let at = sitting.resumed;
    let isResumed = at !== undefined;
    for (let pages = 0; pages < PAGES_AT_ONCE; pages += 1) {
      const turn = await this.#turn(sitting);
      if (turn !== null) return { end: turn };
      const begun = at === undefined ? await beginRound(this.#options, sitting) : { at };
      if ('failure' in begun) return { end: 'FAILED', failure: begun.failure, progressed: pages > 0 };
      if (begun.at === undefined) return { end: 'READ' };
      const taken = await takeNext(this.#options, sitting, begun.at);
      if ('failure' in taken) return { end: 'FAILED', failure: taken.failure, progressed: pages > 0 };
      if (!taken.goesOn) return { end: 'STOPPED' };
      const end = endAfter(taken.step, sitting, isResumed);
      if (end !== null) return { end };
      isResumed &&= taken.step.ended !== 'ROUND';
      at = taken.step.ended === 'ROUND' ? undefined : (taken.step.position ?? undefined);
    }
    return { end: 'LATER' };
  }

  /** Null = go on. */
  async #turn({ live, background }: Sitting): Promise<'STOPPED' | 'LATER' | null> {
    const { book, store, clock } = this.#options;
    if (this.#leaving) return 'LATER';
    const now = await book.get(live.id);
    if (now === undefined || !READABLE.includes(now.status)) return 'STOPPED';
    return background && (await store.isBusy(live.id, clock.now(), MOST_WAITING)) ? 'LATER' : null;
  }
}

/** What was begun in an earlier sitting ends where it meant to end then; one more round reads what came since. */
function endAfter({ ended }: Step, { background }: Sitting, isResumed: boolean): 'READ' | 'WINDOW' | null {
  if (ended === 'ROUND') return background || !isResumed ? 'READ' : null;
  return ended === 'WINDOW' && background ? 'WINDOW' : null;
}
