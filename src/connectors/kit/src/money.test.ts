import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { moneyKit } from './money.ts';

const eur = (minor: number) => ({ minor, currency: 'EUR' });

describe('money', () => {
  test('major units and back, for any amount and number of digits', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom('EUR', 'JPY', 'BHD', 'CLF'), (minor, currency) => {
        expect(moneyKit.fromMajor(moneyKit.toMajor({ minor, currency }), currency)).toEqual({ minor: minor === 0 ? 0 : minor, currency });
      }),
    );
  });

  test.each([
    ['12.5', 'EUR', 1250],
    ['12.500', 'EUR', 1250],
    ['1000', 'JPY', 1000],
    ['-0.05', 'EUR', -5],
    ['1.25e1', 'EUR', 1250],
  ])('%s %s is %i', (text, currency, minor) => {
    expect(moneyKit.fromMajor(text, currency)).toEqual({ minor, currency });
  });

  test.each(['12.505', 'ten', '', '1,5', '90071992547409.93', 'Infinity', '0x10'])('%s euro are refused', (text) => {
    expect(() => moneyKit.fromMajor(text, 'EUR')).toThrow(RangeError);
  });

  test('a price times a quantity is rounded once, half away from zero', () => {
    expect(moneyKit.times(eur(999), '0.5')).toEqual(eur(500));
    expect(moneyKit.times(eur(-999), '0.5')).toEqual(eur(-500));
    expect(moneyKit.times(eur(12000), '0.125')).toEqual(eur(1500));
    expect(moneyKit.times(eur(333), '3')).toEqual(eur(999));
  });

  test('the price of one is what makes the amount again, where it comes out even', () => {
    expect(moneyKit.per(eur(4000), '2')).toEqual(eur(2000));
    expect(moneyKit.per(eur(1500), '0.125')).toEqual(eur(12000));
    expect(moneyKit.per(eur(1000), '3')).toEqual(eur(333));
    expect(moneyKit.per(eur(-1001), '2')).toEqual(eur(-501));
    expect(moneyKit.per(eur(1001), '-2')).toEqual(eur(-501));
    expect(() => moneyKit.per(eur(1), '0.00')).toThrow(RangeError);
  });

  test.each([
    [1000, '2', '2', 500],
    [333, '0.333', '0.333', 1000],
    [100, '3', '1', 100],
    [1, '0.3333333333333333', '1', 1],
    [500, '0', '1', 500],
    [500, '0.00', '1', 500],
    [500, '-2', '1', 500],
    [0, '4', '4', 0],
  ])('a line of %i cents for %s is %s at %i', (minor, told, quantity, price) => {
    expect(moneyKit.units(eur(minor), told)).toEqual({ quantity, unitPrice: eur(price) });
  });

  test.each([
    ['5.49612811', 550],
    ['0.005', 1],
    ['-0.005', -1],
    ['0.0049', 0],
    ['30.000000000000004', 3000],
    ['12.5', 1250],
    ['1e-7', 0],
  ])('%s euro are rounded to %i', (major, minor) => {
    expect(moneyKit.rounded(major, 'EUR')).toEqual(eur(minor));
  });

  test('what is spread comes to the amount, and nobody gets a whole unit more or less than their part', () => {
    expect(moneyKit.spread(eur(100), [1, 1, 1])).toEqual([eur(34), eur(33), eur(33)]);
    expect(moneyKit.spread(eur(-100), [1, 1, 1])).toEqual([eur(-34), eur(-33), eur(-33)]);
    expect(moneyKit.spread(eur(5), [0, 0])).toEqual([eur(0), eur(0)]);
    expect(moneyKit.spread(eur(5), [])).toEqual([]);
    const amount = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
    const weights = fc.array(fc.integer({ min: 0, max: 1_000_000_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(amount, weights, (minor, parts) => {
        const all = parts.reduce((sum, part) => sum + part, 0);
        fc.pre(all > 0);
        const shares = moneyKit.spread(eur(minor), parts);
        expect(shares.reduce((sum, share) => sum + share.minor, 0)).toBe(minor);
        for (const [index, share] of shares.entries()) {
          const away = BigInt(share.minor) * BigInt(all) - BigInt(minor) * BigInt(parts[index] ?? 0);
          expect(away < 0n ? -away < BigInt(all) : away < BigInt(all)).toBe(true);
        }
      }),
    );
  });

  test('sums keep to one currency and to what can be held', () => {
    expect(moneyKit.sum([eur(1), eur(2)], 'EUR')).toEqual(eur(3));
    expect(moneyKit.sum([], 'EUR')).toEqual(eur(0));
    expect(() => moneyKit.sum([eur(1), { minor: 1, currency: 'USD' }], 'EUR')).toThrow(RangeError);
    expect(() => moneyKit.sum([eur(Number.MAX_SAFE_INTEGER), eur(1)], 'EUR')).toThrow(RangeError);
  });

  test('decimals add up without needless zeros', () => {
    expect(moneyKit.addDecimals(['10.0'])).toBe('10');
    expect(moneyKit.addDecimals(['7.25', '0.75', '2'])).toBe('10');
    expect(moneyKit.addDecimals(['0.1', '0.2'])).toBe('0.3');
    expect(moneyKit.addDecimals([])).toBe('0');
    expect(moneyKit.addDecimals(['-0.5', '0.25'])).toBe('-0.25');
  });
});
