import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { CampaignDraft } from '../../src/domain/campaign/campaign.types.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { BasketLine } from '../../src/domain/order/basket.types.ts';
import type { RedemptionRecord, ReverseAnswer } from '../../src/domain/redemption/redemption.types.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { closeAgreed } from '../helpers/agree.ts';
import {
  ADMIN,
  aCampaign,
  amount,
  anOrder,
  aStore,
  codesOf,
  counterAt,
  line,
  openTestHub,
  percent,
  reasonsOf,
  redeem,
  redeemed,
  reversals,
  reverse,
  type TestHub,
  tender,
  theRedemption,
} from '../helpers/domain.ts';

jest.setTimeout(60_000);

let t: TestHub;
let hub: Hub;
let store: StoreTerms;

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  store = await aStore(hub, { taxRates: [{ group: 'alcohol', rate: '21' }] });
});
afterAll(() => closeAgreed(t));

const dinner = [line('menu', 2_000, { quantity: '2' }), line('wine', 1_000, { group: 'alcohol' })];
const units = (lineId: string, quantity = '1') => ({ units: [{ lineId, quantity }] });
const back = (answer: ReverseAnswer) => {
  const [only] = reversals(answer);
  if (!only) throw new Error('Nothing came back.');
  const list = (shares: readonly { lineId: string; unit: number; amount: number }[]) =>
    shares.map((share) => `${share.lineId}/${share.unit} ${share.amount}`).join(', ');
  return { amount: only.amount, of: list(only.allocations), moved: list(only.moved), policy: only.policy, due: only.priced?.due };
};

async function campaignOf(draft: Partial<CampaignDraft>): Promise<{ id: string; code: string }> {
  const { id } = await aCampaign(hub, draft);
  const [code = ''] = await codesOf(hub, id);
  return { id, code };
}
const redeemOn = async (codes: readonly string[], lines: readonly BasketLine[] = dinner): Promise<readonly RedemptionRecord[]> =>
  redeemed(await redeem(hub, { codes, order: anOrder(store.id, { lines }) })).redemptions;
const shown = async (code: string) => (await hub.vouchers.byCode(code))?.shown;

describe('returned units under REPRICE', () => {
  test('take back what the rest gives less; budgets and the order follow', async () => {
    const { id: campaignId, code } = await campaignOf({
      incentive: percent('10'),
      reversalPolicy: 'REPRICE',
      budget: { minor: 10_000, currency: 'EUR' },
    });
    const [redemption] = await redeemOn([code]);
    const id = redemption?.id ?? '';
    expect(back(await reverse(hub, { redemptionId: id, ...units('menu') }))).toEqual({
      amount: 200,
      of: 'menu/1 200',
      moved: '',
      policy: 'REPRICE',
      due: 2_700,
    });
    expect(await counterAt(hub, `budget:${campaignId}`)).toEqual({ used: 300, held: 0 });
    expect(await shown(code)).toBe('REDEEMED');
    expect(reasonsOf(await reverse(hub, { redemptionId: id, ...units('menu', '2') }))).toEqual(['REVERSAL_EXCEEDS']);
  });

  test('move the shares of an amount to what stays, also where there was none; then they come back from there', async () => {
    const scoped = { excludeDiscounted: false, pick: 'CHEAPEST', triggerQuantity: '2', applicableQuantity: '1' } as const;
    const { code } = await campaignOf({
      incentive: { amountOff: { amount: { minor: 400, currency: 'EUR' }, scope: scoped } },
      reversalPolicy: 'REPRICE',
    });
    const [redemption] = await redeemOn([code], [line('flan', 400), line('tart', 500), line('cake', 600)]);
    const id = redemption?.id ?? '';
    const first = await reverse(hub, { redemptionId: id, ...units('flan'), key: 'moves' });
    expect(back(first)).toMatchObject({ amount: 0, of: '', moved: 'flan/1 -400, tart/1 400', due: 700 });
    expect(await reverse(hub, { redemptionId: id, ...units('flan'), key: 'moves' })).toEqual({ ...first, replayed: true });
    // What it gave stays what it gave.
    const [again] = (await hub.lists.redemptions(ADMIN, { codes: [code] }, { first: 1 })).edges;
    expect(again?.node).toMatchObject({ amount: 400, reversed: 0 });
    // By amount, and then whole, it comes from where it lies now.
    expect(back(await reverse(hub, { redemptionId: id, amount: 150 }))).toMatchObject({ amount: 150, of: 'tart/1 150', policy: null });
    expect(back(await reverse(hub, { redemptionId: id }))).toMatchObject({ amount: 250, of: 'tart/1 250' });
    expect(await shown(code)).toBe('ISSUED');
  });

  test('leave the tax of the rest right where rates differ', async () => {
    const { code } = await campaignOf({ incentive: amount(1_000), reversalPolicy: 'REPRICE' });
    const [redemption] = await redeemOn([code]);
    const [reversal] = reversals(await reverse(hub, { redemptionId: redemption?.id ?? '', ...units('menu', '2') }));
    // All 10.00 lie on the wine now: nothing is due at 10 or 21 percent.
    expect(reversal?.priced).toMatchObject({ subtotal: 1_000, voucherDiscounts: 1_000, due: 0, tax: [{ rate: '21', base: 0, tax: 0 }] });
  });

  test('are seen by what comes next on the order', async () => {
    const { code } = await campaignOf({ incentive: amount(1_000), reversalPolicy: 'REPRICE' });
    const order = anOrder(store.id, { lines: dinner });
    const { id } = theRedemption(await redeem(hub, { codes: [code], order }));
    await reverse(hub, { redemptionId: id, ...units('menu', '2') });
    const next = await campaignOf({ incentive: percent('50') });
    // The wine is free; of the 50.00 that were ordered 40.00 are due.
    const validation = await hub.desk.validate(ADMIN, { codes: [next.code], order, tillId: null, staffId: null });
    expect(validation.outcomes).toMatchObject([{ outcome: 'applicable', amount: 2_000 }]);
  });

  test('judge several vouchers of one order each in its turn, part payments aside', async () => {
    const five = await campaignOf({ incentive: amount(500), reversalPolicy: 'REPRICE' });
    const ten = await campaignOf({ incentive: percent('10'), reversalPolicy: 'REPRICE' });
    const paid = await campaignOf({ incentive: tender(1_000), taxClass: 'PAYMENT' });
    const done = await redeemOn([ten.code, paid.code, five.code], [line('menu', 1_500, { quantity: '2' })]);
    const idOf = (code: string) => done.find((one) => one.code === code)?.id ?? '';
    expect(back(await reverse(hub, { redemptionId: idOf(five.code), ...units('menu') }))).toMatchObject({
      amount: 0,
      moved: 'menu/1 -250, menu/2 250',
      due: 0,
    });
    expect(back(await reverse(hub, { redemptionId: idOf(ten.code), ...units('menu') }))).toMatchObject({
      amount: 150,
      of: 'menu/1 125, menu/2 25',
    });
    await expect(reverse(hub, { redemptionId: idOf(paid.code), ...units('menu') })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('the terms it was redeemed under', () => {
  test('decide, not those of now', async () => {
    const { id: campaignId, code } = await campaignOf({
      incentive: percent('10'),
      conditions: { minimumOrder: 4_000 },
      reversalPolicy: 'CLAW_BACK',
    });
    const [redemption] = await redeemOn([code]);
    await hub.campaigns.update(ADMIN, campaignId, { reversalPolicy: 'KEEP', conditions: null });
    expect(back(await reverse(hub, { redemptionId: redemption?.id ?? '', ...units('menu') }))).toMatchObject({
      amount: 500,
      policy: 'CLAW_BACK',
      due: 3_000,
    });
    expect(await shown(code)).toBe('ISSUED');
  });

  test('are those that an issued voucher was promised', async () => {
    const { id: campaignId } = await campaignOf({
      incentive: percent('10'),
      conditions: { minimumOrder: 4_000 },
      reversalPolicy: 'CLAW_BACK',
      distribution: 'CUSTOMER',
    });
    const customer = { phone: '+34600333444' };
    const issued = await hub.issuing.issue(ADMIN, { idempotencyKey: campaignId, campaignId, customer, validUntil: null });
    if (issued.kind !== 'issued') throw new Error('Refused.');
    await hub.campaigns.update(ADMIN, campaignId, { reversalPolicy: 'KEEP', conditions: null });
    const [voucher] = await hub.vouchers.byPlaces([issued]);
    const code = voucher?.code ?? '';
    const { id } = theRedemption(await redeem(hub, { codes: [code], order: anOrder(store.id, { lines: dinner, customer }) }));
    expect(back(await reverse(hub, { redemptionId: id, ...units('menu') }))).toMatchObject({ amount: 500, policy: 'CLAW_BACK' });
  });

  test('count the minimum of the main campaign too', async () => {
    const main = await aCampaign(hub, { incentive: null, conditions: { minimumOrder: 4_000 } });
    const { code } = await campaignOf({ parentId: main.id, incentive: percent('10'), reversalPolicy: 'CLAW_BACK' });
    const [redemption] = await redeemOn([code]);
    const id = redemption?.id ?? '';
    expect(back(await reverse(hub, { redemptionId: id, ...units('wine') }))).toMatchObject({ amount: 100, due: 3_600 });
    expect(back(await reverse(hub, { redemptionId: id, ...units('menu') }))).toMatchObject({ amount: 400, due: 2_000 });
    expect(await shown(code)).toBe('ISSUED');
  });
});

test('KEEP stays as it was, and tells what the rest comes to', async () => {
  const { code } = await campaignOf({ incentive: percent('10'), conditions: { minimumOrder: 4_000 } });
  const [redemption] = await redeemOn([code]);
  const id = redemption?.id ?? '';
  expect(back(await reverse(hub, { redemptionId: id, ...units('menu', '2') }))).toMatchObject({ amount: 400, policy: 'KEEP', due: 900 });
  expect(back(await reverse(hub, { redemptionId: id }))).toMatchObject({ amount: 100, policy: null, due: 1_000 });
});

test('amounts and whole reversals ask no policy', async () => {
  const { code } = await campaignOf({ incentive: percent('10'), conditions: { minimumOrder: 5_000 }, reversalPolicy: 'CLAW_BACK' });
  const [redemption] = await redeemOn([code]);
  const id = redemption?.id ?? '';
  expect(back(await reverse(hub, { redemptionId: id, amount: 200 }))).toMatchObject({ amount: 200, policy: null });
  expect(await shown(code)).toBe('REDEEMED');
  expect(back(await reverse(hub, { redemptionId: id }))).toMatchObject({ amount: 300, policy: null, due: 5_000 });
});
