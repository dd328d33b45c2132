import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { CampaignRecord } from '../../src/domain/campaign/campaign.types.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { closeAgreed } from '../helpers/agree.ts';
import { chanceOf } from '../helpers/basics.ts';
import { ADMIN, aCampaign, anOrder, aStore, codesOf, limit, openTestHub, redeem, rowsOf, type TestHub } from '../helpers/domain.ts';
import { anIssuingCampaign, aPaidOrder, earnedBy } from './issuing-support.ts';

jest.setTimeout(120_000);

let t: TestHub;
let hub: Hub;
let store: StoreTerms;

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  store = await aStore(hub);
});
afterAll(() => closeAgreed(t));

test('orders, refunds, gifts and redeems of several campaigns at once, in two processes, wait for each other and never fail', async () => {
  const main = await aCampaign(hub, { incentive: null, limits: [limit('CAMPAIGN', 60, { counts: 'ISSUED' })] });
  const campaigns: CampaignRecord[] = [];
  for (const count of [1, 2, 1]) {
    const campaign = await anIssuingCampaign(hub, { count }, { parentId: main.id, limits: [limit('STORE', 30, { counts: 'ISSUED' })] });
    campaigns.push(campaign);
  }
  // One with codes, some of which run out meanwhile; the others have them made.
  await codesOf(hub, campaigns[0]?.id ?? '', 5);
  const hubs = [hub, await t.twin()];
  const chance = chanceOf(7);
  const recorded: string[] = [];
  const record = async (on: Hub): Promise<void> => {
    recorded.push((await on.orders.record(ADMIN, aPaidOrder(store.id))).id);
  };
  const refund = async (on: Hub): Promise<void> => {
    const orderId = recorded.length === 0 ? undefined : chance.pick(recorded);
    if (orderId === undefined) return;
    const answer = await on.refunds.refund(ADMIN, {
      idempotencyKey: randomUUID(),
      orderId,
      source: 'api',
      externalId: null,
      amount: null,
      lines: null,
      reason: 'r',
    });
    expect(['refunded', 'refused']).toContain(answer.kind);
  };
  const use = async (on: Hub): Promise<void> => {
    const orderId = recorded.length === 0 ? undefined : chance.pick(recorded);
    const [voucher] = orderId === undefined ? [] : await earnedBy(on, orderId);
    if (voucher) await redeem(on, { codes: [voucher.code], order: anOrder(store.id) });
  };
  const give = async (on: Hub): Promise<void> => {
    const customer = { phone: `+3460055500${chance.below(10)}` };
    const campaignId = chance.pick(campaigns).id;
    await on.issuing.issue(ADMIN, { idempotencyKey: randomUUID(), campaignId, customer, validUntil: null });
  };
  for (let round = 0; round < 8; round += 1)
    await Promise.all(Array.from({ length: 12 }, () => chance.pick([record, record, refund, use, give])(chance.pick(hubs))));
  const [issued] = await rowsOf<{ n: number }>(hub, 'select count(*)::int as n from voucher where terms_version is not null');
  expect(issued?.n).toBe(60);
});
