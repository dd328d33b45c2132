import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { BootError } from './boot-error.ts';

/** The release that scripts/setup.mjs puts into the cache folder. */
const TEMPORAL_VERSION = '1.5.1';

/** The `temporal` program: on the search path, else in the cache folder, where the set-up puts it. */
export async function temporalBinary(cache: string, searchPath: string): Promise<string> {
  const places = searchPath.split(delimiter).filter(Boolean);
  for (const folder of [...places, join(cache, `temporal-${TEMPORAL_VERSION}`)]) {
    const program = join(folder, 'temporal');
    if (await isProgram(program)) return program;
  }
  throw new BootError(
    `There is no Temporal server: neither on the PATH nor in ${cache}. Run \`npm start\`, which sets it up, or set TEMPORAL_ADDRESS.`,
  );
}

function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
