import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Forger, type StandIn, startStandIn } from '@valehub/connector-kit/testing';
import { createTestDatabase, type TestDatabase } from '../helpers/postgres.ts';
import {
  ADMIN,
  type ConnectorHub,
  type ConnectorHubOptions,
  type HandClock,
  handClock,
  ledgerTypes,
  rowsOf,
  startConnectorHub,
  withVouchers,
} from './support/connector-hub.ts';
import { madeUp } from './support/made-up.ts';
import { connectMadeUp, enqueue, jobOf } from './support/outbox.ts';
import { ACCESS_TOKEN, deliver, event, LOCATION, merchantReply, orderReplies, squareForger } from './support/square-evening.ts';

let platform: StandIn;
let forger: Forger;
let database: TestDatabase;
let clock: HandClock;
let open: ConnectorHub[];
const secretKey = randomBytes(32);

beforeAll(async () => {
  platform = await startStandIn();
  forger = squareForger();
});
afterAll(() => platform.close());
beforeEach(async () => {
  database = await createTestDatabase();
  clock = handClock(Date.parse('2026-03-06T20:30:00.000Z'));
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((hub) => hub.close()));
  await database.drop();
});

/** One more process on the same database. */
async function start(options: ConnectorHubOptions = {}): Promise<ConnectorHub> {
  const hub = await startConnectorHub({ database, clock, secretKey, connectors: [madeUp()], ...options });
  open.push(hub);
  return hub;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}

/** Ends the calls that the platform has not answered. */
async function hangUp(): Promise<void> {
  await platform.close();
  platform = await startStandIn();
}

/** What the database sees of a process that was killed: its connections are gone, and with them the sign that it lives. */
async function die(hub: ConnectorHub): Promise<void> {
  const alive = `select objid::int8 as owner, pid from pg_locks join pg_database on pg_database.oid = pg_locks.database
    where datname = current_database() and locktype = 'advisory' and classid = 8254032 and objsubid = 2`;
  const killed = await rowsOf<{ owner: number }>(hub.hub, `select owner, pg_terminate_backend(pid) from (${alive}) as a`);
  const owners = killed.map(({ owner }) => owner);
  await until(async () => (await rowsOf(hub.hub, `select from (${alive}) as a where owner = any($1)`, [owners])).length === 0);
}

async function connectSquare(hub: ConnectorHub): Promise<{ url: string; code: string }> {
  const { storeId, code } = await withVouchers(hub.hub);
  platform.answer([merchantReply]);
  const { webhookUrl } = await hub.host.desk.connect(ADMIN, {
    connectorId: 'square',
    appId: null,
    name: 'Triana',
    storeId: null,
    settings: { accessToken: ACCESS_TOKEN, ...forger.secrets, apiBaseUrl: platform.url, locations: { [LOCATION]: storeId } },
  });
  return { url: webhookUrl ?? '', code };
}

const states = (hub: ConnectorHub) =>
  rowsOf<{ state: string }>(hub.hub, 'select state from notice order by id').then((rows) => rows.map((row) => row.state));

describe('a worker that dies', () => {
  test('in the middle of a notice: another takes it up at once, and it counts once', async () => {
    const dying = await start({ deadlines: { request: 60_000 } });
    const { url, code } = await connectSquare(dying);
    platform.answer([merchantReply, { path: '/v2/orders/O-1', instead: 'HANG' }]);
    await deliver(url, forger, event('order.updated', 'O-1'));
    await until(() => platform.requests.some((request) => request.path === '/v2/orders/O-1'));
    expect(await states(dying)).toEqual(['RUNNING']);
    await die(dying);
    platform.answer([merchantReply, ...orderReplies({ id: 'O-1', code })]);
    const other = await start();
    await other.host.drain();
    expect(await states(other)).toEqual(['DONE']);
    // What the first makes of it when it comes to itself changes nothing.
    await hangUp();
    await dying.host.drain();
    expect(await states(other)).toEqual(['DONE']);
    expect((await ledgerTypes(other.hub)).filter((type) => /ORDER|REDEEMED/.test(type))).toEqual(['ORDER_RECORDED', 'VOUCHER_REDEEMED']);
  });

  test.each([
    ['safe', 'DONE'],
    ['keyed', 'DONE'],
    ['never', 'PARKED'],
  ])('in the middle of a job whose verb is %s: %s', async (action, status) => {
    const dying = await start({ deadlines: { request: 60_000 } });
    const connectionId = await connectMadeUp(dying, platform.url);
    platform.answer([{ path: `/${action}`, instead: 'HANG' }]);
    const id = await enqueue(dying, { connectionId, verb: `actions.${action}`, key: 'k-1', input: {} });
    await until(() => platform.requests.length === 1);
    await die(dying);
    platform.answer([{ path: `/${action}`, body: { id: 'THING-1' } }]);
    const other = await start();
    await other.host.drain();
    clock.pass(5_000);
    await other.host.drain();
    expect(await jobOf(other, id)).toMatchObject({ status });
    expect(platform.requests).toHaveLength(status === 'DONE' ? 1 : 0);
    if (status === 'PARKED')
      expect(await other.host.desk.connection(connectionId)).toMatchObject({
        status: 'NEEDS_ATTENTION',
        lastError: expect.stringContaining('TIMEOUT'),
      });
    await hangUp();
  });

  test('and was only cut off from the database: its late answer settles the job that was parked for want of it', async () => {
    const slow = await start({ deadlines: { request: 60_000 } });
    const connectionId = await connectMadeUp(slow, platform.url);
    platform.answer([{ path: '/never', instead: 'HANG' }]);
    const id = await enqueue(slow, { connectionId, verb: 'actions.never', key: 'k-1', input: {} });
    await until(() => platform.requests.length === 1);
    await die(slow);
    const other = await start();
    await other.host.drain();
    expect(await jobOf(other, id)).toMatchObject({ status: 'PARKED', failure: { message: expect.stringContaining('The hub stopped') } });
    await hangUp();
    await slow.host.drain();
    expect(await jobOf(other, id)).toMatchObject({ status: 'PARKED', failure: { message: expect.stringContaining('broke off') } });
  });
});

describe('several processes', () => {
  test('what one takes in another works', async () => {
    const worker = await start();
    const { url, code } = await connectSquare(worker);
    const door = await start({ works: false });
    platform.answer([merchantReply, ...orderReplies({ id: 'O-1', code })]);
    expect(await deliver(url, forger, event('order.updated', 'O-1'), { to: url.replace(worker.url, door.url) })).toEqual({
      status: 200,
      text: '',
    });
    await until(async () => (await states(worker)).includes('DONE'));
  });

  test('never work on one resource at once', async () => {
    const gate = { open: (): void => undefined };
    const shut = new Promise<void>((resolve) => {
      gate.open = resolve;
    });
    let worked = 0;
    const intake = () => ({
      order: async () => {
        await shut;
        worked += 1;
        return { refused: [] };
      },
      orderGone: () => Promise.resolve(),
      event: () => Promise.resolve(),
      customer: () => Promise.resolve(null),
      customerOf: () => Promise.resolve(null),
      basketOf: () => Promise.reject(new Error('nobody asks here')),
    });
    const first = await start({ intake });
    const { url } = await connectSquare(first);
    platform.answer([merchantReply, ...orderReplies({ id: 'O-1' }), ...orderReplies({ id: 'O-2' })]);
    const running = async () => (await states(first)).filter((state) => state === 'RUNNING').length;
    for (const [n, id] of ['O-1', 'O-1', 'O-1', 'O-2'].entries())
      await deliver(url, forger, event('order.updated', id, { eventId: `e-${n}` }));
    await until(async () => (await running()) >= 2);
    // Another process finds nothing that it may begin, though two are waiting and due.
    const second = await start({ intake });
    await Promise.race([second.host.drain(), until(async () => (await running()) > 2)]);
    const seen = await states(first);
    gate.open();
    expect(seen).toEqual(['RUNNING', 'PENDING', 'PENDING', 'RUNNING']);
    await until(async () => {
      await Promise.all([first.host.drain(), second.host.drain()]);
      return (await states(first)).every((state) => state === 'DONE');
    });
    expect(worked).toBe(4);
  });

  test('share what a platform lets them ask', async () => {
    const connectors = [madeUp({ limits: [{ name: 'requests', per: 'account', unit: 'request', amount: 2, every: 'PT10S' }] })];
    const first = await start({ connectors });
    const second = await start({ connectors });
    const connectionId = await connectMadeUp(first, platform.url);
    platform.answer([{ path: '/safe', body: { id: 'THING-1' } }]);
    for (let n = 0; n < 6; n += 1) await enqueue(first, { connectionId, verb: 'actions.safe', key: `k-${n}`, input: {} });
    const counts: number[] = [];
    for (let second_ = 0; second_ <= 60; second_ += 1) {
      await Promise.all([first.host.drain(), second.host.drain()]);
      counts.push(platform.requests.length);
      clock.pass(1_000);
    }
    expect(counts.at(-1)).toBe(6);
    for (let from = 0; from + 10 < counts.length; from += 1)
      expect((counts[from + 9] ?? 0) - (counts[from - 1] ?? 0)).toBeLessThanOrEqual(2);
  });
});

test('a webhook that cannot be stored is answered 503, and taken when it comes again', async () => {
  const hub = await start();
  const { url, code } = await connectSquare(hub);
  platform.answer([merchantReply, ...orderReplies({ id: 'O-1', code })]);
  const body = event('order.updated', 'O-1');
  await hub.hub.database.pool.query('alter table webhook_delivery rename to webhook_delivery_away');
  expect((await deliver(url, forger, body)).status).toBe(503);
  await hub.hub.database.pool.query('alter table webhook_delivery_away rename to webhook_delivery');
  expect(await states(hub)).toEqual([]);
  expect((await deliver(url, forger, body)).status).toBe(200);
  await hub.host.drain();
  expect(await states(hub)).toEqual(['DONE']);
});

test('a notice whose work fails inside the hub waits and is worked later', async () => {
  let broken = true;
  const hub = await start({
    intake: () => ({
      order: () => (broken ? Promise.reject(new Error('the disk is full')) : Promise.resolve({ refused: [] })),
      orderGone: () => Promise.resolve(),
      event: () => Promise.resolve(),
      customer: () => Promise.resolve(null),
      customerOf: () => Promise.resolve(null),
      basketOf: () => Promise.reject(new Error('nobody asks here')),
    }),
  });
  const { url } = await connectSquare(hub);
  platform.answer([merchantReply, ...orderReplies({ id: 'O-1' })]);
  await deliver(url, forger, event('order.updated', 'O-1'));
  await hub.host.drain();
  expect(await states(hub)).toEqual(['PENDING']);
  broken = false;
  clock.pass(2_000);
  await hub.host.drain();
  expect(await states(hub)).toEqual(['DONE']);
});
