import type { Failure, NearestBasketDraft } from '../domain/decision/decision.types.ts';
import { isRetryable, maskForPublic } from '../domain/decision/public-reason.ts';
import type { RejectionRecord } from '../domain/redemption/redemption.types.ts';
import { nearestBasketText, publicReasonText, reasonText, type TextSetting } from '../domain/shared/reason-texts.ts';
import { type Context, isPublic, textSetting } from './context.ts';
import { money } from './money.results.ts';
import type { NearestBasket, Rejection, RuleFailure } from './rejection.results.ts';

const DEFAULT_CURRENCY = 'EUR';

/** A refusal for this caller: staff hear the rules with their numbers, the public a class that tells a guesser nothing. */
export function rejectionView(context: Context, record: RejectionRecord): Rejection {
  const setting = textSetting(context, record.storeId);
  const currency = (record.storeId === null ? undefined : context.hub.stores.terms(record.storeId)?.currency) ?? DEFAULT_CURRENCY;
  const failures = failuresOf(record);
  const masked = maskForPublic(failures, record.nearestBasket);
  const hidden = isPublic(context.actor);
  const nearest = hidden ? masked.nearestBasket : record.nearestBasket;
  return {
    id: record.id,
    at: record.at,
    code: record.code,
    reason: hidden ? null : record.reason,
    publicReason: masked.reason,
    message: hidden
      ? publicReasonText(masked.reason, nearest, currency, setting)
      : reasonText(failures[0].reason, failures[0].facts, setting),
    // Told of an unusable code, it would tell one that exists from one that does not.
    retryable: !(hidden && masked.reason === 'NOT_USABLE') && isRetryable(failures),
    failures: hidden ? null : failures.map((failure) => failureView(failure, setting)),
    nearestBasket: nearest === null ? null : nearestBasketView(nearest, currency, setting),
    orderSource: record.orderSource,
    orderExternalId: record.orderExternalId,
    record,
  };
}

function failuresOf(record: RejectionRecord): readonly [Failure, ...Failure[]] {
  const [headline, ...others] = record.failures;
  return [headline ?? { reason: record.reason, facts: {} }, ...others];
}

const failureView = (failure: Failure, setting: TextSetting): RuleFailure => ({
  reason: failure.reason,
  message: reasonText(failure.reason, failure.facts, setting),
  limit: failure.facts.limit ?? null,
});

function nearestBasketView(nearest: NearestBasketDraft, currency: string, setting: TextSetting): NearestBasket {
  return {
    message: nearestBasketText(nearest, currency, setting),
    addAmount: nearest.addAmount === undefined ? null : money(nearest.addAmount, currency),
    addQuantity: nearest.addQuantity ?? null,
    eligibleSkus: nearest.eligibleSkus ?? null,
    validFrom: nearest.validFrom ?? null,
    validUntil: nearest.validUntil ?? null,
    storeIds: nearest.storeIds ?? null,
  };
}
