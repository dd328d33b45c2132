import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CodePermutation, MAX_HALF } from '../../src/domain/code/code-permutation.ts';

const key = Buffer.alloc(32, 7);
const otherKey = Buffer.alloc(32, 8);

type Halves = readonly [left: number, right: number];

function encipherAll(permutation: CodePermutation, numbers: readonly Halves[]): Halves[] {
  const left = Float64Array.from(numbers, (halves) => halves[0]);
  const right = Float64Array.from(numbers, (halves) => halves[1]);
  permutation.encipher(left, right);
  return numbers.map((_, i) => [left[i] ?? Number.NaN, right[i] ?? Number.NaN]);
}

function decipherOne(permutation: CodePermutation, halves: Halves): Halves {
  const left = Float64Array.of(halves[0]);
  const right = Float64Array.of(halves[1]);
  permutation.decipher(left, right);
  return [left[0] ?? Number.NaN, right[0] ?? Number.NaN];
}

const allOf = (leftSize: number, rightSize: number): Halves[] =>
  Array.from({ length: leftSize * rightSize }, (_, i): Halves => [Math.floor(i / rightSize), i % rightSize]);

describe('the permutation', () => {
  test.each([
    [1, 1],
    [1, 10],
    [2, 2],
    [2, 4],
    [3, 9],
    [5, 7],
    [31, 37],
    [100, 1000],
  ])('maps %d x %d numbers one-to-one onto themselves', (leftSize, rightSize) => {
    const permutation = new CodePermutation(key, leftSize, rightSize);
    const numbers = allOf(leftSize, rightSize);
    const sealed = encipherAll(permutation, numbers);
    expect(new Set(sealed.map(([l, r]) => l * rightSize + r)).size).toBe(numbers.length);
    expect(sealed.every(([l, r]) => Number.isInteger(l) && Number.isInteger(r) && l >= 0 && r >= 0 && l < leftSize && r < rightSize)).toBe(
      true,
    );
  });

  const size = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: MAX_HALF }), fc.constant(MAX_HALF));
  const space = fc.record({
    key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    leftSize: size,
    rightSize: size,
  });
  const inside = (limit: number) => fc.oneof(fc.integer({ min: 0, max: limit - 1 }), fc.constant(limit - 1), fc.constant(0));

  test('is undone by its inverse, in every size, and stays inside', () => {
    const property = fc.property(
      space.chain(({ key: anyKey, leftSize, rightSize }) =>
        fc.tuple(fc.constant(new CodePermutation(anyKey, leftSize, rightSize)), inside(leftSize), inside(rightSize)),
      ),
      ([permutation, left, right]) => {
        const [sealed = [-1, -1]] = encipherAll(permutation, [[left, right]]);
        expect(sealed[0]).toBeLessThan(permutation.leftSize);
        expect(sealed[1]).toBeLessThan(permutation.rightSize);
        expect(decipherOne(permutation, sealed)).toEqual([left, right]);
      },
    );
    fc.assert(property, { numRuns: 500 });
  });

  test('gives a number the same place alone and in a batch, whatever ran before', () => {
    const permutation = new CodePermutation(key, 1000, 1000);
    const numbers = allOf(1000, 1000).slice(123_000, 128_000);
    const batch = encipherAll(permutation, numbers);
    for (const at of [0, 1, 2500, 4999]) expect(encipherAll(permutation, numbers.slice(at, at + 1))).toEqual([batch[at]]);
    expect(encipherAll(permutation, numbers)).toEqual(batch);
  });

  test('depends on the key and scatters neighbours', () => {
    const numbers = allOf(1000, 1000).slice(0, 1000);
    const sealed = encipherAll(new CodePermutation(key, 1000, 1000), numbers).map(([l, r]) => l * 1000 + r);
    const other = encipherAll(new CodePermutation(otherKey, 1000, 1000), numbers).map(([l, r]) => l * 1000 + r);
    expect(sealed.filter((number, i) => number === other[i]).length).toBeLessThan(5);
    expect(sealed.filter((number, i) => i > 0 && Math.abs(number - (sealed[i - 1] ?? 0)) === 1).length).toBeLessThan(5);
    const mean = sealed.reduce((sum, number) => sum + number, 0) / sealed.length;
    expect(Math.abs(mean - 500_000)).toBeLessThan(50_000);
  });

  // A code that was printed must be understood by every later release: these are pinned for good.
  test('never changes', () => {
    expect(
      encipherAll(new CodePermutation(key, 1_000_000, 1_000_000), [
        [0, 0],
        [0, 1],
        [999_999, 999_999],
      ]),
    ).toEqual([
      [562052, 398035],
      [435086, 660263],
      [629827, 303945],
    ]);
  });

  test.each([
    [0, 1],
    [1, MAX_HALF + 1],
    [1.5, 2],
    [Number.NaN, 2],
  ])('refuses halves of %d and %d', (leftSize, rightSize) => {
    expect(() => new CodePermutation(key, leftSize, rightSize)).toThrow(RangeError);
  });
});
