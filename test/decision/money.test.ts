import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareDecimals, isWholeDecimal, normaliseDecimal, parseDecimal } from '../../src/domain/shared/decimal.ts';
import { largestRemainder, mulRound, percentOf, ratioRound, taxExcluded, taxIncluded } from '../../src/domain/shared/money.ts';

describe('rounding', () => {
  test.each([
    [1990, '0.75', 1493], // 1492.5 goes up
    [-1990, '0.75', -1493], // and away from zero below it
    [333, '1.5', 500], // 499.5
    [1, '0.5', 1],
    [1, '0.4999999999999999999999', 0],
    [9_007_199_254_740_991, '0.5', 4_503_599_627_370_496],
  ])('%d x %s = %d', (minor, factor, product) => {
    expect(mulRound(minor, factor)).toBe(product);
  });

  test('a product beyond safe integers is refused, not bent', () => {
    expect(() => mulRound(9_007_199_254_740_991, '2')).toThrow(RangeError);
  });

  test.each([
    [2722, '10', 247], // 247.4545...
    [351, '21', 61], // 60.917...
    [105, '5', 5],
    [1000, '0', 0],
    [90_071_992_547_409, '21.75', 16_090_889_839_065], // beyond 2^53 on the way
  ])('tax included in %d at %s %% = %d', (gross, rate, tax) => {
    expect(taxIncluded(gross, rate)).toBe(tax);
    const [digits, scale] = [BigInt(rate.replace('.', '')), BigInt(rate.split('.')[1]?.length ?? 0)];
    const denominator = 100n * 10n ** scale + digits;
    expect(BigInt(tax)).toBe((BigInt(gross) * digits * 2n + denominator) / (denominator * 2n));
  });

  test('tax added and percentages', () => {
    expect(taxExcluded(1005, '10')).toBe(101); // 100.5
    expect(percentOf(2995, '12.5')).toBe(374); // 374.375
    expect(percentOf(10, '5')).toBe(1); // 0.5
  });

  test('the fast path and the exact one agree', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(100_000), fc.integer({ min: 1, max: 100_000 }), (a, b, c) => {
        const exact = (BigInt(a) * BigInt(b) * 2n + BigInt(c)) / (BigInt(c) * 2n);
        fc.pre(exact <= BigInt(Number.MAX_SAFE_INTEGER));
        expect(BigInt(ratioRound(a, b, c))).toBe(exact);
      }),
    );
  });
});

describe('largest remainder', () => {
  test.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [200, [1, 1, 1], [67, 67, 66]],
    [10, [0, 5, 5], [0, 5, 5]],
    [1, [1, 3], [0, 1]],
    [0, [4, 4], [0, 0]],
    [7, [7, 0], [7, 0]],
  ])('%d over %j = %j', (total, weights, shares) => {
    expect(largestRemainder(total, weights)).toEqual(shares);
  });

  test('nothing to spread over is a fault', () => {
    expect(() => largestRemainder(5, [0, 0])).toThrow(RangeError);
  });

  test('sums exactly, stays within one of the fair share and never exceeds a weight', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.nat(5_000), fc.nat(9_000_000_000_000)), { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (weights, part) => {
          const sum = weights.reduce((all, weight) => all + weight, 0);
          const total = Math.floor(sum * part);
          fc.pre(sum > 0 && total <= sum);
          const shares = largestRemainder(total, weights);
          expect(shares.reduce((all, share) => all + share, 0)).toBe(total);
          for (const [index, share] of shares.entries()) {
            const weight = BigInt(weights[index] ?? 0);
            const floor = Number((BigInt(total) * weight) / BigInt(sum));
            expect(share === floor || share === floor + 1).toBe(true);
            expect(share).toBeLessThanOrEqual(weights[index] ?? 0);
          }
        },
      ),
    );
  });
});

describe('decimals', () => {
  test.each([
    ['10.0', '10'],
    ['010', '10'],
    ['0.50', '0.5'],
    ['-0', '0'],
    ['-1.250', '-1.25'],
    ['123456789012345678901234567890.10', '123456789012345678901234567890.1'],
  ])('%s is written %s', (text, normal) => {
    expect(normaliseDecimal(text)).toBe(normal);
  });

  test.each(['', ' 1', '1.', '.5', '1e3', '+1', 'NaN', '1,5', '٣'])('%j is no decimal', (text) => {
    expect(parseDecimal(text)).toBeNull();
    expect(isWholeDecimal(text)).toBe(false);
  });

  test('compares by value', () => {
    expect(compareDecimals('10', '10.00')).toBe(0);
    expect(compareDecimals('9.99', '10')).toBeLessThan(0);
    expect(compareDecimals('-1', '-2')).toBeGreaterThan(0);
    expect(isWholeDecimal('2.00')).toBe(true);
    expect(isWholeDecimal('2.01')).toBe(false);
  });
});
