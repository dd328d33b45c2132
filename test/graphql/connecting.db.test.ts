import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadConnectors } from '../../src/connectors/registry/registry.ts';
import { APP_SETTINGS, send, signer } from '../connectors/support/linked.ts';
import { CLIENT_SECRET, type OAuthPlatform, oauthed, startOAuthPlatform } from '../connectors/support/made-up-oauth.ts';
import { silent } from '../helpers/basics.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { createStore } from './stage.ts';

let hub: TestHub;
let platform: OAuthPlatform;
let publicUrl: string;

beforeAll(async () => {
  platform = await startOAuthPlatform(() => Date.now());
  const load = async () => ({ value: oauthed(), version: '0.0.1' });
  const registry = await loadConnectors({ builtIn: [], further: ['made-up-oauth'], log: silent, load });
  hub = await startTestHub({ registry, env: { VALEHUB_ALLOW_PRIVATE_HOSTS: '1' } });
  publicUrl = `http://localhost:${new URL(hub.url).port}`;
});
afterAll(async () => {
  await hub.stop();
  await platform.close();
});

const CONNECTION = `id name status webhookUrl lastError account accountName accounts { account name } authorization capabilities manualSubscription
  connector { id redirectUri appSchema } app { id name }`;

test('from the developer app to the stores and away again, as an administrator does it', async () => {
  const storeId = await createStore(hub, { name: 'Triana' });
  const { connectors } = await hub.ask('{ connectors { id redirectUri appSchema } }');
  expect(connectors).toEqual([
    {
      id: 'made-up-oauth',
      redirectUri: `${publicUrl}/oauth/callback`,
      appSchema: expect.objectContaining({
        required: ['clientId', 'clientSecret', 'signingKey'],
        properties: expect.objectContaining({ clientSecret: expect.objectContaining({ writeOnly: true }) }),
      }),
    },
  ]);

  const { createApp: app } = await hub.ask(
    'mutation ($input: CreateAppInput!) { createApp(input: $input) { id name webhookUrl lastError unclaimed { account } connector { id } } }',
    { input: { connectorId: 'made-up-oauth', name: 'Our app', settings: { ...APP_SETTINGS, apiBaseUrl: platform.url } } },
  );
  expect(app).toEqual({
    id: expect.stringMatching(/^app_/),
    name: 'Our app',
    webhookUrl: `${publicUrl}/webhooks/apps/${app.id}`,
    lastError: null,
    unclaimed: [],
    connector: { id: 'made-up-oauth' },
  });
  expect(await send(signer(oauthed()), app.webhookUrl, [{ id: 'e-1', account: 'ACC-2' }])).toBe(200);
  expect((await hub.ask('{ apps { unclaimed { account events } } }')).apps).toEqual([{ unclaimed: [{ account: 'ACC-2', events: 1 }] }]);

  const { connect: made } = await hub.ask(`mutation ($input: ConnectInput!) { connect(input: $input) { ${CONNECTION} } }`, {
    input: { connectorId: 'made-up-oauth', appId: app.id, name: 'La Taberna', settings: {} },
  });
  expect(made).toMatchObject({ status: 'NEEDS_ATTENTION', authorization: 'MISSING', accounts: [], app: { id: app.id, name: 'Our app' } });

  platform.accounts = [
    { id: 'ACC-1', name: 'La Taberna' },
    { id: 'ACC-2', name: 'El Rinconcillo' },
  ];
  const { authorizeConnection } = await hub.ask('mutation ($id: ID!) { authorizeConnection(id: $id) { url expiresAt } }', { id: made.id });
  const state = new URL(authorizeConnection.url).searchParams.get('state') ?? '';
  const page = await fetch(`${hub.url}/oauth/callback?${new URLSearchParams({ state, code: platform.agree() })}`);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toBe(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  expect(await page.text()).toContain('opens several accounts');

  const { connections: waiting } = await hub.ask(`{ connections { ${CONNECTION} } }`);
  expect(waiting).toMatchObject([
    { authorization: 'GIVEN', accounts: [{ account: 'ACC-1' }, { account: 'ACC-2', name: 'El Rinconcillo' }], account: null },
  ]);
  const { chooseAccount } = await hub.ask(`mutation ($id: ID!) { chooseAccount(connectionId: $id, account: "ACC-2") { ${CONNECTION} } }`, {
    id: made.id,
  });
  expect(chooseAccount).toMatchObject({
    status: 'ACTIVE',
    account: 'ACC-2',
    accountName: 'El Rinconcillo',
    lastError: null,
    manualSubscription: 'Enter the address at Made up.',
    capabilities: { 'lifecycle.redeem': 'BY_HUB' },
  });
  expect((await hub.ask('{ apps { lastError unclaimed { account } } }')).apps).toEqual([{ lastError: null, unclaimed: [] }]);

  const { connectionChoices } = await hub.ask(
    'query ($id: ID!) { connectionChoices(connectionId: $id, name: "channels") { value label } }',
    { id: made.id },
  );
  expect(connectionChoices).toEqual([{ value: 'C1', label: 'Alerts' }]);
  await hub.ask('mutation ($id: ID!, $input: UpdateConnectionInput!) { updateConnection(id: $id, input: $input) { status } }', {
    id: made.id,
    input: { settings: { locations: { L1: storeId } } },
  });
  const { platformLocations } = await hub.ask(
    'query ($id: ID!) { platformLocations(connectionId: $id) { externalId name currency timeZone store { id name } } }',
    { id: made.id },
  );
  expect(platformLocations).toEqual([
    { externalId: 'L1', name: 'Triana', currency: 'EUR', timeZone: null, store: { id: storeId, name: 'Triana' } },
    { externalId: 'L2', name: 'Nervión', currency: null, timeZone: null, store: null },
  ]);

  const { connect: second } = await hub.ask(`mutation ($input: ConnectInput!) { connect(input: $input) { ${CONNECTION} } }`, {
    input: { connectorId: 'made-up-oauth', grantOf: made.id, name: 'The other', settings: {} },
  });
  expect(second).toMatchObject({ authorization: 'GIVEN', app: { id: app.id }, accounts: [{ account: 'ACC-1' }, { account: 'ACC-2' }] });

  for (const { id } of [made, second]) {
    const { disconnect } = await hub.ask('mutation ($id: ID!) { disconnect(id: $id) { status webhookUrl lastError } }', { id });
    expect(disconnect).toEqual({ status: 'DISCONNECTED', webhookUrl: null, lastError: null });
  }
  expect(platform.revoked).toHaveLength(1);
  expect((await hub.ask('{ connections { id } }')).connections).toEqual([]);
  expect((await hub.ask('{ connections(includeDisconnected: true) { id status } }')).connections).toMatchObject([
    { id: made.id, status: 'DISCONNECTED' },
    { id: second.id, status: 'DISCONNECTED' },
  ]);
});

test('a page for whoever comes without a state, and no other method', async () => {
  const page = await fetch(`${hub.url}/oauth/callback?code=x`, { headers: { 'accept-language': 'en' } });
  expect([page.status, await page.text()]).toEqual([400, expect.stringContaining('belongs to no authorisation')]);
  expect((await fetch(`${hub.url}/oauth/callback`, { method: 'POST' })).status).toBe(404);
});

test('an App is told of by the path of each fault, and never by a secret', async () => {
  const { errors } = await hub.graphql('mutation ($input: CreateAppInput!) { createApp(input: $input) { id } }', {
    input: { connectorId: 'made-up-oauth', name: 'x', settings: { clientSecret: CLIENT_SECRET, colour: 'red' } },
  });
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  expect(errors?.[0]?.extensions.faults?.map(({ path }) => path).sort()).toEqual([
    'input.settings.clientId',
    'input.settings.colour',
    'input.settings.signingKey',
  ]);
  expect(JSON.stringify(errors)).not.toContain(CLIENT_SECRET);
});
