import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { CampaignRecord } from '../../src/domain/campaign/campaign.types.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { PlatformOrder } from '../../src/domain/order/order.types.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { closeAgreed } from '../helpers/agree.ts';
import { chanceOf } from '../helpers/basics.ts';
import { aCampaign, amount, aStore, codesOf, line, openTestHub, rowsOf, type TestHub, tender } from '../helpers/domain.ts';
import { aPlatformOrder, CONNECTION, discountOf, eventsOf, intake, redemptionsOf } from './support.ts';

jest.setTimeout(60_000);

let t: TestHub;
let hub: Hub;
let store: StoreTerms;
let campaign: CampaignRecord;
let codes: string[];

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  store = await aStore(hub);
  campaign = await aCampaign(hub, { incentive: amount(400), budget: { minor: 1_000_000, currency: 'EUR' } });
  codes = await codesOf(hub, campaign.id, 60);
});
afterAll(() => closeAgreed(t));

const fresh = (): string => codes.pop() ?? '';
const shown = async (code: string) => (await hub.vouchers.byCode(code))?.shown;

describe('older news', () => {
  test('changes nothing', async () => {
    const code = fresh();
    const order = aPlatformOrder([discountOf(code, 400)], { revision: 5 });
    await intake(hub, store.id, order);
    await intake(hub, store.id, { ...order, revision: 4, discounts: [], lines: [line('paella', 2_000)] });
    await intake(hub, store.id, { ...order, revision: 3, state: 'VOIDED' });
    expect(await redemptionsOf(hub, code)).toMatchObject([{ amount: 400, undone: false }]);
    expect(await rowsOf(hub, 'select state, revision from orders where external_id = $1', [order.externalId])).toEqual([
      { state: 'PAID', revision: 5 },
    ]);
  });

  test('after a void does not bring the order back', async () => {
    const code = fresh();
    const order = aPlatformOrder([discountOf(code, 400)]);
    await intake(hub, store.id, { ...order, revision: 3, state: 'VOIDED' });
    await intake(hub, store.id, { ...order, revision: 2 });
    expect(await eventsOf(hub, order.externalId)).toEqual([]);
    expect(await shown(code)).toBe('CREATED');
  });

  test('of an order that went before anybody told of it does not make it one that stands', async () => {
    const code = fresh();
    const order = aPlatformOrder([discountOf(code, 400)], { revision: 1_000 });
    const { externalId } = order;
    await hub.intake.gone({ connectionId: CONNECTION, externalId, revision: null, fetchedAt: 2_000 });
    // Told again, late: what was known of it stays.
    await hub.intake.gone({ connectionId: CONNECTION, externalId, revision: 500, fetchedAt: 3_000 });
    for (const revision of [1_000, 1_500, 2_000]) await intake(hub, store.id, { ...order, revision });
    const state = () => rowsOf(hub, 'select state, source from orders where external_id = $1 order by source', [externalId]);
    expect(await state()).toEqual([{ state: 'VOIDED', source: CONNECTION }]);
    expect(await eventsOf(hub, externalId)).toEqual([]);
    expect(await shown(code)).toBe('CREATED');
    // What is said of it later, or of another platform's order of the same number, is of one that is there.
    await intake(hub, store.id, { ...order, discounts: [], revision: 1_000 }, 'con_other');
    await intake(hub, store.id, { ...order, revision: 2_001 });
    expect(await state()).toEqual([
      { state: 'PAID', source: 'con_other' },
      { state: 'PAID', source: CONNECTION },
    ]);
    expect(await shown(code)).toBe('REDEEMED');
  });

  test('that an order is gone takes back what it redeemed, once', async () => {
    const code = fresh();
    const order = aPlatformOrder([discountOf(code, 400)]);
    await intake(hub, store.id, order);
    for (let time = 0; time < 2; time += 1)
      await hub.intake.gone({ connectionId: CONNECTION, externalId: order.externalId, revision: null, fetchedAt: 2_000 });
    expect(await eventsOf(hub, order.externalId)).toEqual(['ORDER_RECORDED 1600', 'VOUCHER_REDEEMED 400', 'REDEMPTION_REVERSED 400']);
    expect(await shown(code)).toBe('ISSUED');
  });

  test('that an order went with an earlier revision than is known is old news', async () => {
    const code = fresh();
    const order = aPlatformOrder([discountOf(code, 400)], { revision: 5 });
    const gone = (revision: number) =>
      hub.intake.gone({ connectionId: CONNECTION, externalId: order.externalId, revision, fetchedAt: 9_000 });
    await intake(hub, store.id, order);
    await gone(4);
    expect(await shown(code)).toBe('REDEEMED');
    await gone(6);
    expect(await shown(code)).toBe('ISSUED');
    await intake(hub, store.id, { ...order, revision: 7 });
    expect(await shown(code)).toBe('REDEEMED');
  });

  test.each([7, 19, 2_026])('in whatever order and however often: an order’s life ends in the same state (seed %i)', async (seed) => {
    const chance = chanceOf(seed);
    const code = fresh();
    const order = aPlatformOrder([discountOf(code, 400)]);
    const less = aPlatformOrder([discountOf(code, 300)], { externalId: order.externalId });
    const life = [
      { ...order, revision: 1, state: 'OPEN' as const },
      { ...order, revision: 2 },
      { ...less, revision: 3 },
      {
        ...less,
        revision: 4,
        refunds: [
          {
            externalId: `r-${order.externalId}`,
            amount: 850,
            at: order.placedAt,
            reason: null,
            lines: [{ lineId: 'vino', quantity: '1' }],
          },
        ],
      },
    ];
    const last = life[3] as (typeof life)[3];
    for (let n = 0; n < 10; n += 1) await intake(hub, store.id, chance.pick(life));
    await intake(hub, store.id, last);
    await intake(hub, store.id, chance.pick(life));
    const stands = await redemptionsOf(hub, code);
    expect(stands.reduce((sum, one) => sum + one.amount - one.reversed, 0)).toBe(150);
    expect(stands.filter((one) => !one.undone)).toHaveLength(1);
    // What the order shows follows what its voucher still gives.
    expect(
      await rowsOf(
        hub,
        "select priced ->> 'lineDiscounts' as line, priced ->> 'voucherDiscounts' as voucher from orders where external_id = $1",
        [order.externalId],
      ),
    ).toEqual([{ line: '0', voucher: '150' }]);
    expect((await eventsOf(hub, order.externalId)).filter((line) => /ORDER|REFUND/.test(line))).toEqual([
      `ORDER_RECORDED ${stands[0]?.amount === 300 ? 1_700 : 1_600}`,
      'REFUND_RECORDED 850',
    ]);
  });
});

describe('what the platform takes back', () => {
  test('whole, with the order: void gives the voucher back, once', async () => {
    const code = fresh();
    const order = aPlatformOrder([discountOf(code, 400)]);
    await intake(hub, store.id, order);
    for (const revision of [2, 2, 3]) await intake(hub, store.id, { ...order, state: 'VOIDED', revision });
    expect(await eventsOf(hub, order.externalId)).toEqual(['ORDER_RECORDED 1600', 'VOUCHER_REDEEMED 400', 'REDEMPTION_REVERSED 400']);
    expect(await shown(code)).toBe('ISSUED');
    // Paid again after all, it is another redemption; the order was recorded once.
    await intake(hub, store.id, { ...order, revision: 4 });
    expect(await eventsOf(hub, order.externalId)).toEqual([
      'ORDER_RECORDED 1600',
      'VOUCHER_REDEEMED 400',
      'REDEMPTION_REVERSED 400',
      'VOUCHER_REDEEMED 400',
    ]);
  });

  test('by an edit that removes the discount; one that brings it again redeems again', async () => {
    const code = fresh();
    const order = aPlatformOrder([discountOf(code, 400)]);
    await intake(hub, store.id, order);
    const without = { ...order, revision: 2, discounts: [], lines: [line('paella', 1_000), line('vino', 1_000)] };
    await intake(hub, store.id, without);
    await intake(hub, store.id, without);
    expect(await shown(code)).toBe('ISSUED');
    const [stored] = await rowsOf<{ priced: unknown }>(hub, 'select priced from orders where external_id = $1', [order.externalId]);
    expect(stored?.priced).toMatchObject({ voucherDiscounts: 0, due: 2_000 });
    await intake(hub, store.id, { ...order, revision: 3 });
    expect((await eventsOf(hub, order.externalId)).slice(1)).toEqual([
      'VOUCHER_REDEEMED 400',
      'REDEMPTION_REVERSED 400',
      'VOUCHER_REDEEMED 400',
    ]);
  });

  test('by an edit of the amount: less gives the difference back, more is redeemed anew', async () => {
    const code = fresh();
    const order = aPlatformOrder([discountOf(code, 400)]);
    await intake(hub, store.id, order);
    for (const [revision, given] of [
      [2, 300],
      [3, 250],
      [3, 250],
      [4, 380],
    ] as const)
      await intake(hub, store.id, { ...order, revision, discounts: [discountOf(code, given)] });
    expect((await eventsOf(hub, order.externalId)).slice(1)).toEqual([
      'VOUCHER_REDEEMED 400',
      'REDEMPTION_REVERSED 100',
      'REDEMPTION_REVERSED 50',
      'REDEMPTION_REVERSED 250',
      'VOUCHER_REDEEMED 380',
    ]);
    // Back to what it was before: not what the first redemption was, but what stands, decides.
    await intake(hub, store.id, { ...order, revision: 5, discounts: [discountOf(code, 400)] });
    expect((await redemptionsOf(hub, code)).filter((one) => !one.undone)).toMatchObject([{ amount: 400, reversed: 0 }]);
  });

  test('by line: a refund gives back the share of the unit, once, and is told', async () => {
    const code = fresh();
    const order = aPlatformOrder([discountOf(code, 400)]);
    await intake(hub, store.id, order);
    const refund = {
      externalId: `refund-${code}`,
      amount: 800,
      at: '2026-05-04T18:00:00.000Z',
      reason: null,
      lines: [{ lineId: 'vino', quantity: '1' }],
    };
    for (const revision of [2, 2, 3]) await intake(hub, store.id, { ...order, revision, refunds: [refund] });
    expect((await eventsOf(hub, order.externalId)).slice(1)).toEqual([
      'VOUCHER_REDEEMED 400',
      'REFUND_RECORDED 800',
      'REDEMPTION_REVERSED 200',
    ]);
    expect(await shown(code)).toBe('REDEEMED');
    const second = { ...refund, externalId: `refund-2-${code}`, lines: [{ lineId: 'paella', quantity: '1' }] };
    await intake(hub, store.id, { ...order, revision: 4, refunds: [refund, second] });
    expect(await shown(code)).toBe('ISSUED');
  });

  test('by a line that came later, or by more than there was: as far as the voucher lies on it', async () => {
    const code = fresh();
    const order = aPlatformOrder([discountOf(code, 400)]);
    await intake(hub, store.id, order);
    const lines = [...order.lines, line('pan', 300)];
    const refund = {
      externalId: `refund-${code}`,
      amount: 1_100,
      at: '2026-05-04T18:00:00.000Z',
      reason: null,
      lines: [
        { lineId: 'pan', quantity: '1' },
        { lineId: 'vino', quantity: '2' },
        { lineId: 'paella', quantity: '0.5' },
      ],
    };
    await intake(hub, store.id, { ...order, revision: 2, lines, refunds: [refund] });
    expect((await eventsOf(hub, order.externalId)).slice(2)).toEqual(['REFUND_RECORDED 1100', 'REDEMPTION_REVERSED 200']);
  });

  test('in money: a part leaves the voucher, all of it gives it back', async () => {
    const code = fresh();
    const order = aPlatformOrder([discountOf(code, 400)]);
    await intake(hub, store.id, order);
    const refund = (n: number, minor: number) => ({
      externalId: `money-${n}-${code}`,
      amount: minor,
      at: '2026-05-04T18:00:00.000Z',
      reason: null,
      lines: [],
    });
    await intake(hub, store.id, { ...order, revision: 2, refunds: [refund(1, 600)] });
    expect(await shown(code)).toBe('REDEEMED');
    await intake(hub, store.id, { ...order, revision: 3, refunds: [refund(1, 600), refund(2, 1_000)] });
    expect(await shown(code)).toBe('ISSUED');
    expect((await eventsOf(hub, order.externalId)).slice(2)).toEqual([
      'REFUND_RECORDED 600',
      'REFUND_RECORDED 1000',
      'REDEMPTION_REVERSED 400',
    ]);
  });

  test('of a part payment, when all that was paid came back', async () => {
    const vales = await aCampaign(hub, { incentive: tender(1_500) });
    const [code = ''] = await codesOf(hub, vales.id);
    const payments = [
      { method: 'CARD', amount: 500, externalId: null, paidAt: null },
      { method: 'VALE', amount: 1_500, externalId: null, paidAt: null },
    ];
    const order = aPlatformOrder([], { payments, tenders: [{ amount: 1_500, code, texts: [] }] });
    await intake(hub, store.id, order);
    const lines = order.lines.map(({ id, quantity }) => ({ lineId: id, quantity }));
    await intake(hub, store.id, {
      ...order,
      revision: 2,
      refunds: [{ externalId: `all-${code}`, amount: 2_000, at: '2026-05-04T18:00:00.000Z', reason: null, lines }],
    });
    expect(await redemptionsOf(hub, code)).toMatchObject([{ amount: 1_500, reversed: 1_500, undone: true }]);
  });
});

describe('a process that dies between two steps', () => {
  let dying: Hub;
  /** How often it may still turn to the database. */
  let left = Number.POSITIVE_INFINITY;

  beforeAll(async () => {
    dying = await t.twin();
    const { pool } = dying.database;
    const connect = pool.connect.bind(pool) as (...of: unknown[]) => unknown;
    pool.connect = ((done?: (error: Error) => void) => {
      if (left-- > 0) return done ? connect(done) : connect();
      const dead = new Error('The process is dead.');
      return done ? done(dead) : Promise.reject(dead);
    }) as typeof pool.connect;
  });

  /** Takes the order in as far as the `n`-th time that it turns to the database, and no further. */
  async function diesAt(n: number, order: PlatformOrder): Promise<boolean> {
    left = n;
    try {
      await intake(dying, store.id, order);
      return false;
    } catch (error) {
      expect(error).toMatchObject({ message: 'The process is dead.' });
      return true;
    } finally {
      left = Number.POSITIVE_INFINITY;
    }
  }

  test('leaves nothing that the next one does not bring to its end, once', async () => {
    const [one, two] = [fresh(), fresh()];
    const order = aPlatformOrder([discountOf(one, 400), discountOf(two, 400)]);
    const edited = {
      ...order,
      revision: 2,
      discounts: [discountOf(one, 300)],
      refunds: [{ externalId: `r-${one}`, amount: 300, at: order.placedAt, reason: null, lines: [{ lineId: 'vino', quantity: '1' }] }],
    };
    for (const state of [order, edited]) {
      let steps = 0;
      while (await diesAt(steps, state)) steps += 1;
      expect(steps).toBeGreaterThan(8);
    }
    const events = await eventsOf(hub, order.externalId);
    expect(events).toEqual([
      'ORDER_RECORDED 1200',
      'VOUCHER_REDEEMED 400',
      'VOUCHER_REDEEMED 400',
      'REDEMPTION_REVERSED 100',
      'REDEMPTION_REVERSED 400',
      'REFUND_RECORDED 300',
      'REDEMPTION_REVERSED 150',
    ]);
    expect(await redemptionsOf(hub, one)).toMatchObject([{ amount: 400, reversed: 250, undone: false }]);
    expect(await redemptionsOf(hub, two)).toMatchObject([{ undone: true }]);
  });
});
