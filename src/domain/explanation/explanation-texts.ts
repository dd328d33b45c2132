import { reasonText, type TextSetting } from '../shared/reason-texts.ts';
import { type Language, type TextFormat, textFormat } from '../shared/text-format.ts';
import type { ExplainedVoucher, Explanation, RuleCheck } from './explanation.types.ts';
import type { CheckedReason, ExplanationTexts } from './explanation-texts.types.ts';
import { english } from './explanation-texts-en.ts';
import { spanish } from './explanation-texts-es.ts';

const TEXTS: Readonly<Record<Language, ExplanationTexts>> = { es: spanish, en: english };

/** The texts of one explanation in one language. */
export class ExplanationWords {
  readonly #setting: TextSetting;
  readonly #texts: ExplanationTexts;
  readonly #format: TextFormat;
  readonly #currency: string;

  constructor(setting: TextSetting, currency: string) {
    this.#setting = setting;
    this.#texts = TEXTS[setting.language];
    this.#format = textFormat(setting.language, setting.timeZone);
    this.#currency = currency;
  }

  whole({ differences, complete }: Pick<Explanation, 'differences' | 'complete'>): string {
    const verdict = differences.length === 0 ? this.#texts.agrees : this.#texts.disagrees(differences.length);
    return complete ? verdict : `${verdict} ${this.#texts.incomplete}`;
  }

  difference({ kind }: Explanation['differences'][number]): string {
    return this.#texts.differences[kind];
  }

  place({ trace, step }: ExplainedVoucher): string | null {
    return trace && this.#texts.place(trace.place, step, this.#currency, this.#format);
  }

  reckoning({ trace, redemption: { amount }, reckoned }: ExplainedVoucher): string | null {
    if (!trace?.reckoning) return null;
    const how = this.#texts.reckoning(trace.reckoning, this.#currency, this.#format);
    return reckoned === null ? how : `${how} ${this.#texts.booked(amount, reckoned, this.#currency, this.#format)}`;
  }

  limit(limit: Parameters<ExplanationTexts['limit']>[0]): string {
    return this.#texts.limit(limit, this.#currency, this.#format);
  }

  check({ reason, result, facts }: RuleCheck): string {
    if (result === 'NOT_MET') return reasonText(reason, facts, this.#setting);
    const { title, met } = this.#texts.checks[reason as CheckedReason];
    return result === 'MET' ? `${title}: ${met(facts, this.#format)}.` : this.#texts.notAsked(title);
  }
}
