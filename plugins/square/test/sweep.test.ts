import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Fact, moneyKit } from '@valehub/connector-kit';
import { runFeed } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import type { Fault, GivenOrder } from './stand-in.ts';
import { eur, type House, open, ordersOf, readOrder } from './support.ts';

let house: House;
let notReadable: RegExp | undefined;
beforeEach(async () => {
  notReadable = undefined;
  house = await open({}, { fault: ({ path }) => (notReadable?.test(path) ? { status: 404 } : undefined) });
});
afterEach(() => house.close());

const HOUR_MS = 3_600_000;
const line = { name: 'Arroz', price: 1800 };
const windowNow = () => ({ from: new Date(house.now() - HOUR_MS).toISOString(), to: new Date(house.now()).toISOString() });

/** All pages of a window, as the host walks them. */
async function sweep(feed = 'orders', location = 'L-1') {
  const window = windowNow();
  const facts: Fact[] = [];
  for (let page: string | undefined; ; ) {
    const ran = await runFeed(connector, house.ctx(location), feed, { ...window, ...(page === undefined ? {} : { page }) });
    if (!ran.ok) return ran;
    facts.push(...ran.value.facts);
    if (!ran.value.more) return { ok: true as const, facts };
    page = ran.value.next;
  }
}
async function swept(location?: string) {
  const ran = await sweep('orders', location);
  if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
  return ordersOf(ran.facts);
}

describe('the sweep', () => {
  test('asks for what has changed at one location in a span of time', async () => {
    house.square.addOrder({ lines: [line] });
    house.square.addOrder({ location: 'L-2', lines: [line] });
    house.wait(1000);
    expect(await swept()).toMatchObject([{ location: 'L-1' }]);
    expect(await swept('L-2')).toMatchObject([{ location: 'L-2' }]);
    const asked = house.square.requests.find(({ path }) => path === '/v2/orders/search');
    expect(asked?.json()).toEqual({
      location_ids: ['L-1'],
      query: {
        filter: { date_time_filter: { updated_at: { start_at: '2026-03-06T18:30:01.000Z', end_at: '2026-03-06T19:30:01.000Z' } } },
        sort: { sort_field: 'UPDATED_AT', sort_order: 'ASC' },
      },
      limit: 25,
    });
  });

  test('walks all pages', async () => {
    for (let count = 0; count < 60; count += 1) house.square.addOrder({ lines: [line] });
    house.wait(1000);
    expect(new Set((await swept()).map(({ externalId }) => externalId)).size).toBe(60);
    expect(house.square.requests.filter(({ path }) => path === '/v2/orders/search')).toHaveLength(3);
  });

  test('ends in the right state however a sale went on: changed, paid, refunded, cancelled', async () => {
    const id = house.square.addOrder({ lines: [line, { name: 'Flan', price: 500 }] });
    const other = house.square.addOrder({ lines: [line] });
    house.wait(1000);
    expect(await swept()).toMatchObject([{ state: 'OPEN' }, { state: 'OPEN' }]);
    house.square.discount(id, { name: 'Vale DV-4711', amount: 230 });
    house.square.pay(id, { amount: 2070 });
    house.square.voidOrder(other);
    house.wait(1000);
    expect(await swept()).toMatchObject([{ state: 'PAID', total: eur(2070) }, { state: 'VOIDED' }]);
    house.square.refund(id, [{ line: 1, quantity: '1' }], 450);
    house.wait(2 * HOUR_MS);
    // Only the return has changed in this hour; the sale behind it is what is told.
    expect(await swept()).toEqual([]);
    house.square.refund(id, [{ line: 0, quantity: '1' }], 1620);
    house.wait(1000);
    expect(await swept()).toMatchObject([{ externalId: id, state: 'PAID', refunds: [{ amount: eur(450) }, { amount: eur(1620) }] }]);
  });

  test.each<[string, Fault, object]>([
    ['a missing right', { status: 403, body: { errors: [{ code: 'INSUFFICIENT_SCOPES' }] } }, { code: 'FORBIDDEN_SCOPE' }],
    [
      'a window that it does not take',
      { status: 400, body: { errors: [{ code: 'INVALID_TIME_RANGE', field: 'query' }] } },
      { code: 'BAD_INPUT', path: 'query' },
    ],
    [
      'too many calls, with a wait',
      { status: 429, headers: { 'retry-after': '30' }, body: { errors: [{ code: 'RATE_LIMITED' }] } },
      {
        code: 'RATE_LIMITED',
        wait: 'PT30S',
      },
    ],
    ['too many calls, without', { status: 429 }, { code: 'RATE_LIMITED' }],
    ['an outage', { status: 502 }, { code: 'PLATFORM_DOWN' }],
    ['a gateway that gives up', { status: 504, body: { errors: [{ code: 'GATEWAY_TIMEOUT' }] } }, { code: 'TIMEOUT' }],
    ['a connection that breaks off', 'CUT', { code: 'PLATFORM_DOWN' }],
    ['a page for people', 'HTML', { code: 'BAD_REPLY' }],
    ['half a page', 'HALF', { code: 'BAD_REPLY' }],
    ['another host', { status: 302, headers: { location: 'https://elsewhere.example/v2' } }, { code: 'BAD_REPLY' }],
    [
      'an order without its total',
      { status: 200, body: { orders: [{ id: 'O', created_at: '2026-03-06T19:00:00Z' }] } },
      { code: 'BAD_REPLY' },
    ],
    [
      'a time that is none',
      { status: 200, body: { orders: [{ id: 'O', created_at: 'yesterday', total_money: { amount: 1, currency: 'EUR' } }] } },
      {
        code: 'BAD_REPLY',
      },
    ],
    [
      'a cursor that it has forgotten',
      { status: 400, body: { errors: [{ code: 'INVALID_CURSOR', field: 'cursor' }] } },
      { code: 'CURSOR_LOST', path: 'cursor' },
    ],
  ])('meets %s with a failure, and reads it the next time', async (_how, fault, failure) => {
    house.square.addOrder({ lines: [line] });
    house.wait(1000);
    house.square.failNext(fault);
    expect(await sweep()).toMatchObject({ ok: false, failure });
    expect(await swept()).toHaveLength(1);
  });

  test('leaves an order whose payment is not readable yet to be read by itself, and holds up no other', async () => {
    const id = house.square.addOrder({ lines: [line] });
    house.square.pay(id, { amount: 1800 });
    house.wait(1000);
    house.square.addOrder({ lines: [line] });
    house.wait(1000);
    notReadable = /^\/v2\/payments\//;
    expect(await sweep()).toMatchObject({
      ok: true,
      facts: [
        { kind: 'again', resource: 'order', id, location: 'L-1' },
        { kind: 'order', order: { state: 'OPEN' } },
      ],
    });
    notReadable = undefined;
    expect(await readOrder(house, id)).toMatchObject({ state: 'PAID', payments: [{ amount: eur(1800) }] });
  });

  test('takes members that nobody knows', async () => {
    const total = { amount: 100, currency: 'EUR', precision: 2 };
    house.square.failNext({
      status: 200,
      body: { orders: [{ id: 'O', created_at: '2026-03-06T19:00:00Z', state: 'SETTLED', mood: 'good', total_money: total }], next: 1 },
    });
    expect(await swept()).toMatchObject([{ externalId: 'O', state: 'OPEN' }]);
  });

  test('brings customers and discounts too', async () => {
    const ana = house.square.addCustomer({ given_name: 'Ana', family_name: 'Pérez Gil', email_address: 'ana@guests.example' });
    house.wait(1000);
    expect(await sweep('customers')).toEqual({
      ok: true,
      facts: [
        {
          kind: 'customer',
          customer: { externalId: ana, revision: { version: 0 }, name: 'Ana Pérez Gil', email: 'ana@guests.example' },
        },
      ],
    });
    expect(await sweep('discounts')).toEqual({ ok: true, facts: [] });
  });
});

/** Deterministic, so that a failure can be seen again. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state;
  }
}

function invented(seed: number): GivenOrder {
  const source = numbers(seed);
  const upTo = (most: number): number => (source.next().value >> 8) % (most + 1);
  const lines = Array.from({ length: 1 + upTo(5) }, (_, at) => ({
    name: `Dish ${at}`,
    price: 50 + upTo(3000),
    quantity: upTo(4) === 0 ? `0.${100 + upTo(800)}` : String(1 + upTo(3)),
    ...(upTo(2) === 0 ? { modifiers: [{ name: 'Extra', price: upTo(300) }] } : {}),
  }));
  const discounts = Array.from({ length: upTo(3) }, (_, at) => ({
    name: `Vale ${at}`,
    ...(upTo(1) === 0 ? { amount: upTo(2000) } : { percent: 1 + upTo(30) }),
    ...(upTo(2) === 0 ? { lines: [upTo(lines.length - 1)] } : {}),
  }));
  return { lines, discounts, charges: upTo(2) === 0 ? [{ name: 'Terraza', amount: 1 + upTo(300) }] : [] };
}

test('orders add up to the cent, whatever is on them', async () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const id = house.square.addOrder(invented(seed));
    const total = house.square.truth().find((one) => one.id === id)?.total ?? 0;
    if (seed % 2 === 0) house.square.pay(id, { amount: total, tip: 250 });
  }
  const of = (amounts: readonly { readonly minor: number }[]): number => amounts.reduce((sum, { minor }) => sum + minor, 0);
  for (const { id, gross, discount, charges, tip, paid, total, state } of house.square.truth()) {
    const order = await readOrder(house, id);
    expect({
      id,
      gross: of(order.lines.map((one) => one.gross)),
      discount: of(order.lines.map((one) => one.discount)),
      charges: of(order.charges.map(({ amount }) => amount)),
      tip: order.tip?.minor ?? 0,
      paid: of(order.payments.map(({ amount }) => amount)),
      total: order.total.minor,
      state: order.state,
    }).toEqual({ id, gross, discount, charges, tip, paid, total, state });
    expect(gross - discount + charges + tip).toBe(total);
    for (const one of order.lines) {
      expect(moneyKit.times(one.unitPrice, one.quantity)).toEqual(one.gross);
      expect(one.discount.minor).toBeLessThanOrEqual(one.gross.minor);
    }
    expect(of(order.discounts.map(({ amount }) => amount))).toBe(discount);
    for (const { amount, shares } of order.discounts) if (shares) expect(of(shares.map((share) => share.amount))).toBe(amount.minor);
  }
});
