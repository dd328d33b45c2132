import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BootError } from './boot-error.ts';

/** Makes the hub's data folder and what is always in it. Enterable by others (PostgreSQL's account), listable by none. */
export async function prepareHome(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o711 });
    await mkdir(join(home, 'logs'), { recursive: true, mode: 0o700 });
    await access(home, constants.W_OK | constants.X_OK);
  } catch (fault) {
    const { code = 'unknown fault' } = fault as NodeJS.ErrnoException;
    throw new BootError(`The data folder ${home} cannot be written (${code}): make it writable, or set VALEHUB_HOME to another folder.`);
  }
}
