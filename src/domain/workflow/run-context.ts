import { compileExpression, type ExpressionScope, mentions } from '../expression/expression.ts';
import { expressionValue } from '../expression/expression-values.ts';
import type { LedgerEventRecord } from '../ledger/ledger.types.ts';
import { LedgerBook } from '../ledger/ledger-book.ts';
import type { Step } from './definition.schema.ts';
import { type ContextSources, loadContexts } from './event-context.ts';
import { EVENT_VARIABLES, type EventVariable, RESULT_TYPES } from './variables.ts';
import { DEFAULT_PLACE, findStep, type Place, stepIds } from './workflow.rules.ts';
import type { StepDetail, StepKind, WorkflowStepStatus } from './workflow.types.ts';

/** A run with the version that it stays on. */
export interface RunRecord {
  readonly id: string;
  readonly workflowId: string;
  /** The workflow's name of now. */
  readonly workflowName: string;
  readonly steps: readonly Step[];
  readonly event: LedgerEventRecord;
  /** Where the event happened, for times of day. */
  readonly place: Place;
  readonly results: readonly StepResult[];
}

interface StepResult {
  readonly stepId: string;
  readonly kind: StepKind;
  readonly status: WorkflowStepStatus;
  readonly detail: StepDetail | null;
}

type RunRow = Omit<RunRecord, 'event' | 'place' | 'results'> & { readonly eventPosition: number };

/** Reads what a step of a run is reckoned from. Every record is as of now, save the event itself. */
export class RunContexts {
  readonly #sources: ContextSources;
  readonly #book: LedgerBook;

  constructor(sources: ContextSources) {
    this.#sources = sources;
    this.#book = new LedgerBook(sources.pool);
  }

  async load(runId: string): Promise<RunRecord> {
    const { rows } = await this.#sources.pool.query<RunRow>(
      `select run.id, run.workflow_id as "workflowId", workflow.name as "workflowName", version.steps, event_position as "eventPosition"
       from workflow_run run join workflow on workflow.id = run.workflow_id join workflow_version version on version.workflow_id = run.workflow_id and version.version = run.version
       where run.id = $1`,
      [runId],
    );
    const [row] = rows;
    if (row === undefined) throw new Error(`There is no run ${runId}.`);
    const {
      events: [event],
    } = await this.#book.read(row.eventPosition - 1, 1, null);
    if (event?.position !== row.eventPosition) throw new Error(`The event of run ${runId} is not in the ledger.`);
    const { rows: results } = await this.#sources.pool.query<StepResult>(
      'select step_id as "stepId", kind, status, detail from workflow_step where run_id = $1',
      [runId],
    );
    const store = event.storeId === null ? null : await this.#sources.stores.get(event.storeId);
    return { ...row, event, place: store ?? DEFAULT_PLACE, results };
  }

  /** The variables that these texts mention. `texts` are expressions, or anything that holds some. */
  async scope(run: RunRecord, texts: readonly string[]): Promise<ExpressionScope> {
    const mentioned = (name: string) => texts.some((text) => mentions(text, name));
    const needs = new Set((Object.keys(EVENT_VARIABLES) as EventVariable[]).filter(mentioned));
    const settled = mentioned('steps') ? run.results.filter(({ status }) => status !== 'WAITING') : [];
    const codes = settled.flatMap(({ kind, detail }) =>
      kind === 'allocate' && typeof detail?.['code'] === 'string' ? [detail['code']] : [],
    );
    const contexts = await loadContexts(this.#sources, [run.event], needs, codes);
    const results = settled.map(({ stepId, kind, status, detail }) => {
      const code = detail?.['code'];
      const voucher = kind === 'allocate' && typeof code === 'string' ? contexts.voucher(code) : null;
      return [stepId, expressionValue(RESULT_TYPES[kind], { ...detail, voucher, status })] as const;
    });
    const steps = Object.fromEntries([...stepIds(run.steps).map((id) => [id, null] as const), ...results]);
    return { ...contexts.scope(run.event.position), steps };
  }

  /** The value of one expression. Throws ExpressionError. */
  async evaluate(run: RunRecord, expression: string): Promise<unknown> {
    return compileExpression(expression)(await this.scope(run, [expression]));
  }
}

/** The step of that id in the run's version. */
export function stepOf(run: RunRecord, stepId: string): Step {
  const step = findStep(run.steps, stepId);
  if (step === undefined) throw new Error(`Run ${run.id} has no step ${stepId}.`);
  return step;
}
