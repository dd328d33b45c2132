import type { FailureFacts, NearestBasketDraft } from './reason-facts.ts';
import type { ReasonTexts } from './reason-texts.types.ts';
import { english } from './reason-texts-en.ts';
import { spanish } from './reason-texts-es.ts';
import type { PublicReason, ReasonCode } from './reasons.ts';
import { LANGUAGES, type Language, textFormat } from './text-format.ts';

export type { Language } from './text-format.ts';

/** Where and for whom a text is made: dates and hours are local to the store. */
export interface TextSetting {
  readonly language: Language;
  /** IANA zone of the store */
  readonly timeZone: string;
  /** Names for the stores that `NearestBasketDraft.storeIds` names; left out, they are counted. */
  readonly storeName?: (storeId: string) => string | undefined;
}

const TEXTS: Readonly<Record<Language, ReasonTexts>> = { es: spanish, en: english };

/** What staff hear of one failing rule, with its numbers. Numbers that are not given are left out of the sentence. */
export function reasonText(reason: ReasonCode, facts: FailureFacts, setting: TextSetting): string {
  return TEXTS[setting.language].reasons[reason](facts, textFormat(setting.language, setting.timeZone));
}

/** What would make the basket valid. `currency` is that of `addAmount`. */
export function nearestBasketText(nearest: NearestBasketDraft, currency: string, setting: TextSetting): string {
  const texts = TEXTS[setting.language].nearest;
  const format = textFormat(setting.language, setting.timeZone);
  const sentences: string[] = [];
  if (nearest.addAmount !== undefined) sentences.push(texts.addAmount(format.money(nearest.addAmount, currency)));
  if (nearest.addQuantity !== undefined) sentences.push(texts.addQuantity(nearest.addQuantity, nearest.eligibleSkus ?? [], format));
  if (nearest.validFrom !== undefined || nearest.validUntil !== undefined)
    sentences.push(texts.window(nearest.validFrom, nearest.validUntil, format));
  if (nearest.storeIds !== undefined) {
    const names = nearest.storeIds.flatMap((id) => setting.storeName?.(id) ?? []);
    sentences.push(texts.stores(names, nearest.storeIds.length, format));
  }
  return sentences.join(' ');
}

/** What the public hears: the class, with when, where or the nearest basket. */
export function publicReasonText(reason: PublicReason, nearest: NearestBasketDraft | null, currency: string, setting: TextSetting): string {
  const text = TEXTS[setting.language].publicReasons[reason];
  return nearest === null ? text : `${text} ${nearestBasketText(nearest, currency, setting)}`;
}

/** The first language of an Accept-Language header that the hub speaks; else `fallback` where it speaks that, else Spanish. */
export function languageOf(acceptLanguage: string | undefined, fallback: string): Language {
  const wishes = (acceptLanguage ?? '').split(',').map((part) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const weight = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find((value) => value !== undefined);
    return { tag, weight: weight === undefined ? 1 : Number(weight) };
  });
  // A stable sort keeps the caller's order among equals.
  for (const { tag, weight } of wishes.sort((a, b) => b.weight - a.weight)) {
    const spoken = weight > 0 ? spokenOf(tag) : undefined;
    if (spoken !== undefined) return spoken;
  }
  return spokenOf(fallback.toLowerCase()) ?? 'es';
}

const spokenOf = (tag: string): Language | undefined => LANGUAGES.find((language) => tag === language || tag.startsWith(`${language}-`));
