import type { EntityManager } from '@mikro-orm/postgresql';
import pg from 'pg';

const ATTEMPTS = 8;
/** Serialisation failure and deadlock: nothing was done, and the same may succeed when it is tried anew. */
const RETRYABLE = new Set(['40001', '40P01']);

/** Whether PostgreSQL refused because of a unique constraint. */
export const isUniqueViolation = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === '23505';

/**
 * Runs `work` in one transaction of the pool: committed when it resolves, rolled back when it rejects.
 * `work` may run several times; it must do nothing outside the database that cannot be done twice.
 */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryTransaction(pool, work);
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof pg.DatabaseError && RETRYABLE.has(error.code ?? ''))) throw error;
    }
  }
}

/** As `inTransaction`, but once: whether to try again is for the caller to say. */
export const tryTransaction = <T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> => between('begin', pool, work);

/** All that `work` reads is as it was at one moment; it writes nothing. */
export const inSnapshot = <T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> =>
  between('begin isolation level repeatable read read only', pool, work);

async function between<T>(begin: string, pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const result = await work(client);
    // A commit of a transaction in which a statement failed resolves, as a rollback.
    const { command } = await client.query('commit');
    if (command !== 'COMMIT') throw new Error('The transaction was rolled back: a statement in it had failed.');
    return result;
  } catch (error) {
    broken = await rollBack(client);
    throw error;
  } finally {
    client.release(broken);
  }
}

/** The error, where the connection is no longer good for anything. */
async function rollBack(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Runs plain statements (`$1`, `$2` ...) inside the ORM's transaction. The text must hold no question mark of its own. */
export function ormRunner(em: EntityManager): { query(text: string, values: unknown[]): Promise<Record<string, unknown>[]> } {
  return {
    query(text, values) {
      const ordered: unknown[] = [];
      const marked = text.replace(/\$(\d+)/g, (_, place: string) => {
        ordered.push(values[Number(place) - 1]);
        return '?';
      });
      return em.execute<Record<string, unknown>[]>(marked, ordered);
    },
  };
}

/** Tells every process once the ORM's transaction is committed; the database folds repeats of one transaction into one. */
export async function notify(em: EntityManager, channel: string, payload: string): Promise<void> {
  await em.execute('select pg_notify(?, ?)', [channel, payload]);
}
