import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { CampaignService } from '../../src/domain/campaign/campaign.service.ts';
import { CodeService } from '../../src/domain/code/code.service.ts';
import type { CodePlace } from '../../src/domain/code/code.types.ts';
import { BEGINNING, readChanges } from '../../src/domain/code/code-changes.ts';
import { housePattern, makeOneCode } from '../../src/domain/code/code-growth.ts';
import { Keyring } from '../../src/domain/shared/keyring.ts';
import { StoreService } from '../../src/domain/store/store.service.ts';
import { actor, type DomainFixture, openFixture } from './fixture.ts';

const admin = actor('ADMIN');
let fixture: DomainFixture;
let campaigns: CampaignService;
/** The process that makes codes, and one that only hears of them when it asks. */
let maker: CodeService;
let other: CodeService;
let pattern: number;
let keys = 0;

beforeAll(async () => {
  fixture = await openFixture();
  const { database, clock } = fixture;
  const stores = new StoreService({ database, clock, listener: null });
  campaigns = new CampaignService({ database, clock, stores, listener: null });
  maker = aProcess();
  other = aProcess();
  pattern = await housePattern(maker);
  await maker.load();
  await other.load();
});
afterAll(async () => {
  await fixture.close();
});

const aProcess = (): CodeService => {
  const { database, clock } = fixture;
  return new CodeService({
    database,
    clock,
    keyring: new Keyring(Buffer.alloc(32, 7)),
    campaigns,
    attemptsPerMinute: 20,
    listener: null,
  });
};

const aCampaign = async (): Promise<string> =>
  (await campaigns.create(admin, { name: 'One by one', incentive: { percentOff: { percent: '10' } } })).id;

const books = (campaignId: string, start: number, count: number) =>
  maker.generate(admin, {
    campaignId,
    idempotencyKey: `books ${++keys}`,
    count,
    sequential: { prefix: 'B', width: 9, start },
  });

/** A code more for the campaign, in a transaction that is still open. */
async function underWay(campaignId: string): Promise<{ readonly place: CodePlace; commit(): Promise<void>; rollBack(): Promise<void> }> {
  const client: pg.PoolClient = await fixture.database.pool.connect();
  const end = async (how: string) => {
    await client.query(how);
    client.release();
  };
  await client.query('begin');
  const place = await makeOneCode(client, campaignId, pattern, fixture.clock.now());
  return { place, commit: () => end('commit'), rollBack: () => end('rollback') };
}

const seen = (by: CodeService, place: CodePlace): string => by.lookup(by.codeAt(place)).found;

test('what was begun earlier and committed later is not passed over', async () => {
  const [slow, quick] = [await aCampaign(), await aCampaign()];
  // Each has its range, so that neither waits for the other.
  for (const campaignId of [slow, quick]) await (await underWay(campaignId)).commit();
  const late = await underWay(slow);
  const early = await underWay(quick);
  await early.commit();
  await other.refresh();
  expect([seen(other, late.place), seen(other, early.place)]).toEqual(['unknown', 'code']);
  // More comes and goes before the first is done.
  await (await underWay(quick)).commit();
  await other.refresh();
  await late.commit();
  await other.refresh();
  expect(seen(other, late.place)).toBe('code');
  const undone = await underWay(slow);
  await undone.rollBack();
  await other.refresh();
  expect(seen(other, undone.place)).toBe('unknown');
});

test('a reading is of what changed since the last one, however much there is', async () => {
  const campaignId = await aCampaign();
  for (let book = 0; book < 30; book += 1) await books(campaignId, 1_000 + book * 100, 50);
  await (await underWay(campaignId)).commit();
  const { pool } = fixture.database;
  const whole = await readChanges(pool, BEGINNING, 0);
  expect(whole.batches.length).toBeGreaterThan(30);
  expect(whole.patterns.length).toBeGreaterThan(1);
  const lastPattern = Math.max(...whole.patterns.map(({ id }) => id));
  const { place, commit } = await underWay(campaignId);
  await commit();
  const { batches, patterns } = await readChanges(pool, whole.horizon, lastPattern);
  expect(patterns).toEqual([]);
  expect(batches).toEqual([
    { id: expect.any(String), campaignId, patternId: pattern, firstIndex: expect.any(Number), count: expect.any(Number) },
  ]);
  const [batch] = batches;
  expect((batch?.firstIndex ?? 0) + (batch?.count ?? 0) - 1).toBe(place.index);
});

test('books are found in whatever order they were made, and two of them never share a number', async () => {
  const campaignId = await aCampaign();
  for (const start of [50_000, 40_000, 60_000, 45_000]) await books(campaignId, start, 1_000);
  await other.refresh();
  const found = (number: number) => other.lookup(`B${String(number).padStart(8, '0')}`).found;
  expect([40_000, 40_999, 45_000, 50_999, 60_999].map(found)).toEqual(Array(5).fill('code'));
  expect([39_999, 41_000, 44_999, 46_000, 61_000].map(found)).toEqual(Array(5).fill('unknown'));
  for (const [start, count] of [
    [40_999, 2],
    [39_000, 1_001],
    [30_000, 40_000],
  ] as const)
    await expect(books(campaignId, start, count)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await books(campaignId, 41_000, 4_000)).toMatchObject({ first: 'B00041000', last: 'B00044999' });
});

test('what was restored from the dump of another cluster is there, and grows', async () => {
  const campaignId = await aCampaign();
  const first = await underWay(campaignId);
  await first.commit();
  await fixture.database.pool.query("update code_batch set changed = '999999999'");
  const restored = aProcess();
  await restored.load();
  expect(seen(restored, first.place)).toBe('code');
  const next = await underWay(campaignId);
  expect(seen(restored, next.place)).toBe('unknown');
  await next.commit();
  await restored.refresh();
  expect(seen(restored, next.place)).toBe('code');
});
