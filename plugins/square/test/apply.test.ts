import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Plain } from '@valehub/connector-kit';
import { runFind } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { eur, type House, open, perform, readOrder } from './support.ts';

let house: House;
let id: string;
beforeEach(async () => {
  house = await open();
  id = house.square.addOrder({
    byProgram: true,
    lines: [
      { name: 'Arroz', price: 1800, quantity: '2' },
      { name: 'Flan', price: 500 },
    ],
  });
});
afterEach(() => house.close());

const input = (more: Readonly<Record<string, Plain>> = {}): Plain => ({
  orderId: id,
  code: 'DV-4711',
  name: 'Primavera',
  kind: 'ORDER_DISCOUNT',
  amount: eur(410),
  ...more,
});
const apply = (more?: Readonly<Record<string, Plain>>, key?: string) => perform(house, 'orders.apply', input(more), key);
const off = (key?: string) => perform(house, 'orders.remove', { orderId: id, id: 'key-of-job-1' }, key ?? 'key-of-job-9');
const writes = () => house.square.requests.filter(({ method }) => method === 'PUT');

describe('a voucher on an open order', () => {
  test('is a sparse update of its version, with the code where only we read it', async () => {
    expect(await apply()).toEqual({ job: 'job-1', done: { orderId: id, id: 'key-of-job-1' } });
    expect(writes()[0]?.json()).toEqual({
      idempotency_key: 'key-of-job-1-1',
      order: {
        location_id: 'L-1',
        version: 1,
        discounts: [
          {
            uid: 'key-of-job-1',
            name: 'Primavera',
            type: 'FIXED_AMOUNT',
            amount_money: { amount: 410, currency: 'EUR' },
            scope: 'ORDER',
            metadata: { valehub_code: 'DV-4711' },
          },
        ],
      },
    });
    expect(await readOrder(house, id)).toMatchObject({
      total: eur(3690),
      discounts: [{ externalId: 'key-of-job-1', code: 'DV-4711', amount: eur(410), texts: ['Primavera'] }],
    });
  });

  test('on some lines is a discount for each, with its part', async () => {
    const lines = [
      { lineId: 'line-1', amount: eur(300) },
      { lineId: 'line-2', amount: eur(110) },
    ];
    await apply({ kind: 'LINE_DISCOUNT', lines });
    const order = await readOrder(house, id);
    expect(order.lines.map(({ discount }) => discount.minor)).toEqual([300, 110]);
    expect(order.discounts).toMatchObject([
      { externalId: 'key-of-job-1', lineId: 'line-1', code: 'DV-4711' },
      { externalId: 'key-of-job-1-2', lineId: 'line-2', code: 'DV-4711' },
    ]);
    expect(await off()).toEqual({ job: 'job-1', done: null });
    expect((await readOrder(house, id)).discounts).toEqual([]);
  });

  test('is put on once and taken off once, asked as often as you like', async () => {
    await apply();
    await apply();
    expect(writes()).toHaveLength(1);
    await off();
    await off();
    expect(writes()).toHaveLength(2);
    expect(writes()[1]?.json()).toMatchObject({ fields_to_clear: ['discounts[key-of-job-1]'], order: { version: 2 } });
    expect((await readOrder(house, id)).total).toEqual(eur(4100));
  });

  test('whose answer was lost is found', async () => {
    const find = () => runFind(connector, house.ctx(), 'orders.apply', [{ id: 'job-1', key: 'key-of-job-1', input: input() }]);
    expect(await find()).toEqual({ outcomes: [{ job: 'job-1', absent: true }] });
    const flaky = await open({}, { fault: ({ method }) => (method === 'PUT' ? 'LATE' : undefined) });
    const order = flaky.square.addOrder({ byProgram: true, lines: [{ name: 'Arroz', price: 1800 }] });
    expect(await perform(flaky, 'orders.apply', { ...(input() as object), orderId: order })).toMatchObject({
      failed: { code: 'PLATFORM_DOWN', unknown: true },
    });
    const found = await runFind(connector, flaky.ctx(), 'orders.apply', [
      { id: 'job-1', key: 'key-of-job-1', input: { ...(input() as object), orderId: order } },
    ]);
    expect(found).toEqual({ outcomes: [{ job: 'job-1', done: { orderId: order, id: 'key-of-job-1' } }] });
    await flaky.close();
  });

  test('is put on the order as it is by then, where somebody has changed it meanwhile', async () => {
    const busy = await open(
      {},
      {
        fault: ({ method }) => {
          if (method === 'PUT' && busy.square.requests.filter((one) => one.method === 'PUT').length === 1)
            busy.square.discount(order, { name: 'Regular guest', amount: 100 });
          return undefined;
        },
      },
    );
    const order = busy.square.addOrder({ byProgram: true, lines: [{ name: 'Arroz', price: 1800 }] });
    const job = { ...(input() as object), orderId: order };
    expect(await perform(busy, 'orders.apply', job)).toMatchObject({ failed: { code: 'CONFLICT', path: 'order.version' } });
    expect(await perform(busy, 'orders.apply', job)).toMatchObject({ done: {} });
    expect((await readOrder(busy, order)).total).toEqual(eur(1290));
    await busy.close();
  });

  test('that a till has made is refused with the reason', async () => {
    const till = house.square.addOrder({ lines: [{ name: 'Arroz', price: 1800 }] });
    expect(await apply({ orderId: till })).toMatchObject({
      failed: { code: 'NOT_SUPPORTED', message: expect.stringContaining('made at the till of Square') },
    });
  });

  test.each<[string, () => Readonly<Record<string, Plain>>, object]>([
    [
      'is paid',
      () => {
        house.square.pay(id, { amount: 4100 });
        return {};
      },
      { code: 'BAD_INPUT', path: 'orderId' },
    ],
    ['nobody knows', () => ({ orderId: 'ORDER-9' }), { code: 'NOT_FOUND', path: 'orderId' }],
    ['wants it as a payment', () => ({ kind: 'TENDER' }), { code: 'NOT_SUPPORTED', path: 'kind' }],
  ])('is refused where the order %s', async (_how, given, failed) => {
    expect(await apply(given())).toMatchObject({ failed });
    expect(writes()).toEqual([]);
  });

  test('under a key of any form has an id that Square takes', async () => {
    expect(await apply({}, 'con_1:7.[a]')).toEqual({ job: 'job-1', done: { orderId: id, id: 'con_1_7__a_' } });
  });
});
