import { rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { BootError } from './boot-error.ts';
import { prepareHome } from './home.ts';

/** A hub whose starter was just killed needs a moment to notice it; one that is stopping needs until it has stopped. */
const PATIENCE = { running: 2_000, stopping: 30_000 } as const;
const ASK_EVERY = 50;

export type HomeLock = {
  /** Says to whoever wants the folder next that waiting is worth it. */
  stopping(): void;
  release(): void;
};

/**
 * Takes the data folder for this process, or refuses by naming the folder and the process that has it.
 * The lock is the operating system's lock on a file (SQLite is the one way to it without a native package),
 * so that the kernel gives it up with the process, however it ends: nothing is ever to be cleaned up by hand.
 */
export async function lockHome(home: string): Promise<HomeLock> {
  await prepareHome(home);
  const holderFile = join(home, 'hub.pid');
  const lock = new DatabaseSync(join(home, 'hub.lock'), { timeout: 0 });
  const began = Date.now();
  while (!tryLock(lock)) {
    const [holder = 'unknown', state] = (await readFile(holderFile, 'utf8').catch(() => '')).trim().split(' ');
    if (Date.now() - began > (state === 'stopping' ? PATIENCE.stopping : PATIENCE.running)) {
      lock.close();
      throw new BootError(`Another hub (process ${holder}) already runs on ${home}: stop it, or set VALEHUB_HOME to another folder.`);
    }
    await delay(ASK_EVERY);
  }
  writeFileSync(holderFile, `${process.pid} running\n`);
  return {
    stopping: () => writeFileSync(holderFile, `${process.pid} stopping\n`),
    release: () => {
      rmSync(holderFile, { force: true });
      lock.close();
    },
  };
}

function tryLock(lock: DatabaseSync): boolean {
  const SQLITE_BUSY = 5;
  try {
    // Nothing is ever written to it, so no journal is needed beside it.
    lock.exec('pragma journal_mode = memory; begin exclusive');
    return true;
  } catch (fault) {
    if ((fault as { errcode?: number }).errcode !== SQLITE_BUSY) throw fault;
    return false;
  }
}
