import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Hub } from '../../src/domain/hub.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { closeAgreed } from '../helpers/agree.ts';
import {
  ADMIN,
  aCampaign,
  anOrder,
  aStore,
  codesOf,
  hold,
  limit,
  openTestHub,
  percent,
  reasonsOf,
  redeem,
  rowsOf,
  sharedWord,
  type TestHub,
} from '../helpers/domain.ts';

let t: TestHub;
let hub: Hub;
let other: Hub;
let store: StoreTerms;

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  other = await t.twin();
  store = await aStore(hub);
});
afterAll(() => closeAgreed(t));

const openHolds = (externalId: string) =>
  rowsOf<{ codes: string[] }>(hub, "select codes from hold where status = 'ACTIVE' and external_id = $1", [externalId]);

test('regression: a hold of a sister campaign counts in what a sub limits of its whole main', async () => {
  const main = await aCampaign(hub, { name: 'main', incentive: null });
  const limited = await aCampaign(hub, { parentId: main.id, limits: [limit('MAIN_CAMPAIGN', 1)] });
  const sister = await aCampaign(hub, { parentId: main.id, incentive: percent('20') });
  const [[mine = ''], [theirs = '']] = [await codesOf(hub, limited.id), await codesOf(hub, sister.id)];
  const held = await hold(hub, { codes: [theirs], order: anOrder(store.id) });
  expect(await hub.campaigns.limitUses([limited.id])).toMatchObject([[{ used: 0, held: 1 }]]);
  expect(reasonsOf(await redeem(hub, { codes: [mine], order: anOrder(store.id) }))).toEqual(['LIMIT_MAIN_CAMPAIGN']);
  if (held.kind === 'held') await hub.desk.releaseHold(ADMIN, held.hold.id);
  expect((await redeem(hub, { codes: [mine], order: anOrder(store.id) })).kind).toBe('redeemed');
});

test('regression: a word that is held and redeemed on one order at once is not held afterwards', async () => {
  const campaign = await aCampaign(hub);
  for (let round = 0; round < 25; round += 1) {
    const word = await sharedWord(hub, campaign.id);
    const order = anOrder(store.id);
    await Promise.all([hold(hub, { codes: [word], order }), redeem(other, { codes: [word], order })]);
    expect(await openHolds(order.externalId)).toEqual([]);
  }
});

test('regression: of two holds that are made for one order at once, one stands', async () => {
  const campaign = await aCampaign(hub);
  for (let round = 0; round < 25; round += 1) {
    const [first = '', second = ''] = await codesOf(hub, campaign.id, 2);
    const order = anOrder(store.id);
    await Promise.all([hold(hub, { codes: [first], order }), hold(other, { codes: [second], order })]);
    expect(await openHolds(order.externalId)).toHaveLength(1);
  }
});
