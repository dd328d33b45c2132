import type { Actor } from '../access/roles.ts';
import { badInput } from '../shared/errors.ts';
import type { LedgerEventRecord, LedgerFilter, LedgerPage } from './ledger.types.ts';
import type { LedgerBook } from './ledger-book.ts';
import { decodeCursor, encodeCursor } from './ledger-cursor.ts';
import type { LedgerFeed } from './ledger-feed.ts';
import { passes, sieveFor } from './ledger-filter.ts';

const MAX_PAGE = 1_000;
const REPLAY_PAGE = 500;

/** Reading the book: by page, and following it live. */
export class LedgerService {
  readonly #book: LedgerBook;
  readonly #feed: LedgerFeed;

  constructor(book: LedgerBook, feed: LedgerFeed) {
    this.#book = book;
    this.#feed = feed;
  }

  async page(after: string | null, first: number, filter: LedgerFilter | null, actor: Actor): Promise<LedgerPage> {
    if (first < 0 || first > MAX_PAGE) throw badInput({ path: 'first', message: `A page holds 0 to ${MAX_PAGE} events.` });
    const from = after === null ? 0 : decodeCursor(after, await this.#book.head());
    // One more than asked tells whether there is more.
    const { events, head } = await this.#book.read(from, first + 1, sieveFor(filter, actor));
    const hasMore = events.length > first;
    const shown = events.slice(0, first);
    // A page of none reads nothing, whether or not anything would match.
    const end = first === 0 ? from : hasMore ? (shown.at(-1)?.position ?? from) : head;
    return { events: shown, endCursor: encodeCursor(Math.max(end, from)), hasMore };
  }

  /**
   * Everything after the cursor, then live, in order, each event once; without a cursor, live from now.
   * It is pulled: a slow reader holds up nobody, and what it has not taken yet is read from the book.
   */
  async follow(
    after: string | null,
    filter: LedgerFilter | null,
    actor: Actor,
    signal: AbortSignal,
  ): Promise<AsyncGenerator<LedgerEventRecord, void, undefined>> {
    const batches = await this.followInBatches(after, filter, actor, signal);
    return (async function* () {
      for await (const batch of batches) yield* batch;
    })();
  }

  /** The same, as many events at a time as there are at the moment of taking: for readers who can use them together. No batch is empty. */
  async followInBatches(
    after: string | null,
    filter: LedgerFilter | null,
    actor: Actor,
    signal: AbortSignal,
  ): Promise<AsyncGenerator<readonly LedgerEventRecord[], void, undefined>> {
    const start = after === null ? this.#feed.head : decodeCursor(after, await this.#book.head());
    return this.#follow(start, filter, actor, signal);
  }

  async *#follow(
    start: number,
    filter: LedgerFilter | null,
    actor: Actor,
    signal: AbortSignal,
  ): AsyncGenerator<readonly LedgerEventRecord[], void, undefined> {
    const sieve = sieveFor(filter, actor);
    let position = start;
    while (!signal.aborted) {
      const live = this.#feed.since(position);
      if (live === undefined) {
        const { events, head } = await this.#book.read(position, REPLAY_PAGE, sieve);
        if (events.length > 0) yield events;
        position = events.length === REPLAY_PAGE ? (events.at(-1)?.position ?? head) : head;
      } else if (live.length === 0) {
        if (this.#feed.closed) return;
        await this.#feed.beyond(position, signal);
      } else {
        const passed = live.filter((event) => passes(sieve, event));
        if (passed.length > 0) yield passed;
        position = live.at(-1)?.position ?? position;
      }
    }
  }
}
