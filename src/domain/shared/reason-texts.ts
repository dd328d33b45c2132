import type { FailureFacts, NearestBasketDraft } from './reason-facts.ts';
import type { PublicReason, ReasonCode } from './reasons.ts';

export const LANGUAGES = ['es', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Where and for whom a text is made: dates and hours are local to the store. */
export interface TextSetting {
  readonly language: Language;
  readonly timeZone: string;
}

const stub = (..._args: unknown[]): never => { throw new Error('not built yet'); };

/** The first language of an Accept-Language header that the hub speaks; `fallback` where there is none. */
export function languageOf(acceptLanguage: string | undefined, fallback: string): Language { return stub(acceptLanguage, fallback); }
/** What staff hear of one failing rule, with its numbers. */
export function reasonText(reason: ReasonCode, facts: FailureFacts, setting: TextSetting): string { return stub(reason, facts, setting); }
/** What would make the basket valid. `currency` is that of `addAmount`. */
export function nearestBasketText(nearest: NearestBasketDraft, currency: string, setting: TextSetting): string { return stub(nearest, currency, setting); }
/** What the public hears: the class, with when, where or the nearest basket. */
export function publicReasonText(reason: PublicReason, nearest: NearestBasketDraft | null, currency: string, setting: TextSetting): string {
  return stub(reason, nearest, currency, setting);
}
