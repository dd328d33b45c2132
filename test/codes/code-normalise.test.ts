import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MAX_TYPED_LENGTH, normaliseCode, readCode } from '../../src/domain/code/code-normalise.ts';

describe('a typed code', () => {
  test.each([
    ['dv 1234-567', 'DV1234567'],
    [' summer10\r\n', 'SUMMER10'],
    ['DV\u00a012\u20093', 'DV123'],
    ['DV\u20131\u20142\u22123\u00ad4', 'DV1234'],
    ['ＤＶ１２', 'DV12'],
    ['DV\u200b1\ufeff2\u0000\u001d', 'DV12'],
    ['cafe\u0301', 'CAF\u00c9'],
    ['\ud800DV1', 'DV1'],
  ])('%j is %j', (typed, code) => {
    expect(readCode(typed)).toEqual({ code, wellFormed: true });
  });

  test('is normalised once for all', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(anyText, (typed) => normaliseCode(normaliseCode(typed)) === normaliseCode(typed)),
      { numRuns: 2000 },
    );
  });

  test('is the same however it is grouped and cased', () => {
    const code = fc.stringMatching(/^[A-Z0-9]{4,64}$/);
    fc.assert(
      fc.property(
        code,
        fc.constantFrom(' ', '-', '\u2013', '\t'),
        (plain, gap) =>
          normaliseCode(
            plain
              .toLowerCase()
              .match(/.{1,4}/g)
              ?.join(gap) ?? '',
          ) === plain,
      ),
    );
  });

  test('every character of Unicode comes out stable and without control characters', () => {
    const unstable: string[] = [];
    for (let point = 0; point <= 0x2ffff; point++) {
      const code = normaliseCode(`A${String.fromCodePoint(point)}B`);
      if (normaliseCode(code) !== code || /[\p{Cc}\p{Cs}\s]/u.test(code)) unstable.push(point.toString(16));
    }
    expect(unstable).toEqual([]);
  });

  test.each(['', ' - ', 'X'.repeat(65), `AB${' '.repeat(MAX_TYPED_LENGTH)}CD`, '\ufdfa'.repeat(10)])('%j is not well formed', (typed) => {
    expect(readCode(typed).wellFormed).toBe(false);
  });

  test('a megabyte costs no more than its beginning', () => {
    expect(readCode('\ufdfa'.repeat(1_000_000)).code.length).toBeLessThan(20 * MAX_TYPED_LENGTH);
  });
});
