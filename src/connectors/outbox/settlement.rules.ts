import { durationMs, FAILURES, type Failure } from '@valehub/connector-kit';
import type { JobStatus } from '../../domain/connection/connection.types.ts';
import { backOffMs } from '../runner/backoff.ts';

/** What the verb lets be done after an outcome that nobody knows; `find` and `key` as far as they are still good for this job. */
export type RepeatNow = 'safe' | 'never' | 'key' | 'find';

export interface Attempt {
  /** Failed attempts that count, before this one. */
  readonly attempts: number;
  readonly inDoubt: boolean;
  readonly repeat: RepeatNow;
  readonly nowMs: number;
  /** 0 to 1 */
  readonly chance: number;
}

/** What becomes of a job after a failure. `told`: a person has to hear of it. */
export interface Settlement {
  readonly status: JobStatus;
  readonly attempts: number;
  readonly nextAtMs: number;
  readonly inDoubt: boolean;
  readonly told: boolean;
}

/** Then a person decides; the pauses up to it come to about a quarter of an hour. */
export const MAX_ATTEMPTS = 10;
const RATE_LIMIT_WAIT_MS = 5_000;
const QUOTA_WAIT_MS = 60 * 60_000;
const LONGEST_WAIT_MS = 24 * 60 * 60_000;

/** Pure: the error table and the verb's own word decide. A failure never makes a job DONE. */
export function settleFailure(failure: Failure, attempt: Attempt): Settlement {
  const inDoubt = attempt.inDoubt || failure.unknown === true;
  const stays = { attempts: attempt.attempts, nextAtMs: attempt.nowMs, inDoubt };
  // What the platform may already have done is never done again blindly.
  if (failure.unknown === true && attempt.repeat === 'never') return { ...stays, status: 'PARKED', told: true };
  const rule = FAILURES[failure.code];
  switch (rule.retry) {
    case 'NEVER':
      // The platform has said no to this very request: for the sender to hear, and nothing that a person could mend at the connection.
      return rule.actor === 'SENDER' && !inDoubt ? { ...stays, status: 'FAILED', told: false } : { ...stays, status: 'PARKED', told: true };
    case 'WHEN_TOLD':
      return { ...stays, status: 'PENDING', nextAtMs: attempt.nowMs + waitMs(failure), told: failure.code === 'QUOTA_SPENT' };
    case 'BACK_OFF': {
      const attempts = attempt.attempts + 1;
      if (attempts >= MAX_ATTEMPTS) return { ...stays, attempts, status: 'PARKED', told: true };
      const pause = Math.max(backOffMs(attempts, attempt.chance), failure.wait === undefined ? 0 : waitMs(failure));
      return { ...stays, attempts, status: 'PENDING', nextAtMs: attempt.nowMs + pause, told: false };
    }
  }
}

/** A job whose process died while the call was under way. */
export const ORPHANED: Failure = {
  code: 'TIMEOUT',
  message: 'The hub stopped while the call was under way; whether the platform did it is not known.',
  unknown: true,
};

/** How long the platform wants to be left alone: what it said, within a day, else what is usual for the failure. */
export function waitMs(failure: Failure): number {
  const usual = failure.code === 'QUOTA_SPENT' ? QUOTA_WAIT_MS : RATE_LIMIT_WAIT_MS;
  if (failure.wait === undefined) return usual;
  try {
    return Math.min(Math.max(durationMs(failure.wait), 1), LONGEST_WAIT_MS);
  } catch (fault) {
    if (fault instanceof RangeError) return usual;
    throw fault;
  }
}
