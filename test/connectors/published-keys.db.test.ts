import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Connector, defineConnector } from '@valehub/connector-kit';
import { type Forger, forgerFor, type Platform, startPlatform } from '@valehub/connector-kit/testing';
import { ADMIN, type ConnectorHub, type HandClock, handClock, rowsOf, startConnectorHub } from './support/connector-hub.ts';
import { madeUp } from './support/made-up.ts';

const connector = (): Connector => {
  const { settings, ...base } = madeUp({ id: 'published' });
  return defineConnector({
    ...base,
    settings,
    webhooks: {
      body: ['json'],
      verify: { by: 'jwt', token: 'body', algorithms: ['RS256'], key: { jwks: { host: 'api', path: '/keys' } } },
      topics: ['thing.happened'],
      split: ({ body, bodyHash }) => [{ topic: 'thing.happened', body, repeat: { key: bodyHash } }],
      read: () => [],
      subscriptions: { manual: 'Enter the address.' },
    },
  });
};

let clock: HandClock;
let platform: Platform;
let hub: ConnectorHub;
let url: string;
let published: string;

beforeEach(async () => {
  clock = handClock(Date.parse('2026-03-06T20:30:00.000Z'));
  platform = await startPlatform({
    routes: [{ at: 'GET /keys', handle: () => ({ headers: { 'content-type': 'application/json' }, body: published }) }],
  });
  hub = await startConnectorHub({ clock, connectors: [connector()] });
  const settings = { apiKey: 'an-api-key', apiBaseUrl: platform.url };
  const draft = { connectorId: 'published', appId: null, name: 'x', storeId: null, settings };
  url = (await hub.host.desk.connect(ADMIN, draft)).webhookUrl ?? '';
});
afterEach(async () => {
  await hub.close();
  await platform.close();
  await hub.database.drop();
});

const setOf = (forger: Forger, name = 'key-1'): string => (forger.secrets['jwks:api/keys'] ?? '').replaceAll('key-1', name);
const asked = () => platform.requests.filter(({ path }) => path === '/keys').length;

let count = 0;
/** Signed by a key that the token calls `name`. */
async function send(forger: Forger): Promise<number> {
  count += 1;
  const signed = forger.sign({ url, body: JSON.stringify({ n: count }), at: clock.now() });
  const response = await fetch(url, { method: 'POST', body: Buffer.from(signed.body) });
  await response.arrayBuffer();
  return response.status;
}

describe('keys that a platform publishes', () => {
  test('are fetched from its declared host once, and again after some hours', async () => {
    const forger = forgerFor(connector());
    published = setOf(forger);
    expect([await send(forger), await send(forger), asked()]).toEqual([200, 200, 1]);
    clock.pass(6 * 60 * 60_000 + 1);
    expect([await send(forger), asked()]).toEqual([200, 2]);
  });

  test('are fetched again for a key that is not among them; who invents keys makes the hub ask no more than once a minute', async () => {
    const forger = forgerFor(connector());
    published = setOf(forger, 'key-0');
    expect([await send(forger), asked()]).toEqual([401, 1]);
    for (let n = 0; n < 5; n += 1) expect(await send(forger)).toBe(401);
    expect(asked()).toBe(1);
    clock.pass(61_000);
    published = setOf(forger);
    expect([await send(forger), asked()]).toEqual([200, 2]);
  });

  test('prove nothing for others', async () => {
    published = setOf(forgerFor(connector()));
    expect(await send(forgerFor(connector()))).toBe(401);
    expect(await rowsOf(hub.hub, 'select id from notice')).toEqual([]);
  });

  test.each([
    ['a platform that is down', { status: 503 }],
    ['a page instead of keys', 'HTML' as const],
    ['a platform that hangs up', 'CUT' as const],
    ['no keys at all', { status: 200, body: { keys: [] } }],
  ])('that cannot be had are no reason to turn an event away for good: %s', async (_what, fault) => {
    const forger = forgerFor(connector());
    published = setOf(forger);
    platform.failNext(fault);
    expect(await send(forger)).toBe(503);
    expect(await send(forger)).toBe(200);
  });

  test('are believed for a day while the platform is away', async () => {
    const forger = forgerFor(connector());
    published = setOf(forger);
    expect(await send(forger)).toBe(200);
    clock.pass(23 * 60 * 60_000);
    platform.failNext({ status: 503 });
    expect(await send(forger)).toBe(200);
    clock.pass(2 * 60 * 60_000);
    platform.failNext({ status: 503 });
    expect(await send(forger)).toBe(503);
  });
});
