import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CampaignService } from '../../src/domain/campaign/campaign.service.ts';
import { CodeService } from '../../src/domain/code/code.service.ts';
import type { CodeBatchRecord } from '../../src/domain/code/code.types.ts';
import { Keyring } from '../../src/domain/shared/keyring.ts';
import { StoreService } from '../../src/domain/store/store.service.ts';
import { VoucherService } from '../../src/domain/voucher/voucher.service.ts';
import { actor, type DomainFixture, intake, openFixture } from './fixture.ts';

const admin = actor('ADMIN');
let fixture: DomainFixture;
let codes: CodeService;
let vouchers: VoucherService;
let campaignId: string;
let batch: CodeBatchRecord;
let next = 0;

beforeAll(async () => {
  fixture = await openFixture();
  const { database, clock } = fixture;
  const stores = new StoreService({ database, clock, listener: null });
  const campaigns = new CampaignService({ database, clock, stores, listener: null });
  codes = new CodeService({ database, clock, keyring: new Keyring(Buffer.alloc(32, 7)), campaigns, attemptsPerMinute: 20, listener: null });
  vouchers = new VoucherService({ database, clock, codes, campaigns });
  campaignId = (await campaigns.create(admin, { name: 'Ten percent', incentive: { percentOff: { percent: '10' } } })).id;
  batch = await codes.generate(admin, { campaignId, idempotencyKey: 'codes', count: 100, random: { prefix: 'DV' } });
});
afterAll(() => fixture.close());
beforeEach(() => fixture.clock.set('2026-05-04T18:00:00Z'));

/** A code nobody touched yet, as its voucher. */
async function fresh() {
  const place = { patternId: batch.patternId, index: batch.firstIndex + next++ };
  const voucher = await vouchers.byCode(codes.codeAt(place));
  if (!voucher) throw new Error('There is none.');
  return voucher;
}

async function row(voucher: { spaceId: number; index: number; code: string }, columns: Record<string, unknown>): Promise<void> {
  const values = {
    status: 'ISSUED',
    uses: 0,
    max_uses: 1,
    holds: 0,
    campaign_id: campaignId,
    created_at: new Date(fixture.clock.now()),
    ...columns,
    pattern_id: voucher.spaceId,
    idx: voucher.index,
    code: voucher.code,
  };
  const names = Object.keys(values);
  await fixture.database.pool.query(
    `insert into voucher (${names.join(', ')}) values (${names.map((_, at) => `$${at + 1}`).join(', ')})`,
    Object.values(values),
  );
}

describe('a voucher', () => {
  test('that nobody touched is made up from its code, under the id that it keeps', async () => {
    const voucher = await fresh();
    expect(voucher).toMatchObject({
      id: expect.stringMatching(/^vch_/),
      campaignId,
      status: 'CREATED',
      shown: 'CREATED',
      uses: 0,
      maxUses: 1,
      shared: false,
      customerId: null,
      validUntil: null,
      holds: [],
    });
    expect(await vouchers.byId(voucher.id)).toEqual(voucher);
    await row(voucher, { customer_id: 'cus_1', valid_until: '2026-05-05T00:00:00Z' });
    expect(await vouchers.byId(voucher.id)).toMatchObject({
      id: voucher.id,
      status: 'ISSUED',
      customerId: 'cus_1',
      validUntil: Date.parse('2026-05-05T00:00:00Z'),
      shown: 'ISSUED',
    });
    fixture.clock.set('2026-05-05T00:00:00Z');
    expect((await vouchers.byCode(voucher.code))?.shown).toBe('EXPIRED');
  });

  test('is held for as long as an open hold contains it', async () => {
    const voucher = await fresh();
    await row(voucher, { status: 'CREATED', holds: 1 });
    await fixture.database.pool.query(
      "insert into hold (id, status, codes, source, external_id, store_id, content, created_at, expires_at) values ('hld_1', 'ACTIVE', $1, 'api', '1', 'sto_1', '{}', now(), '2026-05-04T18:10:00Z')",
      [['OTHER', voucher.code]],
    );
    expect(await vouchers.byId(voucher.id)).toMatchObject({
      shown: 'HELD',
      status: 'CREATED',
      holds: [{ id: 'hld_1', expiresAt: Date.parse('2026-05-04T18:10:00Z') }],
    });
    fixture.clock.set('2026-05-04T18:10:00Z');
    expect(await vouchers.byId(voucher.id)).toMatchObject({ shown: 'CREATED', holds: [] });
  });

  test('of an unknown code or id, or beyond what was made, is null', async () => {
    expect(await vouchers.byCode('NOBODY')).toBeNull();
    expect(await vouchers.byId('vch_nobody')).toBeNull();
    expect(await vouchers.byId(codes.voucherId({ patternId: batch.patternId, index: batch.count }))).toBeNull();
    expect(await vouchers.byId(codes.voucherId({ patternId: 2 ** 40, index: 1 }))).toBeNull();
  });

  test('is found among others, in their order', async () => {
    const [one, two] = [await fresh(), await fresh()];
    await row(two, { status: 'REDEEMED', uses: 1 });
    const places = [two, { spaceId: 99, index: 0 }, one].map(({ spaceId, index }) => ({ patternId: spaceId, index }));
    expect((await vouchers.byPlaces(places)).map((voucher) => voucher && [voucher.code, voucher.shown])).toEqual([
      [two.code, 'REDEEMED'],
      null,
      [one.code, 'CREATED'],
    ]);
  });
});

describe('withdrawing a voucher', () => {
  test('that nobody touched makes its row, with one event however often it is repeated', async () => {
    const voucher = await fresh();
    expect(await vouchers.block(admin, voucher.id, 'lost')).toMatchObject({ id: voucher.id, status: 'BLOCKED', shown: 'BLOCKED' });
    expect(await vouchers.block(admin, voucher.id, 'lost again')).toMatchObject({ status: 'BLOCKED' });
    expect((await intake(fixture.database)).filter((event) => event.voucher_id === voucher.id)).toEqual([
      expect.objectContaining({
        type: 'VOUCHER_BLOCKED',
        code: voucher.code,
        campaign_id: campaignId,
        data: { reason: 'lost', actorId: admin.id },
      }),
    ]);
    expect(await vouchers.cancel(admin, voucher.id, 'gone')).toMatchObject({ status: 'CANCELLED' });
    await expect(vouchers.block(admin, voucher.id, 'x')).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('of a customer says whose it was', async () => {
    const voucher = await fresh();
    await row(voucher, { customer_id: 'cus_7' });
    await vouchers.cancel(admin, voucher.id, 'mistake');
    expect((await intake(fixture.database)).at(-1)).toMatchObject({
      type: 'VOUCHER_CANCELLED',
      customer_id: 'cus_7',
      voucher_id: voucher.id,
    });
  });

  test('that was used is a conflict and leaves it as it is', async () => {
    const voucher = await fresh();
    await row(voucher, { status: 'REDEEMED', uses: 1 });
    await expect(vouchers.block(admin, voucher.id, 'x')).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(vouchers.cancel(admin, voucher.id, 'x')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await vouchers.byId(voucher.id)).toMatchObject({ status: 'REDEEMED' });
    expect((await intake(fixture.database)).filter((event) => event.voucher_id === voucher.id)).toEqual([]);
  });

  test('wants a voucher and a reason', async () => {
    await expect(vouchers.block(admin, 'vch_nobody', 'x')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(vouchers.cancel(admin, (await fresh()).id, ' ')).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      faults: [{ path: 'reason' }],
    });
  });

  test('by two at once happens once', async () => {
    const voucher = await fresh();
    await Promise.all([vouchers.block(admin, voucher.id, 'a'), vouchers.block(admin, voucher.id, 'b')]);
    expect((await intake(fixture.database)).filter((event) => event.voucher_id === voucher.id)).toHaveLength(1);
  });
});
