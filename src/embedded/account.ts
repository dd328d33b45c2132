import { execFile, spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { BootError, messageOf } from './boot-error.ts';

const run = promisify(execFile);

/** The system account that runs PostgreSQL; null where that is the account of this process. */
export type Account = { readonly uid: number; readonly gid: number } | null;

/** PostgreSQL refuses to run as root: there it runs as the system's `postgres` account, made where it is missing. */
export async function postgresAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return null;
  const known = await lookUp();
  if (known !== null) return known;
  try {
    await run('groupadd', ['--force', '--system', 'postgres']);
    await run('useradd', ['--system', '--gid', 'postgres', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  } catch (fault) {
    const made = await lookUp();
    if (made !== null) return made;
    throw new BootError(
      `PostgreSQL does not run as root, and the system account "postgres" could not be made (${messageOf(fault).trim()}): ` +
        'make that account, start Valehub as another user, or set DATABASE_URL.',
    );
  }
  return await lookUp();
}

async function lookUp(): Promise<Account> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

/** The first folder on the way to `path` that the account cannot enter; null where it reaches it. */
export async function unreachableFolder(path: string, account: Account): Promise<string | null> {
  if (account === null) return null;
  const folders: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    folders.unshift(at);
    if (at === dirname(at)) break;
  }
  // Asked of the system itself, as that account: groups and access lists decide too, not only the mode bits.
  const script = 'for folder; do cd "$folder" 2>/dev/null || { printf %s "$folder"; exit 0; }; done';
  return await new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', script, 'sh', ...folders], {
      ...account,
      cwd: '/',
      env: {},
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let answer = '';
    child.stdout.on('data', (chunk: Buffer) => {
      answer += chunk.toString('utf8');
    });
    child.once('error', reject);
    child.once('close', () => resolve(answer === '' ? null : answer));
  });
}
