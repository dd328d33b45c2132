import { type Database, openDatabase } from '../../src/database/database.ts';
import { type Listener, openListener } from '../../src/database/listener.ts';
import { silent, TestClock } from '../helpers/basics.ts';
import { createTestDatabase } from '../helpers/postgres.ts';

export { actor, silent, TestClock } from '../helpers/basics.ts';

export interface DomainFixture {
  readonly database: Database;
  readonly listener: Listener;
  readonly clock: TestClock;
  close(): Promise<void>;
}

/** A fresh database, and one process's connections to it. */
export async function openFixture(): Promise<DomainFixture> {
  const fresh = await createTestDatabase();
  const database = await openDatabase(fresh.url);
  const listener = await openListener(fresh.url, silent);
  return {
    database,
    listener,
    clock: new TestClock(),
    close: async () => {
      await listener.close();
      await database.close();
      await fresh.drop();
    },
  };
}

/** Events written and not yet sealed, oldest first. */
export async function intake(
  database: Database,
): Promise<
  { type: string; campaign_id: string | null; customer_id: string | null; voucher_id: string | null; code: string | null; data: unknown }[]
> {
  const { rows } = await database.pool.query(
    'select type, campaign_id, customer_id, voucher_id, code, data from ledger_intake order by id',
  );
  return rows;
}
