import type pg from 'pg';
import type { Role } from './roles.ts';

interface SqlRunner {
  query(text: string, values: unknown[]): Promise<unknown>;
}

const nameOf = (hash: string): string => `retired-key ${hash}`;

/**
 * Keeps the hash of a secret that was rotated out, in the caller's transaction. Of ADMIN keys only: an old `admin.key` that comes back
 * with a backup must not be taken for a new key at the next start.
 */
export async function retire(run: SqlRunner, role: Role, hash: string, keyId: string): Promise<void> {
  if (role !== 'ADMIN') return;
  await run.query('insert into setting (name, value) values ($1, $2) on conflict (name) do nothing', [nameOf(hash), keyId]);
}

export async function isRetired(pool: pg.Pool, hash: string): Promise<boolean> {
  const { rowCount } = await pool.query('select from setting where name = $1', [nameOf(hash)]);
  return rowCount === 1;
}
