import type { Applied, Apply, Failure } from '@valehub/connector-kit';
import type pg from 'pg';
import type { AppliedRecord, AppliedStatus } from '../../domain/connection/check.types.ts';
import type { JobStatus } from '../../domain/connection/connection.types.ts';
import { failureText } from '../runner/failure-text.ts';

/** The job that puts it on the check and, where there is one, the job that takes it off: they are the record. */
interface Row {
  readonly id: string;
  readonly connectionId: string;
  readonly storeId: string;
  readonly input: Apply;
  readonly status: JobStatus;
  readonly outcome: Applied | null;
  readonly failure: Failure | null;
  readonly removal: JobStatus | null;
  readonly removalFailure: Failure | null;
}

export type StoredApplied = AppliedRecord & { readonly storeId: string };

const SELECT = `select a.id, a.connection_id as "connectionId", a.store_id as "storeId", a.input, a.status, a.outcome, a.failure,
    r.status as removal, r.failure as "removalFailure"
  from outbox_job a left join outbox_job r on r.connection_id = a.connection_id and r.verb = 'orders.remove' and r.key = 'remove ' || a.id
  where a.verb = 'orders.apply'`;

export async function appliedById(client: Pick<pg.Pool, 'query'>, id: string): Promise<StoredApplied> {
  const { rows } = await client.query<Row>(`${SELECT} and a.id = $1`, [id]);
  const [row] = rows;
  if (row === undefined) throw new Error('The job is not there.');
  return recordOf(row);
}

/** The oldest first. */
export async function appliedTo(client: Pick<pg.Pool, 'query'>, connectionId: string, orderId: string): Promise<readonly StoredApplied[]> {
  const { rows } = await client.query<Row>(`${SELECT} and a.connection_id = $1 and a.input->>'orderId' = $2 order by a.created_at, a.key`, [
    connectionId,
    orderId,
  ]);
  return rows.map(recordOf);
}

function recordOf(row: Row): StoredApplied {
  const failure = row.removalFailure ?? row.failure;
  return {
    id: row.id,
    connectionId: row.connectionId,
    storeId: row.storeId,
    orderExternalId: row.input.orderId,
    code: row.input.code,
    amount: row.input.amount.minor,
    currency: row.input.amount.currency,
    status: statusOf(row),
    externalId: row.outcome?.id ?? null,
    lastError: failure === null ? null : failureText(failure),
  };
}

function statusOf({ status, removal }: Row): AppliedStatus {
  if (removal === 'DONE') return 'REMOVED';
  // Refused for good: it is still on the check.
  if (removal !== null && removal !== 'FAILED') return 'REMOVING';
  if (status === 'DONE') return 'APPLIED';
  return status === 'FAILED' || status === 'PARKED' ? status : 'APPLYING';
}
