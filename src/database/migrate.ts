import { MikroORM } from '@mikro-orm/postgresql';
import { ormOptions } from './database.ts';

/** One deployment migrates at a time; the number only has to be nobody else's. */
const MIGRATION_LOCK = 8_254_031;

/** Brings the database at `url` to the newest migration. Safe to call from several processes at once. */
export async function migrateDatabase(url: string): Promise<void> {
  const orm = await MikroORM.init(ormOptions(url));
  try {
    await orm.em.fork().transactional(async (em) => {
      await em.getConnection().execute('select pg_advisory_xact_lock(?)', [MIGRATION_LOCK], 'run', em.getTransactionContext());
      await orm.migrator.up();
    });
  } finally {
    await orm.close();
  }
}
