import type { Failure, Plain } from '@valehub/connector-kit';
import type pg from 'pg';
import type { Logger } from 'pino';
import { inTransaction } from '../../database/transaction.ts';
import { enqueueJob } from '../../domain/connection/outbox-queue.ts';
import type { PublicationStatus } from '../../domain/connection/publication.types.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import type { Attention } from '../connections/attention.ts';
import { failureText } from '../runner/failure-text.ts';
import { WorkLoop } from '../runner/work-loop.ts';
import type { CampaignCodeList } from './campaign-codes.ts';

export interface PublisherOptions {
  readonly pool: pg.Pool;
  readonly codes: CampaignCodeList;
  readonly attention: Attention;
  readonly clock: Clock;
  readonly log: Logger;
  readonly pollMs: number;
  /** How many codes one call of the connection's platform takes; 0 = it takes none. */
  readonly codesPerCall: (connectionId: string) => Promise<number>;
}

interface Row {
  readonly id: string;
  readonly campaignId: string;
  readonly connectionId: string;
  readonly status: PublicationStatus;
  readonly round: number;
  readonly content: Record<string, Plain>;
  readonly ref: Plain;
  readonly codesTotal: number;
  readonly codesSent: number;
  readonly codesAdded: number;
  readonly codesRefused: number;
}

interface Job {
  readonly status: 'PENDING' | 'RUNNING' | 'DONE' | 'FAILED' | 'PARKED';
  readonly outcome: Plain;
  readonly failure: Pick<Failure, 'code' | 'message'> | null;
}

/** What a step makes of a publication. */
type Change = Partial<Pick<Row, 'status' | 'ref' | 'codesSent' | 'codesAdded' | 'codesRefused'>> & { readonly lastError?: string | null };

const ROW = `id, campaign_id as "campaignId", connection_id as "connectionId", status, round, content, ref, codes_total as "codesTotal", codes_sent as "codesSent",
  codes_added as "codesAdded", codes_refused as "codesRefused"`;
const CONCURRENCY = 4;

/**
 * Brings campaigns to platforms and takes them back, one job of the outbox after the other: the campaign, then its codes in pieces. Where it
 * stands is kept in the row and in the jobs, so it goes on after any crash. A campaign that ends or pauses is withdrawn by itself.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #running = new Set<string>();
  readonly loop: WorkLoop<string>;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.loop = new WorkLoop({
      name: 'publishing campaigns',
      concurrency: CONCURRENCY,
      pollMs: options.pollMs,
      log: options.log,
      sweep: () => this.#withdrawEnded(),
      claim: (room) => this.#due(room),
      work: (id) => this.#step(id).finally(() => this.#running.delete(id)),
      giveBack: () => Promise.resolve(),
    });
  }

  async #withdrawEnded(): Promise<void> {
    await this.#options.pool.query(
      `update publication set status = 'WITHDRAWING', updated_at = $1 from campaign
       where campaign.id = campaign_id and publication.status = 'PUBLISHED' and campaign.status in ('PAUSED', 'ENDED', 'ARCHIVED')`,
      [new Date(this.#options.clock.now())],
    );
  }

  /** Those for which there is a job to put in, or one that has ended since. */
  async #due(room: number): Promise<readonly string[]> {
    const { rows } = await this.#options.pool.query<{ id: string }>({
      name: 'publications-due',
      text: `select p.id from publication p where p.status in ('PUBLISHING', 'WITHDRAWING') and p.id <> all($1::text[])
         and not exists (select from outbox_job j where j.connection_id = p.connection_id and j.verb like 'vouchers.%' and j.key like p.id || ':%' and j.status in ('PENDING', 'RUNNING'))
       order by p.id limit $2`,
      values: [[...this.#running], room],
    });
    for (const { id } of rows) this.#running.add(id);
    return rows.map(({ id }) => id);
  }

  async #step(id: string): Promise<void> {
    const { pool, clock, attention } = this.#options;
    const told = await inTransaction(pool, async (client) => {
      const {
        rows: [row],
      } = await client.query<Row>(
        `select ${ROW} from publication where id = $1 and status in ('PUBLISHING', 'WITHDRAWING') for update skip locked`,
        [id],
      );
      if (row === undefined) return null;
      const change = row.status === 'WITHDRAWING' ? await this.#withdraw(client, row) : await this.#publish(client, row);
      if (change === null) return null;
      const next = { ...row, ...change };
      await client.query(
        `update publication set status = $2, ref = $3::jsonb, codes_sent = $4, codes_added = $5, codes_refused = $6, last_error = $7, updated_at = $8 where id = $1`,
        [
          id,
          next.status,
          JSON.stringify(next.ref),
          next.codesSent,
          next.codesAdded,
          next.codesRefused,
          change.lastError ?? null,
          new Date(clock.now()),
        ],
      );
      return change.status === 'FAILED' ? { connectionId: row.connectionId, error: change.lastError ?? '' } : null;
    });
    if (told !== null) await attention.note(told.connectionId, `A campaign could not be published: ${told.error}`);
  }

  /** First the campaign itself, then its codes, piece by piece. Null = wait for what was put in. */
  async #publish(client: pg.PoolClient, row: Row): Promise<Change | null> {
    const perCall = Math.max(0, await this.#options.codesPerCall(row.connectionId));
    const first = `${row.id}:${row.round}:campaign`;
    const job = await jobOf(client, row.connectionId, first);
    if (job === null) {
      const codes = perCall === 0 ? [] : await this.#options.codes.slice(row.campaignId, 0, Math.min(perCall, row.codesTotal));
      const publication = { ...row.content, codes: [...codes] };
      await (row.ref === null
        ? this.#enqueue(client, row, 'vouchers.publish', first, publication)
        : this.#enqueue(client, row, 'vouchers.update', first, { to: row.ref, publication }));
      return { codesSent: Math.min(perCall, row.codesTotal), codesAdded: codes.length };
    }
    if (job.status === 'FAILED' || job.status === 'PARKED') return failed(job);
    if (job.status !== 'DONE') return null;
    const ref = job.outcome;
    const piece = `${row.id}:${row.round}:codes:${row.codesSent}`;
    const before = perCall * Math.floor((row.codesSent - 1) / Math.max(1, perCall));
    const last = before <= 0 ? null : await jobOf(client, row.connectionId, `${row.id}:${row.round}:codes:${before}`);
    if (last !== null && (last.status === 'FAILED' || last.status === 'PARKED')) return failed(last);
    const settled = last?.status === 'DONE' ? (last.outcome as { added: number; refused: readonly string[] }) : null;
    const counts =
      settled === null ? {} : { codesAdded: row.codesAdded + settled.added, codesRefused: row.codesRefused + settled.refused.length };
    if (row.codesSent >= row.codesTotal || perCall === 0) return { status: 'PUBLISHED', ref, ...counts };
    const codes = await this.#options.codes.slice(row.campaignId, row.codesSent, Math.min(perCall, row.codesTotal - row.codesSent));
    if (codes.length > 0) await this.#enqueue(client, row, 'vouchers.addCodes', piece, { to: ref, codes: [...codes] });
    return { ref, ...counts, codesSent: Math.min(row.codesTotal, row.codesSent + perCall) };
  }

  async #withdraw(client: pg.PoolClient, row: Row): Promise<Change | null> {
    if (row.ref === null) return { status: 'WITHDRAWN' };
    const key = `${row.id}:${row.round}:withdraw`;
    const job = await jobOf(client, row.connectionId, key);
    if (job === null) {
      await this.#enqueue(client, row, 'vouchers.withdraw', key, row.ref);
      return null;
    }
    // What the platform does not know any more is withdrawn.
    if (job.status === 'DONE' || job.failure?.code === 'NOT_FOUND') return { status: 'WITHDRAWN', ref: null };
    return job.status === 'FAILED' || job.status === 'PARKED' ? failed(job) : null;
  }

  async #enqueue(client: pg.PoolClient, row: Row, verb: string, key: string, input: Plain): Promise<void> {
    await enqueueJob(client, { connectionId: row.connectionId, verb, key, input }, this.#options.clock.now());
  }
}

async function jobOf(client: pg.PoolClient, connectionId: string, key: string): Promise<Job | null> {
  const { rows } = await client.query<Job>(
    `select status, outcome, failure from outbox_job where connection_id = $1 and key = $2 and verb like 'vouchers.%'`,
    [connectionId, key],
  );
  return rows[0] ?? null;
}

const failed = ({ failure }: Job): Change => ({
  status: 'FAILED',
  lastError: failure === null ? 'The platform said nothing of why.' : failureText(failure),
});
