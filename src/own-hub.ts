import type { Logger } from 'pino';
import { type Config, readSecretKey } from './config.ts';
import { migrateDatabase } from './database/migrate.ts';
import { type Hub, openHub } from './domain/hub.ts';
import type { Clock } from './domain/shared/clock.ts';

export interface OwnHubDeps {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly log: Logger;
  readonly clock?: Clock;
}

/**
 * The hub of a process, over a database that is brought up to date first. API and worker share it where they are one process: what one writes
 * the other then knows without reading it again.
 */
export async function openOwnHub({ config, databaseUrl, log, clock }: OwnHubDeps): Promise<Hub> {
  await migrateDatabase(databaseUrl);
  return openHub({
    databaseUrl,
    secretKey: readSecretKey(config),
    log,
    attemptsPerMinute: config.attemptsPerMinute,
    ...(clock && { clock }),
  });
}
