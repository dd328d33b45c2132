import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestHub, type TestHub } from '../helpers/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(async () => {
  await hub.stop();
});

test('smoke', async () => {
  const { createStore: store } = await hub.ask('mutation { createStore(input: { name: "Triana" }) { id name currency } }');
  const { createCampaign: campaign } = await hub.ask('mutation($input: CreateCampaignInput!) { createCampaign(input: $input) { id status incentive { percentOff { percent scope { pick } } } counts { codes } } }', {
    input: { name: 'Ten off', incentive: { percentOff: { percent: '10.0', scope: {} } } },
  });
  await hub.ask('mutation($id: ID!) { activateCampaign(id: $id) { id status } }', { id: campaign.id });
  const { generateCodes: batch } = await hub.ask('mutation($input: GenerateCodesInput!) { generateCodes(input: $input) { id first last sample csvUrl guessOdds } }', {
    input: { campaignId: campaign.id, idempotencyKey: 'k', count: 100, random: { prefix: 'DV' } },
  });
  const redeemed = await hub.graphql(
    `mutation($input: RedeemInput!) { redeem(input: $input) { __typename ... on Redeemed { redemptions { id code amount { minor } voucher { id code status campaign { id counts { redeemed } } } store { name } allocations { unit amount { minor } } reversals { id } } order { due { minor } lines { lineId due { minor } } } replayed } ... on Refused { rejections { reason message failures { reason message } } } } }`,
    { input: { idempotencyKey: 'r1', codes: [batch.first], order: { externalId: 'o1', storeId: store.id, currency: 'EUR', lines: [{ id: 'l1', sku: 'pizza', quantity: '2', unitPrice: 1250 }] } } },
  );
  console.log(JSON.stringify({ store, campaign, batch, redeemed }, null, 1));
  const bad = await hub.graphql(
    `mutation($input: RedeemInput!) { redeem(input: $input) { __typename } }`,
    { input: { idempotencyKey: 'r1', codes: [batch.first], foo: 1, order: { externalId: 'o1', storeId: store.id, currency: 'EURO', lines: [{ id: 'l1', sku: 'pizza', quantity: 2, unitPrice: 1250.5 }] } } },
  );
  console.log(JSON.stringify(bad, null, 1));
  expect(redeemed.status).toBe(200);
});
