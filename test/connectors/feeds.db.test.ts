import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Connector } from '@valehub/connector-kit';
import { ADMIN, type HandClock, handClock, rowsOf } from './support/connector-hub.ts';
import { at, type FeedStage, NOW, openFeedStage, order } from './support/feed-stage.ts';
import { byCursor, byDay, byTime, type PollingPlatform, polling, startPolling, thin } from './support/polling.ts';

let platform: PollingPlatform;
let clock: HandClock;
let stage: FeedStage;

beforeEach(async () => {
  platform = await startPolling();
  clock = handClock(NOW);
});
afterEach(async () => {
  await stage.close();
  await platform.close();
});

async function connected(connector: Connector, locations?: readonly string[]): Promise<void> {
  stage = await openFeedStage({ clock, connector, apiBaseUrl: platform.url, ...(locations ? { locations } : {}) });
}

describe('a feed by time', () => {
  test('is read from when it was connected, then from the last window on, less the overlap, page by page', async () => {
    await connected(polling({ orders: byTime({ longest: 'PT1H' }) }));
    expect(platform.asked('/changed')).toEqual([{ from: at(-10), to: at(0) }]);
    for (const n of [1, 2, 3]) platform.put(order(`O-${n}`, { changedAt: at(n) }));
    await stage.tick('orders', 60);
    await stage.tick('orders', 60);
    expect(platform.asked('/changed').slice(1)).toEqual([
      { from: at(-10), to: at(50) },
      { from: at(-10), to: at(50), page: '2' },
      { from: at(50), to: at(60) },
      { from: at(50), to: at(110) },
      { from: at(110), to: at(120) },
    ]);
    expect(await stage.orders()).toEqual(['O-1', 'O-2', 'O-3'].map((id) => ({ id, state: 'PAID' })));
    expect(await stage.health()).toEqual([
      { connectionId: stage.connectionId, name: 'orders', location: null, readUpTo: at(120), lastReadAt: at(120), lastError: null },
    ]);
  });

  test('redeems what its orders say, once, however often they are read; one that says the same again leaves nothing', async () => {
    await connected(polling({ orders: byTime() }));
    platform.put(order('O-1', { code: stage.code, changedAt: at(1) }));
    platform.put(order('O-2', { changedAt: at(1) }));
    await stage.tick('orders');
    await stage.tick('orders');
    await stage.tick('orders', 1);
    expect(platform.asked('/changed').filter(({ from = '', to = '' }) => from <= at(1) && to > at(1))).toHaveLength(3);
    expect(await stage.notices()).toEqual([
      { lane: 'order O-1', state: 'DONE' },
      { lane: 'order O-2', state: 'DONE' },
    ]);
    expect(await stage.events()).toEqual(['ORDER_RECORDED', 'ORDER_RECORDED', 'VOUCHER_REDEEMED']);
  });

  test('follows an edit, also one back to what was', async () => {
    await connected(polling({ orders: byTime() }));
    const due = async () =>
      (await rowsOf<{ due: number }>(stage.hub.hub, `select (priced -> 'due')::int as due from orders`)).map((row) => row.due);
    platform.put(order('O-1', { changedAt: at(1) }));
    await stage.tick('orders');
    platform.put(order('O-1', { changedAt: at(2), cents: 3_000 }));
    await stage.tick('orders', 1);
    expect(await due()).toEqual([3_000]);
    platform.put(order('O-1', { changedAt: at(1) }));
    await stage.tick('orders', 1);
    expect(await due()).toEqual([2_000]);
    expect(await stage.notices()).toHaveLength(3);
  });

  test('reaches back as far as the platform keeps things, and says what was lost', async () => {
    await connected(polling({ orders: byTime({ reach: 'P2D' }) }));
    await stage.tick('orders', 3 * 24 * 60);
    expect(platform.asked('/changed').at(-1)).toEqual({ from: at(24 * 60), to: at(3 * 24 * 60) });
    expect((await stage.connection())?.lastError).toContain(`what lies between was not read`);
    expect((await stage.connection())?.status).toBe('ACTIVE');
  });

  test('is not read while the connection is paused, and catches up afterwards', async () => {
    await connected(polling({ orders: byTime({ longest: 'PT1H' }) }));
    await stage.hub.host.desk.update(ADMIN, stage.connectionId, { paused: true });
    platform.put(order('O-1', { changedAt: at(30) }));
    await stage.tick('orders', 90);
    expect(platform.asked('/changed')).toHaveLength(1);
    await stage.hub.host.desk.update(ADMIN, stage.connectionId, { paused: false });
    await stage.hub.host.drain();
    expect(platform.asked('/changed').slice(1)).toEqual([
      { from: at(-10), to: at(50) },
      { from: at(50), to: at(90) },
    ]);
    expect(await stage.orders()).toHaveLength(1);
  });

  test('pauses in the middle of a window, and goes on at that page', async () => {
    await connected(polling({ orders: byTime() }));
    for (const n of [1, 2, 3, 4, 5]) platform.put(order(`O-${n}`, { changedAt: at(1) }));
    platform.onRequest = ({ query }) =>
      query.get('page') === '2' ? stage.hub.host.desk.update(ADMIN, stage.connectionId, { paused: true }) : undefined;
    await stage.tick('orders');
    expect(platform.asked('/changed').slice(1)).toEqual([
      { from: at(-10), to: at(5) },
      { from: at(-10), to: at(5), page: '2' },
    ]);
    platform.onRequest = null;
    clock.pass(60_000);
    await stage.hub.host.desk.update(ADMIN, stage.connectionId, { paused: false });
    await stage.hub.host.drain();
    expect(platform.asked('/changed').slice(3)).toEqual([
      { from: at(-10), to: at(5), page: '4' },
      { from: at(-5), to: at(6) },
      { from: at(-5), to: at(6), page: '2' },
      { from: at(-5), to: at(6), page: '4' },
    ]);
    expect(await stage.orders()).toHaveLength(5);
  });

  test('that only names what was changed has it fetched, many at once, and leaves nothing for what did not change', async () => {
    await connected(polling({ orders: thin() }));
    platform.put(order('O-1', { changedAt: at(1), code: stage.code }));
    platform.put(order('O-2', { changedAt: at(1) }));
    await stage.tick('orders');
    await stage.tick('orders');
    expect(await stage.orders()).toHaveLength(2);
    expect(await stage.notices()).toHaveLength(2);
    expect(await stage.events()).toEqual(['ORDER_RECORDED', 'ORDER_RECORDED', 'VOUCHER_REDEEMED']);
  });

  test('keeps an order of a location without a store until somebody says which store it is', async () => {
    await connected(polling({ orders: byTime() }));
    platform.put(order('O-9', { location: 'L9', changedAt: at(1) }));
    await stage.tick('orders');
    await stage.tick('orders');
    expect(await stage.notices()).toEqual([{ lane: 'order O-9', state: 'PARKED' }]);
    expect((await stage.connection())?.lastError).toContain('L9');
    await stage.hub.host.desk.update(ADMIN, stage.connectionId, { settings: { locations: { ...stage.stores, L9: stage.stores['L1'] } } });
    await stage.hub.host.drain();
    expect(await stage.orders()).toEqual([{ id: 'O-9', state: 'PAID' }]);
  });
});

describe('a feed by the business day', () => {
  const days = () =>
    platform.asked('/days').map(({ day, location, page }) => [location, day, ...(page === undefined ? [] : [page])].join(' '));

  test('is read for each location by the days of its store, whole days back', async () => {
    await connected(polling({ checks: byDay() }));
    expect([...days()].sort()).toEqual(['L1 2026-03-05', 'L1 2026-03-06', 'L2 2026-03-05', 'L2 2026-03-06']);
    expect(days().filter((text) => text.startsWith('L1'))).toEqual(['L1 2026-03-05', 'L1 2026-03-06']);
    const before = days().length;
    // 03:30 in the night to Saturday is still Friday; an hour later it is Saturday, and Friday is read to its end once more.
    await stage.tick('checks', 6 * 60);
    expect([...days().slice(before)].sort()).toEqual(['L1 2026-03-05', 'L1 2026-03-06', 'L2 2026-03-05', 'L2 2026-03-06']);
    const later = days().length;
    await stage.tick('checks', 60);
    expect(
      days()
        .slice(later)
        .filter((text) => text.startsWith('L1')),
    ).toEqual(['L1 2026-03-05', 'L1 2026-03-06', 'L1 2026-03-07']);
    await stage.tick('checks', 60);
    expect(
      days()
        .filter((text) => text.startsWith('L1'))
        .slice(-2),
    ).toEqual(['L1 2026-03-06', 'L1 2026-03-07']);
  });

  test('fetches once more what a window lacks, and takes back what is gone', async () => {
    await connected(polling({ checks: byDay() }));
    for (const n of [1, 2, 3]) platform.put(order(`O-${n}`, n === 2 ? { code: stage.code } : {}));
    await stage.tick('checks', 15);
    platform.remove('O-2');
    await stage.tick('checks', 15);
    expect(platform.requests.filter(({ path }) => path === '/orders/O-2')).toHaveLength(1);
    expect(await stage.orders()).toEqual([
      { id: 'O-1', state: 'PAID' },
      { id: 'O-2', state: 'VOIDED' },
      { id: 'O-3', state: 'PAID' },
    ]);
    expect(await stage.events()).toEqual(['ORDER_RECORDED', 'ORDER_RECORDED', 'ORDER_RECORDED', 'REDEMPTION_REVERSED', 'VOUCHER_REDEEMED']);
    await stage.tick('checks', 15);
    expect(platform.requests.filter(({ path }) => path.startsWith('/orders/'))).toHaveLength(1);
  });

  test('keeps what the platform counts to another day, and asks for it once an hour at most', async () => {
    await connected(polling({ checks: byDay() }));
    platform.put(order('O-1', { day: '2026-03-07' }));
    platform.put(order('O-2'));
    await stage.tick('checks', 15);
    platform.put(order('O-1', { day: '2026-03-06' }));
    await stage.tick('checks', 15);
    platform.put(order('O-1', { day: '2026-03-09' }));
    for (let n = 0; n < 3; n += 1) await stage.tick('checks', 15);
    expect(platform.requests.filter(({ path }) => path === '/orders/O-1')).toHaveLength(1);
    await stage.tick('checks', 61);
    expect(platform.requests.filter(({ path }) => path === '/orders/O-1')).toHaveLength(2);
    expect(await stage.orders()).toEqual([
      { id: 'O-1', state: 'PAID' },
      { id: 'O-2', state: 'PAID' },
    ]);
  });

  test('of two locations that are one store never takes the orders of the other for gone', async () => {
    await connected(polling({ checks: byDay() }), ['L1']);
    await stage.hub.host.desk.update(ADMIN, stage.connectionId, {
      settings: { locations: { L1: stage.stores['L1'], L2: stage.stores['L1'] } },
    });
    await stage.hub.host.drain();
    platform.put(order('O-1', { location: 'L1' }));
    platform.put(order('O-2', { location: 'L2' }));
    await stage.tick('checks', 15);
    await stage.tick('checks', 15);
    expect(platform.requests.filter(({ path }) => path.startsWith('/orders/'))).toEqual([]);
    expect(await stage.orders()).toEqual([
      { id: 'O-1', state: 'PAID' },
      { id: 'O-2', state: 'PAID' },
    ]);
  });

  test('says that it needs locations where there are none', async () => {
    await connected(polling({ checks: byDay() }), []);
    expect(days()).toEqual([]);
    expect((await stage.connection())?.lastError).toContain('names none');
  });
});

describe('a feed by cursor', () => {
  test('begins where the platform is, and goes on from the last cursor', async () => {
    platform.put(order('OLD', { changedAt: at(-60) }));
    await connected(polling({ changes: byCursor() }));
    for (const n of [1, 2, 3]) platform.put(order(`O-${n}`, { changedAt: at(n) }));
    await stage.tick('changes');
    await stage.tick('changes');
    expect(platform.asked('/counter')).toEqual([{}]);
    expect(platform.asked('/changes')).toEqual([{ after: '1' }, { after: '1' }, { after: '3' }, { after: '4' }]);
    expect((await stage.orders()).map(({ id }) => id)).toEqual(['O-1', 'O-2', 'O-3']);
    expect(await stage.health()).toMatchObject([{ readUpTo: at(10), lastReadAt: at(10) }]);
  });

  test('begins again at the last good time where the platform has forgotten it, and tells a person', async () => {
    await connected(polling({ changes: byCursor() }));
    platform.put(order('O-1', { changedAt: at(1) }));
    await stage.tick('changes');
    platform.put(order('O-2', { changedAt: at(6) }));
    platform.forget();
    platform.put(order('O-3', { changedAt: at(7) }));
    await stage.tick('changes');
    expect(platform.asked('/counter')).toEqual([{}, { since: at(5) }]);
    // The counter stands before O-2 then, which is forgotten too: a person has to look, and it is tried at a slower pace.
    expect(await stage.health()).toMatchObject([{ readUpTo: at(5), lastError: expect.stringContaining('CURSOR_LOST') }]);
    expect(await stage.connection()).toMatchObject({ status: 'NEEDS_ATTENTION', lastError: expect.stringContaining('CURSOR_LOST') });
  });
});
