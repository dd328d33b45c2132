import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrateDatabase } from '../../src/database/migrate.ts';
import { askBroker } from './broker.ts';

const TEMPLATE = 'valehub_template';
const DRAFT = 'valehub_template_draft';
/** Any number; whoever holds it builds the template while the other workers wait. */
const TEMPLATE_LOCK = 7_301;

export type TestDatabase = { readonly url: string; drop(): Promise<void> };

/** A fresh database of the newest schema, nobody else's; PostgreSQL and the template are made at the run's first need. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = String(await askBroker('postgres'));
  const name = `test_${randomBytes(8).toString('hex')}`;
  await withClient(server, async (client) => {
    await ensureTemplate(client, server);
    await client.query(`create database ${name} template ${TEMPLATE}`);
  });
  return {
    url: databaseUrl(server, name),
    drop: () => withClient(server, async (client) => void (await client.query(`drop database if exists ${name} with (force)`))),
  };
}

/** Another database with the same content. Nobody may be connected to the first meanwhile. */
export async function copyDatabase(original: TestDatabase): Promise<TestDatabase> {
  const server = String(await askBroker('postgres'));
  const name = `test_${randomBytes(8).toString('hex')}`;
  await withClient(server, (client) => client.query(`create database ${name} template ${new URL(original.url).pathname.slice(1)}`));
  return {
    url: databaseUrl(server, name),
    drop: () => withClient(server, async (client) => void (await client.query(`drop database if exists ${name} with (force)`))),
  };
}

async function ensureTemplate(client: pg.Client, server: string): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [TEMPLATE]);
    if (rowCount === 1) return;
    await client.query(`drop database if exists ${DRAFT} with (force)`);
    await client.query(`create database ${DRAFT}`);
    await migrateDatabase(databaseUrl(server, DRAFT));
    // Its name says that it is whole: a migration that failed half way is never copied.
    await client.query(`alter database ${DRAFT} rename to ${TEMPLATE}`);
  } finally {
    await client.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
