import type pg from 'pg';
import type { Clock } from '../shared/clock.ts';

/** Three missed beats. */
const STALE_MS = 15_000;

/** Whether a workflow worker takes tasks of this queue. */
export async function workerIsAtWork(pool: Pick<pg.Pool, 'query'>, clock: Clock, taskQueue: string): Promise<boolean> {
  const { rowCount } = await pool.query('select from worker_heartbeat where task_queue = $1 and seen_at > $2 limit 1', [
    taskQueue,
    new Date(clock.now() - STALE_MS),
  ]);
  return rowCount === 1;
}
