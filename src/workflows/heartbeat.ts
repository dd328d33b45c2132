import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../domain/shared/clock.ts';
import { SteadyLoop } from './steady-loop.ts';

const EVERY_MS = 5_000;

/** Says in the database that this worker takes tasks, for as long as it does: what /readyz goes by (worker-health.ts). */
export function startHeartbeat({ pool, clock, taskQueue, log }: { pool: pg.Pool; clock: Clock; taskQueue: string; log: Logger }): {
  atWork(yes: boolean): void;
  stop(): Promise<void>;
} {
  const id = randomUUID();
  let working = false;
  const beat = async (): Promise<boolean> => {
    const now = new Date(clock.now());
    if (working)
      await pool.query(
        'insert into worker_heartbeat (id, task_queue, started_at, seen_at) values ($1, $2, $3, $3) on conflict (id) do update set seen_at = excluded.seen_at',
        [id, taskQueue, now],
      );
    else await pool.query('delete from worker_heartbeat where id = $1', [id]);
    return false;
  };
  const loop = new SteadyLoop({ name: 'the heartbeat of the worker', work: beat, everyMs: EVERY_MS, gatherMs: 0, log });
  return {
    atWork(yes) {
      working = yes;
      loop.wake();
    },
    async stop() {
      await loop.stop();
      await pool.query('delete from worker_heartbeat where id = $1', [id]);
    },
  };
}
