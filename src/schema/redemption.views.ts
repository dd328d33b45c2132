import type { ApplicableDraft } from '../domain/decision/decision.types.ts';
import type { RedemptionRecord, RefusedAnswer, ReversalRecord, ValidateAnswer } from '../domain/redemption/redemption.types.ts';
import type { Context } from './context.ts';
import { money } from './money.results.ts';
import { allocationViews, pricedView } from './order.views.ts';
import type { Applicable, Named, Redemption, Refused, Reversal, Validation } from './redemption.results.ts';
import { rejectionView } from './rejection.views.ts';

export function redemptionView(record: RedemptionRecord): Redemption {
  return {
    id: record.id,
    code: record.code,
    kind: record.kind,
    taxClass: record.taxClass,
    amount: money(record.amount, record.currency),
    step: record.step,
    reversed: money(record.reversed, record.currency),
    businessDay: record.businessDay,
    redeemedAt: record.redeemedAt,
    orderSource: record.orderSource,
    orderExternalId: record.orderExternalId,
    storeId: record.storeId,
    campaignId: record.campaignId,
    campaignVersion: record.campaignVersion,
    place: { patternId: record.patternId, index: record.index },
    shares: record.allocations ? allocationViews(record.allocations, record.currency) : null,
  };
}

export function reversalView(record: ReversalRecord): Reversal {
  return {
    id: record.id,
    at: record.at,
    businessDay: record.businessDay,
    reason: record.reason,
    amount: money(record.amount, record.currency),
    allocations: allocationViews(record.allocations, record.currency),
    policy: record.policy,
    movedFrom: allocationViews(
      record.moved.filter(({ amount }) => amount < 0).map((share) => ({ ...share, amount: -share.amount })),
      record.currency,
    ),
    movedTo: allocationViews(
      record.moved.filter(({ amount }) => amount > 0),
      record.currency,
    ),
    order: record.priced && pricedView(record.priced),
    redemptionId: record.redemptionId,
    storeId: record.storeId,
  };
}

export const refusedView = (context: Context, answer: RefusedAnswer): Refused & Named<'Refused'> => ({
  __typename: 'Refused',
  rejections: answer.rejections.map((record) => rejectionView(context, record)),
  replayed: answer.replayed,
});

export function validationView(context: Context, answer: ValidateAnswer): Validation {
  return {
    outcomes: answer.outcomes.map((outcome) =>
      'outcome' in outcome
        ? applicableView(outcome, answer.priced.currency)
        : { __typename: 'Rejection' as const, ...rejectionView(context, outcome) },
    ),
    order: pricedView(answer.priced),
  };
}

function applicableView(draft: ApplicableDraft, currency: string): Applicable & Named<'Applicable'> {
  return {
    __typename: 'Applicable',
    kind: draft.kind,
    taxClass: draft.campaign.taxClass,
    amount: money(draft.amount, currency),
    allocations: allocationViews(draft.allocations, currency),
    code: draft.code,
    campaignId: draft.campaign.id,
    place: { patternId: draft.voucher.spaceId, index: draft.voucher.index },
  };
}
