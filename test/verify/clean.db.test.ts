import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Finding } from '../../src/domain/verification/verification.types.ts';
import { type VerifyOptions, verifyBooks } from '../../src/domain/verification/verify-books.ts';
import { closeAgreed } from '../helpers/agree.ts';
import { aCampaign, aStore, codesOf, limit, openTestHub, TEST_SECRET, type TestHub } from '../helpers/domain.ts';
import { Evening } from '../redemption/evening.ts';
import { aSmallWorld } from './world.ts';

jest.setTimeout(120_000);

let t: TestHub;

beforeAll(async () => {
  t = await openTestHub();
  await aSmallWorld(t);
});
afterAll(() => closeAgreed(t));

const findingsOf = async (hub: TestHub['hub'], over: VerifyOptions = {}): Promise<(Finding & { check: string })[]> =>
  (await verifyBooks(hub.database.pool, { secretKey: TEST_SECRET, ...over })).checks.flatMap(({ name, findings }) =>
    findings.map((finding) => ({ check: name, ...finding })),
  );

test('a little of everything is found to agree', async () => {
  expect(await findingsOf(t.hub)).toEqual([]);
});

test('while the hub trades, every moment of it agrees', async () => {
  const { hub, clock } = t;
  const store = await aStore(hub);
  const campaign = await aCampaign(hub, { budget: { minor: 10_000_000, currency: 'EUR' }, limits: [limit('CUSTOMER', 500)] });
  const codes = await codesOf(hub, campaign.id, 120);
  const evening = new Evening({ seed: 7, storeId: store.id, codes, pass: () => clock.tick(1_000) });
  let trading = true;
  const trade = async (from: number): Promise<void> => {
    for (let n = from; trading && n < from + 400; n += 1) await evening.step(hub, n);
  };
  const traders = [0, 1_000, 2_000, 3_000].map(trade);
  try {
    for (let look = 0; look < 6; look += 1) expect(await findingsOf(hub)).toEqual([]);
  } finally {
    trading = false;
    await Promise.all(traders);
  }
  expect(await findingsOf(hub)).toEqual([]);
  expect(evening.seen.get('redeemed')).toBeGreaterThan(5);
});
