import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import type { Connector } from '@valehub/connector-kit';
import { startCampaignWorker } from '../../src/workflows/campaign-worker.ts';
import { hubVouchers } from '../../src/workflows/hub-vouchers.ts';
import { ADMIN, type HandClock, handClock } from '../connectors/support/connector-hub.ts';
import { at, type FeedStage, NOW, openFeedStage, order } from '../connectors/support/feed-stage.ts';
import { byDay, byTime, type PollingPlatform, polling, startPolling } from '../connectors/support/polling.ts';
import { silent } from '../helpers/basics.ts';
import { type Cuttable, openProxy } from '../helpers/proxy.ts';
import { startTestTemporal, type TestTemporal } from '../helpers/temporal.ts';
import { Sink } from './stage.ts';

const DAY = 24 * 60;
let temporal: TestTemporal;
let proxy: Cuttable;
let client: Client;
let workflowCode: string;
let platform: PollingPlatform;
let clock: HandClock;
let stage: FeedStage;
let worker: { stop(): Promise<void> };

beforeAll(async () => {
  const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));
  const bundled = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  workflowCode = bundled.code;
  const { address } = await startTestTemporal();
  proxy = await openProxy(address);
  client = new Client({ connection: await Connection.connect({ address }) });
}, 60_000);
afterAll(async () => {
  await client.connection.close();
  await proxy.cut();
});
beforeEach(async () => {
  temporal = await startTestTemporal();
  platform = await startPolling();
  clock = handClock(NOW);
});
afterEach(async () => {
  await worker.stop();
  for (const id of await schedules()) await client.schedule.getHandle(id).delete();
  await stage.close();
  await platform.close();
});

async function connected(connector: Connector): Promise<void> {
  // The platform holds requests for as long as a test wants it to; a busy machine takes its time meanwhile.
  const deadlines = { request: 300_000, feed: 300_000 };
  stage = await openFeedStage({ clock, connector, apiBaseUrl: platform.url, deadlines });
  worker = work(connector);
}

/** By way of the proxy, so that Temporal can be taken from it. */
const work = (connector: Connector) =>
  startCampaignWorker({
    hub: stage.hub.hub,
    temporal: { ...temporal, address: proxy.address },
    vouchers: hubVouchers(stage.hub.hub),
    delivery: new Sink(),
    feedsOf: () =>
      Object.entries(connector.feeds ?? {}).map(([name, { partition }]) => ({
        name,
        everyMs: 1_000,
        byLocation: partition === 'location',
      })),
    log: silent,
    workflowCode,
  });

async function schedules(): Promise<string[]> {
  const ids: string[] = [];
  for await (const { scheduleId } of client.schedule.list()) if (scheduleId.startsWith(temporal.taskQueue)) ids.push(scheduleId);
  return ids.sort();
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
}

const reads = () => platform.asked('/changed').length;
const scheduleOf = (feed: string) => `${temporal.taskQueue}/feed/${stage.connectionId}/${feed}`;
const told = () => stage.hub.hub.database.pool.query(`select pg_notify('valehub_connections', $1)`, [stage.connectionId]);
const pause = (paused: boolean) => stage.hub.host.desk.update(ADMIN, stage.connectionId, { paused });

describe('the schedule of a feed', () => {
  test('is made for each feed of a connection, reads it at intervals, and goes with a pause', async () => {
    await connected(polling({ orders: byTime(), checks: byDay() }));
    await until(async () => (await schedules()).length === 2);
    expect(await schedules()).toEqual([scheduleOf('checks'), scheduleOf('orders')]);
    const before = reads();
    platform.put(order('O-1', { changedAt: at(0), code: stage.code }));
    clock.pass(60_000);
    await until(async () => reads() >= before + 3 && (await stage.orders()).length === 1);
    expect(platform.asked('/days').map(({ location }) => location)).toEqual(expect.arrayContaining(['L1', 'L2']));
    const { policies, spec } = await client.schedule.getHandle(scheduleOf('orders')).describe();
    expect(policies).toMatchObject({ overlap: 'SKIP' });
    expect(spec.intervals).toMatchObject([{ every: 1_000 }]);

    await pause(true);
    await until(async () => (await schedules()).length === 0);
    await pause(false);
    await until(async () => (await schedules()).length === 2);
    const then = reads();
    await until(() => reads() >= then + 2);
  }, 90_000);

  test('waits while the feed is being read', async () => {
    await connected(polling({ orders: byTime() }));
    await until(() => reads() >= 2);
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    let waiting = 0;
    platform.onRequest = async ({ path }) => {
      if (path !== '/changed') return;
      waiting += 1;
      await held;
    };
    await until(() => waiting === 1);
    const skipped = async () => (await client.schedule.getHandle(scheduleOf('orders')).describe()).info.numActionsSkippedOverlap;
    const before = await skipped();
    await until(async () => (await skipped()) >= before + 2);
    expect(waiting).toBe(1);
    platform.onRequest = null;
    letGo();
    const then = reads();
    await until(() => reads() >= then + 2);
  }, 60_000);

  test('is made again where Temporal has lost it, and after Temporal was away', async () => {
    await connected(polling({ orders: byTime() }));
    await until(async () => (await schedules()).length === 1);
    await proxy.cut();
    await client.schedule.getHandle(scheduleOf('orders')).delete();
    await until(async () => (await schedules()).length === 0);
    await told();
    await proxy.mend();
    await until(async () => (await schedules()).length === 1);
    const then = reads();
    await until(() => reads() >= then + 2);
  }, 90_000);

  test('follows a connector that wants to be read at another interval, and goes where the feed goes', async () => {
    const connector = polling({ orders: byTime() });
    await connected(connector);
    await until(async () => (await schedules()).length === 1);
    await client.schedule.getHandle(scheduleOf('orders')).update((known) => ({ ...known, spec: { intervals: [{ every: '1 hour' }] } }));
    const every = async () => (await client.schedule.getHandle(scheduleOf('orders')).describe()).spec.intervals?.[0]?.every;
    await until(async () => {
      await told();
      return (await every()) === 1_000;
    });
    await worker.stop();
    worker = work(polling({ checks: byDay() }));
    await until(async () => (await schedules())[0] === scheduleOf('checks'));
    expect(await schedules()).toHaveLength(1);
  }, 90_000);
});

describe('a back-fill', () => {
  const start = (days: number) =>
    stage.hub.host.backfills.start(ADMIN, { connectionId: stage.connectionId, days, from: null, to: null, feeds: null });
  const shown = (id: string) => stage.hub.host.backfills.backfill(id);
  const idOf = (id: string) => `${temporal.taskQueue}/backfill/${id}`;
  /** Windows of a day: the schedule asks for minutes. */
  const days = () =>
    platform.asked('/changed').flatMap(({ from = '', to = '' }) => (Date.parse(to) - Date.parse(from) === DAY * 60_000 ? [from] : []));

  /** Stops at the n-th window until it is let go. */
  function holdAt(nth: number): { reached(): boolean; letGo(): void } {
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    let reached = false;
    platform.onRequest = async () => {
      if (days().length < nth || reached) return;
      reached = true;
      await held;
    };
    return { reached: () => reached, letGo };
  }

  test('is played window by window to its end', async () => {
    await connected(polling({ orders: byTime({ longest: 'P1D' }) }));
    for (const n of [1, 2, 3]) platform.put(order(`O-${n}`, { changedAt: at(-n * DAY), placedAt: at(-n * DAY) }));
    const { id } = await start(4);
    await until(async () => (await shown(id))?.state === 'DONE');
    expect(await shown(id)).toMatchObject({ windowsDone: 4, windowsTotal: 4, factsTaken: 3 });
    await until(async () => (await stage.orders()).length === 3);
    expect(days()).toEqual([4, 3, 2, 1].map((n) => at(-n * DAY)));
    await client.workflow.getHandle(idOf(id)).result();
  }, 60_000);

  test('goes on where it was after the worker and Temporal were away, and after Temporal has lost it', async () => {
    const connector = polling({ orders: byTime({ longest: 'P1D' }) });
    await connected(connector);
    for (const n of [1, 2, 3, 4, 5]) platform.put(order(`O-${n}`, { changedAt: at(-n * DAY), placedAt: at(-n * DAY) }));
    const second = holdAt(2);
    const { id } = await start(6);
    await until(second.reached);
    await proxy.cut();
    await worker.stop();
    second.letGo();
    await until(async () => (await shown(id))?.windowsDone === 2);
    await proxy.mend();
    const fourth = holdAt(4);
    worker = work(connector);
    await until(fourth.reached);
    await client.workflow.getHandle(idOf(id)).terminate('lost');
    platform.onRequest = null;
    fourth.letGo();
    await stage.hub.hub.database.pool.query(`select pg_notify('valehub_feeds', $1)`, [id]);
    await until(async () => (await shown(id))?.state === 'DONE');
    expect(days()).toEqual([6, 5, 4, 3, 2, 1].map((n) => at(-n * DAY)));
    await until(async () => (await stage.orders()).length === 5);
  }, 120_000);

  test('that is cancelled in Temporal says so, and one that is cancelled here ends there', async () => {
    await connected(polling({ orders: byTime({ longest: 'P1D' }) }));
    const held = holdAt(1);
    const first = await start(3);
    await until(held.reached);
    await client.workflow.getHandle(idOf(first.id)).cancel();
    await until(async () => (await shown(first.id))?.state === 'CANCELLED');
    held.letGo();
    const again = holdAt(days().length + 1);
    const second = await start(3);
    await until(again.reached);
    await stage.hub.host.backfills.cancel(ADMIN, second.id);
    again.letGo();
    platform.onRequest = null;
    await client.workflow.getHandle(idOf(second.id)).result();
    expect(await shown(second.id)).toMatchObject({ state: 'CANCELLED' });
  }, 60_000);
});
