import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fact } from '@valehub/connector-kit';
import { deliver, type Forger, forgerFor, type StandIn, startStandIn } from '@valehub/connector-kit/testing';
import { ADMIN, type ConnectorHub, rowsOf, startConnectorHub } from './support/connector-hub.ts';
import { madeUp } from './support/made-up.ts';
import { connectMadeUp, enqueue } from './support/outbox.ts';
import { telling } from './support/telling.ts';

const SECRET = 'signing-key-of-the-platform';
const PAGE = { first: 50 };

let platform: StandIn;
let running: ConnectorHub;
let forger: Forger;
let telling1: { id: string; url: string };
let madeUp1: string;

beforeAll(async () => {
  platform = await startStandIn();
});
afterAll(() => platform.close());
beforeEach(async () => {
  running = await startConnectorHub({ connectors: [telling, madeUp()], deadlines: { request: 200 } });
  forger = forgerFor(telling, { signingKey: SECRET });
  const { id, webhookUrl } = await running.host.desk.connect(ADMIN, {
    connectorId: 'telling',
    appId: null,
    name: 'CRM',
    storeId: null,
    settings: { signingKey: SECRET },
  });
  telling1 = { id, url: webhookUrl ?? '' };
  madeUp1 = await connectMadeUp(running, platform.url);
});
afterEach(async () => {
  await running.close();
  await running.database.drop();
});

async function tell(key: string, ...facts: Fact[]): Promise<void> {
  const body = JSON.stringify({ key, facts });
  expect(
    await deliver(forger, { url: telling1.url, body, headers: [['authorization', 'Bearer secret-of-theirs']], at: running.clock.now() }),
  ).toBe(200);
  await running.host.drain();
}
const customer = (phone: string): Fact => ({ kind: 'customer', customer: { externalId: phone, phone } });
const traffic = () => running.host.traffic;

describe('what a platform sent', () => {
  test('is shown as it came, newest first, page by page, with what became of it and no credential', async () => {
    await tell('d-1', customer('+34612345671'));
    running.clock.pass(1_000);
    await tell('d-2', customer('+34612345672'));
    const first = await traffic().deliveries(ADMIN, { connectionId: telling1.id }, {}, { first: 1 });
    expect(first.edges.map(({ node }) => JSON.parse(node.body).key)).toEqual(['d-2']);
    expect(first.edges[0]?.node).toMatchObject({
      method: 'POST',
      notices: [{ topic: 'told', state: 'DONE', attempts: 0, lastError: null }],
    });
    expect(JSON.stringify(first)).not.toContain('secret-of-theirs');
    const second = await traffic().deliveries(ADMIN, { connectionId: telling1.id }, {}, { first: 1, after: first.pageInfo.endCursor });
    expect(second.edges.map(({ node }) => JSON.parse(node.body).key)).toEqual(['d-1']);
    expect(second.pageInfo.hasNextPage).toBe(false);
  });

  test('is found by what became of it', async () => {
    await tell('d-1', customer('+34612345671'));
    await tell('d-2', {
      kind: 'document',
      document: { kind: 'INVOICE', reference: 'r', day: '2026-03-06', currency: 'EUR', pricesIncludeTax: true, lines: [] },
    });
    const keys = async (states: ('DONE' | 'PARKED')[]) =>
      (await traffic().deliveries(ADMIN, { connectionId: telling1.id }, { states }, PAGE)).edges.map(
        ({ node }) => JSON.parse(node.body).key,
      );
    expect(await keys(['PARKED'])).toEqual(['d-2']);
    expect(await keys(['DONE'])).toEqual(['d-1']);
    expect(await keys([])).toEqual([]);
  });

  test('is worked again when a person says so, and counts once all the same', async () => {
    await tell('d-1', customer('+34612345671'));
    const [edge] = (await traffic().deliveries(ADMIN, { connectionId: telling1.id }, {}, PAGE)).edges;
    await rowsOf(running.hub, 'delete from customer_link returning 1');
    expect(await traffic().reprocess(ADMIN, edge?.node.id ?? '')).toMatchObject([{ state: expect.stringMatching(/PENDING|RUNNING|DONE/) }]);
    await running.host.drain();
    expect(await rowsOf(running.hub, 'select 1 from customer')).toHaveLength(1);
    expect(await rowsOf(running.hub, 'select 1 from customer_link')).toHaveLength(1);
    await expect(traffic().reprocess(ADMIN, `whd_${'0'.repeat(32)}`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('is for administrators: personal data may stand in it', async () => {
    const marketing = { ...ADMIN, role: 'MARKETING' as const };
    await expect(traffic().deliveries(marketing, { connectionId: telling1.id }, {}, PAGE)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(traffic().jobs(marketing, madeUp1, {}, PAGE)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('a job that waits for a person', () => {
  const parked = async () => (await traffic().jobs(ADMIN, madeUp1, { statuses: ['PARKED'] }, PAGE)).edges.map(({ node }) => node);

  test('is tried again, or given up', async () => {
    platform.answer([{ path: '/safe', status: 401, body: {} }]);
    await enqueue(running, { connectionId: madeUp1, verb: 'actions.safe', key: 'k-1', input: {} });
    await enqueue(running, { connectionId: madeUp1, verb: 'actions.safe', key: 'k-2', input: {} });
    await running.host.drain();
    const [second, first] = await parked();
    expect(first).toMatchObject({ verb: 'actions.safe', failure: { code: 'BAD_CREDENTIALS' }, inDoubt: false });
    platform.answer([{ path: '/safe', body: { id: 'THING-1' } }]);
    await traffic().retry(ADMIN, first?.id ?? '', false);
    expect(await traffic().drop(ADMIN, second?.id ?? '')).toMatchObject({ status: 'FAILED' });
    await running.host.drain();
    expect((await traffic().jobs(ADMIN, madeUp1, {}, PAGE)).edges.map(({ node }) => node.status).sort()).toEqual(['DONE', 'FAILED']);
    await expect(traffic().retry(ADMIN, first?.id ?? '', false)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('that the platform may have done is not tried again behind anybody’s back', async () => {
    platform.answer([{ path: '/never', instead: 'CUT' }]);
    await enqueue(running, { connectionId: madeUp1, verb: 'actions.never', key: 'k-1', input: {} });
    await running.host.drain();
    const [job] = await parked();
    expect(job).toMatchObject({ inDoubt: true });
    await expect(traffic().retry(ADMIN, job?.id ?? '', false)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('may have done it'),
    });
    platform.answer([{ path: '/never', body: { id: 'THING-1' } }]);
    await traffic().retry(ADMIN, job?.id ?? '', true);
    await running.host.drain();
    expect(await parked()).toEqual([]);
    const lines = await rowsOf<{ operation: string }>(running.hub, `select operation from audit_line where subject_id = $1`, [job?.id]);
    expect(lines).toEqual([{ operation: 'retryJob' }]);
  });
});

test('an operator sees what waits, since when, and that a failing platform is left alone', async () => {
  platform.answer([{ path: '/safe', status: 503, body: {} }]);
  const since = new Date(running.clock.now()).toISOString();
  for (let n = 0; n < 5; n += 1) await enqueue(running, { connectionId: madeUp1, verb: 'actions.safe', key: `k-${n}`, input: {} });
  await running.host.drain();
  const health = async () => (await traffic().health([madeUp1, telling1.id]))[0];
  while ((await health())?.circuitOpenUntil === null) await new Promise((resolve) => setImmediate(resolve));
  expect(await health()).toMatchObject({
    jobsWaiting: 5,
    jobsParked: 0,
    waitingSince: since,
    circuitOpenUntil: expect.stringMatching(/Z$/),
  });
  platform.answer([{ path: '/safe', body: { id: 'THING-1' } }]);
  running.clock.pass(60_000);
  await running.host.drain();
  expect(await health()).toMatchObject({ jobsWaiting: 0, waitingSince: null, circuitOpenUntil: null });
});
