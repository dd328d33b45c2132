import type pg from 'pg';
import type { Clock } from '../shared/clock.ts';
import { RUN_TOPIC, WORKFLOW_CHANNEL } from './run-feed.ts';
import type { StepDetail, StepFailure, StepKind, WorkflowRunStatus, WorkflowStepStatus } from './workflow.types.ts';

/** A step as its row says. */
export interface BegunStep {
  readonly status: WorkflowStepStatus;
  readonly detail: StepDetail | null;
  /** Epoch ms: what durations and keys reckon from, however often the step is tried. */
  readonly beganAt: number;
}

/**
 * What becomes of runs and steps, as people see it. Each note may be written again after a crash: what is settled stays as it is,
 * and every note that changes something is told on the workflow channel.
 */
export class RunJournal {
  readonly #pool: Pick<pg.Pool, 'query'>;
  readonly #clock: Clock;

  constructor(pool: Pick<pg.Pool, 'query'>, clock: Clock) {
    this.#pool = pool;
    this.#clock = clock;
  }

  /** Notes that a step has begun, once; a further call gives what was noted then. */
  async begin(runId: string, stepId: string, kind: StepKind): Promise<BegunStep> {
    const now = new Date(this.#clock.now());
    await this.#pool.query(
      `with begun as (
         insert into workflow_step (run_id, step_id, place, kind, status, began_at, at)
         select $1, $2, (select count(*) + 1 from workflow_step where run_id = $1), $3, 'WAITING', $4, $4 on conflict do nothing returning run_id),
       running as (update workflow_run set status = 'RUNNING' where id = (select run_id from begun) and settled_at is null)
       ${tell('begun')}`,
      [runId, stepId, kind, now],
    );
    const { rows } = await this.#pool.query<{ status: WorkflowStepStatus; detail: StepDetail | null; beganAt: Date }>(
      'select status, detail, began_at as "beganAt" from workflow_step where run_id = $1 and step_id = $2',
      [runId, stepId],
    );
    const [row] = rows;
    if (row === undefined) throw new Error(`Step ${stepId} of run ${runId} was not noted.`);
    return { ...row, beganAt: row.beganAt.getTime() };
  }

  /** A step that goes on for a while: what is known of it already, and whether the run as a whole waits for a time. */
  async note(runId: string, stepId: string, detail: StepDetail, runStatus: 'RUNNING' | 'WAITING'): Promise<void> {
    await this.#pool.query(
      `with noted as (update workflow_step set detail = $3 where run_id = $1 and step_id = $2 and status = 'WAITING' returning run_id),
       run as (update workflow_run set status = $4 where id = (select run_id from noted) and settled_at is null)
       ${tell('noted')}`,
      [runId, stepId, JSON.stringify(detail), runStatus],
    );
  }

  /** The end of a step. `detail` left out keeps what was noted. */
  async settle(runId: string, stepId: string, status: Exclude<WorkflowStepStatus, 'WAITING'>, detail?: StepDetail): Promise<void> {
    await this.#pool.query(
      `with settled as (
         update workflow_step set status = $3, detail = coalesce($4::jsonb, detail), at = $5 where run_id = $1 and step_id = $2 and status = 'WAITING' returning run_id),
       run as (update workflow_run set status = 'RUNNING' where id = (select run_id from settled) and settled_at is null)
       ${tell('settled')}`,
      [runId, stepId, status, detail === undefined ? null : JSON.stringify(detail), new Date(this.#clock.now())],
    );
  }

  /** Adds to what a settled step says, e.g. that it was undone. */
  async append(runId: string, stepId: string, detail: StepDetail): Promise<void> {
    await this.#pool.query(
      `with added as (update workflow_step set detail = coalesce(detail, '{}') || $3::jsonb where run_id = $1 and step_id = $2 returning run_id) ${tell('added')}`,
      [runId, stepId, JSON.stringify(detail)],
    );
  }

  /** The end of a run. */
  async finish(
    runId: string,
    status: Extract<WorkflowRunStatus, 'COMPLETED' | 'FAILED' | 'COMPENSATED' | 'CANCELLED'>,
    failure: StepFailure | null,
  ): Promise<void> {
    await this.#pool.query(
      `with finished as (update workflow_run set status = $2, failure = $3, settled_at = $4 where id = $1 and settled_at is null returning id as run_id) ${tell('finished')}`,
      [runId, status, failure === null ? null : JSON.stringify(failure), new Date(this.#clock.now())],
    );
  }
}

/** `changed`: a part of the statement that gives the run's id where something changed. */
const tell = (changed: string): string => `select pg_notify('${WORKFLOW_CHANNEL}', '${RUN_TOPIC}' || run_id) from ${changed}`;
