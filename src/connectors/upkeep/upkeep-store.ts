import type pg from 'pg';
import { CONNECTIONS_CHANNEL } from '../connections/connection-book.ts';

/** A word on the connections' channel: there is something to look after now. */
export const UPKEEP_DUE = 'upkeep';

/** A connection that is to be looked after; `retest`: something that it shares was changed. */
export interface DueConnection {
  readonly id: string;
  readonly retest: boolean;
}

/** When connections are looked after. */
export class UpkeepStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** Those that are due; nobody else is given them for as long as `lease`. */
  async due(now: Date, lease: Date, room: number): Promise<readonly DueConnection[]> {
    const { rows } = await this.#pool.query<DueConnection>(
      `update connection set upkeep_at = $2 where id in
         (select id from connection where upkeep_at <= $1 order by upkeep_at limit $3 for update skip locked) returning id, retest`,
      [now, lease, room],
    );
    return rows;
  }

  /** It was looked after. Where somebody asked for it again meanwhile, that stands. */
  async done(connectionId: string, lease: Date, next: Date | null): Promise<void> {
    await this.#pool.query('update connection set upkeep_at = $3, retest = false where id = $1 and upkeep_at = $2', [
      connectionId,
      lease,
      next,
    ]);
  }

  /** Has connections tested anew, soon and by whoever works: those that wait for a person and share what was changed. What was subscribed for an App is looked after too. */
  async retest(shared: { readonly appId: string } | { readonly grantId: string; readonly except: string }, now: Date): Promise<void> {
    const [column, id] = 'appId' in shared ? ['app_id', shared.appId] : ['grant_id', shared.grantId];
    await this.#pool.query(
      `with due as (update connection set retest = true, upkeep_at = $2 where ${column} = $1 and id <> $3 and status = 'NEEDS_ATTENTION' returning id),
       subscribed as (update webhook_subscription set due_at = $2 where holder = $1 returning holder)
       select pg_notify('${CONNECTIONS_CHANNEL}', '${UPKEEP_DUE}') where exists (select from due) or exists (select from subscribed)`,
      [id, now, 'except' in shared ? shared.except : ''],
    );
  }

  /** Throws away what has had its time: replaced keys, and states of people who never came back. */
  async tidy(now: Date): Promise<void> {
    for (const table of ['connection', 'app', 'webhook_subscription'])
      await this.#pool.query(
        `update ${table} set previous_secrets = null, previous_until = null where previous_until is not null and previous_until <= $1`,
        [now],
      );
    await this.#pool.query('delete from authorization_request where expires_at < $1', [new Date(now.getTime() - 24 * 60 * 60_000)]);
  }
}
