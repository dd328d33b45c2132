import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Limit } from '../../src/domain/campaign/campaign.types.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { OrderDraft } from '../../src/domain/redemption/redemption.types.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { closeAgreed } from '../helpers/agree.ts';
import {
  aCampaign,
  amount,
  anOrder,
  aStore,
  codesOf,
  counterAt,
  held,
  hold,
  limit,
  openTestHub,
  reasonsOf,
  redeem,
  redeemed,
  rejections,
  reverse,
  sharedWord,
  type TestHub,
  theRedemption,
} from '../helpers/domain.ts';

jest.setTimeout(60_000);

/** A Monday evening. */
const NOW = '2026-05-04T18:00:00.000Z';

let t: TestHub;
let hub: Hub;
let sevilla: StoreTerms;
let granada: StoreTerms;

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  sevilla = await aStore(hub);
  granada = await aStore(hub, { name: 'Granada' });
});
beforeEach(() => t.clock.set(NOW));
afterAll(() => closeAgreed(t));

/** A campaign of 2.00 off with one limit, and a word for all. */
async function limited(...limits: Limit[]): Promise<{ word: string; campaignId: string }> {
  const campaign = await aCampaign(hub, { incentive: amount(200), limits });
  return { word: await sharedWord(hub, campaign.id), campaignId: campaign.id };
}

interface Subject {
  readonly order?: Partial<OrderDraft>;
  readonly storeId?: string;
  readonly tillId?: string;
  readonly code?: string;
}
const use = (word: string, { order = {}, storeId = sevilla.id, tillId, code = word }: Subject = {}) =>
  redeem(hub, { codes: [code], order: anOrder(storeId, order), ...(tillId === undefined ? {} : { tillId }) });

describe('a limit of two redemptions', () => {
  const ana = { customer: { phone: '+34600000001' } };
  const subjects: readonly [Limit['per'], string, Subject, Subject][] = [
    ['CUSTOMER', 'LIMIT_CUSTOMER', { order: ana }, { order: { customer: { phone: '+34600000002' } } }],
    ['STORE', 'LIMIT_STORE', {}, { storeId: 'granada' }],
    ['TILL', 'LIMIT_TILL', { tillId: 'till-1' }, { tillId: 'till-2' }],
    ['CAMPAIGN', 'LIMIT_CAMPAIGN', {}, {}],
    ['MAIN_CAMPAIGN', 'LIMIT_MAIN_CAMPAIGN', {}, {}],
  ];
  test.each(subjects)('per %s lets the third be refused, and another subject go', async (per, reason, subject, other) => {
    const { word } = await limited(limit(per, 2));
    for (const _ of [1, 2]) redeemed(await use(word, subject));
    const answer = await use(word, subject);
    expect(reasonsOf(answer)).toEqual([reason]);
    expect(rejections(answer)[0]?.failures[0]?.facts.limit).toEqual({
      counts: 'REDEMPTIONS',
      per,
      period: 'EVER',
      max: 2,
      used: 2,
      held: 0,
      heldUntil: null,
      resetsAt: null,
    });
    if (per === 'CAMPAIGN' || per === 'MAIN_CAMPAIGN') return;
    redeemed(await use(word, { ...other, ...(other.storeId && { storeId: granada.id }) }));
  });

  test('per TILL counts under the key where no till is named', async () => {
    const { word } = await limited(limit('TILL', 1));
    redeemed(await use(word));
    expect(reasonsOf(await use(word))).toEqual(['LIMIT_TILL']);
    redeemed(await use(word, { tillId: 'till-1' }));
  });

  test('per CUSTOMER wants a customer', async () => {
    const { word } = await limited(limit('CUSTOMER', 1));
    expect(reasonsOf(await use(word))[0]).toBe('CUSTOMER_REQUIRED');
  });

  test('per ORDER counts what is on one order, over several redeems', async () => {
    const campaign = await aCampaign(hub, { incentive: amount(200), limits: [limit('ORDER', 2)] });
    const [one = '', two = '', three = ''] = await codesOf(hub, campaign.id, 3);
    expect(reasonsOf(await redeem(hub, { codes: [one, two, three], order: anOrder(sevilla.id) }))).toEqual(['LIMIT_ORDER']);
    const order = anOrder(sevilla.id);
    redeemed(await redeem(hub, { codes: [one], order }));
    redeemed(await redeem(hub, { codes: [two], order }));
    expect(reasonsOf(await redeem(hub, { codes: [three], order }))).toEqual(['LIMIT_ORDER']);
    redeemed(await redeem(hub, { codes: [three], order: anOrder(sevilla.id) }));
  });

  test('per VOUCHER makes a code good so often, ISSUED until the last', async () => {
    const campaign = await aCampaign(hub, { incentive: amount(200), limits: [limit('VOUCHER', 2)] });
    const [code = ''] = await codesOf(hub, campaign.id);
    theRedemption(await use(code));
    expect(await hub.vouchers.byCode(code)).toMatchObject({ shown: 'ISSUED', uses: 1, maxUses: 2 });
    const last = theRedemption(await use(code));
    expect((await hub.vouchers.byCode(code))?.shown).toBe('REDEEMED');
    expect(reasonsOf(await use(code))).toEqual(['LIMIT_VOUCHER']);
    await reverse(hub, { redemptionId: last.id });
    expect((await hub.vouchers.byCode(code))?.shown).toBe('ISSUED');
    theRedemption(await use(code));
  });

  test('per VOUCHER counts holds as well', async () => {
    const campaign = await aCampaign(hub, { incentive: amount(200), limits: [limit('VOUCHER', 2)] });
    const [code = ''] = await codesOf(hub, campaign.id);
    theRedemption(await use(code));
    held(await hold(hub, { codes: [code], order: anOrder(sevilla.id) }));
    expect(rejections(await use(code))[0]).toMatchObject({
      reason: 'LIMIT_VOUCHER',
      failures: [{ facts: { limit: { max: 2, used: 1, held: 1, heldUntil: '2026-05-04T18:10:00.000Z' } } }],
    });
  });

  test('per VOUCHER and day binds a word as it binds a code', async () => {
    const { word } = await limited(limit('VOUCHER', 1, { period: 'BUSINESS_DAY' }));
    redeemed(await use(word));
    expect(reasonsOf(await use(word))).toEqual(['LIMIT_VOUCHER']);
    t.clock.set('2026-05-05T02:00:00.000Z');
    redeemed(await use(word));
  });
});

describe('a limit for a time', () => {
  // When the period of a Monday evening in May gives way to the next, in a store whose day begins at four in the morning.
  test.each([
    ['BUSINESS_DAY', '2026-05-05T02:00:00.000Z'],
    ['WEEK', '2026-05-11T02:00:00.000Z'],
    ['MONTH', '2026-06-01T02:00:00.000Z'],
    ['YEAR', '2027-01-01T03:00:00.000Z'],
  ] as const)('per %s starts anew when the period does, and says when', async (period, resetsAt) => {
    const { word } = await limited(limit('CAMPAIGN', 1, { period }));
    redeemed(await use(word));
    const refused = rejections(await use(word))[0];
    expect(refused).toMatchObject({
      reason: 'LIMIT_CAMPAIGN',
      nearestBasket: { validFrom: resetsAt },
      failures: [{ facts: { limit: { period, used: 1, resetsAt } } }],
    });
    t.clock.set(new Date(Date.parse(resetsAt) - 1).toISOString());
    expect(reasonsOf(await use(word))).toEqual(['LIMIT_CAMPAIGN']);
    t.clock.set(resetsAt);
    redeemed(await use(word));
    // The day on which the order was placed decides, not when the hub hears of it.
    expect(reasonsOf(await use(word, { order: { placedAt: NOW } }))).toEqual(['LIMIT_CAMPAIGN']);
  });
});

describe('a limit on amounts', () => {
  test.each([
    ['a limit', { limits: [limit('CAMPAIGN', 500, { counts: 'DISCOUNT_AMOUNT' })] }, 'LIMIT_CAMPAIGN'],
    ['a budget', { budget: { minor: 500, currency: 'EUR' } }, 'BUDGET_EXHAUSTED'],
  ] as const)('(%s) with less left than the discount refuses, and never reduces', async (_, terms, reason) => {
    const campaign = await aCampaign(hub, { incentive: amount(200), ...terms });
    const word = await sharedWord(hub, campaign.id);
    const first = theRedemption(await use(word));
    theRedemption(await use(word));
    const refused = rejections(await use(word))[0];
    expect(refused).toMatchObject({ reason, failures: [{ facts: { required: 200, actual: 100 } }] });
    // What comes back in part is there at once; the use is not.
    await reverse(hub, { redemptionId: first.id, amount: 99 });
    expect(reasonsOf(await use(word))).toEqual([reason]);
    await reverse(hub, { redemptionId: first.id, amount: 1 });
    theRedemption(await use(word));
  });

  test('is not overrun by two codes of one request', async () => {
    const campaign = await aCampaign(hub, { incentive: amount(300), budget: { minor: 500, currency: 'EUR' } });
    const [one = '', two = ''] = await codesOf(hub, campaign.id, 2);
    expect(reasonsOf(await redeem(hub, { codes: [one, two], order: anOrder(sevilla.id) }))).toEqual(['BUDGET_EXHAUSTED']);
    expect(await counterAt(hub, `budget:${campaign.id}`)).toEqual({ used: 0, held: 0 });
  });
});

describe('a reversal', () => {
  test('gives a redemption back to its limit only when nothing is left of it', async () => {
    const { word } = await limited(limit('CAMPAIGN', 1));
    const { id } = theRedemption(await use(word));
    await reverse(hub, { redemptionId: id, amount: 150 });
    expect(reasonsOf(await use(word))).toEqual(['LIMIT_CAMPAIGN']);
    await reverse(hub, { redemptionId: id });
    theRedemption(await use(word));
  });

  test('gives back to the period in which it was taken, not to that of the day', async () => {
    const { word } = await limited(limit('CAMPAIGN', 1, { period: 'BUSINESS_DAY' }));
    const { id } = theRedemption(await use(word));
    t.clock.set('2026-05-05T18:00:00.000Z');
    theRedemption(await use(word));
    await reverse(hub, { redemptionId: id });
    expect(reasonsOf(await use(word))).toEqual(['LIMIT_CAMPAIGN']);
  });
});

describe('a main campaign', () => {
  const family = async (main: { limits?: Limit[]; budget?: { minor: number; currency: string } }, limits: Limit[] = []) => {
    const parent = await aCampaign(hub, { name: 'Verano', incentive: null, ...main });
    const subs: { id: string; word: string }[] = [];
    for (const name of ['uno', 'dos']) {
      const sub = await aCampaign(hub, { name, parentId: parent.id, incentive: amount(200), limits: name === 'uno' ? limits : [] });
      subs.push({ id: sub.id, word: await sharedWord(hub, sub.id) });
    }
    const [one, two] = subs as [(typeof subs)[number], (typeof subs)[number]];
    return { parentId: parent.id, one, two };
  };

  test('binds the sum over its subs', async () => {
    const { one, two } = await family({ limits: [limit('CAMPAIGN', 3)] });
    for (const word of [one.word, two.word, one.word]) redeemed(await use(word));
    expect(reasonsOf(await use(two.word))).toEqual(['LIMIT_CAMPAIGN']);
    expect(reasonsOf(await use(one.word))).toEqual(['LIMIT_CAMPAIGN']);
  });

  test('has one budget for all of them', async () => {
    const { parentId, one, two } = await family({ budget: { minor: 500, currency: 'EUR' } });
    redeemed(await use(one.word));
    redeemed(await use(two.word));
    expect(reasonsOf(await use(one.word))).toEqual(['BUDGET_EXHAUSTED']);
    expect(await hub.campaigns.budgets([parentId])).toEqual([{ used: 400, held: 0 }]);
    expect((await hub.campaigns.counts([parentId]))[0]).toMatchObject({ redeemed: 2, rejected: 1 });
  });

  test('is counted whole by a MAIN_CAMPAIGN limit of one sub, which binds that sub', async () => {
    const { one, two } = await family({}, [limit('MAIN_CAMPAIGN', 2)]);
    for (const word of [two.word, two.word]) redeemed(await use(word));
    expect(reasonsOf(await use(one.word))).toEqual(['LIMIT_MAIN_CAMPAIGN']);
    redeemed(await use(two.word));
  });

  test('limits a customer over all its subs', async () => {
    const { one, two } = await family({ limits: [limit('CUSTOMER', 1)] });
    const order = { customer: { phone: '+34600000009' } };
    redeemed(await use(one.word, { order }));
    expect(reasonsOf(await use(two.word, { order }))).toEqual(['LIMIT_CUSTOMER']);
  });
});

test('counts of a campaign are gross, its budget is net', async () => {
  const campaign = await aCampaign(hub, { incentive: amount(200), budget: { minor: 100_000, currency: 'EUR' } });
  const codes = await codesOf(hub, campaign.id, 5);
  const [first, second] = [theRedemption(await use(codes[0] ?? '')), theRedemption(await use(codes[1] ?? ''))];
  await reverse(hub, { redemptionId: first.id });
  await reverse(hub, { redemptionId: second.id, amount: 50 });
  theRedemption(await use(codes[0] ?? ''));
  await use(codes[0] ?? '');
  await hold(hub, { codes: [codes[0] ?? ''], order: anOrder(sevilla.id) });
  await hub.desk.validate(
    { id: 'key', role: 'ADMIN', storeIds: null, connectionId: null, partnerId: null },
    { codes: [codes[0] ?? ''], order: anOrder(sevilla.id), tillId: null, staffId: null },
  );
  await reverse(hub, { redemptionId: first.id });
  held(await hold(hub, { codes: [codes[2] ?? ''], order: anOrder(sevilla.id) }));
  expect(await hub.campaigns.counts([campaign.id])).toEqual([{ codes: 5, issued: 0, redeemed: 3, reversed: 1, rejected: 2 }]);
  expect(await hub.campaigns.budgets([campaign.id])).toEqual([{ used: 350, held: 200 }]);
});
