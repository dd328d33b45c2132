import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ReversalPolicy } from '../../src/domain/campaign/campaign.types.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { ReverseAnswer } from '../../src/domain/redemption/redemption.types.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { booksAgree } from '../helpers/agree.ts';
import { chanceOf } from '../helpers/basics.ts';
import {
  ADMIN,
  aCampaign,
  amount,
  anOrder,
  aStore,
  codesOf,
  counterAt,
  hold,
  limit,
  line,
  openTestHub,
  percent,
  reasonsOf,
  redeem,
  redeemed,
  reverse,
  rowsOf,
  sharedWord,
  type TestHub,
  theRedemption,
} from '../helpers/domain.ts';

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
const POLICIES: readonly ReversalPolicy[] = ['KEEP', 'REPRICE', 'CLAW_BACK'];
const WAYS = [
  { units: [{ lineId: 'tapa', quantity: '1' }] },
  { units: [{ lineId: 'tapa', quantity: '2' }] },
  { units: [{ lineId: 'ham', quantity: '0.25' }] },
  { amount: 35 },
  { amount: 7 },
  {},
] as const;

const lines = [line('tapa', 333, { quantity: '7', discount: 10 }), line('ham', 3_990, { quantity: '0.75' })];
const taken = (answers: readonly ReverseAnswer[]): number =>
  answers.flatMap((answer) => (answer.kind === 'reversed' ? answer.reversals : [])).reduce((sum, reversal) => sum + reversal.amount, 0);

describe('many reversals at once, in two processes', () => {
  test.each(POLICIES)('by unit, by amount and whole, of one redemption (%s): what came back is what was given', async (reversalPolicy) => {
    const campaign = await aCampaign(t.hub, {
      incentive: percent('10'),
      conditions: { minimumOrder: 3_000 },
      reversalPolicy,
      budget: { minor: 100_000, currency: 'EUR' },
    });
    const chance = chanceOf(20_261_123);
    for (const code of await codesOf(t.hub, campaign.id, 6)) {
      const { id, amount: given } = theRedemption(await redeem(t.hub, { codes: [code], order: anOrder(store.id, { lines }) }));
      // Never whole among the first, so that something is left to fight for.
      const ways = Array.from({ length: 24 }, (_, n) => (n < 18 ? chance.pick(WAYS.slice(0, 5)) : chance.pick(WAYS)));
      const answers = await Promise.all(ways.map((how, n) => reverse(hubOf(n), { redemptionId: id, ...how })));
      const last = await reverse(t.hub, { redemptionId: id });
      const all = [...answers, last];
      expect(taken(all)).toBe(given);
      // All that stood came back to it once, and the voucher with it.
      expect(await t.hub.vouchers.byCode(code)).toMatchObject({ shown: 'ISSUED', uses: 0 });
      const returned = await rowsOf<{ tapa: number | null; ham: string | null }>(
        t.hub,
        `select sum((units ->> 'tapa')::numeric)::float as tapa, sum((units ->> 'ham')::numeric)::text as ham from reversal where redemption_id = $1`,
        [id],
      );
      expect(returned[0]?.tapa ?? 0).toBeLessThanOrEqual(7);
      expect(Number(returned[0]?.ham ?? 0)).toBeLessThanOrEqual(0.75);
      expect(new Set(all.flatMap(reasonsOf))).not.toContain('IDEMPOTENCY_KEY_REUSED');
    }
    expect(await counterAt(t.hub, `budget:${campaign.id}`)).toEqual({ used: 0, held: 0 });
  });

  test('of several redemptions of one order never lay more on a unit than it costs', async () => {
    const [one, two] = [
      await aCampaign(t.hub, { incentive: amount(900), reversalPolicy: 'REPRICE' }),
      await aCampaign(t.hub, { incentive: amount(900), reversalPolicy: 'REPRICE' }),
    ];
    const ones = await codesOf(t.hub, one.id, 12);
    const twos = await codesOf(t.hub, two.id, 12);
    for (const [n, code] of ones.entries()) {
      const order = anOrder(store.id, { lines: [line('tapa', 500, { quantity: '4' })] });
      const { redemptions } = redeemed(await redeem(t.hub, { codes: [code, twos[n] ?? ''], order }));
      // 2.25 of each on a tapa of 5.00: each alone would find 2.75 for itself on the last.
      const units = [{ lineId: 'tapa', quantity: '3' }];
      await Promise.all(redemptions.map(({ id }, which) => reverse(hubOf(which), { redemptionId: id, units })));
      const stands = await rowsOf<{ total: number }>(
        t.hub,
        'select sum(amount + moved - returned)::int as total from allocation where redemption_id = any($1) group by line_id, unit having sum(amount + moved - returned) <> 0',
        [redemptions.map(({ id }) => id)],
      );
      expect(stands).toEqual([{ total: 500 }]);
    }
  });
});

describe('reversals against redeems and holds', () => {
  test('of the same voucher at once: never more than one use stands or is set aside', async () => {
    const campaign = await aCampaign(t.hub, { limits: [limit('CAMPAIGN', 3)] });
    for (const code of await codesOf(t.hub, campaign.id, 3)) {
      let { id } = theRedemption(await redeem(t.hub, { codes: [code], order: anOrder(store.id) }));
      for (let round = 0; round < 3; round += 1) {
        const [, ...others] = await Promise.all([
          reverse(hubOf(round), { redemptionId: id }),
          ...Array.from({ length: 4 }, (_, n) => redeem(hubOf(n), { codes: [code], order: anOrder(store.id) })),
          ...Array.from({ length: 3 }, (_, n) => hold(hubOf(n), { codes: [code], order: anOrder(store.id) })),
        ]);
        const won = others.filter((answer) => answer.kind !== 'refused');
        expect(won.length).toBeLessThanOrEqual(1);
        const [winner] = won;
        if (winner?.kind === 'held') await t.hub.desk.releaseHold(ADMIN, winner.hold.id);
        id =
          winner?.kind === 'redeemed'
            ? (winner.redemptions[0]?.id ?? '')
            : theRedemption(await redeem(t.hub, { codes: [code], order: anOrder(store.id) })).id;
      }
      await reverse(t.hub, { redemptionId: id });
    }
  });
});

describe('holds under load', () => {
  test('200 at once on one word with room for 150: exactly 150, and what they set aside is exact', async () => {
    const campaign = await aCampaign(t.hub, { incentive: amount(100), budget: { minor: 15_099, currency: 'EUR' } });
    const word = await sharedWord(t.hub, campaign.id);
    const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => hold(hubOf(n), { codes: [word], order: anOrder(store.id) })));
    const held = answers.flatMap((answer) => (answer.kind === 'held' ? [answer.hold] : []));
    expect(held).toHaveLength(150);
    expect(new Set(answers.flatMap(reasonsOf))).toEqual(new Set(['BUDGET_EXHAUSTED']));
    expect(await counterAt(t.hub, `budget:${campaign.id}`)).toEqual({ used: 0, held: 15_000 });
    await Promise.all(held.map(({ id }, n) => hubOf(n).desk.releaseHold(ADMIN, id, 'PAYMENT_FAILED')));
    expect(await counterAt(t.hub, `budget:${campaign.id}`)).toEqual({ used: 0, held: 0 });
  });

  test('200 at once with codes of their own all hold, and all are free when their time is over', async () => {
    const campaign = await aCampaign(t.hub, { incentive: amount(100), limits: [limit('CAMPAIGN', 200)] });
    const codes = await codesOf(t.hub, campaign.id, 200);
    const answers = await Promise.all(codes.map((code, n) => hold(hubOf(n), { codes: [code], order: anOrder(store.id), ttlSeconds: 60 })));
    expect(answers.flatMap(reasonsOf)).toEqual([]);
    t.clock.tick(60_000);
    const again = await Promise.all(codes.map((code, n) => redeem(hubOf(n), { codes: [code], order: anOrder(store.id) })));
    expect(again.flatMap(reasonsOf)).toEqual([]);
  });
});
