import { decimalText } from './decimal.ts';

export const LANGUAGES = ['es', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Numbers, sums, days and hours in one language, local to one place. */
export interface TextFormat {
  /** "3,20 €", "3.20 EUR" */
  money(minor: number, currency: string): string;
  /** A decimal text: "1.250" -> "1,25" */
  quantity(decimal: string): string;
  /** YYYY-MM-DD -> "3 de mayo de 2026" */
  day(day: string): string;
  /** RFC 3339 -> "19:42" */
  hour(instant: string): string;
  /** RFC 3339 -> the local day and hour */
  moment(instant: string): { readonly day: string; readonly hour: string };
  /** "Málaga, Sevilla y Granada" */
  list(words: readonly string[]): string;
  /** "tarjeta o Bizum" */
  either(words: readonly string[]): string;
}

const LOCALES: Readonly<Record<Language, string>> = { es: 'es-ES', en: 'en-GB' };
const MAX_KEPT = 1_000;
/** Formatters cost a thousand times what they format; they hold no state of ours. Bounded, and may be emptied at any time. */
const kept = new Map<string, TextFormat>();

export function textFormat(language: Language, timeZone: string): TextFormat {
  const key = `${language}|${timeZone}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  if (kept.size >= MAX_KEPT) kept.clear();
  const made = makeFormat(language, timeZone);
  kept.set(key, made);
  return made;
}

function makeFormat(language: Language, timeZone: string): TextFormat {
  const locale = LOCALES[language];
  const decimals = new Intl.NumberFormat(locale, { maximumFractionDigits: 20 });
  const plainDay = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  const localDay = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone });
  const localHour = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone });
  const words = new Intl.ListFormat(locale, { type: 'conjunction' });
  const choices = new Intl.ListFormat(locale, { type: 'disjunction' });
  const monies = new Map<string, (minor: number) => string>();
  const hour = (instant: string): string => localHour.format(new Date(instant));
  return {
    money(minor, currency) {
      const known = monies.get(currency) ?? moneyFormat(language, currency);
      monies.set(currency, known);
      return known(minor);
    },
    quantity: (decimal) => decimals.format(exact(decimal)),
    day: (day) => plainDay.format(new Date(`${day}T00:00:00Z`)),
    hour,
    moment: (instant) => ({ day: localDay.format(new Date(instant)), hour: hour(instant) }),
    list: (items) => words.format(items),
    either: (items) => choices.format(items),
  };
}

function moneyFormat(language: Language, currency: string): (minor: number) => string {
  const format = new Intl.NumberFormat(LOCALES[language], { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  const bare = new Intl.NumberFormat(LOCALES[language], { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return (minor) => {
    const value = exact(decimalText(BigInt(minor), digits));
    // Spanish tills write the symbol behind; ticket printers know no narrow or unbreakable space.
    return (language === 'es' ? format.format(value) : `${bare.format(value)} ${currency}`).replace(/[\u00A0\u202F]/g, ' ');
  };
}

/** Formatted from the text itself, so that no float comes between. */
const exact = (decimal: string): Intl.StringNumericLiteral => decimal as Intl.StringNumericLiteral;
