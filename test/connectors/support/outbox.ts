import { enqueueJob, type JobDraft } from '../../../src/domain/connection/outbox-queue.ts';
import { ADMIN, type ConnectorHub, rowsOf } from './connector-hub.ts';

export const API_KEY = 'made-up-api-key-that-nobody-may-see';

export interface JobRow {
  readonly status: string;
  readonly attempts: number;
  readonly outcome: unknown;
  readonly failure: { readonly code: string; readonly message: string; readonly unknown?: boolean } | null;
  readonly inDoubt: boolean;
  readonly messageState: string | null;
}

export async function connectMadeUp(running: ConnectorHub, apiBaseUrl: string): Promise<string> {
  const { id } = await running.host.desk.connect(ADMIN, {
    connectorId: 'made-up',
    appId: null,
    name: 'Made up',
    storeId: null,
    settings: { apiKey: API_KEY, apiBaseUrl },
  });
  return id;
}

export async function enqueue(running: ConnectorHub, draft: JobDraft): Promise<string> {
  return (await enqueueJob(running.hub.database.pool, draft, running.clock.now())).id;
}

export async function jobOf(running: ConnectorHub, id: string): Promise<JobRow> {
  const [row] = await rowsOf<JobRow>(
    running.hub,
    'select status, attempts, outcome, failure, in_doubt as "inDoubt", message_state as "messageState" from outbox_job where id = $1',
    [id],
  );
  if (row === undefined) throw new Error(`There is no job ${id}.`);
  return row;
}
