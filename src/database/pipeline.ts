import pg from 'pg';

/**
 * One connection whose statements are sent while those before them are still being carried out, so that PostgreSQL goes on to the next
 * without waiting for us. They are carried out in the order in which they were sent, each a transaction of its own: one that fails
 * leaves the others alone. The connection is opened by the first statement, and anew by the first after it was lost; those that were
 * under way then fail, and whether they were committed is for the caller to find out.
 */
export class Pipeline {
  readonly #config: pg.ClientConfig;
  #client: pg.Client | undefined;
  #opening: Promise<pg.Client> | undefined;
  #closed = false;

  constructor(config: pg.ClientConfig) {
    this.#config = config;
  }

  /** Throws what PostgreSQL answered (`code` is its SQLSTATE) or how the connection failed. */
  async query<Row extends pg.QueryResultRow>(statement: pg.QueryConfig): Promise<pg.QueryResult<Row>> {
    const client = this.#client ?? (await this.#open());
    return client.query<Row>(statement);
  }

  /** Once all that was sent is answered. */
  async close(): Promise<void> {
    this.#closed = true;
    const client = this.#client ?? (await this.#opening?.catch(() => undefined));
    await client?.end();
  }

  #open(): Promise<pg.Client> {
    if (this.#closed) throw new Error('This pipeline is closed.');
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ ...this.#config, pipeline: true });
    const forget = () => {
      if (this.#client === client) this.#client = undefined;
    };
    // The statements under way are told; unheard, the event would end the process.
    client.on('error', forget);
    client.on('end', forget);
    await client.connect();
    this.#client = client;
    return client;
  }
}
