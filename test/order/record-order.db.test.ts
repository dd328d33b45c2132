import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Hub } from '../../src/domain/hub.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { closeAgreed } from '../helpers/agree.ts';
import { actor } from '../helpers/basics.ts';
import {
  ADMIN,
  aCampaign,
  anOrder,
  aStore,
  codesOf,
  line,
  openTestHub,
  redeem,
  reverse,
  rowsOf,
  type TestHub,
  theRedemption,
} from '../helpers/domain.ts';
import { eventsOf } from './support.ts';

jest.setTimeout(60_000);

let t: TestHub;
let hub: Hub;
let store: StoreTerms;
let codes: string[];

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  store = await aStore(hub);
  codes = await codesOf(hub, (await aCampaign(hub)).id, 10);
});
afterAll(() => closeAgreed(t));

const stored = (externalId: string) =>
  rowsOf<{ id: string; revision: number | null; lines: number; priced: { due: number; voucherDiscounts: number } }>(
    hub,
    "select id, revision, jsonb_array_length(basket -> 'lines') as lines, priced from orders where external_id = $1",
    [externalId],
  );

describe('an order that a caller records', () => {
  test('is the same order under the same number with the same body', async () => {
    const order = anOrder(store.id, {
      payments: [{ method: 'CARD', amount: 2_000, externalId: 'p1', paidAt: '2026-05-04T18:00:00.000Z' }],
    });
    const first = await hub.orders.record(ADMIN, order);
    expect(first).toMatchObject({
      source: 'api',
      externalId: order.externalId,
      businessDay: '2026-05-04',
      state: 'PAID',
      priced: { due: 2_000 },
    });
    expect(await hub.orders.record(ADMIN, order)).toEqual(first);
    expect(await eventsOf(hub, order.externalId)).toEqual(['ORDER_RECORDED 2000']);
    expect(await rowsOf(hub, 'select payments from orders where id = $1', [first.id])).toEqual([{ payments: order.payments }]);
  });

  test('with another body has other lines and keeps its redemptions', async () => {
    const order = anOrder(store.id);
    const redemption = theRedemption(await redeem(hub, { codes: [codes.pop() ?? ''], order }));
    const first = await hub.orders.record(ADMIN, order);
    expect(first.priced).toMatchObject({ voucherDiscounts: 200, due: 1_800 });
    const second = await hub.orders.record(ADMIN, { ...order, lines: [...order.lines, line('vino', 900)] });
    expect(second).toMatchObject({ id: first.id, priced: { subtotal: 2_900, voucherDiscounts: 200, due: 2_700 } });
    expect(await hub.orders.redemptionsOn([second.id, 'ord_none'])).toMatchObject([[{ id: redemption.id, reversed: 0 }], []]);
    expect(await eventsOf(hub, order.externalId)).toEqual(['VOUCHER_REDEEMED 200', 'ORDER_RECORDED 1800']);
    await reverse(hub, { redemptionId: redemption.id });
    expect((await hub.orders.record(ADMIN, { ...order, lines: [line('paella', 2_000), line('pan', 100)] })).priced).toMatchObject({
      voucherDiscounts: 0,
      due: 2_100,
    });
  });

  test('changes nothing where its revision is not above the stored one', async () => {
    const order = anOrder(store.id, { revision: 5 });
    await hub.orders.record(ADMIN, order);
    for (const revision of [5, 4])
      expect(await hub.orders.record(ADMIN, { ...order, revision, lines: [] })).toMatchObject({ revision: 5, priced: { due: 2_000 } });
    expect(await hub.orders.record(ADMIN, { ...order, revision: 6, lines: [line('vino', 900)] })).toMatchObject({
      revision: 6,
      priced: { due: 900 },
    });
    // Without one it is taken at its word, and the revision stays.
    expect(await hub.orders.record(ADMIN, { ...order, revision: null, lines: [line('vino', 800)] })).toMatchObject({
      revision: 6,
      priced: { due: 800 },
    });
    expect(await eventsOf(hub, order.externalId)).toEqual(['ORDER_RECORDED 2000']);
  });

  test('many times at once, in two processes, is one order and one event', async () => {
    const other = await t.twin();
    const order = anOrder(store.id);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, at) => (at % 2 === 0 ? hub : other).orders.record(ADMIN, order)));
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
    expect(await eventsOf(hub, order.externalId)).toEqual(['ORDER_RECORDED 2000']);
    expect(await stored(order.externalId)).toHaveLength(1);
  });

  test('in several revisions at once ends with the highest', async () => {
    const other = await t.twin();
    const order = anOrder(store.id);
    await Promise.all(
      [3, 1, 4, 2].map((revision) =>
        (revision % 2 === 0 ? hub : other).orders.record(ADMIN, { ...order, revision, lines: [line('vino', revision * 100)] }),
      ),
    );
    expect(await stored(order.externalId)).toMatchObject([{ revision: 4, priced: { due: 400 } }]);
  });

  test('makes the customer that it names, and keeps them where a later body names nobody', async () => {
    const order = anOrder(store.id, { customer: { email: 'ana@example.com' } });
    const first = await hub.orders.record(ADMIN, order);
    expect(first.customerId).toBe((await hub.customers.find({ email: 'ana@example.com' }))?.id);
    expect((await hub.orders.record(ADMIN, { ...order, customer: null })).customerId).toBe(first.customerId);
    await expect(hub.orders.record(ADMIN, { ...order, customer: { id: 'cus_none' } })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('of a connector carries its connection for a source', async () => {
    const connector = { ...actor('CONNECTOR'), connectionId: 'con_1' };
    await expect(hub.orders.record(connector, anOrder(store.id))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await hub.orders.record(connector, anOrder(store.id, { source: 'con_1' }))).toMatchObject({ source: 'con_1' });
  });

  test('that cannot be kept or reckoned is a fault by its path', async () => {
    const faults = (path: string) => ({ code: 'BAD_USER_INPUT', faults: [{ path }] });
    const order = anOrder(store.id);
    await expect(hub.orders.record(ADMIN, { ...order, currency: 'USD' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(hub.orders.record(ADMIN, { ...order, lines: [line('a', -1)] })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(hub.orders.record(actor('TILL', [store.id]), { ...order, placedAt: '2026-05-01T10:00:00.000Z' })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    const payment = { method: 'CARD', amount: 100, externalId: null, paidAt: null };
    await expect(hub.orders.record(ADMIN, { ...order, payments: [{ ...payment, method: 'half \ud83c' }] })).rejects.toMatchObject(
      faults('input.payments[0].method'),
    );
    await expect(hub.orders.record(ADMIN, { ...order, payments: [payment, { ...payment, amount: -1 }] })).rejects.toMatchObject(
      faults('input.payments[1].amount'),
    );
    expect(await stored(order.externalId)).toEqual([]);
  });
});
