import { describe, expect, test } from '@jest/globals';
import { GraphQLError, type GraphQLScalarType, parseValue } from 'graphql';
import { Currency, DateTime, Decimal, JSONValue, LocalDate, LocalTime, SafeInt } from '../../src/schema/scalars.ts';

const cases: readonly [scalar: GraphQLScalarType, good: readonly [given: unknown, meant: unknown][], bad: readonly unknown[]][] = [
  [
    DateTime,
    [
      ['2025-05-02T21:15:00+02:00', '2025-05-02T19:15:00.000Z'],
      ['2025-05-02T21:15:00.123456Z', '2025-05-02T21:15:00.123Z'],
      ['2024-02-29t23:59:59z', '2024-02-29T23:59:59.000Z'],
      ['1900-01-01T00:00:00Z', '1900-01-01T00:00:00.000Z'],
    ],
    [
      '1899-12-31T23:59:59Z',
      '9999-12-31T23:59:59-01:00',
      '0000-01-01T00:00:00Z',
      '2025-05-02T21:15:00',
      '2025-05-02',
      '2025-02-29T00:00:00Z',
      '2025-05-02T24:00:00Z',
      '2025-05-02T21:60:00Z',
      '2025-05-02T21:15:60Z',
      '2025-05-02 21:15:00Z',
      '2025-13-01T00:00:00Z',
      '',
      1_746_213_300_000,
      true,
      null,
      {},
      [],
      `2025-05-02T21:15:00.${'1'.repeat(100)}Z`,
    ],
  ],
  [
    LocalDate,
    [
      ['2025-05-02', '2025-05-02'],
      ['2024-02-29', '2024-02-29'],
    ],
    ['2025-02-29', '2025-5-2', '2025-05-02T00:00:00Z', '', 20_250_502, null],
  ],
  [
    LocalTime,
    [
      ['00:00', '00:00'],
      ['23:59', '23:59'],
    ],
    ['24:00', '9:00', '09:60', '09:00:00', '', 900, null],
  ],
  [
    SafeInt,
    [
      [0, 0],
      [-5, -5],
      [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
      [-0, 0],
    ],
    [1.5, Number.MAX_SAFE_INTEGER + 1, '1', Number.NaN, Number.POSITIVE_INFINITY, true, null, []],
  ],
  [
    Currency,
    [
      ['EUR', 'EUR'],
      ['JPY', 'JPY'],
    ],
    ['eur', 'EURO', 'ABC', 'E', '', 978, null],
  ],
  [
    Decimal,
    [
      ['1.250', '1.250'],
      ['0', '0'],
      ['-3', '-3'],
      ['12345678901234567890.123', '12345678901234567890.123'],
    ],
    [1.25, 1, '1,25', '1e3', '.5', '5.', ' 1', '', 'NaN', '1'.repeat(60), null, true],
  ],
  [
    JSONValue,
    [
      [{ a: [1, null, 'x'] }, { a: [1, null, 'x'] }],
      [7, 7],
      ['x', 'x'],
    ],
    [],
  ],
];

describe.each(cases.map(([scalar, good, bad]) => [scalar.name, scalar, good, bad] as const))('%s', (_name, scalar, good, bad) => {
  test.each(good)('takes %j', (given, meant) => {
    expect(scalar.parseValue(given)).toEqual(meant);
    expect(Object.is(scalar.parseValue(given), -0)).toBe(false);
  });

  test('refuses everything else', () => {
    for (const value of bad) expect(() => scalar.parseValue(value)).toThrow(GraphQLError);
  });

  const literals = good.filter(([given]) => typeof given !== 'object');
  test.each(literals)('takes the literal %j', (given, meant) => {
    expect(scalar.parseLiteral(parseValue(JSON.stringify(given)))).toEqual(meant);
  });
});

test('a Decimal is refused as a number in a literal too', () => {
  expect(() => Decimal.parseLiteral(parseValue('1.25'))).toThrow('text');
});

test('answers show instants in UTC with milliseconds', () => {
  expect(DateTime.serialize(new Date('2025-05-02T21:15:00+02:00'))).toBe('2025-05-02T19:15:00.000Z');
});

test('a message shows no more than a little of a long value', () => {
  expect(() => Decimal.parseValue('x'.repeat(10_000))).toThrow(/^.{0,200}$/);
});
