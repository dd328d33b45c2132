import { describe, expect, test } from '@jest/globals';
import type { HubOrder } from '@valehub/connector-kit';
import { runFetch } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { announcedCallsOnly, ctxOf, json, read } from './announced.ts';
import { order, payment, refund, refundedPayment, returnOrder } from './fixtures.ts';
import { eur } from './support.ts';

const notYet = (what: string) => ({ ok: false, failure: { code: 'NOT_FOUND', message: `Square does not know ${what}.` } });

announcedCallsOnly();

describe('an order', () => {
  test('is the hub’s order, to the cent', async () => {
    json('/v2/orders/ORDER-1', { order });
    json('/v2/payments/PAYMENT-1', { payment });
    expect(await read()).toEqual({
      externalId: 'ORDER-1',
      revision: { at: [order.updated_at, payment.updated_at].sort().at(-1) },
      location: 'LOC-SEVILLA',
      state: 'PAID',
      placedAt: '2026-03-06T19:02:11.500Z',
      closedAt: '2026-03-06T20:15:00.250Z',
      currency: 'EUR',
      pricesIncludeTax: true,
      lines: [
        {
          id: 'line-rice',
          sku: 'VARIATION-RICE',
          name: 'Arroz, con marisco',
          quantity: '2',
          unitPrice: eur(2000),
          gross: eur(4000),
          discount: eur(400),
          taxRate: '10',
        },
        {
          id: 'line-ham',
          sku: 'Jamón',
          name: 'Jamón',
          quantity: '0.125',
          unitPrice: eur(12000),
          gross: eur(1500),
          discount: eur(250),
          taxRate: '10',
        },
      ],
      discounts: [
        {
          externalId: 'voucher',
          name: 'Vale DV-4711',
          amount: eur(550),
          shares: [
            { lineId: 'line-rice', amount: eur(400) },
            { lineId: 'line-ham', amount: eur(150) },
          ],
          texts: ['Vale DV-4711', 'DV4711'],
        },
        {
          externalId: 'regular',
          name: 'Regular guest',
          amount: eur(100),
          lineId: 'line-ham',
          shares: [{ lineId: 'line-ham', amount: eur(100) }],
          texts: ['Regular guest'],
        },
      ],
      payments: [
        {
          externalId: 'PAYMENT-1',
          method: 'CARD',
          amount: eur(5000),
          tip: eur(300),
          at: '2026-03-06T20:14:58.000Z',
          texts: ['paid at the terrace'],
        },
      ],
      refunds: [],
      charges: [{ externalId: 'terrace', name: 'Terraza', amount: eur(150) }],
      total: eur(5300),
      tip: eur(300),
      texts: ['table-7', 'Mesa 7', 'window seat', 'finely cut'],
      staff: 'WAITER-3',
      till: 'TERMINAL-2',
      customer: { externalId: 'CUSTOMER-1' },
    });
  });

  const open = { ...order, state: 'OPEN', closed_at: undefined };
  test.each<[string, object, object, HubOrder['state']]>([
    ['open, with nothing paid', { ...open, tenders: [] }, {}, 'OPEN'],
    ['open, for collection, and wholly paid', open, payment, 'PAID'],
    ['open, and only authorised', open, { ...payment, status: 'APPROVED' }, 'OPEN'],
    ['open, and paid in part', open, { ...payment, amount_money: { amount: 100, currency: 'EUR' } }, 'OPEN'],
    ['open, and free', { ...open, tenders: [], total_money: { amount: 0, currency: 'EUR' } }, {}, 'OPEN'],
    ['completed, and free', { ...order, tenders: [], total_money: { amount: 0, currency: 'EUR' } }, {}, 'PAID'],
    ['cancelled', { ...order, state: 'CANCELED', tenders: [] }, {}, 'VOIDED'],
    ['a draft', { ...order, state: 'DRAFT', tenders: [] }, {}, 'OPEN'],
  ])('that is %s', async (_what, given, paidBy, state) => {
    json('/v2/orders/ORDER-1', { order: given });
    if ('id' in paidBy) json('/v2/payments/PAYMENT-1', { payment: paidBy });
    expect((await read()).state).toBe(state);
  });

  test('of a till has no version; its revision rises with every change of its payment', async () => {
    const { version: _none, ...ofTill } = order;
    json('/v2/orders/ORDER-1', { order: ofTill });
    json('/v2/payments/PAYMENT-1', { payment });
    const before = (await read()).revision;
    json('/v2/orders/ORDER-1', { order: ofTill });
    json('/v2/payments/PAYMENT-1', { payment: { ...payment, updated_at: '2026-03-06T20:15:01.101Z' } });
    const after = (await read()).revision;
    expect([before, after]).toEqual([{ at: '2026-03-06T20:15:01.100Z' }, { at: '2026-03-06T20:15:01.101Z' }]);
  });

  test('whose payment the Payments API does not know is paid by its tender, once that is captured', async () => {
    const cash = (status: string) => ({
      ...order,
      tenders: [
        {
          id: 'T-1',
          type: 'CARD',
          note: 'Vale DV4711',
          amount_money: { amount: 5300, currency: 'EUR' },
          tip_money: { amount: 300, currency: 'EUR' },
          card_details: { status },
        },
      ],
    });
    json('/v2/orders/ORDER-1', { order: cash('CAPTURED') });
    json('/v2/payments/T-1', {}, 404);
    expect((await read()).payments).toEqual([
      { externalId: 'T-1', method: 'CARD', amount: eur(5000), tip: eur(300), texts: ['Vale DV4711'] },
    ]);
    json('/v2/orders/ORDER-1', { order: cash('AUTHORIZED') });
    json('/v2/payments/T-1', {}, 404);
    expect((await read()).payments).toEqual([]);
  });

  test('whose payment is not readable yet is not told without it', async () => {
    json('/v2/orders/ORDER-1', { order });
    json('/v2/payments/PAYMENT-1', {}, 404);
    expect(await runFetch(connector, ctxOf(), 'order', ['ORDER-1'])).toEqual(notYet('the payment PAYMENT-1'));
  });

  test('with added taxes says so; without any the store’s rate holds; a gift card is marked', async () => {
    const [rice, ham] = order.line_items;
    json('/v2/orders/ORDER-1', {
      order: {
        ...order,
        tenders: [],
        taxes: [
          { uid: 'vat-10', type: 'ADDITIVE', percentage: '10' },
          { uid: 'extra', type: 'INCLUSIVE', percentage: '0.5' },
        ],
        line_items: [
          { ...rice, applied_taxes: [{ tax_uid: 'vat-10' }, { tax_uid: 'extra' }] },
          { ...ham, applied_taxes: [] },
        ],
      },
    });
    const added = await read();
    expect(added.pricesIncludeTax).toBe(false);
    expect(added.lines.map((line) => line.taxRate)).toEqual(['10.5', '0']);
    json('/v2/orders/ORDER-1', {
      order: {
        ...order,
        tenders: [],
        taxes: [],
        line_items: [
          { uid: 'g', name: 'Card', item_type: 'GIFT_CARD', quantity: '1', base_price_money: { amount: 2500, currency: 'EUR' } },
          { uid: 'zero', quantity: '0' },
        ],
      },
    });
    expect((await read()).lines).toEqual([
      { id: 'g', sku: 'Card', name: 'Card', quantity: '1', unitPrice: eur(2500), gross: eur(2500), discount: eur(0), gift: true },
    ]);
  });

  test('in two currencies is refused', async () => {
    json('/v2/orders/ORDER-1', {
      order: {
        ...order,
        tenders: [],
        line_items: [{ ...order.line_items[0], modifiers: [{ total_price_money: { amount: 1, currency: 'USD' } }] }],
      },
    });
    expect(await runFetch(connector, ctxOf(), 'order', ['ORDER-1'])).toMatchObject({ ok: false, failure: { code: 'BAD_REPLY' } });
  });
});

describe('a refund', () => {
  const withRefund = (): void => {
    json('/v2/orders/ORDER-1', { order });
    json('/v2/payments/PAYMENT-1', { payment: refundedPayment });
    json('/v2/refunds/REFUND-1', { refund });
    json('/v2/orders/RETURN-1', { order: returnOrder });
  };
  const told = {
    externalId: 'REFUND-1',
    amount: eur(1800),
    at: '2026-03-06T20:40:05.000Z',
    reason: 'cold',
    lines: [{ lineId: 'line-rice', quantity: '1' }],
  };

  test('of an item names the line and how many came back', async () => {
    withRefund();
    expect((await read()).refunds).toEqual([told]);
  });

  test('is found by the order that Square makes of the return', async () => {
    json('/v2/orders/RETURN-1', { order: returnOrder });
    withRefund();
    const sale = await read('RETURN-1');
    expect(sale.externalId).toBe('ORDER-1');
    expect(sale.refunds).toEqual([told]);
  });

  test('that is pending is not booked; one that stands only on the order is', async () => {
    json('/v2/orders/ORDER-1', {
      order: {
        ...order,
        refunds: [
          {
            id: 'OLD-1',
            status: 'APPROVED',
            amount_money: { amount: 500, currency: 'EUR' },
            reason: 'late',
            created_at: '2026-03-06T20:50:00Z',
          },
        ],
      },
    });
    json('/v2/payments/PAYMENT-1', { payment: refundedPayment });
    json('/v2/refunds/REFUND-1', { refund: { ...refund, status: 'PENDING', order_id: null } });
    json('/v2/refunds/OLD-1', {}, 404);
    expect((await read()).refunds).toEqual([{ externalId: 'OLD-1', amount: eur(500), at: '2026-03-06T20:50:00.000Z', reason: 'late' }]);
  });

  test('that is not readable yet does not make the sale one without it', async () => {
    json('/v2/orders/ORDER-1', { order });
    json('/v2/payments/PAYMENT-1', { payment: refundedPayment });
    json('/v2/refunds/REFUND-1', {}, 404);
    expect(await runFetch(connector, ctxOf(), 'order', ['ORDER-1'])).toEqual(notYet('the refund REFUND-1'));
  });

  test('whose return is not readable yet is not told without its lines', async () => {
    json('/v2/orders/ORDER-1', { order });
    json('/v2/payments/PAYMENT-1', { payment: refundedPayment });
    json('/v2/refunds/REFUND-1', { refund });
    json('/v2/orders/RETURN-1', {}, 404);
    expect(await runFetch(connector, ctxOf(), 'order', ['ORDER-1'])).toEqual(notYet('the order RETURN-1'));
  });

  test('of a sale that is not readable yet is not nothing', async () => {
    json('/v2/orders/RETURN-1', { order: returnOrder });
    json('/v2/orders/ORDER-1', {}, 404);
    expect(await runFetch(connector, ctxOf(), 'order', ['RETURN-1'])).toEqual(notYet('the order ORDER-1'));
  });

  test('in two payments tells its lines once', async () => {
    json('/v2/orders/ORDER-1', { order });
    json('/v2/payments/PAYMENT-1', { payment: { ...payment, refund_ids: ['REFUND-1', 'REFUND-2'] } });
    json('/v2/refunds/REFUND-1', { refund });
    json('/v2/refunds/REFUND-2', { refund: { ...refund, id: 'REFUND-2' } });
    json('/v2/orders/RETURN-1', { order: returnOrder });
    expect((await read()).refunds.map((each) => each.lines)).toEqual([[{ lineId: 'line-rice', quantity: '1' }], []]);
  });
});
