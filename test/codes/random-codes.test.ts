import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CheckCharacter } from '../../src/domain/code/check-character.ts';
import { RandomCodes } from '../../src/domain/code/random-codes.ts';
import { DIGITS, maxLength, NO_LOOK_ALIKES, PATTERNS, type RandomPattern } from '../../src/domain/code/random-pattern.ts';

const key = Buffer.alloc(32, 7);
const LETTERS_AND_DIGITS = `${DIGITS}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;
const HUGE: RandomPattern = {
  prefix: '',
  length: 17,
  alphabet: LETTERS_AND_DIGITS,
  checkCharacter: true,
};

const anyPattern: fc.Arbitrary<RandomPattern> = fc
  .record({
    prefix: fc.stringMatching(/^[A-Z0-9]{2,5}$/),
    length: fc.integer({ min: 3, max: 30 }),
    alphabet: fc.shuffledSubarray([...LETTERS_AND_DIGITS], { minLength: 2 }).map((symbols) => symbols.join('')),
    checkCharacter: fc.boolean(),
  })
  .map((pattern) => ({ ...pattern, length: Math.min(pattern.length, maxLength(pattern)) }));

describe('the codes of a pattern', () => {
  test.each<RandomPattern>([
    { prefix: 'T', length: 4, alphabet: DIGITS, checkCharacter: true },
    { prefix: '', length: 5, alphabet: 'ABC', checkCharacter: false },
    { prefix: '', length: 6, alphabet: '01', checkCharacter: true },
    { prefix: '9', length: 4, alphabet: NO_LOOK_ALIKES, checkCharacter: true },
  ])('are all its texts with a right check character, each once: %j', (pattern) => {
    const codes = new RandomCodes(pattern, key);
    const all = codes.encodeRange(0, codes.capacity);
    expect(codes.capacity).toBe(pattern.alphabet.length ** (pattern.length - (pattern.checkCharacter ? 1 : 0)));
    expect(new Set(all).size).toBe(codes.capacity);
    const shape = new RegExp(`^${pattern.prefix}[${pattern.alphabet}]{${pattern.length}}$`);
    expect(all.filter((code) => !shape.test(code))).toEqual([]);
    expect(all.map((code) => codes.match(code))).toEqual(all.map((_, index) => ({ index })));
  });

  test('come back to their index, up to the last one', () => {
    const property = fc.property(anyPattern, fc.double({ min: 0, max: 1, noNaN: true }), (pattern, share) => {
      const codes = new RandomCodes(pattern, key);
      for (const index of [0, Math.floor(share * (codes.capacity - 1)), codes.capacity - 1])
        expect(codes.match(codes.encode(index))).toEqual({ index });
    });
    fc.assert(property, { numRuns: 300 });
  });

  test('are the same one by one, as a range, as lines and as a stream', () => {
    const codes = new RandomCodes(PATTERNS.DV13, key);
    const start = 999_998;
    const range = codes.encodeRange(start, 10_000);
    const lines = range.map((code) => `${code}\n`).join('');
    expect(range.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, i) => codes.encode(start + i)));
    expect(codes.encodeLines(start, 10_000).toString()).toBe(lines);
    expect(Buffer.concat([...codes.streamLines(start, 10_000)]).toString()).toBe(lines);
    expect(codes.encodeRange(5, 0)).toEqual([]);
  });

  test('differ by key and by pattern', () => {
    const length8: RandomPattern = { ...PATTERNS.DV13, prefix: 'AB' };
    const payloads = [
      new RandomCodes(PATTERNS.DV13, key),
      new RandomCodes(PATTERNS.DV13, Buffer.alloc(32, 8)),
      new RandomCodes(length8, key),
    ].map((codes) => codes.encode(1).slice(2));
    expect(new Set(payloads).size).toBe(3);
  });

  test('with one symbol mistyped fail the check, for every place and symbol', () => {
    const codes = new RandomCodes(PATTERNS.DV13, key);
    const property = fc.property(fc.nat(), fc.integer({ min: 2, max: 14 }), fc.constantFrom(...DIGITS), (index, at, symbol) => {
      const code = codes.encode(index);
      const typo = code.slice(0, at) + symbol + code.slice(at + 1);
      expect(codes.match(typo)).toEqual(typo === code ? { index } : 'checkFailed');
    });
    fc.assert(property, { numRuns: 500 });
  });

  test('are told from what is none', () => {
    const codes = new RandomCodes(PATTERNS.DV13, key);
    const code = codes.encode(42);
    for (const text of [
      '',
      'DV',
      code.slice(1),
      `${code}0`,
      code.replace('DV', 'DW'),
      `${code.slice(0, -1)}X`,
      `${code.slice(0, -1)}\u0660`,
      `${code.slice(0, -1)}\u0130`,
    ]) {
      expect(codes.match(text)).toBe('no');
    }
  });

  test('of a pattern beyond 2^53 keep to safe indices; texts beyond are nobody’s', () => {
    const codes = new RandomCodes(HUGE, key);
    const check = new CheckCharacter(36);
    expect(codes.capacity).toBe(Number.MAX_SAFE_INTEGER);
    const property = fc.property(fc.array(fc.nat(35), { minLength: 16, maxLength: 16 }), (payload) => {
      const digits = [...payload, check.of(Uint8Array.from(payload), 16)];
      const match = codes.match(digits.map((digit) => LETTERS_AND_DIGITS[digit]).join(''));
      // 36^16 is 900 million times 2^53.
      expect(match).toBe('no');
    });
    fc.assert(property);
  });

  test.each([
    [-1, 1],
    [0, 10 ** 12 + 1],
    [10 ** 12, 1],
    [0.5, 1],
    [0, Number.NaN],
  ])('do not reach from %d for %d', (start, count) => {
    expect(() => new RandomCodes(PATTERNS.DV13, key).encodeRange(start, count)).toThrow(RangeError);
  });

  test('need a sound pattern and a key of 32 bytes', () => {
    expect(() => new RandomCodes({ ...PATTERNS.DV13, alphabet: '00' }, key)).toThrow('repeats 0');
    expect(() => new RandomCodes(PATTERNS.DV13, Buffer.alloc(16))).toThrow('32 bytes');
  });

  // Printed codes must be understood by every later release: these are pinned for good.
  test('never change', () => {
    expect([PATTERNS.DV13, PATTERNS.READABLE, HUGE].map((pattern) => new RandomCodes(pattern, key).encodeRange(0, 2))).toEqual([
      ['DV2221439244893', 'DV5510196604887'],
      ['QTT4T5FRJ7', 'V9CKG8FGYT'],
      ['35AVJGJG7IZ4NVDS5', 'Z1Q3RJCIVOMR1X6AN'],
    ]);
  });
});
