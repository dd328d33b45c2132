import { REASONS, type ReasonCode } from '../shared/reasons.ts';
import type { NearestBasketDraft } from './decision.types.ts';
import type { Refusals } from './refusals.ts';

/** What would make the basket valid, all failing rules taken together; null where nothing of that kind would. */
export function nearestBasket({ failures, nearest }: Refusals): NearestBasketDraft | null {
  if (nearest.length === 0 || failures.some(({ reason }) => isHopeless(reason))) return null;
  if (nearest.length === 1) return nearest[0] ?? null;
  // Each draft names one thing; of two that name the same, the first failing rule's stands, but for the later beginning.
  let merged: NearestBasketDraft = {};
  for (const draft of nearest) {
    const validFrom = laterOf(merged.validFrom, draft.validFrom);
    const validUntil = earlierOf(merged.validUntil, draft.validUntil);
    merged = {
      ...draft,
      ...merged,
      ...(validFrom === undefined ? {} : { validFrom }),
      ...(validUntil === undefined ? {} : { validUntil }),
    };
  }
  const { validUntil, ...rest } = merged;
  // One stretch is over before the other begins: when both hold again, nobody reckoned.
  return validUntil !== undefined && rest.validFrom !== undefined && validUntil <= rest.validFrom ? rest : merged;
}

/** Nothing about the basket or the time would help. What the public does not hear for a person's sake may well pass with time. */
const isHopeless = (reason: ReasonCode): boolean =>
  REASONS[reason].publicClass === 'NOT_USABLE' && reason !== 'OUTSIDE_BIRTHDAY_WINDOW' && reason !== 'OUTSIDE_ANNIVERSARY_WINDOW';

const laterOf = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined ? b : b === undefined || a > b ? a : b;
const earlierOf = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined ? b : b === undefined || a < b ? a : b;
