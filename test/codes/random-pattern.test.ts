import { describe, expect, test } from '@jest/globals';
import { normaliseCode } from '../../src/domain/code/code-normalise.ts';
import {
  capacity,
  checkPattern,
  DIGITS,
  domainSize,
  maxLength,
  NO_LOOK_ALIKES,
  PATTERNS,
  patternKey,
  type RandomPattern,
} from '../../src/domain/code/random-pattern.ts';
import { groupForReading } from '../../src/domain/code/reading-aloud.ts';
import { checkSharedWord } from '../../src/domain/code/shared-word.ts';

const good: RandomPattern = PATTERNS.DV13;

describe('a pattern', () => {
  test.each(Object.entries(PATTERNS))('ready-made %s has no faults', (_, pattern) => {
    expect(checkPattern(pattern)).toEqual([]);
  });

  test.each<[string, Partial<RandomPattern>, string[]]>([
    ['small letters', { prefix: 'dv' }, ['prefix']],
    ['a dash', { prefix: 'DV-' }, ['prefix']],
    ['small letters in the alphabet', { alphabet: 'abcdef' }, ['alphabet']],
    ['a repeated symbol', { alphabet: '0012' }, ['alphabet']],
    ['one symbol', { alphabet: 'A' }, ['alphabet']],
    ['no symbol', { alphabet: '' }, ['alphabet']],
    ['beyond ASCII', { alphabet: '01Ñ' }, ['alphabet']],
    ['several at once', { prefix: 'a', alphabet: '00' }, ['prefix', 'alphabet']],
    ['one payload character', { length: 2 }, ['length']],
    ['no length', { length: 0 }, ['length']],
    ['a fraction', { length: 7.5 }, ['length']],
    ['not a number', { length: Number.NaN }, ['length']],
    ['too short', { prefix: '', length: 3 }, ['length']],
    ['too long', { prefix: 'A'.repeat(60) }, ['length']],
    ['more digits than halves hold', { length: 28 }, ['length']],
    ['more letters than halves hold', { length: 19, alphabet: `${NO_LOOK_ALIKES}ABSEIOLUWZ01` }, ['length']],
  ])('with %s is refused', (_, change, paths) => {
    expect(checkPattern({ ...good, ...change }).map((fault) => fault.path)).toEqual(paths);
  });

  test('names the foreign characters and the longest length', () => {
    expect(checkPattern({ ...good, prefix: 'dv-' })[0]?.message).toContain('"dv-"');
    expect(checkPattern({ ...good, length: 40 })[0]?.message).toContain('at most 27 characters');
  });

  test('may be as long as it says', () => {
    for (const alphabet of ['01', DIGITS, NO_LOOK_ALIKES]) {
      const longest = { ...good, alphabet, length: maxLength({ ...good, alphabet }) };
      expect(checkPattern(longest)).toEqual([]);
      expect(checkPattern({ ...longest, length: longest.length + 1 })).not.toEqual([]);
    }
  });

  test('counts its codes', () => {
    expect(domainSize(good)).toBe(10 ** 12);
    expect(domainSize({ ...good, checkCharacter: false })).toBe(10 ** 13);
    expect(capacity({ ...good, length: 20 })).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('is known by all that shapes its texts', () => {
    const changes: Partial<RandomPattern>[] = [{}, { prefix: 'D' }, { length: 12 }, { alphabet: '1234567890' }, { checkCharacter: false }];
    expect(new Set(changes.map((change) => patternKey({ ...good, ...change }))).size).toBe(changes.length);
  });
});

describe('reading aloud', () => {
  test.each([
    ['DV1234567890123', 2, 'DV-1234-567-890-123'],
    ['1234567890123', 0, '1234-567-890-123'],
    ['ABCDEFGH', 0, 'ABCD-EFGH'],
    ['ABC', 0, 'ABC'],
    ['DV', 2, 'DV'],
  ])('%s with a prefix of %d is %s', (code, prefixLength, grouped) => {
    expect(groupForReading(code, prefixLength)).toBe(grouped);
    expect(normaliseCode(grouped)).toBe(code);
  });
});

describe('a shared word', () => {
  test.each(['summer10', 'Noche de Jazz', 'CAFÉ-10', '2x1', '50%OFF'])('may be %s', (word) => {
    expect(checkSharedWord(word)).toEqual([]);
  });

  test.each(['', 'A1', '- -', '=SUM(A1)', 'A,B,C', 'AB"C', 'X'.repeat(65)])('may not be %j', (word) => {
    expect(checkSharedWord(word).map((fault) => fault.path)).toEqual(['shared']);
  });
});
