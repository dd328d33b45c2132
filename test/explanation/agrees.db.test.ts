import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { RULES } from '../../src/domain/decision/rules.ts';
import { CHECKED } from '../../src/domain/explanation/rule-checks.ts';
import { closeAgreed } from '../helpers/agree.ts';
import { ADMIN, aCampaign, anOrder, aStore, codesOf, openTestHub, redeem, rowsOf, type TestHub, theRedemption } from '../helpers/domain.ts';
import { allExplained } from '../helpers/explained.ts';
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

describe('whatever was redeemed, and however terms, stores and orders were changed since', () => {
  const seen = new Set<string>();
  test.each([1, 2, 3, 4])('it is explained, to the unit (seed %i)', async (seed) => {
    const world = new RandomWorld(t.hub, seed, () => t.clock.tick(1_000));
    await world.open();
    for (let n = 0; n < 90; n += 1) await world.step();
    for (const what of world.seen.keys()) seen.add(what);
    expect(await allExplained(t.hub)).toBeGreaterThan(20);
  });

  test('all that matters was among it', () => {
    const wanted = ['redeemed', 'refused', 'held', 'platform', 'campaign changed', 'store changed', 'reverse'];
    expect([...seen]).toEqual(expect.arrayContaining(wanted));
  });
});

describe('what is not as it was', () => {
  const explain = async (id: string) => {
    const explanation = await t.hub.explanations.explain(ADMIN, id);
    if (!explanation) throw new Error(`Nothing of ${id}.`);
    return explanation;
  };
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

test('a plain redeem keeps nothing besides basket and versions', async () => {
  const store = await aStore(t.hub);
  const campaign = await aCampaign(t.hub);
  const { checkoutId } = theRedemption(await redeem(t.hub, { codes: await codesOf(t.hub, campaign.id), order: anOrder(store.id) }));
  expect(await rowsOf(t.hub, 'select actor_id, store_version, rule_version, inputs from checkout where id = $1', [checkoutId])).toEqual([
    { actor_id: ADMIN.id, store_version: 1, rule_version: 1, inputs: null },
  ]);
});
