import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { moneyKit } from '@valehub/connector-kit';
import { runFetch, type StandIn, startStandIn } from '@valehub/connector-kit/testing';
import fc from 'fast-check';
import connector from '../src/index.ts';
import { allocation, byHand, code, ham, lineItems, order, refund, refundedOrder, rice, sale, tipLine, eur as whole } from './fixtures.ts';
import { answers, asked, ctxAt, eur, readOrder, transport } from './harness.ts';

let standIn: StandIn;
beforeEach(async () => {
  standIn = await startStandIn();
});
afterEach(() => standIn.close());
afterAll(() => transport.close());

const read = (...members: readonly object[]) => readOrder(standIn, ...members);

describe('an order', () => {
  test('is the hub’s order, to the cent', async () => {
    expect(await read({ order })).toEqual({
      externalId: '101',
      revision: { at: '2026-03-06T20:15:00.005Z' },
      location: '7001',
      state: 'PAID',
      placedAt: '2026-03-06T19:02:11.000Z',
      closedAt: '2026-03-06T20:14:58.000Z',
      currency: 'EUR',
      pricesIncludeTax: true,
      lines: [
        {
          id: '11',
          sku: 'RICE-1',
          name: 'Arroz - con marisco',
          group: 'Main',
          brand: 'Casa Pepa',
          quantity: '2',
          unitPrice: eur(2000),
          gross: eur(4000),
          discount: eur(400),
          taxRate: '10',
        },
        {
          id: '12',
          sku: '31',
          name: 'Jamón',
          group: 'Main',
          brand: 'Casa Pepa',
          quantity: '1',
          unitPrice: eur(1500),
          gross: eur(1500),
          discount: eur(250),
          taxRate: '10.5',
        },
      ],
      discounts: [
        {
          externalId: '0-code',
          name: 'DV4711',
          amount: eur(550),
          shares: [
            { lineId: '11', amount: eur(400) },
            { lineId: '12', amount: eur(150) },
          ],
          code: 'DV4711',
          texts: [],
        },
        {
          externalId: '1-manual',
          name: 'Regular guest',
          amount: eur(100),
          lineId: '12',
          shares: [{ lineId: '12', amount: eur(100) }],
          texts: ['Regular guest', 'Vale DV-0815'],
        },
      ],
      payments: [
        {
          externalId: '41',
          method: 'CARD',
          amount: eur(4850),
          tip: eur(300),
          at: '2026-03-06T20:14:58.000Z',
          texts: ['shopify_payments', 'Shopify Payments'],
        },
      ],
      refunds: [],
      charges: [],
      total: eur(5150),
      tip: eur(300),
      texts: ['window seat', '7001-1-1001', 'Mesa 7', 'sin gluten'],
      channel: 'DINE_IN',
      till: '9',
      staff: '5',
      customer: { externalId: '61', email: 'guest@mail.example', phone: '+34955000111' },
    });
    expect(standIn.requests).toMatchObject([
      { method: 'POST', path: '/admin/api/2026-07/graphql.json', headers: { 'x-shopify-access-token': 'token-1' } },
    ]);
  });

  test.each<[string, object, string]>([
    ['paid', {}, 'PAID'],
    ['not paid yet', { displayFinancialStatus: 'PENDING', fullyPaid: false }, 'OPEN'],
    ['only authorised', { displayFinancialStatus: 'AUTHORIZED', fullyPaid: false }, 'OPEN'],
    ['paid in part', { displayFinancialStatus: 'PARTIALLY_PAID', fullyPaid: false }, 'OPEN'],
    ['of an authorisation that expired', { displayFinancialStatus: 'EXPIRED', fullyPaid: false }, 'OPEN'],
    ['of an authorisation that was voided', { displayFinancialStatus: 'VOIDED', fullyPaid: false }, 'VOIDED'],
    ['refunded in part', { displayFinancialStatus: 'PARTIALLY_REFUNDED', fullyPaid: false }, 'PAID'],
    ['refunded', { displayFinancialStatus: 'REFUNDED', fullyPaid: false }, 'PAID'],
    ['cancelled', { cancelledAt: '2026-03-06T20:30:00Z', displayFinancialStatus: 'REFUNDED' }, 'VOIDED'],
    ['of a state nobody knows yet', { displayFinancialStatus: 'SOMETHING_NEW', fullyPaid: false }, 'OPEN'],
  ])('%s', async (_what, changes, state) => {
    expect((await read({ order: { ...order, ...changes } })).state).toBe(state);
  });

  test('of the online store stands at the location for all that is no till, with its delivery as a charge', async () => {
    const shippingLines = {
      nodes: [
        {
          id: 'gid://shopify/ShippingLine/91',
          title: 'Reparto',
          discountedPriceSet: whole('2.9'),
          discountAllocations: [allocation(code, '2.0')],
        },
      ],
    };
    const online = {
      ...order,
      sourceName: 'web',
      retailLocation: null,
      transactions: [{ ...sale, location: null, device: null }],
      shippingLines,
    };
    const told = await read({ order: { ...online, lineItems: lineItems([{ ...rice, discountAllocations: [] }]) } });
    expect(told).toMatchObject({
      channel: 'ONLINE',
      location: 'online',
      charges: [{ externalId: '91', name: 'Reparto', amount: eur(290) }],
      discounts: [{ code: 'DV4711', amount: eur(200) }],
    });
    expect(told.discounts[0]).not.toHaveProperty('shares');
    expect(told).not.toHaveProperty('till');
  });

  test('of a draft that was marked as paid stands where it was paid', async () => {
    const draft = { ...order, retailLocation: null, sourceName: 'shopify_draft_order' };
    expect(await read({ order: draft })).toMatchObject({ location: '7001', channel: 'DINE_IN' });
    expect(await read({ order: { ...draft, sourceName: 'web' } })).toMatchObject({ location: '7001', channel: 'ONLINE' });
  });

  test('for practice is marked', async () => {
    expect((await read({ order: { ...order, test: true } })).training).toBe(true);
  });

  test('with many lines is read to its last page', async () => {
    const first = { ...order, lineItems: lineItems([rice], 'page-2') };
    const told = await read(
      { order: first },
      { order: { lineItems: lineItems([ham], 'page-3') } },
      { order: { lineItems: lineItems([tipLine]) } },
    );
    expect(told.lines.map(({ id }) => id)).toEqual(['11', '12']);
    expect(asked(standIn).map(({ name, variables }) => [name, variables['after']])).toEqual([
      ['Order', null],
      ['OrderLines', 'page-2'],
      ['OrderLines', 'page-3'],
    ]);
  });

  test('that says there is more and not where is no order', async () => {
    answers(standIn, { order: { ...order, lineItems: { nodes: [rice], pageInfo: { hasNextPage: true, endCursor: null } } } });
    const ran = await runFetch(connector, ctxAt(standIn.url), 'order', ['101']);
    expect(ran).toMatchObject({ ok: false, failure: { code: 'BAD_REPLY', message: 'Shopify says that there is more, and not where.' } });
  });

  test('tells two discounts apart that an edit has given the same number', async () => {
    const edited = { ...byHand, index: 0, title: 'Late', description: null };
    const line = {
      ...rice,
      discountAllocations: [allocation(code, '4.0'), allocation(edited, '1.0'), allocation({ ...edited, title: 'Cold' }, '0.5')],
    };
    const { discounts } = await read({ order: { ...order, lineItems: lineItems([line]) } });
    expect(discounts.map(({ externalId, name, amount }) => [externalId, name, amount.minor])).toEqual([
      ['0-code', 'DV4711', 400],
      ['0-manual', 'Late', 100],
      ['0-manual-2', 'Cold', 50],
    ]);
  });

  test('lists no discount that took nothing off', async () => {
    const line = { ...rice, discountAllocations: [allocation(code, '0.0')] };
    expect((await read({ order: { ...order, lineItems: lineItems([line]) } })).discounts).toEqual([]);
  });

  test('without any tax leaves the rate to the store; a line without one among taxed ones has none', async () => {
    const bare = (item: typeof rice) => ({ ...item, taxLines: [] });
    const untaxed = await read({ order: { ...order, lineItems: lineItems([bare(rice)]) } });
    expect(untaxed.lines[0]).not.toHaveProperty('taxRate');
    const mixed = await read({ order: { ...order, lineItems: lineItems([rice, bare({ ...rice, id: 'gid://shopify/LineItem/14' })]) } });
    expect(mixed.lines.map(({ taxRate }) => taxRate)).toEqual(['10', '0']);
  });

  test('in which a gift card was sold says so', async () => {
    expect((await read({ order: { ...order, lineItems: lineItems([{ ...rice, isGiftCard: true }]) } })).lines[0]?.gift).toBe(true);
  });

  test('with amounts of another currency among its own is refused', async () => {
    const dollars = { shopMoney: { amount: '1.0', currencyCode: 'USD' } };
    const line = { ...rice, discountAllocations: [{ ...allocation(code, '1.0'), allocatedAmountSet: dollars }] };
    answers(standIn, { order: { ...order, lineItems: lineItems([line]) } });
    expect(await runFetch(connector, ctxAt(standIn.url), 'order', ['101'])).toMatchObject({ ok: false, failure: { code: 'BAD_REPLY' } });
  });

  test('passes over what it does not know, and says which member is missing', async () => {
    expect(await read({ order: { ...order, somethingNew: { a: 1 } } })).toMatchObject({ externalId: '101' });
    const { totalPriceSet: _left, ...without } = order;
    answers(standIn, { order: without });
    expect(await runFetch(connector, ctxAt(standIn.url), 'order', ['101'])).toMatchObject({
      ok: false,
      failure: { code: 'BAD_REPLY', message: expect.stringContaining('data.order.totalPriceSet') },
    });
  });

  test('that Shopify does not show is gone only for an app that may see all orders', async () => {
    const scopes = (...handles: readonly string[]) => ({ currentAppInstallation: { accessScopes: handles.map((handle) => ({ handle })) } });
    answers(standIn, { order: null }, scopes('read_orders', 'read_all_orders'));
    expect(await runFetch(connector, ctxAt(standIn.url), 'order', ['101'])).toEqual({
      ok: true,
      value: [{ kind: 'gone', resource: 'order', id: '101' }],
    });
    answers(standIn, { order: null }, scopes('read_orders'));
    expect(await runFetch(connector, ctxAt(standIn.url), 'order', ['101'])).toMatchObject({
      ok: false,
      failure: { code: 'NOT_FOUND', message: expect.stringContaining('read_all_orders') },
    });
  });
});

describe('a tip', () => {
  test('whose line has another name is known by its amount', async () => {
    const named = { ...tipLine, title: 'Bote', name: 'Bote' };
    expect((await read({ order: { ...order, lineItems: lineItems([rice, ham, named]) } })).lines.map(({ id }) => id)).toEqual(['11', '12']);
  });

  test('that is no line at all takes no line away', async () => {
    expect((await read({ order: { ...order, lineItems: lineItems([rice, ham]) } })).lines).toHaveLength(2);
  });

  test('lies on the first payment that is large enough and no gift card', async () => {
    const card = { ...sale, id: 'gid://shopify/OrderTransaction/42', amountSet: whole('31.5') };
    const gift = { ...sale, gateway: 'gift_card', amountSet: whole('20.0'), paymentDetails: null };
    const { payments } = await read({ order: { ...order, transactions: [gift, card] } });
    expect(payments.map(({ method, amount, tip }) => [method, amount.minor, tip?.minor])).toEqual([
      ['GIFT_CARD', 2000, undefined],
      ['CARD', 2850, 300],
    ]);
  });
});

describe('a payment', () => {
  const untipped = { ...order, totalTipReceivedSet: whole('0.0'), totalPriceSet: whole('48.5'), lineItems: lineItems([rice, ham]) };
  const paid = async (...transactions: readonly object[]) => (await read({ order: { ...untipped, transactions } })).payments;
  const of = (changes: object) => ({ ...sale, amountSet: whole('48.5'), ...changes });

  test.each<[string, object, string]>([
    ['a card by a gateway of its own', { gateway: 'redsys', paymentDetails: { __typename: 'CardPaymentDetails' } }, 'CARD'],
    ['cash', { gateway: 'cash', paymentDetails: null }, 'CASH'],
    ['a gift card', { gateway: 'gift_card', paymentDetails: null }, 'GIFT_CARD'],
    ['store credit', { gateway: 'shopify_store_credit', paymentDetails: null }, 'STORE_CREDIT'],
    [
      'a way the shop has named',
      { gateway: 'manual', formattedGateway: 'Vale de papel', manualPaymentGateway: true, paymentDetails: null },
      'Vale de papel',
    ],
    ['another gateway', { gateway: 'bizum', paymentDetails: null }, 'bizum'],
    ['nobody knows what', { gateway: null, formattedGateway: null, paymentDetails: null }, 'OTHER'],
  ])('by %s', async (_what, changes, method) => {
    expect((await paid(of(changes))).map((payment) => payment.method)).toEqual([method]);
  });

  test('counts when it is done: not when authorised, pending, failed or voided', async () => {
    const payments = await paid(
      of({ id: 'gid://shopify/OrderTransaction/1', kind: 'AUTHORIZATION' }),
      of({ id: 'gid://shopify/OrderTransaction/2', status: 'PENDING' }),
      of({ id: 'gid://shopify/OrderTransaction/3', status: 'FAILURE' }),
      of({ id: 'gid://shopify/OrderTransaction/4', kind: 'VOID' }),
      of({ id: 'gid://shopify/OrderTransaction/5', kind: 'CAPTURE' }),
    );
    expect(payments.map(({ externalId }) => externalId)).toEqual(['5']);
  });

  const cash = of({ gateway: 'cash', paymentDetails: null });
  const change = (parent: string | null) =>
    of({
      id: 'gid://shopify/OrderTransaction/42',
      kind: 'CHANGE',
      gateway: 'cash',
      amountSet: whole('1.5'),
      parentTransaction: parent === null ? null : { id: parent },
    });

  test.each([['gid://shopify/OrderTransaction/41'], [null]])('in cash is what stayed in the till (its change names %s)', async (parent) => {
    expect((await paid({ ...cash, amountSet: whole('50.0') }, change(parent))).map(({ amount }) => amount.minor)).toEqual([4850]);
  });

  test('in cash that is told without the change already is not lessened by it', async () => {
    expect((await paid(cash, change(null))).map(({ amount }) => amount.minor)).toEqual([4850]);
  });
});

describe('a refund', () => {
  const refunds = async (changes: object) => (await read({ order: refundedOrder }, { refund: { ...refund, ...changes } })).refunds;
  const none = { pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] };
  const money = (status: string, amount = '18.0') => ({ nodes: [{ kind: 'REFUND', status, amountSet: whole(amount) }] });
  const told = { externalId: '71', at: '2026-03-06T20:40:05.000Z', reason: 'cold' };

  test('tells what went back, and how many of which line', async () => {
    expect(await refunds({})).toEqual([{ ...told, amount: eur(1800), lines: [{ lineId: '11', quantity: '1' }] }]);
  });

  test('by amount alone is an adjustment', async () => {
    expect(await refunds({ refundLineItems: none })).toEqual([{ ...told, amount: eur(1800) }]);
  });

  test('of less than the line is worth tells what really went back', async () => {
    expect(await refunds({ transactions: money('SUCCESS', '15.0') })).toMatchObject([{ amount: eur(1500), lines: [{ quantity: '1' }] }]);
  });

  test('in two ways of paying is one', async () => {
    const two = { nodes: [...money('SUCCESS', '8.0').nodes, ...money('SUCCESS', '10.0').nodes] };
    expect(await refunds({ transactions: two })).toMatchObject([{ amount: eur(1800) }]);
  });

  test('without money is what an edit took off the order', async () => {
    expect(await refunds({ transactions: { nodes: [] } })).toEqual([{ ...told, amount: eur(0), lines: [{ lineId: '11', quantity: '1' }] }]);
  });

  test('of nothing but the tip is no return of goods; along with goods it is', async () => {
    const tip = { quantity: 1, lineItem: { id: 'gid://shopify/LineItem/13' } };
    expect(await refunds({ refundLineItems: { ...none, nodes: [tip] }, transactions: money('SUCCESS', '3.0') })).toEqual([]);
    const both = { ...none, nodes: [...refund.refundLineItems.nodes, tip] };
    expect(await refunds({ refundLineItems: both })).toEqual([{ ...told, amount: eur(1800), lines: [{ lineId: '11', quantity: '1' }] }]);
  });

  test.each([
    ['under way', { transactions: money('PENDING') }],
    ['that failed', { transactions: money('FAILURE') }],
    ['of nothing', { transactions: { nodes: [] }, refundLineItems: none }],
  ])('%s is not told', async (_what, changes) => expect(await refunds(changes)).toEqual([]));

  test('of many lines is read to its last page', async () => {
    const page = (id: string, endCursor: string | null) => ({
      pageInfo: { hasNextPage: endCursor !== null, endCursor },
      nodes: [{ quantity: 1, lineItem: { id } }],
    });
    const first = { ...refund, refundLineItems: page('gid://shopify/LineItem/11', 'p-2') };
    const second = { ...refund, refundLineItems: page('gid://shopify/LineItem/12', null) };
    const [only] = (await read({ order: refundedOrder }, { refund: first }, { refund: second })).refunds;
    expect(only?.lines).toEqual([
      { lineId: '11', quantity: '1' },
      { lineId: '12', quantity: '1' },
    ]);
  });
});

describe('the revision', () => {
  const at = async (changes: object) => {
    const { revision } = await read({ order: { ...order, ...changes } });
    return revision && 'at' in revision ? revision.at : '';
  };

  test('rises with every change, within the same second too', async () => {
    const open = await at({ transactions: [] });
    const pending = await at({ transactions: [{ ...sale, status: 'PENDING' }] });
    const paid = await at({});
    const removed = await at({ lineItems: lineItems([{ ...rice, currentQuantity: 1 }, ham, tipLine]) });
    const cancelled = await at({
      cancelledAt: '2026-03-06T20:15:00Z',
      lineItems: lineItems([{ ...rice, currentQuantity: 0 }, ham, tipLine]),
    });
    const later = await at({ transactions: [], updatedAt: '2026-03-06T20:15:01Z' });
    const all = [open, pending, paid, removed, cancelled, later];
    expect([...all].sort()).toEqual(all);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('sums', () => {
  const decimal = (minor: number) => whole(moneyKit.toMajor(eur(minor)));
  const item = fc.record({ unit: fc.nat(50_000), quantity: fc.integer({ min: 1, max: 20 }), byCode: fc.nat(100), byHand: fc.nat(100) });

  test('add up for any basket: lines less their discounts, delivery and tip are the total', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 6 }), fc.nat(2_000), fc.nat(900), async (items, tip, shipping) => {
        const nodes = items.map(({ unit, quantity, byCode, byHand: hand }, index) => {
          const gross = unit * quantity;
          const [first, second] = [Math.floor((gross * byCode) / 200), Math.floor((gross * hand) / 200)];
          const discountAllocations = [
            { ...allocation(code, '0'), allocatedAmountSet: decimal(first) },
            { ...allocation(byHand, '0'), allocatedAmountSet: decimal(second) },
          ];
          return {
            ...rice,
            id: `gid://shopify/LineItem/${index + 100}`,
            quantity,
            currentQuantity: quantity,
            originalUnitPriceSet: decimal(unit),
            discountAllocations,
          };
        });
        const net = items.reduce((sum, { unit, quantity, byCode, byHand: hand }) => {
          const gross = unit * quantity;
          return sum + gross - Math.floor((gross * byCode) / 200) - Math.floor((gross * hand) / 200);
        }, 0);
        const total = net + tip + shipping;
        const shippingLines = {
          nodes: [{ id: 'gid://shopify/ShippingLine/1', title: 'x', discountedPriceSet: decimal(shipping), discountAllocations: [] }],
        };
        const lines = tip > 0 ? [...nodes, { ...tipLine, originalUnitPriceSet: decimal(tip) }] : nodes;
        const told = await read({
          order: {
            ...order,
            lineItems: lineItems(lines),
            shippingLines,
            totalTipReceivedSet: decimal(tip),
            totalPriceSet: decimal(total),
            transactions: [{ ...sale, amountSet: decimal(total) }],
          },
        });
        const sum = (amounts: readonly { minor: number }[]) => amounts.reduce((all, { minor }) => all + minor, 0);
        const lineSum = sum(told.lines.map(({ gross }) => gross)) - sum(told.lines.map(({ discount }) => discount));
        expect(lineSum + sum(told.charges.map(({ amount }) => amount)) + (told.tip?.minor ?? 0)).toBe(told.total.minor);
        expect(sum(told.discounts.map(({ amount }) => amount))).toBe(sum(told.lines.map(({ discount }) => discount)));
        for (const { amount, shares } of told.discounts) expect(sum((shares ?? []).map((share) => share.amount))).toBe(amount.minor);
        expect(sum(told.payments.map(({ amount }) => amount)) + sum(told.payments.flatMap((payment) => payment.tip ?? []))).toBe(
          told.total.minor,
        );
      }),
      { numRuns: 60 },
    );
  });
});
