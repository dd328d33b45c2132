import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CallError, type Connector, type Limit } from '@valehub/connector-kit';
import { ADMIN, type ConnectorHub, type HandClock, handClock, rowsOf, startConnectorHub } from './support/connector-hub.ts';
import { at, type FeedStage, NOW, openFeedStage, order } from './support/feed-stage.ts';
import { byCursor, byDay, byTime, type PollingPlatform, polling, startPolling, thin } from './support/polling.ts';

let platform: PollingPlatform;
let clock: HandClock;
let stage: FeedStage;
const others: ConnectorHub[] = [];
const secretKey = randomBytes(32);

beforeEach(async () => {
  platform = await startPolling();
  clock = handClock(NOW);
});
afterEach(async () => {
  await platform.close();
  for (const hub of others.splice(0)) await hub.close();
  await stage.close();
});

async function connected(connector: Connector, given: { readonly works?: boolean } = {}): Promise<void> {
  stage = await openFeedStage({ clock, connector, apiBaseUrl: platform.url, secretKey, ...given });
}

/** One more process on the same database. */
async function another(connector: Connector): Promise<ConnectorHub> {
  const hub = await startConnectorHub({ connectors: [connector], clock, database: stage.hub.database, secretKey });
  others.push(hub);
  return hub;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}

/** What the database sees of a process that was killed. */
async function die(hub: ConnectorHub): Promise<void> {
  const alive = `select objid::int8 as owner, pid from pg_locks join pg_database on pg_database.oid = pg_locks.database
    where datname = current_database() and locktype = 'advisory' and classid = 8254032 and objsubid = 2`;
  const killed = await rowsOf<{ owner: number }>(hub.hub, `select owner, pg_terminate_backend(pid) from (${alive}) as a`);
  const owners = killed.map(({ owner }) => owner);
  await until(async () => (await rowsOf(hub.hub, `select from (${alive}) as a where owner = any($1)`, [owners])).length === 0);
}

const pages = () => platform.asked('/changed').map(({ page }) => page ?? '0');
const ids = async () => (await stage.orders()).map(({ id }) => id);
const five = (): void => {
  for (const n of [1, 2, 3, 4, 5]) platform.put(order(`O-${n}`, { changedAt: at(1) }));
};

describe('a platform that slows down', () => {
  test('by 429 is left alone for as long as it says, and read on from that page', async () => {
    await connected(polling({ orders: byTime() }));
    five();
    platform.failNext({ status: 429, headers: { 'retry-after': '90' } });
    await stage.tick('orders');
    expect(pages().slice(1)).toEqual(['0']);
    expect(await stage.health()).toMatchObject([{ lastError: null }]);
    clock.pass(60_000);
    await stage.hub.host.drain();
    expect(pages().slice(1)).toEqual(['0']);
    clock.pass(31_000);
    await stage.hub.host.drain();
    expect(pages().slice(1)).toEqual(['0', '0', '2', '4']);
    expect(await ids()).toHaveLength(5);
    expect(await stage.connection()).toMatchObject({ status: 'ACTIVE', lastError: null });
  });

  test('by a limit that the hub keeps itself is asked no faster, and read to the end', async () => {
    const limits: Limit[] = [{ name: 'calls', per: 'account', unit: 'request', amount: 1, every: 'PT1M' }];
    await connected(polling({ orders: byTime() }, limits));
    five();
    await stage.tick('orders');
    for (const count of [1, 2, 3]) {
      expect(pages().slice(1)).toHaveLength(count);
      clock.pass(60_000);
      await stage.hub.host.drain();
    }
    expect(await ids()).toHaveLength(5);
  });

  test('in the middle of things that have to be fetched loses none of them', async () => {
    const limits: Limit[] = [{ name: 'calls', per: 'account', unit: 'request', amount: 2, every: 'PT1M', burst: 2 }];
    await connected(polling({ orders: thin() }, limits));
    platform.put(order('O-1', { changedAt: at(1) }));
    platform.put(order('O-2', { changedAt: at(1) }));
    await stage.tick('orders');
    for (let minutes = 0; minutes < 5; minutes += 1) {
      clock.pass(60_000);
      await stage.hub.host.drain();
    }
    expect(await ids()).toEqual(['O-1', 'O-2']);
    platform.put(order('O-1', { changedAt: at(12), cents: 3_000 }));
    platform.put(order('O-2', { changedAt: at(12), cents: 3_000 }));
    await stage.tick('orders');
    for (let minutes = 0; minutes < 5; minutes += 1) {
      clock.pass(60_000);
      await stage.hub.host.drain();
    }
    expect(await rowsOf(stage.hub.hub, `select (priced -> 'due')::int as due from orders`)).toEqual([{ due: 3_000 }, { due: 3_000 }]);
  });
});

describe('a platform that refuses', () => {
  test.each([
    [403, 'FORBIDDEN_SCOPE'],
    [401, 'BAD_CREDENTIALS'],
    [404, 'NOT_FOUND'],
    [501, 'NOT_SUPPORTED'],
  ])(
    'with %i is shown to a person and tried at a slower pace, and what it keeps is read when it is mended',
    async (status, failureCode) => {
      await connected(polling({ orders: byTime() }));
      platform.put(order('O-1', { changedAt: at(1) }));
      platform.failNext({ status }, { status });
      await stage.tick('orders');
      expect(await stage.health()).toMatchObject([{ readUpTo: at(0), lastReadAt: at(0), lastError: expect.stringContaining(failureCode) }]);
      expect(await stage.connection()).toMatchObject({ status: 'NEEDS_ATTENTION', lastError: expect.stringContaining(failureCode) });
      await stage.tick('orders', 5);
      await stage.tick('orders', 5);
      expect(pages().slice(1)).toHaveLength(1);
      await stage.tick('orders', 5);
      expect(pages().slice(1)).toHaveLength(2);
      await stage.tick('orders', 15);
      expect(pages().slice(1)).toHaveLength(2);
      await stage.tick('orders', 15);
      expect(await ids()).toEqual(['O-1']);
      expect(await stage.health()).toMatchObject([{ readUpTo: at(50), lastError: null }]);
      expect(await stage.connection()).toMatchObject({ status: 'ACTIVE', lastError: null });
    },
  );

  test('is tried at once when a person has set the connection right', async () => {
    await connected(polling({ orders: byTime() }));
    platform.put(order('O-1', { changedAt: at(1) }));
    platform.failNext({ status: 401 });
    await stage.tick('orders');
    await stage.hub.host.desk.update(ADMIN, stage.connectionId, { settings: { apiKey: 'another' } });
    await stage.hub.host.drain();
    expect(await ids()).toEqual(['O-1']);
    expect(await stage.connection()).toMatchObject({ status: 'ACTIVE' });
  });

  test('for one location is read for the others', async () => {
    const forL2 = byTime({ partition: 'location' });
    const read = forL2.read as (ctx: { location?: string }, window: never) => Promise<never>;
    const feed = {
      ...forL2,
      read: (ctx: { location?: string }, window: never) => {
        if (ctx.location === 'L2') throw new CallError({ code: 'TARGET_GONE', message: 'The till was taken off.' });
        return read(ctx, window);
      },
    } as typeof forL2;
    await connected(polling({ orders: feed }));
    platform.put(order('O-1', { changedAt: at(1) }));
    await stage.tick('orders', 20);
    expect(await ids()).toEqual(['O-1']);
    expect(await stage.health()).toMatchObject([
      { location: 'L1', readUpTo: at(20), lastError: null },
      { location: 'L2', readUpTo: null, lastError: 'TARGET_GONE. The till was taken off.' },
    ]);
  });

  test('in the middle of a window is asked for the whole window again', async () => {
    await connected(polling({ orders: byTime() }));
    five();
    platform.onRequest = ({ query }) => {
      if (query.get('page') === '2') platform.failNext({ status: 400 });
      return undefined;
    };
    await stage.tick('orders');
    platform.onRequest = null;
    await stage.tick('orders', 20);
    expect(pages().slice(1)).toEqual(['0', '2', '4', '0', '2', '4', '0', '2', '4']);
    expect(await ids()).toHaveLength(5);
    expect(await stage.notices()).toHaveLength(5);
  });

  test('is spared after its quota is spent, and a person hears of it', async () => {
    await connected(polling({ orders: byTime() }));
    platform.failNext({ status: 402 });
    await stage.tick('orders');
    expect(await stage.connection()).toMatchObject({ status: 'NEEDS_ATTENTION', lastError: expect.stringContaining('QUOTA_SPENT') });
    clock.pass(59 * 60_000);
    await stage.hub.host.drain();
    expect(pages().slice(1)).toHaveLength(1);
    clock.pass(60_000);
    await stage.hub.host.drain();
    expect(pages().slice(1)).toHaveLength(2);
    expect(await stage.connection()).toMatchObject({ status: 'ACTIVE' });
  });
});

test('a platform that is down is waited for, and a person is told when that lasts', async () => {
  await connected(polling({ orders: byTime() }));
  platform.put(order('O-1', { changedAt: at(1) }));
  platform.failNext(...Array.from({ length: 10 }, () => ({ status: 503 })));
  await stage.tick('orders');
  expect(await stage.health()).toMatchObject([{ lastError: expect.stringContaining('PLATFORM_DOWN') }]);
  expect(await stage.connection()).toMatchObject({ status: 'ACTIVE', lastError: null });
  for (let n = 0; n < 12; n += 1) {
    clock.pass(10 * 60_000);
    await stage.hub.host.drain();
    if (pages().length === 11) expect(await stage.connection()).toMatchObject({ status: 'NEEDS_ATTENTION' });
  }
  expect(await ids()).toEqual(['O-1']);
  expect(await stage.connection()).toMatchObject({ status: 'ACTIVE', lastError: null });
});

test.each([
  ['says that there is more, and not where', { facts: [], more: true }],
  ['leads to itself', { facts: [], more: true, next: '7' }],
])('a page that %s is a fault of the connector, and is not read for ever', async (_what, page) => {
  await connected(polling({ changes: byCursor({ first: () => '7', read: () => page } as never) }));
  expect(await stage.health()).toMatchObject([{ lastError: expect.stringContaining('BAD_REPLY') }]);
});

describe('a cursor that the platform has forgotten', () => {
  test('begins again at the last good time, without doubles, and a person is told', async () => {
    await connected(polling({ changes: byCursor() }));
    platform.put(order('O-1', { changedAt: at(1), code: stage.code }));
    await stage.tick('changes');
    platform.put(order('O-2', { changedAt: at(6) }));
    platform.failNext({ status: 410 });
    await stage.tick('changes');
    expect(platform.asked('/counter')).toEqual([{}, { since: at(5) }]);
    expect(await ids()).toEqual(['O-1', 'O-2']);
    expect(await stage.connection()).toMatchObject({ status: 'ACTIVE', lastError: expect.stringContaining('has forgotten') });
    expect(await stage.health()).toMatchObject([{ readUpTo: at(10), lastError: null }]);
  });

  test('at once again is for a person to look at', async () => {
    await connected(polling({ changes: byCursor() }));
    platform.put(order('O-1', { changedAt: at(1) }));
    platform.failNext({ status: 410 }, { status: 200, body: { cursor: '0' } }, { status: 410 });
    await stage.tick('changes');
    expect(await stage.connection()).toMatchObject({ status: 'NEEDS_ATTENTION', lastError: expect.stringContaining('CURSOR_LOST') });
    await stage.tick('changes', 30);
    expect(await ids()).toEqual(['O-1']);
  });
});

describe('several processes', () => {
  test('one that dies in the middle is followed by another, at the page that it was at, and everything counts once', async () => {
    const connector = polling({ orders: byTime() });
    await connected(connector);
    five();
    platform.put(order('O-1', { changedAt: at(1), code: stage.code }));
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    let reached = false;
    platform.onRequest = async ({ query }) => {
      if (query.get('page') !== '2' || reached) return;
      reached = true;
      await held;
    };
    clock.pass(5 * 60_000);
    await stage.hub.host.feeds.ask(stage.connectionId, 'orders');
    await until(() => reached);
    await die(stage.hub);
    const other = await another(connector);
    await other.host.drain();
    expect(pages().slice(1)).toEqual(['0', '2', '2', '4', '0', '2', '4']);
    expect(await ids()).toHaveLength(5);
    // What the first makes of its page when it comes to itself changes nothing.
    letGo();
    await until(async () => (await rowsOf(stage.hub.hub, 'select from notice')).length === 5);
    await stage.hub.host.drain();
    expect(await stage.notices()).toHaveLength(5);
    expect(await stage.events()).toEqual([...Array.from({ length: 5 }, () => 'ORDER_RECORDED'), 'VOUCHER_REDEEMED']);
    expect(await stage.health()).toMatchObject([{ readUpTo: at(5) }]);
  });

  test('one that ends leaves the rest of a window to another', async () => {
    const connector = polling({ orders: byTime() });
    await connected(connector, { works: false });
    const ending = await startConnectorHub({ connectors: [connector], clock, database: stage.hub.database, secretKey });
    await ending.host.drain();
    five();
    let closed: Promise<void> | undefined;
    platform.onRequest = () => {
      closed ??= ending.close();
      return undefined;
    };
    clock.pass(5 * 60_000);
    await stage.hub.host.feeds.ask(stage.connectionId, 'orders');
    await until(() => closed !== undefined);
    await closed;
    expect(pages().slice(1)).toEqual(['0']);
    const other = await another(connector);
    await other.host.drain();
    expect(pages().slice(1)).toEqual(['0', '2', '4', '0', '2', '4']);
    expect(await ids()).toHaveLength(5);
  });

  test('read one feed one at a time', async () => {
    const connector = polling({ orders: byTime() });
    await connected(connector);
    const other = await another(connector);
    five();
    let underWay = 0;
    let most = 0;
    platform.onRequest = async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
    };
    for (let n = 0; n < 5; n += 1) {
      clock.pass(60_000);
      await Promise.all([stage.hub, other].map(({ host }) => host.feeds.ask(stage.connectionId, 'orders')));
      await Promise.all([stage.hub, other].map(({ host }) => host.drain()));
    }
    expect(most).toBe(1);
    expect(await ids()).toHaveLength(5);
    expect(await stage.notices()).toHaveLength(5);
  });
});

test('neither facts nor position are kept without the other: what could not be stored is read again', async () => {
  await connected(polling({ checks: byDay() }));
  platform.put(order('O-1', { code: stage.code }));
  const { pool } = stage.hub.hub.database;
  const positions = () => rowsOf(stage.hub.hub, 'select location, position, read_up_to from feed_reading order by location');
  const before = await positions();
  await pool.query('alter table notice rename column content_hash to content_hash_away');
  clock.pass(15 * 60_000);
  await stage.hub.host.feeds.ask(stage.connectionId, 'checks');
  await until(async () => (await rowsOf(stage.hub.hub, 'select from feed_reading where failures > 0')).length === 2);
  expect(await positions()).toEqual(before);
  await pool.query('alter table notice rename column content_hash_away to content_hash');
  clock.pass(60_000);
  await stage.hub.host.drain();
  expect(await stage.events()).toEqual(['ORDER_RECORDED', 'VOUCHER_REDEEMED']);
});
