import { describe, expect, test } from '@jest/globals';
import { checkBasket, checkCodes, checkIdempotencyKey, checkPlacedAt } from '../../src/domain/decision/check-basket.ts';
import { checkTerms, currencyOfTerms, defaultTaxClass, type TermsInput } from '../../src/domain/decision/check-terms.ts';
import type { Basket } from '../../src/domain/order/basket.types.ts';
import { amountOff, basket, HOUR, limit, line, NOW, percentOff, scope, tender } from './builders.ts';

const paths = (faults: readonly { readonly path: string }[]): readonly string[] => faults.map((fault) => fault.path);
const of = (...lines: Parameters<typeof basket>[0]) => paths(checkBasket(basket(lines)));
const most = Number.MAX_SAFE_INTEGER;

describe('an order', () => {
  test('that is sound, to its bounds', () => {
    expect(of()).toEqual([]);
    expect(
      of(line('a', 1450, { quantity: '2', discount: 2900, taxRate: '0' }), line('b', 0), line('c', 3990, { quantity: '0.750' })),
    ).toEqual([]);
    expect(of(...Array.from({ length: 500 }, (_, index) => line(`l${index}`, 1, { quantity: '20' })))).toEqual([]);
    expect(of(line('kilos', 1, { quantity: '123456.5' }))).toEqual([]);
    expect(of(line('a', most))).toEqual([]);
  });

  test.each([
    ['quantity nothing', line('a', 1, { quantity: '0' }), 'input.order.lines[0].quantity'],
    ['quantity below', line('a', 1, { quantity: '-1' }), 'input.order.lines[0].quantity'],
    ['quantity no number', line('a', 1, { quantity: 'NaN' }), 'input.order.lines[0].quantity'],
    ['quantity endless', line('a', 1, { quantity: '9'.repeat(41) }), 'input.order.lines[0].quantity'],
    ['price below zero', line('a', -1), 'input.order.lines[0].unitPrice'],
    ['price no integer', line('a', 1.5), 'input.order.lines[0].unitPrice'],
    ['price past the safe integers', line('a', most + 1), 'input.order.lines[0].unitPrice'],
    ['gross past the safe integers', line('a', most, { quantity: '2' }), 'input.order.lines[0].quantity'],
    ['gross past them by weight', line('a', most, { quantity: '1.5' }), 'input.order.lines[0].quantity'],
    ['discount below zero', line('a', 1, { discount: -1 }), 'input.order.lines[0].discount'],
    ['discount above gross', line('a', 333, { quantity: '1.5', discount: 501 }), 'input.order.lines[0].discount'],
    ['rate above all', line('a', 1, { taxRate: '100.01' }), 'input.order.lines[0].taxRate'],
    ['rate below zero', line('a', 1, { taxRate: '-1' }), 'input.order.lines[0].taxRate'],
    ['too many units', line('a', 1, { quantity: '10001' }), 'input.order.lines[0].quantity'],
    ['no id', line('', 1, { sku: 'x' }), 'input.order.lines[0].id'],
    ['a zero character', line('a', 1, { name: 'a\u0000b' }), 'input.order.lines[0].name'],
    ['no sku', line('a', 1, { sku: '' }), 'input.order.lines[0].sku'],
  ] as const)('%s', (_what, bad, path) => {
    expect(of(bad)).toEqual([path]);
  });

  test('all at once, with where they stand', () => {
    expect(of(line('a', 1), line('a', -1), line('c', 1, { quantity: '0', discount: -1 }))).toEqual([
      'input.order.lines[1].id',
      'input.order.lines[1].unitPrice',
      'input.order.lines[2].discount',
      'input.order.lines[2].quantity',
    ]);
    expect(of(line('a', most), line('b', most))).toEqual(['input.order.lines']);
    expect(of(line('a', 1, { quantity: '9999' }), line('b', 1), line('c', 1), line('d', 1))).toEqual(['input.order.lines[2].quantity']);
    expect(of(...Array.from({ length: 501 }, (_, index) => line(`l${index}`, 1)))).toEqual(['input.order.lines']);
    const named = (over: Partial<Basket>) => paths(checkBasket(basket([], over), 'input'));
    expect(named({ externalId: '', source: 'x'.repeat(256) })).toEqual(['input.externalId', 'input.source']);
  });

  test('codes, keys and times', () => {
    expect(paths(checkCodes([]))).toEqual(['input.codes']);
    expect(checkCodes(new Array<string>(30).fill('X'))).toEqual([]);
    expect(paths(checkCodes(new Array<string>(31).fill('X')))).toEqual(['input.codes']);
    expect([checkIdempotencyKey('x'), checkIdempotencyKey('x'.repeat(255))]).toEqual([[], []]);
    expect(paths([...checkIdempotencyKey(''), ...checkIdempotencyKey('x'.repeat(256))])).toEqual([
      'input.idempotencyKey',
      'input.idempotencyKey',
    ]);
    expect([checkPlacedAt(NOW - 24 * HOUR, NOW), checkPlacedAt(NOW + HOUR / 12, NOW)]).toEqual([[], []]);
    expect(paths([...checkPlacedAt(NOW - 24 * HOUR - 1, NOW), ...checkPlacedAt(NOW + HOUR / 12 + 1, NOW)])).toEqual([
      'input.order.placedAt',
      'input.order.placedAt',
    ]);
  });
});

describe('a campaign', () => {
  const terms = (over: Partial<TermsInput> = {}): TermsInput => ({
    name: 'Mayo',
    incentive: percentOff('10'),
    conditions: {},
    limits: [],
    budget: null,
    taxClass: null,
    startsOn: null,
    endsOn: null,
    storeIds: null,
    storeCurrencies: ['EUR', 'USD'],
    parent: null,
    ...over,
  });
  const told = (over: Partial<TermsInput>) => paths(checkTerms(terms(over)));
  const scoped = (over: Parameters<typeof scope>[0]) => told({ incentive: percentOff('10', { scope: scope(over) }) });

  test('that is sound', () => {
    expect(told({})).toEqual([]);
    expect(told({ incentive: null, budget: { minor: 1, currency: 'EUR' }, limits: [limit('CAMPAIGN', 1)] })).toEqual([]);
    expect(
      told({
        incentive: percentOff('100', { scope: scope({ triggerQuantity: '0.5', applicableQuantity: '1' }) }),
        startsOn: '2026-05-01',
        endsOn: '2026-05-01',
      }),
    ).toEqual([]);
    expect(
      told({ incentive: percentOff('0.01'), parent: { isMain: true, currency: null }, conditions: { minimumOrder: 0, maximumOrder: 0 } }),
    ).toEqual([]);
  });

  test.each([
    [{ name: ' ' }, 'input.name'],
    [{ incentive: percentOff('0') }, 'input.incentive.percentOff.percent'],
    [{ incentive: percentOff('0.00') }, 'input.incentive.percentOff.percent'],
    [{ incentive: percentOff('100.01') }, 'input.incentive.percentOff.percent'],
    [{ incentive: percentOff('-5') }, 'input.incentive.percentOff.percent'],
    [{ incentive: percentOff('10', { maximum: 0 }) }, 'input.incentive.percentOff.maximum.minor'],
    [{ incentive: amountOff(0) }, 'input.incentive.amountOff.amount.minor'],
    [{ incentive: amountOff(-1) }, 'input.incentive.amountOff.amount.minor'],
    [{ incentive: tender(0) }, 'input.incentive.tender.value.minor'],
    [{ incentive: tender(500), taxClass: 'DISCOUNT' }, 'input.taxClass'],
    [{ budget: { minor: 0, currency: 'EUR' } }, 'input.budget.minor'],
    [{ limits: [limit('STORE', 1), limit('STORE', 0)] }, 'input.limits[1].max'],
    [{ conditions: { minimumOrder: -1 } }, 'input.conditions.minimumOrder'],
    [{ conditions: { minimumOrder: 100, maximumOrder: 99 } }, 'input.conditions.maximumOrder'],
    [{ conditions: { channels: [] } }, 'input.conditions.channels'],
    [{ startsOn: '2026-05-02', endsOn: '2026-05-01' }, 'input.endsOn'],
    [{ startsOn: '2026-02-30' }, 'input.startsOn'],
    [{ storeIds: [], storeCurrencies: [] }, 'input.storeIds'],
    [{ incentive: null, parent: { isMain: true, currency: null } }, 'input.incentive'],
    [{ parent: { isMain: false, currency: null } }, 'input.parentId'],
  ] as const)('%j is told at %s', (over, path) => {
    expect(told(over)).toEqual([path]);
  });

  test('scopes', () => {
    expect(scoped({ triggerQuantity: '0' })).toEqual(['input.incentive.percentOff.scope.triggerQuantity']);
    expect(scoped({ applicableQuantity: '-1' })).toEqual(['input.incentive.percentOff.scope.applicableQuantity']);
    expect(scoped({ pick: 'ALL', applicableQuantity: '1' })).toEqual(['input.incentive.percentOff.scope.applicableQuantity']);
    expect(scoped({ pick: 'ALL' })).toEqual([]);
    expect(scoped({ include: { skus: [], groups: [] } })).toEqual(['input.incentive.percentOff.scope.include']);
    expect(scoped({ include: { skus: ['a'], groups: [] } })).toEqual([]);
    expect(scoped({ include: {} })).toEqual([]);
  });

  test('one currency', () => {
    const usd = { minor: 1, currency: 'USD' };
    expect(told({ incentive: amountOff(5), budget: usd })).toEqual(['input.budget.currency']);
    expect(told({ incentive: amountOff(5), parent: { isMain: true, currency: 'USD' } })).toEqual([
      'input.incentive.amountOff.amount.currency',
    ]);
    expect(told({ storeIds: ['a', 'b'], storeCurrencies: ['EUR', 'USD'] })).toEqual(['input.storeIds']);
    expect(told({ storeIds: ['a'], storeCurrencies: ['USD'], incentive: tender(500) })).toEqual(['input.storeIds']);
    expect(currencyOfTerms(terms({ storeIds: ['a'], storeCurrencies: ['USD'] }))).toBe('USD');
    expect(currencyOfTerms(terms({ budget: usd }))).toBe('USD');
    expect(currencyOfTerms(terms())).toBeNull();
  });

  test('the tax class that goes without saying', () => {
    expect([defaultTaxClass(tender(1)), defaultTaxClass(percentOff('1')), defaultTaxClass(null)]).toEqual([
      'PAYMENT',
      'DISCOUNT',
      'DISCOUNT',
    ]);
  });
});
