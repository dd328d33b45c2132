import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { chainHash } from '../../src/domain/ledger/ledger-hash.ts';
import { CHECKS } from '../../src/domain/verification/checks.ts';
import type { BooksReport } from '../../src/domain/verification/verification.types.ts';
import { type VerifyOptions, verifyBooks } from '../../src/domain/verification/verify-books.ts';
import { openTestHub, TEST_SECRET } from '../helpers/domain.ts';
import { copyDatabase, createTestDatabase, type TestDatabase } from '../helpers/postgres.ts';
import { DAMAGES } from './damages.ts';
import { aSmallWorld } from './world.ts';

jest.setTimeout(120_000);

let world: TestDatabase;

beforeAll(async () => {
  world = await createTestDatabase();
  const t = await openTestHub({ database: world });
  try {
    await aSmallWorld(t);
  } finally {
    await t.close();
  }
});
afterAll(() => world.drop());

/** On a copy of the world, with nobody else there. */
async function onCopy<T>(work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const copy = await copyDatabase(world);
  const pool = new pg.Pool({ connectionString: copy.url, max: 2 });
  try {
    return await work(pool);
  } finally {
    await pool.end();
    await copy.drop();
  }
}

const verify = (pool: pg.Pool, over: VerifyOptions = {}): Promise<BooksReport> => verifyBooks(pool, { secretKey: TEST_SECRET, ...over });
const found = (report: BooksReport): string[] => report.checks.filter((check) => check.found > 0).map((check) => check.name);

test('without a damage nothing is found', () =>
  onCopy(async (pool) => {
    const report = await verify(pool);
    expect(report.checks.flatMap((check) => check.findings)).toEqual([]);
    expect(report.skipped).toBe(0);
    expect(report.checks.filter((check) => check.looked === 0).map((check) => check.name)).toEqual(['intake', 'readers']);
  }));

test('every check finds a damage', () => {
  const finders = new Set(DAMAGES.flatMap((damage) => damage.by));
  expect(CHECKS.map((check) => check.name).filter((name) => !finders.has(name))).toEqual([]);
});

describe('found and named:', () => {
  test.each(DAMAGES.map((damage) => [damage.what, damage] as const))('%s', (_, { sql, by, where }) =>
    onCopy(async (pool) => {
      const id = where === undefined ? undefined : (await pool.query<{ id: string }>(where)).rows[0]?.id;
      for (const statement of sql.split(/;\s*(?=[a-z])/))
        expect({ statement, rows: (await pool.query(statement)).rowCount }).not.toEqual({ statement, rows: 0 });
      const report = await verify(pool);
      expect(found(report)).toEqual(expect.arrayContaining([...by]));
      const named = report.checks.find((check) => check.name === by[0])?.findings ?? [];
      if (where !== undefined) expect(named.map((finding) => finding.id)).toContain(id);
    }),
  );
});

/** What somebody does who knows how the chain is made: every hash from here on is made again. */
async function hashAnew(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query(
    `select position::int, type, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, business_day::text as "businessDay", store_id as "storeId", campaign_id as "campaignId", code, amount::int, currency, data from ledger_event order by position`,
  );
  let previous = '0'.repeat(64);
  for (const { amount, currency, ...event } of rows) {
    const hash = chainHash(previous, { ...event, amount: amount === null ? null : { currency, minor: amount } });
    await pool.query('update ledger_event set hash = $2, previous_hash = $3 where position = $1', [event.position, hash, previous]);
    previous = hash;
  }
  await pool.query('update ledger_head set hash = $1', [previous]);
}

describe('a chain made anew after an edit', () => {
  const EDIT = `update ledger_event set amount = amount + 1 where type = 'VOUCHER_REDEEMED' and redemption_id in
    (select redemption.id from redemption join checkout on checkout.id = checkout_id where redeem_key = 'first' and kind = 'ORDER_DISCOUNT')`;

  test('is whole, and found by the tables', () =>
    onCopy(async (pool) => {
      await pool.query(EDIT);
      await hashAnew(pool);
      expect(found(await verify(pool))).toEqual(expect.arrayContaining(['redemptions', 'counters-by-ledger']));
      expect(found(await verify(pool))).not.toContain('chain');
    }));

  test('with all tables bent to it is found by a head that was noted before, and by nothing else', () =>
    onCopy(async (pool) => {
      const { head } = await verify(pool);
      await pool.query(`update ledger_event set data = '{"n": 4}' where type = 'CUSTOM'`);
      await hashAnew(pool);
      expect(found(await verify(pool))).toEqual([]);
      const report = await verify(pool, { against: head });
      expect(found(report)).toEqual(['chain']);
      expect(report.checks[0]?.findings[0]).toMatchObject({ position: head.position, expected: expect.stringContaining(head.hash) });
    }));

  test('a noted head that is still passed through finds nothing; one beyond the end is told', () =>
    onCopy(async (pool) => {
      const { rows } = await pool.query<{ hash: string }>('select hash from ledger_event where position = 12');
      expect(found(await verify(pool, { against: { position: 12, hash: rows[0]?.hash ?? '' } }))).toEqual([]);
      expect(found(await verify(pool, { against: { position: 1_000_000, hash: 'f'.repeat(64) } }))).toEqual(['chain']);
    }));
});

test('without the secret the checks of codes are skipped, and with another one too', () =>
  onCopy(async (pool) => {
    for (const options of [{}, { secretKey: Buffer.alloc(32, 8) }]) {
      const report = await verifyBooks(pool, options);
      expect(report.checks.filter((check) => check.skipped !== null).map((check) => check.name)).toEqual(['codes', 'voucher-links']);
      expect(report.found).toBe(0);
    }
  }));

test('lists no more than asked for, and counts all', () =>
  onCopy(async (pool) => {
    await pool.query('update allocation set amount = amount + 1');
    const report = await verify(pool, { atMost: 2 });
    const check = report.checks.find(({ name }) => name === 'allocations');
    expect(check?.findings).toHaveLength(2);
    expect(check?.found).toBeGreaterThan(5);
  }));
