import type { Duration } from '../plain.ts';
import { durationOf } from '../time.ts';

const LONGEST_MS = 24 * 3_600_000;

/** `Retry-After` as seconds or as a date; at most a day. Undefined where there is none or it says nothing. */
export function retryAfter(header: string | undefined, nowMs: number): Duration | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const ms = /^\d{1,9}(\.\d+)?$/.test(text) ? Number(text) * 1000 : /^[A-Za-z]{3}/.test(text) ? Date.parse(text) - nowMs : Number.NaN;
  return Number.isFinite(ms) ? durationOf(Math.min(Math.max(ms, 0), LONGEST_MS)) : undefined;
}
