import { describe, expect, test } from '@jest/globals';
import { normaliseCode } from '../../src/domain/code/code-normalise.ts';
import { findCodes, givenFor, sharesOf } from '../../src/domain/order/code-finder.ts';
import type { PlatformDiscount, PlatformOrder } from '../../src/domain/order/order.types.ts';
import { line } from '../helpers/domain.ts';

const KNOWN = ['DV1234567890123', 'SUMMER10', 'ABC000017'];
const lookup = (typed: string) => {
  const code = normaliseCode(typed);
  return KNOWN.includes(code)
    ? ({ found: 'code', code, patternId: 1, index: KNOWN.indexOf(code), campaignId: 'cmp_1', shared: false } as const)
    : ({ found: 'unknown', code } as const);
};

const discount = (amount: number, over: Partial<PlatformDiscount> = {}): PlatformDiscount => ({
  externalId: `d${amount}`,
  name: null,
  amount,
  lineId: null,
  shares: [],
  code: null,
  texts: [],
  ...over,
});
const order = (over: Partial<PlatformOrder>): PlatformOrder => ({
  externalId: 'o',
  revision: 1,
  state: 'PAID',
  placedAt: '2026-05-04T18:00:00Z',
  currency: 'EUR',
  pricesIncludeTax: true,
  channel: 'DINE_IN',
  customer: null,
  lines: [line('a', 1_000, { discount: 300 }), line('b', 500, { discount: 100 })],
  payments: [],
  discounts: [],
  texts: [],
  refunds: [],
  ...over,
});
const found = (over: Partial<PlatformOrder>) => findCodes(order(over), lookup).map((one) => [one.hit.code, givenFor(one)]);

describe('the hub’s codes on a platform’s order', () => {
  test('are found in the field for one, in a name, in a text, whole or as one word of many', () => {
    expect(found({ discounts: [discount(100, { code: 'summer10' })] })).toEqual([['SUMMER10', 100]]);
    expect(found({ discounts: [discount(100, { name: 'Descuento DV1234567890123 (Sevilla)' })] })).toEqual([['DV1234567890123', 100]]);
    expect(found({ discounts: [discount(100, { texts: ['#summer10'] })] })).toEqual([['SUMMER10', 100]]);
    expect(found({ discounts: [discount(100, { name: 'DV 1234-5678-90123' })] })).toEqual([['DV1234567890123', 100]]);
    expect(found({ texts: ['mesa 4, cupón ABC-000-017.'] })).toEqual([['ABC000017', null]]);
    expect(found({ texts: ['SUMMER100', 'DV12345678901234', 'x'.repeat(501)], discounts: [discount(1, { name: null })] })).toEqual([]);
  });

  test('are one each, however often they stand, with all that was given for them', () => {
    expect(
      found({
        discounts: [discount(100, { code: 'SUMMER10', name: 'Summer10' }), discount(50, { name: 'summer10' })],
        texts: ['SUMMER10'],
      }),
    ).toEqual([['SUMMER10', 150]]);
  });

  test('stand on a payment with what was paid', () => {
    expect(found({ tenders: [{ amount: 700, code: null, texts: ['Vale ABC000017'] }], discounts: [discount(100)] })).toEqual([
      ['ABC000017', 700],
    ]);
  });

  test('belong to the one discount that no other code claims, and to none where that is not plain', () => {
    expect(found({ texts: ['SUMMER10'], discounts: [discount(100)] })).toEqual([['SUMMER10', 100]]);
    expect(found({ texts: ['SUMMER10'], discounts: [discount(100), discount(50)] })).toEqual([['SUMMER10', null]]);
    expect(found({ texts: ['SUMMER10 ABC000017'], discounts: [discount(100)] })).toEqual([
      ['SUMMER10', null],
      ['ABC000017', null],
    ]);
    expect(found({ texts: ['SUMMER10'], discounts: [discount(100, { code: 'ABC000017' }), discount(50)] })).toEqual([
      ['ABC000017', 100],
      ['SUMMER10', 50],
    ]);
  });
});

test('what discounts took off the lines is as the platform tells, else in the measure of the lines’ own discounts', () => {
  const shares = (...discounts: PlatformDiscount[]) => Object.fromEntries(sharesOf(discounts, order({})));
  expect(
    shares(
      discount(100, {
        shares: [
          { lineId: 'a', amount: 60 },
          { lineId: 'b', amount: 40 },
        ],
      }),
    ),
  ).toEqual({ a: 60, b: 40 });
  expect(shares(discount(100, { lineId: 'b' }))).toEqual({ b: 100 });
  expect(shares(discount(101), discount(10, { lineId: 'a' }))).toEqual({ a: 86, b: 25 });
  const undiscounted = order({ lines: [line('a', 1_000, { discount: 0 })], discounts: [discount(200)] });
  expect(sharesOf(undiscounted.discounts, undiscounted)).toEqual(new Map());
});
