import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Connector } from '@valehub/connector-kit';
import { createTestDatabase, type TestDatabase } from '../helpers/postgres.ts';
import {
  ADMIN,
  type ConnectorHub,
  type ConnectorHubOptions,
  type HandClock,
  handClock,
  rowsOf,
  startConnectorHub,
} from './support/connector-hub.ts';
import { APP_SETTINGS, connected, createApp, send, signer } from './support/linked.ts';
import { type OAuthPlatform, oauthed, startOAuthPlatform, subscribing } from './support/made-up-oauth.ts';

let database: TestDatabase;
let clock: HandClock;
let platform: OAuthPlatform;
let open: ConnectorHub[];
const secretKey = randomBytes(32);
const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

beforeEach(async () => {
  database = await createTestDatabase();
  clock = handClock(Date.parse('2026-03-06T20:30:00.000Z'));
  platform = await startOAuthPlatform(clock.now);
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((hub) => hub.close()));
  await platform.close();
  await database.drop();
});

const subscribed = (further: Parameters<typeof subscribing>[0] = {}, given: Partial<Connector> = {}): Connector => {
  const { webhooks, ...rest } = oauthed(given);
  if (webhooks === undefined) throw new Error('It takes webhooks.');
  return { ...rest, webhooks: { ...webhooks, subscriptions: subscribing(further) } };
};

async function start(connector: Connector, options: ConnectorHubOptions = {}): Promise<ConnectorHub> {
  const hub = await startConnectorHub({ database, clock, secretKey, connectors: [connector], ...options });
  open.push(hub);
  return hub;
}

const own = () => ({ settings: { ...APP_SETTINGS, apiBaseUrl: platform.url } });
const asked = () => platform.requests.filter(({ path, method }) => path === '/subscriptions' && method === 'POST');
const one = (id: string) => [{ id, account: 'ACC-1' }];

describe('by connection', () => {
  test('made on connect for its address and topics; the key that the platform gives verifies, and is nowhere to be seen', async () => {
    const connector = subscribed();
    const hub = await start(connector);
    platform.subscriptions = [{ id: 'SUB-1', key: 'the key of the first subscription' }];
    const { id, webhookUrl, manualSubscription } = await connected(hub, platform, null, own());
    expect(asked().map((request) => request.json())).toEqual([{ url: webhookUrl, topics: ['thing.happened', 'access.revoked'] }]);
    expect(manualSubscription).toBeNull();
    expect(await send(signer(connector, 'the key of the first subscription'), webhookUrl ?? '', one('e-1'))).toBe(200);
    const seen = JSON.stringify([
      await rowsOf(hub.hub, 'select * from webhook_subscription'),
      hub.logged,
      await hub.host.desk.connection(id),
    ]);
    expect(seen).not.toContain('the key of');
    expect(await rowsOf(hub.hub, 'select subscriptions from webhook_subscription')).toEqual([
      { subscriptions: [{ id: 'SUB-1', url: webhookUrl, topics: ['thing.happened', 'access.revoked'], secretNames: ['signingKey'] }] },
    ]);
  });

  test('looked after daily, by one of the processes; a key that is not given again stays', async () => {
    const connector = subscribed();
    const hub = await start(connector);
    const other = await start(connector);
    platform.subscriptions = [{ id: 'SUB-1', key: 'the key of the first subscription' }];
    const { webhookUrl } = await connected(hub, platform, null, own());
    await Promise.all([hub.host.drain(), other.host.drain()]);
    expect(asked()).toHaveLength(1);
    for (let day = 1; day <= 3; day += 1) {
      clock.pass(DAY_MS + 1_000);
      await Promise.all([hub.host.drain(), other.host.drain()]);
      expect(asked()).toHaveLength(1 + day);
    }
    expect(await send(signer(connector, 'the key of the first subscription'), webhookUrl ?? '', one('e-1'))).toBe(200);
  });

  test('renewed before it expires; the key that it replaces verifies for a day', async () => {
    const connector = subscribed();
    const hub = await start(connector);
    const expires = () => new Date(clock.now() + 4 * HOUR_MS).toISOString();
    platform.subscriptions = [{ id: 'SUB-1', key: 'the key of the first subscription', expires: expires() }];
    const { webhookUrl } = await connected(hub, platform, null, own());
    clock.pass(2 * HOUR_MS);
    await hub.host.drain();
    expect(asked()).toHaveLength(1);
    clock.pass(HOUR_MS + 60_000);
    platform.subscriptions = [{ id: 'SUB-2', key: 'the key of the second subscription', expires: expires() }];
    await hub.host.drain();
    expect(asked()).toHaveLength(2);
    const url = webhookUrl ?? '';
    for (const [n, key] of ['the key of the first subscription', 'the key of the second subscription'].entries())
      expect(await send(signer(connector, key), url, one(`e-${n}`))).toBe(200);
    platform.subscriptions = [{ id: 'SUB-2' }];
    clock.pass(DAY_MS + 1_000);
    await hub.host.drain();
    expect(await send(signer(connector, 'the key of the first subscription'), url, one('e-8'))).toBe(401);
    expect(await send(signer(connector, 'the key of the second subscription'), url, one('e-9'))).toBe(200);
  });

  test('failing: a person hears the platform’s words, and hears no more when it works again', async () => {
    const connector = subscribed();
    const hub = await start(connector);
    const { id } = await connected(hub, platform, null, own());
    clock.pass(DAY_MS + 1_000);
    platform.failNext(...tokenFirst({ status: 403, body: { message: 'webhooks are not in your plan' } }));
    await hub.host.drain();
    expect(await hub.host.desk.connection(id)).toMatchObject({
      status: 'NEEDS_ATTENTION',
      lastError: expect.stringMatching(/^The platform could not be asked to call the hub: FORBIDDEN_SCOPE/),
    });
    clock.pass(DAY_MS + 1_000);
    await hub.host.drain();
    expect(await hub.host.desk.connection(id)).toMatchObject({ status: 'ACTIVE', lastError: null });
  });

  test('a platform that is down is asked again soon', async () => {
    const connector = subscribed();
    const hub = await start(connector);
    const { id } = await connected(hub, platform, null, own());
    clock.pass(DAY_MS + 1_000);
    platform.failNext(...tokenFirst({ status: 503 }));
    await hub.host.drain();
    expect(await hub.host.desk.connection(id)).toMatchObject({ status: 'ACTIVE', lastError: expect.stringContaining('PLATFORM_DOWN') });
    const before = asked().length;
    clock.pass(16 * 60_000);
    await hub.host.drain();
    expect(asked()).toHaveLength(before + 1);
    expect(await hub.host.desk.connection(id)).toMatchObject({ status: 'ACTIVE', lastError: null });
  });

  test('asked for anew at the start of a process that is reached under another address', async () => {
    const connector = subscribed();
    const hub = await start(connector);
    const { id, webhookUrl } = await connected(hub, platform, null, own());
    const again = await start(connector);
    await again.host.drain();
    // The second process has another address, and tells it to the platform.
    expect(asked().map((request) => (request.json() as { url: string }).url)).toEqual([webhookUrl, `${again.url}/webhooks/${id}`]);
    expect((await again.host.desk.connection(id))?.webhookUrl).toBe(`${again.url}/webhooks/${id}`);
  });

  test('only where its setting has a value; else a person is told what to do', async () => {
    const connector = subscribed({ whenSet: 'channel' });
    const hub = await start(connector);
    const { id, manualSubscription } = await connected(hub, platform, null, own());
    expect([asked().length, manualSubscription]).toEqual([0, 'Enter the address at Made up.']);
    const changed = await hub.host.desk.update(ADMIN, id, { settings: { channel: 'C1' } });
    expect([asked().length, changed.manualSubscription]).toEqual([1, null]);
  });
});

describe('by App', () => {
  test('once for all its connections, at its address; with the last of them it goes', async () => {
    const connector = subscribed({ by: 'app' }, { auth: { by: 'none', place: {} } });
    const hub = await start(connector);
    const appId = await createApp(hub, platform);
    const draft = { connectorId: 'made-up-oauth', appId, name: 'x', storeId: null, settings: {} };
    platform.failNext({ status: 200, body: { accounts: [{ id: 'ACC-1', name: 'a' }] } });
    platform.failNext({ status: 200, body: { subscriptions: [{ id: 'SUB-A', url: 'u', key: 'the key of the app’s subscription' }] } });
    const first = await hub.host.desk.connect(ADMIN, draft);
    platform.failNext({ status: 200, body: { accounts: [{ id: 'ACC-2', name: 'b' }] } });
    platform.failNext({ status: 200, body: { subscriptions: [{ id: 'SUB-A', url: 'u' }] } });
    const second = await hub.host.desk.connect(ADMIN, draft);
    const url = `${hub.url}/webhooks/apps/${appId}`;
    expect(asked().map((request) => (request.json() as { url: string }).url)).toEqual([url, url]);
    expect(await rowsOf(hub.hub, 'select holder from webhook_subscription')).toEqual([{ holder: appId }]);
    expect(await send(signer(connector, 'the key of the app’s subscription'), url, one('e-1'))).toBe(200);
    const removals = () => platform.requests.filter(({ method }) => method === 'DELETE').map(({ path }) => path);
    await hub.host.disconnection.disconnect(ADMIN, first.id);
    expect(removals()).toEqual([]);
    platform.failNext({ status: 204 });
    await hub.host.disconnection.disconnect(ADMIN, second.id);
    expect(removals()).toEqual(['/subscriptions/SUB-A']);
    expect(await send(signer(connector, 'the key of the app’s subscription'), url, one('e-2'))).toBe(401);
  });
});

/** The token has run out after a day: it is renewed first. */
const tokenFirst = (fault: { readonly status: number; readonly body?: { readonly message: string } }) => {
  const { access, refresh, seconds } = platform.tokens.give();
  return [{ status: 200, body: { access_token: access, refresh_token: refresh, expires_in: seconds, token_type: 'bearer' } }, fault];
};
