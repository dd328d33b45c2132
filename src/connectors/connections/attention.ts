import type { Logger } from 'pino';
import type { Database } from '../../database/database.ts';
import { storableText } from '../../domain/connection/storable.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { CONNECTIONS_CHANNEL } from './connection-book.ts';

const LONGEST = 1_000;
/** Once its credentials are dead, all other complaints of a connection come of that. */
const GRANT_IS_DEAD = `exists (select from credential_grant g where g.id = connection.grant_id and g.status = 'DEAD')`;

/** Tells a person that a connection or an App wants something of them: in its `lastError`, its status and the log. */
export class Attention {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #onTold: (id: string) => void;

  constructor(options: { database: Database; clock: Clock; log: Logger; onTold: (id: string) => void }) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#onTold = options.onTold;
  }

  /** Something a person should look at while the connection itself works on. */
  async note(connectionId: string, message: string): Promise<void> {
    const text = shortened(message);
    await this.#database.pool.query(
      `with noted as (update connection set last_error = $2, last_error_at = $3, updated_at = $3 where id = $1 and status = 'ACTIVE' returning id)
       select pg_notify('${CONNECTIONS_CHANNEL}', id) from noted`,
      [connectionId, text, this.#now()],
    );
    this.#log.warn({ connection: connectionId, reason: text }, 'a connection has something for a person to look at');
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
    await this.#complain(`id = $1 and not ${GRANT_IS_DEAD}`, connectionId, message);
  }

  /** All connections that use a grant. */
  async tellSharers(grantId: string, message: string): Promise<void> {
    await this.#complain('grant_id = $1', grantId, message);
  }

  /** What was told in these words (their beginning) is over; where nothing else waits for a person, the connection is well again. */
  async over(connectionId: string, beginning: string): Promise<void> {
    await this.#database.pool.query(
      `with well as (
         update connection c set last_error = null, last_error_at = null, updated_at = $3,
           status = case when status = 'NEEDS_ATTENTION' and checked_at is not null
             and not exists (select from notice n where n.connection_id = c.id and n.state = 'PARKED')
             and not exists (select from outbox_job j where j.connection_id = c.id and j.status = 'PARKED') then 'ACTIVE' else status end
         where id = $1 and starts_with(last_error, $2) returning id)
       select pg_notify('${CONNECTIONS_CHANNEL}', id) from well`,
      [connectionId, beginning, this.#now()],
    );
    this.#onTold(connectionId);
  }

  /** The same complaint again is no news. */
  async tellApp(appId: string, message: string): Promise<void> {
    const text = shortened(message);
    const { rowCount } = await this.#database.pool.query(
      `with told as (update app set last_error = $2, last_error_at = $3, updated_at = $3 where id = $1 and last_error is distinct from $2 returning id)
       select pg_notify('${CONNECTIONS_CHANNEL}', id) from told`,
      [appId, text, this.#now()],
    );
    if (rowCount !== 1) return;
    this.#onTold(appId);
    this.#log.warn({ app: appId, reason: text }, 'an app has something for a person to look at');
  }

  async overApp(appId: string, beginning: string): Promise<void> {
    await this.#database.pool.query(
      `with well as (update app set last_error = null, last_error_at = null, updated_at = $3 where id = $1 and starts_with(last_error, $2) returning id)
       select pg_notify('${CONNECTIONS_CHANNEL}', id) from well`,
      [appId, beginning, this.#now()],
    );
    this.#onTold(appId);
  }

  /** The same complaint again is no news. */
  async #complain(whose: string, id: string, message: string): Promise<void> {
    const text = shortened(message);
    const { rows } = await this.#database.pool.query<{ id: string }>(
      `with told as (
         update connection set last_error = $2, last_error_at = $3, updated_at = $3,
           status = case when status = 'PAUSED' then status else 'NEEDS_ATTENTION' end
         where ${whose} and status <> 'DISCONNECTED' and (last_error is distinct from $2 or status = 'ACTIVE') returning id)
       select id, pg_notify('${CONNECTIONS_CHANNEL}', id) from told`,
      [id, text, this.#now()],
    );
    for (const told of rows) {
      this.#onTold(told.id);
      this.#log.warn({ connection: told.id, reason: text }, 'a connection needs attention');
    }
  }

  #now(): Date {
    return new Date(this.#clock.now());
  }
}

const shortened = (message: string): string => storableText(message).slice(0, LONGEST);
