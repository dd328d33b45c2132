import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CampaignService } from '../../src/domain/campaign/campaign.service.ts';
import type { CampaignDraft } from '../../src/domain/campaign/campaign.types.ts';
import { StoreService } from '../../src/domain/store/store.service.ts';
import { eventually } from '../helpers/basics.ts';
import { actor, type DomainFixture, intake, openFixture } from './fixture.ts';

const admin = actor('ADMIN');
const TEN_PERCENT: CampaignDraft = { name: 'Ten percent', incentive: { percentOff: { percent: '10' } } };

let fixture: DomainFixture;
let stores: StoreService;
let campaigns: CampaignService;
let madrid: string;
let canary: string;
beforeAll(async () => {
  fixture = await openFixture();
  stores = new StoreService({ database: fixture.database, clock: fixture.clock, listener: null });
  campaigns = new CampaignService({ database: fixture.database, clock: fixture.clock, stores, listener: fixture.listener });
  madrid = (await stores.create(admin, { name: 'Sevilla' })).id;
  canary = (await stores.create(admin, { name: 'Las Palmas', timeZone: 'Atlantic/Canary' })).id;
  await campaigns.load();
});
afterAll(async () => {
  campaigns.close();
  await fixture.close();
});
beforeEach(() => fixture.clock.set('2026-05-04T18:00:00Z'));

const faultOf = async (promise: Promise<unknown>): Promise<{ code: string; faults: { path: string }[] }> =>
  promise.then(
    () => {
      throw new Error('It was taken.');
    },
    (error: unknown) => error as { code: string; faults: { path: string }[] },
  );

describe('a new campaign', () => {
  test('is a draft with the defaults, and reads back as it was put in', async () => {
    const full: CampaignDraft = {
      name: 'Lunch',
      storeIds: [madrid],
      startsOn: '2026-05-01',
      endsOn: '2026-05-31',
      incentive: {
        percentOff: {
          percent: '12.5',
          maximum: { minor: 500, currency: 'EUR' },
          scope: { include: { groups: ['food'] }, excludeDiscounted: true, pick: 'DEAREST', applicableQuantity: '2' },
        },
      },
      conditions: { minimumOrder: 1000, channels: ['DINE_IN'] },
      limits: [{ counts: 'REDEMPTIONS', per: 'CAMPAIGN', period: 'EVER', max: 3 }],
      budget: { minor: 100_000, currency: 'EUR' },
      stacking: { priority: 3, group: 'lunch', exclusive: true },
      metadata: { colour: 'red', 'line\nbreak': [1, null] },
    };
    const { id } = await campaigns.create(admin, full);
    expect(await campaigns.get(id)).toEqual({
      ...full,
      id,
      status: 'DRAFT',
      parentId: null,
      version: 1,
      currency: 'EUR',
      budget: 100_000,
      distribution: 'OPEN',
      taxClass: 'DISCOUNT',
      reversalPolicy: 'KEEP',
      funding: [],
      issuance: null,
      createdAt: '2026-05-04T18:00:00.000Z',
    });
    expect(await campaigns.create(admin, TEN_PERCENT)).toMatchObject({
      storeIds: null,
      startsOn: null,
      limits: [],
      budget: null,
      stacking: { priority: 0, exclusive: false },
      metadata: null,
    });
  });

  test('names an unknown store or parent as not found', async () => {
    await expect(campaigns.create(admin, { ...TEN_PERCENT, storeIds: [madrid, 'sto_nobody'] })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('sto_nobody'),
    });
    await expect(campaigns.create(admin, { ...TEN_PERCENT, parentId: 'cmp_nobody' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('hears of all its faults at once', async () => {
    const fault = await faultOf(
      campaigns.create(admin, {
        ...TEN_PERCENT,
        name: 'x'.repeat(201),
        startsOn: '2026-05-02',
        endsOn: '2026-05-01',
        stacking: { group: '' },
        metadata: 'half \ud800',
        storeIds: [madrid, madrid],
      }),
    );
    expect(fault.code).toBe('BAD_USER_INPUT');
    expect(fault.faults.map(({ path }) => path)).toEqual([
      'input.endsOn',
      'input.name',
      'input.storeIds[1]',
      'input.stacking.group',
      'input.metadata',
    ]);
  });

  test('cannot exceed its main', async () => {
    const main = await campaigns.create(admin, {
      name: 'Main',
      storeIds: [madrid],
      startsOn: '2026-05-01',
      endsOn: '2026-05-31',
      budget: { minor: 1000, currency: 'EUR' },
    });
    const fault = await faultOf(
      campaigns.create(admin, {
        ...TEN_PERCENT,
        parentId: main.id,
        storeIds: [canary],
        startsOn: '2026-04-30',
        endsOn: '2026-06-01',
        budget: { minor: 1001, currency: 'EUR' },
      }),
    );
    expect(fault.faults.map(({ path }) => path)).toEqual(['input.storeIds[0]', 'input.startsOn', 'input.endsOn', 'input.budget.minor']);
    const sub = await campaigns.create(admin, { ...TEN_PERCENT, parentId: main.id, storeIds: [madrid] });
    expect(sub).toMatchObject({ parentId: main.id, currency: 'EUR' });
    expect((await faultOf(campaigns.create(admin, { ...TEN_PERCENT, parentId: sub.id }))).faults).toEqual([
      expect.objectContaining({ path: 'input.parentId' }),
    ]);
  });
});

describe('the terms of a campaign', () => {
  test('hold those of its main, with what its subs count there', async () => {
    const main = await campaigns.create(admin, { name: 'Main' });
    const sub = await campaigns.create(admin, { ...TEN_PERCENT, parentId: main.id });
    const counting = await campaigns.create(admin, {
      ...TEN_PERCENT,
      parentId: main.id,
      limits: [
        { counts: 'REDEMPTIONS', per: 'MAIN_CAMPAIGN', period: 'EVER', max: 3 },
        { counts: 'REDEMPTIONS', per: 'CAMPAIGN', period: 'EVER', max: 3 },
      ],
    });
    expect(campaigns.terms(sub.id)?.main).toMatchObject({ id: main.id, version: 2, watched: [{ counts: 'REDEMPTIONS', period: 'EVER' }] });
    await campaigns.activate(admin, main.id);
    expect(campaigns.terms(sub.id)?.main).toMatchObject({ status: 'ACTIVE', version: 3 });
    expect(campaigns.terms(counting.id)?.main?.status).toBe('ACTIVE');
  });

  test('reach another process', async () => {
    const other = new CampaignService({ database: fixture.database, clock: fixture.clock, stores, listener: fixture.listener });
    await other.load();
    const { id } = await campaigns.create(admin, TEN_PERCENT);
    const heard = new Promise<void>((resolve) => {
      fixture.listener.on('valehub_terms', (payload) => {
        if (payload === `campaign:${id}`) resolve();
      });
    });
    await campaigns.activate(admin, id);
    await heard;
    expect((await other.get(id))?.status).toBe('ACTIVE');
    expect(other.terms(id)).toMatchObject({ status: 'ACTIVE', version: 2 });
    other.close();
  });
});

test('who hears of a main hears of the sub that came with it', async () => {
  const other = new CampaignService({ database: fixture.database, clock: fixture.clock, stores, listener: fixture.listener });
  await other.load();
  const main = await campaigns.create(admin, { name: 'Main' });
  const limits = [{ counts: 'REDEMPTIONS', per: 'MAIN_CAMPAIGN', period: 'EVER', max: 3 }] as const;
  const sub = await campaigns.create(admin, { ...TEN_PERCENT, parentId: main.id, limits });
  await eventually(() =>
    expect(other.terms(sub.id)?.main).toMatchObject({ version: 2, watched: [{ counts: 'REDEMPTIONS', period: 'EVER' }] }),
  );
  await campaigns.update(admin, main.id, { conditions: { minimumOrder: 100 } });
  await eventually(() => expect(other.terms(sub.id)).toMatchObject({ version: 2, main: { version: 3 } }));
  other.close();
});

describe('the moves of a campaign', () => {
  test('go from draft to active, paused, active and ended, each a new version, and each activation is an event', async () => {
    const { id } = await campaigns.create(admin, TEN_PERCENT);
    expect(await campaigns.activate(admin, id)).toMatchObject({ status: 'ACTIVE', version: 2 });
    expect(await campaigns.activate(admin, id)).toMatchObject({ status: 'ACTIVE', version: 2 });
    expect(await campaigns.pause(admin, id)).toMatchObject({ status: 'PAUSED', version: 3 });
    expect(await campaigns.activate(admin, id)).toMatchObject({ status: 'ACTIVE', version: 4 });
    expect(await campaigns.end(admin, id)).toMatchObject({ status: 'ENDED', version: 5 });
    expect(await campaigns.end(admin, id)).toMatchObject({ status: 'ENDED', version: 5 });
    const told = { name: 'Ten percent', actorId: admin.id };
    expect((await intake(fixture.database)).filter((event) => event.campaign_id === id)).toMatchObject([
      { type: 'CAMPAIGN_ACTIVATED', data: { ...told, status: 'ACTIVE', version: 2 } },
      { type: 'CAMPAIGN_PAUSED', data: { ...told, version: 3 } },
      { type: 'CAMPAIGN_ACTIVATED', data: { ...told, status: 'ACTIVE', version: 4 } },
      { type: 'CAMPAIGN_ENDED', data: { ...told, version: 5 } },
    ]);
  });

  test('that are impossible are conflicts', async () => {
    const { id } = await campaigns.create(admin, TEN_PERCENT);
    await expect(campaigns.pause(admin, id)).rejects.toMatchObject({ code: 'CONFLICT' });
    await campaigns.end(admin, id);
    await expect(campaigns.activate(admin, id)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(campaigns.pause(admin, id)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(campaigns.end(admin, 'cmp_nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a first day ahead gives SCHEDULED, which turns ACTIVE when that day begins in one of its stores', async () => {
    const { id } = await campaigns.create(admin, { ...TEN_PERCENT, startsOn: '2026-05-06', storeIds: [madrid, canary] });
    expect(await campaigns.activate(admin, id)).toMatchObject({ status: 'SCHEDULED' });
    // 04:00 in Sevilla is 02:00 UTC in summer.
    fixture.clock.set('2026-05-06T01:59:59.999Z');
    expect(campaigns.terms(id)?.status).toBe('SCHEDULED');
    expect((await campaigns.get(id))?.status).toBe('SCHEDULED');
    fixture.clock.set('2026-05-06T02:00:00Z');
    expect(campaigns.terms(id)?.status).toBe('ACTIVE');
    expect((await campaigns.get(id))?.status).toBe('ACTIVE');
  });

  test('a last day that is over in all stores shows ENDED, while its terms leave that to the order', async () => {
    const { id } = await campaigns.create(admin, { ...TEN_PERCENT, endsOn: '2026-05-05', storeIds: [madrid, canary] });
    await campaigns.activate(admin, id);
    fixture.clock.set('2026-05-06T02:30:00Z');
    expect((await campaigns.get(id))?.status).toBe('ACTIVE');
    fixture.clock.set('2026-05-06T03:00:00Z');
    expect((await campaigns.get(id))?.status).toBe('ENDED');
    expect(campaigns.terms(id)?.status).toBe('ACTIVE');
  });
});

describe('the figures of a campaign', () => {
  test('are sums over the subs of a main', async () => {
    const main = await campaigns.create(admin, { name: 'Main' });
    const [one, two] = [
      await campaigns.create(admin, { ...TEN_PERCENT, parentId: main.id }),
      await campaigns.create(admin, { ...TEN_PERCENT, parentId: main.id }),
    ];
    const counters = [
      `count:${one.id}:redeemed`,
      3,
      `count:${two.id}:redeemed`,
      4,
      `count:${two.id}:rejected`,
      5,
      `count:${one.id}:issued`,
      6,
      `count:${one.id}:reversed`,
      1,
      `budget:${main.id}`,
      700,
    ];
    for (let at = 0; at < counters.length; at += 2)
      await fixture.database.pool.query('insert into counter (key, used, held) values ($1, $2, 20)', counters.slice(at, at + 2));
    await fixture.database.pool.query(
      "insert into code_batch (id, campaign_id, pattern_id, first_index, count, issue_cursor, created_at) values ('bat_a', $1, 1, 0, 50, 0, now()), ('bat_b', $1, 1, 50, 7, 0, now())",
      [one.id],
    );
    expect(await campaigns.counts([two.id, main.id, 'cmp_nobody'])).toEqual([
      { codes: 0, issued: 0, redeemed: 4, reversed: 0, rejected: 5 },
      { codes: 57, issued: 6, redeemed: 7, reversed: 1, rejected: 5 },
      { codes: 0, issued: 0, redeemed: 0, reversed: 0, rejected: 0 },
    ]);
    expect(await campaigns.budgets([one.id, main.id])).toEqual([
      { used: 0, held: 0 },
      { used: 700, held: 20 },
    ]);
  });
});
