import { ExpressionError } from '../../domain/expression/expression.ts';
import { instantText } from '../../domain/shared/clock.ts';
import { later } from '../../domain/shared/duration.ts';
import { HubError } from '../../domain/shared/errors.ts';
import type { RunRecord } from '../../domain/workflow/run-context.ts';
import type { StepFailureCode } from '../../domain/workflow/workflow.types.ts';
import type { ActivityMeans, Deed, DeedOutcome } from './activities.ts';

/** Of the hub's faults, those that no repetition mends. The others are thrown on. */
const FINAL: Readonly<Record<string, StepFailureCode>> = {
  BAD_USER_INPUT: 'BAD_INPUT',
  NOT_FOUND: 'NOT_FOUND',
  CONFLICT: 'CONFLICT',
  FORBIDDEN: 'FORBIDDEN_SCOPE',
};

export async function allocate({ run, step, beganAt, key, contexts, vouchers }: Deed): Promise<DeedOutcome> {
  if (step.allocate === undefined) throw new Error(`Step ${step.id} allocates nothing.`);
  const { campaignId, customer, validFor } = step.allocate;
  const customerId = await contexts.evaluate(run, customer);
  if (typeof customerId !== 'string' || customerId === '') throw new ExpressionError(`${customer} gave no customer`);
  const validUntil = validFor === undefined ? null : instantText(later(beganAt, validFor, run.place));
  try {
    const answer = await vouchers.allocate({ idempotencyKey: key, runId: run.id, campaignId, customerId, validUntil });
    if ('refused' in answer)
      return { failure: { code: 'REFUSED', message: answer.refused.message }, detail: { reason: answer.refused.reason } };
    return { detail: { campaignId, voucherId: answer.voucher.id, code: answer.voucher.code, validUntil: answer.voucher.validUntil } };
  } catch (fault) {
    const code = fault instanceof HubError ? FINAL[fault.code] : undefined;
    if (code === undefined || !(fault instanceof HubError)) throw fault;
    return { failure: { code, message: fault.message } };
  }
}

/** Cancels the voucher of an allocate step; a step that gave none needs nothing. */
export async function undoAllocate({ journal, vouchers }: ActivityMeans, run: RunRecord, stepId: string): Promise<void> {
  const voucherId = run.results.find((result) => result.stepId === stepId)?.detail?.['voucherId'];
  if (typeof voucherId !== 'string') return;
  const cancelled = await vouchers.cancel(voucherId, `Taken back by workflow ${run.workflowName}, because a later step failed.`, run.id);
  await journal.append(run.id, stepId, { undone: cancelled });
}
