import { connect as connectTo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Forger, type StandIn, startStandIn } from '@valehub/connector-kit/testing';
import { ADMIN, type ConnectorHub, ledgerTypes, rowsOf, startConnectorHub, withVouchers } from './support/connector-hub.ts';
import { ACCESS_TOKEN, callsTo, deliver, event, LOCATION, merchantReply, orderReplies, squareForger } from './support/square-evening.ts';

let square: StandIn;
let forger: Forger;
let running: ConnectorHub;
let storeId: string;
let code: string;
let webhookUrl: string;
let connectionId: string;

beforeAll(async () => {
  square = await startStandIn();
  forger = squareForger();
});
afterAll(() => square.close());

beforeEach(async () => {
  running = await startConnectorHub();
  ({ storeId, code } = await withVouchers(running.hub));
  square.answer([merchantReply]);
  const connection = await running.host.desk.connect(ADMIN, {
    connectorId: 'square',
    appId: null,
    name: 'Triana',
    storeId: null,
    settings: { accessToken: ACCESS_TOKEN, ...forger.secrets, apiBaseUrl: square.url, locations: { [LOCATION]: storeId } },
  });
  expect(connection).toMatchObject({ status: 'ACTIVE', lastError: null });
  webhookUrl = connection.webhookUrl ?? '';
  connectionId = connection.id;
});
afterEach(async () => {
  await running.close();
  await running.database.drop();
});

const notices = () =>
  rowsOf<{ state: string; reason: string | null; lastError: string | null }>(
    running.hub,
    'select state, reason, last_error as "lastError" from notice order by id',
  );
const stored = async () => (await rowsOf(running.hub, 'select id from webhook_delivery')).length;

describe('a signed webhook for a paid order with a voucher code', () => {
  test('redeems it, once, however often and in whatever order Square says it', async () => {
    square.answer([merchantReply, ...orderReplies({ id: 'O-1', code })]);
    const created = event('order.created', 'O-1');
    const updated = event('order.updated', 'O-1');
    const answers = await Promise.all(
      [updated, created, updated, created, event('order.updated', 'O-1')].map((body) => deliver(webhookUrl, forger, body)),
    );
    expect(answers).toEqual(Array.from({ length: 5 }, () => ({ status: 200, text: '' })));
    await running.host.drain();
    expect(await notices()).toEqual(Array.from({ length: 3 }, () => ({ state: 'DONE', reason: null, lastError: null })));
    const types = await ledgerTypes(running.hub);
    expect(types.filter((type) => type === 'ORDER_RECORDED')).toHaveLength(1);
    expect(types.filter((type) => type === 'VOUCHER_REDEEMED')).toHaveLength(1);
    const redeemed = await rowsOf<{ amount: number; source: string }>(running.hub, 'select amount, order_source as source from redemption');
    expect(redeemed).toEqual([{ amount: 400, source: connectionId }]);
    // The order was fetched with the seller's token, for each notice that was worked and for none of the repeats.
    expect(callsTo(square, '/v2/orders/O-1')).toBe(3);
    expect(square.requests.every((request) => request.headers['authorization'] === `Bearer ${ACCESS_TOKEN}`)).toBe(true);
  });

  test('a repeat after the order was worked is answered 200, and nothing is fetched or stored again', async () => {
    square.answer([merchantReply, ...orderReplies({ id: 'O-2', code })]);
    const body = event('order.updated', 'O-2');
    await deliver(webhookUrl, forger, body);
    await running.host.drain();
    const before = { calls: square.requests.length, stored: await stored() };
    expect(await deliver(webhookUrl, forger, body)).toEqual({ status: 200, text: '' });
    await running.host.drain();
    expect({ calls: square.requests.length, stored: await stored() }).toEqual(before);
  });

  test('a code that the rules refuse: the order is recorded, the voucher is rejected, and a person is told', async () => {
    square.answer([merchantReply, ...orderReplies({ id: 'O-1', code }), ...orderReplies({ id: 'O-USED', code })]);
    await deliver(webhookUrl, forger, event('order.updated', 'O-1'));
    await running.host.drain();
    await deliver(webhookUrl, forger, event('order.updated', 'O-USED'));
    await running.host.drain();
    const types = await ledgerTypes(running.hub);
    expect(types.filter((type) => type === 'ORDER_RECORDED')).toHaveLength(2);
    expect(types.filter((type) => type === 'VOUCHER_REJECTED')).toHaveLength(1);
    const told = await running.host.desk.connection(connectionId);
    // The connection itself is well, and the code stays out of what is shown and logged.
    expect(told).toMatchObject({
      status: 'ACTIVE',
      lastError: expect.stringContaining('Order O-USED carries a voucher that the rules refuse (ALREADY_REDEEMED)'),
    });
    expect(told?.lastError).not.toContain(code);
  });

  test('an order that is cancelled afterwards gives its voucher back', async () => {
    square.answer([merchantReply, ...orderReplies({ id: 'O-3', code })]);
    await deliver(webhookUrl, forger, event('order.updated', 'O-3'));
    await running.host.drain();
    square.answer([merchantReply, ...orderReplies({ id: 'O-3', code, state: 'CANCELED', updatedAt: '2026-03-06T20:20:00.000Z' })]);
    await deliver(webhookUrl, forger, event('order.updated', 'O-3'));
    await running.host.drain();
    expect((await ledgerTypes(running.hub)).filter((type) => /REDEEMED|REVERSED/.test(type))).toEqual([
      'VOUCHER_REDEEMED',
      'REDEMPTION_REVERSED',
    ]);
  });
});

describe('what is not Square is turned away and leaves nothing', () => {
  const body = event('order.updated', 'O-9');

  test.each([
    ['forged under another key', () => deliver(webhookUrl, squareForger(), body), 401],
    ['a body that was changed', () => deliver(webhookUrl, forger, body, { body: JSON.stringify({ ...body, event_id: 'other' }) }), 401],
    ['cut short', () => deliver(webhookUrl, forger, body, { body: JSON.stringify(body).slice(0, -10) }), 401],
    ['signed for another address', () => deliver(webhookUrl.replace('127.0.0.1', 'localhost'), forger, body, { to: webhookUrl }), 401],
    ['a second signature', () => deliver(webhookUrl, forger, body, { headers: [['x-square-hmacsha256-signature', 'AAAA']] }), 401],
    ['no JSON, though signed', () => deliver(webhookUrl, forger, '{"merchant_id":'), 400],
    ['a doubled member, though signed', () => deliver(webhookUrl, forger, '{"event_id":"a","event_id":"b"}'), 400],
    ['more than a megabyte', () => deliver(webhookUrl, forger, { ...body, padding: 'x'.repeat(1_000_001) }), 413],
    ['an unknown connection', () => deliver(`${running.url}/webhooks/con_${'0'.repeat(32)}`, forger, body), 404],
    ['no connection at all', () => deliver(`${running.url}/webhooks/..%2f..%2fetc`, forger, body), 404],
  ])('%s', async (_name, send, status) => {
    const answer = await send();
    expect(answer.status).toBe(status);
    expect(answer.text).not.toMatch(/\n\s+at |\.[jt]s:/);
    await running.host.drain();
    expect(await notices()).toEqual([]);
    expect(await stored()).toBe(0);
    // The process lives, and the right one is taken.
    expect((await deliver(webhookUrl, forger, body)).status).toBe(200);
    expect(await stored()).toBe(1);
  });

  test('but JSON of another kind, though signed, is kept for a person', async () => {
    expect((await deliver(webhookUrl, forger, { hello: 'world' })).status).toBe(200);
    await running.host.drain();
    expect(await notices()).toMatchObject([{ state: 'PARKED', reason: 'REFUSED' }]);
  });

  test('a second signature header on a line of its own', async () => {
    const signed = forger.sign({ url: webhookUrl, body: JSON.stringify(body), at: 0 });
    const signature = signed.headers.find(([name]) => name === 'x-square-hmacsha256-signature')?.[1] ?? '';
    const { hostname, port, pathname } = new URL(webhookUrl);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connectTo(Number(port), hostname, () => {
        socket.write(
          `POST ${pathname} HTTP/1.1\r\nhost: ${hostname}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${signed.body.length}\r\n`,
        );
        socket.write(`x-square-hmacsha256-signature: ${signature}\r\nx-square-hmacsha256-signature: ${signature}\r\n\r\n`);
        socket.write(signed.body);
      });
      let text = '';
      socket.on('data', (chunk) => (text += String(chunk)));
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(await stored()).toBe(0);
  });

  test('forgeries are counted, and their bodies are in no log', async () => {
    await deliver(webhookUrl, squareForger(), { ...body, secretWord: 'azahar' });
    expect(await running.metrics.getSingleMetricAsString('valehub_webhooks_total')).toContain(
      'valehub_webhooks_total{connector="square",result="forged"} 1',
    );
    expect(running.logged.join('')).not.toContain('azahar');
  });
});

describe('what a person has to see to', () => {
  test('an order of a location without a store is kept, and worked once the setting is set', async () => {
    square.answer([merchantReply, ...orderReplies({ id: 'O-4', code, location: 'LOC-NEW' })]);
    await deliver(webhookUrl, forger, event('order.updated', 'O-4'));
    await running.host.drain();
    expect(await notices()).toMatchObject([{ state: 'PARKED', reason: 'LOCATION_WITHOUT_STORE' }]);
    expect(await running.host.desk.connection(connectionId)).toMatchObject({
      status: 'NEEDS_ATTENTION',
      lastError: expect.stringContaining('LOC-NEW'),
    });
    expect(await rowsOf(running.hub, 'select id from orders')).toEqual([]);
    const changed = await running.host.desk.update(ADMIN, connectionId, {
      settings: { locations: { [LOCATION]: storeId, 'LOC-NEW': storeId } },
    });
    expect(changed).toMatchObject({ status: 'ACTIVE', lastError: null, webhookUrl });
    await running.host.drain();
    expect(await notices()).toMatchObject([{ state: 'DONE', lastError: null }]);
    expect(await ledgerTypes(running.hub)).toContain('VOUCHER_REDEEMED');
  });

  test("another account's event is kept and shown, not worked", async () => {
    square.answer([merchantReply, ...orderReplies({ id: 'O-5', code })]);
    expect((await deliver(webhookUrl, forger, event('order.updated', 'O-5', { merchant: 'MERCHANT-2' }))).status).toBe(200);
    await running.host.drain();
    expect(await notices()).toMatchObject([{ state: 'UNCLAIMED', reason: 'OTHER_ACCOUNT' }]);
    expect(callsTo(square, '/v2/orders/O-5')).toBe(0);
    expect(await running.host.desk.connection(connectionId)).toMatchObject({ lastError: expect.stringContaining('MERCHANT-2') });
  });

  test('a topic nobody knows is kept', async () => {
    expect((await deliver(webhookUrl, forger, event('inventory.count.updated', 'C-1'))).status).toBe(200);
    await running.host.drain();
    expect(await notices()).toEqual([{ state: 'IGNORED', reason: 'UNKNOWN_TOPIC', lastError: null }]);
  });

  test('Square away: the notice waits, and is worked when it is back', async () => {
    square.answer([merchantReply, { path: '/v2/orders/O-6', status: 503 }, ...orderReplies({ id: 'O-6', code })]);
    await deliver(webhookUrl, forger, event('order.updated', 'O-6'));
    await running.host.drain();
    expect(await notices()).toMatchObject([{ state: 'PENDING', lastError: expect.stringContaining('PLATFORM_DOWN') }]);
    running.clock.pass(5_000);
    await running.host.drain();
    expect(await notices()).toMatchObject([{ state: 'DONE', lastError: null }]);
  });

  test('a 429 is obeyed for as long as it says', async () => {
    square.answer([
      merchantReply,
      { path: '/v2/orders/O-7', status: 429, headers: { 'retry-after': '30' } },
      ...orderReplies({ id: 'O-7', code }),
    ]);
    await deliver(webhookUrl, forger, event('order.updated', 'O-7'));
    await running.host.drain();
    running.clock.pass(29_000);
    await running.host.drain();
    expect(callsTo(square, '/v2/orders/O-7')).toBe(1);
    running.clock.pass(1_500);
    await running.host.drain();
    expect(await notices()).toMatchObject([{ state: 'DONE', lastError: null }]);
  });

  test('credentials that were revoked: parked and told; with new ones everything is worked', async () => {
    square.answer([
      merchantReply,
      { path: '/v2/orders/O-8', status: 401, body: { errors: [{ category: 'AUTHENTICATION_ERROR', code: 'UNAUTHORIZED' }] } },
      ...orderReplies({ id: 'O-8', code }),
    ]);
    await deliver(webhookUrl, forger, event('order.updated', 'O-8'));
    await running.host.drain();
    expect(await running.host.desk.connection(connectionId)).toMatchObject({
      status: 'NEEDS_ATTENTION',
      lastError: expect.stringContaining('BAD_CREDENTIALS'),
    });
    await running.host.desk.update(ADMIN, connectionId, { settings: { accessToken: 'a-new-token-of-the-seller' } });
    await running.host.drain();
    expect(await notices()).toMatchObject([{ state: 'DONE', lastError: null }]);
    expect(square.requests.at(-1)?.headers['authorization']).toBe('Bearer a-new-token-of-the-seller');
  });
});
