import { LosslessNumber, parse, stringify } from 'lossless-json';
import { z } from 'zod';
import { moneyKit } from './money.ts';
import type { Plain } from './plain.ts';
import { timeKit } from './time.ts';

/** Why a text is not taken as JSON. The message names a place, never the text. */
export class JsonError extends Error {
  readonly fault: 'MALFORMED' | 'DOUBLED_MEMBER' | 'TOO_DEEP';

  constructor(fault: JsonError['fault'], message: string) {
    super(message);
    this.name = 'JsonError';
    this.fault = fault;
  }
}

const MAX_DEPTH = 64;

/** The end of the string that begins at `start`, or the end of the text. */
function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i;
}

type Open = Set<string> | null;

function enter(open: Open[], keys: Open, position: number): void {
  if (open.length === MAX_DEPTH) throw new JsonError('TOO_DEEP', `Nested deeper than ${MAX_DEPTH} levels, at position ${position}.`);
  open.push(keys);
}

function note(keys: Set<string>, raw: string, position: number): void {
  const key = raw.includes('\\') ? unescaped(raw, position) : raw;
  if (keys.has(key)) throw new JsonError('DOUBLED_MEMBER', `A member stands twice in one object, at position ${position}.`);
  keys.add(key);
}

/** A doubled member is read differently by different readers, so a signed body could say two things: none is taken, even with equal values. */
function refuseDoubledAndDeep(text: string): void {
  const open: Open[] = [];
  let keys: Open | undefined;
  let expectsKey = false;
  for (let i = 0; i < text.length; i += 1) {
    switch (text[i]) {
      case '"': {
        const end = endOfString(text, i);
        if (expectsKey && keys) note(keys, text.slice(i + 1, end), i);
        expectsKey = false;
        i = end;
        break;
      }
      case '{':
      case '[':
        enter(open, text[i] === '{' ? new Set() : null, i);
        keys = open.at(-1);
        expectsKey = true;
        break;
      case '}':
      case ']':
        open.pop();
        keys = open.at(-1);
        expectsKey = false;
        break;
      case ',':
        expectsKey = true;
        break;
      default:
    }
  }
}

function unescaped(raw: string, position: number): string {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new JsonError('MALFORMED', `A name that is no JSON string, at position ${position}.`);
  }
}

/** Two texts of one decimal give the same: `1.50`, `15e-1` and `1.5`. */
const canonical = (text: string): string => {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const trimmed = digits.replace(/0+$/, '');
  if (trimmed === '') return '0';
  return `${sign}${trimmed}e${Number(exponent) - fraction.length + digits.length - trimmed.length}`;
};

/**
 * Reads JSON without losing a digit: a number that a double carries to its last digit stays a number, any other arrives as the text
 * it was written in. Refuses doubled members and more than 64 levels. Throws `JsonError`.
 */
export function parseExactJson(text: string): Plain {
  refuseDoubledAndDeep(text);
  try {
    return parse(text, null, (digits) => {
      const number = Number(digits);
      return Number.isFinite(number) && canonical(String(number)) === canonical(digits) ? number : digits;
    }) as Plain;
  } catch (cause) {
    const at = /position (\d+)/.exec(cause instanceof Error ? cause.message : '')?.[1];
    throw new JsonError('MALFORMED', at === undefined ? 'Not JSON.' : `Not JSON, at position ${at}.`);
  }
}

/** An id that the platform writes as a number of up to 64 bits or as text. Gives text. */
export const exactId = () => z.union([z.string().min(1).max(255), z.int()]).transform(String);

/** A decimal that the platform writes as a number or as text. Gives decimal text. */
export const exactDecimal = () =>
  z.union([z.string(), z.number()]).transform((value, issue) => attempt(() => moneyKit.addDecimals([String(value)]), issue));

/** A time with an offset, as UTC. */
export const instantText = () => z.string().transform((value, issue) => attempt(() => timeKit.offset(value), issue));

function attempt<T>(make: () => T, issue: z.core.$RefinementCtx): T {
  try {
    return make();
  } catch (fault) {
    issue.addIssue({ code: 'custom', message: fault instanceof Error ? fault.message : String(fault) });
    return z.NEVER;
  }
}

/** Amounts written as `{ amount: <integer minor units>, currency }`. Null or a missing amount is refused; say `.optional()` where it may be. */
export const minorMoney = () =>
  z
    .object({ amount: z.union([z.int(), z.string()]), currency: z.string().regex(/^[A-Z]{3}$/) })
    .transform(({ amount, currency }, issue) => attempt(() => moneyKit.fromMinor(amount, currency), issue));

/** A number of a JSON body, held as its digits. Made by `exactNumber` and `ctx.money.number`. */
export type ExactNumber = LosslessNumber;

/** JSON to be sent: plain data, in which numbers may be exact. A member that is undefined is left out. */
export type JsonBody =
  | null
  | boolean
  | number
  | string
  | ExactNumber
  | readonly JsonBody[]
  | { readonly [name: string]: JsonBody | undefined };

/** Decimal text as a JSON number of the same digits. */
export const exactNumber = (decimal: string): ExactNumber => new LosslessNumber(decimal);

/** The text of a JSON body. */
export const jsonText = (body: JsonBody): string => stringify(body) ?? 'null';
