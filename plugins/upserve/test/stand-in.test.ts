import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runFeed, runFetch, runIdentify } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { CODE, check, soup, steak, wine } from './fixtures.ts';
import { startUpserve, type UpserveStandIn } from './stand-in.ts';
import { addsUp, closeTransport, ctxOf, readDay, usd } from './support.ts';

/** A day at the restaurant, over HTTP: the plugin against Upserve on this machine. */
const YESTERDAY = '2026-03-05';
const TODAY = '2026-03-06';
let clock = 0;
let upserve: UpserveStandIn;
const now = (): number => clock;
const connected = (deadlineMs = 20_000) => ctxOf({ settings: upserve.settings, now, deadlineMs });
const dates = (): (string | null)[] => upserve.requests.map(({ query }) => query.get('date'));

beforeEach(async () => {
  clock = Date.parse('2026-03-06T23:30:00Z');
  upserve = await startUpserve({ now, mostOnPage: 50 });
});
afterEach(() => upserve.close());
afterAll(closeTransport);

describe('a day at Upserve', () => {
  test('is seen as it is in the end: opened, voided, comped, paid, corrected the morning after', async () => {
    const { comp: _comp, ...plainSteak } = steak;
    const { void: _void, ...plainWine } = wine;
    upserve.addCheck({ id: 'check-1', status: 'Open', items: [soup, plainSteak, plainWine], taxCents: 307 }, TODAY);
    expect(await readDay(connected(), TODAY)).toMatchObject([{ state: 'OPEN', discounts: [], lines: [{}, {}, { id: 'i-wine' }] }]);
    upserve.voidItem('check-1', 'i-wine', 'Wrong table');
    upserve.compItem('check-1', 'i-steak', { cents: 510, percent: '20', reason: `Vale ${CODE}` });
    upserve.closeCheck('check-1');
    const [paid] = await readDay(connected(), TODAY);
    expect(paid).toMatchObject({
      state: upserve.truth('check-1').state,
      total: usd(upserve.truth('check-1').total),
      lines: [{ id: 'i-soup' }, { id: 'i-steak' }],
      discounts: [{ amount: usd(510), texts: [`Vale ${CODE}`] }],
    });
    if (paid) addsUp(paid, 307);
    clock += 86_400_000;
    upserve.change('check-1', (draft) => ({ ...draft, payments: [{ id: 'p-1', cents: 4147, tipCents: 600 }] }));
    expect(await readDay(connected(), TODAY)).toMatchObject([{ externalId: paid?.externalId, tip: usd(600), total: usd(4747) }]);
    upserve.voidCheck('check-1', 'Booked twice');
    expect(await readDay(connected(), TODAY)).toMatchObject([{ externalId: paid?.externalId, state: 'VOIDED' }]);
  });

  test('with many checks comes page by page, however short the pages are', async () => {
    for (let index = 0; index < 120; index += 1) upserve.addCheck({ ...check, id: `check-${index}` }, index % 6 === 0 ? YESTERDAY : TODAY);
    const orders = await readDay(connected(), TODAY);
    expect(new Set(orders.map(({ externalId }) => externalId)).size).toBe(100);
    for (const order of orders) addsUp(order, 307);
    expect(upserve.requests.map(({ query }) => query.get('offset'))).toEqual(['0', '50']);
    expect(await readDay(connected(), YESTERDAY)).toHaveLength(20);
  });

  test('that had nothing is empty', async () => {
    expect(await readDay(connected(), TODAY)).toEqual([]);
  });
});

describe('a check that is asked for', () => {
  const read = async (...ids: string[]) => {
    const ran = await runFetch(connector, connected(), 'order', ids);
    return ran.ok ? ran.value : ran.failure;
  };

  test('is found on the trading day it was opened on, an American evening on the day before', async () => {
    upserve.addCheck({ ...check, openedAt: '2026-03-06T18:00:00Z' }, TODAY);
    upserve.addCheck({ ...check, id: 'check-2', openedAt: '2026-03-06T02:30:00Z' }, YESTERDAY);
    expect(await read('2026-03-06/check-1', '2026-03-06/check-2')).toMatchObject([
      { kind: 'order', order: { externalId: '2026-03-06/check-1', businessDay: TODAY } },
      { kind: 'order', order: { externalId: '2026-03-06/check-2', businessDay: YESTERDAY } },
    ]);
    expect(dates()).toEqual(['20260306', '20260305']);
  });

  test('was left open and is listed on the next day: the same order, its day another', async () => {
    clock += 86_400_000;
    upserve.addCheck(check, TODAY);
    upserve.moveCheck('check-1', '2026-03-07');
    expect(await readDay(connected(), TODAY)).toEqual([]);
    expect(await read('2026-03-06/check-1')).toMatchObject([
      { kind: 'order', order: { externalId: '2026-03-06/check-1', businessDay: '2026-03-07' } },
    ]);
  });

  test('is gone where no day lists it; days to come are not asked for', async () => {
    upserve.addCheck(check, TODAY);
    upserve.removeCheck('check-1');
    expect(await read('2026-03-06/check-1', '2026-03-06/check-8', 'check-7')).toEqual([
      { kind: 'gone', resource: 'order', id: '2026-03-06/check-1' },
      { kind: 'gone', resource: 'order', id: '2026-03-06/check-8' },
      { kind: 'gone', resource: 'order', id: 'check-7' },
    ]);
    expect(dates()).toEqual(['20260306', '20260305']);
  });

  test('is not gone because Upserve is down', async () => {
    upserve.addCheck(check, TODAY);
    upserve.failNext({ status: 503 });
    expect(await read('2026-03-06/check-1')).toMatchObject({ code: 'PLATFORM_DOWN' });
  });
});

describe('what goes wrong on the way', () => {
  const failed = (deadlineMs?: number) => expect(readDay(connected(deadlineMs), TODAY)).rejects;

  test('a password that was changed is told to the operator', async () => {
    upserve.changePassword();
    await failed().toMatchObject({ failure: { code: 'BAD_CREDENTIALS' } });
    expect(await runIdentify(connector, connected())).toMatchObject({ ok: false, failure: { code: 'BAD_CREDENTIALS' } });
  });

  test.each([
    [{ status: 403, body: { error_message: 'Reporting is not part of your plan.' } }, 'FORBIDDEN_SCOPE', 'not part of your plan'],
    [{ status: 500, body: { error: 'Server trouble' } }, 'PLATFORM_DOWN', 'Server trouble'],
    [{ status: 400, body: { detail: 'No such date' } }, 'BAD_INPUT', 'No such date'],
    [{ status: 429, headers: { 'retry-after': '9' } }, 'RATE_LIMITED', '429'],
    [{ status: 429 }, 'RATE_LIMITED', '429'],
    [{ status: 302, headers: { location: 'https://elsewhere.example/' } }, 'BAD_REPLY', ''],
    ['HTML', 'BAD_REPLY', ''],
    ['HALF', 'BAD_REPLY', ''],
    ['CUT', 'PLATFORM_DOWN', ''],
  ] as const)('%j is %s', async (fault, code, words) => {
    upserve.addCheck(check, TODAY);
    upserve.failNext(fault);
    await failed().toMatchObject({ failure: { code, message: expect.stringContaining(words) } });
    expect(await readDay(connected(), TODAY)).toHaveLength(1);
  });

  test('no answer at all is a time-out', async () => {
    upserve.failNext('HANG');
    await failed(200).toMatchObject({ failure: { code: 'TIMEOUT' } });
  });

  test('a second page that fails fails the day, so that nothing counts as gone', async () => {
    for (let index = 0; index < 60; index += 1) upserve.addCheck({ ...check, id: `check-${index}` }, TODAY);
    const ctx = connected();
    expect(await runFeed(connector, ctx, 'checks', { day: TODAY })).toMatchObject({ ok: true, value: { next: '50', more: true } });
    upserve.failNext({ status: 502 });
    expect(await runFeed(connector, ctx, 'checks', { day: TODAY, page: '50' })).toMatchObject({
      ok: false,
      failure: { code: 'PLATFORM_DOWN' },
    });
    expect(await runFeed(connector, ctx, 'checks', { day: TODAY, page: '50' })).toMatchObject({ ok: true, value: { more: false } });
  });
});
