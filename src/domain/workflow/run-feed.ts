import type pg from 'pg';
import type { Listener } from '../../database/listener.ts';
import { readRuns } from './run-reader.ts';
import type { WorkflowRunRecord } from './workflow.types.ts';

/** Tells of a workflow or a run that changed: a topic and its id. */
export const WORKFLOW_CHANNEL = 'valehub_workflow';
export const WORKFLOW_TOPIC = 'workflow:';
export const RUN_TOPIC = 'run:';
/** Read together when many changed while the last were being taken. */
const AT_ONCE = 100;

/**
 * Runs as they change, from the moment of the call on. Changes of one run that were not taken yet fold into one: the newest state is
 * what is told.
 */
export function followRuns(
  pool: pg.Pool,
  listener: Listener,
  workflowId: string | null,
  signal: AbortSignal,
): AsyncGenerator<WorkflowRunRecord, void, undefined> {
  const changed = new Set<string>();
  let wake = (): void => undefined;
  const stop = listener.on(WORKFLOW_CHANNEL, (payload) => {
    if (!payload.startsWith(RUN_TOPIC)) return;
    changed.add(payload.slice(RUN_TOPIC.length));
    wake();
  });
  signal.addEventListener('abort', () => {
    stop();
    wake();
  });
  const nextChange = (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    wake = resolve;
    return promise;
  };

  async function* follow(): AsyncGenerator<WorkflowRunRecord, void, undefined> {
    while (!signal.aborted) {
      if (changed.size === 0) {
        await nextChange();
        continue;
      }
      const ids = [...changed].slice(0, AT_ONCE);
      for (const id of ids) changed.delete(id);
      for (const run of await readRuns(pool, ids)) if (workflowId === null || run.workflowId === workflowId) yield run;
    }
  }
  return follow();
}
