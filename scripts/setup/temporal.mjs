import { accessSync, chmodSync, constants, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { NODE } from './build.mjs';
import { run, systemPath } from './children.mjs';
import { withLock } from './lock.mjs';
import { SetupError, say } from './progress.mjs';

/** Newer tags cannot be installed by `go install`. src/embedded/temporal-binary.ts looks for the same one. */
const VERSION = '1.5.1';
/** A download that brings nothing for so long is given up, in milliseconds. */
const NOTHING_FOR = 15_000;

const HOW_TO =
  "install Temporal's command line (https://docs.temporal.io/cli), or Go (https://go.dev/dl) to let the set-up build it, " +
  'or set TEMPORAL_ADDRESS to a Temporal server, and try again.';

/** The program, where this machine has it: on the path, else in the cache folder. */
export function findTemporal() {
  const places = [...systemPath().split(delimiter).filter(Boolean), toolFolder()];
  return places.map((folder) => join(folder, 'temporal')).find(isProgram) ?? null;
}

function toolFolder() {
  return join(cacheFolder(), `temporal-${VERSION}`);
}

/** The same convention as src/config.ts. */
function cacheFolder() {
  const { VALEHUB_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (VALEHUB_CACHE) return resolve(VALEHUB_CACHE);
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, 'valehub');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'valehub');
  if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'valehub');
  return join(homedir(), '.cache', 'valehub');
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Downloads it, else builds it; both beside its place first, so that what lies there is always whole. */
export async function obtainTemporal(now) {
  const folder = toolFolder();
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (fault) {
    throw new SetupError(
      `The folder for tools, ${folder}, cannot be written (${fault.code}): make it writable, or set VALEHUB_CACHE to another.`,
    );
  }
  await withLock(join(folder, '.lock'), folder, async () => {
    if (findTemporal() !== null) return;
    const draft = join(folder, `.part-${process.pid}`);
    mkdirSync(draft, { recursive: true });
    try {
      now('downloading its server');
      const program = (await download(draft)) ?? (await build(draft, now));
      chmodSync(program, 0o755);
      renameSync(program, join(folder, 'temporal'));
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  });
}

/** By Temporal's own SDK; null where the network does not give it. */
async function download(draft) {
  const giveUp = new AbortController();
  let had = -1;
  let since = Date.now();
  const watch = setInterval(() => {
    const has = bytesIn(draft);
    if (has !== had) [had, since] = [has, Date.now()];
    else if (Date.now() - since > NOTHING_FOR) giveUp.abort();
  }, 500);
  try {
    const { code, output } = await run(NODE, ['scripts/download-temporal.mjs', draft, `v${VERSION}`], { signal: giveUp.signal });
    if (code === 0) return output.trim().split('\n').at(-1);
    say('Temporal: the download is not to be had from here');
    return null;
  } finally {
    clearInterval(watch);
  }
}

function bytesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? bytesIn(path) : (statSync(path, { throwIfNoEntry: false })?.size ?? 0));
  }, 0);
}

async function build(draft, now) {
  if ((await run('go', ['version'])).code !== 0)
    throw new SetupError(`There is no Temporal server on this machine and no way to get one: ${HOW_TO}`);
  now('building its server with Go (once; 4 minutes on 2 cores)');
  // Without a home, Go does not know where to keep what it builds from.
  const env = process.env.HOME ? {} : { GOPATH: join(draft, 'go'), GOCACHE: join(draft, 'go-build') };
  const { code, output } = await run('go', ['install', `github.com/temporalio/cli/cmd/temporal@v${VERSION}`], {
    env: { ...env, GOBIN: draft },
  });
  if (code !== 0) {
    const tail = output.trim().split('\n').slice(-8).join('\n');
    throw new SetupError(`${tail}\nThe Temporal server could not be built: connect this machine to the network, or ${HOW_TO}`);
  }
  return join(draft, 'temporal');
}
