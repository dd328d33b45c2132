import { z } from 'zod';
import type { Duration } from './plain.ts';

/**
 * The closed table of what may go wrong with a platform: who has to act, and whether the host tries again by itself.
 * `retry`: `NEVER` parks at once, `BACK_OFF` tries with growing pauses, `WHEN_TOLD` waits for `Failure.wait` and does not count as an attempt.
 */
export const FAILURES = {
  BAD_INPUT: { actor: 'SENDER', retry: 'NEVER', trips: false },
  BAD_CREDENTIALS: { actor: 'OPERATOR', retry: 'NEVER', trips: false },
  FORBIDDEN_SCOPE: { actor: 'OPERATOR', retry: 'NEVER', trips: false },
  NOT_FOUND: { actor: 'SENDER', retry: 'NEVER', trips: false },
  CONFLICT: { actor: 'NOBODY', retry: 'BACK_OFF', trips: false },
  RATE_LIMITED: { actor: 'NOBODY', retry: 'WHEN_TOLD', trips: false },
  QUOTA_SPENT: { actor: 'OPERATOR', retry: 'WHEN_TOLD', trips: false },
  PLATFORM_DOWN: { actor: 'PLATFORM', retry: 'BACK_OFF', trips: true },
  TIMEOUT: { actor: 'PLATFORM', retry: 'BACK_OFF', trips: true },
  BAD_REPLY: { actor: 'AUTHOR', retry: 'NEVER', trips: false },
  CURSOR_LOST: { actor: 'OPERATOR', retry: 'NEVER', trips: false },
  TARGET_GONE: { actor: 'OPERATOR', retry: 'NEVER', trips: false },
  NOT_SUPPORTED: { actor: 'AUTHOR', retry: 'NEVER', trips: false },
} as const satisfies Record<string, FailureRule>;

export interface FailureRule {
  readonly actor: 'SENDER' | 'OPERATOR' | 'PLATFORM' | 'AUTHOR' | 'NOBODY';
  readonly retry: 'NEVER' | 'BACK_OFF' | 'WHEN_TOLD';
  /** Counts towards opening the connection's circuit breaker. */
  readonly trips: boolean;
}

export type FailureCode = keyof typeof FAILURES;

export interface Failure {
  readonly code: FailureCode;
  /** For a person; never holds a secret or a whole voucher code. */
  readonly message: string;
  /** The member of the input that the platform complains of. */
  readonly path?: string | undefined;
  /** How long the platform wants to be left alone. */
  readonly wait?: Duration | undefined;
  /** The platform's own reference for its support. */
  readonly reference?: string | undefined;
  /** The platform may have done it all the same: what must not happen twice is not sent again without looking. */
  readonly unknown?: boolean | undefined;
}

const codes = Object.keys(FAILURES) as [FailureCode, ...FailureCode[]];
export const failureSchema = z.strictObject({
  code: z.enum(codes),
  message: z.string().max(2000),
  path: z.string().max(500).optional(),
  wait: z.string().optional(),
  reference: z.string().max(500).optional(),
  unknown: z.boolean().optional(),
});

/** Thrown by `ctx.call`; the host turns it into the outcome of the job. */
export class CallError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(`${failure.code}: ${failure.message}`);
    this.name = 'CallError';
    this.failure = failure;
  }
}

const BY_STATUS: Readonly<Record<number, FailureCode>> = {
  401: 'BAD_CREDENTIALS',
  402: 'QUOTA_SPENT',
  403: 'FORBIDDEN_SCOPE',
  404: 'NOT_FOUND',
  405: 'NOT_SUPPORTED',
  408: 'TIMEOUT',
  409: 'CONFLICT',
  410: 'TARGET_GONE',
  412: 'CONFLICT',
  423: 'CONFLICT',
  425: 'RATE_LIMITED',
  429: 'RATE_LIMITED',
  501: 'NOT_SUPPORTED',
  504: 'TIMEOUT',
};

/** What a status means where the platform says nothing else; undefined for 2xx. A redirect that was not followed is BAD_REPLY. */
export function failureOfStatus(status: number): FailureCode | undefined {
  if (status >= 200 && status < 300) return undefined;
  const listed = BY_STATUS[status];
  if (listed !== undefined) return listed;
  if (status >= 500) return 'PLATFORM_DOWN';
  return status >= 400 ? 'BAD_INPUT' : 'BAD_REPLY';
}
