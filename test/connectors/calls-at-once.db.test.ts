import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Connector, z } from '@valehub/connector-kit';
import { type StandIn, startStandIn } from '@valehub/connector-kit/testing';
import { type ConnectorHub, rowsOf, startConnectorHub } from './support/connector-hub.ts';
import { madeUp } from './support/made-up.ts';
import { connectMadeUp, enqueue, jobOf } from './support/outbox.ts';

type Action = NonNullable<Connector['actions']>[string];
type Run = Action['run'];

const calling = (run: Run): Action => ({ title: 'calls', input: z.json(), output: z.json(), repeat: 'safe', run });
const call = (ctx: Parameters<Connector['identify']>[0]) => ctx.call({ path: '/safe', json: {}, reply: z.unknown() });

/** What a job of `held` waits for, by its connection. */
let held: (connectionId: string) => Promise<void> = async () => undefined;
let platform: StandIn;
let running: ConnectorHub;
let connectionId: string;

beforeAll(async () => {
  platform = await startStandIn();
  platform.answer([{ path: '/safe', body: { id: 'THING-1' } }]);
  const one = madeUp({
    limits: [{ name: 'at once', per: 'account', unit: 'concurrent', amount: 1 }],
    actions: {
      held: calling(async (_ctx, jobs) => {
        for (const { input } of jobs) await held(String(input));
        return { outcomes: jobs.map(({ id }) => ({ job: id, done: null })) };
      }),
      inTurn: calling(async (ctx, jobs) => {
        for (let n = 0; n < 3; n += 1) await call(ctx);
        return { outcomes: jobs.map(({ id }) => ({ job: id, done: 'three' })) };
      }),
      atOnce: calling(async (ctx, jobs) => {
        const answers = await Promise.allSettled([call(ctx), call(ctx)]);
        return { outcomes: jobs.map(({ id }) => ({ job: id, done: answers.filter(({ status }) => status === 'fulfilled').length })) };
      }),
    },
  });
  running = await startConnectorHub({ connectors: [one] });
  connectionId = await connectMadeUp(running, platform.url);
});
afterAll(async () => {
  await running.close();
  await running.database.drop();
  await platform.close();
});

test('a connection has only so many jobs under way, and keeps no other from its own', async () => {
  let most = 0;
  let underWay = 0;
  let others = 0;
  const waiting: (() => void)[] = [];
  held = async (of) => {
    if (of !== connectionId) {
      others += 1;
      return;
    }
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise<void>((go) => waiting.push(go));
    underWay -= 1;
  };
  const second = await connectMadeUp(running, platform.url);
  const ids: string[] = [];
  for (let n = 0; n < 10; n += 1)
    ids.push(await enqueue(running, { connectionId, verb: 'actions.held', key: `held-${n}`, input: connectionId }));
  ids.push(await enqueue(running, { connectionId: second, verb: 'actions.held', key: 'other', input: second }));
  const drained = running.host.drain();
  while (others < 1 || waiting.length < 4) await new Promise(setImmediate);
  const claimed = await rowsOf(running.hub, `select from outbox_job where connection_id = $1 and status = 'RUNNING'`, [connectionId]);
  held = async () => undefined;
  for (let go = waiting.shift(); go; go = waiting.shift()) go();
  await drained;
  expect([claimed.length, most]).toEqual([4, 4]);
  expect((await Promise.all(ids.map((id) => jobOf(running, id)))).map(({ status }) => status)).toEqual(ids.map(() => 'DONE'));
});

test('an operation may make more calls in turn than a platform lets run at once', async () => {
  const id = await enqueue(running, { connectionId, verb: 'actions.inTurn', key: 'k-1', input: {} });
  await running.host.drain();
  expect(await jobOf(running, id)).toMatchObject({ status: 'DONE', outcome: 'three' });
});

test('nothing is held when calls that were made at once are over', async () => {
  const id = await enqueue(running, { connectionId, verb: 'actions.atOnce', key: 'k-2', input: {} });
  await running.host.drain();
  expect(await jobOf(running, id)).toMatchObject({ status: 'DONE' });
  expect(await rowsOf(running.hub, `select key from call_budget where key like '%at once%' and whole_at > 0`)).toEqual([]);
});
