import { pino } from 'pino';
import { type Database, openDatabase } from '../../src/database/database.ts';
import { type Listener, openListener } from '../../src/database/listener.ts';
import type { Actor, Role } from '../../src/domain/access/roles.ts';
import { createTestDatabase } from '../helpers/postgres.ts';

/** A clock that stands where a test puts it. */
export class TestClock {
  #now: number;
  constructor(at = '2026-05-04T18:00:00.000Z') {
    this.#now = Date.parse(at);
  }
  now(): number {
    return this.#now;
  }
  set(at: string): void {
    this.#now = Date.parse(at);
  }
  /** Later things are later, so that lists have one order. */
  tick(ms = 1): void {
    this.#now += ms;
  }
}

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

export const silent = pino({ level: 'silent' });

export const actor = (role: Role, storeIds: readonly string[] | null = null): Actor => ({ id: `key_${role.toLowerCase()}`, role, storeIds, connectionId: null, partnerId: null });

/** Events written and not yet sealed, oldest first. */
export async function intake(database: Database): Promise<{ type: string; campaign_id: string | null; customer_id: string | null; voucher_id: string | null; code: string | null; data: unknown }[]> {
  const { rows } = await database.pool.query('select type, campaign_id, customer_id, voucher_id, code, data from ledger_intake order by id');
  return rows;
}
