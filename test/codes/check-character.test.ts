import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CheckCharacter } from '../../src/domain/code/check-character.ts';
import { NO_LOOK_ALIKES } from '../../src/domain/code/random-pattern.ts';

/** The digits with their check digit. */
function complete(check: CheckCharacter, digits: readonly number[]): number[] {
  return [...digits, check.of(Uint8Array.from(digits), digits.length)];
}

function isRight(check: CheckCharacter, word: readonly number[]): boolean {
  return check.of(Uint8Array.from(word), word.length - 1) === word.at(-1);
}

const word = fc
  .integer({ min: 2, max: 36 })
  .chain((size) => fc.tuple(fc.constant(size), fc.array(fc.nat(size - 1), { minLength: 1, maxLength: 30 })))
  .map(([size, digits]) => ({ size, digits }));

/** Of all words of two digits and their check digit: how many changes by `change` are not noticed. */
function missedShare(size: number, swapAt: 0 | 1): number {
  const check = new CheckCharacter(size);
  let swaps = 0;
  let missed = 0;
  for (let first = 0; first < size; first++) {
    for (let second = 0; second < size; second++) {
      const right = complete(check, [first, second]);
      const [a = 0, b = 0] = [right[swapAt], right[swapAt + 1]];
      if (a === b) continue;
      swaps++;
      if (isRight(check, right.with(swapAt, b).with(swapAt + 1, a))) missed++;
    }
  }
  return missed / swaps;
}

describe('the check character', () => {
  test('is that of ISO/IEC 7064 MOD 11,10: the standard’s example 0794 has 5', () => {
    expect(complete(new CheckCharacter(10), [0, 7, 9, 4])).toEqual([0, 7, 9, 4, 5]);
  });

  test('agrees with MOD 11,10 written out plainly', () => {
    const plainly = (digits: readonly number[]): number => {
      const product = digits.reduce((state, digit) => (((state + digit) % 10 || 10) * 2) % 11, 10);
      return (11 - product) % 10;
    };
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 40 }), (digits) => complete(new CheckCharacter(10), digits).at(-1) === plainly(digits)),
    );
  });

  test('detects every single wrong symbol, itself included, in every alphabet', () => {
    const property = fc.property(word, ({ size, digits }) => {
      const check = new CheckCharacter(size);
      const right = complete(check, digits);
      expect(isRight(check, right)).toBe(true);
      for (let at = 0; at < right.length; at++) {
        for (let wrong = 0; wrong < size; wrong++) {
          if (wrong !== right[at]) expect(isRight(check, right.with(at, wrong))).toBe(false);
        }
      }
    });
    fc.assert(property, { numRuns: 60 });
  });

  test.each([
    [10, 0.023],
    [NO_LOOK_ALIKES.length, 0.004],
    [36, 0.002],
  ])('with %d symbols misses at most %d of adjacent swaps', (size, most) => {
    expect(missedShare(size, 0)).toBeLessThanOrEqual(most);
    expect(missedShare(size, 1)).toBeLessThanOrEqual(most);
  });

  test('misses at most a sixth of adjacent swaps in any alphabet of three symbols or more', () => {
    for (let size = 3; size <= 36; size++) expect(missedShare(size, 0)).toBeLessThanOrEqual(1 / 6);
  });
});
