import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
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
import { authorize, connect, connected, createApp, remembering, send, signer } from './support/linked.ts';
import { LIFE_MS, type OAuthPlatform, oauthed, startOAuthPlatform } from './support/made-up-oauth.ts';
import { enqueue, jobOf } from './support/outbox.ts';

let database: TestDatabase;
let clock: HandClock;
let platform: OAuthPlatform;
let open: ConnectorHub[];
const secretKey = randomBytes(32);

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

/** One more process on the same database. */
async function start(options: ConnectorHubOptions = {}): Promise<ConnectorHub> {
  const hub = await startConnectorHub({ database, clock, secretKey, connectors: [oauthed()], ...options });
  open.push(hub);
  return hub;
}

const ping = async (hub: ConnectorHub, connectionId: string, key = 'k-1'): Promise<string> =>
  enqueue(hub, { connectionId, verb: 'actions.ping', key, input: {} });

const grantOf = async (hub: ConnectorHub) => {
  const [row] = await rowsOf<{ status: string; credential: string | null; deadReason: string | null; renewingSince: Date | null }>(
    hub.hub,
    'select status, credential, dead_reason as "deadReason", renewing_since as "renewingSince" from credential_grant',
  );
  return row;
};

/** A gate that the platform's answers to log-ins wait at. */
function gate() {
  let letThrough = (): void => undefined;
  let arrived = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  return {
    reached,
    open: () => letThrough(),
    wait: async () => {
      arrived();
      await passed;
    },
  };
}

describe('one renewal for all', () => {
  test('two processes whose token has run out renew it once, and the loser takes what the winner saved', async () => {
    const one = await start();
    const connection = await connected(one, platform, await createApp(one, platform));
    const two = await start();
    clock.pass(LIFE_MS + 1_000);
    const before = platform.renewals;
    const doors = [gate(), gate()] as const;
    platform.onToken = () => doors[0].wait();
    const first = one.host.platforms.choices(ADMIN, connection.id, 'channels');
    await doors[0].reached;
    // The other is at the lock before the first has its answer.
    const second = two.host.platforms.choices(ADMIN, connection.id, 'channels');
    await until(async () => (await waiting(one)) === 1);
    platform.onToken = null;
    doors[0].open();
    expect(await Promise.all([first, second])).toEqual([[{ value: 'C1', label: 'Alerts' }], [{ value: 'C1', label: 'Alerts' }]]);
    expect(platform.renewals - before).toBe(1);
  });

  test('many calls at once in one process renew it once', async () => {
    const hub = await start();
    const connection = await connected(hub, platform, await createApp(hub, platform));
    clock.pass(LIFE_MS + 1_000);
    const before = platform.renewals;
    await Promise.all(Array.from({ length: 8 }, () => hub.host.platforms.choices(ADMIN, connection.id, 'channels')));
    expect(platform.renewals - before).toBe(1);
  });

  test('a token that the platform no longer takes in the middle of the work is renewed and the work goes on', async () => {
    const hub = await start();
    const connection = await connected(hub, platform, await createApp(hub, platform));
    platform.failNext({ status: 401 });
    const id = await ping(hub, connection.id);
    await hub.host.drain();
    expect(await jobOf(hub, id)).toMatchObject({ status: 'DONE' });
    expect(platform.requests.slice(-3).map(({ path }) => path)).toEqual(['/ping', '/token', '/ping']);
  });

  test('several connections of one grant share it, and are all told when it dies, once', async () => {
    const hub = await start();
    platform.accounts = [
      { id: 'ACC-1', name: 'La Taberna' },
      { id: 'ACC-2', name: 'El Rinconcillo' },
    ];
    const appId = await createApp(hub, platform);
    const first = await connected(hub, platform, appId);
    expect(first).toMatchObject({
      status: 'NEEDS_ATTENTION',
      authorization: 'GIVEN',
      account: null,
      accounts: [
        { account: 'ACC-1', name: 'La Taberna' },
        { account: 'ACC-2', name: 'El Rinconcillo' },
      ],
      lastError: expect.stringContaining('chooseAccount'),
    });
    await hub.host.accounts.choose(ADMIN, first.id, 'ACC-1');
    expect(await hub.host.desk.connection(first.id)).toMatchObject({ status: 'ACTIVE', account: 'ACC-1', accountName: 'La Taberna' });
    const second = await connect(hub, null, { grantOf: first.id, name: 'Second' });
    await hub.host.accounts.choose(ADMIN, second.id, 'ACC-2');
    expect(await hub.host.desk.connection(second.id)).toMatchObject({ status: 'ACTIVE', account: 'ACC-2', appId });
    platform.tokens.revokeAll();
    const calls = platform.renewals;
    for (const { id } of [first, second]) await ping(hub, id);
    await hub.host.drain();
    for (const { id } of [first, second])
      expect(await hub.host.desk.connection(id)).toMatchObject({
        status: 'NEEDS_ATTENTION',
        authorization: 'ENDED',
        lastError: expect.stringMatching(/^BAD_CREDENTIALS.*The grant is used up.*authorizeConnection/),
      });
    expect(platform.renewals - calls).toBe(1);
    const told = hub.logged.filter((line) => line.includes('a connection needs attention') && line.includes('The grant is used up'));
    expect(told).toHaveLength(2);
    // Nothing is tried again until a person acts.
    await ping(hub, first.id, 'k-2');
    await hub.host.drain();
    expect(platform.renewals - calls).toBe(1);
    await authorize(hub, platform, first.id);
    await hub.host.drain();
    for (const { id } of [first, second])
      expect(await hub.host.desk.connection(id)).toMatchObject({ status: 'ACTIVE', authorization: 'GIVEN', lastError: null });
    expect(await rowsOf(hub.hub, `select count(*) as done from outbox_job where status = 'DONE'`)).toEqual([{ done: 3 }]);
  });

  test('chooseAccount refuses what is none of the accounts, and another one than it is already', async () => {
    const hub = await start();
    platform.accounts = [
      { id: 'ACC-1', name: 'a' },
      { id: 'ACC-2', name: 'b' },
    ];
    const { id } = await connected(hub, platform, await createApp(hub, platform));
    await expect(hub.host.accounts.choose(ADMIN, id, 'ACC-9')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(hub.host.accounts.choose(ADMIN, 'con_1', 'ACC-1')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await hub.host.accounts.choose(ADMIN, id, 'ACC-1');
    await expect(hub.host.accounts.choose(ADMIN, id, 'ACC-2')).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(hub.host.accounts.choose({ ...ADMIN, role: 'MARKETING' }, id, 'ACC-1')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('single-use refresh tokens', () => {
  test('an answer that is lost on the way: the next attempt says what may have happened', async () => {
    const hub = await start();
    const connection = await connected(hub, platform, await createApp(hub, platform));
    clock.pass(LIFE_MS + 1_000);
    platform.failNext('LATE');
    await expect(hub.host.platforms.choices(ADMIN, connection.id, 'channels')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await grantOf(hub)).toMatchObject({ status: 'ALIVE', renewingSince: expect.any(Date) });
    await expect(hub.host.platforms.choices(ADMIN, connection.id, 'channels')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await hub.host.desk.connection(connection.id))?.lastError).toMatch(
      /never saw the answer: the platform may have given them out/,
    );
  });

  test('a database that cuts the connection of the lock between the answer and the commit: what was given is saved all the same', async () => {
    const hub = await start();
    const connection = await connected(hub, platform, await createApp(hub, platform));
    clock.pass(LIFE_MS + 1_000);
    platform.onToken = () => killLock(hub);
    expect(await hub.host.platforms.choices(ADMIN, connection.id, 'channels')).toHaveLength(1);
    platform.onToken = null;
    expect(await grantOf(hub)).toMatchObject({ status: 'ALIVE', renewingSince: null });
    const other = await start();
    const renewals = platform.renewals;
    expect(await other.host.platforms.choices(ADMIN, connection.id, 'channels')).toHaveLength(1);
    expect(platform.renewals).toBe(renewals);
  });

  test('a process that dies before it asks leaves the grant as it was', async () => {
    const dying = await start({ deadlines: { request: 60_000, identify: 60_000 } });
    const connection = await connected(dying, platform, await createApp(dying, platform));
    clock.pass(LIFE_MS + 1_000);
    platform.failNext('HANG');
    const hanging = dying.host.platforms.choices(ADMIN, connection.id, 'channels').catch((fault: { code: string }) => fault.code);
    await until(() => platform.requests.at(-1)?.path === '/token');
    // What the database sees of a process that was killed: the lock is free.
    await killLock(dying);
    const other = await start();
    expect(await other.host.platforms.choices(ADMIN, connection.id, 'channels')).toHaveLength(1);
    expect(await grantOf(other)).toMatchObject({ status: 'ALIVE', renewingSince: null });
    await platform.close();
    platform = await startOAuthPlatform(clock.now);
    expect(await hanging).toBe('UNAVAILABLE');
  });
});

describe('what a platform says of the access', () => {
  test('revoked: the grant is dead without another call, and what came late from before a new agreement changes nothing', async () => {
    const { intake } = remembering();
    const hub = await start({ intake });
    const appId = await createApp(hub, platform);
    const connection = await connected(hub, platform, appId);
    const url = connection.webhookUrl ?? '';
    const calls = platform.requestsTo('/token');
    const revoked = { account: 'ACC-1', type: 'access.revoked', at: new Date(clock.now()).toISOString() };
    expect(await send(signer(oauthed()), url, [{ ...revoked, id: 'e-1' }])).toBe(200);
    await hub.host.drain();
    expect(await hub.host.desk.connection(connection.id)).toMatchObject({
      status: 'NEEDS_ATTENTION',
      authorization: 'ENDED',
      lastError: expect.stringContaining('The platform has revoked the access'),
    });
    expect(platform.requestsTo('/token')).toBe(calls);
    clock.pass(60_000);
    await authorize(hub, platform, connection.id);
    await send(signer(oauthed()), url, [{ ...revoked, id: 'e-2' }]);
    await hub.host.drain();
    expect(await hub.host.desk.connection(connection.id)).toMatchObject({ status: 'ACTIVE', authorization: 'GIVEN' });
  });
});

describe('upkeep', () => {
  test('renews what would die idle, and tells nobody', async () => {
    const hub = await start();
    const connection = await connected(hub, platform, await createApp(hub, platform));
    const renewals = platform.renewals;
    for (let day = 0; day < 44; day += 1) {
      clock.pass(24 * 60 * 60_000);
      await hub.host.drain();
    }
    expect(platform.renewals).toBe(renewals);
    clock.pass(2 * 24 * 60 * 60_000);
    await hub.host.drain();
    expect(platform.renewals).toBe(renewals + 1);
    expect(await hub.host.desk.connection(connection.id)).toMatchObject({ status: 'ACTIVE', lastError: null });
  });

  test('a paused connection calls nothing, not even for that', async () => {
    const hub = await start();
    const connection = await connected(hub, platform, await createApp(hub, platform));
    await hub.host.desk.update(ADMIN, connection.id, { paused: true });
    const calls = platform.requests.length;
    clock.pass(46 * 24 * 60 * 60_000);
    await hub.host.drain();
    expect(platform.requests).toHaveLength(calls);
  });
});

test('credentials are in the database only sealed, and in no answer, no audit line and no log', async () => {
  const hub = await start();
  const connection = await connected(hub, platform, await createApp(hub, platform));
  clock.pass(LIFE_MS + 1_000);
  await hub.host.platforms.choices(ADMIN, connection.id, 'channels');
  platform.tokens.revokeAll();
  await ping(hub, connection.id);
  await hub.host.drain();
  const tables = ['connection', 'app', 'credential_grant', 'webhook_subscription', 'authorization_request', 'audit_line', 'outbox_job'];
  const seen = JSON.stringify([
    await hub.host.desk.connections(true),
    await hub.host.apps.apps(),
    ...(await Promise.all(tables.map((table) => rowsOf(hub.hub, `select * from ${table}`)))),
    hub.logged,
  ]);
  for (const secret of ['stand-in-access', 'stand-in-refresh', 'client-secret-of', 'signing-key-of', 'code-1'])
    expect(seen).not.toContain(secret);
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}

const RENEWAL_LOCKS = `select pid, granted from pg_locks join pg_database on pg_database.oid = pg_locks.database
  where datname = current_database() and locktype = 'advisory' and classid = 8254035 and objsubid = 2`;

async function waiting(hub: ConnectorHub): Promise<number> {
  return (await rowsOf(hub.hub, `select from (${RENEWAL_LOCKS}) as l where not granted`)).length;
}

async function killLock(hub: ConnectorHub): Promise<void> {
  await rowsOf(hub.hub, `select pg_terminate_backend(pid) from (${RENEWAL_LOCKS}) as l where granted`);
  await until(async () => (await rowsOf(hub.hub, RENEWAL_LOCKS)).length === 0);
}
