import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';

/** Every channel is listened to from the first moment, so that nobody subscribes a moment too late. */
export const CHANNELS = [
  'valehub_terms',
  'valehub_keys',
  'valehub_ledger',
  'valehub_intake',
  'valehub_outbox',
  'valehub_connections',
  'valehub_deliveries',
  'valehub_feeds',
  'valehub_workflow',
] as const;
export type Channel = (typeof CHANNELS)[number];

/** What it rejects with is logged. */
type Handler = (payload: string) => void | Promise<void>;

/** PostgreSQL's notifications, for the whole process over one connection of its own. */
export interface Listener {
  /** `handler` gets the payload. Gives back how to stop. */
  on(channel: Channel, handler: Handler): () => void;
  /** Told after the connection was lost and is back: what was notified in between is gone. */
  onReconnect(handler: () => void | Promise<void>): () => void;
  close(): Promise<void>;
}

/**
 * Keeps what is held in memory of one kind of thing up to date: `refresh` is told the id that a payload names behind `topic`,
 * and nothing after a lost connection, when everything may have changed. Gives back how to stop.
 */
export function followTopic(
  listener: Listener,
  channel: Channel,
  topic: string,
  refresh: (ids?: readonly string[]) => Promise<void>,
): () => void {
  const stops = [
    listener.on(channel, async (payload) => {
      if (payload.startsWith(topic)) await refresh([payload.slice(topic.length)]);
    }),
    listener.onReconnect(() => refresh()),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 3_000;
const APPLICATION_NAME = 'valehub listener';

/** Rejects where the database cannot be reached now; later losses are mended by reconnecting for as long as it takes. */
export async function openListener(url: string, log: Logger): Promise<Listener> {
  const listener = new PostgresListener(url, log);
  await listener.connect();
  return listener;
}

class PostgresListener implements Listener {
  readonly #url: string;
  readonly #log: Logger;
  readonly #handlers = new Map<string, Set<Handler>>();
  readonly #reconnected = new Set<Handler>();
  readonly #telling = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #client: pg.Client | undefined;
  #reconnecting: Promise<void> | undefined;

  constructor(url: string, log: Logger) {
    this.#url = url;
    this.#log = log;
  }

  on(channel: Channel, handler: Handler): () => void {
    const handlers = this.#handlers.get(channel) ?? new Set();
    this.#handlers.set(channel, handlers.add(handler));
    return () => void handlers.delete(handler);
  }

  onReconnect(handler: () => void | Promise<void>): () => void {
    this.#reconnected.add(handler);
    return () => void this.#reconnected.delete(handler);
  }

  async connect(): Promise<void> {
    const client = new pg.Client({ connectionString: this.#url, keepAlive: true, application_name: APPLICATION_NAME });
    client.on('notification', ({ channel, payload }) => this.#tell(this.#handlers.get(channel), payload ?? ''));
    client.on('error', (error) => this.#log.warn({ err: error }, 'the connection that listens to the database was lost'));
    try {
      await client.connect();
      await client.query(CHANNELS.map((channel) => `listen ${channel}`).join('; '));
    } catch (error) {
      await client.end();
      throw error;
    }
    if (this.#closing.signal.aborted) return client.end();
    client.once('end', () => {
      if (this.#client === client) this.#client = undefined;
      if (!this.#closing.signal.aborted) this.#reconnecting = this.#reconnect();
    });
    this.#client = client;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#reconnecting;
    await this.#client?.end();
    // What a handler still reads must be read before the database is closed under it.
    await Promise.all(this.#telling);
  }

  async #reconnect(): Promise<void> {
    for (let wait = FIRST_RETRY_MS; !this.#closing.signal.aborted; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
      try {
        await pause(wait, undefined, { signal: this.#closing.signal });
        await this.connect();
        this.#log.info('listening to the database again');
        return this.#tell(this.#reconnected);
      } catch (error) {
        if (!this.#closing.signal.aborted) this.#log.warn({ err: error }, 'cannot listen to the database yet');
      }
    }
  }

  #tell(handlers: Iterable<Handler> | undefined, payload = ''): void {
    for (const handler of handlers ?? []) {
      const telling = this.#tellOne(handler, payload).finally(() => this.#telling.delete(telling));
      this.#telling.add(telling);
    }
  }

  /** One handler that fails must not keep the others from hearing. */
  async #tellOne(handler: Handler, payload: string): Promise<void> {
    try {
      await handler(payload);
    } catch (error) {
      this.#log.error({ err: error }, 'what a database notification asked for failed');
    }
  }
}
