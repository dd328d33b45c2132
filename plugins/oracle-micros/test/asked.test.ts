import { afterEach, expect, test } from '@jest/globals';
import { runEnsure, runFeed } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { eur, HOOK, type House, notified, open, ordersOf, perform, readOrder } from './support.ts';

let house: House;
afterEach(() => house.close());

/** What the restaurants asked of Oracle MICROS, one after the other on one enterprise. */
test('Oracle MICROS: Simphony check notifications + sweep; discounts and tenders — Transaction API event on voucher use', async () => {
  house = await open();
  const { simphony } = house;
  const want = { url: HOOK, topics: connector.webhooks?.topics ?? [], newSecret: Buffer.alloc(32, 7).toString('base64') };
  const made = await runEnsure(connector, house.ctx(), want, []);
  expect(made).toMatchObject({ ok: true, value: [{ url: HOOK }, { url: HOOK }] });

  // A voucher is put on an open check by the hub, as a discount; another is taken at the till, as a tender.
  const table = simphony.addOrder({ name: 'Mesa 7', dishes: [{ number: 1, name: 'Arroz', price: 1800, quantity: '2' }] });
  const applied = { orderId: table, code: 'DV-4711', name: 'Primavera', kind: 'ORDER_DISCOUNT', amount: eur(360) };
  expect(await perform(house, 'orders.apply', applied)).toEqual({ job: 'job-1', done: { orderId: table, id: 'key-of-job-1' } });
  simphony.pay(table, { number: 201, name: 'Tarjeta', amount: 3240 });
  const bar = simphony.addOrder({
    place: 'sev01/43',
    dishes: [{ number: 2, name: 'Menú', price: 2500 }],
    tenders: [{ number: 210, name: 'Voucher', amount: 2500, text: 'DV-4712' }],
  });

  // The till notifies of both, in one body.
  const keys = { hmacKey: want.newSecret, keyId: simphony.registration()?.keyId ?? '' };
  const facts = await notified(house, keys, [table, bar]);
  expect(ordersOf(facts)).toMatchObject([
    { externalId: table, state: 'PAID', discounts: [{ code: 'DV-4711', amount: eur(360), texts: ['DV-4711', 'Voucher'] }] },
    { externalId: bar, state: 'PAID', payments: [{ amount: eur(2500), texts: ['DV-4712'] }] },
  ]);

  // A third notification is lost: Simphony sends none again, and the sweep finds the check.
  const lost = simphony.addOrder({
    dishes: [{ number: 3, name: 'Gazpacho', price: 700 }],
    discounts: [{ number: 80, name: 'Vale', amount: 100, text: 'DV-4713' }],
    tenders: [{ number: 200, name: 'Efectivo', amount: 600 }],
  });
  house.wait(60_000);
  const window = { from: '2026-03-06T07:30:00Z', to: new Date(house.now()).toISOString() };
  const swept = await runFeed(connector, house.ctx('sev01/42'), 'checks', window);
  const orders = swept.ok ? ordersOf(swept.value.facts) : [];
  expect(orders.map(({ externalId, state }) => [externalId, state])).toEqual([
    [table, 'PAID'],
    [lost, 'PAID'],
  ]);
  expect(orders[1]?.discounts).toMatchObject([{ amount: eur(100), texts: ['DV-4713', 'Vale'] }]);
  expect(await readOrder(house, lost, 'sev01/42')).toEqual(orders[1]);
});
