import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { isSecret, newSecret } from './api-key.rules.ts';

/** The secret in the file; a new one is written there, for its owner's eyes only, where there is no file. */
export async function adminSecretIn(path: string): Promise<{ secret: string; created: boolean }> {
  const known = await secretIn(path);
  if (known !== undefined) return { secret: known, created: false };
  const secret = newSecret('ADMIN');
  if (await writeOnce(path, `${secret}\n`)) return { secret, created: true };
  // Another process was first.
  return { secret: (await secretIn(path)) as string, created: false };
}

/** Puts a new secret where the old one is in the file; a file that holds another is left alone. */
export async function replaceAdminSecret(path: string, isOld: (secret: string) => boolean, secret: string): Promise<boolean> {
  const known = await secretIn(path);
  if (known === undefined || !isOld(known)) return false;
  await rename(await drafted(path, `${secret}\n`), path);
  return true;
}

async function secretIn(path: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  const secret = text.trim();
  if (!isSecret(secret))
    throw new Error(`${path} does not hold an API key. Move it away, and the next start writes a new admin key there.`);
  return secret;
}

/** The file is there whole or not at all, whenever the process ends. False where it is there already. */
async function writeOnce(path: string, text: string): Promise<boolean> {
  const draft = await drafted(path, text);
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft);
  }
}

async function drafted(path: string, text: string): Promise<string> {
  const draft = `${path}.${randomUUID()}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  return draft;
}

const hasCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
