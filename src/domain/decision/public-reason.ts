import { type PublicReason, REASONS, type ReasonCode } from '../shared/reasons.ts';
import type { Failure, NearestBasketDraft } from './decision.types.ts';

export const publicReasonOf = (reason: ReasonCode): PublicReason => REASONS[reason].publicClass;

/** What a PUBLIC key may see of a refusal: NOT_USABLE as soon as one failing rule is of that class, so that nothing behind it shows. */
export function maskForPublic(
  failures: readonly [Failure, ...Failure[]],
  nearest: NearestBasketDraft | null,
): { readonly reason: PublicReason; readonly nearestBasket: NearestBasketDraft | null } {
  if (failures.some(({ reason }) => publicReasonOf(reason) === 'NOT_USABLE')) return { reason: 'NOT_USABLE', nearestBasket: null };
  return { reason: publicReasonOf(failures[0].reason), nearestBasket: nearest };
}

/** The same may succeed later: every failing rule may be lifted by time, or by others, alone. */
export const isRetryable = (failures: readonly Failure[]): boolean => failures.length > 0 && failures.every(mayPass);

function mayPass({ reason, facts }: Failure): boolean {
  // A full sum is final unless its period turns or a hold may set something free.
  if (facts.limit !== undefined)
    return facts.limit.resetsAt !== null || (facts.limit.heldUntil !== null && facts.limit.used < facts.limit.max);
  if (reason === 'BUDGET_EXHAUSTED') return facts.at !== undefined;
  return REASONS[reason].retryable;
}
