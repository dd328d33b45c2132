import type pg from 'pg';
import { z } from 'zod';
import { inTransaction } from '../../database/transaction.ts';
import { administratorsOnly } from '../../domain/access/administrators-only.ts';
import type { Actor } from '../../domain/access/roles.ts';
import { writeAudit } from '../../domain/audit/audit-writer.ts';
import { OUTBOX_CHANNEL } from '../../domain/connection/outbox-queue.ts';
import { storableText } from '../../domain/connection/storable.ts';
import type {
  DeliveriesOf,
  DeliveryFilter,
  DeliveryRecord,
  HealthRecord,
  JobFilter,
  JobRecord,
  NoticeRecord,
} from '../../domain/connection/traffic.types.ts';
import type { Page, PageRequest } from '../../domain/list/list.types.ts';
import { pageOf, placeBefore, writeCursor } from '../../domain/list/page.ts';
import { Where } from '../../domain/list/where.ts';
import { type Clock, instantText } from '../../domain/shared/clock.ts';
import { conflict, notFound } from '../../domain/shared/errors.ts';

interface DeliveryRow extends Omit<DeliveryRecord, 'receivedAt' | 'body' | 'notices'> {
  readonly receivedAt: Date;
  readonly body: Buffer;
}
interface NoticeRow extends Omit<NoticeRecord, 'id' | 'nextAt' | 'settledAt'> {
  readonly id: number;
  readonly deliveryId: string;
  readonly nextAt: Date;
  readonly settledAt: Date | null;
}
interface JobRow extends Omit<JobRecord, 'createdAt' | 'nextAt' | 'settledAt'> {
  readonly createdAt: Date;
  readonly nextAt: Date;
  readonly settledAt: Date | null;
}

const SEE_IT = 'see what platforms sent: personal data may stand in it';
const DELIVERY_PLACE = z.tuple([z.literal('delivery'), z.string().regex(/^whd_[0-9a-f]{32}$/)]);
const JOB_PLACE = z.tuple([z.literal('job'), z.string().regex(/^job_[0-9a-f]{32}$/)]);
const DELIVERY = 'd.id, d.method, d.headers, d.query, d.body, d.received_at as "receivedAt"';
const NOTICE =
  'id, delivery_id as "deliveryId", topic, account, location, state, reason, attempts, next_at as "nextAt", last_error as "lastError", settled_at as "settledAt"';
const JOB = `id, verb, key, status, attempts, in_doubt as "inDoubt", failure, created_at as "createdAt", next_at as "nextAt", settled_at as "settledAt"`;

/** What went in and out at a connection, and how a person has it worked again. */
export class TrafficDesk {
  readonly #pool: pg.Pool;
  readonly #clock: Clock;
  readonly #poke: () => void;

  constructor(options: { pool: pg.Pool; clock: Clock; poke: () => void }) {
    this.#pool = options.pool;
    this.#clock = options.clock;
    this.#poke = options.poke;
  }

  /** Newest first. */
  async deliveries(actor: Actor, whose: DeliveriesOf, filter: DeliveryFilter, page: PageRequest): Promise<Page<DeliveryRecord>> {
    administratorsOnly(actor, SEE_IT);
    const where = new Where()
      .and(...(await this.#whose(whose)))
      .given('d.received_at >= ?', filter.from)
      .given('d.received_at < ?', filter.to);
    if (filter.states || filter.topics) {
      const inner = new Where(where.values)
        .raw('n.delivery_id = d.id')
        .given('n.state = any(?)', filter.states)
        .given('n.topic = any(?)', filter.topics);
      where.raw(`exists (select from notice n where ${inner})`);
    }
    const after = placeBefore(page, DELIVERY_PLACE)?.[1];
    if (after !== undefined) where.and('d.id < ?', after);
    const { rows } = await this.#pool.query<DeliveryRow>(
      `select ${DELIVERY} from webhook_delivery d where ${where} order by d.id desc limit ${page.first + 1}`,
      where.values,
    );
    const notices = await this.#noticesOf(rows.map(({ id }) => id));
    const records = rows.map((row) => ({
      ...row,
      receivedAt: instantText(row.receivedAt.getTime()),
      body: row.body.toString('utf8'),
      notices: notices.get(row.id) ?? [],
    }));
    return pageOf(records, page, ({ id }) => writeCursor('delivery', id));
  }

  /** Has a delivery worked again, whatever became of it: what it says counts once however often it is worked. */
  async reprocess(actor: Actor, deliveryId: string): Promise<readonly NoticeRecord[]> {
    administratorsOnly(actor, SEE_IT);
    const now = this.#clock.now();
    await inTransaction(this.#pool, async (client) => {
      const { rows } = await client.query<{ id: number }>(
        `update notice set state = 'PENDING', reason = null, attempts = 0, next_at = $2, last_error = null, settled_at = null
         where delivery_id = $1 and connection_id is not null and state <> 'RUNNING' and reason is distinct from 'OWN_ECHO' returning id`,
        [deliveryId, new Date(now)],
      );
      if (rows.length === 0) throw notFound('webhook delivery that can be worked again', deliveryId);
      const after = { notices: rows.length };
      await writeAudit(client, { at: now, actorId: actor.id, operation: 'reprocessDelivery', subjectId: deliveryId, before: null, after });
    });
    this.#poke();
    return (await this.#noticesOf([deliveryId])).get(deliveryId) ?? [];
  }

  /** Newest first. */
  async jobs(actor: Actor, connectionId: string, filter: JobFilter, page: PageRequest): Promise<Page<JobRecord>> {
    administratorsOnly(actor, SEE_IT);
    const where = new Where()
      .and('connection_id = ?', connectionId)
      .given('status = any(?)', filter.statuses)
      .given('verb = any(?)', filter.verbs);
    const after = placeBefore(page, JOB_PLACE)?.[1];
    if (after !== undefined) where.and('id < ?', after);
    const { rows } = await this.#pool.query<JobRow>(
      `select ${JOB} from outbox_job where ${where} order by id desc limit ${page.first + 1}`,
      where.values,
    );
    return pageOf(rows.map(jobRecord), page, ({ id }) => writeCursor('job', id));
  }

  /** Tries a parked job again. One that the platform may have done already only where `evenIfDone`: a person says that twice is bearable, or that it was not done. */
  async retry(actor: Actor, jobId: string, evenIfDone: boolean): Promise<JobRecord> {
    administratorsOnly(actor, SEE_IT);
    return this.#settle(actor, jobId, 'retryJob', async (client, job, now) => {
      if (job.inDoubt && !evenIfDone)
        throw conflict('The platform may have done it already: look there first, then ask again with evenIfDone: true, or drop it.');
      await client.query(
        `update outbox_job set status = 'PENDING', attempts = 0, next_at = $2, failure = null, in_doubt = false, settled_at = null, owner = null, updated_at = $2 where id = $1`,
        [jobId, new Date(now)],
      );
      await client.query(`select pg_notify('${OUTBOX_CHANNEL}', '')`);
    });
  }

  /** Gives a parked job up: a person has seen to it otherwise. */
  async drop(actor: Actor, jobId: string): Promise<JobRecord> {
    administratorsOnly(actor, SEE_IT);
    return this.#settle(actor, jobId, 'dropJob', async (client, _job, now) => {
      await client.query(`update outbox_job set status = 'FAILED', updated_at = $2, settled_at = $2 where id = $1`, [jobId, new Date(now)]);
      await client.query(`select pg_notify('${OUTBOX_CHANNEL}', $1)`, [jobId]);
    });
  }

  /** In the order of the connections. */
  async health(connectionIds: readonly string[]): Promise<readonly HealthRecord[]> {
    const { rows } = await this.#pool.query<{
      id: string;
      noticesWaiting: number;
      noticesParked: number;
      jobsWaiting: number;
      jobsParked: number;
      waitingSince: Date | null;
      circuitOpenUntil: Date | null;
    }>(
      `select c.id, n.waiting as "noticesWaiting", n.parked as "noticesParked", j.waiting as "jobsWaiting", j.parked as "jobsParked",
         least(n.since, j.since) as "waitingSince", case when c.circuit_open_until > $2 then c.circuit_open_until end as "circuitOpenUntil"
       from connection c,
         lateral (select count(*) filter (where state in ('PENDING', 'RUNNING'))::int as waiting, count(*) filter (where state in ('PARKED', 'UNCLAIMED'))::int as parked,
           min(received_at) filter (where state in ('PENDING', 'RUNNING')) as since
           from notice where connection_id = c.id and state in ('PENDING', 'RUNNING', 'PARKED', 'UNCLAIMED')) n,
         lateral (select count(*) filter (where status in ('PENDING', 'RUNNING'))::int as waiting, count(*) filter (where status = 'PARKED')::int as parked,
           min(created_at) filter (where status in ('PENDING', 'RUNNING')) as since
           from outbox_job where connection_id = c.id and status in ('PENDING', 'RUNNING', 'PARKED')) j
       where c.id = any($1)`,
      [connectionIds, new Date(this.#clock.now())],
    );
    const known = new Map(rows.map((row) => [row.id, row]));
    return connectionIds.map((id) => {
      const row = known.get(id);
      const text = (at: Date | null | undefined) => (at == null ? null : instantText(at.getTime()));
      return {
        noticesWaiting: row?.noticesWaiting ?? 0,
        noticesParked: row?.noticesParked ?? 0,
        jobsWaiting: row?.jobsWaiting ?? 0,
        jobsParked: row?.jobsParked ?? 0,
        waitingSince: text(row?.waitingSince),
        circuitOpenUntil: text(row?.circuitOpenUntil),
      };
    });
  }

  async #settle(
    actor: Actor,
    jobId: string,
    operation: string,
    change: (client: pg.PoolClient, job: JobRow, now: number) => Promise<void>,
  ): Promise<JobRecord> {
    const now = this.#clock.now();
    const record = await inTransaction(this.#pool, async (client) => {
      const read = async () => (await client.query<JobRow>(`select ${JOB} from outbox_job where id = $1 for update`, [jobId])).rows[0];
      const job = await read();
      if (job === undefined) throw notFound('job', jobId);
      if (job.status !== 'PARKED') throw conflict(`The job is ${job.status}: only one that is PARKED waits for a person.`);
      await change(client, job, now);
      const after = (await read()) ?? job;
      await writeAudit(client, {
        at: now,
        actorId: actor.id,
        operation,
        subjectId: jobId,
        before: { status: job.status, inDoubt: job.inDoubt },
        after: { status: after.status, inDoubt: after.inDoubt },
      });
      return jobRecord(after);
    });
    this.#poke();
    return record;
  }

  /** What came to an App's address may be of several connections: a delivery is theirs of whom it tells. */
  async #whose(whose: DeliveriesOf): Promise<[condition: string, id: string]> {
    if ('appId' in whose) return ['d.app_id = ?', whose.appId];
    const { connectionId } = whose;
    const { rowCount } = await this.#pool.query('select from connection where id = $1 and app_id is not null', [
      storableText(connectionId),
    ]);
    return [rowCount === 0 ? 'd.connection_id = ?' : 'd.id in (select delivery_id from notice where connection_id = ?)', connectionId];
  }

  async #noticesOf(deliveryIds: readonly string[]): Promise<ReadonlyMap<string, readonly NoticeRecord[]>> {
    if (deliveryIds.length === 0) return new Map();
    const { rows } = await this.#pool.query<NoticeRow>(`select ${NOTICE} from notice where delivery_id = any($1) order by id`, [
      deliveryIds,
    ]);
    return Map.groupBy(rows.map(noticeRecord), ({ deliveryId }) => deliveryId);
  }
}

const noticeRecord = ({ id, nextAt, settledAt, ...row }: NoticeRow): NoticeRecord & { readonly deliveryId: string } => ({
  ...row,
  id: `ntc_${id.toString(16).padStart(16, '0')}`,
  nextAt: instantText(nextAt.getTime()),
  settledAt: settledAt === null ? null : instantText(settledAt.getTime()),
});

const jobRecord = ({ createdAt, nextAt, settledAt, ...row }: JobRow): JobRecord => ({
  ...row,
  createdAt: instantText(createdAt.getTime()),
  nextAt: instantText(nextAt.getTime()),
  settledAt: settledAt === null ? null : instantText(settledAt.getTime()),
});
