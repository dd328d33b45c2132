// A hub of the bench's own: a child process on a throw-away home, with its own PostgreSQL and Temporal.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { HUB_FLAGS } from '../setup/hub-flags.mjs';

const READY_WITHIN_MS = 120_000;

/** Starts `dist/main.js` as a user would and resolves when it serves. `folder`: of a hub that was stopped with `keep`, which this one goes on from. */
export async function startHub(folder = mkdtempSync(join(tmpdir(), 'valehub-bench-')), env = {}) {
  // PostgreSQL may run under another account, which must be able to enter.
  chmodSync(folder, 0o711);
  const home = join(folder, 'home');
  const port = await freePort();
  const child = spawn(process.execPath, [...HUB_FLAGS, 'dist/main.js'], {
    env: {
      ...process.env,
      VALEHUB_HOME: home,
      PORT: String(port),
      VALEHUB_LOG_LEVEL: 'warn',
      DATABASE_URL: '',
      VALEHUB_ROLES: 'all',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = `http://127.0.0.1:${port}`;
  const stop = async ({ keep = false } = {}) => {
    child.kill('SIGTERM');
    await ended;
    if (!keep) rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(url, ended, () => said);
    const adminKey = readFileSync(join(home, 'admin.key'), 'utf8').trim();
    const postgres = JSON.parse(readFileSync(join(home, 'postgres.json'), 'utf8'));
    const database = { host: '127.0.0.1', port: postgres.port, user: 'valehub', password: postgres.password };
    const sql = new pg.Client({ ...database, database: 'valehub' });
    // It goes with the server, where that is stopped by a fault.
    sql.on('error', () => undefined);
    await sql.connect();
    return {
      url,
      adminKey,
      database,
      /** A connection to the hub's database, for counting what it wrote. */
      sql,
      pid: child.pid,
      postmaster: Number(readFileSync(join(home, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]),
      ask: (query, variables, key = adminKey) => ask(url, key, query, variables),
      folder,
      async stop(options) {
        await sql.end();
        await stop(options);
      },
    };
  } catch (fault) {
    await stop();
    throw fault;
  }
}

async function ask(url, key, query, variables) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(`The hub answered with errors: ${JSON.stringify(errors)}`);
  return data;
}

async function untilReady(url, ended, said) {
  const deadline = Date.now() + READY_WITHIN_MS;
  let gone = false;
  void ended.then(() => {
    gone = true;
  });
  for (;;) {
    if (gone) throw new Error(`The hub ended before it was ready:\n${said()}`);
    if (Date.now() > deadline) throw new Error(`The hub was not ready after ${READY_WITHIN_MS / 1_000} s:\n${said()}`);
    const status = await fetch(`${url}/readyz`).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    await pause(100);
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
