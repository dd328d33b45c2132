import type { Logger } from 'pino';
import type { LedgerEventRecord } from './ledger.types.ts';
import type { LedgerBook } from './ledger-book.ts';

/** How many of the newest events a process keeps at hand for those who follow live. */
const RING = 20_000;
const PAGE = 1_000;
/** A lost notification loses nothing: the feed looks by itself this often. */
const POLL_MS = 250;

/**
 * The end of the book, read once a process for all who follow it. Followers take from it at their own pace;
 * one that falls behind what is kept here reads the book instead, so that nobody waits for it and it misses nothing.
 */
export class LedgerFeed {
  readonly #book: LedgerBook;
  readonly #log: Logger;
  readonly #ring: number;
  #events: LedgerEventRecord[] = [];
  /** Position before the first event kept. */
  #floor: number;
  #waiting = new Set<() => void>();
  #timer: NodeJS.Timeout;
  #reading: Promise<void> | undefined;
  #again = false;
  #closed = false;

  private constructor(book: LedgerBook, log: Logger, head: number, ring: number) {
    this.#book = book;
    this.#log = log;
    this.#ring = ring;
    this.#floor = head;
    this.#timer = setInterval(() => void this.refresh(), POLL_MS);
  }

  /** `ring`: how many events are kept at hand, at least. */
  static async open(book: LedgerBook, log: Logger, ring = RING): Promise<LedgerFeed> {
    return new LedgerFeed(book, log, await book.head(), ring);
  }

  get head(): number {
    return this.#floor + this.#events.length;
  }

  /** Everything after `position`, or undefined where that is no longer kept. */
  since(position: number): readonly LedgerEventRecord[] | undefined {
    if (position < this.#floor) return undefined;
    return position >= this.head ? [] : this.#events.slice(position - this.#floor);
  }

  /** Nothing comes any more; what is kept can still be read. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Resolves when there is something after `position`, when the signal aborts, or when the feed closes. */
  async beyond(position: number, signal: AbortSignal): Promise<void> {
    if (this.head > position || signal.aborted || this.#closed) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  /** What the sealer of this process has just put in the book: nobody needs to read it again. */
  take(events: readonly LedgerEventRecord[]): void {
    const [first] = events;
    if (first && first.position <= this.head + 1) this.#keep(events);
    else void this.refresh();
  }

  /** Reads what is new, unless the book is known up to `position` already. Calls that come meanwhile lead to one more look. */
  async refresh(position = Number.POSITIVE_INFINITY): Promise<void> {
    if (position <= this.head) return;
    if (this.#reading) {
      this.#again = true;
      return this.#reading;
    }
    this.#reading = this.#readOn()
      .catch((error: unknown) => this.#log.warn({ err: error }, 'The end of the ledger could not be read; the next look will tell.'))
      .finally(() => {
        this.#reading = undefined;
      });
    await this.#reading;
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#wake();
  }

  async #readOn(): Promise<void> {
    do {
      this.#again = false;
      let full = true;
      while (full) {
        const { events } = await this.#book.read(this.head, PAGE, null);
        full = events.length === PAGE;
        this.#keep(events);
      }
    } while (this.#again);
  }

  /** They begin at the head or before it: some of them may have come by the other way meanwhile. */
  #keep(events: readonly LedgerEventRecord[]): void {
    const fresh = events.filter((event) => event.position > this.head);
    if (fresh.length === 0) return;
    this.#events.push(...fresh);
    if (this.#events.length > this.#ring * 1.5) {
      const surplus = this.#events.length - this.#ring;
      this.#events = this.#events.slice(surplus);
      this.#floor += surplus;
    }
    this.#wake();
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done();
  }
}
