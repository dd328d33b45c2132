import type { Failure, Plain } from '@valehub/connector-kit';
import type pg from 'pg';
import type { JobStatus } from '../../domain/connection/connection.types.ts';
import { OUTBOX_CHANNEL } from '../../domain/connection/outbox-queue.ts';
import { storableJson } from '../../domain/connection/storable.ts';
import { takeTurn } from '../runner/claim-turn.ts';
import { deadOwners } from '../runner/worker-identity.ts';

/** Claims of all processes stand in line for a moment, so that a verb that wants to run alone does. */
const CLAIM_LOCK = 8_254_033;

export interface ClaimedJob {
  readonly id: string;
  readonly connectionId: string;
  readonly verb: string;
  readonly key: string;
  readonly location: string | null;
  readonly input: Plain;
  readonly attempts: number;
  readonly inDoubt: boolean;
  readonly state: Plain;
  readonly createdAt: Date;
}

const JOB = `id, connection_id as "connectionId", verb, key, location, input, attempts, in_doubt as "inDoubt", state, created_at as "createdAt"`;

/** What was put in together goes out in its order, as far as it goes out together. */
const inOrder = (a: ClaimedJob, b: ClaimedJob): number => (a.id < b.id ? -1 : 1);

export interface ClaimOptions {
  readonly owner: number;
  readonly now: Date;
  readonly room: number;
  /** Connections that have enough to do, or whose circuit is open. */
  readonly busy: readonly string[];
  /** `<connector> <verb>` of the verbs that run one at a time on an account. */
  readonly serial: readonly string[];
}

export interface Settled {
  readonly id: string;
  readonly status: JobStatus;
  readonly attempts: number;
  readonly nextAtMs: number;
  readonly inDoubt: boolean;
  readonly outcome: Plain;
  readonly failure: Failure | null;
  readonly state: Plain;
}

/** The outbox's rows, as the dispatchers see them. */
export class OutboxStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async claim(options: ClaimOptions): Promise<readonly ClaimedJob[]> {
    const client = await this.#pool.connect();
    try {
      await client.query('begin');
      await takeTurn(client, CLAIM_LOCK);
      const { rows } = await client.query<ClaimedJob>({
        name: 'claim-jobs',
        text: `with due as (
           select j.id from outbox_job j join connection c on c.id = j.connection_id
           where j.status = 'PENDING' and j.next_at <= $2 and c.status <> 'PAUSED' and j.connection_id <> all($4::text[])
             and (c.connector_id || ' ' || j.verb <> all($5::text[])
               or not exists (select from outbox_job r where r.connection_id = j.connection_id and r.verb = j.verb and r.status = 'RUNNING'))
           order by j.next_at, j.id limit $3 for update of j skip locked)
         update outbox_job o set status = 'RUNNING', owner = $1, updated_at = $2 from due where o.id = due.id returning o.${JOB.replaceAll(', ', ', o.')}`,
        values: [options.owner, options.now, options.room, options.busy, options.serial],
      });
      await client.query('commit');
      return rows.sort(inOrder);
    } catch (fault) {
      await client.query('rollback');
      throw fault;
    } finally {
      client.release();
    }
  }

  /** More of what a batch can still take. */
  async claimMore(owner: number, now: Date, like: ClaimedJob, room: number): Promise<readonly ClaimedJob[]> {
    const { rows } = await this.#pool.query<ClaimedJob>({
      name: 'claim-more-jobs',
      text: `with due as (
         select id from outbox_job
         where connection_id = $1 and verb = $2 and location is not distinct from $3 and status = 'PENDING' and next_at <= $4 and state is null
         order by next_at, id limit $5 for update skip locked)
       update outbox_job o set status = 'RUNNING', owner = $6, updated_at = $4 from due where o.id = due.id returning o.${JOB.replaceAll(', ', ', o.')}`,
      values: [like.connectionId, like.verb, like.location, now, room, owner],
    });
    return rows.sort(inOrder);
  }

  /**
   * Writes outcomes; gives the ids that were written. A job that was taken from `owner` in the meantime keeps what it has, unless
   * it was parked for want of this very outcome: `keepOwner` parks it so.
   */
  async settle(owner: number, settled: readonly Settled[], now: Date, keepOwner = false): Promise<readonly string[]> {
    if (settled.length === 0) return [];
    const { rows } = await this.#pool.query<{ id: string }>({
      name: 'settle-jobs',
      text: `with news as (
         select * from jsonb_to_recordset($1::jsonb) as n (id text, status text, attempts int, "nextAt" timestamptz, "inDoubt" boolean, outcome jsonb, failure jsonb, state jsonb)),
       done as (
         update outbox_job o set status = n.status, attempts = n.attempts, next_at = n."nextAt", in_doubt = n."inDoubt",
           outcome = n.outcome, failure = n.failure, state = n.state,
           owner = case when $4 and n.status = 'PARKED' then o.owner end, updated_at = $3::timestamptz, settled_at = case when n.status in ('DONE', 'FAILED', 'PARKED') then $3::timestamptz end
         from news n where o.id = n.id and o.owner = $2 and o.status in ('RUNNING', 'PARKED') returning o.id, o.status)
       select id, case when status in ('DONE', 'FAILED', 'PARKED') then pg_notify('${OUTBOX_CHANNEL}', id) end from done`,
      values: [
        storableJson(settled.map(({ nextAtMs, ...row }) => ({ ...row, nextAt: new Date(nextAtMs).toISOString() }))),
        owner,
        now,
        keepOwner,
      ],
    });
    return rows.map((row) => row.id);
  }

  /** Puts claimed jobs back as if they had not been looked at. */
  async release(owner: number, ids: readonly string[], nextAt: Date): Promise<void> {
    await this.#pool.query(
      `update outbox_job set status = 'PENDING', owner = null, next_at = greatest(next_at, $3) where id = any($1) and owner = $2 and status = 'RUNNING'`,
      [ids, owner, nextAt],
    );
  }

  /** Jobs that were under way in a process that is no more. They keep their owner until they are settled. */
  async orphans(): Promise<readonly (ClaimedJob & { readonly owner: number })[]> {
    const dead = await deadOwners(this.#pool, 'outbox_job', `status = 'RUNNING'`);
    if (dead.length === 0) return [];
    const { rows } = await this.#pool.query<ClaimedJob & { owner: number }>(
      `select ${JOB}, owner from outbox_job where status = 'RUNNING' and owner = any($1) limit 500`,
      [dead],
    );
    return rows;
  }

  /** Lets parked jobs of a connection be tried anew, by a person's word; those that may have been done already stay for a word of their own. */
  async replay(connectionId: string, now: Date): Promise<number> {
    const { rowCount } = await this.#pool.query(
      `with again as (update outbox_job set status = 'PENDING', attempts = 0, next_at = $2, failure = null, settled_at = null, owner = null, updated_at = $2
         where connection_id = $1 and status = 'PARKED' and not in_doubt returning id)
       select pg_notify('${OUTBOX_CHANNEL}', '') from again`,
      [connectionId, now],
    );
    return rowCount ?? 0;
  }
}
