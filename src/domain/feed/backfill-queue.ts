import type pg from 'pg';
import { inTransaction } from '../../database/transaction.ts';
import type { BackfillState } from './feed.types.ts';
import { FEEDS_CHANNEL } from './feed-queue.ts';

/** A connection that will never be read again ends its back-fill. */
const CONNECTED = `('ACTIVE', 'NEEDS_ATTENTION', 'PAUSED')`;

/**
 * Asks for the next window of a back-fill, unless one is under way. Gives the back-fill's state; once all its parts are read, or cannot
 * be read, that is its end. Undefined where there is no such back-fill.
 */
export async function askBackfill(pool: pg.Pool, id: string, nowMs: number): Promise<BackfillState | undefined> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ state: BackfillState; connected: boolean }>(
      `select b.state, c.status in ${CONNECTED} as connected from backfill b join connection c on c.id = b.connection_id where b.id = $1 for update of b`,
      [id],
    );
    const [known] = rows;
    if (known?.state !== 'RUNNING') return known?.state;
    const { rows: parts } = await client.query<{ feed: string; location: string; ended: string | null; asked: boolean }>(
      'select feed, location, ended, asked from feed_reading where backfill_id = $1 order by feed, location',
      [id],
    );
    const open = parts.filter(({ ended }) => ended === null);
    const [next] = open;
    const end = known.connected ? (parts.some(({ ended }) => ended === 'FAILED') ? 'FAILED' : 'DONE') : 'CANCELLED';
    if (next === undefined || !known.connected) return endBackfill(client, id, end, nowMs);
    if (open.every(({ asked }) => !asked))
      await client.query(
        `with asked as (update feed_reading set asked = true, next_at = $4 where backfill_id = $1 and feed = $2 and location = $3 returning feed)
         select pg_notify('${FEEDS_CHANNEL}', '') from asked`,
        [id, next.feed, next.location, new Date(nowMs)],
      );
    return 'RUNNING';
  });
}

/** Whether the window that was asked for is still to be read. */
export async function isBackfillAsked(pool: pg.Pool, id: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select from feed_reading r join backfill b on b.id = r.backfill_id join connection c on c.id = r.connection_id
     where r.backfill_id = $1 and r.asked and b.state = 'RUNNING' and c.status in ${CONNECTED} limit 1`,
    [id],
  );
  return rowCount === 1;
}

/** Nothing more is read of it, once a page that is under way is in. Gives whether it was running. */
export async function cancelBackfill(client: Pick<pg.PoolClient, 'query'>, id: string, nowMs: number): Promise<boolean> {
  const { rows } = await client.query<{ state: BackfillState }>('select state from backfill where id = $1 for update', [id]);
  if (rows[0]?.state !== 'RUNNING') return false;
  await endBackfill(client, id, 'CANCELLED', nowMs);
  return true;
}

async function endBackfill(client: Pick<pg.PoolClient, 'query'>, id: string, state: BackfillState, nowMs: number): Promise<BackfillState> {
  await client.query('update backfill set state = $2, ended_at = $3 where id = $1', [id, state, new Date(nowMs)]);
  await client.query(
    `with stopped as (update feed_reading set asked = false where backfill_id = $1 and asked returning feed) select pg_notify('${FEEDS_CHANNEL}', $1)`,
    [id],
  );
  return state;
}
