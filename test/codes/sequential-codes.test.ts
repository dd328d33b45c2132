import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BOOK_WIDTH, checkSequential, encodeSequential, matchSequential } from '../../src/domain/code/sequential-codes.ts';

describe('sequential codes', () => {
  test('of a book have nine characters with the prefix', () => {
    expect(encodeSequential('SEV', BOOK_WIDTH, 1)).toBe('SEV000001');
    expect(encodeSequential('', BOOK_WIDTH, 123_456_789)).toBe('123456789');
  });

  test('come back to their number', () => {
    const property = fc.property(
      fc.stringMatching(/^[A-Z0-9]{0,5}$/),
      fc.integer({ min: 6, max: 20 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (prefix, width, share) => {
        const number = Math.floor(share * (10 ** Math.min(width - prefix.length, 15) - 1));
        fc.pre(checkSequential({ prefix, width }, number, 1).length === 0);
        const code = encodeSequential(prefix, width, number);
        expect(code).toHaveLength(width);
        expect(matchSequential(prefix, width, code)).toBe(number);
      },
    );
    fc.assert(property);
  });

  test.each(['SEV00001', 'SEV0000001', 'SEX000001', 'SEV00000A', 'SEV0000.1', 'SEV+00001', 'SEV00000\u0661'])(
    '%s is none of them',
    (code) => {
      expect(matchSequential('SEV', 9, code)).toBeUndefined();
    },
  );

  test.each<[string, { prefix: string; width: number }, number, number, string[]]>([
    ['a book', { prefix: 'SEV', width: 9 }, 1, 999_999, []],
    ['number 0', { prefix: 'SEV', width: 9 }, 0, 1, []],
    ['one too many', { prefix: 'SEV', width: 9 }, 1, 1_000_000, ['count']],
    ['no room for a digit', { prefix: 'SEVILLA12', width: 9 }, 1, 1, ['width']],
    ['more digits than are exact', { prefix: '', width: 16 }, 1, 1, ['width']],
    ['a width that is no number', { prefix: '', width: Number.NaN }, 1, 1, ['width']],
    ['everything wrong', { prefix: 'sev', width: 3 }, -1, 0, ['prefix', 'width', 'start', 'count']],
  ])('checked: %s', (_, pattern, start, count, paths) => {
    expect(checkSequential(pattern, start, count).map((fault) => fault.path)).toEqual(paths);
  });

  test('a number without room is not written shorter or longer', () => {
    expect(() => encodeSequential('SEV', 9, 1_000_000)).toThrow(RangeError);
    expect(() => encodeSequential('SEV', 9, -1)).toThrow(RangeError);
  });
});
