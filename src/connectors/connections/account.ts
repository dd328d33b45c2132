import type { Failure } from '@valehub/connector-kit';
import type { Database } from '../../database/database.ts';
import { storableText } from '../../domain/connection/storable.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import type { ConnectorRunner, Runnable } from '../runner/connector-runner.ts';
import { CONNECTIONS_CHANNEL, type ConnectionBook } from './connection-book.ts';

/** Learns, by the connector's test call, whose account a connection is. */
export class AccountCheck {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #book: ConnectionBook;
  readonly #runner: ConnectorRunner;

  constructor(options: { database: Database; clock: Clock; book: ConnectionBook; runner: ConnectorRunner }) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#book = options.book;
    this.#runner = options.runner;
  }

  /** Makes the test call and keeps what it says; a connection that passes needs no more attention. */
  async check(live: Runnable): Promise<Failure | null> {
    const ran = await this.#runner.identify(live);
    if (!ran.ok) return ran.failure;
    if ('choose' in ran.value) return { code: 'BAD_CREDENTIALS', message: 'The credentials open several accounts; choose one of them.' };
    const { account, name, facts } = ran.value;
    await this.#database.pool.query(
      `with known as (
         update connection set account = $2, account_name = $3, facts = $4::jsonb, checked_at = $5, updated_at = $5, version = version + 1, last_error = null, last_error_at = null,
           status = case when status = 'PAUSED' then status else 'ACTIVE' end
         where id = $1 returning id)
       select pg_notify('${CONNECTIONS_CHANNEL}', id) from known`,
      [live.id, storableText(account), storableText(name), JSON.stringify(facts ?? {}), new Date(this.#clock.now())],
    );
    this.#book.forget(live.id);
    return null;
  }
}
