import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { BootError, messageOf } from './boot-error.ts';
import { lockHome } from './home-lock.ts';
import { knownPostgresUrl, startEmbeddedPostgres } from './postgres.ts';

/**
 * The database of a hub for a tool beside it: that of DATABASE_URL; else the embedded one of the home, which is used where it
 * runs and else started for as long as the tool works, with the home locked so that no hub starts on it meanwhile.
 */
export async function openDatabaseOf(config: Config, log: Logger): Promise<{ readonly url: string; close(): Promise<void> }> {
  const nothing = async (): Promise<void> => undefined;
  if (config.databaseUrl !== null) {
    const fault = await askIt(config.databaseUrl);
    if (fault !== null) throw new BootError(`The database of DATABASE_URL cannot be reached (${fault}): start it, or correct the address.`);
    return { url: config.databaseUrl, close: nothing };
  }
  const running = await knownPostgresUrl(config.home);
  if (running === null || !existsSync(join(config.home, 'postgres')))
    throw new BootError(`There is no hub in ${config.home}: set VALEHUB_HOME to its data folder, or DATABASE_URL to its database.`);
  if ((await askIt(running)) === null) return { url: running, close: nothing };
  const lock = await lockHome(config.home);
  try {
    const server = await startEmbeddedPostgres({ home: config.home, log });
    return {
      url: server.url,
      close: async () => {
        await server.stop();
        lock.release();
      },
    };
  } catch (fault) {
    lock.release();
    throw fault;
  }
}

/** null = it takes statements, else why not. */
async function askIt(url: string): Promise<string | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return null;
  } catch (fault) {
    return messageOf(fault) || ((fault as NodeJS.ErrnoException).code ?? 'no reason given');
  } finally {
    await client.end().catch(() => undefined);
  }
}
