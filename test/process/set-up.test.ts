import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startNode, type TemporaryFolder, temporaryFolder } from '../helpers/child-process.ts';

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const TWIN = path('test/process/fixtures/set-up-twin.mjs');

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

/** Runs a few lines that import one of the set-up's modules as `part`. */
async function withPart(name: string, lines: string, env: Record<string, string>): Promise<string> {
  const script = `import * as part from ${JSON.stringify(pathToFileURL(path(`scripts/setup/${name}.mjs`)).href)};\n${lines}`;
  const child = startNode(['--input-type=module', '--eval', script], env, folder.path);
  await child.ended;
  return child.output().trim();
}

test('set-ups at the same moment on one folder go one after the other', async () => {
  const twins = Array.from({ length: 4 }, () => startNode([TWIN, folder.path]));
  await expect(Promise.all(twins.map((twin) => twin.ended))).resolves.toEqual([0, 0, 0, 0]);
  const log = (await readFile(join(folder.path, 'log'), 'utf8')).trim().split('\n');
  expect(log).toHaveLength(8);
  for (let at = 0; at < log.length; at += 2) expect(log[at + 1]).toBe(log[at]?.replace('in', 'out'));
  await expect(readdir(folder.path)).resolves.toEqual(['log']);
});

test('the lock of a set-up that was killed is taken over', async () => {
  const dead = startNode(['--eval', '']);
  await dead.ended;
  await writeFile(join(folder.path, 'lock'), `${dead.pid}\n`);
  await expect(startNode([TWIN, folder.path]).ended).resolves.toBe(0);
});

test('Temporal is found on the path first, else in the cache folder', async () => {
  const [bin, cache] = [join(folder.path, 'bin'), join(folder.path, 'cache')];
  const find = () => withPart('temporal', 'console.log(part.findTemporal())', { PATH: bin, VALEHUB_CACHE: cache });
  await expect(find()).resolves.toBe('null');
  await mkdir(join(cache, 'temporal-1.5.1'), { recursive: true });
  await program(join(cache, 'temporal-1.5.1', 'temporal'));
  await expect(find()).resolves.toBe(join(cache, 'temporal-1.5.1', 'temporal'));
  await mkdir(bin);
  await program(join(bin, 'temporal'));
  await expect(find()).resolves.toBe(join(bin, 'temporal'));
});

test('a cache folder that cannot be written is named, with what to do', async () => {
  await writeFile(join(folder.path, 'file'), '');
  const said = await withPart(
    'temporal',
    'await part.obtainTemporal(() => undefined).catch((fault) => console.log(fault.name, fault.message))',
    {
      PATH: '',
      VALEHUB_CACHE: join(folder.path, 'file', 'cache'),
    },
  );
  expect(said).toMatch(
    /^SetupError The folder for tools, .*\/file\/cache\/temporal-1\.5\.1, cannot be written \(ENOTDIR\): make it writable, or set VALEHUB_CACHE/,
  );
});

test.each([
  ['echo 9.8.1', /^SetupError Valehub needs npm 10 or newer, and this is 9\.8\.1: run `npm install --global npm@11` and try again\.$/],
  ['exit 1', /^SetupError There is no npm on the PATH: install Node with npm/],
])('an npm that answers "%s" is told what to do', async (answer, sentence) => {
  await program(join(folder.path, 'npm'), `#!/bin/sh\n${answer}\n`);
  const said = await withPart('packages', 'await part.checkInstaller().catch((fault) => console.log(fault.name, fault.message))', {
    PATH: folder.path,
  });
  expect(said).toMatch(sentence);
});

test('where the network is away, the sentence says so', async () => {
  await program(join(folder.path, 'npm'), '#!/bin/sh\necho "npm error code EAI_AGAIN" >&2\nexit 1\n');
  const said = await withPart('packages', 'await part.runInstall().catch((fault) => console.log(fault.message))', { PATH: folder.path });
  expect(said.split('\n').at(-1)).toMatch(/^The packages could not be downloaded: connect this machine to the network/);
});

test.each([
  [{ numPassedTests: 12, numFailedTests: 0, numRuntimeErrorTestSuites: 0 }, 'tests: 12 passed, 0 failed', 0],
  [{ numPassedTests: 12, numFailedTests: 2, numRuntimeErrorTestSuites: 1 }, 'tests: 12 passed, 3 failed', 1],
  [{ numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 0 }, 'tests: 0 passed, 0 failed', 1],
  [null, 'tests: 0 passed, 0 failed', 1],
])('the last line of a run is made of its real result: %j', async (result, line, code) => {
  const file = join(folder.path, 'jest.json');
  if (result !== null) await writeFile(file, JSON.stringify(result));
  const count = startNode([path('scripts/count-tests.mjs'), file]);
  await expect(count.ended).resolves.toBe(code);
  expect(count.output()).toBe(`${line}\n`);
});

async function program(file: string, text = '#!/bin/sh\n'): Promise<void> {
  await writeFile(file, text);
  await chmod(file, 0o755);
}
