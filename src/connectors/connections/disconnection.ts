import type { Failure } from '@valehub/connector-kit';
import type pg from 'pg';
import type { Database } from '../../database/database.ts';
import { inTransaction } from '../../database/transaction.ts';
import { administratorsOnly } from '../../domain/access/administrators-only.ts';
import type { Actor } from '../../domain/access/roles.ts';
import { writeAudit } from '../../domain/audit/audit-writer.ts';
import { Connection } from '../../domain/connection/connection.entity.ts';
import { OUTBOX_CHANNEL } from '../../domain/connection/outbox-queue.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { conflict, notFound } from '../../domain/shared/errors.ts';
import type { CredentialDesk } from '../credentials/credential-desk.ts';
import type { Runnable } from '../runner/connector-runner.ts';
import { failureText } from '../runner/failure-text.ts';
import { runnable } from '../runner/runnable.ts';
import { isForPerson } from '../subscriptions/subscription.rules.ts';
import type { SubscriptionDesk } from '../subscriptions/subscription-desk.ts';
import { CONNECTIONS_CHANNEL, type ConnectionBook } from './connection-book.ts';

export interface DisconnectionDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly book: ConnectionBook;
  readonly credentials: CredentialDesk;
  readonly subscriptions: SubscriptionDesk;
}

const HOUR_MS = 60 * 60_000;
/** So long a platform that is away is asked again to forget the hub; then its secrets go all the same. */
const PATIENCE_MS = 24 * HOUR_MS;
/** While it is under way nobody else takes it up. */
const LEASE_MS = 10 * 60_000;

/** Takes a connection off for good: nothing is called or taken from that moment on; its history stays. */
export class Disconnection {
  readonly #deps: DisconnectionDeps;

  constructor(deps: DisconnectionDeps) {
    this.#deps = deps;
  }

  async disconnect(actor: Actor, id: string): Promise<void> {
    administratorsOnly(actor, 'connect platforms');
    const { database, clock, book } = this.#deps;
    const nowMs = clock.now();
    const before = await inTransaction(database.pool, (client) => take(client, actor, id, nowMs));
    if (before === 'none') throw notFound('connection', id);
    if (before === 'DISCONNECTED') throw conflict('The connection was disconnected already.');
    book.forget(id);
    await this.finish(id);
  }

  /** Has the platform forget the hub, then destroys what could open the account. Gives when to try again; null = it is done. */
  async finish(id: string): Promise<Date | null> {
    const { database, clock, book } = this.#deps;
    const row = await database.em().findOne(Connection, { id });
    const live = runnable(await book.get(id));
    if (row === null || row.status !== 'DISCONNECTED') return null;
    const failure = live === null ? null : await this.#forgotten(live);
    const since = row.disconnectedAt?.getTime() ?? 0;
    const again = failure !== null && !isForPerson(failure) && clock.now() - since < PATIENCE_MS ? new Date(clock.now() + HOUR_MS) : null;
    const words = failure && failureText(failure);
    await database.pool.query(
      `with changed as (
         update connection set last_error = $2, last_error_at = case when $2::text is null then null else $3::timestamptz end, upkeep_at = $4, updated_at = $3, version = version + 1,
           secrets = case when $4::timestamptz is null then null else secrets end, previous_secrets = case when $4::timestamptz is null then null else previous_secrets end
         where id = $1 returning id),
       gone as (delete from webhook_subscription where holder = $1 and $4::timestamptz is null)
       select pg_notify('${CONNECTIONS_CHANNEL}', id) from changed`,
      [
        id,
        words && `The platform could not be asked to forget the hub${again ? ' yet' : ', do it there by hand'}: ${words}`,
        new Date(clock.now()),
        again,
      ],
    );
    book.forget(id);
    if (again === null && row.grantId !== null) await this.#endGrant(row.grantId);
    return again;
  }

  async #forgotten(live: Runnable): Promise<Failure | null> {
    const { subscriptions, credentials } = this.#deps;
    return (await subscriptions.remove(live, await this.#isLast(live.appId))) ?? (await credentials.giveBack(live));
  }

  /** Where the platform would not be asked, what the hub has of it goes all the same. */
  async #endGrant(grantId: string): Promise<void> {
    const { credentials, clock } = this.#deps;
    if ((await credentials.store.users(grantId)).length === 0) await credentials.store.end(grantId, new Date(clock.now()));
  }

  async #isLast(appId: string | null): Promise<boolean> {
    if (appId === null) return false;
    const { rowCount } = await this.#deps.database.pool.query(
      `select from connection where app_id = $1 and status <> 'DISCONNECTED' limit 1`,
      [appId],
    );
    return rowCount === 0;
  }
}

/** What waits is settled: notices are kept, jobs that were surely not done fail, so that whoever waits for them goes on. */
async function take(client: pg.PoolClient, actor: Actor, id: string, nowMs: number): Promise<string> {
  const now = new Date(nowMs);
  const {
    rows: [known],
  } = await client.query<{ status: string }>('select status from connection where id = $1 for update', [id]);
  if (known === undefined) return 'none';
  if (known.status === 'DISCONNECTED') return known.status;
  await client.query(
    `update connection set status = 'DISCONNECTED', disconnected_at = $2, upkeep_at = $3, accounts = null, last_error = null, last_error_at = null, version = version + 1, updated_at = $2 where id = $1`,
    [id, now, new Date(nowMs + LEASE_MS)],
  );
  await client.query(
    `update notice set state = 'IGNORED', reason = 'DISCONNECTED', settled_at = $2 where connection_id = $1 and state in ('PENDING', 'PARKED', 'UNCLAIMED')`,
    [id, now],
  );
  await client.query(
    `with settled as (
       update outbox_job set status = case when in_doubt then 'PARKED' else 'FAILED' end, failure = $3::jsonb, settled_at = $2, updated_at = $2
       where connection_id = $1 and status = 'PENDING' returning id)
     select pg_notify('${OUTBOX_CHANNEL}', id) from settled`,
    [id, now, JSON.stringify(DISCONNECTED)],
  );
  await writeAudit(client, {
    at: nowMs,
    actorId: actor.id,
    operation: 'disconnect',
    subjectId: id,
    before: { status: known.status },
    after: { status: 'DISCONNECTED' },
  });
  await client.query('select pg_notify($1, $2)', [CONNECTIONS_CHANNEL, id]);
  return known.status;
}

/** What becomes of a job for a connection that is no more. */
export const DISCONNECTED: Failure = { code: 'NOT_FOUND', message: 'The connection was disconnected.' };
