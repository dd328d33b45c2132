import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { BootError } from './boot-error.ts';
import type { GuardedCommand } from './guardian.ts';
import { prepareHome } from './home.ts';
import { commandOf, endProcess, findFreePort, type StopStep } from './processes.ts';
import { readState, writeState } from './state-file.ts';
import { type Supervised, supervise } from './supervisor.ts';
import { temporalBinary } from './temporal-binary.ts';

const STOP: readonly StopStep[] = [
  { signal: 'SIGTERM', graceMs: 5_000 },
  { signal: 'SIGKILL', graceMs: 5_000 },
];

const State = z.object({ port: z.int().min(1).max(65_535), pid: z.int().nullable() });

export type EmbeddedTemporal = {
  /** host:port of the front end. */
  readonly address: string;
  /** Process id of the server of the moment; another after a restart. */
  readonly pid: () => number;
  stop(): Promise<void>;
};

export type EmbeddedTemporalOptions = {
  /** The hub's data folder; the server's is `temporal` in it. */
  readonly home: string;
  /** The folder of the tools that the set-up built. */
  readonly cache: string;
  /** Where the program is looked for first. Nowhere if left out. */
  readonly searchPath?: string;
  /** `default` if left out; made where it is missing. */
  readonly namespace?: string;
  readonly log: Logger;
  /** The server kept dying and is given up. */
  readonly onGivenUp?: (fault: BootError) => void;
};

/** A server that has its address already and is still to be started. */
export type PlannedTemporal = { readonly address: string; start(abandon?: AbortSignal): Promise<EmbeddedTemporal> };

/** Starts Temporal's development server with its data in the home; resolves when its namespace answers. */
export async function startEmbeddedTemporal(options: EmbeddedTemporalOptions): Promise<EmbeddedTemporal> {
  return await (await planEmbeddedTemporal(options)).start();
}

/** Settles program and address without waiting for the server: the API needs to know where it will be, not that it is there. */
export async function planEmbeddedTemporal(options: EmbeddedTemporalOptions): Promise<PlannedTemporal> {
  const { log, namespace = 'default' } = options;
  await prepareHome(options.home);
  const home = await realpath(options.home);
  const program = await temporalBinary(options.cache, options.searchPath ?? '');
  const folder = join(home, 'temporal');
  const database = join(folder, 'temporal.db');
  const stateFile = join(home, 'temporal.json');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const known = await readState(stateFile, State);
  await clearLeftovers(known?.pid ?? null, database, log);
  const port = await findFreePort(known?.port);
  const address = `127.0.0.1:${port}`;
  const command: GuardedCommand = {
    command: program,
    args: [
      'server',
      'start-dev',
      '--ip',
      '127.0.0.1',
      '--port',
      String(port),
      '--headless',
      '--namespace',
      namespace,
      '--db-filename',
      database,
      '--log-level',
      'warn',
    ],
    cwd: folder,
    // Its own folder for a home: a person's settings of the Temporal command line must not change the hub's server.
    env: { HOME: folder, TZ: 'UTC' },
    account: null,
    logFile: join(home, 'logs', 'temporal.log'),
    stop: STOP,
  };
  const start = async (abandon?: AbortSignal): Promise<EmbeddedTemporal> => {
    const server: Supervised = await supervise({
      name: 'Temporal',
      log,
      command: () => command,
      started: (pid) => writeState(stateFile, { port, pid }),
      prepare: async () => clearLeftovers((await readState(stateFile, State))?.pid ?? null, database, log),
      abandon,
      ready: (signal) => untilTemporalAnswers(address, namespace, signal),
      onGivenUp: (fault) => options.onGivenUp?.(fault),
    });
    return { address, pid: () => server.child().pid, stop: () => server.stop() };
  };
  return { address, start };
}

/** Stops a server that still runs on the database although its hub is gone. */
async function clearLeftovers(pid: number | null, database: string, log: Logger): Promise<void> {
  if (pid === null || (await commandOf(pid))?.includes(database) !== true) return;
  log.warn({ pid }, 'stopping a Temporal server that a killed hub left behind');
  await endProcess(pid, STOP);
}

/** Resolves when the server at `address` knows the namespace; rejects only when `signal` aborts. */
export async function untilTemporalAnswers(address: string, namespace: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const connection = await Connection.connect({ address, connectTimeout: 1_000 }).catch(() => null);
    if (connection !== null) {
      try {
        await connection.workflowService.describeNamespace({ namespace });
        return;
      } catch {
        // Listening, but not ready for its namespace yet: asked again below, until the start is given up.
      } finally {
        await connection.close();
      }
    }
    await delay(50, undefined, { signal });
  }
}
