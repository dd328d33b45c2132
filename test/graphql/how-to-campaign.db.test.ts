import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TestClock } from '../helpers/basics.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { createStore, order, REDEEM } from './stage.ts';

// The page for marketing is worked through as it stands there, with a key of marketing, on the day that it tells of.

/** Friday 8 May 2026, 23:00 in Madrid. */
const FRIDAY = '2026-05-08T21:00:00.000Z';

interface Block {
  readonly query: string;
  /** What the page says that the hub answers. */
  readonly answer: unknown;
}

let hub: TestHub;
let store: string;
let key: string;

beforeAll(async () => {
  hub = await startTestHub({ clock: new TestClock(FRIDAY) });
  store = await createStore(hub);
  key = await hub.keyFor('MARKETING');
});
afterAll(() => hub.stop());

const page = (): Promise<string> => readFile(new URL('../../docs/how-to/run-a-campaign.md', import.meta.url), 'utf8');

async function blocks(): Promise<Block[]> {
  return [...(await page()).matchAll(/^```graphql\n(.*?)^```\n(?:\n```json\n(.*?)^```)?/gms)].map(([, query, answer]) => ({
    query: query as string,
    answer: answer === undefined ? undefined : JSON.parse(answer),
  }));
}

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
  const all = await blocks();
  expect(all.length).toBeGreaterThan(20);
  for (const { query, answer } of all) {
    if (query.includes('limitUses')) await evening();
    const wanted = [...(query.split('{')[0] as string).matchAll(/\$(\w+)/g)].map(([, name]) => name as string);
    for (const name of wanted) expect(named).toHaveProperty(name);
    const { data, errors } = await hub.graphql(query, Object.fromEntries(wanted.map((name) => [name, named[name]])), { key });
    const told = errors === undefined ? data : { errors };
    if (answer === undefined) expect({ query, errors }).toEqual({ query, errors: undefined });
    else expect(told).toMatchObject(answer as Record<string, unknown>);
    for (const [name, value] of Object.entries<{ id?: string; rejections?: unknown }>(data ?? {})) {
      expect(value?.rejections).toBeUndefined();
      if (value?.id !== undefined) named[name] = value.id;
    }
  }
});

test('every incentive of its table is taken', async () => {
  const incentives = [...(await page()).matchAll(/^\| [^|]+ \| `(\w+: \{.*\})` \|$/gm)].map(([, incentive]) => incentive as string);
  expect(incentives).toHaveLength(8);
  for (const incentive of incentives)
    await hub.ask(`mutation { createCampaign(input: { name: "One of them", incentive: { ${incentive} } }) { id } }`, {}, { key });
});
