import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TestClock } from '../helpers/basics.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { blocks, howTo, send } from './how-to-blocks.ts';
import { createCampaign, createStore, generateCodes, order, REDEEM } from './stage.ts';

// The page for accountants is worked through as it stands there, with a key of theirs, on the redemption that it tells of.

let hub: TestHub;
const named: Record<string, string> = {};

beforeAll(async () => {
  hub = await startTestHub({ clock: new TestClock('2026-05-08T18:00:00.000Z') });
  const store = await createStore(hub);
  const campaign = await createCampaign(hub, {
    name: 'A third off',
    incentive: { percentOff: { percent: '33' } },
    budget: { minor: 100_000, currency: 'EUR' },
    funding: [
      { by: 'HOUSE', percent: '50' },
      { by: 'PARTNER', name: 'Bodegas Sur', percent: '50' },
    ],
  });
  const [code] = (await generateCodes(hub, campaign)).codes;
  const lines = [
    { id: '1', sku: 'MENU', quantity: '3', unitPrice: 999 },
    { id: '2', sku: 'GAMBAS', quantity: '0.350', unitPrice: 1990 },
  ];
  const { redeem } = await hub.ask(REDEEM, { input: { idempotencyKey: 'the check', codes: [code], order: order(store, { lines }) } });
  const redemption = redeem.redemptions[0].id;
  const input = { idempotencyKey: 'back', redemptionId: redemption, units: [{ lineId: '1', quantity: '1' }], reason: 'sent back' };
  await hub.ask('mutation ($input: ReverseInput!) { reverse(input: $input) { __typename } }', { input });
  Object.assign(named, { store, campaign, redemption });
});
afterAll(() => hub.stop());

test('an accountant finds what the page says, and the ledger has it', async () => {
  const key = await hub.keyFor('ACCOUNTING');
  const all = blocks(await howTo('explain-a-figure'));
  expect(all).toHaveLength(6);
  // The book is sealed a moment after the answer; this one answers once it is, and all before it.
  await hub.ask('mutation { recordEvent(input: { idempotencyKey: "sealed", name: "so.far" }) { position } }');
  for (const block of all) await send(hub, block, named, key);
});
