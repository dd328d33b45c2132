import type { LimitCounts, LimitPer, LimitPeriod } from '../campaign/campaign.types.ts';
import type { Incentive } from '../campaign/incentive.types.ts';
import type { AllocationShare, PricedBasket } from '../decision/decision.types.ts';
import type { RedemptionRecord } from '../redemption/redemption.types.ts';
import type { FailureFacts } from '../shared/reason-facts.ts';
import type { ReasonCode } from '../shared/reasons.ts';
import type { StoreTerms } from '../store/store.types.ts';

/** Why a voucher stands where it stands in the order of application: the first of these that tells it from its neighbour. */
export const PLACE_REASONS = ['ALONE', 'LEVEL', 'PRIORITY', 'LARGER_DISCOUNT', 'CODE'] as const;
export type PlaceReason = (typeof PLACE_REASONS)[number];

export const CHECK_RESULTS = ['MET', 'NOT_ASKED', 'NOT_MET'] as const;
export type CheckResult = (typeof CHECK_RESULTS)[number];

/** What of a replay is not as it was stored. */
export const DIFFERENCE_KINDS = ['REFUSED', 'KIND', 'STEP', 'AMOUNT', 'ALLOCATIONS', 'LIMITS', 'SUMS', 'NOT_REPLAYED'] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** One rule that was looked at, with its numbers. */
export interface RuleCheck {
  /** Under which reason it refuses. */
  readonly reason: ReasonCode;
  readonly result: CheckResult;
  readonly facts: FailureFacts;
}

export interface Place {
  readonly because: PlaceReason;
  /** The voucher it is compared with: the one before it; of the first, the one after it. null where it is alone. */
  readonly beside: string | null;
  readonly priority: number;
  /** What it would have given alone, in minor units; null where it is alone. */
  readonly alone: number | null;
}

/** How the amount came about; amounts in minor units. */
export interface Reckoning {
  readonly incentive: Incentive;
  /** Due on the units it fell on, when its turn came; of a part payment, what was left to pay. */
  readonly base: number;
  /** How many units; 0 for a part payment. */
  readonly units: number;
  /** The percentage of the base before it was rounded, in minor units; null where nothing is rounded. */
  readonly unrounded: string | null;
  /** What the rules gave. */
  readonly amount: number;
}

export interface ExplainedShare extends AllocationShare {
  /** Due on the unit when the voucher's turn came, in minor units. */
  readonly before: number;
}

/** A ceiling that the redemption took from. */
export interface ExplainedLimit {
  /** null: the budget. */
  readonly counts: LimitCounts | null;
  readonly per: LimitPer;
  readonly period: LimitPeriod;
  readonly max: number;
  readonly taken: number;
  /** As it stood before; null: it was not read, the commit saw to it that the ceiling held. */
  readonly used: number | null;
  readonly held: number | null;
}

export interface ExplainedVoucher {
  readonly redemption: RedemptionRecord;
  readonly step: number;
  /** As it was called then; null where that was not kept. */
  readonly campaignName: string | null;
  /** The version whose promise it was held to; null: that of its time. */
  readonly promisedVersion: number | null;
  /** What the rules reckoned where a platform had given another amount; null where it is the same. */
  readonly reckoned: number | null;
  /** null where the replay did not come to it. */
  readonly trace: VoucherTrace | null;
}

export interface VoucherTrace {
  readonly place: Place;
  readonly checks: readonly RuleCheck[];
  readonly reckoning: Reckoning | null;
  readonly shares: readonly ExplainedShare[];
  readonly limits: readonly ExplainedLimit[];
  readonly before: PricedBasket;
  readonly after: PricedBasket;
}

export interface Difference {
  readonly kind: DifferenceKind;
  /** null: of the redeem as a whole. */
  readonly code: string | null;
  readonly stored: string;
  readonly replayed: string;
}

/** A redeem decided again on what was stored with it. */
export interface Explanation {
  readonly redemptionId: string;
  readonly ruleVersion: number;
  /** RFC 3339 */
  readonly decidedAt: string;
  readonly placedAt: string;
  readonly businessDay: string;
  readonly store: StoreTerms;
  readonly orderSource: string;
  readonly orderExternalId: string;
  readonly holdId: string | null;
  /** false: not all that it was decided on was kept at the time, so what is missing is taken as it was nearest to it. */
  readonly complete: boolean;
  readonly differences: readonly Difference[];
  readonly currency: string;
  /** The order without the vouchers of this redeem, and with them. */
  readonly before: PricedBasket;
  readonly after: PricedBasket;
  /** In order of application. */
  readonly vouchers: readonly ExplainedVoucher[];
}
