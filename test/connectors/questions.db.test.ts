import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Forger, questionForger } from '@valehub/connector-kit/testing';
import { asking } from './support/asking.ts';
import { ADMIN, type ConnectorHub, rowsOf, startConnectorHub, withVouchers } from './support/connector-hub.ts';

const SECRET = 'signing-key-of-the-till';

let running: ConnectorHub;
let forger: Forger;
let vouchers: Awaited<ReturnType<typeof withVouchers>>;
let connectionId: string;
let address: string;

async function connect(storeId: string | null, locations: Record<string, string> = {}): Promise<{ id: string; address: string }> {
  const settings = { signingKey: SECRET, locations };
  const { id, webhookUrl } = await running.host.desk.connect(ADMIN, {
    connectorId: 'asking',
    appId: null,
    name: 'Till',
    storeId,
    settings,
  });
  return { id, address: `${webhookUrl}/loyalty` };
}

beforeEach(async () => {
  running = await startConnectorHub({ connectors: [asking] });
  vouchers = await withVouchers(running.hub);
  forger = questionForger(asking, 'loyalty', { signingKey: SECRET });
  ({ id: connectionId, address } = await connect(vouchers.storeId));
});
afterEach(async () => {
  await running.close();
  await running.database.drop();
});

interface Body {
  readonly transaction: string;
  readonly what: string;
  readonly code?: string;
  readonly check?: string;
  readonly cents?: number;
  readonly location?: string;
}

async function ask(body: Body, { by = forger, to = address } = {}): Promise<{ status: number; body: unknown }> {
  const draft = { code: vouchers.code, check: 'check-1', cents: 2000, ...body };
  const request = by.sign({ url: to, body: JSON.stringify(draft), at: running.clock.now() });
  const response = await fetch(to, {
    method: 'POST',
    headers: [...request.headers.map(([name, value]): [string, string] => [name, value]), ['x-till', 'till-7']],
    body: new Uint8Array(request.body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}
const redemptions = () =>
  rowsOf<{ amount: number; order: string; source: string; undone: boolean }>(
    running.hub,
    'select amount, order_external_id as "order", order_source as source, undone from redemption order by id',
  );

describe('a question', () => {
  test('about a code is answered by the rules, in the store’s language, and nothing is used up', async () => {
    expect(await ask({ transaction: 't-1', what: 'check' })).toEqual({ status: 200, body: { gives: 200, name: 'Primavera' } });
    expect(await ask({ transaction: 't-2', what: 'check', code: 'DVAAAAAAAAAAAAA' })).toMatchObject({
      status: 200,
      body: { reason: expect.stringMatching(/^CODE_/), no: expect.stringMatching(/código/i) },
    });
    expect(await redemptions()).toEqual([]);
  });

  test('redeems under the connection’s name, once, and tells the same again when it is asked again', async () => {
    const first = await ask({ transaction: 't-1', what: 'use' });
    expect(first).toEqual({ status: 200, body: { gives: 200, lines: [{ lineId: '1', amount: { minor: 200, currency: 'EUR' } }] } });
    expect(await ask({ transaction: 't-1', what: 'use' })).toEqual(first);
    expect(await ask({ transaction: 't-2', what: 'use', check: 'check-2' })).toMatchObject({
      status: 200,
      body: { no: expect.stringMatching(/.+/) },
    });
    expect(await redemptions()).toEqual([{ amount: 200, order: 'check-1', source: connectionId, undone: false }]);
  });

  test('asked twice at the same moment redeems once', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask({ transaction: 't-1', what: 'use' })));
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(1);
    for (const { status, body } of answers) expect(status === 503 || (body as { gives?: number }).gives === 200).toBe(true);
    expect(await redemptions()).toHaveLength(1);
  });

  test('takes back what an earlier one redeemed', async () => {
    await ask({ transaction: 't-1', what: 'use' });
    expect(await ask({ transaction: 't-1', what: 'check' })).toMatchObject({ body: { gives: 200 } });
    const { rows } = await running.hub.database.pool.query('delete from question_answer');
    expect(rows).toEqual([]);
    expect(await ask({ transaction: 't-1', what: 'back' })).toEqual({ status: 200, body: { back: true } });
    expect(await redemptions()).toMatchObject([{ undone: true }]);
  });

  test('is answered by its headers too, with a status of its own, and the same when it is asked again', async () => {
    const first = await ask({ transaction: 't-1', what: 'till' });
    expect(first).toEqual({ status: 404, body: { till: 'till-7' } });
    expect(await ask({ transaction: 't-1', what: 'till' })).toEqual(first);
  });

  test('acts in the connection’s stores only', async () => {
    const elsewhere = await connect(null, { L1: vouchers.storeId });
    expect(await ask({ transaction: 't-1', what: 'check', location: 'L1' }, { to: elsewhere.address })).toMatchObject({
      body: { gives: 200 },
    });
    expect(await ask({ transaction: 't-2', what: 'check', location: 'L2' }, { to: elsewhere.address })).toEqual({
      status: 400,
      body: null,
    });
    expect(await redemptions()).toEqual([]);
  });
});

describe('a question that is not answered', () => {
  test('by anybody but the platform is refused', async () => {
    expect(await ask({ transaction: 't-1', what: 'use' }, { by: questionForger(asking, 'loyalty') })).toEqual({ status: 401, body: null });
    expect(await redemptions()).toEqual([]);
    expect(running.logged.join('')).not.toContain(vouchers.code);
  });

  test.each(['fail', 'hang'])('because of the connector (%s) ends as it declares, and may be asked again', async (what) => {
    expect(await ask({ transaction: 't-1', what })).toEqual({ status: 200, body: { no: 'Ahora no es posible.' } });
    expect(await ask({ transaction: 't-1', what: 'check' })).toMatchObject({ body: { gives: 200 } });
  });

  test('without its members, and under another name, is told so', async () => {
    const request = forger.sign({ url: address, body: '{"transaction":1}', at: running.clock.now() });
    const bare = await fetch(address, {
      method: 'POST',
      headers: request.headers.map(([name, value]) => [name, value]),
      body: new Uint8Array(request.body),
    });
    expect(bare.status).toBe(400);
    expect((await ask({ transaction: 't-1', what: 'check' }, { to: address.replace('loyalty', 'other') })).status).toBe(404);
    expect((await ask({ transaction: 't-1', what: 'check' }, { to: address.replace(connectionId, `con_${'0'.repeat(32)}`) })).status).toBe(
      404,
    );
  });

  test('of a paused connection finds nobody', async () => {
    await running.host.desk.update(ADMIN, connectionId, { paused: true });
    expect((await ask({ transaction: 't-1', what: 'use' })).status).toBe(404);
  });
});

test('a question whose process died is free again when its time is over', async () => {
  await running.hub.database.pool.query(
    `insert into question_answer (connection_id, question, repeat_key, asked_at, claimed_until) values ($1, 'loyalty', 't-1', $2, $3)`,
    [connectionId, new Date(running.clock.now()), new Date(running.clock.now() + 2_000)],
  );
  expect((await ask({ transaction: 't-1', what: 'use' })).status).toBe(503);
  running.clock.pass(2_000);
  expect(await ask({ transaction: 't-1', what: 'use' })).toMatchObject({ status: 200, body: { gives: 200 } });
});
