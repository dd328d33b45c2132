import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Connector, Limit } from '@valehub/connector-kit';
import type { FactIntake } from '../../src/connectors/facts/fact-intake.ts';
import { hubIntake } from '../../src/connectors/facts/hub-intake.ts';
import { askBackfill } from '../../src/domain/feed/backfill-queue.ts';
import type { BackfillDraft } from '../../src/domain/feed/feed.types.ts';
import type { Hub } from '../../src/domain/hub.ts';
import { ADMIN, type HandClock, handClock, rowsOf } from './support/connector-hub.ts';
import { at, type FeedStage, NOW, openFeedStage, order } from './support/feed-stage.ts';
import { byCursor, byDay, byTime, type PollingPlatform, polling, startPolling } from './support/polling.ts';

let platform: PollingPlatform;
let clock: HandClock;
let stage: FeedStage;
const HOUR = 60;
const DAY = 24 * HOUR;

beforeEach(async () => {
  platform = await startPolling();
  clock = handClock(NOW);
});
afterEach(async () => {
  await platform.close();
  await stage.close();
});

async function connected(connector: Connector, intake?: (hub: Hub) => FactIntake): Promise<void> {
  stage = await openFeedStage({ clock, connector, apiBaseUrl: platform.url, ...(intake ? { intake } : {}) });
}

async function start(given: Partial<BackfillDraft>): Promise<string> {
  const draft = { connectionId: stage.connectionId, days: null, from: null, to: null, feeds: null, ...given };
  return (await stage.hub.host.backfills.start(ADMIN, draft)).id;
}

/** What its workflow does until it is over, or so often. */
async function play(id: string, steps = 100): Promise<void> {
  for (let step = 0; step < steps; step += 1) {
    if ((await askBackfill(stage.hub.hub.database.pool, id, clock.now())) !== 'RUNNING') return;
    await stage.hub.host.drain();
  }
}

const shown = async (id: string) => stage.hub.host.backfills.backfill(id);
const windows = () => platform.asked('/changed').map(({ from, to, page }) => [from, to, ...(page === undefined ? [] : [page])].join(' '));

describe('a back-fill', () => {
  test('by time reads the windows of the past, one after the other, and tells how far it is', async () => {
    await connected(polling({ orders: byTime({ longest: 'P1D' }) }));
    const before = windows().length;
    for (const n of [1, 2, 3]) platform.put(order(`O-${n}`, { changedAt: at(-2 * DAY + n), placedAt: at(-2 * DAY) }));
    platform.put(order('O-9', { changedAt: at(-9 * DAY), placedAt: at(-9 * DAY) }));
    const id = await start({ days: 3 });
    expect(await shown(id)).toMatchObject({
      state: 'RUNNING',
      windowsTotal: 3,
      windowsDone: 0,
      factsTaken: 0,
      from: at(-3 * DAY),
      to: at(0),
    });
    await play(id, 2);
    expect(await shown(id)).toMatchObject({ state: 'RUNNING', windowsDone: 2, factsTaken: 3 });
    await play(id);
    expect(windows().slice(before)).toEqual([
      `${at(-3 * DAY)} ${at(-2 * DAY)}`,
      `${at(-2 * DAY)} ${at(-1 * DAY)}`,
      `${at(-2 * DAY)} ${at(-1 * DAY)} 2`,
      `${at(-1 * DAY)} ${at(0)}`,
    ]);
    expect(await shown(id)).toMatchObject({ state: 'DONE', windowsDone: 3, factsTaken: 3, lastError: null, endedAt: at(0) });
    expect((await stage.orders()).map((one) => one.id)).toEqual(['O-1', 'O-2', 'O-3']);
    // What the schedule reads is not moved by it.
    expect(await stage.health()).toMatchObject([{ readUpTo: at(0) }]);
  });

  test('reads each location’s business days, no further back than the platform keeps them, and takes nothing back', async () => {
    await connected(polling({ checks: byDay({ reach: 'P4D' }) }));
    platform.put(order('O-1', { day: '2026-03-04', placedAt: at(-2 * DAY), code: stage.code }));
    await play(await start({ from: at(-10 * DAY), to: at(-DAY) }));
    expect((await stage.orders()).map(({ state }) => state)).toEqual(['PAID']);
    platform.remove('O-1');
    clock.pass(60_000);
    const before = platform.requests.length;
    const id = await start({ from: at(-10 * DAY), to: at(-DAY) });
    await play(id);
    expect(await shown(id)).toMatchObject({ state: 'DONE', windowsTotal: 8, windowsDone: 8, factsTaken: 0 });
    const asked = platform.requests.slice(before).map(({ path, query }) => [path, query.get('location'), query.get('day')].join(' '));
    const days = ['02', '03', '04', '05'].map((day) => `2026-03-${day}`);
    expect(asked).toEqual(['L1', 'L2'].flatMap((location) => days.map((day) => `/days ${location} ${day}`)));
    expect((await stage.orders()).map(({ state }) => state)).toEqual(['PAID']);
  });

  test('by cursor begins where the platform was then, and reads up to now', async () => {
    platform.put(order('OLD', { changedAt: at(-3 * DAY), placedAt: at(-3 * DAY) }));
    for (const n of [1, 2, 3]) platform.put(order(`O-${n}`, { changedAt: at(-DAY + n), placedAt: at(-DAY) }));
    await connected(polling({ changes: byCursor() }));
    const id = await start({ days: 2 });
    await play(id);
    expect(platform.asked('/counter').at(-1)).toEqual({ since: at(-2 * DAY) });
    expect((await stage.orders()).map((one) => one.id)).toEqual(['O-1', 'O-2', 'O-3']);
    expect(await shown(id)).toMatchObject({ state: 'DONE', windowsTotal: 1, windowsDone: 1, factsTaken: 3 });
  });

  test('may be of chosen feeds, and counts what is known already as nothing new', async () => {
    platform.put(order('O-1', { changedAt: at(-5), placedAt: at(-5) }));
    await connected(polling({ orders: byTime(), changes: byCursor() }));
    const id = await start({ days: 1, feeds: ['orders'] });
    await play(id);
    expect(platform.asked('/counter')).toEqual([{}]);
    expect(await shown(id)).toMatchObject({ feeds: ['orders'], factsTaken: 0, state: 'DONE' });
    expect(await stage.notices()).toHaveLength(1);
  });
});

describe('what is of today goes first', () => {
  const pending = async () => {
    const insert = `insert into notice (connection_id, topic, lane, body, signed, state, next_at, received_at) values ($1, 't', 'lane', '{}', true, 'PENDING', $2, $2) returning id`;
    const [row] = await rowsOf<{ id: number }>(stage.hub.hub, insert, [stage.connectionId, new Date(clock.now())]);
    return row?.id;
  };

  test('a back-fill waits while notices do, also in the middle of a window', async () => {
    await connected(polling({ orders: byTime() }));
    for (const n of [1, 2, 3]) platform.put(order(`O-${n}`, { changedAt: at(-DAY), placedAt: at(-DAY) }));
    const before = windows().length;
    const id = await start({ days: 2 });
    let notice: number | undefined;
    // It comes while the first page is read, and is not worked for a while.
    platform.onRequest = async ({ path }) => {
      if (path !== '/changed' || notice !== undefined) return;
      notice = await pending();
      await stage.hub.hub.database.pool.query(`update notice set state = 'RUNNING' where id = $1`, [notice]);
    };
    await play(id, 1);
    expect(windows().length - before).toBe(1);
    clock.pass(10_000);
    await play(id, 1);
    expect(windows().length - before).toBe(1);
    await stage.hub.hub.database.pool.query(`update notice set state = 'DONE' where id = $1`, [notice]);
    clock.pass(10_000);
    await play(id);
    expect(windows().length - before).toBe(2);
    expect((await stage.orders()).map((one) => one.id)).toEqual(['O-1', 'O-2', 'O-3']);
  });

  test('its notices are worked after all others', async () => {
    const worked: string[] = [];
    const intake = (hub: Hub): FactIntake => ({
      ...hubIntake(hub),
      order: async ({ order: { externalId } }) => {
        worked.push(externalId);
        return { refused: [] };
      },
    });
    await connected(polling({ orders: byTime() }), intake);
    platform.put(order('PAST', { changedAt: at(-DAY), placedAt: at(-DAY) }));
    await play(await start({ days: 2 }));
    platform.put(order('TODAY', { changedAt: at(1) }));
    await stage.tick('orders');
    // Both again, as if they had not been worked yet.
    worked.length = 0;
    await stage.hub.hub.database.pool.query(`update notice set state = 'PENDING', settled_at = null`);
    await stage.hub.host.drain();
    expect(worked).toEqual(['TODAY', 'PAST']);
  });

  test('it takes at most half of what the platform lets us ask', async () => {
    const limits: Limit[] = [{ name: 'calls', per: 'account', unit: 'request', amount: 10, every: 'PT1M' }];
    await connected(polling({ orders: byTime({ longest: 'PT1H' }) }, limits));
    clock.pass(120_000);
    const id = await start({ days: 1 });
    const counts: number[] = [];
    const before = windows().length;
    for (let seconds = 0; seconds < 600; seconds += 5) {
      await play(id, 10);
      counts.push(windows().length - before);
      clock.pass(5_000);
    }
    await play(id);
    expect(await shown(id)).toMatchObject({ state: 'DONE', windowsDone: 24 });
    for (let from = 0; from + 12 < counts.length; from += 1) expect((counts[from + 12] ?? 0) - (counts[from] ?? 0)).toBeLessThanOrEqual(5);
  });
});

describe('a back-fill that does not go well', () => {
  test('waits for a platform that slows down or is down', async () => {
    await connected(polling({ orders: byTime() }));
    platform.put(order('O-1', { changedAt: at(-DAY), placedAt: at(-DAY) }));
    const id = await start({ days: 2 });
    platform.failNext({ status: 503 }, { status: 429, headers: { 'retry-after': '30' } });
    await play(id, 1);
    expect(await shown(id)).toMatchObject({ state: 'RUNNING', lastError: expect.stringContaining('PLATFORM_DOWN') });
    for (let n = 0; n < 3; n += 1) {
      clock.pass(31_000);
      await play(id, 1);
    }
    expect(await shown(id)).toMatchObject({ state: 'DONE', factsTaken: 1, lastError: null });
  });

  test('gives up the part that is refused, reads the others, and says why', async () => {
    await connected(polling({ orders: byTime(), changes: byCursor() }));
    platform.put(order('O-1', { changedAt: at(-DAY), placedAt: at(-DAY) }));
    const id = await start({ days: 2 });
    platform.failNext({ status: 403 });
    await play(id);
    expect(await shown(id)).toMatchObject({
      state: 'FAILED',
      windowsTotal: 2,
      windowsDone: 1,
      lastError: expect.stringContaining('FORBIDDEN_SCOPE'),
    });
    expect((await stage.orders()).map((one) => one.id)).toEqual(['O-1']);
    expect(await stage.connection()).toMatchObject({ status: 'ACTIVE', lastError: expect.stringContaining('further back') });
  });

  test('is cancelled, keeps what it has read, and leaves room for another', async () => {
    await connected(polling({ orders: byTime({ longest: 'P1D' }) }));
    platform.put(order('O-1', { changedAt: at(-2.5 * DAY), placedAt: at(-2.5 * DAY) }));
    const id = await start({ days: 3 });
    await expect(start({ days: 1 })).rejects.toMatchObject({ code: 'CONFLICT' });
    await play(id, 1);
    expect(await stage.hub.host.backfills.cancel(ADMIN, id)).toMatchObject({ state: 'CANCELLED', windowsDone: 1 });
    const asked = windows().length;
    await play(id);
    expect(windows()).toHaveLength(asked);
    expect(await stage.orders()).toHaveLength(1);
    expect(await stage.hub.host.backfills.cancel(ADMIN, id)).toMatchObject({ state: 'CANCELLED' });
    clock.pass(1);
    const next = await start({ days: 1 });
    expect((await stage.hub.host.backfills.backfills(stage.connectionId)).map((one) => one.id)).toEqual([next, id]);
  });

  test('stands still while the connection is paused', async () => {
    await connected(polling({ orders: byTime({ longest: 'P1D' }) }));
    const id = await start({ days: 2 });
    await play(id, 1);
    await stage.hub.host.desk.update(ADMIN, stage.connectionId, { paused: true });
    const asked = windows().length;
    await play(id, 3);
    expect(windows()).toHaveLength(asked);
    await stage.hub.host.desk.update(ADMIN, stage.connectionId, { paused: false });
    await play(id);
    expect(await shown(id)).toMatchObject({ state: 'DONE' });
  });
});

describe('a back-fill is refused', () => {
  const MARKETING = { ...ADMIN, role: 'MARKETING' } as const;

  test.each([
    ['without a span', {}, 'input.days'],
    ['with two', { days: 1, from: at(-DAY) }, 'input.days'],
    ['for no days', { days: 0 }, 'input.days'],
    ['for more than ten years', { days: 4_000 }, 'input.days'],
    ['that ends in the future', { from: at(-DAY), to: at(1) }, 'input.to'],
    ['that ends before it begins', { from: at(-DAY), to: at(-2 * DAY) }, 'input.from'],
    ['with `to` and days', { days: 1, to: at(-1) }, 'input.to'],
    ['of a feed that is not there', { days: 1, feeds: ['orders', 'plates'] }, 'input.feeds[1]'],
    ['of no feed', { days: 1, feeds: [] }, 'input.feeds'],
  ])('%s', async (_what, given, path) => {
    await connected(polling({ orders: byTime() }));
    await expect(start(given)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      faults: expect.arrayContaining([expect.objectContaining({ path })]),
    });
  });

  test('to whoever is no administrator, and of what is not there', async () => {
    await connected(polling({ orders: byTime() }));
    const { backfills } = stage.hub.host;
    const draft = { connectionId: stage.connectionId, days: 1, from: null, to: null, feeds: null };
    await expect(backfills.start(MARKETING, draft)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(backfills.cancel(MARKETING, 'bfl_0')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(start({ days: 1, connectionId: 'con_0' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(backfills.cancel(ADMIN, 'bfl_0')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
