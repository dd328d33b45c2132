import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { moneyKit } from '@valehub/connector-kit';
import { runFetch, type StandIn, startStandIn } from '@valehub/connector-kit/testing';
import fc from 'fast-check';
import connector from '../src/index.ts';
import { allocation, byHand, code, ham, lineItems, order, rice, sale, tipLine, eur as whole } from './fixtures.ts';
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
