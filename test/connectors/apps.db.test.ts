import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Connector, z } from '@valehub/connector-kit';
import { questionForger } from '@valehub/connector-kit/testing';
import { createTestDatabase, type TestDatabase } from '../helpers/postgres.ts';
import { asking } from './support/asking.ts';
import {
  ADMIN,
  type ConnectorHub,
  type ConnectorHubOptions,
  type HandClock,
  handClock,
  rowsOf,
  startConnectorHub,
  withVouchers,
} from './support/connector-hub.ts';
import { APP_SETTINGS, connect, connected, createApp, remembering, send, signer } from './support/linked.ts';
import { madeUp } from './support/made-up.ts';
import { type OAuthPlatform, oauthed, SIGNING_KEY, startOAuthPlatform } from './support/made-up-oauth.ts';
import { deliver, event, merchantReply, squareForger } from './support/square-evening.ts';

let database: TestDatabase;
let clock: HandClock;
let platform: OAuthPlatform;
let open: ConnectorHub[];
const secretKey = randomBytes(32);
const DAY_MS = 24 * 60 * 60_000;

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

async function start(options: ConnectorHubOptions = {}): Promise<ConnectorHub> {
  const hub = await startConnectorHub({ database, clock, secretKey, connectors: [oauthed(), madeUp()], ...options });
  open.push(hub);
  return hub;
}

const notices = (hub: ConnectorHub) =>
  rowsOf<{ account: string; state: string; reason: string | null; connectionId: string | null }>(
    hub.hub,
    'select account, state, reason, connection_id as "connectionId" from notice order by id',
  );

const appOf = async (hub: ConnectorHub, id: string) => (await hub.host.apps.apps()).find((app) => app.id === id);

describe('an App', () => {
  test('is entered once, and its secrets are underneath those of its connections', async () => {
    const hub = await start();
    const appId = await createApp(hub, platform);
    expect(await appOf(hub, appId)).toEqual({
      id: appId,
      connectorId: 'made-up-oauth',
      name: 'Our app',
      webhookUrl: `${hub.url}/webhooks/apps/${appId}`,
      lastError: null,
    });
    const connection = await connected(hub, platform, appId);
    expect(connection).toMatchObject({ status: 'ACTIVE', appId, webhookUrl: `${hub.url}/webhooks/apps/${appId}`, account: 'ACC-1' });
    // The App's address of the platform holds: the connection's own settings say nothing of it.
    expect(await rowsOf(hub.hub, 'select settings, secrets from connection')).toEqual([{ settings: { locations: {} }, secrets: null }]);
    await hub.host.desk.update(ADMIN, connection.id, { name: 'Centro' });
    expect(await rowsOf(hub.hub, 'select settings, secrets from connection')).toEqual([{ settings: { locations: {} }, secrets: null }]);
  });

  test('that is left out leaves its members to the settings, which are told to be missing with their paths', async () => {
    const hub = await start();
    const fault = await connect(hub, null, { settings: { clientId: 'c' } }).catch(
      (error: { code: string; faults: { path: string }[] }) => error,
    );
    expect(fault).toMatchObject({
      code: 'BAD_USER_INPUT',
      faults: [{ path: 'input.settings.clientSecret' }, { path: 'input.settings.signingKey' }],
    });
    const alone = await connected(hub, platform, null, { settings: { ...APP_SETTINGS, apiBaseUrl: platform.url } });
    expect(alone).toMatchObject({ status: 'ACTIVE', appId: null, webhookUrl: `${hub.url}/webhooks/${alone.id}` });
  });

  test.each([
    ['an unknown connector', { connectorId: 'nobody' }, 'NOT_FOUND', undefined],
    ['a connector without apps', { connectorId: 'made-up' }, 'BAD_USER_INPUT', ['input.connectorId']],
    [
      'faulty settings, all at once',
      { name: ' ', settings: { clientId: '', colour: 1 } },
      'BAD_USER_INPUT',
      ['input.name', 'input.settings.clientId', 'input.settings.clientSecret', 'input.settings.signingKey', 'input.settings.colour'],
    ],
  ])('refuses %s', async (_what, further, code, paths) => {
    const hub = await start();
    const draft = { connectorId: 'made-up-oauth', name: 'Our app', settings: APP_SETTINGS, ...further };
    const fault = await hub.host.apps.create(ADMIN, draft).catch((error: { code: string; faults: { path: string }[] }) => error);
    expect(fault).toMatchObject({ code });
    if (paths) expect('faults' in fault ? fault.faults.map(({ path }) => path).sort() : []).toEqual([...paths].sort());
    expect(await hub.host.apps.apps()).toEqual([]);
  });

  test.each([
    ['that there is not', async () => 'app_1', 'NOT_FOUND'],
    ['of another connector', async (hub: ConnectorHub) => createApp(hub, platform), 'BAD_USER_INPUT'],
  ])('is refused on connect: one %s', async (_what, idOf, code) => {
    const hub = await start();
    const draft = { connectorId: 'made-up', settings: { apiKey: 'k' } };
    await expect(connect(hub, await idOf(hub), draft)).rejects.toMatchObject({ code });
  });

  test('that is changed is changed in every process, and those who waited for it are tested anew', async () => {
    const one = await start();
    const two = await start();
    const appId = await createApp(one, platform);
    const { id } = await connected(one, platform, appId);
    expect(await two.host.platforms.choices(ADMIN, id, 'channels')).toHaveLength(1);
    await one.host.apps.update(ADMIN, appId, { settings: { clientSecret: 'a secret that is wrong' }, keepReplacedKeysSeconds: 86_400 });
    clock.pass(60 * 60_000);
    await expect(two.host.platforms.choices(ADMIN, id, 'channels')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await one.host.desk.connection(id)).toMatchObject({ status: 'NEEDS_ATTENTION', authorization: 'ENDED' });
    await one.host.apps.update(ADMIN, appId, { settings: APP_SETTINGS, keepReplacedKeysSeconds: 86_400 });
    await until(async () => (await two.host.desk.connection(id))?.status === 'ACTIVE');
    expect(await two.host.platforms.choices(ADMIN, id, 'channels')).toHaveLength(1);
  });
});

describe('behind its address', () => {
  test('events go to the connection of their account; those of an unknown one are kept, shown, and worked when it is connected', async () => {
    const { events, intake } = remembering();
    const hub = await start({ intake });
    const appId = await createApp(hub, platform);
    const first = await connected(hub, platform, appId);
    const url = `${hub.url}/webhooks/apps/${appId}`;
    const forger = signer(oauthed());
    const both = [{ id: 'e-1', account: 'ACC-1' }, { id: 'e-1', account: 'ACC-2' }, { id: 'e-2', account: 'ACC-2' }, { id: 'e-3' }];
    expect(await send(forger, url, both)).toBe(200);
    // The same once more is known, whosever it is.
    expect(await send(forger, url, both)).toBe(200);
    await hub.host.drain();
    expect(events).toEqual([`${first.id} e-1`]);
    expect(await notices(hub)).toEqual([
      { account: 'ACC-1', state: 'DONE', reason: null, connectionId: first.id },
      { account: 'ACC-2', state: 'UNCLAIMED', reason: 'UNKNOWN_ACCOUNT', connectionId: null },
      { account: 'ACC-2', state: 'UNCLAIMED', reason: 'UNKNOWN_ACCOUNT', connectionId: null },
      { account: null, state: 'UNCLAIMED', reason: 'UNKNOWN_ACCOUNT', connectionId: null },
    ]);
    expect((await appOf(hub, appId))?.lastError).toContain('Events of the account ACC-2, which is not connected,');
    expect(await hub.host.apps.unclaimed(appId)).toEqual(
      expect.arrayContaining([
        { account: 'ACC-2', events: 2, lastAt: '2026-03-06T20:30:00.000Z' },
        { account: null, events: 1, lastAt: '2026-03-06T20:30:00.000Z' },
      ]),
    );
    platform.accounts = [{ id: 'ACC-2', name: 'El Rinconcillo' }];
    const second = await connected(hub, platform, appId, { name: 'Second' });
    await hub.host.drain();
    expect(events.slice(1).sort()).toEqual([`${second.id} e-1`, `${second.id} e-2`]);
    expect((await appOf(hub, appId))?.lastError).toBeNull();
    expect(await hub.host.apps.unclaimed(appId)).toMatchObject([{ account: null }]);
    // A repeat from before it was connected is a repeat still.
    expect(await send(forger, url, both)).toBe(200);
    await hub.host.drain();
    expect(events).toHaveLength(3);
  });

  test('an account that is connected in the very moment in which its event comes loses nothing', async () => {
    const { events, intake } = remembering();
    const hub = await start({ intake });
    const appId = await createApp(hub, platform);
    const { id } = await connected(hub, platform, appId);
    // As if the account was not known when the event was sorted, and was by the time it was kept.
    await rowsOf(
      hub.hub,
      `create function late() returns trigger language plpgsql as $$ begin
      if new.connection_id is not null then new.connection_id = null; new.state = 'UNCLAIMED'; new.reason = 'UNKNOWN_ACCOUNT'; end if; return new; end $$`,
    );
    await rowsOf(hub.hub, 'create trigger late before insert on notice for each row execute function late()');
    expect(await send(signer(oauthed()), `${hub.url}/webhooks/apps/${appId}`, [{ id: 'e-1', account: 'ACC-1' }])).toBe(200);
    expect(await notices(hub)).toMatchObject([{ state: 'UNCLAIMED' }]);
    await hub.host.desk.update(ADMIN, id, {});
    await hub.host.drain();
    expect(events).toEqual([`${id} e-1`]);
  });

  test('forged events, and those of a connection’s own address that it does not have, are turned away', async () => {
    const hub = await start();
    const appId = await createApp(hub, platform);
    const { id } = await connected(hub, platform, appId);
    const url = `${hub.url}/webhooks/apps/${appId}`;
    const one = [{ id: 'e-1', account: 'ACC-1' }];
    expect(await send(signer(oauthed(), 'a key of somebody else'), url, one)).toBe(401);
    expect(await send(signer(oauthed()), `${hub.url}/webhooks/${id}`, one)).toBe(404);
    expect(await send(signer(oauthed()), `${hub.url}/webhooks/apps/app_${'0'.repeat(32)}`, one)).toBe(404);
    expect(await send(signer(oauthed()), `${hub.url}/webhooks/apps/${id}`, one)).toBe(404);
    expect(await notices(hub)).toEqual([]);
  });

  test('two connections of one account: the older hears of it, and the other is told so', async () => {
    const { events, intake } = remembering();
    const hub = await start({ intake });
    const appId = await createApp(hub, platform);
    const first = await connected(hub, platform, appId, { name: 'First' });
    clock.pass(1_000);
    const second = await connected(hub, platform, appId, { name: 'Second' });
    expect(second).toMatchObject({ status: 'ACTIVE', lastError: expect.stringContaining('is connected already, as First') });
    await send(signer(oauthed()), `${hub.url}/webhooks/apps/${appId}`, [{ id: 'e-1', account: 'ACC-1' }]);
    await hub.host.drain();
    expect(events).toEqual([`${first.id} e-1`]);
  });
});

describe('what else is asked behind its address', () => {
  test('an operator sees what came to it of accounts that nobody has connected', async () => {
    const hub = await start();
    const [appId, other] = [await createApp(hub, platform), await createApp(hub, platform)];
    await send(signer(oauthed()), `${hub.url}/webhooks/apps/${appId}`, [{ id: 'e-1', account: 'ACC-9' }]);
    await send(signer(oauthed()), `${hub.url}/webhooks/apps/${appId}`, [{ id: 'e-2', account: 'ACC-9' }]);
    const seen = async (app: string) =>
      (await hub.host.traffic.deliveries(ADMIN, { appId: app }, { states: ['UNCLAIMED'] }, { first: 10, after: null })).edges.flatMap(
        ({ node }) => node.notices.map(({ account, state }) => `${account} ${state}`),
      );
    expect(await seen(appId)).toEqual(['ACC-9 UNCLAIMED', 'ACC-9 UNCLAIMED']);
    expect(await seen(other)).toEqual([]);
  });

  test('an operator sees a delivery at each connection that it tells of, and has its notices worked again', async () => {
    const { events, intake } = remembering();
    const hub = await start({ intake });
    const appId = await createApp(hub, platform);
    const first = await connected(hub, platform, appId);
    platform.accounts = [{ id: 'ACC-2', name: 'El Rinconcillo' }];
    const second = await connected(hub, platform, appId, { name: 'Second' });
    await send(signer(oauthed()), `${hub.url}/webhooks/apps/${appId}`, [
      { id: 'e-1', account: 'ACC-1' },
      { id: 'e-2', account: 'ACC-2' },
      { id: 'e-3', account: 'ACC-3' },
    ]);
    await hub.host.drain();
    const page = { first: 10, after: null };
    for (const { id } of [first, second]) {
      const { edges } = await hub.host.traffic.deliveries(ADMIN, { connectionId: id }, {}, page);
      expect(edges.map(({ node }) => node.notices.map(({ account, state }) => `${account} ${state}`))).toEqual([
        ['ACC-1 DONE', 'ACC-2 DONE', 'ACC-3 UNCLAIMED'],
      ]);
    }
    const [edge] = (await hub.host.traffic.deliveries(ADMIN, { connectionId: second.id }, {}, page)).edges;
    await hub.host.traffic.reprocess(ADMIN, edge?.node.id ?? '');
    await hub.host.drain();
    expect(events).toHaveLength(4);
    expect((await notices(hub)).map(({ state }) => state)).toEqual(['DONE', 'DONE', 'UNCLAIMED']);
  });

  test('a question is answered for the connection of its account, and for nobody else', async () => {
    const loyalty = asking.questions?.['loyalty'];
    if (loyalty === undefined) throw new Error('It asks.');
    const connector: Connector = {
      ...asking,
      app: asking.settings,
      settings: z.strictObject({}),
      identify: () => ({ account: 'T-1', name: 'Till' }),
      questions: {
        loyalty: {
          ...loyalty,
          about: ({ body, headers }) => ({ ...loyalty.about({ body } as never), account: headers['x-account'] ?? '' }),
        },
      },
    };
    const hub = await start({ connectors: [connector] });
    const { code, storeId } = await withVouchers(hub.hub);
    const { id: appId } = await hub.host.apps.create(ADMIN, { connectorId: 'asking', name: 'a', settings: { signingKey: SIGNING_KEY } });
    await connect(hub, appId, { connectorId: 'asking', storeId });
    const url = `${hub.url}/webhooks/apps/${appId}/loyalty`;
    const ask = async (account: string, transaction: string) => {
      const body = JSON.stringify({ transaction, what: 'check', code, check: 'c-1', cents: 2000 });
      const headers = [['content-type', 'application/json'] as const, ['x-account', account] as const];
      const signed = questionForger(connector, 'loyalty', { signingKey: SIGNING_KEY }).sign({ url, body, headers, at: 0 });
      const sent = signed.headers.map(([name, value]) => [name, value] as [string, string]);
      const response = await fetch(url, { method: 'POST', headers: sent, body: Buffer.from(signed.body) });
      return { status: response.status, body: await response.json() };
    };
    expect(await ask('T-1', 't-1')).toEqual({ status: 200, body: { gives: 200, name: 'Primavera' } });
    expect(await ask('T-2', 't-2')).toEqual({ status: 200, body: { no: 'Ahora no es posible.' } });
  });
});

describe('keys that are replaced', () => {
  const one = (id: string) => [{ id, account: 'ACC-1' }];

  test('verify for a day beside the new ones, in every process', async () => {
    const hub = await start();
    const other = await start({ works: false });
    const appId = await createApp(hub, platform);
    await connected(hub, platform, appId);
    const url = `${hub.url}/webhooks/apps/${appId}`;
    const there = url.replace(hub.url, other.url);
    const old = signer(oauthed());
    const fresh = signer(oauthed(), 'the new signing key of the app');
    expect(await send(old, url, one('e-0'), there)).toBe(200);
    await hub.host.apps.update(ADMIN, appId, {
      settings: { signingKey: 'the new signing key of the app' },
      keepReplacedKeysSeconds: 86_400,
    });
    await until(async () => (await send(fresh, url, one('e-1'), there)) === 200);
    expect(await send(old, url, one('e-2'), there)).toBe(200);
    clock.pass(DAY_MS - 1_000);
    expect(await send(old, url, one('e-3'))).toBe(200);
    // What was read of the App a moment ago is good for five seconds.
    clock.pass(7_000);
    expect(await send(old, url, one('e-4'))).toBe(401);
    expect(await send(fresh, url, one('e-5'))).toBe(200);
    await hub.host.drain();
    expect(await rowsOf(hub.hub, 'select previous_secrets from app')).toEqual([{ previous_secrets: null }]);
  });

  test('end at once where somebody says so', async () => {
    const hub = await start();
    const appId = await createApp(hub, platform);
    const url = `${hub.url}/webhooks/apps/${appId}`;
    await hub.host.apps.update(ADMIN, appId, { settings: { signingKey: 'the second key of the app' }, keepReplacedKeysSeconds: 86_400 });
    expect(await send(signer(oauthed()), url, one('e-1'))).toBe(200);
    await hub.host.apps.update(ADMIN, appId, { settings: { signingKey: 'the third key of the app' }, keepReplacedKeysSeconds: 0 });
    expect(await send(signer(oauthed()), url, one('e-2'))).toBe(401);
    expect(await send(signer(oauthed(), 'the second key of the app'), url, one('e-3'))).toBe(401);
    expect(await send(signer(oauthed(), 'the third key of the app'), url, one('e-4'))).toBe(200);
  });

  test('of a connection of its own likewise', async () => {
    const hub = await start();
    const { id, webhookUrl } = await connected(hub, platform, null, { settings: { ...APP_SETTINGS, apiBaseUrl: platform.url } });
    const url = webhookUrl ?? '';
    await hub.host.desk.update(ADMIN, id, { settings: { signingKey: 'the new key of the connection' } });
    expect(await send(signer(oauthed()), url, one('e-1'))).toBe(200);
    expect(await send(signer(oauthed(), 'the new key of the connection'), url, one('e-2'))).toBe(200);
    await hub.host.desk.update(ADMIN, id, { keepReplacedKeysSeconds: 0 });
    expect(await send(signer(oauthed()), url, one('e-3'))).toBe(401);
    await expect(hub.host.desk.update(ADMIN, id, { keepReplacedKeysSeconds: -1 })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test('are sealed for the App they belong to', async () => {
    const hub = await start();
    const one = await createApp(hub, platform);
    const two = await createApp(hub, platform);
    await rowsOf(hub.hub, 'update app set secrets = (select secrets from app where id = $1) where id = $2', [one, two]);
    await expect(hub.host.apps.update(ADMIN, two, { name: 'x', keepReplacedKeysSeconds: 0 })).rejects.toThrow();
    expect(JSON.stringify(await rowsOf(hub.hub, 'select * from app'))).not.toContain(SIGNING_KEY);
  });
});

test('after a change of the hub’s address what is signed for the old one verifies, and so does what is signed for the new', async () => {
  const hub = await start();
  const forger = squareForger();
  platform.failNext({ status: 200, body: merchantReply.body ?? {} });
  const { webhookUrl, id } = await hub.host.desk.connect(ADMIN, {
    connectorId: 'square',
    appId: null,
    name: 'x',
    storeId: null,
    settings: { accessToken: 'a-token-of-the-seller', ...forger.secrets, apiBaseUrl: platform.url },
  });
  const url = webhookUrl ?? '';
  await rowsOf(hub.hub, `update connection set webhook_url = 'https://old.example/webhooks/' || id`);
  await hub.host.desk.update(ADMIN, id, { name: 'moved' });
  expect((await deliver(`https://old.example/webhooks/${id}`, forger, event('order.updated', 'O-1'), { to: url })).status).toBe(200);
  expect((await deliver(url, forger, event('order.updated', 'O-2'))).status).toBe(200);
  expect((await deliver('https://other.example/webhooks/x', forger, event('order.updated', 'O-3'), { to: url })).status).toBe(401);
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}
