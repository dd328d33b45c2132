import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { commandOf, isAlive, waitForExit } from '../../src/embedded/processes.ts';
import { type StartedProcess, startProgram, type TemporaryFolder, temporaryFolder } from '../helpers/child-process.ts';

const PATIENCE = 40_000;
const root = fileURLToPath(new URL('../..', import.meta.url));

let folder: TemporaryFolder;
let npm: StartedProcess;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  npm.kill('SIGTERM');
  await npm.ended;
  await folder.remove();
});

/** Everything between npm and the servers, from the top: the starter, the hub, PostgreSQL and Temporal. */
async function startByNpm(): Promise<{ starter: number; hub: number; servers: number[] }> {
  npm = startProgram('npm', ['start'], { VALEHUB_HOME: folder.path, VALEHUB_CACHE: process.env['VALEHUB_CACHE'] ?? '', PORT: '0' }, root);
  await npm.line(/worker is at work/);
  const hub = Number((await readFile(join(folder.path, 'hub.pid'), 'utf8')).split(' ')[0]);
  const starter = await parentOf(hub);
  expect(await commandOf(starter)).toMatch(/run\.mjs start$/);
  const postgres = Number((await readFile(join(folder.path, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  const temporal = (JSON.parse(await readFile(join(folder.path, 'temporal.json'), 'utf8')) as { pid: number }).pid;
  const servers = [postgres, temporal];
  expect(servers.map(isAlive)).toEqual([true, true]);
  return { starter, hub, servers };
}

async function parentOf(pid: number): Promise<number> {
  if (process.platform === 'linux') return Number((await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ')[1]);
  return await new Promise((resolve, reject) => {
    execFile('ps', ['-o', 'ppid=', '-p', String(pid)], (fault, text) => (fault === null ? resolve(Number(text)) : reject(fault)));
  });
}

async function expectAllGone(pids: number[]): Promise<void> {
  await expect(Promise.all(pids.map((pid) => waitForExit(pid, PATIENCE)))).resolves.toEqual(pids.map(() => true));
}

test('a signal to npm alone ends all of it, cleanly', async () => {
  const { starter, hub, servers } = await startByNpm();
  npm.kill('SIGTERM');
  await npm.ended;
  await expectAllGone([starter, hub, ...servers]);
  expect(npm.output()).toContain('stopping: SIGTERM');
});

test.each(['npm', 'the starter'])('where %s is killed outright, the rest follows', async (victim) => {
  const { starter, hub, servers } = await startByNpm();
  process.kill(victim === 'npm' ? npm.pid : starter, 'SIGKILL');
  await expectAllGone([starter, hub, ...servers]);
});

test('the second start finds all in place and says so', async () => {
  await startByNpm();
  expect(npm.output()).toMatch(/^\[set-up\] all in place \(/m);
});
