import pg from 'pg';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { BootError, messageOf } from './boot-error.ts';
import { startEmbeddedPostgres } from './postgres.ts';
import { planEmbeddedTemporal, untilTemporalAnswers } from './temporal.ts';

/** What the hub stands on, embedded or at a configured address. */
export type Parts = {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  /** Resolves when Temporal answers; rejects when its embedded server cannot be started. */
  readonly temporalReady: Promise<void>;
  /** Stops what was started here. */
  stop(): Promise<void>;
};

/** Milliseconds. */
const STILL_WAITING_EVERY = 15_000;

type Part<T> = { readonly value: T; stop(): Promise<void> };

/** Starts PostgreSQL and Temporal where no address is configured; resolves when the database takes statements. */
export async function startParts(config: Config, log: Logger, onGivenUp: (fault: BootError) => void): Promise<Parts> {
  const [database, temporal] = await Promise.allSettled([startDatabase(config, log, onGivenUp), startTemporal(config, log, onGivenUp)]);
  const stop = async (): Promise<void> => {
    const running = [database, temporal].flatMap((part) => (part.status === 'fulfilled' ? [part.value.stop()] : []));
    const faults = (await Promise.allSettled(running)).flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    if (faults.length > 0) throw new AggregateError(faults, faults.map(messageOf).join('; '));
  };
  if (database.status === 'fulfilled' && temporal.status === 'fulfilled') {
    const { address, ready } = temporal.value.value;
    return { databaseUrl: database.value.value, temporalAddress: address, temporalReady: ready, stop };
  }
  await stop();
  throw database.status === 'rejected' ? database.reason : (temporal as PromiseRejectedResult).reason;
}

async function startDatabase(config: Config, log: Logger, onGivenUp: (fault: BootError) => void): Promise<Part<string>> {
  if (config.databaseUrl === null) {
    const server = await startEmbeddedPostgres({ home: config.home, log, onGivenUp });
    return { value: server.url, stop: server.stop };
  }
  const client = new pg.Client({ connectionString: config.databaseUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (fault) {
    throw new BootError(
      `The database of DATABASE_URL cannot be reached (${messageOf(fault) || (fault as NodeJS.ErrnoException).code}): start it, or correct the address.`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
  return { value: config.databaseUrl, stop: async () => undefined };
}

async function startTemporal(
  config: Config,
  log: Logger,
  onGivenUp: (fault: BootError) => void,
): Promise<Part<{ address: string; ready: Promise<void> }>> {
  const namespace = config.temporalNamespace;
  if (config.temporalAddress !== null) {
    const waiting = new AbortController();
    const address = config.temporalAddress;
    const saying = setInterval(() => log.warn(`still waiting for Temporal at ${address} (namespace ${namespace})`), STILL_WAITING_EVERY);
    saying.unref();
    const ready = untilTemporalAnswers(address, namespace, waiting.signal).finally(() => clearInterval(saying));
    // Not everybody waits for it, and it is rejected when the hub stops first.
    ready.catch(() => undefined);
    return { value: { address, ready }, stop: async () => waiting.abort() };
  }
  const { home, cache, searchPath } = config;
  const plan = await planEmbeddedTemporal({ home, cache, searchPath, namespace, log, onGivenUp });
  const stopped = new AbortController();
  const server = plan.start(stopped.signal);
  return {
    value: { address: plan.address, ready: server.then(() => undefined) },
    stop: async () => {
      stopped.abort();
      // A start that failed has stopped its server itself, and `ready` has told.
      await server.then(
        (running) => running.stop(),
        () => undefined,
      );
    },
  };
}
