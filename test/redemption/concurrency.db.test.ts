import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Hub } from '../../src/domain/hub.ts';
import type { RedeemAnswer } from '../../src/domain/redemption/redemption.types.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { booksAgree } from '../helpers/agree.ts';
import {
  aCampaign,
  amount,
  anOrder,
  aStore,
  codesOf,
  counterAt,
  limit,
  openTestHub,
  reasonsOf,
  redeem,
  rowsOf,
  sharedWord,
  type TestHub,
} from '../helpers/domain.ts';
import { allExplained } from '../helpers/explained.ts';
import { Evening } from './evening.ts';

jest.setTimeout(120_000);

let t: TestHub;
let hubs: readonly [Hub, Hub];
let store: StoreTerms;

beforeAll(async () => {
  t = await openTestHub();
  hubs = [t.hub, await t.twin()];
  store = await aStore(t.hub);
});
afterEach(() => booksAgree(t.database.url));
afterAll(() => t.close());

const hubOf = (n: number): Hub => (n % 2 === 0 ? hubs[0] : hubs[1]);
const successes = (answers: readonly RedeemAnswer[]) => answers.filter((answer) => answer.kind === 'redeemed').length;

/** So many clients, each with one request under way, until `total` were sent. */
async function byClients<T>(clients: number, total: number, ask: (n: number) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  let next = 0;
  const client = async () => {
    while (next < total) {
      const n = next++;
      answers[n] = await ask(n);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return answers;
}

describe('64 clients', () => {
  test('on one code, in one process: one success, the others hear why', async () => {
    const campaign = await aCampaign(t.hub);
    for (const code of await codesOf(t.hub, campaign.id, 5)) {
      const answers = await byClients(64, 64, () => redeem(t.hub, { codes: [code], order: anOrder(store.id) }));
      expect(successes(answers)).toBe(1);
      expect(new Set(answers.flatMap(reasonsOf))).toEqual(new Set(['ALREADY_REDEEMED']));
    }
    expect((await t.hub.campaigns.counts([campaign.id]))[0]).toMatchObject({ redeemed: 5, rejected: 5 * 63 });
  });

  test('on one code, in two processes: one success', async () => {
    const campaign = await aCampaign(t.hub);
    for (const code of await codesOf(t.hub, campaign.id, 5)) {
      const answers = await byClients(64, 64, (n) => redeem(hubOf(n), { codes: [code], order: anOrder(store.id) }));
      expect(successes(answers)).toBe(1);
      expect(new Set(answers.flatMap(reasonsOf))).toEqual(new Set(['ALREADY_REDEEMED']));
    }
  });

  test('on one code that is good three times, in two processes: three successes', async () => {
    const campaign = await aCampaign(t.hub, { limits: [limit('VOUCHER', 3)] });
    for (const code of await codesOf(t.hub, campaign.id, 3)) {
      const answers = await byClients(64, 64, (n) => redeem(hubOf(n), { codes: [code], order: anOrder(store.id) }));
      expect(successes(answers)).toBe(3);
      expect(new Set(answers.flatMap(reasonsOf))).toEqual(new Set(['LIMIT_VOUCHER']));
    }
  });

  test('on one order with one voucher to an order: one success', async () => {
    const small = await aStore(t.hub, { name: 'Uno', maxVouchersPerOrder: 1 });
    const campaign = await aCampaign(t.hub);
    const codes = await codesOf(t.hub, campaign.id, 64);
    const order = anOrder(small.id);
    const answers = await byClients(64, 64, (n) => redeem(hubOf(n), { codes: [codes[n] ?? ''], order }));
    expect(successes(answers)).toBe(1);
    expect(new Set(answers.flatMap(reasonsOf))).toEqual(new Set(['TOO_MANY_VOUCHERS']));
  });
});

describe('2,000 attempts', () => {
  test('on a limit of 500 with codes of their own, in two processes: exactly 500', async () => {
    const campaign = await aCampaign(t.hub, { incentive: amount(100), limits: [limit('CAMPAIGN', 500)] });
    const codes = await codesOf(t.hub, campaign.id, 2_000);
    const answers = await byClients(64, 2_000, (n) => redeem(hubOf(n), { codes: [codes[n] ?? ''], order: anOrder(store.id) }));
    expect(successes(answers)).toBe(500);
    expect(new Set(answers.flatMap(reasonsOf))).toEqual(new Set(['LIMIT_CAMPAIGN']));
    expect((await t.hub.campaigns.counts([campaign.id]))[0]).toMatchObject({ codes: 2_000, redeemed: 500, rejected: 1_500 });
  });

  test('on one word and a budget for 500: exactly 500, to the cent', async () => {
    const campaign = await aCampaign(t.hub, { incentive: amount(100), budget: { minor: 50_099, currency: 'EUR' } });
    const word = await sharedWord(t.hub, campaign.id);
    const answers = await byClients(64, 2_000, (n) => redeem(hubOf(n), { codes: [word], order: anOrder(store.id) }));
    expect(successes(answers)).toBe(500);
    expect(new Set(answers.flatMap(reasonsOf))).toEqual(new Set(['BUDGET_EXHAUSTED']));
    expect(await counterAt(t.hub, `budget:${campaign.id}`)).toEqual({ used: 50_000, held: 0 });
  });
});

describe('everything at once', () => {
  test.each([1, 20_260_504])('in two processes ends with counters, ledger and tables that agree (seed %i)', async (seed) => {
    const main = await aCampaign(t.hub, { name: 'Verano', incentive: null, budget: { minor: 9_000, currency: 'EUR' } });
    const limits = [limit('CAMPAIGN', 40), limit('CUSTOMER', 20, { period: 'BUSINESS_DAY' }), limit('MAIN_CAMPAIGN', 60)];
    const one = await aCampaign(t.hub, { name: 'uno', parentId: main.id, incentive: amount(150), limits });
    const two = await aCampaign(t.hub, {
      name: 'dos',
      parentId: main.id,
      limits: [limit('VOUCHER', 2), limit('STORE', 9_000, { counts: 'DISCOUNT_AMOUNT' })],
    });
    const codes = [
      ...(await codesOf(t.hub, one.id, 25)),
      ...(await codesOf(t.hub, two.id, 15)),
      await sharedWord(t.hub, one.id),
      await sharedWord(t.hub, two.id),
    ];
    const evening = new Evening({ seed, storeId: store.id, codes, pass: () => t.clock.tick(500) });
    await byClients(32, 500, (n) => evening.step(hubOf(n), n));
    // Whatever chance did, it did some of all that matters.
    expect([...evening.seen.keys()]).toEqual(expect.arrayContaining(['redeemed', 'again', 'held', 'reversed', 'refused HOLD_EXPIRED']));
    expect(await allExplained(t.hub, [one.id, two.id])).toBeGreaterThan(40);
    const [late] = await rowsOf<{ n: number }>(t.hub, 'select count(*) as n from voucher where uses < 0 or holds < 0');
    expect(late?.n).toBe(0);
  });
});
