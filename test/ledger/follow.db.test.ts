import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Actor } from '../../src/domain/access/roles.ts';
import type { Hub } from '../../src/domain/hub.ts';
import { LedgerService } from '../../src/domain/ledger/ledger.service.ts';
import type { LedgerEventRecord, LedgerFilter } from '../../src/domain/ledger/ledger.types.ts';
import { LedgerBook } from '../../src/domain/ledger/ledger-book.ts';
import { encodeCursor } from '../../src/domain/ledger/ledger-cursor.ts';
import { LedgerFeed } from '../../src/domain/ledger/ledger-feed.ts';
import { actor, eventually, silent } from '../helpers/basics.ts';
import { ADMIN, openTestHub, rowsOf, type TestHub } from '../helpers/domain.ts';
import { numbers, positions, take, upTo, writeMany } from './support.ts';

jest.setTimeout(60_000);

let t: TestHub;
let hub: Hub;
let leaving: AbortController;

beforeEach(async () => {
  t = await openTestHub();
  hub = t.hub;
  leaving = new AbortController();
});
afterEach(async () => {
  leaving.abort();
  await t.close();
});

const START = encodeCursor(0);
const follow = (on: Hub, after: string | null, { filter = null, as = ADMIN }: { filter?: LedgerFilter | null; as?: Actor } = {}) =>
  on.ledger.follow(after, filter, as, leaving.signal);
const sealed = (count: number) =>
  eventually(async () => expect((await rowsOf<{ position: number }>(hub, 'select position from ledger_head'))[0]?.position).toBe(count));

describe('who follows the ledger', () => {
  test('has what was before and then what comes, with no hole and no double, while others write', async () => {
    const other = await t.twin();
    await writeMany(hub.database.pool, 1, 40);
    await sealed(40);
    const following = [follow(hub, START), follow(other, START), follow(other, encodeCursor(25))].map(async (events, at) =>
      take(await events, at === 2 ? 315 : 340),
    );
    for (let n = 41; n <= 340; n += 5) await writeMany((n % 2 === 0 ? hub : other).database.pool, n, 5);
    const [one = [], two = [], three = []] = await Promise.all(following);
    expect(positions(one)).toEqual(upTo(1, 340));
    expect(two).toEqual(one);
    expect(three).toEqual(one.slice(25));
    expect(numbers(one)).toEqual(upTo(1, 340));
    expect(one.every((event, at) => event.previousHash === (one[at - 1]?.hash ?? '0'.repeat(64)))).toBe(true);
  });

  test('without a cursor has what comes from now on', async () => {
    await writeMany(hub.database.pool, 1, 3);
    await eventually(() => expect(hub.ledger.page(START, 10, null, ADMIN)).resolves.toMatchObject({ events: { length: 3 } }));
    // The process has heard of them as well.
    await take(await follow(hub, START), 3);
    const events = await follow(hub, null);
    const next = take(events, 2);
    await writeMany(hub.database.pool, 4, 2);
    expect(positions(await next)).toEqual([4, 5]);
  });

  test('goes on after a restart from the cursor of the last event that they had', async () => {
    await writeMany(hub.database.pool, 1, 20);
    const had = await take(await follow(hub, START), 12);
    await hub.close();
    const again = await openTestHub({ database: t.database, clock: t.clock });
    const rest = take(await follow(again.hub, had.at(-1)?.cursor ?? ''), 18);
    await writeMany(again.hub.database.pool, 21, 10);
    expect(positions([...had, ...(await rest)])).toEqual(upTo(1, 30));
    leaving.abort();
    await again.close();
    // What is closed already is not closed again.
    t = { ...t, close: () => t.database.drop() };
  });

  test('in a process that no notification reaches, hears all the same', async () => {
    const deaf = await t.twin();
    await deaf.listener.close();
    const next = take(await follow(deaf, START), 5);
    await writeMany(hub.database.pool, 1, 5);
    expect(positions(await next)).toEqual([1, 2, 3, 4, 5]);
  });

  test('takes one at a time, and misses nothing while others run ahead', async () => {
    const slow = await follow(hub, START);
    const first = slow.next();
    await writeMany(hub.database.pool, 1, 1);
    expect((await first).value).toMatchObject({ position: 1 });
    const fast = take(await follow(hub, START), 2_501);
    for (let n = 2; n < 2_502; n += 500) await writeMany(hub.database.pool, n, 500);
    expect(positions(await fast)).toEqual(upTo(1, 2_501));
    expect(positions(await take(slow, 2_500))).toEqual(upTo(2, 2_501));
  });

  test('sees what they asked for and what they may see', async () => {
    const stores = ['sto_sevilla', 'sto_granada'] as const;
    const filters: [LedgerFilter | null, Actor, number[]][] = [
      [null, ADMIN, [1, 2, 3, 4]],
      [{ types: ['CUSTOM'] }, ADMIN, [1, 2, 3]],
      [{ types: ['CUSTOM', 'CUSTOMER_CREATED'], storeIds: [stores[0]] }, ADMIN, [1]],
      [{ storeIds: [...stores] }, ADMIN, [1, 2]],
      [{ campaignIds: ['cmp_1'] }, ADMIN, [2]],
      [{ customerId: 'cus_1' }, ADMIN, [4]],
      [null, actor('TILL', [stores[1]]), [2]],
      [{ storeIds: [stores[0]] }, actor('TILL', [stores[1]]), []],
      [{ types: [] }, ADMIN, []],
    ];
    const live = await Promise.all(filters.map(([filter, as]) => follow(hub, START, { filter, as })));
    const seen = live.map(() => [] as number[]);
    const reading = live.map(async (events, at) => {
      for await (const event of events) seen[at]?.push(event.position);
    });
    const pool = hub.database.pool;
    await writeMany(pool, 1, 1, { storeId: stores[0] });
    await writeMany(pool, 2, 1, { storeId: stores[1], campaignId: 'cmp_1' });
    await writeMany(pool, 3, 1);
    await writeMany(pool, 4, 1, { type: 'CUSTOMER_CREATED', customerId: 'cus_1', data: { knownBy: [], actorId: null } });
    const wanted = filters.map(([, , positions]) => positions);
    await eventually(() => expect(seen).toEqual(wanted));
    // The query sees with the same eyes as the subscription, live or replayed.
    const pages = await Promise.all(filters.map(async ([filter, as]) => positions((await hub.ledger.page(START, 10, filter, as)).events)));
    expect(pages).toEqual(wanted);
    const replayed = await Promise.all(
      filters
        .slice(0, 7)
        .map(async ([filter, as, list]) => positions(await take(await follow(await t.twin(), START, { filter, as }), list.length))),
    );
    expect(replayed).toEqual(wanted.slice(0, 7));
    leaving.abort();
    await Promise.all(reading);
  });

  test('is let go when they leave, and when the hub closes', async () => {
    const own = new AbortController();
    const leaves = take(await hub.ledger.follow(START, null, ADMIN, own.signal), 1);
    const stays = take(await follow(hub, START), 1);
    own.abort();
    expect(await leaves).toEqual([]);
    await t.close();
    expect(await stays).toEqual([]);
    t = await openTestHub();
  });

  test('with a cursor of no book is told so at once', async () => {
    for (const cursor of ['', 'nonsense', encodeCursor(1), encodeCursor(-1), Buffer.from('ledger:007').toString('base64url')]) {
      await expect(follow(hub, cursor)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', faults: [{ path: 'after' }] });
    }
  });
});

describe('a process that keeps little of the book at hand', () => {
  test('reads it for those who fell behind, and loses nothing for anybody', async () => {
    const book = new LedgerBook(hub.database.pool);
    const feed = await LedgerFeed.open(book, silent, 20);
    const service = new LedgerService(book, feed);
    const slow = await service.follow(START, null, ADMIN, leaving.signal);
    const fast = take(await service.follow(START, null, ADMIN, leaving.signal), 1_300);
    await writeMany(hub.database.pool, 1, 10);
    const had: LedgerEventRecord[] = [];
    for (let n = 0; n < 3; n += 1) had.push((await slow.next()).value as LedgerEventRecord);
    for (let n = 11; n <= 1_300; n += 30) await writeMany(hub.database.pool, n, 30);
    expect(positions(await fast)).toEqual(upTo(1, 1_300));
    expect(feed.since(3)).toBeUndefined();
    expect(feed.since(feed.head - 20)).toHaveLength(20);
    const rest = take(slow, 1_302);
    await writeMany(hub.database.pool, 1_301, 5);
    expect(positions([...had, ...(await rest)])).toEqual(upTo(1, 1_305));
    feed.close();
  });
});
