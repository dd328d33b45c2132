import { describe, expect, test } from '@jest/globals';
import { priceBasket } from '../../src/domain/decision/price.ts';
import type { Basket, BasketLine } from '../../src/domain/order/basket.types.ts';
import type { OrderRecord } from '../../src/domain/order/order.types.ts';
import { isPaid, leftOf, type RefundFacts, sumRefund } from '../../src/domain/order/refund.rules.ts';
import { store as aStore, line } from '../decision/builders.ts';

const store = aStore();
const card = (amount: number) => ({ method: 'CARD', amount, externalId: null, paidAt: null });

function anOrder(lines: readonly BasketLine[], paid: number, over: Partial<Basket> = {}): OrderRecord {
  const basket: Basket = {
    source: 'api',
    externalId: 'o',
    storeId: store.id,
    channel: 'DINE_IN',
    currency: 'EUR',
    pricesIncludeTax: true,
    lines,
    ...over,
  };
  const about = {
    id: 'ord_1',
    source: 'api',
    externalId: 'o',
    revision: null,
    state: 'PAID',
    storeId: store.id,
    customerId: null,
  } as const;
  return {
    ...about,
    businessDay: '2026-05-04',
    placedAt: '2026-05-04T18:00:00.000Z',
    basket,
    payments: [card(paid)],
    priced: priceBasket(basket, store),
    platform: null,
  };
}

const whole = { amount: null, lines: null };
const of = (lineId: string, quantity: string) => ({ amount: null, lines: [{ lineId, quantity }] });
const facts = (amount: number, lines: RefundFacts['lines'] = [], all = false): RefundFacts => ({ amount, lines, whole: all });

describe('what a refund gives back', () => {
  test('is what was due on the lines, to the cent in all, whatever the steps', () => {
    const order = anOrder([line('tapa', 333, { quantity: '3', discount: 100 }), line('jamon', 1_999, { quantity: '0.350' })], 2_000);
    const steps = [of('tapa', '1'), of('jamon', '0.100'), of('tapa', '2'), of('jamon', '0.250')];
    const before: RefundFacts[] = [];
    for (const step of steps) {
      const sum = sumRefund(order, store, before, step);
      if (sum.outcome !== 'taken') throw new Error(sum.outcome);
      before.push(facts(sum.amount, [...sum.lines], sum.whole));
    }
    expect(before.map(({ amount }) => amount)).toEqual([300, 200, 599, 500]);
    expect(before.reduce((sum, { amount }) => sum + amount, 0)).toBe(order.priced.due);
    expect(before.map((refund) => refund.whole)).toEqual([false, false, false, true]);
    expect(sumRefund(order, store, before, whole)).toMatchObject({ outcome: 'refused', reason: 'ALREADY_REVERSED' });
  });

  test('includes the tax that prices leave out, and never more than was paid', () => {
    const order = anOrder([line('pizza', 1_000, { quantity: '2', taxRate: '10' })], 2_200, { pricesIncludeTax: false });
    expect(sumRefund(order, store, [], of('pizza', '1'))).toMatchObject({ amount: 1_100, whole: false });
    expect(sumRefund(order, store, [facts(1_500)], of('pizza', '1'))).toMatchObject({ amount: 700 });
    expect(sumRefund(order, store, [facts(1_500)], { amount: 701, lines: null })).toMatchObject({
      outcome: 'refused',
      reason: 'REVERSAL_EXCEEDS',
      facts: { required: 701, actual: 700 },
    });
  });

  test('rounds the tax on all that came back once a rate, as it was rounded on the order', () => {
    const lines = ['a', 'b', 'c'].map((id) => line(id, 33, { taxRate: '10' }));
    const order = anOrder(lines, 109, { pricesIncludeTax: false });
    const before: RefundFacts[] = [];
    for (const { id } of lines) {
      const sum = sumRefund(order, store, before, of(id, '1'));
      if (sum.outcome !== 'taken') throw new Error(sum.outcome);
      before.push(facts(sum.amount, [...sum.lines], sum.whole));
    }
    expect(order.priced.due).toBe(109);
    expect(before.map(({ amount }) => amount)).toEqual([36, 37, 36]);
  });

  test('of all is what was due; a tip comes back by its amount', () => {
    const order = anOrder([line('pizza', 1_000)], 1_200);
    expect(sumRefund(order, store, [], whole)).toMatchObject({ amount: 1_000, whole: true });
    const before = [facts(1_000, [], true)];
    expect(sumRefund(order, store, before, whole)).toMatchObject({ reason: 'ALREADY_REVERSED' });
    expect(sumRefund(order, store, before, { amount: 200, lines: null })).toMatchObject({ outcome: 'taken', amount: 200 });
  });
});

test('what is left of an order has the discounts of the units that are left', () => {
  const { basket } = anOrder(
    [line('tapa', 300, { quantity: '3', discount: 100 }), line('jamon', 1_000, { quantity: '0.5', discount: 100 })],
    0,
  );
  const left = leftOf(basket, [
    facts(200, [{ lineId: 'tapa', quantity: '2' }]),
    facts(50, [{ lineId: 'jamon', quantity: '0.25' }]),
    facts(70),
  ]);
  expect(left.returned).toBe(70);
  expect(left.basket.lines).toMatchObject([
    { id: 'tapa', quantity: '1', discount: 33 },
    { id: 'jamon', quantity: '0.25', discount: 50 },
  ]);
  expect(leftOf(basket, [facts(1, [], true)])).toMatchObject({ basket: { lines: [] }, returned: 0 });
});

test('an order is paid by as much as is due on it', () => {
  expect(isPaid(anOrder([line('pizza', 1_000)], 999))).toBe(false);
  expect(isPaid(anOrder([line('pizza', 1_000)], 1_000))).toBe(true);
  expect(isPaid({ ...anOrder([line('pizza', 1_000, { discount: 1_000 })], 0), payments: [] })).toBe(true);
  expect(isPaid(anOrder([], 1_000))).toBe(false);
});
