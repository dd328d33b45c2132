import type { Failure, Outcome, Plain } from '@valehub/connector-kit';
import type { ClaimedJob, Settled } from './outbox-store.ts';
import { type Attempt, settleFailure } from './settlement.rules.ts';

/** Where a verb wants to go on, and when. */
export interface GoOn {
  readonly state: Plain;
  readonly atMs: number;
}

/** What is written of a job, and what a person has to hear of it. */
export interface Verdict {
  readonly row: Settled;
  readonly told: Failure | null;
}

const NO_OUTCOME: Failure = { code: 'BAD_REPLY', message: 'The connector gave no outcome.', unknown: true };

/** Pure. A job without an outcome goes on where its verb does. */
export function verdictOn(job: ClaimedJob, outcome: Outcome<Plain> | undefined, goOn: GoOn | null, attempt: Attempt): Verdict {
  const { id, attempts, inDoubt } = job;
  if (outcome !== undefined && 'done' in outcome) {
    const row: Settled = {
      id,
      attempts,
      status: 'DONE',
      nextAtMs: attempt.nowMs,
      inDoubt: false,
      outcome: outcome.done,
      failure: null,
      state: null,
    };
    return { row, told: null };
  }
  if (outcome === undefined && goOn !== null) {
    const row: Settled = { id, attempts, status: 'PENDING', nextAtMs: goOn.atMs, inDoubt, outcome: null, failure: null, state: goOn.state };
    return { row, told: null };
  }
  return failureVerdict(job, outcome !== undefined && 'failed' in outcome ? outcome.failed : NO_OUTCOME, attempt);
}

export function failureVerdict(job: ClaimedJob, failure: Failure, attempt: Attempt): Verdict {
  const { told, ...settlement } = settleFailure(failure, attempt);
  const state = settlement.status === 'PENDING' ? job.state : null;
  return { row: { id: job.id, ...settlement, outcome: null, failure, state }, told: told ? failure : null };
}
