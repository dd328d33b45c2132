import { DIGITS, patternKey, type RandomPattern } from './random-pattern.ts';
import { encodeSequential, type SequentialRange } from './sequential-codes.ts';

/** Where codes come from: a pattern of random ones, a numbered range, or one word that everybody uses. */
export type CodeSource =
  | { readonly kind: 'random'; readonly pattern: RandomPattern }
  | { readonly kind: 'sequential'; readonly range: SequentialRange }
  | { readonly kind: 'shared'; readonly word: string };

/**
 * Whether one text could belong to both. Two random sources of the same pattern are one space, not an overlap. Random
 * patterns count with all their texts, a wrong check character included: a typo must not turn into another's code.
 */
export function patternsOverlap(a: CodeSource, b: CodeSource): boolean {
  if (a.kind === 'random' && b.kind === 'random' && patternKey(a.pattern) === patternKey(b.pattern)) return false;
  if (a.kind !== 'random' && b.kind !== 'random') return rangesMeet(textRange(a), textRange(b));
  return positionsMeet(symbolsByPosition(a), symbolsByPosition(b));
}

interface TextRange {
  readonly stem: string;
  readonly first: string;
  readonly last: string;
}

/** Texts of one length and one stem (all before the final digits) have the order of their numbers, wherever a prefix ends. */
function textRange(source: Exclude<CodeSource, { kind: 'random' }>): TextRange {
  if (source.kind === 'shared') return { stem: stemOf(source.word), first: source.word, last: source.word };
  const { prefix, width, first, last } = source.range;
  return { stem: stemOf(prefix), first: encodeSequential(prefix, width, first), last: encodeSequential(prefix, width, last) };
}

function stemOf(text: string): string {
  return text.replace(/[0-9]+$/, '');
}

function rangesMeet(a: TextRange, b: TextRange): boolean {
  return a.stem === b.stem && a.first.length === b.first.length && a.first <= b.last && b.first <= a.last;
}

function symbolsByPosition(source: CodeSource): string[] {
  switch (source.kind) {
    case 'random':
      return [...source.pattern.prefix, ...Array<string>(source.pattern.length).fill(source.pattern.alphabet)];
    case 'sequential':
      return [...source.range.prefix, ...Array<string>(source.range.width - source.range.prefix.length).fill(DIGITS)];
    case 'shared':
      return [...source.word];
  }
}

function positionsMeet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((symbols, at) => [...symbols].some((symbol) => b[at]?.includes(symbol)));
}
