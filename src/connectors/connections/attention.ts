import type { Logger } from 'pino';
import type { Database } from '../../database/database.ts';
import { storableText } from '../../domain/connection/storable.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { CONNECTIONS_CHANNEL } from './connection-book.ts';

const LONGEST = 1_000;

/** Tells a person that a connection wants something of them: in its `lastError`, its status and the log. */
export class Attention {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #onTold: (connectionId: string) => void;

  constructor(options: { database: Database; clock: Clock; log: Logger; onTold: (connectionId: string) => void }) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#onTold = options.onTold;
  }

  /** Something a person should look at while the connection itself works on. */
  async note(connectionId: string, message: string): Promise<void> {
    const text = storableText(message).slice(0, LONGEST);
    await this.#database.pool.query(
      `with noted as (update connection set last_error = $2, last_error_at = $3, updated_at = $3, version = version + 1 where id = $1 and status = 'ACTIVE' returning id)
       select pg_notify('${CONNECTIONS_CHANNEL}', id) from noted`,
      [connectionId, text, new Date(this.#clock.now())],
    );
    this.#log.warn({ connection: connectionId, reason: text }, 'a connection has something for a person to look at');
  }

  /** What was told in these words (their beginning) is over; where nothing else waits for a person, the connection is well again. */
  async over(connectionId: string, beginning: string): Promise<void> {
    await this.#database.pool.query(
      `with well as (
         update connection c set last_error = null, last_error_at = null, updated_at = $3, version = version + 1,
           status = case when status = 'NEEDS_ATTENTION' and checked_at is not null
             and not exists (select from notice n where n.connection_id = c.id and n.state = 'PARKED')
             and not exists (select from outbox_job j where j.connection_id = c.id and j.status = 'PARKED') then 'ACTIVE' else status end
         where id = $1 and starts_with(last_error, $2) returning id)
       select pg_notify('${CONNECTIONS_CHANNEL}', id) from well`,
      [connectionId, beginning, new Date(this.#clock.now())],
    );
    this.#onTold(connectionId);
  }

  /** The same for every connection of a connector; nobody waits for it. */
  ofConnector(connectorId: string, message: string): void {
    this.#connectionsOf(connectorId)
      .then(async (ids) => {
        for (const id of ids) await this.note(id, message);
      })
      .catch((fault: unknown) =>
        this.#log.error({ err: fault, connector: connectorId }, 'what a connector did could not be told to a person'),
      );
  }

  async #connectionsOf(connectorId: string): Promise<readonly string[]> {
    const { rows } = await this.#database.pool.query<{ id: string }>('select id from connection where connector_id = $1', [connectorId]);
    return rows.map(({ id }) => id);
  }

  /** `message` holds nothing secret and nothing personal. A paused connection stays paused. */
  async tell(connectionId: string, message: string): Promise<void> {
    const text = storableText(message).slice(0, LONGEST);
    const { rowCount } = await this.#database.pool.query(
      `with told as (
         update connection set last_error = $2, last_error_at = $3, updated_at = $3, version = version + 1,
           status = case when status = 'PAUSED' then status else 'NEEDS_ATTENTION' end
         where id = $1 and (last_error is distinct from $2 or status = 'ACTIVE') returning id)
       select pg_notify('${CONNECTIONS_CHANNEL}', id) from told`,
      [connectionId, text, new Date(this.#clock.now())],
    );
    // The same complaint again is no news.
    if (rowCount !== 1) return;
    this.#onTold(connectionId);
    this.#log.warn({ connection: connectionId, reason: text }, 'a connection needs attention');
  }
}
