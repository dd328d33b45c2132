import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { closeAgreed } from '../../helpers/agree.ts';
import { type Any, amounts, type Desk, type Input, limit, off, openDesk, reasons } from './desk.ts';

jest.setTimeout(60_000);

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => closeAgreed({ database: desk.hub.database, hub: desk.hub.hub, close: () => desk.hub.stop() }));

const inSeconds = (seconds: number): string => new Date(desk.clock.now() + seconds * 1_000).toISOString();

describe('a hold', () => {
  test('lasts ten minutes unless said, or one second to an hour', async () => {
    const code = await desk.word();
    expect((await desk.hold([code], desk.order())).hold.expiresAt).toBe(inSeconds(600));
    expect((await desk.hold([code], desk.order(), { ttlSeconds: 1 })).hold.expiresAt).toBe(inSeconds(1));
    expect((await desk.hold([code], desk.order(), { ttlSeconds: 3_600 })).hold.expiresAt).toBe(inSeconds(3_600));
    for (const ttlSeconds of [0, 3_601])
      expect(await desk.faultsOf.hold([code], desk.order(), { ttlSeconds })).toEqual(['BAD_USER_INPUT input.ttlSeconds']);
  });

  test('is put off to now + ttl, at most four hours after it began', async () => {
    const { hold } = await desk.hold([await desk.code()], desk.order());
    desk.clock.tick(300_000);
    expect((await desk.extend(hold.id, 900)).hold).toMatchObject({ id: hold.id, status: 'ACTIVE', expiresAt: inSeconds(900) });
    for (let time = 0; time < 4; time += 1) {
      await desk.extend(hold.id, 3_600);
      desk.clock.tick(3_300_000);
    }
    const end = new Date(Date.parse(hold.createdAt) + 4 * 3_600_000).toISOString();
    expect((await desk.extend(hold.id, 3_600)).hold.expiresAt).toBe(end);
    expect(await desk.faultsOf.extend(hold.id, 3_601)).toEqual([expect.stringContaining('BAD_USER_INPUT')]);
  });

  test.each<[string, (id: string, order: Input) => Promise<unknown>, string]>([
    ['was released', (id) => desk.release(id), 'RELEASED'],
    ['was redeemed', (id, order) => desk.redeem(null, order, { holdId: id }), 'REDEEMED'],
    ['expired', async () => desk.clock.tick(600_000), 'EXPIRED'],
  ])('that %s is not put off and not released again', async (_, end, status) => {
    const order = desk.order();
    const { hold } = await desk.hold([await desk.code()], order);
    await end(hold.id, order);
    expect(reasons(await desk.extend(hold.id, 60))).toEqual(['HOLD_EXPIRED']);
    expect(await desk.release(hold.id)).toMatchObject({ id: hold.id, status });
    expect(reasons(await desk.redeem(null, order, { holdId: hold.id }))).toEqual(['HOLD_EXPIRED']);
  });

  test('that is over says since when, where its time ran out; not where it was let go', async () => {
    const english = { headers: { 'accept-language': 'en' } };
    const word = (answer: Any): string => answer.rejections[0].message;
    const both = async (id: string, order: Input) => [
      word(await desk.redeem(null, order, { holdId: id }, english)),
      word(await desk.extend(id, 60, english)),
    ];
    desk.clock.set('2026-05-10T10:00:00.000Z');
    const order = desk.order();
    const { hold } = await desk.hold([await desk.code()], order, { ttlSeconds: 60 });
    desk.clock.tick(60_000);
    for (const said of await both(hold.id, order)) expect(said).toMatch(/^The hold is over since 10 May 2026, 12:01\./);
    const other = await desk.hold([await desk.code()], order);
    await desk.release(other.hold.id);
    for (const said of await both(other.hold.id, order)) expect(said).toMatch(/^The hold is over\./);
  });

  test('a new one for the same order replaces the earlier; any other order meets HELD_ELSEWHERE', async () => {
    const [code, next] = [await desk.code({ incentive: off(100) }), await desk.code({ incentive: off(300) })];
    const order = desk.order();
    const first = await desk.hold([code], order);
    expect(reasons(await desk.hold([code], desk.order()))).toEqual(['HELD_ELSEWHERE']);
    const second = await desk.hold([code, next], order);
    expect(second.hold.order.voucherDiscounts.minor).toBe(400);
    expect(await desk.release(first.hold.id)).toMatchObject({ status: 'RELEASED' });
    expect(reasons(await desk.redeem([next], desk.order()))).toEqual(['HELD_ELSEWHERE']);
    expect(amounts(await desk.redeem(null, order, { holdId: second.hold.id }))).toEqual([100, 300]);
  });

  test('sets aside limits and budget, and frees them at once when it is released', async () => {
    const id = await desk.campaign({ incentive: off(300), limits: [limit('CAMPAIGN', 1)], budget: { minor: 500, currency: 'EUR' } });
    const [code = '', other = ''] = await desk.codesOf(id, 2);
    const { hold } = await desk.hold([code], desk.order());
    expect((await desk.counts(id)).budget).toEqual({ used: { minor: 0 }, held: { minor: 300 }, left: { minor: 200 } });
    const refused = await desk.redeem([other], desk.order());
    expect(reasons(refused)).toEqual(['LIMIT_CAMPAIGN']);
    expect(refused.rejections[0].failures[0].limit).toMatchObject({ max: 1, used: 0, held: 1, heldUntil: hold.expiresAt });
    await desk.release(hold.id);
    expect((await desk.counts(id)).budget).toEqual({ used: { minor: 0 }, held: { minor: 0 }, left: { minor: 500 } });
    expect(amounts(await desk.redeem([other], desk.order()))).toEqual([300]);
  });

  const line = { id: 'menu', sku: 'menu', quantity: '2', unitPrice: 1_000 };
  test.each<[string, Input]>([
    ['a price', { lines: [{ ...line, unitPrice: 1_001 }] }],
    ['a quantity', { lines: [{ ...line, quantity: '3' }] }],
    ['a discount', { lines: [{ ...line, discount: 1 }] }],
    ['a line', { lines: [line, { ...line, id: 'wine' }] }],
    ['the customer', { customer: { phone: '+34600999000' } }],
  ])('is for the basket it was made for: HOLD_MISMATCH when %s is another', async (_, change) => {
    const order = desk.order();
    const { hold } = await desk.hold([await desk.code()], order);
    expect(reasons(await desk.redeem(null, { ...order, ...change }, { holdId: hold.id }))).toEqual(['HOLD_MISMATCH']);
    // What the hold does not compare, and the same quantity in other words.
    const same = { ...order, lines: [{ ...line, name: 'Menú', quantity: '2.0' }], payments: [{ method: 'card', amount: 1_800 }] };
    expect(await desk.redeem(null, same, { holdId: hold.id })).toMatchObject({ __typename: 'Redeemed' });
  });

  test('is redeemed by its id or by codes, exactly one of them', async () => {
    const code = await desk.word();
    const order = desk.order();
    const { hold } = await desk.hold([code], order);
    expect(await desk.faultsOf.redeem([code], order, { holdId: hold.id })).toEqual([expect.stringContaining('BAD_USER_INPUT input')]);
    expect(await desk.faultsOf.redeem(null, order)).toEqual([expect.stringContaining('BAD_USER_INPUT input')]);
    expect(amounts(await desk.redeem(null, order, { holdId: hold.id }))).toEqual([200]);
  });

  test('a TILL limit without a till counts under the key', async () => {
    const word = await desk.word({ limits: [limit('TILL', 1)] });
    const [one, two] = [
      await desk.hub.keyFor('TILL', { storeIds: [desk.storeId] }),
      await desk.hub.keyFor('TILL', { storeIds: [desk.storeId] }),
    ];
    const use = (key: string, more: Input = {}) => desk.redeem([word], desk.order(), more, { key });
    expect(amounts(await use(one))).toEqual([200]);
    expect(reasons(await use(one))).toEqual(['LIMIT_TILL']);
    expect(amounts(await use(two))).toEqual([200]);
    expect(amounts(await use(one, { tillId: 'bar' }))).toEqual([200]);
    expect(reasons(await use(two, { tillId: 'bar' }))).toEqual(['LIMIT_TILL']);
  });
});
