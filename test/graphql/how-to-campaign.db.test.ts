import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TestClock } from '../helpers/basics.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { blocks, howTo, send } from './how-to-blocks.ts';
import { createStore, order, REDEEM } from './stage.ts';

// The page for marketing is worked through as it stands there, with a key of marketing, on the day that it tells of.

/** Friday 8 May 2026, 23:00 in Madrid. */
const FRIDAY = '2026-05-08T21:00:00.000Z';

let hub: TestHub;
let store: string;
let key: string;

beforeAll(async () => {
  hub = await startTestHub({ clock: new TestClock(FRIDAY) });
  store = await createStore(hub);
  key = await hub.keyFor('MARKETING');
});
afterAll(() => hub.stop());

/** Two rounds of drinks: the second comes in when the night is over. */
async function evening(): Promise<void> {
  const drinks = {
    customer: { phone: '+34600111222' },
    lines: [{ id: '1', sku: 'MOJITO', group: 'drinks', quantity: '2', unitPrice: 900 }],
  };
  for (const placedAt of ['2026-05-08T22:30:00+02:00', '2026-05-08T21:30:00+02:00'])
    await hub.ask(REDEEM, { input: { idempotencyKey: placedAt, codes: ['PLAZA'], order: order(store, { ...drinks, placedAt }) } });
}

test('marketing gets from the idea to the figures by what the page says', async () => {
  const named: Record<string, string> = { store };
  const all = blocks(await howTo('run-a-campaign'));
  expect(all.length).toBeGreaterThan(20);
  for (const block of all) {
    if (block.query.includes('limitUses')) await evening();
    await send(hub, block, named, key);
  }
});

test('every incentive of its table is taken', async () => {
  const incentives = [...(await howTo('run-a-campaign')).matchAll(/^\| [^|]+ \| `(\w+: \{.*\})` \|$/gm)].map(
    ([, incentive]) => incentive as string,
  );
  expect(incentives).toHaveLength(8);
  for (const incentive of incentives)
    await hub.ask(`mutation { createCampaign(input: { name: "One of them", incentive: { ${incentive} } }) { id } }`, {}, { key });
});
