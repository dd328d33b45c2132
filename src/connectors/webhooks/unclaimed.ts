import type pg from 'pg';

/**
 * What came in at an App's address before its account was connected is the connection's from now on. Asked for once the account is known,
 * and once more by whoever kept something as nobody's, so that neither misses the other. Gives how many.
 */
export async function claimKept(pool: pg.Pool, appId: string | null = null): Promise<number> {
  const { rowCount } = await pool.query(
    `update notice n set connection_id = c.id, state = 'PENDING', reason = null, settled_at = null
     from (select distinct on (app_id, account) id, app_id, account from connection
           where app_id is not null and account is not null and status <> 'DISCONNECTED' and ($1::text is null or app_id = $1)
           order by app_id, account, created_at, id) as c
     where n.state = 'UNCLAIMED' and n.connection_id is null and n.app_id = c.app_id and n.account = c.account`,
    [appId],
  );
  return rowCount ?? 0;
}
