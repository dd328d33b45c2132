import { domainSize, maxLength, type RandomPattern } from './random-pattern.ts';

/** The chance that one random try, over all texts of a pattern with a right check character, hits one of `count` codes. */
export function guessOdds(count: number, texts: number): number {
  return count / texts;
}

export interface GuessRiskInput {
  readonly pattern: RandomPattern;
  /** Usable codes of the whole pattern, all its batches together. */
  readonly usable: number;
  /** Wrong tries that one address is allowed. */
  readonly attemptsPerMinute: number;
}

/** `odds`: of one try. `refusal`: the arithmetic, where the risk is too high. */
export interface GuessRisk {
  readonly odds: number;
  readonly refusal?: string;
}

/** Too high: one address, trying as fast as it is let, would hit a usable code once an hour or more on average. */
export function guessRisk({ pattern, usable, attemptsPerMinute }: GuessRiskInput): GuessRisk {
  const texts = domainSize(pattern);
  const odds = guessOdds(usable, texts);
  if (!tooRisky(odds, attemptsPerMinute)) return { odds };
  const secondsToHit = 60 / (odds * attemptsPerMinute);
  const refusal =
    `${format(usable)} codes among ${format(texts)} texts: one try in ${format(1 / odds)} hits; ` +
    `at ${format(attemptsPerMinute)} tries a minute from one address that is a hit every ${duration(secondsToHit)}; ` +
    `${advice(pattern, usable, attemptsPerMinute)}.`;
  return { odds, refusal };
}

/** The smallest `length` with which so many codes are safe enough; undefined where no length allowed is. */
export function safeLength({ pattern, usable, attemptsPerMinute }: GuessRiskInput): number | undefined {
  for (let length = pattern.length; length <= maxLength(pattern); length++) {
    if (!tooRisky(guessOdds(usable, domainSize({ ...pattern, length })), attemptsPerMinute)) return length;
  }
  return undefined;
}

function tooRisky(odds: number, attemptsPerMinute: number): boolean {
  return odds * attemptsPerMinute * 60 >= 1;
}

function advice(pattern: RandomPattern, usable: number, attemptsPerMinute: number): string {
  const length = safeLength({ pattern, usable, attemptsPerMinute });
  if (length === undefined) return 'make fewer codes, or take a larger alphabet or a shorter prefix';
  return `lengthen the code to at least ${length} characters${pattern.prefix === '' ? '' : ` after "${pattern.prefix}"`}`;
}

function format(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 1 : 0 });
}

function duration(seconds: number): string {
  if (seconds < 1) return 'second or oftener';
  if (seconds < 60) return plural(seconds, 'second');
  return plural(seconds / 60, 'minute');
}

function plural(value: number, unit: string): string {
  const text = format(value);
  return text === '1' ? unit : `${text} ${unit}s`;
}
