import { LosslessNumber } from 'lossless-json';
import type { Money } from './hub.ts';
import type { ExactNumber } from './json.ts';

/** Currencies whose smallest unit is not a hundredth (ISO 4217). */
const DIGITS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
};

interface Exact {
  readonly digits: bigint;
  readonly scale: number;
}

function exact(text: string): Exact {
  const match = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (!match) throw new RangeError(`Not a decimal: ${text.slice(0, 40)}.`);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(`${sign}${whole}${fraction}`);
  if (scale < 0) return { digits: digits * 10n ** BigInt(-scale), scale: 0 };
  return { digits, scale };
}

function roundHalfAway(value: bigint, divisor: bigint): bigint {
  const half = divisor / 2n;
  return value >= 0n ? (value + half) / divisor : -((-value + half) / divisor);
}

function safe(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`The amount ${value} is beyond what can be held exactly.`);
  return number;
}

const text = (value: string | number): string => (typeof value === 'number' ? String(value) : value);

/** Exact money: no float takes part. All throw RangeError on what is no decimal or no safe amount. */
export const moneyKit = {
  /** How many digits the smallest unit has: EUR 2, JPY 0, BHD 3. */
  digits: (currency: string): number => DIGITS[currency] ?? 2,

  /** Minor units that the platform gives as an integer, or as its text where a double would lose digits. */
  fromMinor(minor: string | number, currency: string): Money {
    const { digits, scale } = exact(text(minor));
    if (scale > 0 && digits % 10n ** BigInt(scale) !== 0n)
      throw new RangeError(`Minor units have no fraction: ${text(minor).slice(0, 40)}.`);
    return { minor: safe(digits / 10n ** BigInt(scale)), currency };
  },

  /** Major units (`"12.50"`). More digits than the currency has are refused unless they are zeros. */
  fromMajor(major: string | number, currency: string): Money {
    const { digits, scale } = exact(text(major));
    const places = moneyKit.digits(currency);
    if (scale <= places) return { minor: safe(digits * 10n ** BigInt(places - scale)), currency };
    const divisor = 10n ** BigInt(scale - places);
    if (digits % divisor !== 0n) throw new RangeError(`${currency} has ${places} digits: ${text(major).slice(0, 40)}.`);
    return { minor: safe(digits / divisor), currency };
  },

  /** `"12.50"` for 1250 minor units of EUR. */
  toMajor(money: Money): string {
    const places = moneyKit.digits(money.currency);
    const digits = String(Math.abs(money.minor)).padStart(places + 1, '0');
    const sign = money.minor < 0 ? '-' : '';
    return places === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
  },

  /** `12.50` as a JSON number, digit by digit, for `Call.json`: no float takes part. */
  number: (money: Money): ExactNumber => new LosslessNumber(moneyKit.toMajor(money)),

  /** A price times a quantity in decimal text, rounded once, half away from zero. */
  times(price: Money, quantity: string): Money {
    const { digits, scale } = exact(quantity);
    return { minor: safe(roundHalfAway(BigInt(price.minor) * digits, 10n ** BigInt(scale))), currency: price.currency };
  },

  /**
   * What one costs where so many cost `amount`, rounded half away from zero. Only where `times` gives `amount` again did it come out even.
   * Throws RangeError on a quantity of zero.
   */
  per(amount: Money, quantity: string): Money {
    const { digits, scale } = exact(quantity);
    if (digits === 0n) throw new RangeError('Nothing has no price of one.');
    const [value, divisor] = digits < 0n ? [-BigInt(amount.minor), -digits] : [BigInt(amount.minor), digits];
    return { minor: safe(roundHalfAway(value * 10n ** BigInt(scale), divisor)), currency: amount.currency };
  },

  /**
   * A line whose platform tells what all of it costs: as many as it says, where the price of one comes out even, else one unit at the whole
   * amount. So price times quantity is the amount always, as `HubLine` wants it.
   */
  units(amount: Money, quantity: string): { readonly quantity: string; readonly unitPrice: Money } {
    const whole = { quantity: '1', unitPrice: amount };
    if (!/^\d{1,15}(\.\d{1,12})?$/.test(quantity) || exact(quantity).digits === 0n) return whole;
    const unitPrice = moneyKit.per(amount, quantity);
    return moneyKit.times(unitPrice, quantity).minor === amount.minor ? { quantity, unitPrice } : whole;
  },

  /** Major units with more digits than the currency has, as platforms reckon them; rounded half away from zero. */
  rounded(major: string | number, currency: string): Money {
    const { digits, scale } = exact(text(major));
    const places = moneyKit.digits(currency);
    if (scale <= places) return moneyKit.fromMajor(major, currency);
    return { minor: safe(roundHalfAway(digits, 10n ** BigInt(scale - places))), currency };
  },

  /**
   * Spreads an amount in the measure of the weights, whole minor units that are not negative: by largest remainder, ties in order, so that
   * the shares come to the amount. All zero where there is no weight.
   */
  spread(amount: Money, weights: readonly number[]): Money[] {
    const all = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
    if (all === 0n) return weights.map(() => ({ minor: 0, currency: amount.currency }));
    const sign = amount.minor < 0 ? -1n : 1n;
    const products = weights.map((weight) => BigInt(Math.abs(amount.minor)) * BigInt(weight));
    const left = BigInt(Math.abs(amount.minor)) - products.reduce((sum, product) => sum + product / all, 0n);
    const byRest = products
      .map((product, index) => ({ rest: product % all, index }))
      .sort((a, b) => (a.rest === b.rest ? 0 : a.rest > b.rest ? -1 : 1));
    const more = new Set(byRest.slice(0, Number(left)).map(({ index }) => index));
    return products.map((product, index) => ({
      minor: safe(sign * (product / all + (more.has(index) ? 1n : 0n))),
      currency: amount.currency,
    }));
  },

  /** Zero for none; throws RangeError where currencies differ. */
  sum(amounts: readonly Money[], currency: string): Money {
    let total = 0n;
    for (const amount of amounts) {
      if (amount.currency !== currency) throw new RangeError(`${amount.currency} among amounts in ${currency}.`);
      total += BigInt(amount.minor);
    }
    return { minor: safe(total), currency };
  },

  /** The sum of decimals as decimal text without needless zeros: tax rates of a line. */
  addDecimals(decimals: readonly string[]): string {
    const parts = decimals.map(exact);
    const scale = Math.max(0, ...parts.map((part) => part.scale));
    const total = parts.reduce((sum, part) => sum + part.digits * 10n ** BigInt(scale - part.scale), 0n);
    const digits = (total < 0n ? -total : total).toString().padStart(scale + 1, '0');
    const fraction = scale === 0 ? '' : digits.slice(-scale).replace(/0+$/, '');
    const whole = scale === 0 ? digits : digits.slice(0, -scale);
    return `${total < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
  },
} as const;

export type MoneyKit = typeof moneyKit;
