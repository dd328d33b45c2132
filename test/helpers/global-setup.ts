import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { loadConfig } from '../../src/config.ts';
import { startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { startEmbeddedTemporal } from '../../src/embedded/temporal.ts';
import { startBroker } from './broker.ts';
import { rememberTeardown } from './run-teardown.ts';

/** Once a test run: nothing is started yet, but the run stands ready to start what a test asks for. */
export default async function globalSetup(): Promise<void> {
  const stops: Array<() => Promise<void>> = [];
  const log = pino({ level: 'warn' });
  const { cache, searchPath } = loadConfig(process.env);
  const home = await mkdtemp(join(tmpdir(), 'valehub-test-'));
  // PostgreSQL's account has to pass through it.
  await chmod(home, 0o711);
  stops.push(() => rm(home, { recursive: true, force: true }));
  const broker = await startBroker({
    postgres: async () => {
      const server = await startEmbeddedPostgres({ home: join(home, 'hub'), log, durability: 'none' });
      stops.push(server.stop);
      return server.url;
    },
    temporal: async () => {
      const server = await startEmbeddedTemporal({ home: join(home, 'temporal'), cache, searchPath, log });
      stops.push(server.stop);
      return server.address;
    },
  });
  stops.push(broker.close);
  rememberTeardown(async () => {
    for (const stop of stops.reverse()) await stop();
  });
}
