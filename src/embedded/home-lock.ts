import { rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BootError } from './boot-error.ts';
import { prepareHome } from './home.ts';

export type HomeLock = { release(): void };

/**
 * Takes the data folder for this process, or refuses by naming the folder and the process that has it.
 * The lock is the operating system's lock on a file (SQLite is the one way to it without a native package),
 * so that the kernel gives it up with the process, however it ends: nothing is ever to be cleaned up by hand.
 */
export async function lockHome(home: string): Promise<HomeLock> {
  await prepareHome(home);
  const pidFile = join(home, 'hub.pid');
  const lock = new DatabaseSync(join(home, 'hub.lock'), { timeout: 0 });
  try {
    // Nothing is ever written to it, so no journal is needed beside it.
    lock.exec('pragma journal_mode = memory; begin exclusive');
  } catch (fault) {
    lock.close();
    if (!isBusy(fault)) throw fault;
    const holder = (await readFile(pidFile, 'utf8').catch(() => 'unknown')).trim();
    throw new BootError(`Another hub (process ${holder}) already runs on ${home}: stop it, or set VALEHUB_HOME to another folder.`);
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return {
    release: () => {
      rmSync(pidFile, { force: true });
      lock.close();
    },
  };
}

function isBusy(fault: unknown): boolean {
  const SQLITE_BUSY = 5;
  return (fault as { errcode?: number }).errcode === SQLITE_BUSY;
}
