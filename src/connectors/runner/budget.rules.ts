import { durationMs, type Limit } from '@valehub/connector-kit';

/** A limit as a pace: one unit each `emissionMs`, and `burst` at once after a rest. */
export interface PaceRule {
  readonly emissionMs: number;
  readonly burst: number;
}

/**
 * Whatever begins when, no window of the limit's length holds more than its amount: half of it may come at once, and the rest is
 * spread, unless the platform states its burst.
 */
export function paceRule(limit: Limit, amount: number): PaceRule {
  const everyMs = durationMs(limit.every ?? 'PT1S');
  if (limit.burst !== undefined) return { emissionMs: everyMs / amount, burst: limit.burst };
  const burst = Math.max(1, Math.ceil(amount / 2));
  return { emissionMs: everyMs / (amount - burst + 1), burst };
}
