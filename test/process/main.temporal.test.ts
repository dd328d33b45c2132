import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isAlive, processesIn, waitForExit } from '../../src/embedded/processes.ts';
import { type StartedProcess, startNode, type TemporaryFolder, temporaryFolder } from '../helpers/child-process.ts';

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
