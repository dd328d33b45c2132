import type pg from 'pg';

/** Nothing is gathered and sorted where an index has it in order. */
const ALONG_THE_INDEX = ['enable_sort', 'enable_bitmapscan', 'enable_hashjoin', 'enable_mergejoin']
  .map((setting) => `set_config('${setting}', 'off', true)`)
  .join(', ');

/**
 * Waits for its turn to claim, until the transaction ends. What is due is then read along its index, as far as there is room: the planner
 * knows nothing of a queue that has just grown, and would go through all that waits for each one that is taken.
 */
export async function takeTurn(client: pg.PoolClient, lock: number): Promise<void> {
  await client.query({ name: 'turn-to-claim', text: `select pg_advisory_xact_lock($1), ${ALONG_THE_INDEX}`, values: [lock] });
}
