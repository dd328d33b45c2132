import type { Failure, Identity } from '@valehub/connector-kit';
import type { Database } from '../../database/database.ts';
import type { AccountChoice } from '../../domain/connection/connection.types.ts';
import { storableJson, storableText } from '../../domain/connection/storable.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { tokenAuthOf } from '../credentials/token-auth.ts';
import type { ConnectorRunner, Runnable } from '../runner/connector-runner.ts';
import { runnable } from '../runner/runnable.ts';
import type { Attention } from './attention.ts';
import { CONNECTIONS_CHANNEL, type ConnectionBook } from './connection-book.ts';
import { judgeIdentity, type WrongAccount } from './identity.rules.ts';

export interface AccountCheckOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly book: ConnectionBook;
  readonly runner: ConnectorRunner;
  readonly attention: Attention;
}

/** A platform that answers so works, and cannot tell whose the account is. */
const CANNOT_TELL: ReadonlySet<string> = new Set(['NOT_FOUND', 'NOT_SUPPORTED', 'BAD_REPLY', 'FORBIDDEN_SCOPE']);

/** Learns, by the connector's test call, whose account a connection is. */
export class AccountCheck {
  readonly #options: AccountCheckOptions;

  constructor(options: AccountCheckOptions) {
    this.#options = options;
  }

  /** Makes the test call and keeps what it says; a connection that passes needs no more attention. */
  async check(live: Runnable): Promise<WrongAccount | null> {
    const ran = await this.#options.runner.identify(live);
    if (!ran.ok) return ran.failure;
    const judged = judgeIdentity(ran.value, live.account, tokenAuthOf(live)?.authorize !== undefined);
    if ('identity' in judged) {
      await this.#keep(live, judged.identity);
      await this.#noteTwin(live, judged.identity.account);
      return null;
    }
    if ('choose' in judged) await this.#offer(live, judged.choose);
    return judged.failure;
  }

  /**
   * A connection whose account is not known yet is asked first, so that nothing is worked for somebody else. A platform that answers
   * but cannot tell is no reason to wait: its credentials show no more than is theirs.
   */
  async known(live: Runnable): Promise<{ readonly live: Runnable } | { readonly failure: Failure }> {
    if (live.account !== null) return { live };
    const failure = await this.check(live);
    if (failure !== null) return CANNOT_TELL.has(failure.code) ? { live } : { failure };
    return { live: runnable(await this.#options.book.get(live.id)) ?? live };
  }

  async #keep(live: Runnable, { account, name, facts }: Identity): Promise<void> {
    const { database, clock, book } = this.#options;
    await database.pool.query(
      `with known as (
         update connection set account = $2, account_name = $3, facts = $4::jsonb, checked_at = $5, updated_at = $5, last_error = null, last_error_at = null,
           status = case when status in ('PAUSED', 'DISCONNECTED') then status else 'ACTIVE' end
         where id = $1 returning id)
       select pg_notify('${CONNECTIONS_CHANNEL}', id) from known`,
      [live.id, storableText(account), storableText(name), storableJson(facts ?? {}), new Date(clock.now())],
    );
    book.forget(live.id);
  }

  async #offer(live: Runnable, choose: readonly Identity[]): Promise<void> {
    const accounts = choose.map(({ account, name, facts }): AccountChoice => ({ account, name, ...(facts ? { facts } : {}) }));
    await this.#options.database.pool.query('update connection set accounts = $2::jsonb where id = $1', [live.id, storableJson(accounts)]);
  }

  /** Behind an App's address the account finds the connection: with two of one account only the older is found. */
  async #noteTwin(live: Runnable, account: string): Promise<void> {
    if (live.appId === null || live.connector.webhooks === undefined) return;
    const { rows } = await this.#options.database.pool.query<{ id: string; name: string }>(
      `select id, name from connection where app_id = $1 and account = $2 and status <> 'DISCONNECTED' order by created_at, id limit 1`,
      [live.appId, storableText(account)],
    );
    const [first] = rows;
    if (first === undefined || first.id === live.id) return;
    await this.#options.attention.note(
      live.id,
      `The account ${account} is connected already, as ${first.name}: what the platform tells of it goes there and not here.`,
    );
  }
}
