import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Hub } from '../../src/domain/hub.ts';
import { encodeCursor } from '../../src/domain/ledger/ledger-cursor.ts';
import { closeAgreed } from '../helpers/agree.ts';
import { actor, eventually } from '../helpers/basics.ts';
import { ADMIN, aStore, openTestHub, rowsOf, type TestHub } from '../helpers/domain.ts';
import { positions, upTo, writeMany } from './support.ts';

jest.setTimeout(60_000);

let t: TestHub;
let hub: Hub;

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
});
afterAll(() => closeAgreed(t));

describe('a page of the ledger', () => {
  test('of an empty book ends where it begins', async () => {
    for (const first of [0, 100])
      expect(await hub.ledger.page(null, first, null, ADMIN)).toEqual({ events: [], endCursor: encodeCursor(0), hasMore: false });
  });

  test('begins at the start, ascends, and leads to the next', async () => {
    await writeMany(hub.database.pool, 1, 25, { storeId: 'sto_1' });
    await eventually(async () => expect((await hub.ledger.page(null, 100, null, ADMIN)).events).toHaveLength(25));
    const seen: number[] = [];
    let cursor: string | null = null;
    for (let more = true; more; ) {
      const page: Awaited<ReturnType<typeof hub.ledger.page>> = await hub.ledger.page(cursor, 10, null, ADMIN);
      seen.push(...positions(page.events));
      cursor = page.endCursor;
      more = page.hasMore;
    }
    expect(seen).toEqual(upTo(1, 25));
    expect(cursor).toBe(encodeCursor(25));
    const exact = await hub.ledger.page(encodeCursor(15), 10, null, ADMIN);
    expect([exact.events.length, exact.hasMore]).toEqual([10, false]);
    expect(exact.events[0]?.cursor).toBe(encodeCursor(16));
  });

  test('says how far the book was read, whether or not anything matched', async () => {
    expect(await hub.ledger.page(null, 10, { types: ['VOUCHER_REDEEMED'] }, ADMIN)).toEqual({
      events: [],
      endCursor: encodeCursor(25),
      hasMore: false,
    });
    expect(await hub.ledger.page(encodeCursor(7), 10, { storeIds: [] }, ADMIN)).toEqual({
      events: [],
      endCursor: encodeCursor(25),
      hasMore: false,
    });
    expect(await hub.ledger.page(null, 10, null, actor('TILL', ['sto_2']))).toEqual({
      events: [],
      endCursor: encodeCursor(25),
      hasMore: false,
    });
  });

  test('of none reads nothing: it gives the place where reading begins', async () => {
    expect(await hub.ledger.page(null, 0, null, ADMIN)).toEqual({ events: [], endCursor: encodeCursor(0), hasMore: true });
    expect(await hub.ledger.page(null, 0, { types: ['VOUCHER_REDEEMED'] }, ADMIN)).toMatchObject({ endCursor: encodeCursor(0) });
    expect(await hub.ledger.page(encodeCursor(9), 0, null, ADMIN)).toMatchObject({ endCursor: encodeCursor(9) });
  });

  test('has up to 1,000 events and begins at a place of this book', async () => {
    for (const first of [-1, 1_001])
      await expect(hub.ledger.page(null, first, null, ADMIN)).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        faults: [{ path: 'first' }],
      });
    for (const cursor of ['', 'x', encodeCursor(26)])
      await expect(hub.ledger.page(cursor, 10, null, ADMIN)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', faults: [{ path: 'after' }] });
  });
});

describe('recordEvent', () => {
  const event = (over: object = {}) => ({
    idempotencyKey: 'event-1',
    name: 'email.opened',
    storeId: null,
    customer: null,
    data: { campaign: 'Primavera', at: [1, 2.5, null] },
    ...over,
  });

  test('answers with the event in the book, the same under the same key', async () => {
    const store = await aStore(hub);
    const command = event({ storeId: store.id, customer: { email: 'Ana@Example.com' } });
    const first = await hub.events.record(ADMIN, command);
    expect(first).toMatchObject({
      type: 'CUSTOM',
      name: 'email.opened',
      storeId: store.id,
      businessDay: '2026-05-04',
      amount: null,
      data: command.data,
      customerId: (await hub.customers.find({ email: 'ana@example.com' }))?.id,
    });
    expect(await rowsOf(hub, 'select hash from ledger_event where position = $1', [first.position])).toEqual([{ hash: first.hash }]);
    expect(await hub.events.record(ADMIN, command)).toEqual(first);
    await expect(hub.events.record(ADMIN, { ...command, name: 'email.bounced' })).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('is done once by many at once, in two processes, and by many more than there are connections', async () => {
    const other = await t.twin();
    const twins = await Promise.all(
      Array.from({ length: 10 }, (_, at) => (at % 2 === 0 ? hub : other).events.record(ADMIN, event({ idempotencyKey: 'at-once' }))),
    );
    expect(new Set(twins.map(({ position }) => position)).size).toBe(1);
    const many = await Promise.all(
      Array.from({ length: 60 }, (_, at) => hub.events.record(ADMIN, event({ idempotencyKey: `many-${at}` }))),
    );
    expect(new Set(many.map(({ position }) => position)).size).toBe(60);
  });

  test('takes a name and data that can be kept', async () => {
    let deep: unknown = 'end';
    for (let level = 0; level < 20_000; level += 1) deep = [deep];
    const refused: [object, string][] = [
      [{ name: 'no spaces' }, 'input.name'],
      [{ name: `a${'.b'.repeat(60)}` }, 'input.name'],
      [{ idempotencyKey: '' }, 'input.idempotencyKey'],
      [{ data: { half: '\ud83c' } }, 'input.data'],
      [{ data: { ['zero\u0000']: 1 } }, 'input.data'],
      [{ data: { deep } }, 'input.data'],
    ];
    for (const [over, path] of refused)
      await expect(hub.events.record(ADMIN, event({ idempotencyKey: 'refused', ...over }))).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        faults: [{ path }],
      });
    await expect(hub.events.record(ADMIN, event({ idempotencyKey: 'refused', storeId: 'sto_none' }))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(hub.events.record(ADMIN, event({ idempotencyKey: 'refused', customer: { id: 'cus_none' } }))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const odd = { emoji: '🥘', 'member "quoted"': '\u2028', numbers: [0.1, -0, 1e21, 5e-324], nested: { b: 1, a: {} } };
    expect((await hub.events.record(ADMIN, event({ idempotencyKey: 'odd', data: odd }))).data).toEqual({
      ...odd,
      numbers: [0.1, 0, 1e21, 5e-324],
    });
  });
});
