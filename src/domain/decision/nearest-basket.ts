import { REASONS } from '../shared/reasons.ts';
import type { NearestBasketDraft } from './decision.types.ts';
import type { Refusals } from './refusals.ts';

/** What would make the basket valid, all failing rules taken together; null where nothing of that kind would. */
export function nearestBasket({ failures, nearest }: Refusals): NearestBasketDraft | null {
  if (nearest.length === 0 || failures.some(({ reason }) => REASONS[reason].publicClass === 'NOT_USABLE')) return null;
  if (nearest.length === 1) return nearest[0] ?? null;
  // Each draft names one thing; of two that name the same, the first failing rule's stands, but for the later beginning.
  let merged: NearestBasketDraft = {};
  for (const draft of nearest) {
    const validFrom = laterOf(merged.validFrom, draft.validFrom);
    merged = { ...draft, ...merged, ...(validFrom === undefined ? {} : { validFrom }) };
  }
  return merged;
}

const laterOf = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined ? b : b === undefined || a > b ? a : b;
