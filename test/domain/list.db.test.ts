import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Actor } from '../../src/domain/access/roles.ts';
import { CampaignService } from '../../src/domain/campaign/campaign.service.ts';
import { CodeService } from '../../src/domain/code/code.service.ts';
import type { CodeBatchRecord } from '../../src/domain/code/code.types.ts';
import { ListService } from '../../src/domain/list/list.service.ts';
import type { Page, VoucherFilter } from '../../src/domain/list/list.types.ts';
import { newId } from '../../src/domain/shared/ids.ts';
import { Keyring } from '../../src/domain/shared/keyring.ts';
import { StoreService } from '../../src/domain/store/store.service.ts';
import { VoucherService } from '../../src/domain/voucher/voucher.service.ts';
import { actor, type DomainFixture, openFixture } from './fixture.ts';

const admin = actor('ADMIN');
const ALL = { first: 1_000 };
let fixture: DomainFixture;
let campaigns: CampaignService;
let codes: CodeService;
let lists: ListService;
let sevilla: string;
let granada: string;
let everywhere: string;
let inGranada: string;
let older: CodeBatchRecord;
let newer: CodeBatchRecord;
let granadas: CodeBatchRecord;

beforeAll(async () => {
  fixture = await openFixture();
  const { database, clock } = fixture;
  const stores = new StoreService({ database, clock, listener: null });
  campaigns = new CampaignService({ database, clock, stores, listener: null });
  codes = new CodeService({ database, clock, keyring: new Keyring(Buffer.alloc(32, 7)), campaigns, attemptsPerMinute: 20, listener: null });
  lists = new ListService({ database, clock, campaigns, codes, vouchers: new VoucherService({ database, clock, codes, campaigns }) });
  sevilla = (await stores.create(admin, { name: 'Sevilla' })).id;
  granada = (await stores.create(admin, { name: 'Granada' })).id;
  const draft = { name: 'Ten', incentive: { percentOff: { percent: '10' } } };
  everywhere = (await campaigns.create(admin, draft)).id;
  clock.tick();
  inGranada = (await campaigns.create(admin, { ...draft, storeIds: [granada] })).id;
  const generate = (campaignId: string, key: string, count: number) =>
    codes.generate(admin, { campaignId, idempotencyKey: key, count, random: { prefix: 'DV' } });
  older = await generate(everywhere, 'older', 5);
  clock.tick();
  newer = await generate(everywhere, 'newer', 4);
  clock.tick();
  granadas = await generate(inGranada, 'granada', 3);
});
afterAll(() => fixture.close());

async function insert(table: string, values: Record<string, unknown>): Promise<void> {
  const names = Object.keys(values);
  await fixture.database.pool.query(
    `insert into ${table} (${names.join(', ')}) values (${names.map((_, at) => `$${at + 1}`).join(', ')})`,
    Object.values(values),
  );
}

/** A voucher somebody touched at a moment. */
async function touch(batch: CodeBatchRecord, at: number, columns: Record<string, unknown> = {}): Promise<string> {
  fixture.clock.tick();
  const index = batch.firstIndex + at;
  const code = codes.codeAt({ patternId: batch.patternId, index });
  await insert('voucher', {
    pattern_id: batch.patternId,
    idx: index,
    code,
    campaign_id: batch.campaignId,
    status: 'ISSUED',
    uses: 0,
    max_uses: 1,
    holds: 0,
    created_at: new Date(fixture.clock.now()),
    ...columns,
  });
  return code;
}

/** All pages of a list, `first` at a time; what they say of themselves is checked on the way. */
async function walk<T>(list: (page: { first: number; after: string | null }) => Promise<Page<T>>, first: number): Promise<T[]> {
  const nodes: T[] = [];
  for (let after: string | null = null; ; ) {
    const page: Page<T> = await list({ first, after });
    expect(page.edges.length).toBeLessThanOrEqual(first);
    expect(page.pageInfo).toEqual({
      hasNextPage: page.pageInfo.hasNextPage,
      hasPreviousPage: after !== null,
      startCursor: page.edges[0]?.cursor ?? null,
      endCursor: page.edges.at(-1)?.cursor ?? after,
    });
    nodes.push(...page.edges.map((edge) => edge.node));
    if (!page.pageInfo.hasNextPage) return nodes;
    expect(page.edges).toHaveLength(first);
    after = page.pageInfo.endCursor;
  }
}

const listed = async (who: Actor, filter: VoucherFilter | null) =>
  (await lists.vouchers(who, filter, ALL)).edges.map(({ node }) => node.code);

describe('vouchers', () => {
  let touched: string[];
  beforeAll(async () => {
    touched = [
      await touch(older, 0, { customer_id: 'cus_1' }),
      await touch(granadas, 1, { status: 'REDEEMED', uses: 1, customer_id: 'cus_1' }),
      await touch(older, 3, { status: 'CREATED', holds: 1 }),
      await touch(newer, 2, { status: 'BLOCKED' }),
      await touch(newer, 0, { customer_id: 'cus_2', valid_until: '2026-05-04T18:00:00Z' }),
    ].reverse();
    const held = touched[2];
    await insert('hold', {
      id: 'hld_1',
      status: 'ACTIVE',
      codes: [held],
      source: 'api',
      external_id: '1',
      store_id: sevilla,
      content: '{}',
      created_at: new Date(),
      expires_at: '2026-05-04T19:00:00Z',
    });
  });

  test('touched ones come first, newest first, then the others by batch and index; page by page as at once', async () => {
    const rest = [
      ...codes.sample(granadas, 3).filter((_, at) => at !== 1),
      ...codes.sample(newer, 4).filter((_, at) => at % 2),
      ...codes.sample(older, 5).filter((_, at) => at % 3),
    ];
    expect(await listed(admin, null)).toEqual([...touched, ...rest]);
    for (const first of [1, 2, 3, 5, 7])
      expect((await walk((page) => lists.vouchers(admin, null, page), first)).map(({ code }) => code)).toEqual([...touched, ...rest]);
  });

  test('of a campaign, a customer or a status', async () => {
    expect(await listed(admin, { campaignIds: [inGranada, inGranada] })).toEqual([
      touched[3],
      ...codes.sample(granadas, 3).filter((_, at) => at !== 1),
    ]);
    expect(await listed(admin, { customerId: 'cus_1' })).toEqual([touched[3], touched[4]]);
    expect(await listed(admin, { customerId: 'cus_1', campaignIds: [everywhere] })).toEqual([touched[4]]);
    expect(await listed(admin, { statuses: ['EXPIRED'] })).toEqual([touched[0]]);
    expect(await listed(admin, { statuses: ['ISSUED'] })).toEqual([touched[4]]);
    expect(await listed(admin, { statuses: ['HELD', 'BLOCKED'] })).toEqual([touched[1], touched[2]]);
    expect(await listed(admin, { statuses: ['REDEEMED', 'EXPIRED'], customerId: 'cus_2' })).toEqual([touched[0]]);
    expect(await listed(admin, { statuses: ['CREATED'] })).toHaveLength(7);
    for (const nothing of [
      { statuses: [] },
      { campaignIds: [] },
      { customerId: 'bad\u0000' },
      { customerId: 'cus_3' },
      { campaignIds: ['cmp_nobody'] },
      { statuses: ['CANCELLED' as const] },
    ])
      expect(await listed(admin, nothing)).toEqual([]);
  });

  test('a till sees those that hold in its stores, and some see none', async () => {
    expect(await listed(actor('TILL', [sevilla]), null)).toHaveLength(9);
    expect(await listed(actor('TILL', [sevilla]), { campaignIds: [inGranada] })).toEqual([]);
    expect(await listed(actor('TILL', [granada]), { customerId: 'cus_1' })).toEqual([touched[3], touched[4]]);
    expect(await listed(actor('TILL', [sevilla]), { customerId: 'cus_1' })).toEqual([touched[4]]);
    for (const role of ['PUBLIC', 'PARTNER', 'CONNECTOR'] as const) expect(await listed(actor(role), null)).toEqual([]);
    expect(await listed(actor('ACCOUNTING'), null)).toHaveLength(12);
  });

  test('nobody touched are found behind long stretches of touched ones', async () => {
    const campaignId = (await campaigns.create(admin, { name: 'Long', incentive: { percentOff: { percent: '10' } } })).id;
    const batch = await codes.generate(admin, { campaignId, idempotencyKey: 'long', count: 700, sequential: { prefix: 'LL' } });
    await fixture.database.pool.query(
      `insert into voucher (pattern_id, idx, code, campaign_id, status, uses, holds, created_at) select $1, n, 'LL' || lpad(n::text, 7, '0'), $2, 'REDEEMED', 1, 0, now() from generate_series(1, 690) n where n <> 50`,
      [batch.patternId, campaignId],
    );
    const free = await walk((page) => lists.vouchers(admin, { campaignIds: [campaignId], statuses: ['CREATED'] }, page), 4);
    expect(free.map(({ code }) => code)).toEqual(['LL0000050', ...Array.from({ length: 10 }, (_, at) => `LL0000${691 + at}`)]);
  });

  test('a page of none says whether there are any', async () => {
    expect(await lists.vouchers(admin, null, { first: 0 })).toEqual({
      edges: [],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  test.each([
    'nonsense',
    '',
    Buffer.from('["redemption","rdm_00"]').toString('base64url'),
    Buffer.from('["touched",1,2]').toString('base64url'),
    Buffer.from('["touched",1e300,1,1]').toString('base64url'),
  ])('the cursor %j is refused', async (after) => {
    await expect(lists.vouchers(admin, null, { first: 1, after })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      faults: [{ path: 'after' }],
    });
  });
});

describe('campaigns', () => {
  test('newest first, with the status of now, of some stores or of a main', async () => {
    fixture.clock.tick();
    const main = await campaigns.create(admin, { name: 'Main' });
    fixture.clock.tick();
    const sub = await campaigns.create(admin, { name: 'Sub', parentId: main.id, incentive: { percentOff: { percent: '5' } } });
    await campaigns.activate(admin, main.id);
    await campaigns.activate(admin, inGranada);
    const ids = async (who: Actor, filter: Parameters<ListService['campaigns']>[1]) =>
      (await lists.campaigns(who, filter, ALL)).edges.map(({ node }) => node.id);
    const all = await ids(admin, null);
    expect(all.slice(0, 2)).toEqual([sub.id, main.id]);
    expect(all.slice(-2)).toEqual([inGranada, everywhere]);
    expect((await walk((page) => lists.campaigns(admin, null, page), 2)).map(({ id }) => id)).toEqual(all);
    expect(await ids(admin, { parentId: main.id })).toEqual([sub.id]);
    expect(await ids(admin, { statuses: ['ACTIVE'] })).toEqual([main.id, inGranada]);
    expect(await ids(admin, { storeIds: [sevilla], statuses: ['ACTIVE'] })).toEqual([main.id]);
    expect(await ids(admin, { storeIds: [] })).toEqual([]);
    expect(await ids(actor('TILL', [sevilla]), null)).toEqual([main.id]);
    expect(await ids(actor('TILL', [granada]), null)).toEqual([main.id, inGranada]);
    expect(await ids(actor('TILL', [granada]), { statuses: ['DRAFT'] })).toEqual([]);
    expect(await ids(actor('PUBLIC'), null)).toEqual([]);
  });
});

describe('redemptions and rejections', () => {
  const at = (minute: number) => `2026-05-04T20:${String(minute).padStart(2, '0')}:00.000Z`;
  const redemptions: string[] = [];
  const rejections: string[] = [];
  /** Of a minute: three in each store, the first four of one campaign, one of a customer's, two codes each on three vouchers. */
  const trade = (minute: number) => {
    const index = older.firstIndex + (minute % 3);
    return {
      index,
      code: codes.codeAt({ patternId: older.patternId, index }),
      campaign_id: [everywhere, everywhere, everywhere, everywhere, inGranada, inGranada][minute],
      store_id: [sevilla, granada][minute % 2],
      customer_id: [null, null, 'cus_1'][minute] ?? null,
      order_source: 'api',
      order_external_id: `order ${minute}`,
    };
  };
  beforeAll(async () => {
    for (let minute = 0; minute < 6; minute++) {
      const { index, ...common } = trade(minute);
      const redemption = {
        pattern_id: older.patternId,
        idx: index,
        redeemed_at: at(minute),
        business_day: ['2026-05-04', '2026-05-05'][minute < 3 ? 0 : 1],
      };
      const constant = {
        campaign_version: 1,
        kind: 'TENDER',
        tax_class: 'PAYMENT',
        amount: 100,
        currency: 'EUR',
        reversed: 0,
        undone: false,
        entry_mode: 'SCANNED',
        step: 1,
        taken: '[]',
      };
      const id = newId('redemption', Date.parse(at(minute)));
      const order = {
        source: 'api',
        external_id: common.order_external_id,
        sequence: 0,
        redeem_key: id,
        basket: '{}',
        priced: '{}',
        stacking_groups: [],
        exclusive: false,
      };
      await insert('checkout', {
        ...order,
        id: `chk_${minute}`,
        store_id: common.store_id,
        business_day: redemption.business_day,
        placed_at: at(minute),
        created_at: at(minute),
      });
      await insert('redemption', { ...common, ...redemption, ...constant, checkout_id: `chk_${minute}`, id });
      redemptions.unshift(id);
    }
    const actions = ['REDEEM', 'REDEEM', 'HOLD', 'ISSUE', 'REVERSE', 'VALIDATE'];
    for (const [minute, action] of actions.entries()) {
      const { index: _, ...common } = trade(minute);
      const id = newId('rejection', Date.parse(at(minute)));
      const reason = ['BLOCKED', 'WRONG_STORE'][minute] ?? 'BLOCKED';
      await insert('rejection', {
        ...common,
        ...(minute === 0 ? { code: null } : {}),
        id,
        at: at(minute),
        action,
        reason,
        failures: '[]',
        actor_id: 'key',
      });
      if (action !== 'VALIDATE') rejections.unshift(id);
    }
  });
  const minutes = (ids: readonly string[]) => ids.map((id) => (Number.parseInt(id.slice(4, 16), 16) - Date.parse(at(0))) / 60_000);

  test.each([
    [null, [5, 4, 3, 2, 1, 0]],
    [{ storeIds: 'granada' }, [5, 3, 1]],
    [{ campaignIds: 'granada' }, [5, 4]],
    [{ customerId: 'cus_1' }, [2]],
    [{ orderSource: 'api', orderExternalId: 'order 3' }, [3]],
    [{ orderExternalId: 'order 4' }, [4]],
    [{ orderSource: 'con_other', orderExternalId: 'order 3' }, []],
    [{ orderSource: 'api' }, [5, 4, 3, 2, 1, 0]],
    [{ orderExternalId: 'order\u0000' }, []],
    [{ from: at(1), to: at(3) }, [2, 1]],
    [{ from: '2026-05-04T22:01:00.0001+02:00', to: '2026-05-04T22:03:00.0001+02:00' }, [3, 2]],
    [{ businessDayFrom: '2026-05-05', businessDayTo: '2026-05-05' }, [5, 4, 3]],
    [{ businessDayTo: '2026-05-04' }, [2, 1, 0]],
    [{ storeIds: [] }, []],
    [{ codes: [] }, []],
  ])('redemptions by %j', async (filter, expected) => {
    const named = {
      ...filter,
      ...(filter && 'storeIds' in filter && filter.storeIds === 'granada' ? { storeIds: [granada] } : {}),
      ...(filter && 'campaignIds' in filter ? { campaignIds: [inGranada] } : {}),
    } as Parameters<ListService['redemptions']>[1];
    const page = await lists.redemptions(admin, named, ALL);
    expect(minutes(page.edges.map(({ node }) => node.id))).toEqual(expected);
  });

  test('redemptions by code, however it is typed, and of one voucher', async () => {
    const [first = '', second = ''] = codes.sample(older, 2);
    const spaced = `${first.slice(0, 5).toLowerCase()} ${first.slice(5)}`;
    const byCode = await lists.redemptions(admin, { codes: [spaced, 'NOBODY', second] }, ALL);
    expect(minutes(byCode.edges.map(({ node }) => node.id))).toEqual([4, 3, 1, 0]);
    const own = await lists.redemptionsOf(actor('TILL', [granada]), { patternId: older.patternId, index: older.firstIndex }, ALL);
    expect(minutes(own.edges.map(({ node }) => node.id))).toEqual([3]);
  });

  test('page by page as at once, with what a record holds', async () => {
    expect((await walk((page) => lists.redemptions(admin, null, page), 4)).map(({ id }) => id)).toEqual(redemptions);
    expect((await walk((page) => lists.rejections(admin, null, page), 2)).map(({ id }) => id)).toEqual(rejections);
    const [newest] = (await lists.redemptions(admin, null, { first: 1 })).edges;
    expect(newest?.node).toMatchObject({
      redeemedAt: at(5),
      businessDay: '2026-05-05',
      amount: 100,
      orderExternalId: 'order 5',
      customerId: null,
      patternId: older.patternId,
    });
  });

  test('of some campaigns or stores page by page as at once, each once', async () => {
    const both = { campaignIds: [inGranada, everywhere, inGranada] };
    for (const filter of [both, { storeIds: [granada, sevilla, granada] }]) {
      expect((await walk((page) => lists.redemptions(admin, filter, page), 2)).map(({ id }) => id)).toEqual(redemptions);
      expect((await walk((page) => lists.rejections(admin, filter, page), 2)).map(({ id }) => id)).toEqual(rejections);
    }
    const till = actor('TILL', [granada]);
    expect(minutes((await walk((page) => lists.redemptions(till, both, page), 2)).map(({ id }) => id))).toEqual([5, 3, 1]);
    expect(minutes((await walk((page) => lists.redemptions(till, { storeIds: [sevilla] }, page), 2)).map(({ id }) => id))).toEqual([]);
  });

  test('rejections leave validations out, and go by reason and code', async () => {
    const ids = async (filter: Parameters<ListService['rejections']>[1]) =>
      minutes((await lists.rejections(admin, filter, ALL)).edges.map(({ node }) => node.id));
    expect(await ids(null)).toEqual([4, 3, 2, 1, 0]);
    expect(await ids({ reasons: ['WRONG_STORE'] })).toEqual([1]);
    expect(await ids({ reasons: [] })).toEqual([]);
    expect(await ids({ codes: [codes.sample(older, 2)[1]?.toLowerCase() ?? ''] })).toEqual([4, 1]);
    expect(await ids({ from: at(2), to: at(4) })).toEqual([3, 2]);
  });

  test('a till sees its stores, and some see nothing', async () => {
    const till = actor('TILL', [granada]);
    expect(minutes((await lists.redemptions(till, null, ALL)).edges.map(({ node }) => node.id))).toEqual([5, 3, 1]);
    expect(minutes((await lists.rejections(till, { storeIds: [sevilla, granada] }, ALL)).edges.map(({ node }) => node.id))).toEqual([3, 1]);
    for (const role of ['PUBLIC', 'PARTNER', 'CONNECTOR'] as const) {
      expect((await lists.redemptions(actor(role), null, ALL)).edges).toEqual([]);
      expect((await lists.rejections(actor(role), null, ALL)).edges).toEqual([]);
      expect((await lists.redemptionsOf(actor(role), { patternId: older.patternId, index: older.firstIndex }, ALL)).edges).toEqual([]);
    }
  });
});
