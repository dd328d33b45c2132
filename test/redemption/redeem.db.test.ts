import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { CampaignRecord } from '../../src/domain/campaign/campaign.types.ts';
import type { Hub } from '../../src/domain/hub.ts';
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
  line,
  openTestHub,
  percent,
  reasonsOf,
  redeem,
  redeemed,
  rejections,
  reversals,
  reverse,
  rowsOf,
  sharedWord,
  type TestHub,
  tender,
  theRedemption,
} from '../helpers/domain.ts';

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
  campaign = await aCampaign(hub);
  codes = await codesOf(hub, campaign.id, 40);
});
afterAll(() => closeAgreed(t));

const fresh = (): string => codes.pop() ?? '';
const counts = async (id = campaign.id) => (await hub.campaigns.counts([id]))[0];

describe('a redeem', () => {
  test('gives what the campaign says, share by share, and uses the voucher up', async () => {
    const code = fresh();
    const order = anOrder(store.id, { lines: [line('paella', 1_000, { quantity: '2' }), line('vino', 999, { taxRate: '21' })] });
    const answer = redeemed(await redeem(hub, { codes: [code], order, tillId: 'till-3' }));
    expect(answer).toMatchObject({ replayed: false, priced: { currency: 'EUR', subtotal: 2_999, voucherDiscounts: 300, due: 2_699 } });
    const [redemption] = answer.redemptions;
    expect(redemption).toMatchObject({
      code,
      campaignId: campaign.id,
      kind: 'ORDER_DISCOUNT',
      taxClass: 'DISCOUNT',
      amount: 300,
      currency: 'EUR',
      reversed: 0,
      undone: false,
      storeId: store.id,
      customerId: null,
      businessDay: '2026-05-04',
      redeemedAt: '2026-05-04T18:00:00.000Z',
      orderSource: 'api',
      orderExternalId: order.externalId,
    });
    expect(redemption?.allocations).toEqual([
      { lineId: 'paella', unit: 1, taxRate: '10', amount: 100 },
      { lineId: 'paella', unit: 2, taxRate: '10', amount: 100 },
      { lineId: 'vino', unit: 1, taxRate: '21', amount: 100 },
    ]);
    expect(await hub.vouchers.byCode(code)).toMatchObject({ shown: 'REDEEMED', uses: 1 });
    expect(await rowsOf(hub, 'select till_id, entry_mode from redemption where code = $1', [code])).toEqual([
      { till_id: 'till-3', entry_mode: 'SCANNED' },
    ]);
  });

  test('of a code that was used is refused with its reason, stored, counted and told', async () => {
    const code = fresh();
    await redeem(hub, { codes: [code], order: anOrder(store.id) });
    const before = await counts();
    const order = anOrder(store.id);
    const [rejection] = rejections(await redeem(hub, { codes: [code], order }));
    expect(rejection).toMatchObject({
      action: 'REDEEM',
      code,
      reason: 'ALREADY_REDEEMED',
      campaignId: campaign.id,
      storeId: store.id,
      orderExternalId: order.externalId,
    });
    expect(await rowsOf(hub, 'select reason, code from rejection where id = $1', [rejection?.id])).toEqual([
      { reason: 'ALREADY_REDEEMED', code },
    ]);
    expect(await counts()).toEqual({ ...before, rejected: (before?.rejected ?? 0) + 1 });
  });

  test('of no code of the hub is refused and kept, of no campaign', async () => {
    const known = fresh();
    const mistyped = known.slice(0, -1) + ((Number(known.at(-1)) + 1) % 10);
    const answer = await redeem(hub, { codes: ['NADIE', mistyped, 'DV12'], order: anOrder(store.id) });
    expect(reasonsOf(answer)).toEqual(['CODE_UNKNOWN', 'CODE_CHECK_FAILED', 'CODE_MALFORMED']);
    expect(rejections(answer).every((rejection) => rejection.campaignId === null)).toBe(true);
  });

  test('of several codes is all or nothing, and lists those that were refused', async () => {
    const [good, used] = [fresh(), fresh()];
    await redeem(hub, { codes: [used], order: anOrder(store.id) });
    const order = anOrder(store.id);
    const answer = await redeem(hub, { codes: [good, used], order });
    expect(rejections(answer).map(({ code, reason }) => [code, reason])).toEqual([[used, 'ALREADY_REDEEMED']]);
    expect(await hub.vouchers.byCode(good)).toMatchObject({ shown: 'CREATED', uses: 0 });
    const other = fresh();
    const both = redeemed(await redeem(hub, { codes: [good, other], order }));
    // The second takes its ten percent of what the first left due.
    expect(both.redemptions.map((redemption) => redemption.amount).sort()).toEqual([180, 200]);
    expect(both.priced.due).toBe(1_620);
  });

  test('counts a code that is named twice once', async () => {
    const code = fresh();
    const answer = redeemed(await redeem(hub, { codes: [code, ` ${code.toLowerCase().replace('DV', 'dv-')}`], order: anOrder(store.id) }));
    expect(answer.redemptions.map((redemption) => redemption.code)).toEqual([code]);
  });

  test('of the same code again on the same order is the same transaction, on another it is used up', async () => {
    const code = fresh();
    const order = anOrder(store.id);
    const first = theRedemption(await redeem(hub, { codes: [code], order }));
    expect(reasonsOf(await redeem(hub, { codes: [code], order }))).toEqual(['DUPLICATE_TRANSACTION']);
    expect(reasonsOf(await redeem(hub, { codes: [code], order: anOrder(store.id) }))).toEqual(['ALREADY_REDEEMED']);
    await reverse(hub, { redemptionId: first.id });
    expect(theRedemption(await redeem(hub, { codes: [code], order })).id).not.toBe(first.id);
  });

  test('of a shared word on the same order again is a duplicate as well', async () => {
    const word = await sharedWord(hub, campaign.id);
    const order = anOrder(store.id);
    redeemed(await redeem(hub, { codes: [word], order }));
    expect(reasonsOf(await redeem(hub, { codes: [word], order }))).toEqual(['DUPLICATE_TRANSACTION']);
    redeemed(await redeem(hub, { codes: [word], order: anOrder(store.id) }));
    expect(await hub.vouchers.byCode(word)).toMatchObject({ shown: 'ISSUED', uses: 2 });
  });

  test('after an order-level voucher the lines are locked: a line discount may not grow', async () => {
    const order = anOrder(store.id, { lines: [line('paella', 2_000, { discount: 100 })] });
    redeemed(await redeem(hub, { codes: [fresh()], order }));
    const raised = { ...order, lines: [line('paella', 2_000, { discount: 150 })] };
    const second = fresh();
    const answer = await redeem(hub, { codes: [second], order: raised });
    expect(reasonsOf(answer)).toEqual(['LINES_LOCKED']);
    expect(rejections(answer)[0]?.failures[0]?.facts).toMatchObject({ name: 'paella', required: 100, actual: 150 });
    expect(redeemed(await redeem(hub, { codes: [second], order })).priced).toMatchObject({
      lineDiscounts: 100,
      voucherDiscounts: 361,
      due: 1_539,
    });
  });

  test('in a store that the key does not hold for is forbidden, and nothing is stored', async () => {
    const code = fresh();
    const [before] = await rowsOf(hub, 'select count(*) as n from rejection');
    await expect(redeem(hub, { codes: [code], order: anOrder(store.id), as: actor('TILL', ['sto_other']) })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(redeem(hub, { codes: [code], order: anOrder('sto_none') })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const old = anOrder(store.id, { placedAt: '2026-05-03T17:59:00.000Z' });
    await expect(redeem(hub, { codes: [code], order: old, as: actor('TILL', [store.id]) })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      faults: [{ path: 'input.order.placedAt' }],
    });
    expect(await rowsOf(hub, 'select count(*) as n from rejection')).toEqual([before]);
    expect(await hub.vouchers.byCode(code)).toMatchObject({ uses: 0 });
  });

  test('belongs to the business day on which the order was placed', async () => {
    // One in the morning of the 4th in Sevilla is still the night of the 3rd.
    const order = anOrder(store.id, { placedAt: '2026-05-03T23:00:00.000Z' });
    expect(theRedemption(await redeem(hub, { codes: [fresh()], order }))).toMatchObject({
      businessDay: '2026-05-03',
      redeemedAt: '2026-05-04T18:00:00.000Z',
    });
  });

  test('makes the customer that the order names', async () => {
    const answer = theRedemption(
      await redeem(hub, { codes: [fresh()], order: anOrder(store.id, { customer: { phone: '+34600111222' } }) }),
    );
    expect(await hub.customers.find({ phone: '+34600111222' })).toMatchObject({ id: answer.customerId });
  });
});

describe('a part payment', () => {
  test('pays what is due at most, lies on no line, and is one to an order', async () => {
    const partner = await aCampaign(hub, { name: 'Partner', incentive: tender(1_500), taxClass: 'PAYMENT' });
    const [one = '', two = '', three = ''] = await codesOf(hub, partner.id, 3);
    const order = anOrder(store.id);
    const answer = redeemed(await redeem(hub, { codes: [fresh(), one], order }));
    expect(answer.priced).toMatchObject({ voucherDiscounts: 200, tendered: 1_500, due: 300 });
    const paid = answer.redemptions.find((redemption) => redemption.kind === 'TENDER');
    expect(paid).toMatchObject({ amount: 1_500, taxClass: 'PAYMENT', allocations: [] });
    expect(reasonsOf(await redeem(hub, { codes: [two], order }))).toEqual(['TOO_MANY_VOUCHERS']);
    expect(reasonsOf(await redeem(hub, { codes: [two, three], order: anOrder(store.id) }))).toEqual(['TOO_MANY_VOUCHERS']);
    expect(theRedemption(await redeem(hub, { codes: [two], order: anOrder(store.id, { lines: [line('café', 150)] }) })).amount).toBe(150);
  });
});

describe('an idempotency key', () => {
  test('gives the first answer again: the same ids and sums, nothing done twice', async () => {
    const code = fresh();
    const ask = { codes: [code], order: anOrder(store.id), key: 'again-1' };
    const first = redeemed(await redeem(hub, ask));
    const before = await counts();
    const second = redeemed(await redeem(hub, ask));
    expect(second).toEqual({ ...first, replayed: true });
    expect(await counts()).toEqual(before);
    // Sums as they were, the redemption in its state of now.
    await reverse(hub, { redemptionId: first.redemptions[0]?.id ?? '', amount: 50 });
    const third = redeemed(await redeem(hub, ask));
    expect(third.priced).toEqual(first.priced);
    expect(third.redemptions).toEqual([{ ...first.redemptions[0], reversed: 50 }]);
  });

  test('is blind to how a code was typed', async () => {
    const code = fresh();
    const order = anOrder(store.id);
    const first = redeemed(await redeem(hub, { codes: [code], order, key: 'typed' }));
    expect(redeemed(await redeem(hub, { codes: [`${code.slice(0, 4)}-${code.slice(4)} `], order, key: 'typed' }))).toEqual({
      ...first,
      replayed: true,
    });
  });

  test('with another body is refused, kept, neither counted nor told, and changes nothing', async () => {
    const code = fresh();
    const order = anOrder(store.id);
    redeemed(await redeem(hub, { codes: [code], order, key: 'other-body' }));
    const before = await counts();
    const answer = await redeem(hub, { codes: [fresh()], order, key: 'other-body' });
    expect(answer).toMatchObject({
      kind: 'refused',
      replayed: false,
      rejections: [{ reason: 'IDEMPOTENCY_KEY_REUSED', code: null, campaignId: null }],
    });
    expect(await rowsOf(hub, 'select reason from rejection where id = $1', [rejections(answer)[0]?.id])).toHaveLength(1);
    expect(await counts()).toEqual(before);
    expect(reasonsOf(await redeem(hub, { codes: [code], order, key: 'other-body', tillId: 'till-9' }))).toEqual(['IDEMPOTENCY_KEY_REUSED']);
  });

  test('of a refusal keeps the refusal, also when its cause is gone; a new key tries anew', async () => {
    const code = fresh();
    const first = theRedemption(await redeem(hub, { codes: [code], order: anOrder(store.id) }));
    const ask = { codes: [code], order: anOrder(store.id), key: 'refused-1' };
    const refused = await redeem(hub, ask);
    await reverse(hub, { redemptionId: first.id });
    const before = await counts();
    expect(await redeem(hub, ask)).toEqual({ ...refused, replayed: true });
    expect(await counts()).toEqual(before);
    redeemed(await redeem(hub, { ...ask, key: 'refused-2' }));
  });

  test('that comes many times at once is answered once and told again to the others', async () => {
    const code = fresh();
    const ask = { codes: [code], order: anOrder(store.id), key: 'at-once' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => redeem(hub, ask)));
    expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1);
    expect(new Set(answers.map((answer) => redeemed(answer).redemptions[0]?.id)).size).toBe(1);
  });

  test('that comes twice at once with two bodies goes to one of them', async () => {
    const codes = [fresh(), fresh()];
    const answers = await Promise.all(codes.map((code) => redeem(hub, { codes: [code], order: anOrder(store.id), key: 'two-bodies' })));
    expect(answers.map(reasonsOf).sort()).toEqual([[], ['IDEMPOTENCY_KEY_REUSED']]);
    const uses = await Promise.all(codes.map(async (code) => (await hub.vouchers.byCode(code))?.uses));
    expect(uses).toEqual(answers.map(({ kind }) => (kind === 'redeemed' ? 1 : 0)));
  });

  test('and the inputs around it have bounds', async () => {
    const order = anOrder(store.id);
    for (const key of ['', 'x'.repeat(256), 'zero\u0000']) {
      await expect(redeem(hub, { codes: [fresh()], order, key })).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        faults: [{ path: 'input.idempotencyKey' }],
      });
    }
    await expect(redeem(hub, { order })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(redeem(hub, { order, codes: ['A'], holdId: 'hld_1' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('what the database cannot keep', () => {
  const half = 'half \ud83c';

  test('is a fault of its request and of no other that is under way', async () => {
    const good = [fresh(), fresh()];
    const bad = anOrder(store.id, { lines: [line('paella', 2_000, { name: half })] });
    const answers = await Promise.allSettled([
      redeem(hub, { codes: [good[0] ?? ''], order: anOrder(store.id) }),
      redeem(hub, { codes: [fresh()], order: bad }),
      redeem(hub, { codes: [fresh()], order: anOrder(store.id), tillId: half }),
      redeem(hub, { codes: [good[1] ?? ''], order: anOrder(store.id) }),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(answers[1]).toMatchObject({ reason: { code: 'BAD_USER_INPUT', faults: [{ path: 'input.order.lines[0].name' }] } });
    expect(answers[2]).toMatchObject({ reason: { code: 'BAD_USER_INPUT', faults: [{ path: 'input.tillId' }] } });
  });
});

describe('terms that another process changed a moment ago', () => {
  let other: Hub;
  /** One that no notification reaches: what it knows is what it last looked up. */
  let deaf: Hub;
  beforeAll(async () => {
    other = await t.twin();
  });
  beforeEach(async () => {
    deaf = await t.twin();
    await deaf.listener.close();
  });

  test('bind at once: nothing is redeemed on a campaign that is paused', async () => {
    const paused = await aCampaign(hub, { name: 'Pausa' });
    const [code = ''] = await codesOf(hub, paused.id);
    await deaf.codes.refresh();
    await deaf.campaigns.refresh();
    await other.campaigns.pause(ADMIN, paused.id);
    expect(reasonsOf(await redeem(deaf, { codes: [code], order: anOrder(store.id) }))).toEqual(['CAMPAIGN_PAUSED']);
  });

  test('allow at once: nothing is refused on a campaign that was activated, in a pattern made elsewhere', async () => {
    const draft = await other.campaigns.create(ADMIN, { name: 'Nueva', incentive: amount(300) });
    const [code = ''] = await codesOf(other, draft.id, 1, { random: { prefix: 'NV', length: 13 } });
    await deaf.campaigns.refresh();
    await other.campaigns.activate(ADMIN, draft.id);
    expect(theRedemption(await redeem(deaf, { codes: [code], order: anOrder(store.id) })).amount).toBe(300);
  });

  test('of a store bind as well', async () => {
    const bar = await aStore(other, { name: 'Bar' });
    await deaf.stores.refresh();
    await other.stores.update(ADMIN, bar.id, { maxVouchersPerOrder: 1 });
    expect(reasonsOf(await redeem(deaf, { codes: [fresh(), fresh()], order: anOrder(bar.id) }))).toEqual(['TOO_MANY_VOUCHERS']);
  });

  test('are those of each redemption: a batch that straddles the change is not written on the old ones', async () => {
    const wide = await aCampaign(hub, { name: 'Amplia', incentive: percent('50') });
    const many = await codesOf(hub, wide.id, 20);
    const asks = many.map((code, at) =>
      at === 10
        ? other.campaigns.pause(ADMIN, wide.id).then(() => 'paused' as const)
        : redeem(hub, { codes: [code], order: anOrder(store.id) }),
    );
    await Promise.all(asks);
    const [row] = await rowsOf<{ late: number }>(
      hub,
      `select count(*) as late from redemption where campaign_id = $1 and campaign_version <> (select version - 1 from campaign where id = $1)`,
      [wide.id],
    );
    expect(row?.late).toBe(0);
    expect(reasonsOf(await redeem(hub, { codes: [many[10] ?? ''], order: anOrder(store.id) }))).toEqual(['CAMPAIGN_PAUSED']);
  });

  test('and one key in two processes is one redeem', async () => {
    for (const code of Array.from({ length: 6 }, fresh)) {
      const ask = { codes: [code], order: anOrder(store.id), key: `two-hubs-${code}` };
      const answers = await Promise.all([redeem(hub, ask), redeem(other, ask), redeem(hub, ask), redeem(other, ask)]);
      expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1);
      expect(new Set(answers.map((answer) => theRedemption(answer).id)).size).toBe(1);
    }
  });
});

test('a reversal by the till that had no answer steps back over what was done', async () => {
  const code = fresh();
  redeemed(await redeem(hub, { codes: [code], order: anOrder(store.id), key: 'lost-answer' }));
  expect(reversals(await reverse(hub, { redeemKey: 'lost-answer' }))).toMatchObject([{ amount: 200 }]);
  expect(await hub.vouchers.byCode(code)).toMatchObject({ shown: 'ISSUED', uses: 0 });
});
