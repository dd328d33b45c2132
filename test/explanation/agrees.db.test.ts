import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { RULES } from '../../src/domain/decision/rules.ts';
import { CHECKED } from '../../src/domain/explanation/rule-checks.ts';
import { closeAgreed } from '../helpers/agree.ts';
import {
  ADMIN,
  aCampaign,
  anOrder,
  aStore,
  codesOf,
  limit,
  openTestHub,
  redeem,
  rowsOf,
  type TestHub,
  theRedemption,
} from '../helpers/domain.ts';
import { allExplained } from '../helpers/explained.ts';
import { aPlatformOrder, discountOf, intake } from '../order/support.ts';
import { RandomWorld } from './random-world.ts';

jest.setTimeout(120_000);

let t: TestHub;
beforeAll(async () => {
  t = await openTestHub();
});
afterAll(() => closeAgreed(t));

test('every rule that a decision asks can be told of, in the same order', () => {
  expect(CHECKED.map(({ rule }) => rule)).toEqual(RULES);
});

const explain = async (id: string) => {
  const explanation = await t.hub.explanations.explain(ADMIN, id);
  if (!explanation) throw new Error(`Nothing of ${id}.`);
  return explanation;
};

describe('whatever was redeemed, and however terms, stores and orders were changed since', () => {
  const seen = new Set<string>();
  test.each([1, 2, 3, 4])('it is explained, to the unit (seed %i)', async (seed) => {
    const world = new RandomWorld(t.hub, seed, () => t.clock.tick(1_000));
    await world.open();
    for (let n = 0; n < 90; n += 1) await world.step();
    for (const what of world.seen.keys()) seen.add(what);
    expect(await allExplained(t.hub)).toBeGreaterThan(0);
  });

  test('all that matters was among it', async () => {
    const wanted = ['redeemed', 'refused', 'held', 'platform', 'campaign changed', 'store changed', 'reverse'];
    expect([...seen]).toEqual(expect.arrayContaining(wanted));
    expect(await allExplained(t.hub)).toBeGreaterThan(45);
  });
});

describe('what is not as it was', () => {
  async function made(): Promise<string> {
    const store = await aStore(t.hub);
    const campaign = await aCampaign(t.hub);
    return theRedemption(await redeem(t.hub, { codes: await codesOf(t.hub, campaign.id), order: anOrder(store.id) })).id;
  }
  /** Undone at the end, for the books of the suite have to agree. */
  async function damaged(id: string, damage: string, mend: string): Promise<string[]> {
    const checkout = `(select checkout_id from redemption where id = '${id}')`;
    await rowsOf(t.hub, damage.replace('$checkout', checkout));
    try {
      return (await explain(id)).differences.map(({ kind }) => kind);
    } finally {
      await rowsOf(t.hub, mend.replace('$checkout', checkout));
    }
  }

  test('is told: a share, an amount, a sum', async () => {
    const id = await made();
    const share = (amount: number) => `update allocation set amount = ${amount} where redemption_id = '${id}'`;
    expect(await damaged(id, share(199), share(200))).toEqual(['ALLOCATIONS']);
    const sum = (amount: number) => `update redemption set amount = ${amount} where id = '${id}'`;
    expect(await damaged(id, sum(199), sum(200))).toContain('AMOUNT');
    const due = (minor: number) => `update checkout set priced = jsonb_set(priced::jsonb, '{due}', '${minor}')::json where id = $checkout`;
    expect(await damaged(id, due(1), due(1_800))).toEqual(['SUMS']);
  });

  test('is told: rules that this hub does not know', async () => {
    const id = await made();
    const rules = (version: number) => `update checkout set rule_version = ${version} where id = $checkout`;
    expect(await damaged(id, rules(999), rules(1))).toEqual(['NOT_REPLAYED']);
  });

  test('of a redeem from before its inputs were kept, it says that it is not certain', async () => {
    const id = await made();
    const version = (value: string) =>
      `update checkout set store_version = ${value} where id = (select checkout_id from redemption where id = '${id}')`;
    await rowsOf(t.hub, version('null'));
    expect(await explain(id)).toMatchObject({ complete: false, differences: [], store: { version: 1 } });
    await rowsOf(t.hub, version('1'));
  });
});

describe('what is kept', () => {
  test('of a person is sealed', async () => {
    const store = await aStore(t.hub);
    const campaign = await aCampaign(t.hub, { conditions: { birthdayWindow: { daysBefore: 0, daysAfter: 0 } } });
    await t.hub.customers.upsert(ADMIN, { phone: '+34600777888', birthday: `1977-${new Date(t.clock.now()).toISOString().slice(5, 10)}` });
    const order = anOrder(store.id, { customer: { phone: '+34600777888' } });
    const { id, checkoutId } = theRedemption(await redeem(t.hub, { codes: await codesOf(t.hub, campaign.id), order }));
    const [row] = await rowsOf<{ kept: string }>(t.hub, 'select inputs::text as kept from checkout where id = $1', [checkoutId]);
    expect(row?.kept).toMatch(/^\{"customer":"v1\./);
    expect(row?.kept).not.toContain('1977');
    expect((await explain(id)).differences).toEqual([]);
  });

  test('of limits that were read says how full they were; of a platform, what the rules gave and what it gave', async () => {
    const store = await aStore(t.hub);
    const campaign = await aCampaign(t.hub, { limits: [limit('CAMPAIGN', 9)], budget: { minor: 5_000, currency: 'EUR' } });
    const codes = await codesOf(t.hub, campaign.id, 3);
    const order = anOrder(store.id);
    const first = theRedemption(await redeem(t.hub, { codes: [codes[0] ?? ''], order }));
    const second = theRedemption(await redeem(t.hub, { codes: [codes[1] ?? ''], order }));
    const limitsOf = async (id: string) => (await explain(id)).vouchers[0]?.trace?.limits.map(({ taken, used }) => ({ taken, used }));
    expect(await limitsOf(first.id)).toEqual([
      { taken: 1, used: null },
      { taken: 200, used: null },
    ]);
    // What the first gave is in the order before the second: 10 % of 18.00.
    expect(await limitsOf(second.id)).toEqual([
      { taken: 1, used: 1 },
      { taken: 180, used: 200 },
    ]);
    expect(await explain(second.id)).toMatchObject({ before: { due: 1_800 }, after: { due: 1_620 } });
    const { redeemed: made } = await intake(t.hub, store.id, aPlatformOrder([discountOf(codes[2] ?? '', 150)]));
    expect(await explain(made[0] ?? '')).toMatchObject({
      differences: [],
      after: { due: 1_850 },
      vouchers: [{ reckoned: 200, redemption: { amount: 150 }, trace: { reckoning: { amount: 200 } } }],
    });
  });
});

test('a plain redeem keeps nothing besides basket and versions', async () => {
  const store = await aStore(t.hub);
  const campaign = await aCampaign(t.hub);
  const { checkoutId } = theRedemption(await redeem(t.hub, { codes: await codesOf(t.hub, campaign.id), order: anOrder(store.id) }));
  expect(await rowsOf(t.hub, 'select actor_id, store_version, rule_version, inputs from checkout where id = $1', [checkoutId])).toEqual([
    { actor_id: ADMIN.id, store_version: 1, rule_version: 1, inputs: null },
  ]);
});
