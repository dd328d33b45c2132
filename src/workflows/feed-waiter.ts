import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Listener } from '../database/listener.ts';
import { inTransaction } from '../database/transaction.ts';
import { askBackfill, cancelBackfill, isBackfillAsked } from '../domain/feed/backfill-queue.ts';
import { askFeed, FEEDS_CHANNEL, feedOutcome } from '../domain/feed/feed-queue.ts';
import type { Clock } from '../domain/shared/clock.ts';
import type { FeedRunEnd, FeedRunInput } from './feed-run/messages.ts';
import type { OfferedFeed } from './feed-work.ts';

export interface FeedWaiterMeans {
  readonly pool: pg.Pool;
  readonly listener: Listener;
  readonly clock: Clock;
  readonly feedsOf: (connectorId: string) => readonly OfferedFeed[];
}

/** A notification may be lost. */
const LOOK_EVERY_MS = 2_000;

/**
 * Asks the processes that run connectors for readings, and waits for them. The reading itself is theirs: nothing that goes to a platform
 * leaves from here (docs/decisions/0011-where-feeds-are-read.md).
 */
export class FeedWaiter {
  readonly #means: FeedWaiterMeans;

  constructor(means: FeedWaiterMeans) {
    this.#means = means;
  }

  async readFeed({ connectionId, feed }: FeedRunInput, signal: AbortSignal): Promise<FeedRunEnd> {
    const { pool, clock } = this.#means;
    const offered = await this.#offered(connectionId, feed);
    if (offered === undefined) return { places: 0, failed: 0 };
    const { byLocation } = offered;
    const places = await askFeed(pool, { connectionId, feed, byLocation }, clock.now());
    await this.#until(connectionId, signal, async () => (await feedOutcome(pool, connectionId, feed)).asked === 0);
    return { places, failed: (await feedOutcome(pool, connectionId, feed)).failed };
  }

  /** False where the back-fill is over, or not there. */
  async readWindow(id: string, signal: AbortSignal): Promise<boolean> {
    const { pool, clock } = this.#means;
    if ((await askBackfill(pool, id, clock.now())) !== 'RUNNING') return false;
    await this.#until(id, signal, async () => !(await isBackfillAsked(pool, id)));
    return true;
  }

  async cancel(id: string): Promise<void> {
    const { pool, clock } = this.#means;
    await inTransaction(pool, (client) => cancelBackfill(client, id, clock.now()));
  }

  /** Undefined where the connection, its connector or the feed is gone. */
  async #offered(connectionId: string, feed: string): Promise<OfferedFeed | undefined> {
    const { pool, feedsOf } = this.#means;
    const { rows } = await pool.query<{ connectorId: string }>('select connector_id as "connectorId" from connection where id = $1', [
      connectionId,
    ]);
    return rows.flatMap(({ connectorId }) => feedsOf(connectorId)).find(({ name }) => name === feed);
  }

  /** Looks whenever something of `id` was read, and now and then. Rejects with the signal's reason. */
  async #until(id: string, signal: AbortSignal, isOver: () => Promise<boolean>): Promise<void> {
    let news = new AbortController();
    const stop = this.#means.listener.on(FEEDS_CHANNEL, (payload) => {
      if (payload === id) news.abort();
    });
    try {
      while (!(await isOver())) {
        await pause(LOOK_EVERY_MS, undefined, { signal: AbortSignal.any([signal, news.signal]) }).catch(() => undefined);
        signal.throwIfAborted();
        news = new AbortController();
      }
    } finally {
      stop();
    }
  }
}
