import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Hub } from '../../src/domain/hub.ts';
import type { RefundAnswer, RefundCommand } from '../../src/domain/order/refund.types.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { closeAgreed } from '../helpers/agree.ts';
import { actor } from '../helpers/basics.ts';
import {
  ADMIN,
  aCampaign,
  amount,
  anOrder,
  aStore,
  codesOf,
  hold,
  line,
  openTestHub,
  percent,
  reasonsOf,
  redeem,
  redeemed,
  reverse,
  rowsOf,
  type TestHub,
  tender,
  theRedemption,
} from '../helpers/domain.ts';
import { anIssuingCampaign, aPaidOrder, card, earnedBy } from './issuing-support.ts';
import { aPlatformOrder, discountOf, eventsOf, intake } from './support.ts';

jest.setTimeout(60_000);

let t: TestHub;
let hub: Hub;
let twin: Hub;
let store: StoreTerms;

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  twin = await t.twin();
});
beforeEach(async () => {
  store = await aStore(hub);
});
afterAll(() => closeAgreed(t));

const here = () => ({ storeIds: [store.id] });
const record = (order = aPaidOrder(store.id)) => hub.orders.record(ADMIN, order);

const refund = (orderId: string, over: Partial<RefundCommand> = {}, on = hub, as = ADMIN): Promise<RefundAnswer> =>
  on.refunds.refund(as, {
    idempotencyKey: randomUUID(),
    orderId,
    source: 'api',
    externalId: null,
    amount: null,
    lines: null,
    reason: 'guest was not happy',
    ...over,
  });

type Refunded = Extract<RefundAnswer, { kind: 'refunded' }>;
function refunded(answer: RefundAnswer): Refunded {
  if (answer.kind !== 'refunded') throw new Error(`Refused: ${answer.rejections.map(({ reason }) => reason).join(', ')}`);
  return answer;
}
const refusals = (answer: RefundAnswer): string[] => (answer.kind === 'refused' ? answer.rejections.map(({ reason }) => reason) : []);
const statuses = async (orderId: string): Promise<string[]> => (await earnedBy(hub, orderId)).map((row) => row.status);

describe('a refund', () => {
  test('of the whole order gives back what was due, reverses its vouchers and takes back what it earned, once', async () => {
    await anIssuingCampaign(hub, { count: 2 }, here());
    const [ten = '', five = ''] = [
      (await codesOf(hub, (await aCampaign(hub, { incentive: percent('10'), ...here() })).id))[0],
      (await codesOf(hub, (await aCampaign(hub, { incentive: tender(500), ...here() })).id))[0],
    ];
    const order = aPaidOrder(store.id, { payments: [card(1_300)] });
    redeemed(await redeem(hub, { codes: [ten, five], order }));
    const { id } = await record(order);
    expect(await statuses(id)).toEqual(['ISSUED', 'ISSUED']);
    const key = randomUUID();
    const first = refunded(await refund(id, { idempotencyKey: key }));
    expect(first.refund).toMatchObject({ amount: 1_300, whole: true, lines: [], reason: 'guest was not happy' });
    expect(first.refund.takenBack).toHaveLength(2);
    expect(first.refund.keptBecauseUsed).toEqual([]);
    expect(first.reversals.map((reversal) => reversal.amount).sort()).toEqual([200, 500]);
    expect(await statuses(id)).toEqual(['CANCELLED', 'CANCELLED']);
    expect(await refund(id, { idempotencyKey: key })).toEqual({ ...first, replayed: true });
    expect(refusals(await refund(id, { idempotencyKey: key, reason: 'other' }))).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    expect(refusals(await refund(id))).toEqual(['ALREADY_REVERSED']);
    expect((await eventsOf(hub, order.externalId)).filter((event) => event.startsWith('REFUND_'))).toEqual(['REFUND_RECORDED 1300']);
    expect(
      await rowsOf(hub, "select operation, after ->> 'reason' as reason from audit_line where subject_id = $1", [first.refund.id]),
    ).toEqual([{ operation: 'refundOrder', reason: 'guest was not happy' }]);
    for (const code of [ten, five]) expect(await hub.vouchers.byCode(code)).toMatchObject({ shown: 'ISSUED' });
  });

  test('by lines reverses their units and takes back the difference that is no longer earned', async () => {
    await anIssuingCampaign(hub, { everyAmount: 1_000 }, here());
    const [ten = ''] = await codesOf(hub, (await aCampaign(hub, { incentive: percent('10'), ...here() })).id);
    const order = aPaidOrder(store.id, { lines: [line('paella', 1_000, { quantity: '3' }), line('vino', 500)], payments: [card(3_150)] });
    const redemption = theRedemption(await redeem(hub, { codes: [ten], order }));
    expect(redemption.amount).toBe(350);
    const { id } = await record(order);
    expect(await statuses(id)).toEqual(['ISSUED', 'ISSUED', 'ISSUED']);
    const one = refunded(await refund(id, { lines: [{ lineId: 'paella', quantity: '1' }] }));
    expect(one.refund).toMatchObject({ amount: 900, whole: false, lines: [{ lineId: 'paella', quantity: '1' }] });
    expect(one.reversals).toMatchObject([{ amount: 100 }]);
    expect(await statuses(id)).toEqual(['ISSUED', 'ISSUED', 'CANCELLED']);
    // A till may have taken back the next unit of the voucher by itself.
    await reverse(hub, { redemptionId: redemption.id, units: [{ lineId: 'paella', quantity: '1' }] });
    expect(refusals(await refund(id, { lines: [{ lineId: 'paella', quantity: '3' }] }))).toEqual(['REVERSAL_EXCEEDS']);
    const rest = refunded(
      await refund(id, {
        lines: [
          { lineId: 'paella', quantity: '2' },
          { lineId: 'vino', quantity: '1' },
        ],
      }),
    );
    expect(rest.refund).toMatchObject({ amount: 2_250, whole: true });
    expect(rest.reversals).toMatchObject([{ amount: 150 }]);
    expect(await statuses(id)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED']);
    expect(await hub.vouchers.byCode(ten)).toMatchObject({ shown: 'ISSUED' });
  });

  test('by amount lowers what counts; at the last cent nothing is left of the order', async () => {
    await anIssuingCampaign(hub, { conditions: { minimumOrder: 1_500 } }, here());
    const [three = ''] = await codesOf(hub, (await aCampaign(hub, { incentive: amount(300), ...here() })).id);
    const order = aPaidOrder(store.id, { payments: [card(1_700)] });
    redeemed(await redeem(hub, { codes: [three], order }));
    const { id } = await record(order);
    expect(refunded(await refund(id, { amount: 500 })).refund).toMatchObject({ amount: 500, whole: false, takenBack: [] });
    const below = refunded(await refund(id, { amount: 1 }));
    expect(below.refund.takenBack).toHaveLength(1);
    expect(below.reversals).toEqual([]);
    expect(refusals(await refund(id, { amount: 1_200 }))).toEqual(['REVERSAL_EXCEEDS']);
    const last = refunded(await refund(id, { amount: 1_199 }));
    expect(last.refund.whole).toBe(true);
    expect(last.reversals).toMatchObject([{ amount: 300 }]);
  });

  test('takes the unused first, keeps what was used, and tells of it in the answer and in the book, once', async () => {
    await anIssuingCampaign(hub, { count: 3 }, here());
    const order = aPaidOrder(store.id);
    const { id } = await record(order);
    const [used, , held] = await earnedBy(hub, id);
    redeemed(await redeem(hub, { codes: [used?.code ?? ''], order: anOrder(store.id) }));
    const elsewhere = anOrder(store.id);
    expect(reasonsOf(await hold(hub, { codes: [held?.code ?? ''], order: elsewhere }))).toEqual([]);
    const answer = refunded(await refund(id));
    expect(answer.refund.takenBack).toHaveLength(2);
    expect(answer.refund.keptBecauseUsed.map((place) => hub.codes.codeAt(place))).toEqual([used?.code]);
    expect(await statuses(id)).toEqual(['REDEEMED', 'CANCELLED', 'CANCELLED']);
    // A hold does not keep a voucher that is no longer earned.
    expect(reasonsOf(await redeem(hub, { codes: [held?.code ?? ''], order: elsewhere }))).toEqual(['CANCELLED']);
    await record({ ...order, lines: [line('pan', 100)], payments: [card(2_000)] });
    expect((await eventsOf(hub, order.externalId)).filter((event) => event === 'VOUCHER_KEPT')).toHaveLength(1);
  });

  test('of one order by many at once, in two processes, gives back no more than there was', async () => {
    await anIssuingCampaign(hub, {}, here());
    const { id } = await record();
    const answers = await Promise.all(Array.from({ length: 10 }, (_, at) => refund(id, { amount: 300 }, at % 2 === 0 ? hub : twin)));
    expect(answers.filter((answer) => answer.kind === 'refunded')).toHaveLength(6);
    expect(await rowsOf(hub, 'select sum(amount)::int as sum from refund where order_id = $1', [id])).toEqual([{ sum: 1_800 }]);
    const key = randomUUID();
    const twins = await Promise.all(Array.from({ length: 6 }, (_, at) => refund(id, { idempotencyKey: key }, at % 2 === 0 ? hub : twin)));
    expect(new Set(twins.map((answer) => refunded(answer).refund.id)).size).toBe(1);
    expect(twins.filter((answer) => !answer.replayed)).toHaveLength(1);
    expect(await statuses(id)).toEqual(['CANCELLED']);
  });

  test('and a redeem of what it takes back, at once: one of them was first, and the other knows', async () => {
    await anIssuingCampaign(hub, {}, here());
    for (let round = 0; round < 8; round += 1) {
      const { id } = await record();
      const [voucher] = await earnedBy(hub, id);
      const [answer, use] = await Promise.all([refund(id), redeem(twin, { codes: [voucher?.code ?? ''], order: anOrder(store.id) })]);
      const kept = refunded(answer).refund.keptBecauseUsed.length;
      expect([kept, use.kind]).toEqual(kept === 1 ? [1, 'redeemed'] : [0, 'refused']);
    }
  });

  test('is of a store of the till, of an order that there is, and makes sense', async () => {
    const { id, externalId } = await record();
    const till = actor('TILL', [(await aStore(hub)).id]);
    await expect(refund(id, {}, hub, till)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(refund('ord_none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const faults = (...paths: string[]) => ({ code: 'BAD_USER_INPUT', faults: paths.map((path) => ({ path })) });
    await expect(refund(id, { externalId, amount: 0, reason: '' })).rejects.toMatchObject(faults('input', 'input.amount', 'input.reason'));
    const lines = [
      { lineId: 'pizza', quantity: '1' },
      { lineId: 'paella', quantity: '0.5' },
      { lineId: 'paella', quantity: '0' },
    ];
    await expect(refund(id, { lines })).rejects.toMatchObject(
      faults('input.lines[0].lineId', 'input.lines[1].quantity', 'input.lines[2].quantity'),
    );
    expect(refunded(await refund('', { orderId: null, externalId }, hub, actor('TILL', [store.id]))).refund.amount).toBe(2_000);
  });
});

describe('a platform’s order', () => {
  test('is refunded at its own till: here it would be given back twice', async () => {
    const connectionId = `con_${randomUUID()}`;
    await rowsOf(
      hub,
      "insert into connection (id, connector_id, name, settings, status, facts, version, created_at, updated_at) values ($1, 'square', 'Square Sol', '{}', 'PAUSED', '{}', 1, now(), now())",
      [connectionId],
    );
    const { orderId } = await intake(hub, store.id, aPlatformOrder([]), connectionId);
    await expect(refund(orderId)).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('Square Sol') });
    expect(await hub.refunds.refundsOf([orderId])).toEqual([]);
  });

  test('earns once, whatever repeats, on its sum before its vouchers, of campaigns that were there', async () => {
    const [code = ''] = await codesOf(hub, (await aCampaign(hub, { incentive: amount(300), ...here() })).id);
    const early = aPlatformOrder([]);
    const { orderId: earlier } = await intake(hub, store.id, early);
    await anIssuingCampaign(hub, { conditions: { minimumOrder: 1_900 } }, here());
    for (const again of [early, { ...early, revision: 2 }]) await intake(hub, store.id, again);
    expect(await earnedBy(hub, earlier)).toEqual([]);
    const open = aPlatformOrder([], { state: 'OPEN' });
    const { orderId: opened } = await intake(hub, store.id, open);
    expect(await earnedBy(hub, opened)).toEqual([]);
    const order = aPlatformOrder([discountOf(code, 300)], { customer: { email: 'carla@example.com' } });
    const { orderId } = await intake(hub, store.id, order);
    await Promise.all([hub, twin, hub, twin].map((on) => intake(on, store.id, order)));
    expect(await earnedBy(hub, orderId)).toMatchObject([{ status: 'ISSUED', customerId: expect.stringMatching(/^cus_/) }]);
    await intake(hub, store.id, { ...order, revision: 2, texts: ['table 4'] });
    expect(await earnedBy(hub, orderId)).toHaveLength(1);
    await intake(hub, store.id, { ...open, state: 'PAID', revision: 2 });
    expect(await earnedBy(hub, opened)).toHaveLength(1);
  });

  test('that is refunded in part, and then voided, no longer earns', async () => {
    await anIssuingCampaign(hub, { everyAmount: 1_000 }, here());
    const order = aPlatformOrder([]);
    const { orderId } = await intake(hub, store.id, order);
    expect(await statuses(orderId)).toEqual(['ISSUED', 'ISSUED']);
    const back = {
      externalId: randomUUID(),
      amount: 1_000,
      at: '2026-05-04T18:30:00.000Z',
      reason: 'cold',
      lines: [{ lineId: 'vino', quantity: '1' }],
    };
    const refundedOrder = { ...order, revision: 2, refunds: [back] };
    for (const on of [hub, twin]) await intake(on, store.id, refundedOrder);
    expect(await statuses(orderId)).toEqual(['ISSUED', 'CANCELLED']);
    expect(await hub.refunds.refundsOf([orderId])).toMatchObject([
      { externalId: back.externalId, amount: 1_000, whole: false, reason: 'cold' },
    ]);
    await intake(hub, store.id, { ...refundedOrder, revision: 3, state: 'VOIDED' });
    expect(await statuses(orderId)).toEqual(['CANCELLED', 'CANCELLED']);
    expect((await eventsOf(hub, order.externalId)).filter((event) => !event.startsWith('VOUCHER_'))).toEqual([
      'ORDER_RECORDED 2000',
      'REFUND_RECORDED 1000',
    ]);
  });
});
