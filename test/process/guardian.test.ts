import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isAlive, waitForExit } from '../../src/embedded/processes.ts';
import { startNode, type TemporaryFolder, temporaryFolder } from '../helpers/child-process.ts';

const PARENT = fileURLToPath(new URL('./fixtures/guarded-parent.ts', import.meta.url));
const PATIENCE = 10_000;

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

async function startParent(...args: string[]) {
  const parent = startNode([PARENT, folder.path, ...args]);
  const pids = JSON.parse(await parent.line(/^{/)) as { pid: number; guardianPid: number };
  expect(isAlive(pids.pid)).toBe(true);
  return { parent, ...pids };
}

test('a parent that is killed outright leaves neither child nor guardian', async () => {
  const { parent, pid, guardianPid } = await startParent();
  parent.kill('SIGKILL');
  await expect(waitForExit(pid, PATIENCE)).resolves.toBe(true);
  await expect(waitForExit(guardianPid, PATIENCE)).resolves.toBe(true);
});

test('a child that ignores the polite signal is ended by force', async () => {
  const { parent, pid } = await startParent('stubborn');
  parent.kill('SIGKILL');
  await expect(waitForExit(pid, PATIENCE)).resolves.toBe(true);
});

test('where the guardian is killed, the parent ends the child', async () => {
  const { parent, pid, guardianPid } = await startParent();
  process.kill(guardianPid, 'SIGKILL');
  await expect(waitForExit(pid, PATIENCE)).resolves.toBe(true);
  expect(isAlive(parent.pid)).toBe(true);
  parent.kill('SIGKILL');
  await parent.ended;
});
