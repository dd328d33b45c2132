import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type StandIn, startStandIn } from '@valehub/connector-kit/testing';
import { inTransaction } from '../../src/database/transaction.ts';
import { enqueueJob } from '../../src/domain/connection/outbox-queue.ts';
import { ADMIN, type ConnectorHub, rowsOf, startConnectorHub } from './support/connector-hub.ts';
import { madeUp } from './support/made-up.ts';
import { API_KEY, connectMadeUp, enqueue, jobOf } from './support/outbox.ts';

let platform: StandIn;
let running: ConnectorHub;
let connectionId: string;

beforeAll(async () => {
  platform = await startStandIn();
});
afterAll(() => platform.close());

beforeEach(async () => {
  running = await startConnectorHub({ connectors: [madeUp()], deadlines: { request: 200 } });
  connectionId = await connectMadeUp(running, platform.url);
});
afterEach(async () => {
  await running.close();
  await running.database.drop();
});

const add = (action: string, key = 'k-1', input: unknown = { n: 1 }) =>
  enqueue(running, { connectionId, verb: `actions.${action}`, key, input: input as never });
const done = (path: string) => ({ path, body: { id: 'THING-1' } });
const calls = (path: string) => platform.requests.filter((request) => request.path === path);
async function work(afterMs = 0): Promise<void> {
  running.clock.pass(afterMs);
  await running.host.drain();
}

describe('a job', () => {
  test('is done at the platform, once, and its outcome is kept', async () => {
    platform.answer([done('/safe')]);
    const id = await add('safe');
    expect(await add('safe', 'k-1', { n: 2 })).toBe(id);
    await work();
    expect(await jobOf(running, id)).toMatchObject({ status: 'DONE', outcome: { id: 'THING-1' }, failure: null });
    expect(calls('/safe').map((call) => ({ auth: call.headers['authorization'], body: JSON.parse(call.body) }))).toEqual([
      { auth: `Bearer ${API_KEY}`, body: [{ key: 'k-1', input: { n: 1 } }] },
    ]);
    expect(await add('safe')).toBe(id);
    await work();
    expect(calls('/safe')).toHaveLength(1);
  });

  test('that is not committed is not done', async () => {
    platform.answer([done('/safe')]);
    const client = await running.hub.database.pool.connect();
    await client.query('begin');
    await client.query(
      `insert into outbox_job (id, connection_id, verb, key, input, status, next_at, created_at, updated_at) values ('job_x', $1, 'actions.safe', 'x', '{}', 'PENDING', $2, $2, $2)`,
      [connectionId, new Date(running.clock.now())],
    );
    await work();
    await client.query('rollback');
    client.release();
    await work();
    expect(calls('/safe')).toHaveLength(0);
  });

  test('that is settled is told of, by its id', async () => {
    platform.answer([done('/safe')]);
    const told = new Promise<string>((resolve) => {
      running.hub.listener.on('valehub_outbox', (payload) => (payload === '' ? undefined : resolve(payload)));
    });
    const id = await add('safe');
    await work();
    expect(await told).toBe(id);
  });

  test('refused by the platform is FAILED, with the reason, and not tried again', async () => {
    platform.answer([{ path: '/safe', status: 400, body: { error: 'no' } }]);
    const id = await add('safe');
    await work();
    await work(3_600_000);
    expect(await jobOf(running, id)).toMatchObject({ status: 'FAILED', failure: { code: 'BAD_INPUT' } });
    expect(calls('/safe')).toHaveLength(1);
    expect((await running.host.desk.connection(connectionId))?.status).toBe('ACTIVE');
  });

  test('whose input is not what the action takes is FAILED without a call', async () => {
    platform.answer([done('/strict')]);
    const id = await add('strict', 'k-1', { amount: 'much' });
    await work();
    expect(await jobOf(running, id)).toMatchObject({ status: 'FAILED', failure: { code: 'BAD_INPUT', path: 'amount' } });
    expect(platform.requests).toHaveLength(0);
  });

  test.each([
    [401, 'BAD_CREDENTIALS'],
    [403, 'FORBIDDEN_SCOPE'],
    [410, 'TARGET_GONE'],
  ])('answered %i waits for a person, who is told', async (status, code) => {
    platform.answer([{ path: '/safe', status }, done('/safe')]);
    const id = await add('safe');
    await work();
    expect(await jobOf(running, id)).toMatchObject({ status: 'PARKED', failure: { code } });
    expect(await running.host.desk.connection(connectionId)).toMatchObject({
      status: 'NEEDS_ATTENTION',
      lastError: expect.stringContaining(code),
    });
    // Once the person has seen to it, it is tried again.
    await running.host.desk.update(ADMIN, connectionId, { settings: { apiKey: 'another-key-of-the-platform' } });
    await work();
    expect(await jobOf(running, id)).toMatchObject({ status: 'DONE', failure: null });
  });

  test('answered 429 waits as long as it is told, and so does everything for that platform', async () => {
    platform.answer([{ path: '/safe', status: 429, headers: { 'retry-after': '60' } }, done('/safe'), done('/may')]);
    const first = await add('safe');
    await work();
    const second = await add('may');
    await work(59_000);
    expect([await jobOf(running, first), await jobOf(running, second)]).toMatchObject([
      { status: 'PENDING', attempts: 0 },
      { status: 'PENDING', attempts: 0 },
    ]);
    expect(platform.requests).toHaveLength(1);
    await work(2_000);
    await work(60_000);
    expect([await jobOf(running, first), await jobOf(running, second)]).toMatchObject([{ status: 'DONE' }, { status: 'DONE' }]);
  });

  test('meets a platform that is down with growing pauses, and in the end a person', async () => {
    platform.answer([{ path: '/safe', status: 503 }]);
    const id = await add('safe');
    for (let round = 0; round < 30; round += 1) await work(11 * 60_000);
    expect(await jobOf(running, id)).toMatchObject({ status: 'PARKED', attempts: 10, failure: { code: 'PLATFORM_DOWN' } });
    expect(calls('/safe')).toHaveLength(10);
  });

  test('of a connector that breaks is parked, and what it said goes nowhere', async () => {
    const id = await add('broken');
    await work();
    expect(await jobOf(running, id)).toMatchObject({ status: 'PARKED', failure: { code: 'BAD_REPLY' } });
    expect(JSON.stringify(await jobOf(running, id)) + running.logged.join('')).not.toContain('somebody@example.com');
  });

  test('goes on later from where its verb left it', async () => {
    platform.answer([
      { path: '/begin', body: {} },
      { path: '/end', body: {} },
    ]);
    const id = await add('inSteps');
    await work();
    await work(59_000);
    expect(await jobOf(running, id)).toMatchObject({ status: 'PENDING' });
    await work(2_000);
    expect(await jobOf(running, id)).toMatchObject({ status: 'DONE', outcome: 'ended' });
    expect(calls('/begin')).toHaveLength(1);
    expect(calls('/end').map((call) => JSON.parse(call.body) as unknown)).toEqual([{ ticket: 'T-1' }]);
  });

  test('goes out together with others where the verb takes several', async () => {
    platform.answer([done('/many')]);
    await inTransaction(running.hub.database.pool, async (client) => {
      const draft = { connectionId, verb: 'actions.many' };
      for (let n = 0; n < 7; n += 1) await enqueueJob(client, { ...draft, key: `k-${n}`, input: n }, running.clock.now());
    });
    await work();
    expect(
      calls('/many')
        .map((call) => (JSON.parse(call.body) as unknown[]).length)
        .sort(),
    ).toEqual([1, 3, 3]);
    expect(await rowsOf(running.hub, `select status, count(*) as n from outbox_job group by status`)).toEqual([{ status: 'DONE', n: 7 }]);
  });

  test('of a paused connection waits', async () => {
    platform.answer([done('/safe')]);
    await running.host.desk.update(ADMIN, connectionId, { paused: true });
    const id = await add('safe');
    await work();
    expect(await jobOf(running, id)).toMatchObject({ status: 'PENDING' });
    await running.host.desk.update(ADMIN, connectionId, { paused: false });
    await work();
    expect(await jobOf(running, id)).toMatchObject({ status: 'DONE' });
  });
});

describe('an answer that never came', () => {
  const lost = (path: string) => ({ path, instead: 'CUT' as const });

  test.each(['safe', 'may'])('%s: is sent again', async (action) => {
    platform.answer([lost(`/${action}`), done(`/${action}`)]);
    const id = await add(action);
    await work();
    await work(5_000);
    expect(await jobOf(running, id)).toMatchObject({ status: 'DONE', attempts: 1 });
  });

  test('never: parked for a person, sent once', async () => {
    platform.answer([lost('/never'), done('/never')]);
    const id = await add('never');
    await work();
    await work(3_600_000);
    expect(await jobOf(running, id)).toMatchObject({ status: 'PARKED', inDoubt: true, failure: { unknown: true } });
    expect(calls('/never')).toHaveLength(1);
    expect((await running.host.desk.connection(connectionId))?.status).toBe('NEEDS_ATTENTION');
    // Seeing to the connection is no word on this message: nobody has said that it did not arrive.
    await running.host.desk.update(ADMIN, connectionId, {});
    await work();
    expect(await jobOf(running, id)).toMatchObject({ status: 'PARKED' });
    expect(calls('/never')).toHaveLength(1);
  });

  test('never, but the request did not even leave: sent again', async () => {
    const id = await enqueue(running, {
      connectionId: await connectMadeUp(running, 'http://127.0.0.1:1'),
      verb: 'actions.never',
      key: 'k-1',
      input: {},
    });
    await work();
    expect(await jobOf(running, id)).toMatchObject({ status: 'PENDING', inDoubt: false, failure: { code: 'PLATFORM_DOWN' } });
  });

  test('never, answered 500: it was not done, and is sent again', async () => {
    platform.answer([{ path: '/never', status: 500 }, done('/never')]);
    const id = await add('never');
    await work();
    await work(5_000);
    expect(await jobOf(running, id)).toMatchObject({ status: 'DONE' });
  });

  test('key: sent again under the same key, cut to what the platform takes', async () => {
    platform.answer([lost('/keyed'), done('/keyed')]);
    const id = await add('keyed', 'a-key-of-more-than-twenty-characters');
    await work();
    await work(5_000);
    expect(await jobOf(running, id)).toMatchObject({ status: 'DONE' });
    const keys = calls('/keyed').map((call) => (JSON.parse(call.body) as { key: string }[])[0]?.key);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).toHaveLength(20);
  });

  test('a key that the platform has forgotten by now: parked', async () => {
    platform.answer([lost('/mortal'), lost('/mortal')]);
    const id = await add('mortal');
    await work();
    await work(2 * 3_600_000);
    expect(await jobOf(running, id)).toMatchObject({ status: 'PARKED', inDoubt: true });
  });

  test('find: the platform has it, so it is not sent again', async () => {
    platform.answer([lost('/found'), { path: '/found/k-1', body: { id: 'THING-7' } }]);
    const id = await add('found');
    await work();
    await work(5_000);
    expect(await jobOf(running, id)).toMatchObject({ status: 'DONE', outcome: { id: 'THING-7' } });
    expect(calls('/found')).toHaveLength(1);
  });

  test('find: the platform does not have it, so it is sent', async () => {
    platform.answer([lost('/found'), done('/found'), { path: '/found/k-1', status: 404 }]);
    const id = await add('found');
    await work();
    await work(5_000);
    expect(await jobOf(running, id)).toMatchObject({ status: 'DONE', outcome: { id: 'THING-1' } });
    expect(platform.requests.map((request) => `${request.method} ${request.path}`)).toEqual([
      'POST /found',
      'GET /found/k-1',
      'POST /found',
    ]);
  });

  test('an answer that hangs is given up', async () => {
    platform.answer([{ path: '/never', instead: 'HANG' }]);
    const id = await add('never');
    await work();
    expect(await jobOf(running, id)).toMatchObject({ status: 'PARKED', failure: { code: 'TIMEOUT', unknown: true } });
  });
});
