import type pg from 'pg';
import type { WorkflowRunRecord, WorkflowStepRecord } from './workflow.types.ts';

type Runner = Pick<pg.Pool, 'query'>;

type RunRow = Omit<WorkflowRunRecord, 'steps' | 'startedAt'> & { readonly startedAt: Date };
type StepRow = Omit<WorkflowStepRecord, 'at'> & { readonly runId: string; readonly at: Date };

/** In the order of the ids; what does not exist is left out. */
export async function readRuns(run: Runner, ids: readonly string[]): Promise<WorkflowRunRecord[]> {
  if (ids.length === 0) return [];
  // One statement, so that a run and its steps are of one moment.
  const { rows } = await run.query<RunRow & { readonly steps: readonly (Omit<StepRow, 'at'> & { readonly at: string })[] | null }>(
    `select id, workflow_id as "workflowId", version, status, started_at as "startedAt",
       (select json_agg(json_build_object('stepId', step_id, 'kind', kind, 'status', status, 'detail', detail, 'at', at) order by place) from workflow_step where run_id = run.id) as steps
     from workflow_run run where id = any($1)`,
    [ids],
  );
  const found = new Map(rows.map((row) => [row.id, recordOf(row, row.steps ?? [])]));
  return ids.flatMap((id) => found.get(id) ?? []);
}

function recordOf(row: RunRow, steps: readonly (Omit<WorkflowStepRecord, 'at'> & { readonly at: string })[]): WorkflowRunRecord {
  return {
    id: row.id,
    workflowId: row.workflowId,
    version: row.version,
    status: row.status,
    startedAt: row.startedAt.toISOString(),
    steps: steps.map(({ stepId, kind, status, detail, at }) => ({ stepId, kind, status, detail, at: new Date(at).toISOString() })),
  };
}
