import type { FailureFacts } from './reason-facts.ts';
import type { PublicReason, ReasonCode } from './reasons.ts';
import type { TextFormat } from './text-format.ts';

type Text = (facts: FailureFacts, format: TextFormat) => string;

/** The texts of what campaigns lay down beyond minimum and channel. */
export type ConditionTexts = Readonly<
  Record<
    | 'WRONG_WEEKDAY'
    | 'WRONG_HOUR'
    | 'BLACKOUT_DAY'
    | 'WRONG_PAYMENT_METHOD'
    | 'CUSTOMER_GROUP_EXCLUDED'
    | 'NOT_IN_SEGMENT'
    | 'OUTSIDE_BIRTHDAY_WINDOW'
    | 'OUTSIDE_ANNIVERSARY_WINDOW'
    | 'NOT_FIRST_ORDER'
    | 'CONDITION_NOT_MET',
    Text
  >
>;

/** One language: a text for each reason, each public class, and for each thing that would help. */
export interface ReasonTexts {
  readonly reasons: Readonly<Record<ReasonCode, Text>>;
  readonly publicReasons: Readonly<Record<PublicReason, string>>;
  readonly nearest: {
    readonly addAmount: (money: string) => string;
    readonly addQuantity: (quantity: string, skus: readonly string[], format: TextFormat) => string;
    readonly window: (from: string | undefined, until: string | undefined, format: TextFormat) => string;
    readonly stores: (names: readonly string[], count: number, format: TextFormat) => string;
  };
}
