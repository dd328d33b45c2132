import { Context } from '@temporalio/activity';
import { ExpressionError } from '../../domain/expression/expression.ts';
import { later } from '../../domain/shared/duration.ts';
import type { Step } from '../../domain/workflow/definition.schema.ts';
import { type RunContexts, type RunRecord, stepOf } from '../../domain/workflow/run-context.ts';
import type { RunJournal } from '../../domain/workflow/run-journal.ts';
import { nextTime } from '../../domain/workflow/workflow.rules.ts';
import {
  STEP_KINDS,
  type StepDetail,
  type StepFailure,
  type StepFailureCode,
  type StepKind,
} from '../../domain/workflow/workflow.types.ts';
import { allocate, undoAllocate } from './allocate.ts';
import { call, deliver } from './deliver.ts';
import type { ActInput, CampaignActivities, Done, Next } from './messages.ts';
import type { AllocatePort, DeliveryPort } from './ports.ts';

export interface ActivityMeans {
  readonly contexts: RunContexts;
  readonly journal: RunJournal;
  readonly vouchers: AllocatePort;
  readonly delivery: DeliveryPort;
}

/** What a deed is done with. */
export interface Deed extends ActivityMeans {
  readonly run: RunRecord;
  readonly step: Step;
  /** Epoch ms */
  readonly beganAt: number;
  /** Of this attempt: run, step, and which of the definition's attempts. */
  readonly key: string;
  readonly signal: AbortSignal;
}

export type DeedOutcome = { readonly detail: StepDetail } | { readonly failure: StepFailure; readonly detail?: StepDetail };

const HEARTBEAT_MS = 2_500;

export function createActivities(means: ActivityMeans): CampaignActivities {
  const { contexts, journal } = means;

  async function begun(run: RunRecord, step: Step): Promise<Next> {
    const { status, detail, beganAt } = await journal.begin(run.id, step.id, kindOf(step));
    // An earlier call got this far and was not heard.
    if (status === 'SKIPPED') return { next: 'SKIP' };
    if (step.when !== undefined && status === 'WAITING' && (await yesOrNo(contexts, run, step.when)) === false) {
      await journal.settle(run.id, step.id, 'SKIPPED');
      return { next: 'SKIP' };
    }
    if (step.branch !== undefined) {
      const known = detail?.['taken'];
      const taken = known === 'then' || known === 'else' ? known : (await yesOrNo(contexts, run, step.branch.if)) ? 'then' : 'else';
      await journal.settle(run.id, step.id, 'COMPLETED', { taken });
      return { next: 'ENTER', taken };
    }
    if (step.wait !== undefined) {
      const until =
        step.wait.until === undefined
          ? later(beganAt, step.wait.duration ?? 'PT0S', run.place)
          : nextTime(beganAt, step.wait.until, run.place);
      await journal.note(run.id, step.id, { until: new Date(until).toISOString() }, 'WAITING');
      return { next: 'SLEEP', until };
    }
    return { next: 'ACT' };
  }

  return {
    async beginStep({ runId, stepId }) {
      const run = await contexts.load(runId);
      try {
        return await begun(run, stepOf(run, stepId));
      } catch (fault) {
        return { next: 'FAIL', failure: expressionFailure(fault) };
      }
    },

    async act({ runId, stepId, attempt }: ActInput): Promise<Done> {
      const context = Context.current();
      const beating = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
      try {
        const run = await contexts.load(runId);
        const step = stepOf(run, stepId);
        const { status, beganAt } = await journal.begin(runId, stepId, kindOf(step));
        if (status === 'COMPLETED') return { done: true };
        const key = attempt === 1 ? `${runId}:${stepId}` : `${runId}:${stepId}:${attempt}`;
        const outcome = await deed({ ...means, run, step, beganAt, key, signal: context.cancellationSignal });
        if ('failure' in outcome) {
          if (outcome.detail !== undefined) await journal.note(runId, stepId, outcome.detail, 'RUNNING');
          return { done: false, failure: outcome.failure };
        }
        await journal.settle(runId, stepId, 'COMPLETED', outcome.detail);
        return { done: true };
      } finally {
        clearInterval(beating);
      }
    },

    async endWait({ runId, stepId }) {
      await journal.settle(runId, stepId, 'COMPLETED');
    },

    async failStep({ runId, stepId, failure }) {
      await journal.append(runId, stepId, { failure });
      await journal.settle(runId, stepId, 'FAILED');
    },

    async undoStep({ runId, stepId }) {
      const run = await contexts.load(runId);
      await undoAllocate(means, run, stepId);
    },

    async finishRun({ runId, end }) {
      await journal.finish(
        runId,
        end.status,
        'failure' in end ? { code: end.failure.code as StepFailureCode, message: end.failure.message } : null,
      );
    },
  };
}

async function deed(means: Deed): Promise<DeedOutcome> {
  try {
    switch (kindOf(means.step)) {
      case 'allocate':
        return await allocate(means);
      case 'deliver':
        return await deliver(means);
      case 'call':
        return await call(means);
      default:
        throw new Error(`A ${kindOf(means.step)} is no deed.`);
    }
  } catch (fault) {
    return { failure: expressionFailure(fault) };
  }
}

/** What an expression could not answer fails the step; everything else is thrown on and tried again. */
function expressionFailure(fault: unknown): StepFailure {
  if (fault instanceof ExpressionError) return { code: 'EXPRESSION', message: fault.message };
  throw fault;
}

async function yesOrNo(contexts: RunContexts, run: RunRecord, expression: string): Promise<boolean> {
  const answer = await contexts.evaluate(run, expression);
  if (typeof answer !== 'boolean') throw new ExpressionError(`${expression} gave neither true nor false`);
  return answer;
}

export function kindOf(step: Step): StepKind {
  const kind = STEP_KINDS.find((one) => step[one] !== undefined);
  if (kind === undefined) throw new Error(`Step ${step.id} does nothing.`);
  return kind;
}
