import 'reflect-metadata';
import { ReflectMetadataProvider } from '@mikro-orm/decorators/legacy';
import { Migrator } from '@mikro-orm/migrations';
import { type EntityManager, MikroORM, type Options } from '@mikro-orm/postgresql';
import pg from 'pg';
import { entities } from './entities.ts';
import { migrations } from './migrations/index.ts';
import { Pipeline } from './pipeline.ts';

/** The ways to the one PostgreSQL: the ORM for everyday reads and writes, a pool of our own for the hot statements, a pipeline for the hottest. */
export interface Database {
  readonly url: string;
  readonly orm: MikroORM;
  readonly pool: pg.Pool;
  /** For statements that are complete in themselves and come one on the heels of another. */
  readonly pipeline: Pipeline;
  /** A fresh unit of work; one a request, never shared. */
  em(): EntityManager;
  close(): Promise<void>;
}

export function ormOptions(url: string): Options {
  return {
    clientUrl: url,
    entities,
    metadataProvider: ReflectMetadataProvider,
    extensions: [Migrator],
    migrations: { migrationsList: migrations, tableName: 'migration', snapshot: false, transactional: true, allOrNothing: true },
    // The functions of the hot statements come by migration (0002).
    schemaGenerator: { ignoreRoutines: true },
    logger: () => undefined,
    forceUtcTimezone: true,
    pool: { min: 0, max: 10 },
    // Entities are plain records here: no relation is ever loaded behind a caller's back.
    allowGlobalContext: false,
  };
}

/**
 * Plans of the hot statements are kept generic and on indexes: replanning costs more than it saves (docs/reference/performance.md).
 * Dates stay text: a business day is no instant.
 */
export async function openDatabase(url: string, options: { poolSize?: number } = {}): Promise<Database> {
  const orm = await MikroORM.init(ormOptions(url));
  const session = {
    connectionString: url,
    options: '-c plan_cache_mode=force_generic_plan -c jit=off -c timezone=UTC',
    types: { getTypeParser },
  };
  const pool = new pg.Pool({
    ...session,
    max: options.poolSize ?? 12,
    // Through a lull: a new connection plans all of its statements anew, and finds nothing warm.
    idleTimeoutMillis: 300_000,
  });
  const pipeline = new Pipeline(session);
  // A lost connection is told to whoever waits on it, and the pool lets go of it; unheard, the event would end the process.
  const letGo = () => undefined;
  pool.on('error', letGo);
  pool.on('connect', (client) => client.on('error', letGo));
  return {
    url,
    orm,
    pool,
    pipeline,
    em: () => orm.em.fork(),
    close: async () => {
      await pipeline.close();
      await pool.end();
      await orm.close();
    },
  };
}

const INT8 = 20;
const DATE = 1082;

function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === INT8) return exactInteger;
  if (oid === DATE) return String;
  return pg.types.getTypeParser(oid, format ?? 'text') as (value: string) => unknown;
}

/** bigint columns hold counts and minor units; one beyond 2^53 - 1 would be a corrupt row. */
function exactInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`The database holds ${text}, which is beyond the safe integers.`);
  return value;
}
