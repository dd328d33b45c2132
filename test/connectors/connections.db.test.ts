import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type StandIn, startStandIn } from '@valehub/connector-kit/testing';
import type { Actor } from '../../src/domain/access/roles.ts';
import type { ConnectionPatch } from '../../src/domain/connection/connection.types.ts';
import { ADMIN, type ConnectorHub, rowsOf, startConnectorHub, withVouchers } from './support/connector-hub.ts';
import { ACCESS_TOKEN, deliver, event, LOCATION, merchantReply, squareForger } from './support/square-evening.ts';

const secretKey = randomBytes(32);
const SIGNATURE_KEY = 'square-signature-key-that-nobody-may-see';

let square: StandIn;
let running: ConnectorHub;
let storeId: string;

beforeAll(async () => {
  square = await startStandIn();
});
afterAll(() => square.close());
beforeEach(async () => {
  square.answer([merchantReply]);
  running = await startConnectorHub({ secretKey });
  ({ storeId } = await withVouchers(running.hub));
});
afterEach(async () => {
  await running.close();
  await running.database.drop();
});

const connect = (settings: object, further: object = {}, actor: Actor = ADMIN) =>
  running.host.desk.connect(actor, { connectorId: 'square', appId: null, name: 'Triana', storeId: null, settings, ...further });
const good = () => ({
  accessToken: ACCESS_TOKEN,
  webhookSignatureKey: SIGNATURE_KEY,
  apiBaseUrl: square.url,
  locations: { [LOCATION]: storeId },
});

describe('connect', () => {
  test('tests the connection and gives the address to register', async () => {
    const connection = await connect(good());
    expect(connection).toEqual({
      id: expect.stringMatching(/^con_/),
      connectorId: 'square',
      name: 'Triana',
      status: 'ACTIVE',
      webhookUrl: `${running.url}/webhooks/${connection.id}`,
      lastError: null,
      appId: null,
      account: 'MERCHANT-1',
      accountName: 'La Taberna',
      accounts: [],
      authorization: 'NOT_NEEDED',
      capabilities: expect.objectContaining({ 'lifecycle.redeem': 'BY_HUB' }),
      manualSubscription: expect.any(String),
    });
    expect(square.requests.map((request) => [request.path, request.headers['authorization']])).toEqual([
      ['/v2/merchants/me', `Bearer ${ACCESS_TOKEN}`],
      // What this token may do.
      ['/oauth2/token/status', `Bearer ${ACCESS_TOKEN}`],
    ]);
    expect(await running.host.desk.connections()).toEqual([connection]);
  });

  test('whose test call fails is kept, says why, and its webhooks are taken', async () => {
    square.answer([
      {
        path: '/v2/merchants/me',
        status: 401,
        body: { errors: [{ category: 'AUTHENTICATION_ERROR', code: 'UNAUTHORIZED', detail: `The token ${ACCESS_TOKEN} is wrong.` }] },
      },
    ]);
    const forger = squareForger();
    const connection = await connect({ ...good(), ...forger.secrets });
    expect(connection).toMatchObject({ status: 'NEEDS_ATTENTION', lastError: expect.stringContaining('BAD_CREDENTIALS') });
    expect(connection.lastError).not.toContain(ACCESS_TOKEN);
    expect(await deliver(connection.webhookUrl ?? '', forger, event('order.updated', 'O-1'))).toEqual({ status: 200, text: '' });
  });

  test('tells every faulty setting with its path, and no value', async () => {
    const wrong = connect({
      accessToken: '',
      webhookSignatureKey: 7,
      environment: 'moon',
      apiBaseUrl: 'ftp://x',
      locations: { L: '' },
      colour: 'red',
    });
    await expect(wrong).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    const fault = await wrong.catch((error: { faults: { path: string; message: string }[] }) => error);
    const faults = 'faults' in fault ? fault.faults : [];
    expect(faults.map(({ path }) => path).sort()).toEqual(
      ['accessToken', 'apiBaseUrl', 'colour', 'environment', 'locations.L', 'webhookSignatureKey'].map((name) => `input.settings.${name}`),
    );
    expect(JSON.stringify(faults)).not.toMatch(/moon"|ftp:\/\/x|red"/);
    expect(await running.host.desk.connections()).toEqual([]);
  });

  test.each([
    ['an unknown connector', { connectorId: 'nobody' }, {}, 'NOT_FOUND'],
    ['an unknown app', { appId: 'app_1' }, {}, 'NOT_FOUND'],
    ['an unknown store', { storeId: 'sto_1' }, {}, 'NOT_FOUND'],
    ['a location that is no store of the hub', {}, { locations: { [LOCATION]: 'sto_1' } }, 'NOT_FOUND'],
    ['no name', { name: ' ' }, {}, 'BAD_USER_INPUT'],
    ['settings that are no object', { settings: [] }, {}, 'BAD_USER_INPUT'],
  ])('refuses %s', async (_name, further, settings, code) => {
    await expect(connect({ ...good(), ...settings }, further)).rejects.toMatchObject({ code });
    expect(await running.host.desk.connections()).toEqual([]);
  });

  test('is for administrators', async () => {
    await expect(connect(good(), {}, { ...ADMIN, role: 'MARKETING' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('update', () => {
  test('changes what is given, keeps the secrets that are not, and tests again', async () => {
    const { id } = await connect(good());
    square.answer([merchantReply, { status: 404 }]);
    expect(
      await running.host.desk.update(ADMIN, id, { name: 'Centro', settings: { environment: 'sandbox', locations: {} } }),
    ).toMatchObject({ name: 'Centro', status: 'ACTIVE', lastError: null });
    expect(square.requests.at(-1)?.headers['authorization']).toBe(`Bearer ${ACCESS_TOKEN}`);
    expect(await rowsOf(running.hub, 'select settings from connection')).toEqual([
      { settings: { environment: 'sandbox', apiBaseUrl: square.url, locations: {} } },
    ]);
    await running.host.desk.update(ADMIN, id, { settings: { apiBaseUrl: null }, paused: true });
    expect(await rowsOf(running.hub, 'select settings, status from connection')).toEqual([
      { settings: { environment: 'sandbox', locations: {} }, status: 'PAUSED' },
    ]);
  });

  test.each([
    ['null where nothing can be cleared', { name: null, settings: null, paused: null }, ['input.name', 'input.settings', 'input.paused']],
    ['settings that are no object', { settings: 'all' }, ['input.settings']],
    ['a secret that is empty', { settings: { accessToken: '' } }, ['input.settings.accessToken']],
    ['a store that is none', { settings: { locations: { L: 'sto_1' } } }, ['input.settings.locations.L']],
  ])('refuses %s and changes nothing', async (_name, patch, paths) => {
    const connection = await connect(good());
    const fault = await running.host.desk
      .update(ADMIN, connection.id, patch as ConnectionPatch)
      .catch((error: { faults: { path: string }[] }) => error.faults.map(({ path }) => path));
    expect(fault).toEqual(paths);
    expect(await running.host.desk.connections()).toEqual([connection]);
  });

  test('is for administrators, and of what there is', async () => {
    const { id } = await connect(good());
    await expect(running.host.desk.update({ ...ADMIN, role: 'MARKETING' }, id, {})).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(running.host.desk.update(ADMIN, 'con_1', {})).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('credentials', () => {
  test('are in the database only sealed, and in no answer and no log', async () => {
    const connection = await connect(good());
    await deliver(connection.webhookUrl ?? '', squareForger(), event('order.updated', 'O-1'));
    await running.host.desk.update(ADMIN, connection.id, { name: 'Triana 2' });
    const seen = JSON.stringify([
      await running.host.desk.connections(),
      running.host.desk.connectors(),
      await rowsOf(running.hub, 'select * from connection'),
      await rowsOf(running.hub, 'select * from webhook_delivery'),
      await rowsOf(running.hub, 'select * from notice'),
      running.logged,
    ]);
    for (const secret of [ACCESS_TOKEN, SIGNATURE_KEY]) {
      expect(seen).not.toContain(secret);
      expect(seen).not.toContain(Buffer.from(secret).toString('base64'));
    }
    expect(await rowsOf(running.hub, 'select settings from connection')).toEqual([
      { settings: { environment: 'production', apiBaseUrl: square.url, locations: { [LOCATION]: storeId } } },
    ]);
  });

  test('sealed for one connection do not open in the row of another', async () => {
    const one = await connect(good());
    const other = await connect({ ...good(), accessToken: 'the-token-of-another-seller' });
    await running.hub.database.pool.query('update connection set secrets = (select secrets from connection where id = $1) where id = $2', [
      one.id,
      other.id,
    ]);
    await expect(running.host.desk.update(ADMIN, other.id, { name: 'x' })).rejects.toThrow();
  });
});

test('the registered address stays when the hub moves, and what was signed for it verifies', async () => {
  const forger = squareForger();
  const connection = await connect({ ...good(), ...forger.secrets });
  await running.hub.database.pool.query('update connection set webhook_url = replace(webhook_url, $1, $2) where id = $3', [
    running.url,
    'https://old.example',
    connection.id,
  ]);
  await running.host.desk.update(ADMIN, connection.id, { name: 'Moved' });
  const old = `https://old.example/webhooks/${connection.id}`;
  expect((await running.host.desk.connection(connection.id))?.webhookUrl).toBe(old);
  expect((await deliver(old, forger, event('order.updated', 'O-1'), { to: connection.webhookUrl ?? '' })).status).toBe(200);
});

test('connectors show their schema with secrets as writeOnly, and what they can do', () => {
  const shown = running.host.desk.connectors();
  expect(shown.map(({ id }) => id)).toEqual(expect.arrayContaining(['sendgrid', 'slack', 'square']));
  const schema = shown.find(({ id }) => id === 'square')?.settingsSchema as {
    $schema: string;
    required: string[];
    properties: Record<string, { writeOnly?: boolean }>;
  };
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(schema.properties).toMatchObject({ accessToken: { writeOnly: true }, webhookSignatureKey: { writeOnly: true } });
  expect(Object.keys(schema.properties).sort()).toEqual([
    'accessToken',
    'apiBaseUrl',
    'appAccessToken',
    'automaticRules',
    'clientId',
    'clientSecret',
    'environment',
    'locations',
    'tlsCa',
    'webhookSignatureKey',
  ]);
});

test('private addresses are called only where an operator allows it', async () => {
  const careful = await startConnectorHub({ database: running.database, secretKey, allowPrivateHosts: false });
  const connection = await careful.host.desk.connect(ADMIN, {
    connectorId: 'square',
    appId: null,
    name: 'x',
    storeId: null,
    settings: { accessToken: ACCESS_TOKEN, apiBaseUrl: square.url.replace('http:', 'https:') },
  });
  await careful.close();
  expect(connection).toMatchObject({ status: 'NEEDS_ATTENTION', lastError: expect.stringContaining('private network') });
  expect(square.requests).toHaveLength(0);
});
