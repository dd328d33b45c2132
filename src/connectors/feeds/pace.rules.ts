import { FAILURES, type Failure } from '@valehub/connector-kit';
import { waitMs } from '../outbox/settlement.rules.ts';
import { backOffMs } from '../runner/backoff.ts';

export interface FailedReading {
  readonly failure: Failure;
  /** In a row, before this one. */
  readonly failures: number;
  /** How often the feed is read. */
  readonly everyMs: number;
  readonly background: boolean;
  readonly nowMs: number;
  /** 0 to 1 */
  readonly chance: number;
}

/** What becomes of a reading after a failure. */
export interface FailureSettlement {
  /** It goes on by itself; else the schedule asks anew. */
  readonly asked: boolean;
  readonly nextAtMs: number;
  readonly failures: number;
  /** A back-fill gives this part up. */
  readonly ended: 'FAILED' | null;
  /** A person has to hear of it. */
  readonly told: boolean;
  /** It is worth showing: waiting for a limit is the usual course. */
  readonly shown: boolean;
}

const SLOWEST_MS = 6 * 60 * 60_000;
const SLOW_MS = 15 * 60_000;
/** A platform that is down is waited for; when it is down for so long, a person should know. */
const TOLD_AT = 10;
/** With pauses of up to ten minutes some hours. */
const BACKFILL_ATTEMPTS = 30;

/** Pure. By the error table: what a person must mend is tried at a slower pace and never given up, as they may mend it at the platform. */
export function settleReading({ failure, failures, everyMs, background, nowMs, chance }: FailedReading): FailureSettlement {
  const attempts = failures + 1;
  switch (FAILURES[failure.code].retry) {
    case 'WHEN_TOLD': {
      const isQuota = failure.code === 'QUOTA_SPENT';
      return { asked: true, nextAtMs: nowMs + waitMs(failure), failures, ended: null, told: isQuota, shown: isQuota };
    }
    case 'BACK_OFF': {
      if (background && attempts >= BACKFILL_ATTEMPTS) return givenUp(attempts, nowMs);
      const pause = Math.max(backOffMs(attempts, chance), failure.wait === undefined ? 0 : waitMs(failure));
      return { asked: true, nextAtMs: nowMs + pause, failures: attempts, ended: null, told: attempts === TOLD_AT, shown: true };
    }
    case 'NEVER': {
      if (background) return givenUp(attempts, nowMs);
      const pause = Math.min(Math.max(2 * everyMs, SLOW_MS) * 2 ** Math.min(failures, 10), Math.max(SLOWEST_MS, everyMs));
      return { asked: false, nextAtMs: nowMs + pause, failures: attempts, ended: null, told: true, shown: true };
    }
  }
}

const givenUp = (failures: number, nowMs: number): FailureSettlement => ({
  asked: false,
  nextAtMs: nowMs,
  failures,
  ended: 'FAILED',
  told: true,
  shown: true,
});
