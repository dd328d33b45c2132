import type pg from 'pg';
import type { Clock } from '../domain/shared/clock.ts';
import type { Step } from '../domain/workflow/definition.schema.ts';
import { planOf } from './campaign-flow/plan.ts';
import type { RunStarter } from './client.ts';

const RUNS_AT_ONCE = 100;

/** Hands the runs that wait in the database to Temporal, in the order of their events. Those of a paused workflow stay. */
export class RunDispatcher {
  readonly #pool: pg.Pool;
  readonly #starter: RunStarter;
  readonly #clock: Clock;

  constructor({ pool, starter, clock }: { pool: pg.Pool; starter: RunStarter; clock: Clock }) {
    this.#pool = pool;
    this.#starter = starter;
    this.#clock = clock;
  }

  /** Gives whether there is more to hand over at once. Rejects with what keeps Temporal from taking the next. */
  async handOver(signal: AbortSignal): Promise<boolean> {
    const { rows } = await this.#pool.query<{ id: string; steps: readonly Step[] }>(
      `select run.id, version.steps from workflow_run run
       join workflow on workflow.id = run.workflow_id and workflow.status = 'ACTIVE'
       join workflow_version version on version.workflow_id = run.workflow_id and version.version = run.version
       where run.dispatched_at is null order by run.event_position, run.id limit $1`,
      [RUNS_AT_ONCE],
    );
    const started: string[] = [];
    try {
      for (const { id, steps } of rows) {
        if (signal.aborted) return false;
        await this.#starter.start({ runId: id, steps: planOf(steps) });
        started.push(id);
      }
    } finally {
      // A crash before this starts them once more, which Temporal knows by their ids.
      if (started.length > 0)
        await this.#pool.query('update workflow_run set dispatched_at = $2 where id = any($1)', [started, new Date(this.#clock.now())]);
    }
    return rows.length === RUNS_AT_ONCE;
  }
}
