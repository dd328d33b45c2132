import { randomInt } from 'node:crypto';
import pg from 'pg';
import type { Logger } from 'pino';

/** Advisory locks of this class say "this worker process lives"; the number only has to be nobody else's. */
const ALIVE_CLASS = 8_254_032;
const GREATEST_OWNER = 2 ** 31 - 1;
const RECONNECT_MS = 500;

/** Owners of claimed rows whose process is no more: `$1` is the class. The table is named by the caller. */
const ALIVE = `select l.objid::int8 as owner from pg_locks l join pg_database d on d.oid = l.database
  where d.datname = current_database() and l.locktype = 'advisory' and l.classid = $1::int8::oid and l.objsubid = 2 and l.granted`;

/**
 * What a worker process signs its claimed rows with. It holds a lock of the database for as long as it lives, so that after a
 * `kill -9` the others see at once that its rows are nobody's, and no row of a living one is ever taken for its being slow.
 */
export class WorkerIdentity {
  readonly #url: string;
  readonly #log: Logger;
  #client: pg.Client | null = null;
  #owner: number | null = null;
  #closed = false;

  private constructor(url: string, log: Logger) {
    this.#url = url;
    this.#log = log;
  }

  static async open(url: string, log: Logger): Promise<WorkerIdentity> {
    const identity = new WorkerIdentity(url, log);
    await identity.#connect();
    return identity;
  }

  /** Null while the lock is not held: then nothing may be claimed. */
  get owner(): number | null {
    return this.#owner;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#owner = null;
    await this.#client?.end();
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({ connectionString: this.#url, keepAlive: true });
    client.on('error', (error) => this.#lost(client, error));
    await client.connect();
    let owner: number;
    let taken: boolean;
    do {
      owner = randomInt(1, GREATEST_OWNER);
      const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1, $2) as taken', [ALIVE_CLASS, owner]);
      taken = rows[0]?.taken === true;
    } while (!taken);
    this.#client = client;
    this.#owner = owner;
  }

  #lost(client: pg.Client, error: Error): void {
    if (this.#client !== client || this.#closed) return;
    this.#client = null;
    this.#owner = null;
    this.#log.warn({ error: error.message }, 'the worker lost its connection to the database; it takes up no work until it is back');
    void client.end().catch((fault: unknown) => this.#log.debug({ fault: String(fault) }, 'closing a lost connection'));
    this.#reconnect();
  }

  #reconnect(): void {
    setTimeout(() => {
      if (this.#closed) return;
      this.#connect().catch((fault: unknown) => {
        this.#log.warn({ fault: String(fault) }, 'the worker is still without the database');
        this.#reconnect();
      });
    }, RECONNECT_MS).unref();
  }
}

/** Owners that stand in rows of `table` (with `condition`) although their process is gone. */
export async function deadOwners(
  pool: pg.Pool,
  table: 'notice' | 'outbox_job' | 'feed_reading',
  condition: string,
): Promise<readonly number[]> {
  const { rows } = await pool.query<{ owner: number }>(
    `select distinct owner from ${table} where ${condition} and owner is not null and owner not in (${ALIVE})`,
    [ALIVE_CLASS],
  );
  return rows.map((row) => row.owner);
}
