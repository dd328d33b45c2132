import type { FailureFacts } from './reason-facts.ts';
import type { PublicReason, ReasonCode } from './reasons.ts';
import type { TextFormat } from './text-format.ts';

/** One language: a text for each reason, each public class, and for each thing that would help. */
export interface ReasonTexts {
  readonly reasons: Readonly<Record<ReasonCode, (facts: FailureFacts, format: TextFormat) => string>>;
  readonly publicReasons: Readonly<Record<PublicReason, string>>;
  readonly nearest: {
    readonly addAmount: (money: string) => string;
    readonly addQuantity: (quantity: string, skus: readonly string[], format: TextFormat) => string;
    readonly window: (from: string | undefined, until: string | undefined, format: TextFormat) => string;
    readonly stores: (names: readonly string[], count: number, format: TextFormat) => string;
  };
}
