import { afterEach, expect, test } from '@jest/globals';
import { runEnsure, runFeed } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { delivered, eur, HOOK, type House, open, ordersOf, perform, readOrder } from './support.ts';

let house: House;
afterEach(() => house.close());

/** What the restaurants asked of Square, one after the other with one seller. */
test('Square: order webhooks with discounts; catalog discounts published and read — Discounts API for redemption logging', async () => {
  house = await open();
  const { square } = house;

  // A campaign becomes a discount of the catalog, and is read back.
  const publication = { campaignId: 'c-1', name: 'Primavera', incentive: { kind: 'percentOff', percent: '10' }, codes: ['FLOR10'] };
  const published = await perform(house, 'vouchers.publish', publication);
  expect(published).toMatchObject({ done: { id: expect.stringMatching(/^DISCOUNT-/) } });
  const discountId = square.catalog.all('DISCOUNT')[0]?.['id'] as string;

  const want = { url: HOOK, topics: connector.webhooks?.topics ?? [], newSecret: '' };
  const made = await runEnsure(connector, house.ctx(), want, []);
  const keys = (made.ok && made.value[0]?.secrets) || {};
  const catalog = await delivered(house, keys, (to) => square.deliverCatalog({ to }));
  expect(catalog).toMatchObject([{ kind: 'discount', discount: { externalId: discountId, name: 'Primavera FLOR10', state: 'ACTIVE' } }]);

  // It is used at the till; the event brings the order with the discount, and the word in its name.
  const sold = square.addOrder({
    lines: [{ name: 'Arroz', price: 1800, quantity: '2' }],
    discounts: [{ name: 'Primavera FLOR10', percent: 10, catalogId: discountId }],
    payments: [{ amount: 3240 }],
  });
  const facts = await delivered(house, keys, (to) => square.deliverOrder(sold, 'order.created', { to }));
  expect(ordersOf(facts)).toMatchObject([
    {
      externalId: sold,
      state: 'PAID',
      total: eur(3240),
      discounts: [{ name: 'Primavera FLOR10', amount: eur(360), texts: ['Primavera FLOR10'] }],
    },
  ]);

  // What no event told, the sweep finds; what came back is on the sale.
  const refund = square.refund(sold, [{ line: 0, quantity: '1' }], 1620);
  house.wait(60_000);
  const swept = await runFeed(connector, house.ctx('L-1'), 'orders', {
    from: '2026-03-06T19:00:00Z',
    to: new Date(house.now()).toISOString(),
  });
  const expected = { externalId: sold, refunds: [{ externalId: refund, amount: eur(1620), lines: [{ lineId: 'line-1', quantity: '1' }] }] };
  expect(ordersOf(swept.ok ? swept.value.facts : [])).toMatchObject([expected, expected]);
  expect(await readOrder(house, sold)).toMatchObject(expected);
});
