import type { FailureFacts } from '../shared/reason-facts.ts';
import type { ReasonCode } from '../shared/reasons.ts';
import type { TextFormat } from '../shared/text-format.ts';
import type { DifferenceKind, ExplainedLimit, Place, Reckoning } from './explanation.types.ts';

/** The reasons for which each rule stands. */
export type CheckedReason = Extract<
  ReasonCode,
  | 'DUPLICATE_TRANSACTION'
  | 'BLOCKED'
  | 'NOT_ISSUED'
  | 'ALREADY_REDEEMED'
  | 'BALANCE_EMPTY'
  | 'HELD_ELSEWHERE'
  | 'CAMPAIGN_NOT_ACTIVE'
  | 'CAMPAIGN_NOT_STARTED'
  | 'CAMPAIGN_ENDED'
  | 'VOUCHER_NOT_STARTED'
  | 'VOUCHER_EXPIRED'
  | 'WRONG_STORE'
  | 'WRONG_CHANNEL'
  | 'WRONG_CURRENCY'
  | 'CUSTOMER_UNKNOWN'
  | 'OTHER_CUSTOMER'
  | 'CUSTOMER_REQUIRED'
  | 'ORDER_BELOW_MINIMUM'
  | 'ORDER_ABOVE_MAXIMUM'
  | 'NO_ELIGIBLE_ITEM'
  | 'WRONG_HOUR'
  | 'BLACKOUT_DAY'
  | 'WRONG_PAYMENT_METHOD'
  | 'CUSTOMER_GROUP_EXCLUDED'
  | 'NOT_IN_SEGMENT'
  | 'OUTSIDE_BIRTHDAY_WINDOW'
  | 'OUTSIDE_ANNIVERSARY_WINDOW'
  | 'NOT_FIRST_ORDER'
  | 'CONDITION_NOT_MET'
  | 'NOT_COMBINABLE'
  | 'EXCLUSIVE_LOST'
  | 'TOO_MANY_VOUCHERS'
  | 'LINES_LOCKED'
>;

export interface CheckText {
  /** What it is about. */
  readonly title: string;
  /** That it was met, with its numbers; without a full stop. */
  readonly met: (facts: FailureFacts, format: TextFormat) => string;
}

/** One language of an explanation. */
export interface ExplanationTexts {
  readonly checks: Readonly<Record<CheckedReason, CheckText>>;
  readonly notAsked: (title: string) => string;
  readonly place: (place: Place, step: number, currency: string, format: TextFormat) => string;
  readonly reckoning: (reckoning: Reckoning, currency: string, format: TextFormat) => string;
  readonly booked: (booked: number, reckoned: number, currency: string, format: TextFormat) => string;
  readonly limit: (limit: ExplainedLimit, currency: string, format: TextFormat) => string;
  readonly differences: Readonly<Record<DifferenceKind, string>>;
  readonly agrees: string;
  readonly disagrees: (count: number) => string;
  readonly incomplete: string;
}
