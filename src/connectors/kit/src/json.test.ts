import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exactDecimal, exactId, JsonError, minorMoney, parseExactJson } from './json.ts';

const faultOf = (text: string): string => {
  try {
    parseExactJson(text);
  } catch (cause) {
    return cause instanceof JsonError ? cause.fault : 'another error';
  }
  return 'taken';
};

describe('exact JSON', () => {
  test('numbers that a double carries stay numbers, the others keep their digits as text', () => {
    expect(parseExactJson('{"a":12.10,"b":9007199254740993,"c":-0.1,"d":1e3,"e":0.1234567890123456789,"f":1e999}')).toEqual({
      a: 12.1,
      b: '9007199254740993',
      c: -0.1,
      d: 1000,
      e: '0.1234567890123456789',
      f: '1e999',
    });
  });

  test('what JSON.stringify writes is read back the same', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(parseExactJson(text))).toBe(text);
      }),
    );
  });

  test.each([
    ['{"a":1,"a":1}', 'DOUBLED_MEMBER'],
    ['{"a":1,"\\u0061":2}', 'DOUBLED_MEMBER'],
    ['[{"x":{"a":1,"b":2,"a":3}}]', 'DOUBLED_MEMBER'],
    [`${'['.repeat(65)}${']'.repeat(65)}`, 'TOO_DEEP'],
    ['['.repeat(1_000_000), 'TOO_DEEP'],
    ['{"a":', 'MALFORMED'],
    ['', 'MALFORMED'],
    ['{"a":1}{"a":1}', 'MALFORMED'],
    ['{"\\q":1}', 'MALFORMED'],
    ['"open', 'MALFORMED'],
    [`${'['.repeat(64)}${']'.repeat(64)}`, 'taken'],
    ['{"a":{"a":[{"a":"a"},{"a":1}]},"b":["a","a"]}', 'taken'],
    ['{"a":"\\"b\\":1,\\"b\\":2"}', 'taken'],
  ])('%.40s: %s', (text, fault) => expect(faultOf(text)).toBe(fault));

  test('a fault names the place and not the text', () => {
    expect(() => parseExactJson('{"secret":tru}')).toThrow(/^Not JSON, at position \d+\.$/);
  });

  test('a member called __proto__ is an ordinary member', () => {
    const value = parseExactJson('{"__proto__":{"polluted":1}}') as Record<string, unknown>;
    expect(Object.hasOwn(value, '__proto__')).toBe(true);
    expect((value as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('readings of a field', () => {
  test('ids of 64 bits become text', () => {
    expect(exactId().parse(parseExactJson('9007199254740993'))).toBe('9007199254740993');
    expect(exactId().parse(17)).toBe('17');
    expect(exactId().safeParse(1.5).success).toBe(false);
  });

  test('decimals become plain decimal text', () => {
    expect(exactDecimal().parse('10.0')).toBe('10');
    expect(exactDecimal().parse(7.25)).toBe('7.25');
    expect(exactDecimal().parse(1e-7)).toBe('0.0000001');
    expect(exactDecimal().safeParse('ten').success).toBe(false);
  });

  test('an amount that cannot be held exactly is refused', () => {
    const read = (text: string) => minorMoney().safeParse(parseExactJson(text));
    expect(read('{"amount":1250,"currency":"EUR"}').data).toEqual({ minor: 1250, currency: 'EUR' });
    expect(read('{"amount":9007199254740993,"currency":"EUR"}').success).toBe(false);
    expect(read('{"amount":12.5,"currency":"EUR"}').success).toBe(false);
    expect(read('{"amount":1250,"currency":"eur"}').success).toBe(false);
    expect(read('{"amount":null,"currency":"EUR"}').success).toBe(false);
  });
});
