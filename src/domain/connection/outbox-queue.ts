import type { Plain } from '@valehub/connector-kit';
import { newId } from '../shared/ids.ts';
import type { JobStatus } from './connection.types.ts';
import { storableJson } from './storable.ts';

/** Whatever runs one statement, as a rule inside the caller's transaction: a pg pool or client. */
export interface OutboxRunner {
  query<Row extends object>(text: string, values: unknown[]): Promise<{ rows: Row[] }>;
}

/** What shall be done at a platform. The same (connection, verb, key) again is the same job, whatever else it says. */
export interface JobDraft {
  readonly connectionId: string;
  /** A role's verb, e.g. `messages.send`, or `actions.<name>`. */
  readonly verb: string;
  readonly key: string;
  readonly input: Plain;
  readonly location?: string;
  readonly runId?: string;
  readonly stepId?: string;
  readonly customerId?: string;
  readonly storeId?: string;
  /** Among jobs that are put in together: they are begun in this order. */
  readonly place?: number;
}

/** A payload on `OUTBOX_CHANNEL` is the id of a job that is settled; an empty one says that there is work. */
export const OUTBOX_CHANNEL = 'valehub_outbox';

/** Puts a job into the outbox with the caller's transaction; the dispatchers hear of it when that commits. */
export async function enqueueJob(run: OutboxRunner, draft: JobDraft, nowMs: number): Promise<{ id: string; status: JobStatus }> {
  const now = new Date(nowMs);
  const { rows } = await run.query<{ id: string; status: JobStatus }>(
    `with made as (
       insert into outbox_job (id, connection_id, verb, key, location, input, status, next_at, run_id, step_id, customer_id, store_id, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6::jsonb, 'PENDING', $7, $8, $9, $10, $11, $7, $7)
       on conflict (connection_id, verb, key) do update set key = excluded.key
       returning id, status)
     select id, status, pg_notify('${OUTBOX_CHANNEL}', '') from made`,
    [
      // Ids are in the order of their time, and jobs are begun in the order of their ids.
      newId('job', nowMs + (draft.place ?? 0)),
      draft.connectionId,
      draft.verb,
      draft.key,
      draft.location ?? null,
      storableJson(draft.input),
      now,
      draft.runId ?? null,
      draft.stepId ?? null,
      draft.customerId ?? null,
      draft.storeId ?? null,
    ],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('The outbox gave no row back.');
  return { id: row.id, status: row.status };
}
