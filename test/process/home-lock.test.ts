import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type StartedProcess, startNode, type TemporaryFolder, temporaryFolder } from '../helpers/child-process.ts';

const HOLDER = fileURLToPath(new URL('./fixtures/lock-holder.ts', import.meta.url));

let folder: TemporaryFolder;
let started: StartedProcess[];
beforeEach(async () => {
  folder = await temporaryFolder();
  started = [];
});
afterEach(async () => {
  for (const holder of started) holder.kill('SIGKILL');
  await Promise.all(started.map((holder) => holder.ended));
  await folder.remove();
});

function takeLock(): StartedProcess {
  const holder = startNode([HOLDER, folder.path]);
  started.push(holder);
  return holder;
}

test('the second on one folder is refused, with the folder and the holder named', async () => {
  const first = takeLock();
  await first.line(/^taken$/);
  const second = takeLock();
  await expect(second.line(/./)).resolves.toBe(
    `Another hub (process ${first.pid}) already runs on ${folder.path}: stop it, or set VALEHUB_HOME to another folder.`,
  );
  await expect(second.ended).resolves.toBe(0);
});

test('of several that start at the same moment exactly one gets the folder', async () => {
  const answers = await Promise.all(Array.from({ length: 4 }, () => takeLock().line(/./)));
  expect(answers.filter((answer) => answer === 'taken')).toHaveLength(1);
  expect(answers.filter((answer) => answer.startsWith('Another hub'))).toHaveLength(3);
});

test('a holder that is killed outright leaves nothing to clean up', async () => {
  const first = takeLock();
  await first.line(/^taken$/);
  first.kill('SIGKILL');
  await first.ended;
  await expect(takeLock().line(/./)).resolves.toBe('taken');
});
