import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { guessOdds, guessRisk, safeLength } from '../../src/domain/code/guess-risk.ts';
import { checkPattern, DIGITS, PATTERNS, type RandomPattern } from '../../src/domain/code/random-pattern.ts';

const short: RandomPattern = { prefix: 'T', length: 5, alphabet: DIGITS, checkCharacter: true };

describe('the risk of guessing', () => {
  test('is told with its arithmetic and its remedy', () => {
    expect(guessRisk({ pattern: short, usable: 1000, attemptsPerMinute: 20 })).toEqual({
      odds: 0.1,
      refusal:
        '1,000 codes among 10,000 texts: one try in 10 hits; at 20 tries a minute from one address that is a hit every 30 seconds; ' +
        'lengthen the code to at least 8 characters after "T".',
    });
  });

  test('begins at one hit an hour', () => {
    const pattern = { ...short, alphabet: DIGITS.slice(0, 8) };
    // 8^4 = 4,096 texts; 64 tries a minute are 3,840 an hour, i.e. 0.9375 of them.
    expect(guessRisk({ pattern, usable: 1, attemptsPerMinute: 64 }).refusal).toBeUndefined();
    expect(guessRisk({ pattern, usable: 2, attemptsPerMinute: 64 }).refusal).toContain('every 32 minutes');
    // All 4,096 texts usable: each try hits.
    expect(guessRisk({ pattern, usable: 4096, attemptsPerMinute: 1 }).refusal).toContain('a hit every minute;');
    // 30^2 = 900 texts, 900 tries an hour: exactly one hit, and that is too many.
    const pairs: RandomPattern = { prefix: 'TT', length: 3, alphabet: 'ABCDEFGHIJKLMNOPQRST0123456789', checkCharacter: true };
    expect(guessRisk({ pattern: pairs, usable: 1, attemptsPerMinute: 15 }).refusal).toContain('a hit every 60 minutes');
    expect(guessRisk({ pattern: pairs, usable: 1, attemptsPerMinute: 14 }).refusal).toBeUndefined();
  });

  test('of 100 million codes DV + 13 is as large as the arithmetic says', () => {
    expect(guessOdds(100_000_000, 10 ** 12)).toBe(0.0001);
    expect(guessRisk({ pattern: PATTERNS.DV13, usable: 100_000_000, attemptsPerMinute: 20 }).refusal).toBeUndefined();
    expect(guessRisk({ pattern: PATTERNS.DV13, usable: 900_000_000, attemptsPerMinute: 20 }).refusal).toContain('at least 14 characters');
  });

  test('names no length where none would do', () => {
    expect(guessRisk({ pattern: { ...short, prefix: 'A'.repeat(59) }, usable: 1000, attemptsPerMinute: 20 }).refusal).toContain(
      'larger alphabet or a shorter prefix',
    );
  });

  test('is gone at the length that it names, and not before', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 10 ** 9 }),
      fc.integer({ min: 1, max: 1000 }),
      fc.constantFrom(DIGITS, '01', 'ABCDEFGHJK123'),
      (usable, attemptsPerMinute, alphabet) => {
        const pattern = { ...short, alphabet };
        const length = safeLength({ pattern, usable, attemptsPerMinute });
        if (length === undefined) return;
        const risk = (tried: number) => guessRisk({ pattern: { ...pattern, length: tried }, usable, attemptsPerMinute }).refusal;
        expect(checkPattern({ ...pattern, length })).toEqual([]);
        expect(risk(length)).toBeUndefined();
        if (length > pattern.length) expect(risk(length - 1)).toContain(`at least ${length} characters`);
      },
    );
    fc.assert(property);
  });
});
