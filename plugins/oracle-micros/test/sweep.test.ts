import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runFeed, runFetch } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import type { Fault } from './stand-in.ts';
import { eur, type House, open, ordersOf } from './support.ts';

const HOUR_MS = 3_600_000;
const dish = { number: 1, name: 'Arroz', price: 1800 };
let house: House;
beforeEach(async () => {
  house = await open();
});
afterEach(() => house.close());

/** As the host makes its windows: up to now, and twelve hours back. */
const windowNow = () => ({ from: new Date(house.now() - 12 * HOUR_MS).toISOString(), to: new Date(house.now()).toISOString() });
const sweep = (location = 'sev01/42', window = windowNow()) => runFeed(connector, house.ctx(location), 'checks', window);

async function swept(location?: string) {
  const ran = await sweep(location);
  if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
  return ordersOf(ran.value.facts);
}

describe('the sweep', () => {
  test('asks for the open and closed checks of one revenue centre since a minute', async () => {
    house.simphony.addOrder({ dishes: [dish] });
    house.simphony.addOrder({ place: 'sev01/43', dishes: [dish] });
    house.wait(1000);
    expect(await swept()).toMatchObject([{ location: 'sev01/42' }]);
    expect(await swept('sev01/43')).toMatchObject([{ location: 'sev01/43' }]);
    const asked = house.simphony.requests.filter(({ path }) => path === '/api/v1/checks');
    expect(asked.map(({ query }) => Object.fromEntries(query))).toEqual(
      Array.from({ length: 2 }, () => ({ sinceTime: '2026-03-06T07:30Z', includeClosed: 'true' })),
    );
    expect(asked[0]?.headers).toMatchObject({
      'simphony-orgshortname': 'casapepa',
      'simphony-locref': 'sev01',
      'simphony-rvcref': '42',
    });
  });

  test('ends in the right state however a check went on: ordered, voided in part, discounted, paid', async () => {
    const ref = house.simphony.addOrder({ dishes: [dish, { number: 2, name: 'Vino', price: 400 }] });
    house.wait(HOUR_MS);
    expect(await swept()).toMatchObject([{ state: 'OPEN', total: eur(2200) }]);
    house.simphony.order(ref, { number: 3, name: 'Flan', price: 500 });
    house.simphony.voidDish(ref, 1);
    house.simphony.discount(ref, { number: 80, name: 'Vale', amount: 230, text: 'DV-4711' });
    house.wait(HOUR_MS);
    const open = await swept();
    expect(open).toMatchObject([{ state: 'OPEN', total: eur(2070), lines: [{ name: 'Arroz' }, { name: 'Flan' }] }]);
    expect(await swept()).toEqual(open);
    house.simphony.pay(ref, { number: 200, name: 'Efectivo', amount: 3000 });
    house.simphony.pay(ref, { number: 200, name: 'Efectivo', amount: -930 });
    house.wait(HOUR_MS);
    expect(await swept()).toMatchObject([{ state: 'PAID', total: eur(2070), payments: [{ amount: eur(2070) }] }]);
  });

  test('leaves what was opened after its window to the next one', async () => {
    house.simphony.addOrder({ dishes: [dish] });
    const ran = await sweep('sev01/42', windowNow());
    expect(ran).toMatchObject({ ok: true, value: { facts: [], more: false } });
    house.wait(1);
    expect(await swept()).toHaveLength(1);
  });

  test('finds nothing on a quiet day', async () => {
    expect(await swept()).toEqual([]);
  });

  test.each<[string, Fault, object]>([
    [
      'a missing right',
      { status: 403, body: { title: 'Forbidden', detail: 'No access to SEV01.' } },
      {
        code: 'FORBIDDEN_SCOPE',
        message: 'Simphony answered 403: No access to SEV01.',
      },
    ],
    ['too many calls, with a wait', { status: 429, headers: { 'retry-after': '30' } }, { code: 'RATE_LIMITED', wait: 'PT30S' }],
    ['too many calls, without', { status: 429 }, { code: 'RATE_LIMITED' }],
    [
      'a till that is away',
      { status: 503, body: { title: 'Unavailable', posDetails: [{ code: 'offline', message: 'The property is offline.' }] } },
      {
        code: 'PLATFORM_DOWN',
        message: 'Simphony answered 503: offline, The property is offline.',
      },
    ],
    ['a till that takes too long', { status: 521 }, { code: 'TIMEOUT', message: 'Simphony answered 521' }],
    [
      'one check that cannot be read, which spoils the list',
      { status: 400, body: { title: 'Bad', posDetails: [{ code: 'check', message: 'Check 7 is broken.' }] } },
      {
        code: 'BAD_INPUT',
        message: 'Simphony answered 400: check, Check 7 is broken.',
      },
    ],
    ['a connection that breaks off', 'CUT', { code: 'PLATFORM_DOWN' }],
    ['a page for people', 'HTML', { code: 'BAD_REPLY' }],
    ['half a list', 'HALF', { code: 'BAD_REPLY' }],
    ['another host', { status: 302, headers: { location: 'https://elsewhere.example/checks' } }, { code: 'BAD_REPLY' }],
    ['a list that is none', { status: 200, body: { items: 'none' } }, { code: 'BAD_REPLY' }],
    ['a check without its time', { status: 200, body: { items: [{ header: { checkRef: 'c' } }] } }, { code: 'BAD_REPLY' }],
  ])('meets %s with a failure, and reads nothing', async (_how, fault, failure) => {
    house.simphony.addOrder({ dishes: [dish] });
    house.wait(1);
    house.simphony.failNext(fault);
    expect(await sweep()).toMatchObject({ ok: false, failure });
    expect(await swept()).toHaveLength(1);
  });

  test('logs in again where its token has ended, and fails with bad credentials where that helps nothing', async () => {
    house.simphony.failNext({ status: 401 });
    expect(await swept()).toEqual([]);
    expect(house.logIns()).toBe(2);
    house.simphony.failNext({ status: 401 }, ...Array.from({ length: 2 }, () => ({ status: 200, body: { id_token: 'of-no-use' } })));
    expect(await sweep()).toMatchObject({ ok: false, failure: { code: 'BAD_CREDENTIALS' } });
  });
});

test('calls beyond the rate wait as long as they are told', async () => {
  const busy = await open({}, { rate: { requests: 7, everyMs: 60_000 } });
  const read = () => runFetch(connector, busy.ctx('sev01/42'), 'order', [ref]);
  const ref = busy.simphony.addOrder({ dishes: [dish] });
  expect(await read()).toMatchObject({ ok: true });
  expect(await read()).toMatchObject({ ok: false, failure: { code: 'RATE_LIMITED', wait: 'PT60S' } });
  busy.wait(60_001);
  expect(await read()).toMatchObject({ ok: true });
  await busy.close();
});
