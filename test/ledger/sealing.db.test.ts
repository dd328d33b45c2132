import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { type Database, openDatabase } from '../../src/database/database.ts';
import { startSealer } from '../../src/domain/ledger/ledger-sealer.ts';
import { writeEvents } from '../../src/domain/ledger/ledger-writer.ts';
import { booksAgree } from '../helpers/agree.ts';
import { eventually, silent } from '../helpers/basics.ts';
import { ADMIN, aCampaign, anOrder, aStore, codesOf, openTestHub, redeem, redeemed, rowsOf, type TestHub } from '../helpers/domain.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/postgres.ts';
import { aDraft, numbers, upTo, writeMany } from './support.ts';

jest.setTimeout(60_000);

interface Line {
  position: number;
  data: { n: number };
  part: string;
}

describe('the sealer', () => {
  let fresh: TestDatabase;
  let database: Database;
  let stops: (() => Promise<void>)[];
  let looks: number;

  beforeEach(async () => {
    fresh = await createTestDatabase();
    database = await openDatabase(fresh.url);
    stops = [];
    looks = 0;
  });
  afterEach(async () => {
    for (const stop of stops) await stop();
    await database.close();
    await fresh.drop();
  });

  /** One that counts how often it looked. */
  function seal(on: Database = database): ReturnType<typeof startSealer> {
    on.pool.on('connect', (client) => {
      const query = client.query.bind(client) as (...of: unknown[]) => unknown;
      client.query = ((...of: unknown[]) => {
        if ((of[0] as { name?: string }).name === 'ledger-read-intake') looks += 1;
        return query(...of);
      }) as typeof client.query;
    });
    const sealer = startSealer(on.pool, silent);
    stops.push(sealer.stop);
    return sealer;
  }

  const book = async (): Promise<Line[]> =>
    (await database.pool.query<Line>('select position, data, tableoid::regclass::text as part from ledger_event order by position')).rows;
  const untilSealed = (count: number): Promise<Line[]> =>
    eventually(async () => {
      const lines = await book();
      expect(lines).toHaveLength(count);
      return lines;
    });

  test('holds back what came after a transaction that still runs, and then puts all in the order of their transactions', async () => {
    const sealer = seal();
    await writeMany(database.pool, 1, 1);
    await untilSealed(1);
    const old = new pg.Client({ connectionString: fresh.url });
    await old.connect();
    await old.query('begin');
    await writeEvents(old, [aDraft(2)]);
    await writeMany(database.pool, 3, 3);
    for (const goal = looks + 4; looks < goal; ) {
      sealer.wake();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(numbers(await book())).toEqual([1]);
    await old.query('commit');
    await old.end();
    expect(numbers(await untilSealed(5))).toEqual([1, 2, 3, 4, 5]);
    await booksAgree(fresh.url);
  });

  test('leaves no gap where a transaction was rolled back', async () => {
    seal();
    const client = await database.pool.connect();
    await client.query('begin');
    await writeEvents(client, [aDraft(1), aDraft(2)]);
    await client.query('rollback');
    client.release();
    await writeMany(database.pool, 3, 2);
    expect((await untilSealed(2)).map(({ position, data }) => [position, data.n])).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  test('takes more than one batch at a time in its stride', async () => {
    for (const first of [1, 3_001, 6_001]) await writeMany(database.pool, first, 3_000);
    seal();
    expect(numbers(await untilSealed(9_000))).toEqual(upTo(1, 9_000));
    await booksAgree(fresh.url);
  });

  test('puts each event into the part of its month', async () => {
    seal();
    for (const at of ['2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00.000Z', '2026-05-01T00:00:00.000Z'])
      await writeMany(database.pool, 1, 1, { at });
    expect((await untilSealed(3)).map(({ part }) => part)).toEqual([
      'ledger_event_2026_12',
      'ledger_event_2027_01',
      'ledger_event_2026_05',
    ]);
    await booksAgree(fresh.url);
  });

  test('is one among many, and another takes over when it stops', async () => {
    const second = await openDatabase(fresh.url);
    const first = seal();
    await writeMany(database.pool, 1, 1);
    await untilSealed(1);
    const waiting = startSealer(second.pool, silent);
    await first.stop();
    await writeMany(second.pool, 2, 2);
    await untilSealed(3);
    await waiting.stop();
    await second.close();
    await booksAgree(fresh.url);
  });

  test('whose connection is cut leads again, or another does', async () => {
    seal();
    await writeMany(database.pool, 1, 1);
    await untilSealed(1);
    const { rowCount } = await database.pool.query(
      "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and objid = 8254032 and database = (select oid from pg_database where datname = current_database())",
    );
    expect(rowCount).toBe(1);
    await writeMany(database.pool, 2, 2);
    await untilSealed(3);
    await booksAgree(fresh.url);
  });

  test('puts in the book what a restored dump brought with transactions of another cluster', async () => {
    await writeMany(database.pool, 1, 1);
    await database.pool.query("update ledger_intake set tx = '9000000000000000000'::xid8");
    seal();
    await untilSealed(1);
  });
});

describe('the book of two processes at work', () => {
  let t: TestHub;
  beforeEach(async () => {
    t = await openTestHub();
  });
  afterEach(() => t.close());

  test('has every event once, without a gap, each on the hash of the one before', async () => {
    const other = await t.twin();
    const store = await aStore(t.hub);
    const campaign = await aCampaign(t.hub);
    const codes = await codesOf(t.hub, campaign.id, 120);
    const writers = codes.map(async (code, at) => {
      const hub = at % 2 === 0 ? t.hub : other;
      if (at % 3 === 0) await writeMany(hub.database.pool, at, 3);
      redeemed(await redeem(hub, { codes: [code], order: anOrder(store.id) }));
    });
    await Promise.all(writers);
    await booksAgree(t.database.url);
    const [sums] = await rowsOf<{ events: number; redeemed: number; last: number }>(
      t.hub,
      "select count(*) as events, count(*) filter (where type = 'VOUCHER_REDEEMED') as redeemed, max(position) as last from ledger_event",
    );
    expect(sums).toEqual({ events: 2 + 120 + 120, redeemed: 120, last: 242 });
  });

  test('shows what was committed to whoever reads on from where they were', async () => {
    const from = await t.hub.ledger.page(null, 1_000, null, ADMIN);
    const store = await aStore(t.hub);
    const campaign = await aCampaign(t.hub);
    const [code = ''] = await codesOf(t.hub, campaign.id);
    redeemed(await redeem(t.hub, { codes: [code], order: anOrder(store.id) }));
    const types = await eventually(async () => {
      const { events } = await t.hub.ledger.page(from.endCursor, 10, null, ADMIN);
      expect(events).toHaveLength(3);
      return events.map((event) => event.type);
    });
    expect(types).toEqual(['CAMPAIGN_ACTIVATED', 'CODES_GENERATED', 'VOUCHER_REDEEMED']);
  });

  test('shows where a line was changed after the fact', async () => {
    const store = await aStore(t.hub);
    const campaign = await aCampaign(t.hub);
    const [code = ''] = await codesOf(t.hub, campaign.id);
    redeemed(await redeem(t.hub, { codes: [code], order: anOrder(store.id) }));
    await booksAgree(t.database.url);
    for (const change of [
      "code = 'DV0'",
      'amount = amount + 1',
      'data = data || \'{"kind":"TENDER"}\'',
      "at = at + interval '1 ms'",
      'position = position + 1',
    ]) {
      await rowsOf(t.hub, 'create table kept as select * from ledger_event');
      await rowsOf(t.hub, `update ledger_event set ${change} where type = 'VOUCHER_REDEEMED'`);
      await expect(booksAgree(t.database.url)).rejects.toThrow(/Position|has the hash/);
      await rowsOf(t.hub, 'delete from ledger_event');
      await rowsOf(t.hub, 'insert into ledger_event select * from kept');
      await rowsOf(t.hub, 'drop table kept');
    }
    await booksAgree(t.database.url);
  });
});
