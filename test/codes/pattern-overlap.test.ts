import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CodeSource, patternsOverlap } from '../../src/domain/code/pattern-overlap.ts';
import { RandomCodes } from '../../src/domain/code/random-codes.ts';
import { PATTERNS, type RandomPattern } from '../../src/domain/code/random-pattern.ts';
import { encodeSequential } from '../../src/domain/code/sequential-codes.ts';

const random = (change: Partial<RandomPattern> = {}): CodeSource => ({ kind: 'random', pattern: { ...PATTERNS.DV13, ...change } });
const book = (prefix: string, first: number, last: number, width = 9): CodeSource => ({
  kind: 'sequential',
  range: { prefix, width, first, last },
});
const word = (text: string): CodeSource => ({ kind: 'shared', word: text });

describe('overlap', () => {
  test.each<[string, CodeSource, CodeSource, boolean]>([
    ['the same random pattern is one space', random(), random(), false],
    ['prefixes that differ', random(), random({ prefix: 'DW' }), false],
    ['lengths that differ', random(), random({ length: 12 }), false],
    ['a prefix that goes on as digits', random(), random({ prefix: 'DV1', length: 12 }), true],
    ['with and without check character', random(), random({ checkCharacter: false }), true],
    ['another order of the alphabet', random(), random({ alphabet: '9876543210' }), true],
    ['alphabets without a common symbol', random({ prefix: '', length: 9, alphabet: 'ABC' }), book('', 1, 9), false],
    ['digits and a book without prefix', random({ prefix: '', length: 9 }), book('', 1, 9), true],
    ['a book and a pattern with its prefix', random({ prefix: 'SEV', length: 6 }), book('SEV', 1, 9), true],
    ['ranges of one book, apart', book('SEV', 1, 100), book('SEV', 101, 200), false],
    ['ranges of one book, touching', book('SEV', 1, 101), book('SEV', 101, 200), true],
    ['books of two prefixes', book('SEV', 1, 100), book('GRX', 1, 100), false],
    ['a prefix with digits within the other’s range', book('A1', 5, 9), book('A', 10_000_000, 10_000_007), true],
    ['a prefix with digits outside the other’s range', book('A1', 5, 9), book('A', 1, 10_000_004), false],
    ['widths that differ', book('SEV', 1, 100), book('SEV', 1, 100, 10), false],
    ['a word of a pattern’s shape', random({ prefix: '', length: 8, alphabet: 'SUMER10' }), word('SUMMER10'), true],
    ['a word of another shape', random(), word('SUMMER10'), false],
    ['a word inside a range', book('SEV', 1, 100), word('SEV000100'), true],
    ['a word outside a range', book('SEV', 1, 100), word('SEV000101'), false],
    ['the same word', word('SUMMER10'), word('SUMMER10'), true],
    ['two words', word('SUMMER10'), word('SUMMER11'), false],
  ])('%s', (_, a, b, expected) => {
    expect(patternsOverlap(a, b)).toBe(expected);
    expect(patternsOverlap(b, a)).toBe(expected);
  });

  /** Small sources over few symbols, so that they often meet; `texts` are all that a source can hold. */
  const anyRandom = fc
    .record({ prefix: fc.stringMatching(/^[1A]{1,3}$/), alphabet: fc.constantFrom('01', '1A', 'AB', '0B'), checkCharacter: fc.boolean() })
    .map((choice) => {
      const pattern: RandomPattern = { ...choice, length: 6 - choice.prefix.length };
      const codes = new RandomCodes(pattern, Buffer.alloc(32, 1));
      return { source: { kind: 'random', pattern } as CodeSource, texts: codes.encodeRange(0, codes.capacity) };
    });
  const anyBook = fc
    .record({ prefix: fc.stringMatching(/^[1A]{2,4}$/), first: fc.nat(15), more: fc.nat(15) })
    .map(({ prefix, first, more }) => {
      const texts = Array.from({ length: more + 1 }, (_, i) => encodeSequential(prefix, 6, first + i));
      return { source: book(prefix, first, first + more, 6), texts };
    });
  const anyWord = fc.stringMatching(/^[01A]{6}$/).map((text) => ({ source: word(text), texts: [text] }));
  const anySource = fc.oneof(anyRandom, anyBook, anyWord);

  test('is symmetric, never misses a common text, and between books and words never sees one that is not there', () => {
    const property = fc.property(anySource, anySource, (a, b) => {
      const overlap = patternsOverlap(a.source, b.source);
      expect(patternsOverlap(b.source, a.source)).toBe(overlap);
      const sameSpace = JSON.stringify(a.source) === JSON.stringify(b.source) && a.source.kind === 'random';
      const common = a.texts.some((text) => b.texts.includes(text));
      if (common && !sameSpace) expect(overlap).toBe(true);
      if (a.source.kind !== 'random' && b.source.kind !== 'random') expect(overlap).toBe(common);
    });
    fc.assert(property, { numRuns: 1000 });
  });
});
