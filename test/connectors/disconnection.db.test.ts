import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ADMIN, type ConnectorHub, type HandClock, handClock, rowsOf, startConnectorHub } from './support/connector-hub.ts';
import { APP_SETTINGS, connect, connected, createApp, remembering, send, signer } from './support/linked.ts';
import { type OAuthPlatform, oauthed, startOAuthPlatform, subscribing } from './support/made-up-oauth.ts';
import { enqueue, jobOf } from './support/outbox.ts';

const HOUR_MS = 60 * 60_000;
const connector = () => {
  const { webhooks, ...rest } = oauthed();
  if (webhooks === undefined) throw new Error('It takes webhooks.');
  return { ...rest, webhooks: { ...webhooks, subscriptions: subscribing() } };
};

let clock: HandClock;
let platform: OAuthPlatform;
let hub: ConnectorHub;
const { events, intake } = remembering();

beforeEach(async () => {
  events.length = 0;
  clock = handClock(Date.parse('2026-03-06T20:30:00.000Z'));
  platform = await startOAuthPlatform(clock.now);
  hub = await startConnectorHub({ clock, connectors: [connector()], intake });
});
afterEach(async () => {
  await hub.close();
  await platform.close();
  await hub.database.drop();
});

const own = () => ({ settings: { ...APP_SETTINGS, apiBaseUrl: platform.url } });
const disconnect = (id: string) => hub.host.disconnection.disconnect(ADMIN, id);
const sealed = () =>
  rowsOf(
    hub.hub,
    'select c.secrets, c.status, g.credential, g.status as grant from connection c join credential_grant g on g.id = c.grant_id',
  );

describe('disconnect', () => {
  test('has the platform forget the hub, destroys the secrets, and keeps the history', async () => {
    const { id, webhookUrl } = await connected(hub, platform, null, own());
    await send(signer(connector()), webhookUrl ?? '', [{ id: 'e-1', account: 'ACC-1' }]);
    await hub.host.drain();
    await disconnect(id);
    expect(platform.requests.slice(-2).map(({ method, path }) => `${method} ${path}`)).toEqual([
      'DELETE /subscriptions/SUB-1',
      'POST /revoke',
    ]);
    expect(platform.revoked).toEqual(['stand-in-refresh-1']);
    expect(await sealed()).toEqual([{ secrets: null, status: 'DISCONNECTED', credential: null, grant: 'ENDED' }]);
    expect(await rowsOf(hub.hub, 'select * from webhook_subscription')).toEqual([]);
    expect(await hub.host.desk.connections()).toEqual([]);
    expect(await hub.host.desk.connections(true)).toMatchObject([
      { id, status: 'DISCONNECTED', webhookUrl: null, account: 'ACC-1', lastError: null },
    ]);
    expect(await rowsOf(hub.hub, 'select state from notice')).toEqual([{ state: 'DONE' }]);
    const calls = platform.requests.length;
    clock.pass(60 * 24 * HOUR_MS);
    await hub.host.drain();
    expect(platform.requests).toHaveLength(calls);
  });

  test('takes nothing any more and does nothing any more; who waits for a job hears that it was not done', async () => {
    const { id, webhookUrl } = await connected(hub, platform, null, own());
    await hub.host.desk.update(ADMIN, id, { paused: true });
    const waiting = await enqueue(hub, { connectionId: id, verb: 'actions.ping', key: 'k-1', input: {} });
    await send(signer(connector()), webhookUrl ?? '', [{ id: 'e-1', account: 'ACC-1' }]);
    await disconnect(id);
    expect(await send(signer(connector()), webhookUrl ?? '', [{ id: 'e-2', account: 'ACC-1' }])).toBe(404);
    const later = await enqueue(hub, { connectionId: id, verb: 'actions.ping', key: 'k-2', input: {} });
    await hub.host.drain();
    for (const job of [waiting, later])
      expect(await jobOf(hub, job)).toMatchObject({
        status: 'FAILED',
        failure: { code: 'NOT_FOUND', message: 'The connection was disconnected.' },
      });
    expect(await rowsOf(hub.hub, 'select state, reason from notice')).toEqual([{ state: 'IGNORED', reason: 'DISCONNECTED' }]);
    expect(events).toEqual([]);
    expect(platform.requestsTo('/ping')).toBe(0);
    for (const again of [
      () => disconnect(id),
      () => hub.host.desk.update(ADMIN, id, {}),
      () => hub.host.authorizations.begin(ADMIN, id),
      () => hub.host.platforms.locations(ADMIN, id),
    ])
      await expect(again()).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(disconnect('con_1')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('gives a log-in back only with the last connection that uses it', async () => {
    platform.accounts = [
      { id: 'ACC-1', name: 'a' },
      { id: 'ACC-2', name: 'b' },
    ];
    const appId = await createApp(hub, platform);
    const first = await connected(hub, platform, appId);
    const second = await connect(hub, null, { grantOf: first.id });
    await hub.host.accounts.choose(ADMIN, second.id, 'ACC-2');
    await disconnect(first.id);
    expect(platform.revoked).toEqual([]);
    expect(await hub.host.platforms.locations(ADMIN, second.id)).toHaveLength(2);
    await disconnect(second.id);
    expect(platform.revoked).toHaveLength(1);
  });

  test('and connected anew behind the same App: its events come to the new one', async () => {
    const appId = await createApp(hub, platform);
    const first = await connected(hub, platform, appId);
    await disconnect(first.id);
    const url = `${hub.url}/webhooks/apps/${appId}`;
    expect(await send(signer(connector()), url, [{ id: 'e-1', account: 'ACC-1' }])).toBe(200);
    await hub.host.drain();
    expect(events).toEqual([]);
    const second = await connected(hub, platform, appId);
    await hub.host.drain();
    expect(events).toEqual([`${second.id} e-1`]);
  });

  test('a platform that is away is asked again; meanwhile nothing is taken, and what opens the account stays sealed for it', async () => {
    const { id } = await connected(hub, platform, null, own());
    platform.failNext({ status: 503 });
    await disconnect(id);
    expect(await hub.host.desk.connection(id)).toMatchObject({
      status: 'DISCONNECTED',
      lastError: expect.stringContaining('could not be asked to forget the hub yet'),
    });
    expect(await sealed()).toMatchObject([{ secrets: expect.any(String), grant: 'ALIVE' }]);
    clock.pass(HOUR_MS);
    await hub.host.drain();
    expect(await sealed()).toMatchObject([{ secrets: null, grant: 'ENDED' }]);
    expect(await hub.host.desk.connection(id)).toMatchObject({ lastError: null });
  });

  test('a platform that refuses, or is away for a day: the secrets go, and a person is told what is left', async () => {
    const { id } = await connected(hub, platform, null, own());
    platform.failNext({ status: 403, body: {} });
    await disconnect(id);
    expect(await sealed()).toMatchObject([{ secrets: null, credential: null, grant: 'ENDED' }]);
    expect((await hub.host.desk.connection(id))?.lastError).toMatch(/do it there by hand: FORBIDDEN_SCOPE/);
    const other = await connected(hub, platform, null, own());
    for (let hour = 0; hour <= 25; hour += 1) platform.failNext({ status: 503 });
    await disconnect(other.id);
    for (let hour = 0; hour <= 25; hour += 1) {
      clock.pass(HOUR_MS);
      await hub.host.drain();
    }
    expect((await hub.host.desk.connection(other.id))?.lastError).toMatch(/do it there by hand: PLATFORM_DOWN/);
    expect(await sealed()).toMatchObject([{ secrets: null }, { secrets: null, credential: null }]);
  });
});
