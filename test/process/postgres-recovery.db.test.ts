import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { isAlive, processesIn, waitForExit } from '../../src/embedded/processes.ts';
import { eventually } from '../helpers/basics.ts';
import { startNode, type TemporaryFolder, temporaryFolder } from '../helpers/child-process.ts';

const HOLDER = fileURLToPath(new URL('./fixtures/postgres-holder.ts', import.meta.url));
const PATIENCE = 20_000;

let folder: TemporaryFolder;
let server: EmbeddedPostgres | null;
beforeEach(async () => {
  folder = await temporaryFolder();
  server = null;
});
afterEach(async () => {
  await server?.stop();
  await folder.remove();
});

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function start(): Promise<EmbeddedPostgres> {
  server = await startEmbeddedPostgres({ home: folder.path, log: pino({ level: 'silent' }) });
  return server;
}

test('a server that is killed comes back on the same address with all that was acknowledged', async () => {
  const { url, pid } = await start();
  await query(url, 'create table fact (n int); insert into fact values (1)');
  const killed = pid();
  process.kill(killed, 'SIGKILL');
  await waitForExit(killed, PATIENCE);
  await expect(eventually(() => query(url, 'select n from fact'))).resolves.toEqual([{ n: 1 }]);
  await eventually(() => expect(pid()).not.toBe(killed));
});

test('a stop in the middle of a restart ends the new server too', async () => {
  const { url, pid, stop } = await start();
  process.kill(pid(), 'SIGKILL');
  await eventually(() => query(url, 'select 1'));
  await stop();
  await expect(query(url, 'select 1')).rejects.toThrow('ECONNREFUSED');
  await expect(processesIn(join(folder.path, 'postgres'))).resolves.toEqual([]);
});

test('a server that outlived its hub and its guardian is ended by the next start, its data kept', async () => {
  const holder = startNode([HOLDER, folder.path]);
  const { url, pid } = JSON.parse(await holder.line(/^{/)) as { url: string; pid: number };
  await query(url, 'create table fact (n int); insert into fact values (2)');
  const guardian = Number((await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ')[1]);
  // The guardian first, and its hub before it can notice: both are gone, and nobody is left to stop the server.
  holder.kill('SIGSTOP');
  process.kill(guardian, 'SIGKILL');
  holder.kill('SIGKILL');
  await holder.ended;
  expect(isAlive(pid)).toBe(true);

  const next = await start();
  expect(isAlive(pid)).toBe(false);
  expect(next.url).toBe(url);
  await expect(query(next.url, 'select n from fact')).resolves.toEqual([{ n: 2 }]);
});

test('the database is durable, checked, and closed to strangers', async () => {
  const { url } = await start();
  const [settings] = await query(
    url,
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, current_setting('listen_addresses') as listen,
            current_setting('data_checksums') as checksums, current_setting('server_encoding') as encoding, current_setting('jit') as jit`,
  );
  expect(settings).toEqual({ fsync: 'on', commit: 'on', listen: '127.0.0.1', checksums: 'on', encoding: 'UTF8', jit: 'off' });
  const stranger = new URL(url);
  stranger.password = 'guess';
  await expect(query(stranger.href, 'select 1')).rejects.toThrow('password authentication failed');
  expect((await stat(join(folder.path, 'postgres.json'))).mode & 0o777).toBe(0o600);
});

test('a folder that its account cannot enter is named, with what to do', async () => {
  if (process.getuid?.() !== 0) return;
  const closed = join(folder.path, 'closed');
  await mkdir(closed, { mode: 0o700 });
  await expect(startEmbeddedPostgres({ home: join(closed, 'home'), log: pino({ level: 'silent' }) })).rejects.toThrow(
    `PostgreSQL runs as the system account "postgres", which cannot enter ${closed}: allow it (chmod o+x ${closed}), or set VALEHUB_HOME`,
  );
});
