// A migrated database is what the entities describe: migrates an empty one and asks the ORM what would still differ.
// Works on a PostgreSQL of its own, thrown away afterwards.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MikroORM } from '@mikro-orm/postgresql';
import { pino } from 'pino';
import { ormOptions } from '../dist/database/database.js';
import { migrateDatabase } from '../dist/database/migrate.js';
import { startEmbeddedPostgres } from '../dist/embedded/postgres.js';

const home = await mkdtemp(join(tmpdir(), 'valehub-migrations-'));
await chmod(home, 0o711);
const server = await startEmbeddedPostgres({ home, log: pino({ level: 'warn' }), durability: 'none' });
try {
  await migrateDatabase(server.url);
  const orm = await MikroORM.init(ormOptions(server.url));
  const { up } = await orm.schema.getUpdateSchemaMigrationSQL({ safe: false });
  await orm.close();
  const statements = up
    .split(/;\n+/)
    .map((text) => text.trim())
    .filter((text) => text && !text.startsWith('set names'));
  if (statements.length > 0) {
    console.error(`The entities say more than the migrations (\`npm run db:migration\` writes one):\n${statements.join(';\n')};`);
    process.exitCode = 1;
  }
} finally {
  await server.stop();
  await rm(home, { recursive: true, force: true });
}
