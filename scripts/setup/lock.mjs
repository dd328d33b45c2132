import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { SetupError, say } from './progress.mjs';

const ASK_EVERY = 250;
const HEARD_EVERY = 15_000;

/** Runs `work` while nobody else does so under the same file; a lock whose process is gone is taken over. */
export async function withLock(path, what, work) {
  let sayAt = 0;
  while (!take(path)) {
    const holder = holderOf(path);
    if (holder !== null && !isAlive(holder)) {
      takeOver(path, holder);
      continue;
    }
    if (Date.now() > sayAt) {
      say(`waiting for another set-up of ${what} (process ${holder ?? 'unknown'})`);
      sayAt = Date.now() + HEARD_EVERY;
    }
    await delay(ASK_EVERY);
  }
  const release = () => {
    if (holderOf(path) === process.pid) rmSync(path, { force: true });
  };
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** A link to a file that is already written: whoever sees the lock sees its holder. */
function take(path) {
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, `${process.pid}\n`);
    linkSync(draft, path);
    return true;
  } catch (fault) {
    if (fault.code === 'EEXIST') return false;
    throw new SetupError(`The set-up cannot write ${path} (${fault.code}): make its folder writable for this account.`);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Moves a dead holder's lock away; where somebody living took it in between, it gets it back. */
function takeOver(path, holder) {
  const aside = `${path}.dead.${process.pid}`;
  try {
    renameSync(path, aside);
    if (holderOf(aside) !== holder) linkSync(aside, path);
  } catch (fault) {
    if (fault.code !== 'ENOENT' && fault.code !== 'EEXIST') throw fault;
  } finally {
    rmSync(aside, { force: true });
  }
}

function holderOf(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch (fault) {
    if (fault.code === 'ENOENT') return null;
    throw fault;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    return fault.code === 'EPERM';
  }
}
