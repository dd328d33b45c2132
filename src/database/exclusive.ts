import pg from 'pg';

/** For all kinds of locks together. */
const CONNECTIONS = 8;

/**
 * Connections that wait for locks, or hold them while a platform takes its time: apart from the pool of everyday statements, which never
 * has to wait for a platform.
 */
export class LockPool {
  readonly #pool: pg.Pool;
  #left = CONNECTIONS;

  constructor(url: string) {
    this.#pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
    // A lost connection is told to whoever holds it; unheard, the event would end the process.
    const letGo = () => undefined;
    this.#pool.on('error', letGo);
    this.#pool.on('connect', (client) => client.on('error', letGo));
  }

  /** `kind`: a number that is nobody else's. `most`: at once in this process; whoever holds a lock of one kind may then ask for one of another. */
  exclusive(kind: number, most: number): Exclusive {
    this.#left -= most;
    if (this.#left < 0) throw new RangeError(`There are ${CONNECTIONS} connections for locks.`);
    return new Exclusive(this.#pool, kind, most);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

/**
 * Does something about one thing in one process at a time, whatever holds it up: a lock of the database that ends with the process,
 * so that after a `kill -9` the next may begin at once. It keeps no row, and what is written meanwhile is committed at once.
 */
export class Exclusive {
  readonly #pool: pg.Pool;
  readonly #kind: number;
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(pool: pg.Pool, kind: number, most: number) {
    this.#pool = pool;
    this.#kind = kind;
    this.#most = most;
  }

  async run<T>(id: string, work: () => Promise<T>): Promise<T> {
    if (this.#busy >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#busy += 1;
    try {
      return await this.#locked(id, work);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#busy -= 1;
      else next();
    }
  }

  async #locked<T>(id: string, work: () => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock($1, hashtext($2))', [this.#kind, id]);
      return await work();
    } finally {
      try {
        await client.query('rollback');
      } catch (fault) {
        // The lock went with the connection.
        broken = fault instanceof Error ? fault : new Error(String(fault));
      }
      client.release(broken);
    }
  }
}
