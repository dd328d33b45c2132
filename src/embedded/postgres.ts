import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type Account, postgresAccount, unreachableFolder } from './account.ts';
import { BootError } from './boot-error.ts';
import { prepareHome } from './home.ts';
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.ts';
import { clearPostgresLeftovers, POSTGRES_STOP } from './postgres-leftovers.ts';
import { type Durability, postgresSettings } from './postgres-settings.ts';
import { findFreePort } from './processes.ts';
import { readState, writeState } from './state-file.ts';
import { supervise } from './supervisor.ts';

const USER = 'valehub';
const DATABASE = 'valehub';
/** Recovery after a crash may take its time; every so often the log says that it does. Milliseconds. */
const STILL_STARTING_EVERY = 15_000;

const State = z.object({ port: z.int().min(1).max(65_535), password: z.string().min(1) });
type State = z.infer<typeof State>;

export type EmbeddedPostgres = {
  /** postgres://... of the hub's database, with its password. */
  readonly url: string;
  /** Process id of the server of the moment; another after a restart. */
  readonly pid: () => number;
  stop(): Promise<void>;
};

export type EmbeddedPostgresOptions = {
  /** The hub's data folder; the server's is `postgres` in it. */
  readonly home: string;
  readonly log: Logger;
  /** `full` if left out. */
  readonly durability?: Durability;
  /** The server kept dying and is given up. */
  readonly onGivenUp?: (fault: BootError) => void;
};

/** Starts the PostgreSQL of the npm package on the home, made at first; resolves when it takes statements. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log, durability = 'full' } = options;
  await prepareHome(options.home);
  const home = await realpath(options.home);
  const account = await postgresAccount();
  const closed = await unreachableFolder(home, account);
  if (closed !== null) {
    throw new BootError(
      `PostgreSQL runs as the system account "postgres", which cannot enter ${closed}: allow it (chmod o+x ${closed}), ` +
        'or set VALEHUB_HOME to a folder that it can enter.',
    );
  }
  const binaries = await postgresBinaries(home, account);
  const dataFolder = join(home, 'postgres');
  const stateFile = join(home, 'postgres.json');
  const state = await loadState(stateFile, dataFolder);
  await clearPostgresLeftovers(dataFolder, log);
  const port = await findFreePort(state.port);
  if (port !== state.port) await writeState(stateFile, { ...state, port });
  await initialise({ home, dataFolder, binaries, account, password: state.password, log });

  const urlOf = (database: string): string => urlAt({ ...state, port }, database);
  const server = await supervise({
    name: 'PostgreSQL',
    log,
    command: () => ({
      command: binaries.postgres,
      args: ['-D', dataFolder, ...postgresSettings(port, durability)],
      cwd: dataFolder,
      env: { LC_ALL: 'C', TZ: 'UTC' },
      account,
      logFile: join(home, 'logs', 'postgres.log'),
      stop: POSTGRES_STOP,
    }),
    prepare: () => clearPostgresLeftovers(dataFolder, log),
    ready: (signal) => untilItAnswers(urlOf('postgres'), signal, log),
    onGivenUp: (fault) => options.onGivenUp?.(fault),
  });
  return { url: urlOf(DATABASE), pid: () => server.child().pid, stop: () => server.stop() };
}

const urlAt = ({ port, password }: State, database: string): string => `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`;

/** Where the home's server was when it last ran, whether or not it runs; null = the home has none. */
export async function knownPostgresUrl(home: string): Promise<string | null> {
  const state = await readState(join(home, 'postgres.json'), State);
  return state && urlAt(state, DATABASE);
}

async function loadState(path: string, dataFolder: string): Promise<State> {
  const known = await readState(path, State);
  if (known !== null) return known;
  if (
    await stat(dataFolder).then(
      () => true,
      () => false,
    )
  ) {
    throw new BootError(`${dataFolder} holds a database, but ${path} with its password is gone: put that file back from your backup.`);
  }
  const fresh = { port: await findFreePort(), password: randomBytes(24).toString('base64url') };
  await writeState(path, fresh);
  return fresh;
}

type Initialisation = { home: string; dataFolder: string; binaries: PostgresBinaries; account: Account; password: string; log: Logger };

/** Makes the data folder beside its place and renames it when it is whole: a set-up cut short leaves nothing half made. */
async function initialise(parts: Initialisation): Promise<void> {
  const { home, dataFolder, binaries, account, password, log } = parts;
  for (const name of await readdir(home)) {
    if (name.startsWith('postgres.new-')) await rm(join(home, name), { recursive: true, force: true });
  }
  if (
    await stat(dataFolder).then(
      () => true,
      () => false,
    )
  )
    return;
  log.info(`making a PostgreSQL database in ${dataFolder}`);
  const draft = join(home, `postgres.new-${randomBytes(4).toString('hex')}`);
  const passwordFile = join(draft, 'password');
  const data = join(draft, 'data');
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account !== null) {
    for (const path of [draft, passwordFile]) await chown(path, account.uid, account.gid);
  }
  await initdb(binaries.initdb, data, passwordFile, account);
  await rename(data, dataFolder);
  await rm(draft, { recursive: true });
}

async function initdb(program: string, data: string, passwordFile: string, account: Account): Promise<void> {
  const args = [`--pgdata=${data}`, `--username=${USER}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8'];
  // Texts compare by code point, everywhere the same; letters still have their upper and lower case in every script.
  args.push('--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  await new Promise<void>((resolve, reject) => {
    const child = spawn(program, args, { ...account, cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC' }, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new BootError(`The PostgreSQL database could not be made (initdb, exit code ${code}): ${said.trim()}`));
    });
  });
}

async function untilItAnswers(url: string, signal: AbortSignal, log: Logger): Promise<void> {
  let sayAt = Date.now() + STILL_STARTING_EVERY;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
      if (rowCount === 0) await client.query(`create database ${DATABASE}`);
      return;
    } catch (fault) {
      if (!isStarting(fault)) throw fault;
    } finally {
      await client.end().catch(() => undefined);
    }
    if (Date.now() > sayAt) {
      log.info('PostgreSQL is still starting (it replays its log after a crash)');
      sayAt = Date.now() + STILL_STARTING_EVERY;
    }
    await delay(25, undefined, { signal });
  }
}

/** Not listening yet, or listening and in recovery. */
function isStarting(fault: unknown): boolean {
  const code = (fault as { code?: string }).code ?? '';
  return (
    ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', '57P03'].includes(code) ||
    (fault instanceof Error && /timeout|terminated/i.test(fault.message))
  );
}
