import type { InputFault } from '../shared/errors.ts';
import { MAX_CODE_LENGTH } from './code-normalise.ts';
import { checkPrefix, MIN_CODE_LENGTH } from './random-pattern.ts';

/** The house's printed books: exactly 9 characters, prefix included. */
export const BOOK_WIDTH = 9;
/** As many as a safe integer holds, whatever they are. */
const MAX_DIGITS = 15;

/** Numbered codes: the prefix, then the number with leading zeros. `width` is the whole code with its prefix. */
export interface SequentialPattern {
  readonly prefix: string;
  readonly width: number;
}

/** Numbers `first` to `last`, both inclusive. */
export interface SequentialRange extends SequentialPattern {
  readonly first: number;
  readonly last: number;
}

/** What is wrong with a range of `count` codes from number `start` on, all at once. */
export function checkSequential({ prefix, width }: SequentialPattern, start: number, count: number): InputFault[] {
  const faults = checkPrefix(prefix);
  const digits = width - prefix.length;
  if (!Number.isInteger(width) || width < MIN_CODE_LENGTH || width > MAX_CODE_LENGTH) {
    faults.push({ path: 'width', message: `A code has ${MIN_CODE_LENGTH} to ${MAX_CODE_LENGTH} characters, prefix included.` });
  } else if (digits < 1 || digits > MAX_DIGITS) {
    faults.push({ path: 'width', message: `The prefix and the width leave ${digits} digits for the number; it needs 1 to ${MAX_DIGITS}.` });
  }
  if (!Number.isSafeInteger(start) || start < 0)
    faults.push({ path: 'start', message: 'The first number must be a whole number of 0 or more.' });
  if (!Number.isSafeInteger(count) || count < 1) faults.push({ path: 'count', message: 'The count must be a whole number of 1 or more.' });
  if (faults.length === 0 && start + count - 1 > 10 ** digits - 1) {
    faults.push({
      path: 'count',
      message: `${digits} digits end at number ${10 ** digits - 1}; this range would end at ${start + count - 1}.`,
    });
  }
  return faults;
}

/** Throws a RangeError where the number has more digits than there is room for. */
export function encodeSequential(prefix: string, width: number, number: number): string {
  const code = prefix + String(number).padStart(width - prefix.length, '0');
  if (!Number.isSafeInteger(number) || number < 0 || code.length !== width) {
    throw new RangeError(`Number ${number} does not fit a code of ${width} characters with the prefix "${prefix}".`);
  }
  return code;
}

/** The number of a normalised code, whether or not a range reaches it; undefined where the code is none of these. */
export function matchSequential(prefix: string, width: number, code: string): number | undefined {
  if (code.length !== width || !code.startsWith(prefix)) return undefined;
  const digits = code.slice(prefix.length);
  return /^[0-9]+$/.test(digits) && digits.length <= MAX_DIGITS ? Number(digits) : undefined;
}
