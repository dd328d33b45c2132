import type { InputFault } from '../shared/errors.ts';
import { MAX_CODE_LENGTH } from './code-normalise.ts';
import { MAX_HALF } from './code-permutation.ts';

export const MIN_CODE_LENGTH = 4;
/** With fewer, a half of the permutation is empty and consecutive codes would be consecutive texts. */
const MIN_PAYLOAD_LENGTH = 2;
const LETTERS_AND_DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** What random codes look like. A text of it is prefix + payload + check character (if any). */
export interface RandomPattern {
  readonly prefix: string;
  /** How many characters follow the prefix, the check character included. */
  readonly length: number;
  /** The symbols of payload and check character; the place of a symbol is its digit. */
  readonly alphabet: string;
  readonly checkCharacter: boolean;
}

export const DIGITS = '0123456789';
/**
 * For codes that people read, type or say: of 0 O, 1 I L, 2 Z, 5 S, 8 B, U V W at most one each, no vowels (no words),
 * and an even number of symbols, for which the check character misses the fewest swaps.
 */
export const NO_LOOK_ALIKES = '23456789CDFGHJKMNPQRTVXY';

/** Ready-made patterns, by the name under which they are offered. */
export const PATTERNS = {
  DV13: { prefix: 'DV', length: 13, alphabet: DIGITS, checkCharacter: true },
  READABLE: { prefix: '', length: 10, alphabet: NO_LOOK_ALIKES, checkCharacter: true },
} as const satisfies Record<string, RandomPattern>;

/** Same key, same codes: batches of one key share one permutation and take index ranges of it. */
export function patternKey(pattern: RandomPattern): string {
  return [pattern.prefix, pattern.length, pattern.alphabet, pattern.checkCharacter ? 'check' : 'plain'].join(':');
}

export function payloadLength(pattern: RandomPattern): number {
  return pattern.checkCharacter ? pattern.length - 1 : pattern.length;
}

/** How many codes the pattern can tell apart, i.e. its texts with a right check character. Rounded beyond 2^53. */
export function domainSize(pattern: RandomPattern): number {
  return power(pattern.alphabet.length, payloadLength(pattern));
}

/** How many of them the hub can hand out: indices are 0 .. capacity - 1, all of them safe integers. */
export function capacity(pattern: RandomPattern): number {
  return Math.min(domainSize(pattern), Number.MAX_SAFE_INTEGER);
}

/** The sizes of the two halves of the payload, the left one floor(n / 2) characters long. */
export function halfSizes(pattern: RandomPattern): { left: number; right: number } {
  const leftLength = Math.floor(payloadLength(pattern) / 2);
  return { left: power(pattern.alphabet.length, leftLength), right: power(pattern.alphabet.length, payloadLength(pattern) - leftLength) };
}

/** The greatest `length` that a pattern of this kind may have. */
export function maxLength(pattern: RandomPattern): number {
  let half = 0;
  while (half < MAX_CODE_LENGTH && power(pattern.alphabet.length, half + 1) <= MAX_HALF) half++;
  return Math.min(2 * half + (pattern.checkCharacter ? 1 : 0), MAX_CODE_LENGTH - pattern.prefix.length);
}

/** What is wrong with a pattern, all at once; paths are relative to it. Nothing else here takes a pattern with faults. */
export function checkPattern(pattern: RandomPattern): InputFault[] {
  const faults = [...checkPrefix(pattern.prefix), ...checkAlphabet(pattern.alphabet)];
  return faults.length > 0 ? faults : checkLength(pattern);
}

/** Letters and digits only: everything else is changed by normalisation, or breaks in a CSV file, a URL or on a till. */
export function checkPrefix(prefix: string): InputFault[] {
  return checkSymbols('prefix', prefix);
}

function checkAlphabet(alphabet: string): InputFault[] {
  const faults = checkSymbols('alphabet', alphabet);
  const repeated = [...alphabet].filter((symbol, at) => alphabet.indexOf(symbol) < at);
  if (repeated.length > 0) faults.push({ path: 'alphabet', message: `The alphabet repeats ${[...new Set(repeated)].join(' ')}.` });
  if (alphabet.length < 2) faults.push({ path: 'alphabet', message: 'The alphabet needs at least 2 symbols.' });
  return faults;
}

function checkSymbols(path: 'prefix' | 'alphabet', text: string): InputFault[] {
  const foreign = new Set([...text].filter((symbol) => !LETTERS_AND_DIGITS.includes(symbol)));
  if (foreign.size === 0) return [];
  return [
    {
      path,
      message: `The ${path} may hold the letters A-Z (capitals, as codes are kept in capitals) and the digits 0-9 only, not ${JSON.stringify([...foreign].join(''))}.`,
    },
  ];
}

function checkLength(pattern: RandomPattern): InputFault[] {
  const total = pattern.prefix.length + pattern.length;
  const fault = (message: string): InputFault[] => [{ path: 'length', message }];
  if (!Number.isInteger(pattern.length) || payloadLength(pattern) < MIN_PAYLOAD_LENGTH) {
    return fault(`At least ${MIN_PAYLOAD_LENGTH} characters must follow the prefix, besides the check character.`);
  }
  if (total < MIN_CODE_LENGTH || total > MAX_CODE_LENGTH) {
    return fault(`A code has ${MIN_CODE_LENGTH} to ${MAX_CODE_LENGTH} characters, prefix included; this one would have ${total}.`);
  }
  const longest = maxLength(pattern);
  return pattern.length > longest
    ? fault(`With ${pattern.alphabet.length} symbols at most ${longest} characters may follow the prefix.`)
    : [];
}

/** By multiplication: exact up to 2^53, where `**` need not be. */
function power(base: number, exponent: number): number {
  let result = 1;
  for (let i = 0; i < exponent; i++) result *= base;
  return result;
}
