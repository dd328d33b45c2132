import { type PublicReason, REASONS, type ReasonCode } from '../shared/reasons.ts';
import type { Failure, NearestBasketDraft } from './decision.types.ts';

export const publicReasonOf = (reason: ReasonCode): PublicReason => REASONS[reason].publicClass;

/** What a PUBLIC key may see of a refusal: NOT_USABLE as soon as one failing rule is of that class, so that nothing behind it shows. */
export function maskForPublic(failures: readonly [Failure, ...Failure[]], nearest: NearestBasketDraft | null): { reason: PublicReason; nearestBasket: NearestBasketDraft | null } {
  void failures; void nearest; throw new Error('not built yet');
}
/** The same may succeed later: all failing rules are such that time alone may lift them. */
export function isRetryable(failures: readonly Failure[]): boolean { void failures; throw new Error('not built yet'); }
