import pg from 'pg';
import type { Snapshot } from './verification.types.ts';

const AT_ONCE = 2_000;
const INT8 = 20;
const DATE = 1082;

/** As any pool may be set up otherwise: counts and minor units as numbers, days as text. A damaged figure must not stop the reading. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? Number : oid === DATE ? String : pg.types.getTypeParser(oid, format as 'text'),
};

/**
 * Runs `work` on one snapshot, however long it takes and whatever is committed meanwhile. It takes no transaction id, so the sealer of a
 * hub that trades does not wait for it; only what vacuum would clear away stays until it ends.
 */
export async function onSnapshot<T>(pool: pg.Pool, work: (snapshot: Snapshot, client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin isolation level repeatable read read only');
    // Sums over whole tables: plans for much, not for one row.
    await client.query(
      "set local work_mem = '128MB'; set local enable_nestloop = on; set local plan_cache_mode = auto; set local timezone = 'UTC'",
    );
    return await work(snapshotOf(client), client);
  } finally {
    await client.query('rollback').catch((fault: Error) => {
      broken = fault;
    });
    client.release(broken);
  }
}

function snapshotOf(client: pg.PoolClient): Snapshot {
  let cursors = 0;
  return {
    rows: async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) =>
      (await client.query<Row>({ text, values: [...values], types })).rows,
    async *stream<Row extends pg.QueryResultRow>(text: string) {
      cursors += 1;
      const name = `verify_${cursors}`;
      await client.query(`declare ${name} no scroll cursor for ${text}`);
      for (;;) {
        const { rows } = await client.query<Row>({ text: `fetch forward ${AT_ONCE} from ${name}`, types });
        yield* rows;
        if (rows.length < AT_ONCE) break;
      }
      await client.query(`close ${name}`);
    },
  };
}
