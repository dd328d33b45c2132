import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isAlive, processesIn, waitForExit } from '../../src/embedded/processes.ts';
import { type StartedProcess, startNode, type TemporaryFolder, temporaryFolder } from '../helpers/child-process.ts';
import { createTestDatabase } from '../helpers/postgres.ts';
import { startTestTemporal } from '../helpers/temporal.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const PATIENCE = 40_000;

let folder: TemporaryFolder;
let hubs: StartedProcess[];
beforeEach(async () => {
  folder = await temporaryFolder();
  hubs = [];
});
afterEach(async () => {
  for (const hub of hubs) hub.kill('SIGTERM');
  await Promise.all(hubs.map((hub) => hub.ended));
  await folder.remove();
});

function startHub(): StartedProcess {
  const hub = startNode(['--disable-warning=ExperimentalWarning', MAIN], {
    VALEHUB_HOME: folder.path,
    PORT: '0',
    VALEHUB_CACHE: process.env['VALEHUB_CACHE'] ?? '',
  });
  hubs.push(hub);
  return hub;
}

/** The address that the hub printed, and the processes it started. */
async function whenUp(hub: StartedProcess): Promise<{ url: string; postgres: number; temporal: number }> {
  const url = (await hub.line(/^ {2}API /)).replace(/^ {2}API +/, '').trim();
  await hub.line(/worker is at work/);
  const postgres = Number((await readFile(join(folder.path, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  const temporal = (JSON.parse(await readFile(join(folder.path, 'temporal.json'), 'utf8')) as { pid: number }).pid;
  expect([postgres, temporal].map(isAlive)).toEqual([true, true]);
  return { url, postgres, temporal };
}

test('SIGTERM ends the hub cleanly and leaves no child', async () => {
  const hub = startHub();
  const { url, postgres, temporal } = await whenUp(hub);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  hub.kill('SIGTERM');
  await expect(hub.ended).resolves.toBe(0);
  expect([postgres, temporal].map(isAlive)).toEqual([false, false]);
  await expect(processesIn(join(folder.path, 'postgres'))).resolves.toEqual([]);
  await expect(readFile(join(folder.path, 'logs', 'postgres.log'), 'utf8')).resolves.toContain('database system is shut down');
});

test('a hub that is killed outright leaves no child, and the next one comes up at once', async () => {
  const hub = startHub();
  const { postgres, temporal } = await whenUp(hub);
  hub.kill('SIGKILL');
  await hub.ended;
  const next = await whenUp(startHub());
  await expect(waitForExit(postgres, PATIENCE)).resolves.toBe(true);
  await expect(waitForExit(temporal, PATIENCE)).resolves.toBe(true);
  expect((await fetch(`${next.url}/healthz`)).status).toBe(200);
});

test('a second hub on the folder refuses in one sentence, and the first goes on', async () => {
  const first = startHub();
  const { url } = await whenUp(first);
  const second = startHub();
  await expect(second.ended).resolves.toBe(1);
  expect(second.output().trimEnd().split('\n').at(-1)).toBe(
    `Another hub (process ${first.pid}) already runs on ${folder.path}: stop it, or set VALEHUB_HOME to another folder.`,
  );
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test('the admin key is shown at the first start only, and its file stays', async () => {
  const first = startHub();
  await whenUp(first);
  const key = await readFile(join(folder.path, 'admin.key'), 'utf8');
  expect(key).toMatch(/^\S{20,}\n$/);
  expect(first.output()).toContain(`Admin key   ${key.trim()}\n`);
  first.kill('SIGTERM');
  await first.ended;
  const second = startHub();
  await whenUp(second);
  await expect(readFile(join(folder.path, 'admin.key'), 'utf8')).resolves.toBe(key);
  expect(second.output()).not.toContain(key.trim());
  expect(
    first
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{') && line.includes(key.trim())),
  ).toEqual([]);
});

test('a taken port is named, with what to do', async () => {
  const first = startHub();
  const { url } = await whenUp(first);
  const home = await temporaryFolder();
  const port = new URL(url).port;
  try {
    const second = startNode([MAIN], { VALEHUB_HOME: home.path, PORT: port, VALEHUB_CACHE: process.env['VALEHUB_CACHE'] ?? '' });
    await expect(second.ended).resolves.toBe(1);
    expect(second.output()).toContain(
      `Port ${port} is taken: stop what listens there, or set PORT to another (PORT=0 takes any free one).`,
    );
    await expect(processesIn(join(home.path, 'postgres'))).resolves.toEqual([]);
  } finally {
    await home.remove();
  }
});

test('API and worker as processes of their own share configured servers and start none', async () => {
  const [database, temporal] = [await createTestDatabase(), await startTestTemporal()];
  const shared = {
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporal.address,
    VALEHUB_TASK_QUEUE: temporal.taskQueue,
    VALEHUB_SECRET_KEY: randomBytes(32).toString('base64'),
    VALEHUB_HOME: folder.path,
    PORT: '0',
  };
  const api = startNode([MAIN], { ...shared, VALEHUB_ROLES: 'api' });
  hubs.push(api);
  const url = (await api.line(/^ {2}API /)).replace(/^ {2}API +/, '').trim();
  const worker = startNode([MAIN], { ...shared, VALEHUB_ROLES: 'worker', VALEHUB_LOG_LEVEL: 'info' });
  hubs.push(worker);
  const health = JSON.parse(await worker.line(/worker's health/)) as { port: number };
  await worker.line(/worker is at work/);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${health.port}/healthz`)).status).toBe(200);
  const key = (await readFile(join(folder.path, 'admin.key'), 'utf8')).trim();
  // Such output is collected and kept by platforms; the key is in its file only.
  expect(api.output()).not.toContain(key);
  await expect(stat(join(folder.path, 'postgres'))).rejects.toThrow('ENOENT');
  await expect(stat(join(folder.path, 'temporal'))).rejects.toThrow('ENOENT');
  for (const hub of [api, worker]) hub.kill('SIGTERM');
  await expect(Promise.all([api.ended, worker.ended])).resolves.toEqual([0, 0]);
  await database.drop();
});

test('a configured database that cannot be reached is told, without its password', async () => {
  const hub = startNode([MAIN], {
    VALEHUB_HOME: folder.path,
    PORT: '0',
    DATABASE_URL: 'postgres://hub:s3cret@127.0.0.1:1/hub',
    TEMPORAL_ADDRESS: '127.0.0.1:1',
  });
  await expect(hub.ended).resolves.toBe(1);
  expect(hub.output()).toContain(
    'The database of DATABASE_URL cannot be reached (connect ECONNREFUSED 127.0.0.1:1): start it, or correct the address.\n',
  );
  expect(hub.output()).not.toContain('s3cret');
});

test('a bad variable stops the boot by name, before anything starts', async () => {
  const hub = startNode([MAIN], { VALEHUB_HOME: folder.path, PORT: 'many' });
  await expect(hub.ended).resolves.toBe(1);
  expect(hub.output()).toBe('PORT must be a whole number from 0 to 65535.\n');
});

test('a role of its own needs the shared servers, and says so', async () => {
  const hub = startNode([MAIN], { VALEHUB_HOME: folder.path, VALEHUB_ROLES: 'worker' });
  await expect(hub.ended).resolves.toBe(1);
  expect(hub.output()).toContain('VALEHUB_ROLES=worker shares its servers with other processes: set DATABASE_URL and TEMPORAL_ADDRESS.');
});
