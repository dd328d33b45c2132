import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ConnectorRegistry, loadConnectors } from '../../src/connectors/registry/registry.ts';
import { madeUp } from '../connectors/support/made-up.ts';
import { silent } from '../helpers/basics.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';

let hub: TestHub;
let registry: ConnectorRegistry;
const first = randomBytes(32).toString('base64');
const second = randomBytes(32).toString('base64');

beforeAll(async () => {
  registry = await loadConnectors({
    builtIn: [],
    further: ['made-up'],
    log: silent,
    load: async () => ({ value: madeUp(), version: '0.0.1' }),
  });
  hub = await startTestHub({ registry });
  for (const name of ['One', 'Two'])
    await hub.ask('mutation ($input: ConnectInput!) { connect(input: $input) { id } }', {
      input: { connectorId: 'made-up', name, settings: { apiKey: `key of ${name}` } },
    });
});
afterAll(async () => {
  await hub.stop();
});

const sealed = async (): Promise<string[]> =>
  (await hub.hub.database.pool.query<{ secrets: string }>('select secrets from connection order by name')).rows.map(
    ({ secrets }) => secrets,
  );

/** Starts a hub with these keys, changes a connection, which opens and seals its credentials, and stops it. */
async function startedWith(env: Readonly<Record<string, string>>): Promise<'started' | string> {
  try {
    const other = await startTestHub({ registry, besides: hub, env });
    const { connections } = await other.ask('{ connections { id status } }');
    const change = 'mutation ($id: ID!) { updateConnection(id: $id, input: { name: "One" }) { status } }';
    const { updateConnection } = await other.ask(change, { id: connections[0].id });
    await other.stop();
    return updateConnection.status === 'ACTIVE' ? 'started' : updateConnection.status;
  } catch (error) {
    return (error as Error).message;
  }
}

test('credentials go over to a key of their own, to the next, and back, and open all the while', async () => {
  for (const text of await sealed()) expect(text).toMatch(/^v1\./);
  expect(await startedWith({ VALEHUB_CREDENTIALS_KEY: first })).toBe('started');
  const own = await sealed();
  for (const text of own) expect(text).toMatch(/^k\./);
  expect(await startedWith({ VALEHUB_CREDENTIALS_KEY: second, VALEHUB_CREDENTIALS_KEY_PREVIOUS: first })).toBe('started');
  const next = await sealed();
  const keyIn = (text: string) => text.split('.')[1];
  expect(new Set(next.map(keyIn)).size).toBe(1);
  expect(keyIn(next[0] as string)).not.toBe(keyIn(own[0] as string));
  expect(await startedWith({ VALEHUB_CREDENTIALS_KEY: second })).toBe('started');
  expect(await startedWith({ VALEHUB_CREDENTIALS_KEY_PREVIOUS: second })).toBe('started');
  for (const text of await sealed()) expect(text).toMatch(/^v1\./);
});

test('so do those of Apps, of what platforms gave, and keys that were replaced', async () => {
  const { pool } = hub.hub.database;
  const tables = ['app', 'credential_grant', 'webhook_subscription'];
  const columns: readonly (readonly [table: string, key: string, column: string, of: string])[] = [
    ['app', 'id', 'secrets', 'app'],
    ['app', 'id', 'previous_secrets', 'app'],
    ['connection', 'id', 'previous_secrets', 'connection'],
    ['credential_grant', 'id', 'credential', 'grant'],
    ['webhook_subscription', 'holder', 'secrets', 'subscription'],
    ['webhook_subscription', 'holder', 'previous_secrets', 'subscription'],
  ];
  await pool.query(
    `insert into app (id, connector_id, name, settings, version, created_at, updated_at) values ('app_1', 'x', 'x', '{}', 1, now(), now())`,
  );
  await pool.query(
    `insert into credential_grant (id, holder, connector_id, facts, status, version, created_at, updated_at) values ('grt_1', 'con_1', 'x', '{}', 'DEAD', 1, now(), now())`,
  );
  await pool.query(
    `insert into webhook_subscription (holder, connector_id, connector_version, url, subscriptions, due_at, version, updated_at) values ('con_1', 'x', '1', 'u', '[]', now() + interval '9 days', 1, now())`,
  );
  for (const [table, key, column, of] of columns)
    for (const { id } of (await pool.query<{ id: string }>(`select ${key} as id from ${table}`)).rows)
      await pool.query(`update ${table} set ${column} = $2 where ${key} = $1`, [id, hub.hub.keyring.seal('{}', `${of} ${id}`)]);
  expect(await startedWith({ VALEHUB_CREDENTIALS_KEY: first })).toBe('started');
  for (const [table, , column] of columns)
    for (const row of (await pool.query<{ sealed: string }>(`select ${column} as sealed from ${table}`)).rows)
      expect(row.sealed).toMatch(/^k\./);
  expect(await startedWith({ VALEHUB_CREDENTIALS_KEY_PREVIOUS: first })).toBe('started');
  for (const table of tables) await pool.query(`delete from ${table}`);
  await pool.query('update connection set previous_secrets = null');
});

test('a hub without the key they are sealed under does not start, and changes nothing', async () => {
  expect(await startedWith({ VALEHUB_CREDENTIALS_KEY: first })).toBe('started');
  const before = await sealed();
  for (const env of [
    {},
    { VALEHUB_CREDENTIALS_KEY: second },
    { VALEHUB_CREDENTIALS_KEY: second, VALEHUB_CREDENTIALS_KEY_PREVIOUS: second },
  ])
    expect(await startedWith(env)).toMatch(/VALEHUB_CREDENTIALS_KEY/);
  expect(await sealed()).toEqual(before);
  expect(await startedWith({ VALEHUB_CREDENTIALS_KEY: 'short' })).toMatch(/VALEHUB_CREDENTIALS_KEY must be 32 bytes/);
});
