import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Capabilities, type Connector, tokenAuth, z } from '@valehub/connector-kit';
import { ADMIN, type ConnectorHub, type HandClock, handClock, startConnectorHub, withVouchers } from './support/connector-hub.ts';
import { APP_SETTINGS, connect, connected } from './support/linked.ts';
import { type OAuthPlatform, oauthed, startOAuthPlatform } from './support/made-up-oauth.ts';
import { enqueue } from './support/outbox.ts';

const DAY_MS = 24 * 60 * 60_000;
let clock: HandClock;
let platform: OAuthPlatform;
let hub: ConnectorHub | undefined;
let narrowed: Capabilities;

beforeEach(async () => {
  narrowed = {};
  clock = handClock(Date.parse('2026-03-06T20:30:00.000Z'));
  platform = await startOAuthPlatform(clock.now);
});
afterEach(async () => {
  await hub?.close();
  await platform.close();
  await hub?.database.drop();
});

async function start(given: Partial<Connector> = {}): Promise<ConnectorHub> {
  hub = await startConnectorHub({ clock, connectors: [oauthed({ narrow: () => narrowed, ...given })] });
  return hub;
}
const own = (settings: object = {}) => ({ settings: { ...APP_SETTINGS, apiBaseUrl: platform.url, ...settings } });

describe('forms', () => {
  test('show the platform’s choices, its locations with their stores, and what a person has to do', async () => {
    const running = await start();
    const { storeId } = await withVouchers(running.hub);
    const { id, manualSubscription } = await connected(running, platform, null, own({ locations: { L1: storeId } }));
    expect(manualSubscription).toBe('Enter the address at Made up.');
    expect(await running.host.platforms.choices(ADMIN, id, 'channels')).toEqual([{ value: 'C1', label: 'Alerts' }]);
    expect(await running.host.platforms.locations(ADMIN, id)).toEqual([
      { externalId: 'L1', name: 'Triana', currency: 'EUR', timeZone: null, storeId },
      { externalId: 'L2', name: 'Nervión', currency: null, timeZone: null, storeId: null },
    ]);
    await expect(running.host.platforms.choices(ADMIN, id, 'colours')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    platform.failNext({ status: 503 });
    await expect(running.host.platforms.locations(ADMIN, id)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(running.host.platforms.locations({ ...ADMIN, role: 'MARKETING' }, id)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await running.host.desk.update(ADMIN, id, { paused: true });
    await expect(running.host.platforms.locations(ADMIN, id)).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('what an account can do', () => {
  test('is narrowed on connect and daily, and never raised', async () => {
    const running = await start();
    narrowed = { 'codes.bulk': 'NOT_POSSIBLE', 'lifecycle.redeem': 'ENFORCED' };
    const { id, capabilities } = await connected(running, platform, null, own());
    expect(capabilities).toEqual({ 'incentive.percentOff': 'ENFORCED', 'codes.bulk': 'NOT_POSSIBLE', 'lifecycle.redeem': 'BY_HUB' });
    narrowed = { 'incentive.percentOff': { approximated: 'whole percents only' } };
    clock.pass(DAY_MS + 1_000);
    await running.host.drain();
    expect((await running.host.desk.connection(id))?.capabilities).toEqual({
      'incentive.percentOff': { approximated: 'whole percents only' },
      'codes.bulk': 'ENFORCED',
      'lifecycle.redeem': 'BY_HUB',
    });
  });
});

describe('a version of the platform’s API that ends', () => {
  test('is warned of from 90 days before on', async () => {
    const running = await start({ versions: [{ id: '2026-01', link: 'https://made-up.example/2026-01', until: '2026-06-10' }] });
    const { id } = await connected(running, platform, null, own());
    clock.pass(DAY_MS + 1_000);
    await running.host.drain();
    expect((await running.host.desk.connection(id))?.lastError).toBeNull();
    clock.pass(6 * DAY_MS);
    await running.host.drain();
    expect(await running.host.desk.connection(id)).toMatchObject({
      status: 'ACTIVE',
      lastError: expect.stringContaining(
        'The version 2026-01 of the API of Made up, with a log-in, which the connector calls, ends on 2026-06-10',
      ),
    });
  });
});

describe('a log-in without a browser', () => {
  const session = (shared: 'connection' | 'app') =>
    tokenAuth({
      shared,
      async obtain(ctx) {
        const form = {
          client_secret: ctx.secrets['clientSecret'] ?? '',
          grant_type: 'authorization_code',
          code: 'session',
          code_verifier: 'x',
        };
        const reply = await ctx.call({ host: 'login', path: '/token', form, reply: z.object({ access_token: z.string() }) });
        return { secrets: { token: reply.access_token } };
      },
    });

  /** The stand-in takes the code once. */
  const letIn = () => {
    const { access } = platform.tokens.give();
    platform.failNext({ status: 200, body: { access_token: access } });
  };

  test('is made at the first call, kept over restarts, and made anew once somebody enters other credentials', async () => {
    const running = await start({ auth: session('connection') });
    letIn();
    const { id, status, authorization } = await connect(running, null, own());
    expect([status, authorization, platform.requestsTo('/token')]).toEqual(['ACTIVE', 'NOT_NEEDED', 1]);
    await running.host.desk.update(ADMIN, id, { name: 'Centro' });
    expect(platform.requestsTo('/token')).toBe(1);
    // A password that is wrong is tried once, so that nobody is locked out.
    await running.host.desk.update(ADMIN, id, { settings: { clientSecret: 'a wrong one' } });
    for (const key of ['k-1', 'k-2', 'k-3']) await enqueue(running, { connectionId: id, verb: 'actions.ping', key, input: {} });
    await running.host.drain();
    expect(platform.requestsTo('/token')).toBe(2);
    expect(await running.host.desk.connection(id)).toMatchObject({
      status: 'NEEDS_ATTENTION',
      lastError: expect.stringContaining('updateConnection'),
    });
    letIn();
    expect(await running.host.desk.update(ADMIN, id, { settings: { clientSecret: APP_SETTINGS.clientSecret } })).toMatchObject({
      status: 'ACTIVE',
    });
    await running.host.drain();
    expect(platform.requestsTo('/ping')).toBe(3);
  });

  test('is made once for all connections of an App that share it', async () => {
    const running = await start({ auth: session('app') });
    const settings = { ...APP_SETTINGS, apiBaseUrl: platform.url };
    const { id: appId } = await running.host.apps.create(ADMIN, { connectorId: 'made-up-oauth', name: 'a', settings });
    letIn();
    for (const name of ['One', 'Two']) expect(await connect(running, appId, { name })).toMatchObject({ status: 'ACTIVE' });
    expect(platform.requestsTo('/token')).toBe(1);
    const [one, two] = await running.host.desk.connections();
    for (const { id } of [one, two].flatMap((each) => each ?? [])) await running.host.disconnection.disconnect(ADMIN, id);
    letIn();
    expect(await connect(running, appId, { name: 'Three' })).toMatchObject({ status: 'ACTIVE' });
  });

  test('cannot be shared by name', async () => {
    const running = await start({ auth: session('connection') });
    letIn();
    const { id } = await connect(running, null, own());
    await expect(connect(running, null, { ...own(), grantOf: id })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      faults: [{ path: 'input.grantOf' }],
    });
    await expect(connect(running, null, { ...own(), grantOf: 'con_1' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
