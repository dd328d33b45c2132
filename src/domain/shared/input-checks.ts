import { compareDecimals, parseDecimal } from './decimal.ts';
import { badInput, type InputFault } from './errors.ts';

/** Null on an optional input means left out. */
export const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

/** What the database takes as text: no control characters, no halves of a character. */
export const isStorable = (text: string): boolean => !/\p{Cc}/u.test(text) && text.isWellFormed();

/** Gathers what is wrong with an input, so that a caller hears all of it at once. Paths are as the caller wrote them. */
export class InputChecks {
  readonly faults: InputFault[] = [];

  fault(path: string, message: string): void {
    this.faults.push({ path, message });
  }

  /** A line of text of 1 to `max` characters that is not blank. */
  line(path: string, text: string, max = 200): void {
    if (text.trim() === '') this.fault(path, 'Must not be empty.');
    else if (text.length > max) this.fault(path, `Must have at most ${max} characters; it has ${text.length}.`);
    else if (!isStorable(text)) this.fault(path, 'Must be plain text without control characters.');
  }

  /** A list of distinct lines. */
  lines(path: string, list: readonly string[], { maxItems = 100, maxLength = 100 } = {}): void {
    if (list.length > maxItems) this.fault(path, `Must have at most ${maxItems} entries; it has ${list.length}.`);
    else
      list.forEach((text, at) => {
        this.line(`${path}[${at}]`, text, maxLength);
        if (list.indexOf(text) < at) this.fault(`${path}[${at}]`, `"${text}" stands in the list twice.`);
      });
  }

  /** A decimal text from 0 to 100 with at most 4 places. */
  percent(path: string, text: string): void {
    const value = parseDecimal(text);
    if (value === null || text.length > 12 || value.scale > 4) this.fault(path, 'Must be a decimal number with at most 4 decimal places.');
    else if (compareDecimals(text, '0') < 0 || compareDecimals(text, '100') > 0) this.fault(path, 'Must be from 0 to 100.');
  }

  integer(path: string, value: number, min: number, max: number): void {
    if (!Number.isSafeInteger(value) || value < min || value > max) this.fault(path, `Must be a whole number from ${min} to ${max}.`);
  }

  /** Throws BAD_USER_INPUT with all faults gathered, if there are any. */
  settle(): void {
    const [first, ...others] = this.faults;
    if (first) throw badInput(first, ...others);
  }
}

/** An idempotency key: 1 to 255 characters. */
export function checkIdempotencyKey(key: string, path = 'input.idempotencyKey'): void {
  const checks = new InputChecks();
  checks.line(path, key, 255);
  checks.settle();
}
