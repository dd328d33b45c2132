import { durationMs, type Feed } from '@valehub/connector-kit';
import type { Logger } from 'pino';
import type { Clock } from '../../domain/shared/clock.ts';
import type { AccountCheck } from '../connections/account.ts';
import type { Attention } from '../connections/attention.ts';
import type { ConnectionBook } from '../connections/connection-book.ts';
import { failureText } from '../runner/failure-text.ts';
import { runnable } from '../runner/runnable.ts';
import { WorkLoop } from '../runner/work-loop.ts';
import type { WorkerIdentity } from '../runner/worker-identity.ts';
import type { FeedReader, ReadEnd } from './feed-reader.ts';
import { settleReading } from './pace.rules.ts';
import type { ClaimedReading, ReadingStore, SettledReading } from './reading-store.ts';

export interface FeedWorkerOptions {
  readonly store: ReadingStore;
  readonly reader: FeedReader;
  readonly book: ConnectionBook;
  readonly account: AccountCheck;
  readonly attention: Attention;
  readonly identity: WorkerIdentity;
  readonly clock: Clock;
  readonly log: Logger;
  readonly pollMs: number;
  /** 0 to 1; spreads retries. */
  readonly chance: () => number;
  readonly onSettled?: (connectorId: string, feed: string, end: ReadEnd['end']) => void;
}

type FailedEnd = Extract<ReadEnd, { readonly end: 'FAILED' }>;

const CONCURRENCY = 8;
/** So that back-fills never keep the day's feeds waiting. */
const FOR_BACKFILLS = 4;
/** How soon one that made room looks again. */
const LATER_MS = 1_000;

/** Reads what was asked for: each feed and place in one process at a time, whichever comes first. */
export class FeedWorker {
  readonly #options: FeedWorkerOptions;
  readonly loop: WorkLoop<ClaimedReading>;
  #reading = 0;

  constructor(options: FeedWorkerOptions) {
    this.#options = options;
    const { store, identity, clock } = options;
    this.loop = new WorkLoop({
      name: 'feeds',
      concurrency: CONCURRENCY,
      pollMs: options.pollMs,
      log: options.log,
      sweep: () => store.sweep(),
      claim: (room) =>
        identity.owner === null ? Promise.resolve([]) : store.claim(identity.owner, clock.now(), room, FOR_BACKFILLS - this.#reading),
      work: (reading) => this.#work(reading),
      giveBack: (reading) => store.settle(reading, { ...goingOn(reading, clock.now() + LATER_MS), failures: reading.failures + 1 }),
    });
  }

  async #work(reading: ClaimedReading): Promise<void> {
    const isBackfill = reading.backfillId !== '';
    this.#reading += isBackfill ? 1 : 0;
    try {
      await this.#read(reading);
    } finally {
      this.#reading -= isBackfill ? 1 : 0;
    }
  }

  async #read(reading: ClaimedReading): Promise<void> {
    const { book, reader, store, onSettled, log } = this.#options;
    const live = runnable(await book.get(reading.connectionId));
    if (live === null) return store.settle(reading, this.#gone(reading));
    const known = await this.#options.account.known(live);
    const end: ReadEnd =
      'failure' in known ? { end: 'FAILED', failure: known.failure, progressed: false } : await reader.readOn(known.live, reading);
    await (end.end === 'FAILED'
      ? this.#afterFailure(live.connector.feeds?.[reading.feed], reading, end)
      : this.#afterReading(reading, end.end));
    onSettled?.(live.connectorId, reading.feed, end.end);
    log.debug({ connection: reading.connectionId, feed: reading.feed, location: reading.location, end: end.end }, 'a feed was read');
  }

  async #afterReading(reading: ClaimedReading, end: Exclude<ReadEnd['end'], 'FAILED'>): Promise<void> {
    const { store, clock, attention } = this.#options;
    const nowMs = clock.now();
    switch (end) {
      case 'READ':
      case 'WINDOW':
        await store.settle(reading, {
          asked: false,
          nextAtMs: nowMs,
          failures: 0,
          lastError: null,
          lastReadAtMs: nowMs,
          ended: end === 'READ' && reading.backfillId !== '' ? 'DONE' : null,
        });
        if (reading.lastError !== null && reading.backfillId === '') await attention.over(reading.connectionId, complaintOf(reading));
        return;
      case 'LATER':
        return store.settle(reading, goingOn(reading, nowMs + (reading.backfillId === '' ? 0 : LATER_MS)));
      case 'STOPPED':
        return store.settle(reading, goingOn(reading, nowMs));
      case 'GONE':
        return store.settle(reading, this.#gone(reading));
    }
  }

  #gone(reading: ClaimedReading): SettledReading {
    const going = goingOn(reading, this.#options.clock.now());
    const lastError = 'The connector that is installed has no such feed, or the connection no such location.';
    return { ...going, asked: false, lastError, ended: reading.backfillId === '' ? null : 'FAILED' };
  }

  async #afterFailure(feed: Feed | undefined, reading: ClaimedReading, { failure, progressed }: FailedEnd): Promise<void> {
    const { store, attention, clock, chance, log } = this.#options;
    const isBackfill = reading.backfillId !== '';
    const settled = settleReading({
      failure,
      failures: progressed ? 0 : reading.failures,
      everyMs: feed === undefined ? 0 : durationMs(feed.every),
      background: isBackfill,
      nowMs: clock.now(),
      chance: chance(),
    });
    const error = failureText(failure);
    // The person hears of it before it counts as settled: a crash in between says it twice, never not at all.
    if (settled.told)
      await (isBackfill ? attention.note : attention.tell).call(attention, reading.connectionId, `${complaintOf(reading)} ${error}`);
    await store.settle(reading, {
      asked: settled.asked,
      nextAtMs: settled.nextAtMs,
      failures: settled.failures,
      lastError: settled.shown ? error : reading.lastError,
      lastReadAtMs: null,
      ended: settled.ended,
      fromFirstPage: !settled.asked,
    });
    const { connectionId: connection, location } = reading;
    log.info({ connection, feed: reading.feed, location, failures: settled.failures, error }, 'a feed could not be read');
  }
}

const goingOn = ({ failures, lastError }: ClaimedReading, nextAtMs: number): SettledReading => ({
  asked: true,
  nextAtMs,
  failures,
  lastError,
  lastReadAtMs: null,
  ended: null,
});

/** How a complaint begins, by which it is known when it is over. */
function complaintOf({ feed, location, backfillId }: ClaimedReading): string {
  const what = `The feed ${feed}${location === '' ? '' : ` of the location ${location}`}`;
  return backfillId === '' ? `${what} could not be read:` : `${what} could not be read further back:`;
}
