import { once } from 'node:events';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type Config, ConfigError, loadConfig } from './config.ts';
import type { Hub } from './domain/hub.ts';
import { HubError } from './domain/shared/errors.ts';
import { BootError } from './embedded/boot-error.ts';
import { lockHome } from './embedded/home-lock.ts';
import { createLifecycle, type Lifecycle } from './embedded/lifecycle.ts';
import { type Parts, startParts } from './embedded/parts.ts';
import { startWorkerHealth } from './embedded/worker-health.ts';
import { createLogger } from './logging.ts';

/** Starts what the configuration asks for, in this one process, and prints where it is. */
async function start(config: Config, log: Logger, life: Lifecycle): Promise<void> {
  const runsApi = config.roles !== 'worker';
  const runsWorker = config.roles !== 'api';
  if (config.roles !== 'all' && (config.databaseUrl === null || config.temporalAddress === null)) {
    throw new BootError(`VALEHUB_ROLES=${config.roles} shares its servers with other processes: set DATABASE_URL and TEMPORAL_ADDRESS.`);
  }
  // A worker alone writes nothing there, and several of them may run on one machine.
  if (runsApi) {
    const lock = await lockHome(config.home);
    life.ending.addEventListener('abort', lock.stopping, { once: true });
    life.onStop('the lock of the data folder', async () => lock.release());
  }

  const parts = await startParts(config, log, (fault) => life.end(1, 'a server is lost', fault.message));
  life.onStop('the embedded servers', parts.stop);
  life.ending.throwIfAborted();
  const { openOwnHub } = await import('./own-hub.ts');
  const hub = await openOwnHub({ config, databaseUrl: parts.databaseUrl, log });
  life.onStop('the hub', hub.close);
  life.ending.throwIfAborted();
  const deps = { config, databaseUrl: parts.databaseUrl, temporalAddress: parts.temporalAddress, log, hub };

  if (runsWorker) {
    let atWork = false;
    const worker = startWorkerWhenReady(deps, parts, life);
    void worker.then((started) => {
      atWork = started !== null;
    });
    life.onStop('the worker', async () => (await worker)?.stop());
    if (!runsApi) {
      const health = await startWorkerHealth({ host: config.host, port: config.port, atWork: () => atWork });
      life.onStop("the worker's health", health.stop);
      log.info({ port: health.port }, "the worker's health is at /healthz");
    }
  }
  if (!runsApi) return;
  const { startServer } = await import('./server.ts');
  const server = await startServer(deps);
  life.onStop('the API', server.stop);
  process.stdout.write(whereEverythingIs(config, parts, server));
}

type Deps = { config: Config; databaseUrl: string; temporalAddress: string; log: Logger; hub: Hub };
type Worker = { stop(): Promise<void> };

/** The API does not wait for it: its readiness tells. A worker that cannot start ends the hub; null = it ended before. */
async function startWorkerWhenReady(deps: Deps, parts: Parts, life: Lifecycle): Promise<Worker | null> {
  try {
    await Promise.race([parts.temporalReady, once(life.ending, 'abort')]);
    life.ending.throwIfAborted();
    const { startWorker } = await import('./worker.ts');
    const worker = await startWorker(deps);
    deps.log.info(`the worker is at work (Temporal at ${parts.temporalAddress})`);
    return worker;
  } catch (fault) {
    if (!life.ending.aborted) {
      life.end(1, 'the worker could not start', describe(fault, deps.config));
    }
    return null;
  }
}

function whereEverythingIs(config: Config, parts: Parts, server: { url: string; firstStart?: { adminKey: string } }): string {
  const lines: Array<[string, string]> = [
    ['API', server.url],
    ['GraphQL', `${server.url}/graphql`],
    ['Live', `${server.url.replace(/^http/, 'ws')}/graphql`],
    ['Data', config.home],
    ['PostgreSQL', `${new URL(parts.databaseUrl).host} (${config.databaseUrl === null ? 'embedded' : 'DATABASE_URL'})`],
    ['Temporal', `${parts.temporalAddress} (${config.temporalAddress === null ? 'embedded' : 'TEMPORAL_ADDRESS'})`],
  ];
  // Once, and never through the logger: logs are kept and sent about.
  if (server.firstStart !== undefined && config.roles === 'all') lines.push(['Admin key', server.firstStart.adminKey]);
  lines.push(['Its file', join(config.home, 'admin.key')]);
  return `\nValehub is up.\n${lines.map(([name, value]) => `  ${name.padEnd(11)} ${value}\n`).join('')}\n`;
}

/** One sentence where the fault is the surroundings', the whole stack where it is ours. */
function describe(fault: unknown, config: Config): string {
  if (fault instanceof BootError || fault instanceof ConfigError) return fault.message;
  if (fault instanceof HubError && fault.code === 'UNAVAILABLE') return fault.message;
  const { code } = fault as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return `Port ${config.port} is taken: stop what listens there, or set PORT to another (PORT=0 takes any free one).`;
  if (code === 'EACCES' && config.port < 1024) return `Port ${config.port} may not be used by this account: set PORT to one from 1024 up.`;
  if (code === 'EADDRNOTAVAIL') return `This machine has no address ${config.host}: correct HOST.`;
  if (code === 'ENOSPC') return `The disk of ${config.home} is full: make room, or set VALEHUB_HOME to a folder on another.`;
  return fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
}

function configOrExit(): Config {
  try {
    return loadConfig();
  } catch (fault) {
    if (!(fault instanceof ConfigError)) throw fault;
    process.stderr.write(`${fault.message}\n`);
    process.exit(1);
  }
}

const config = configOrExit();
const log = createLogger(config.logLevel, process.stdout);
const life = createLifecycle(log, (fault) => describe(fault, config));
await life.boot(() => start(config, log, life));
