import type { Connector, Feed } from '@valehub/connector-kit';
import type pg from 'pg';
import type { FeedHealth } from '../../domain/feed/feed.types.ts';
import { askFeed, hurryFeeds } from '../../domain/feed/feed-queue.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import type { Attention } from '../connections/attention.ts';
import type { ConnectionBook, LiveConnection } from '../connections/connection-book.ts';

/** Where a feed is read: empty = once for the connection. */
export const placesOf = (feed: Feed, { settings }: Pick<LiveConnection, 'settings'>): readonly string[] =>
  feed.partition === 'location' ? Object.keys(settings.locations).sort() : [''];

export const feedsOf = (connector: Connector | null): readonly (readonly [name: string, feed: Feed])[] =>
  Object.entries(connector?.feeds ?? {});

interface Row {
  readonly connectionId: string;
  readonly feed: string;
  readonly location: string;
  readonly readUpTo: Date;
  readonly lastReadAt: Date | null;
  readonly lastError: string | null;
}

/** How the feeds of connections fare, and what makes them be read at once. */
export class FeedDesk {
  readonly #means: { readonly pool: pg.Pool; readonly clock: Clock; readonly book: ConnectionBook; readonly attention: Attention };

  constructor(means: { pool: pg.Pool; clock: Clock; book: ConnectionBook; attention: Attention }) {
    this.#means = means;
  }

  /** In the order of the ids: each feed that the connector has, at each place where it is read now. */
  async health(connectionIds: readonly string[]): Promise<readonly (readonly FeedHealth[])[]> {
    const { pool, book } = this.#means;
    const { rows } = await pool.query<Row>(
      `select connection_id as "connectionId", feed, location, read_up_to as "readUpTo", last_read_at as "lastReadAt", last_error as "lastError"
       from feed_reading where connection_id = any($1) and backfill_id = ''`,
      [connectionIds],
    );
    const known = new Map(rows.map((row) => [JSON.stringify([row.connectionId, row.feed, row.location]), row]));
    return Promise.all(
      connectionIds.map(async (connectionId) => {
        const live = await book.get(connectionId);
        if (live === undefined) return [];
        return feedsOf(live.connector).flatMap(([name, feed]) =>
          placesOf(feed, live).map((location): FeedHealth => {
            const row = known.get(JSON.stringify([connectionId, name, location]));
            return {
              connectionId,
              name,
              location: location === '' ? null : location,
              readUpTo: row?.lastReadAt === null ? null : (row?.readUpTo.toISOString() ?? null),
              lastReadAt: row?.lastReadAt?.toISOString() ?? null,
              lastError: row?.lastError ?? null,
            };
          }),
        );
      }),
    );
  }

  /** Asks for one feed of a connection, as its schedule does. */
  async ask(connectionId: string, name: string): Promise<void> {
    const { pool, clock, book } = this.#means;
    const live = await book.get(connectionId);
    const feed = live?.connector?.feeds?.[name];
    if (feed !== undefined) await askFeed(pool, { connectionId, feed: name, byLocation: feed.partition === 'location' }, clock.now());
  }

  /** A person has set the connection right: nothing of it waits any longer. */
  async resume(connectionId: string): Promise<void> {
    const { pool, clock, book, attention } = this.#means;
    const live = await book.get(connectionId);
    if (live === undefined) return;
    await hurryFeeds(pool, connectionId, clock.now());
    for (const [name, feed] of feedsOf(live.connector)) {
      await this.ask(connectionId, name);
      if (placesOf(feed, live).length === 0)
        await attention.note(
          connectionId,
          `The feed ${name} is read for each location, and the connection names none: say in the setting \`locations\` which store each is.`,
        );
    }
  }
}
