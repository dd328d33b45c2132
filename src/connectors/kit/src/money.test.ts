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
