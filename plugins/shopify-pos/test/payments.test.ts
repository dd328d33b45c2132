import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type StandIn, startStandIn } from '@valehub/connector-kit/testing';
import { ham, lineItems, order, refund, refundedOrder, rice, sale, tipLine, eur as whole } from './fixtures.ts';
import { eur, readOrder, transport } from './harness.ts';

let standIn: StandIn;
beforeEach(async () => {
  standIn = await startStandIn();
});
afterEach(() => standIn.close());
afterAll(() => transport.close());

const read = (...members: readonly object[]) => readOrder(standIn, ...members);

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
