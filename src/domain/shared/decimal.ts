/** An exact decimal: `digits` / 10^`scale`. */
export interface ExactDecimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** The same where `digits` is a safe integer: what almost every quantity, percent and rate is. */
interface SmallDecimal {
  readonly digits: number;
  readonly scale: number;
}

const DECIMAL = /^-?\d+(?:\.\d+)?$/;
const PLAIN_WHOLE = /^(?:0|[1-9]\d{0,14})$/;
const SMALL_LENGTH = 15;

/** null where the text is no plain decimal ("1", "-0.50"; no exponent, no spaces). */
export function parseDecimal(text: string): ExactDecimal | null {
  if (!DECIMAL.test(text)) return null;
  const point = text.indexOf('.');
  if (point < 0) return { digits: BigInt(text), scale: 0 };
  return { digits: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 };
}

/** null where the text is no plain decimal or longer than a safe integer surely holds. */
export function parseSmallDecimal(text: string): SmallDecimal | null {
  if (text.length > SMALL_LENGTH || !DECIMAL.test(text)) return null;
  const point = text.indexOf('.');
  if (point < 0) return { digits: Number(text), scale: 0 };
  return { digits: Number(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 };
}

/** For texts that were checked before; a fault in the program, not in the input, where they are not. */
export function exactDecimal(text: string): ExactDecimal {
  const value = parseDecimal(text);
  if (value === null) throw new RangeError(`"${text}" is no decimal.`);
  return value;
}

/** The one text of a value: "10.0" -> "10", "-0" -> "0". Throws RangeError on what is no decimal. */
export function normaliseDecimal(text: string): string {
  if (PLAIN_WHOLE.test(text)) return text;
  const { digits, scale } = exactDecimal(text);
  return decimalText(digits, scale);
}

/** digits / 10^scale without trailing zeros. */
export function decimalText(digits: bigint, scale: number): string {
  const sign = digits < 0n ? '-' : '';
  const all = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
  const whole = all.slice(0, all.length - scale);
  const fraction = all.slice(all.length - scale).replace(/0+$/, '');
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`;
}

/** digits of the value at a scale at least its own. */
export const atScale = (value: ExactDecimal, scale: number): bigint => value.digits * 10n ** BigInt(scale - value.scale);

/** By value: negative, 0 or positive. */
export function compareDecimals(left: string, right: string): number {
  if (left === right) return 0;
  const a = exactDecimal(left);
  const b = exactDecimal(right);
  const scale = Math.max(a.scale, b.scale);
  const difference = atScale(a, scale) - atScale(b, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function isWholeDecimal(text: string): boolean {
  if (PLAIN_WHOLE.test(text)) return true;
  const value = parseDecimal(text);
  return value !== null && value.digits % 10n ** BigInt(value.scale) === 0n;
}

export const addDecimals = (left: string, right: string): string => sum(left, right, 1n);
export const subtractDecimals = (left: string, right: string): string => sum(left, right, -1n);

function sum(left: string, right: string, sign: bigint): string {
  const [one, other] = [exactDecimal(left), exactDecimal(right)];
  const scale = Math.max(one.scale, other.scale);
  return decimalText(atScale(one, scale) + sign * atScale(other, scale), scale);
}

/** `minor` x part / whole, rounded half away from zero. `minor`, part and whole are not negative, whole is above zero. */
export function portionOf(minor: number, part: string, whole: string): number {
  const [one, other] = [exactDecimal(part), exactDecimal(whole)];
  const scale = Math.max(one.scale, other.scale);
  const [numerator, denominator] = [atScale(one, scale), atScale(other, scale)];
  return Number((BigInt(minor) * numerator * 2n + denominator) / (denominator * 2n));
}
