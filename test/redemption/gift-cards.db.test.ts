import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Hub } from '../../src/domain/hub.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { booksAgree } from '../helpers/agree.ts';
import { eventually } from '../helpers/basics.ts';
import {
  ADMIN,
  aCampaign,
  anOrder,
  aStore,
  codesOf,
  counterAt,
  held,
  hold,
  limit,
  line,
  openTestHub,
  reasonsOf,
  redeem,
  redeemed,
  rejections,
  reversals,
  reverse,
  rowsOf,
  type TestHub,
  tender,
  theRedemption,
} from '../helpers/domain.ts';
import { aPlatformOrder, discountOf, intake } from '../order/support.ts';

jest.setTimeout(120_000);

let t: TestHub;
let twin: Hub;
let store: StoreTerms;

beforeAll(async () => {
  t = await openTestHub();
  twin = await t.twin();
  store = await aStore(t.hub);
});
afterEach(() => booksAgree(t.database.url));
afterAll(() => t.close());

const GUEST = { phone: '+34600444777' };
const card = (minor: number) => ({ giftBalance: { value: { minor, currency: 'EUR' } } });
const orderOf = (minor: number, over: Parameters<typeof anOrder>[1] = {}) => anOrder(store.id, { lines: [line('menu', minor)], ...over });

async function aCard(minor = 2_000, over: Parameters<typeof aCampaign>[1] = {}): Promise<string> {
  const campaign = await aCampaign(t.hub, { incentive: card(minor), ...over });
  return (await codesOf(t.hub, campaign.id))[0] ?? '';
}
async function standing(code: string): Promise<string> {
  const voucher = await t.hub.vouchers.byCode(code);
  return `${voucher?.shown} ${voucher?.balance?.left}${voucher?.balance?.held ? ` (${voucher.balance.held} held)` : ''}`;
}

describe('a gift card', () => {
  test('is spent in parts until nothing is left, and says each time what is', async () => {
    const code = await aCard();
    expect(await standing(code)).toBe('CREATED 2000');
    expect(theRedemption(await redeem(t.hub, { codes: [code], order: orderOf(1_250) }))).toMatchObject({
      amount: 1_250,
      kind: 'TENDER',
      taxClass: 'MULTI_PURPOSE',
      allocations: [],
    });
    expect(await standing(code)).toBe('PARTLY_REDEEMED 750');
    const page = { first: 100, after: null };
    const partly = await t.hub.lists.vouchers(ADMIN, { statuses: ['PARTLY_REDEEMED'] }, page);
    expect(partly.edges.map(({ node }) => [node.code, node.balance?.left])).toContainEqual([code, 750]);
    const last = redeemed(await redeem(t.hub, { codes: [code], order: orderOf(1_000) }));
    expect(last.redemptions[0]?.amount).toBe(750);
    expect(last.priced).toMatchObject({ due: 250, tendered: 750, voucherDiscounts: 0 });
    expect(await standing(code)).toBe('REDEEMED 0');
    const [refusal] = rejections(await redeem(t.hub, { codes: [code], order: orderOf(1_000) }));
    expect(refusal?.failures.map(({ reason }) => reason)).toEqual(['BALANCE_EMPTY']);
  });

  test('pays beside other cards and one part payment, in the order of application', async () => {
    const codes = [await aCard(500), await aCard(700), ...(await codesOf(t.hub, (await aCampaign(t.hub, { incentive: tender(400) })).id))];
    const order = orderOf(1_500);
    const { redemptions, priced } = redeemed(await redeem(t.hub, { codes, order }));
    // The larger first: 7.00, 5.00, and 3.00 of the 4.00.
    expect(redemptions.map(({ amount }) => amount)).toEqual([500, 700, 300]);
    expect(priced).toMatchObject({ due: 0, tendered: 1_500 });
    const another = await codesOf(t.hub, (await aCampaign(t.hub, { incentive: tender(400) })).id);
    expect(reasonsOf(await redeem(t.hub, { codes: another, order }))).toEqual(['TOO_MANY_VOUCHERS']);
  });

  test('a part payment after a gift card on the same order is the first of its kind', async () => {
    const order = orderOf(1_500);
    redeemed(await redeem(t.hub, { codes: [await aCard(500)], order }));
    redeemed(await redeem(t.hub, { codes: [await aCard(300)], order }));
    const part = await codesOf(t.hub, (await aCampaign(t.hub, { incentive: tender(400) })).id);
    expect(redeemed(await redeem(t.hub, { codes: part, order })).priced.due).toBe(300);
  });

  test('ends with its limit, too', async () => {
    const code = await aCard(2_000, { limits: [limit('VOUCHER', 2)] });
    for (const _ of [1, 2]) redeemed(await redeem(t.hub, { codes: [code], order: orderOf(100) }));
    expect(reasonsOf(await redeem(t.hub, { codes: [code], order: orderOf(100) }))).toEqual(['LIMIT_VOUCHER']);
    expect(await standing(code)).toBe('REDEEMED 1800');
  });

  test('is nobody’s word', async () => {
    const campaign = await aCampaign(t.hub, { incentive: card(2_000) });
    await expect(codesOf(t.hub, campaign.id, 1, { shared: 'REGALO2026' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('what is held of a gift card', () => {
  test('is set aside: the rest can be spent, what is held is told, and it is used up or freed', async () => {
    const code = await aCard();
    const order = orderOf(1_200);
    const { id } = held(await hold(t.hub, { codes: [code], order }));
    expect(await standing(code)).toBe('CREATED 2000 (1200 held)');
    expect(theRedemption(await redeem(t.hub, { codes: [code], order: orderOf(1_000) })).amount).toBe(800);
    expect(await standing(code)).toBe('HELD 1200 (1200 held)');
    expect(reasonsOf(await redeem(twin, { codes: [code], order: orderOf(1_000) }))).toEqual(['HELD_ELSEWHERE']);
    expect(theRedemption(await redeem(t.hub, { holdId: id, order })).amount).toBe(1_200);
    expect(await standing(code)).toBe('REDEEMED 0');

    const other = await aCard();
    const freed = held(await hold(t.hub, { codes: [other], order: orderOf(2_500) }));
    expect(await standing(other)).toBe('HELD 2000 (2000 held)');
    await t.hub.desk.releaseHold(ADMIN, freed.id);
    expect(await standing(other)).toBe('CREATED 2000');
  });
});

describe('taking back', () => {
  test('puts money back on the card: by amount, whole, until nothing is left redeemed', async () => {
    const code = await aCard();
    const first = theRedemption(await redeem(t.hub, { codes: [code], order: orderOf(1_500) }));
    const second = theRedemption(await redeem(t.hub, { codes: [code], order: orderOf(500) }));
    expect(await standing(code)).toBe('REDEEMED 0');
    expect(reversals(await reverse(t.hub, { redemptionId: first.id, amount: 300 }))).toMatchObject([{ amount: 300, allocations: [] }]);
    expect(await standing(code)).toBe('PARTLY_REDEEMED 300');
    await reverse(t.hub, { redemptionId: second.id });
    expect(await standing(code)).toBe('PARTLY_REDEEMED 800');
    await expect(reverse(t.hub, { redemptionId: first.id, units: [{ lineId: 'menu', quantity: '1' }] })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    await reverse(t.hub, { redemptionId: first.id });
    expect(await standing(code)).toBe('ISSUED 2000');
    expect(reasonsOf(await reverse(t.hub, { redemptionId: first.id }))).toEqual(['ALREADY_REVERSED']);
    expect(theRedemption(await redeem(t.hub, { codes: [code], order: orderOf(2_100) })).amount).toBe(2_000);
  });

  test('leaves a blocked card blocked', async () => {
    const code = await aCard();
    const { id } = theRedemption(await redeem(t.hub, { codes: [code], order: orderOf(500) }));
    const voucher = await t.hub.vouchers.byCode(code);
    await t.hub.vouchers.block(ADMIN, voucher?.id ?? '', 'lost');
    expect(reasonsOf(await redeem(t.hub, { codes: [code], order: orderOf(500) }))).toEqual(['BLOCKED']);
    await reverse(t.hub, { redemptionId: id });
    expect(await standing(code)).toBe('BLOCKED 2000');
  });
});

describe('a gift card that was given to somebody', () => {
  async function given(validUntil: string | null = null): Promise<{ id: string; code: string }> {
    const { id } = await aCampaign(t.hub, { incentive: card(2_000), distribution: 'CUSTOMER' });
    await codesOf(t.hub, id);
    const answer = await t.hub.issuing.issue(ADMIN, { idempotencyKey: randomUUID(), campaignId: id, customer: GUEST, validUntil });
    if (answer.kind !== 'issued') throw new Error('Refused.');
    return { id, code: t.hub.codes.codeAt(answer) };
  }
  const pay = (code: string, minor: number) => redeem(t.hub, { codes: [code], order: orderOf(minor, { customer: GUEST }) });

  test('is worth what was promised, whatever its campaign gives since', async () => {
    const { id, code } = await given();
    await t.hub.campaigns.update(ADMIN, id, { incentive: card(500) });
    expect(await standing(code)).toBe('ISSUED 2000');
    expect(theRedemption(await pay(code, 1_200)).amount).toBe(1_200);
    expect(await standing(code)).toBe('PARTLY_REDEEMED 800');
  });

  test('ends with its time, and the book says so', async () => {
    const { code } = await given('2026-05-05T00:00:00.000Z');
    const { id } = theRedemption(await pay(code, 500));
    t.clock.set('2026-05-05T00:00:01.000Z');
    expect(reasonsOf(await pay(code, 500))).toEqual(['VOUCHER_EXPIRED']);
    const book = "select type from ledger_event where code = $1 and type = 'VOUCHER_EXPIRED'";
    await eventually(async () => expect(await rowsOf(t.hub, book, [code])).toHaveLength(1));
    await reverse(t.hub, { redemptionId: id });
    expect(await standing(code)).toBe('EXPIRED 2000');
  });
});

describe('a gift card that a platform’s till took', () => {
  test('is booked as far as there is money on it; beyond, the order is recorded and the card refused with both sums', async () => {
    const code = await aCard(1_000);
    await intake(t.hub, store.id, aPlatformOrder([discountOf(code, 700)]));
    expect(await standing(code)).toBe('PARTLY_REDEEMED 300');
    const { refused } = await intake(t.hub, store.id, aPlatformOrder([discountOf(code, 500)]));
    expect(refused).toMatchObject([{ reason: 'BALANCE_EMPTY', failures: [{ facts: { required: 500, actual: 300, currency: 'EUR' } }] }]);
    expect(await standing(code)).toBe('PARTLY_REDEEMED 300');
  });
});

describe('many tills at once', () => {
  test('never spend more than there is: 64 payments of 1.00 on a card of 20.00, in two processes', async () => {
    const code = await aCard();
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, n) => redeem(n % 2 === 0 ? t.hub : twin, { codes: [code], order: orderOf(100) })),
    );
    expect(answers.filter(({ kind }) => kind === 'redeemed')).toHaveLength(20);
    expect(new Set(answers.flatMap(reasonsOf))).toEqual(new Set(['BALANCE_EMPTY']));
    expect(await standing(code)).toBe('REDEEMED 0');
    const voucher = await t.hub.vouchers.byCode(code);
    expect(await counterAt(t.hub, `balance:${voucher?.id}`)).toEqual({ used: 2_000, held: 0 });
  });

  test('share out what is left to the cent: 64 payments of 0.70 on a card of 10.00', async () => {
    const code = await aCard(1_000);
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, n) => redeem(n % 2 === 0 ? t.hub : twin, { codes: [code], order: orderOf(70) })),
    );
    const paid = answers.flatMap((answer) => (answer.kind === 'redeemed' ? answer.redemptions.map(({ amount }) => amount) : []));
    expect(paid.sort((a, b) => b - a)).toEqual([...Array<number>(14).fill(70), 20]);
  });
});
