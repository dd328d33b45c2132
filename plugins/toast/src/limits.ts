import { type Limit, type Pace, type Reply, timeKit } from '@valehub/connector-kit';

/** Toast counts by restaurant. What asks for many orders at once may be asked five times a second: it costs four of the twenty. */
export const BULK_COST = 4;

export const limits: readonly Limit[] = [
  { name: 'second', per: 'location', unit: 'point', amount: 20, every: 'PT1S' },
  { name: 'quarter', per: 'location', unit: 'request', amount: 10_000, every: 'PT15M' },
];

const SECOND_MS = 2000;

/** Every reply tells of the limit that is nearest to being reached, and when its slice of time ends. */
export function pace({ headers, at }: Reply): readonly Pace[] {
  const remaining = Number(headers['x-toast-ratelimit-remaining'] ?? Number.NaN);
  const reset = headers['x-toast-ratelimit-reset'] ?? '';
  if (!Number.isInteger(remaining) || remaining < 0 || !/^\d{9,11}$/.test(reset)) return [];
  const by = headers['x-toast-ratelimit-by'] ?? '';
  // What is left of a limit of one call or one account says nothing of the others, unless it is nothing.
  if (remaining > 0 && !/^\s*(GLOBAL|API)\s*$/i.test(by)) return [];
  const restoresAt = timeKit.seconds(reset);
  const limit = Date.parse(restoresAt) - Date.parse(at) <= SECOND_MS ? 'second' : 'quarter';
  return [{ limit, remaining, restoresAt }];
}
