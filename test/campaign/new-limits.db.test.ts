import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Limit } from '../../src/domain/campaign/campaign.types.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { OrderDraft } from '../../src/domain/redemption/redemption.types.ts';
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
import { soundAndExplained } from './support.ts';

jest.setTimeout(120_000);

const NOW = '2026-05-04T18:00:00.000Z';

let t: TestHub;
let hub: Hub;
let store: StoreTerms;

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  store = await aStore(hub);
});
beforeEach(() => t.clock.set(NOW));
afterAll(() => closeAgreed(t));

/** A campaign of 2.00 off, and a word for all. */
async function plain(over: Parameters<typeof aCampaign>[1] = {}): Promise<{ id: string; word: string }> {
  const { id } = await aCampaign(hub, { incentive: amount(200), ...over });
  return { id, word: await sharedWord(hub, id) };
}
const ask = { customer: { phone: '+34600000007' } };
const use = (word: string, { order = ask, on = hub }: { order?: Partial<OrderDraft>; on?: Hub } = {}) =>
  redeem(on, { codes: [word], order: anOrder(store.id, order), tillId: 'till-7' });
const euros = (minor: number) => ({ minor, currency: 'EUR' });

describe('a limit that is new counts what was redeemed before it', () => {
  const kinds = (['REDEMPTIONS', 'DISCOUNT_AMOUNT'] as const).flatMap((counts) =>
    (['CUSTOMER', 'STORE', 'TILL', 'CAMPAIGN', 'MAIN_CAMPAIGN'] as const).flatMap((per) =>
      (['EVER', 'BUSINESS_DAY', 'MONTH'] as const).map((period) => [counts, per, period] as const),
    ),
  );
  test.each(kinds)('%s per %s and %s', async (counts, per, period) => {
    const { id, word } = await plain();
    const first = theRedemption(await use(word));
    theRedemption(await use(word));
    const unit = counts === 'REDEMPTIONS' ? 1 : 200;
    await hub.campaigns.update(ADMIN, id, { limits: [limit(per, 2 * unit, { counts, period })] });
    const refused = rejections(await use(word))[0];
    expect(refused).toMatchObject({ reason: `LIMIT_${per}`, failures: [{ facts: { limit: { used: 2 * unit, held: 0, max: 2 * unit } } }] });
    await reverse(hub, { redemptionId: first.id });
    redeemed(await use(word));
    expect(reasonsOf(await use(word))).toEqual([`LIMIT_${per}`]);
  });

  test('per VOUCHER and day, and per ORDER', async () => {
    const { id, word } = await plain();
    const order = anOrder(store.id, ask);
    redeemed(await redeem(hub, { codes: [word], order }));
    await hub.campaigns.update(ADMIN, id, { limits: [limit('VOUCHER', 1, { period: 'BUSINESS_DAY' }), limit('ORDER', 1)] });
    expect(reasonsOf(await use(word))).toEqual(['LIMIT_VOUCHER']);
    const [other = ''] = await codesOf(hub, id);
    expect(reasonsOf(await redeem(hub, { codes: [other], order }))).toEqual(['LIMIT_ORDER']);
    redeemed(await use(other));
  });

  test('in its period only', async () => {
    const { id, word } = await plain();
    redeemed(await use(word));
    t.clock.set('2026-05-05T18:00:00.000Z');
    redeemed(await use(word));
    await hub.campaigns.update(ADMIN, id, { limits: [limit('CAMPAIGN', 2, { period: 'BUSINESS_DAY' })] });
    redeemed(await use(word));
    expect(reasonsOf(await use(word))).toEqual(['LIMIT_CAMPAIGN']);
  });

  test('net of what was reversed: whole redemptions, and amounts to the cent', async () => {
    const { id, word } = await plain();
    const [whole, part] = [theRedemption(await use(word)), theRedemption(await use(word))];
    await reverse(hub, { redemptionId: whole.id });
    await reverse(hub, { redemptionId: part.id, amount: 50 });
    await hub.campaigns.update(ADMIN, id, {
      limits: [limit('CAMPAIGN', 9), limit('CAMPAIGN', 900, { counts: 'DISCOUNT_AMOUNT' })],
      budget: euros(350),
    });
    expect(await counterAt(hub, `limit:${id}:REDEMPTIONS:CAMPAIGN:EVER::`)).toEqual({ used: 1, held: 0 });
    expect(await counterAt(hub, `limit:${id}:DISCOUNT_AMOUNT:CAMPAIGN:EVER::`)).toEqual({ used: 150, held: 0 });
    expect(await hub.campaigns.budgets([id])).toEqual([{ used: 150, held: 0 }]);
    redeemed(await use(word));
    expect(reasonsOf(await use(word))).toEqual(['BUDGET_EXHAUSTED']);
    await reverse(hub, { redemptionId: part.id });
    expect(await hub.campaigns.budgets([id])).toEqual([{ used: 200, held: 0 }]);
  });

  test('and what is held, which comes free again', async () => {
    const { id, word } = await plain();
    const basket = anOrder(store.id, ask);
    const { id: holdId } = held(await hold(hub, { codes: [word], order: basket, tillId: 'till-7' }));
    await hub.campaigns.update(ADMIN, id, { limits: [limit('CUSTOMER', 1), limit('TILL', 5)], budget: euros(300) });
    const [refused] = rejections(await use(word));
    expect(refused?.failures.map(({ reason }) => reason)).toEqual(['LIMIT_CUSTOMER', 'BUDGET_EXHAUSTED']);
    expect(refused?.failures[0]?.facts.limit).toMatchObject({ used: 0, held: 1, heldUntil: '2026-05-04T18:10:00.000Z' });
    expect(await hub.campaigns.budgets([id])).toEqual([{ used: 0, held: 200 }]);
    redeemed(await redeem(hub, { holdId, order: basket, tillId: 'till-7' }));
    expect(await hub.campaigns.budgets([id])).toEqual([{ used: 200, held: 0 }]);
    expect(await counterAt(hub, `limit:${id}:REDEMPTIONS:TILL:EVER::till-7`)).toEqual({ used: 1, held: 0 });
  });

  test('where it was there before, and taken away for a while', async () => {
    const { id, word } = await plain({ limits: [limit('CAMPAIGN', 5)] });
    redeemed(await use(word));
    await hub.campaigns.update(ADMIN, id, { limits: [] });
    redeemed(await use(word));
    await hub.campaigns.update(ADMIN, id, { limits: [limit('CAMPAIGN', 3)] });
    redeemed(await use(word));
    expect(rejections(await use(word))[0]?.failures[0]?.facts.limit).toMatchObject({ max: 3, used: 3 });
  });

  test('where there are too many to be counted while everybody waits', async () => {
    const { id, word } = await plain();
    const answers = await Promise.all(Array.from({ length: 1_050 }, () => use(word, { order: {} })));
    for (const answer of answers.slice(0, 10)) await reverse(hub, { redemptionId: theRedemption(answer).id });
    await hub.campaigns.update(ADMIN, id, { limits: [limit('CAMPAIGN', 1_041), limit('CUSTOMER', 5)], budget: euros(300_000) });
    expect(await counterAt(hub, `limit:${id}:REDEMPTIONS:CAMPAIGN:EVER::`)).toEqual({ used: 1_040, held: 0 });
    expect(await hub.campaigns.budgets([id])).toEqual([{ used: 208_000, held: 0 }]);
    await reverse(hub, { redemptionId: theRedemption(answers[10] ?? (await use(word))).id });
    for (const _ of [1, 2]) redeemed(await use(word));
    expect(reasonsOf(await use(word))).toEqual(['LIMIT_CAMPAIGN']);
  });

  test('on issued vouchers', async () => {
    const { id } = await plain({ distribution: 'CUSTOMER' });
    const { key } = await hub.keys.create(ADMIN, { name: 'Till', role: 'TILL', storeIds: [store.id] });
    const till = { ...actor('TILL', [store.id]), id: key.id };
    const issue = (phone: string, as = ADMIN) =>
      hub.issuing.issue(as, { idempotencyKey: randomUUID(), campaignId: id, customer: { phone }, validUntil: null });
    await issue('+34600000001');
    await issue('+34600000001', till);
    await issue('+34600000002', till);
    const issued = (per: Limit['per'], max: number, period: Limit['period'] = 'EVER') => limit(per, max, { counts: 'ISSUED', period });
    await hub.campaigns.update(ADMIN, id, {
      limits: [issued('CAMPAIGN', 5, 'MONTH'), issued('CUSTOMER', 2), issued('STORE', 3, 'BUSINESS_DAY'), issued('TILL', 3)],
    });
    const reasons = async (phone: string, as = ADMIN) => {
      const answer = await issue(phone, as);
      return answer.kind === 'refused' ? answer.rejections.map(({ reason }) => reason) : [];
    };
    expect(await reasons('+34600000001')).toEqual(['LIMIT_CUSTOMER']);
    expect(await reasons('+34600000002', till)).toEqual([]);
    expect(await reasons('+34600000003', till)).toEqual(['LIMIT_STORE']);
    expect(await reasons('+34600000003')).toEqual([]);
    expect(await reasons('+34600000004')).toEqual(['LIMIT_CAMPAIGN']);
  });
});

describe('under a main campaign', () => {
  const family = async () => {
    const main = await aCampaign(hub, { name: 'Verano', incentive: null });
    return { main, one: await plain({ parentId: main.id }), two: await plain({ parentId: main.id }) };
  };

  test('a sub’s first limit over the whole main counts what its sisters redeemed', async () => {
    const { one, two } = await family();
    for (const _ of [1, 2]) redeemed(await use(two.word));
    await hub.campaigns.update(ADMIN, one.id, { limits: [limit('MAIN_CAMPAIGN', 3)] });
    redeemed(await use(one.word));
    expect(reasonsOf(await use(one.word))).toEqual(['LIMIT_MAIN_CAMPAIGN']);
    redeemed(await use(two.word));
  });

  test('a new sub that brings one counts them as well', async () => {
    const { main, two } = await family();
    const gone = theRedemption(await use(two.word));
    redeemed(await use(two.word));
    const late = await plain({ parentId: main.id, limits: [limit('MAIN_CAMPAIGN', 2)] });
    expect(reasonsOf(await use(late.word))).toEqual(['LIMIT_MAIN_CAMPAIGN']);
    await reverse(hub, { redemptionId: gone.id });
    redeemed(await use(late.word));
  });

  test('the main’s new limits and budget count all its subs', async () => {
    const { main, one, two } = await family();
    for (const word of [one.word, two.word]) redeemed(await use(word));
    await hub.campaigns.update(ADMIN, main.id, { limits: [limit('CUSTOMER', 2)], budget: euros(500) });
    expect(reasonsOf(await use(one.word))).toEqual(['LIMIT_CUSTOMER']);
    const order = { customer: { phone: '+34600000008' } };
    expect(reasonsOf(await use(two.word, { order }))).toEqual(['BUDGET_EXHAUSTED']);
    expect(await hub.campaigns.budgets([main.id])).toEqual([{ used: 400, held: 0 }]);
  });
});

describe('a ceiling below what is used', () => {
  test('is allowed: nothing is left, and the next is refused', async () => {
    const { id, word } = await plain({ limits: [limit('CAMPAIGN', 5)], budget: euros(1_000) });
    for (const _ of [1, 2, 3]) redeemed(await use(word));
    await hub.campaigns.update(ADMIN, id, { limits: [limit('CAMPAIGN', 1)], budget: euros(100) });
    const [refused] = rejections(await use(word));
    expect(refused?.failures).toMatchObject([
      { reason: 'LIMIT_CAMPAIGN', facts: { limit: { max: 1, used: 3 } } },
      { reason: 'BUDGET_EXHAUSTED', facts: { actual: 0 } },
    ]);
  });

  test('and how often a code is good follows the campaign at once, both ways', async () => {
    const { id } = await aCampaign(hub, { incentive: amount(200) });
    const [code = ''] = await codesOf(hub, id);
    redeemed(await use(code));
    const shown = async () => (await hub.vouchers.byCode(code))?.shown;
    expect(await shown()).toBe('REDEEMED');
    await hub.campaigns.update(ADMIN, id, { limits: [limit('VOUCHER', 2)] });
    expect(await shown()).toBe('ISSUED');
    redeemed(await use(code));
    await hub.campaigns.update(ADMIN, id, { limits: [limit('VOUCHER', 3)] });
    await hub.campaigns.update(ADMIN, id, { limits: [] });
    expect(await shown()).toBe('REDEEMED');
    expect(reasonsOf(await use(code))).toEqual(['ALREADY_REDEEMED']);
  });
});

test('whatever was counted later, every redemption is explained to what it was, and the books are sound', async () => {
  await soundAndExplained(hub);
});
