import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { BootError } from './boot-error.ts';
import { commandOf, endProcess, processesIn, type StopStep } from './processes.ts';

/** Fast shutdown first, then an immediate one, at last by force; recovery replays the log in either case. */
export const POSTGRES_STOP: readonly StopStep[] = [
  { signal: 'SIGINT', graceMs: 20_000 },
  { signal: 'SIGQUIT', graceMs: 5_000 },
  { signal: 'SIGKILL', graceMs: 5_000 },
];

/**
 * Stops a server that still runs on the folder although its hub is gone, and removes the pid file of one that was killed.
 * Call it only while holding the home's lock: then nobody else can rightfully run on the folder.
 */
export async function clearPostgresLeftovers(dataFolder: string, log: Logger): Promise<void> {
  const pidFile = join(dataFolder, 'postmaster.pid');
  const text = await readFile(pidFile, 'utf8').catch((fault: NodeJS.ErrnoException) => {
    if (fault.code === 'ENOENT') return '';
    throw fault;
  });
  const pid = Number(text.split('\n')[0]);
  if (Number.isSafeInteger(pid) && pid > 1 && (await commandOf(pid))?.includes(dataFolder) === true) {
    log.warn({ pid }, 'stopping a PostgreSQL server that a killed hub left behind');
    if (!(await endProcess(pid, POSTGRES_STOP))) {
      throw new BootError(
        `A PostgreSQL server (process ${pid}) still runs on ${dataFolder} and cannot be stopped: end it and start again.`,
      );
    }
  }
  // Backends of a killed server keep its shared memory until they notice; a new server refuses to start beside them.
  for (const backend of await processesIn(dataFolder)) {
    await endProcess(backend, [
      { signal: 'SIGQUIT', graceMs: 2_000 },
      { signal: 'SIGKILL', graceMs: 2_000 },
    ]);
  }
  // Left in place, it could name a process id that somebody else has by now, and the server would not start.
  await rm(pidFile, { force: true });
}
