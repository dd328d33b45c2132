import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { CampaignDraft, CampaignRecord, Issuance } from '../../src/domain/campaign/campaign.types.ts';
import { budgetKey } from '../../src/domain/decision/counters.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { closeAgreed } from '../helpers/agree.ts';
import {
  ADMIN,
  aCampaign,
  anOrder,
  aStore,
  codesOf,
  counterAt,
  limit,
  line,
  openTestHub,
  reasonsOf,
  redeem,
  redeemed,
  rowsOf,
  type TestHub,
  tender,
  theRedemption,
} from '../helpers/domain.ts';
import { anIssuingCampaign, aPaidOrder, card, earnedBy, issuing, refusedOn } from './issuing-support.ts';
import { eventsOf } from './support.ts';

jest.setTimeout(60_000);

const NOW = '2026-05-04T18:00:00.000Z';

let t: TestHub;
let hub: Hub;
let twin: Hub;
let store: StoreTerms;

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  twin = await t.twin();
});
// A store of its own for each test, so that no other test's campaign issues on its orders.
beforeEach(async () => {
  t.clock.set(NOW);
  store = await aStore(hub);
});
afterAll(() => closeAgreed(t));

/** Made later than the one before, so that there is one order of them. */
function campaignOf(over: Partial<Issuance>, draft: Partial<CampaignDraft>): Promise<CampaignRecord> {
  t.clock.tick();
  return anIssuingCampaign(hub, over, draft);
}
const here = () => ({ storeIds: [store.id] });
const record = (order = aPaidOrder(store.id), on = hub) => on.orders.record(ADMIN, order);

describe('a paid order', () => {
  test('earns a voucher of each campaign whose conditions it meets, in the order in which they were made, once', async () => {
    const first = await campaignOf({ conditions: { minimumOrder: 1_500 } }, here());
    const second = await campaignOf({ count: 2 }, here());
    await campaignOf({ conditions: { minimumOrder: 2_001 } }, here());
    await campaignOf({}, { storeIds: [(await aStore(hub)).id] });
    const [code] = await codesOf(hub, first.id, 5);
    const order = aPaidOrder(store.id);
    const recorded = await record(order);
    const earned = await earnedBy(hub, recorded.id);
    expect(earned).toMatchObject([
      { campaignId: first.id, code, status: 'ISSUED', customerId: null, validFrom: null, validUntil: null, termsVersion: first.version },
      { campaignId: second.id },
      { campaignId: second.id },
    ]);
    expect(await record(order)).toEqual(recorded);
    expect(await earnedBy(hub, recorded.id)).toEqual(earned);
    expect(await eventsOf(hub, order.externalId)).toEqual(['ORDER_RECORDED 2000', 'VOUCHER_ISSUED', 'VOUCHER_ISSUED', 'VOUCHER_ISSUED']);
    expect(await hub.campaigns.counts([first.id, second.id])).toMatchObject([{ issued: 1 }, { issued: 2 }]);
    const places = (await hub.orders.issuedOn([recorded.id]))[0] ?? [];
    expect(places.map((place) => hub.codes.codeAt(place))).toEqual(earned.map((row) => row.code));
    expect(theRedemption(await redeem(hub, { codes: [code ?? ''], order: anOrder(store.id) })).amount).toBe(300);
  });

  test('recorded by two processes at once, earns as one', async () => {
    const campaign = await campaignOf({ count: 3 }, here());
    await twin.campaigns.refresh([campaign.id]);
    for (let round = 0; round < 5; round += 1) {
      const order = aPaidOrder(store.id);
      const answers = await Promise.all(Array.from({ length: 6 }, (_, at) => record(order, at % 2 === 0 ? hub : twin)));
      expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
      expect(await earnedBy(hub, answers[0]?.id ?? '')).toHaveLength(3);
    }
  });

  test('is recorded with its vouchers or not at all', async () => {
    const campaign = await campaignOf({ count: 3 }, here());
    const order = aPaidOrder(store.id);
    // Whatever breaks, breaks the whole: here the last thing that is written of an issue.
    const trip = `case when new.key = 'count:${campaign.id}:issued' then raise exception 'tripped'; else return new; end case;`;
    await rowsOf(hub, `create function trip() returns trigger language plpgsql as $$ begin ${trip} end $$`);
    await rowsOf(hub, 'create trigger trip before insert on counter for each row execute function trip()');
    try {
      await expect(record(order)).rejects.toThrow('tripped');
    } finally {
      await rowsOf(hub, 'drop trigger trip on counter');
    }
    expect(await rowsOf(hub, 'select id from orders where external_id = $1', [order.externalId])).toEqual([]);
    expect(await rowsOf(hub, 'select code from voucher where campaign_id = $1', [campaign.id])).toEqual([]);
    expect(await earnedBy(hub, (await record(order)).id)).toHaveLength(3);
    expect(await eventsOf(hub, order.externalId)).toHaveLength(4);
  });

  test('is one whose payments and part payments come to what is due', async () => {
    await campaignOf({}, here());
    const [voucher = ''] = await codesOf(hub, (await aCampaign(hub, { incentive: tender(500), ...here() })).id);
    const order = anOrder(store.id);
    redeemed(await redeem(hub, { codes: [voucher], order }));
    const unpaid = await record({ ...order, payments: [card(1_499)] });
    expect(await earnedBy(hub, unpaid.id)).toEqual([]);
    await record({ ...order, payments: [card(1_000), card(500)] });
    expect(await earnedBy(hub, unpaid.id)).toHaveLength(1);
    await record({ ...order, payments: [card(1_500)] });
    expect(await earnedBy(hub, unpaid.id)).toHaveLength(1);
  });

  test('on which nothing is due is paid without a payment; one without lines is none', async () => {
    await campaignOf({}, here());
    const free = await record(anOrder(store.id, { lines: [line('paella', 2_000, { discount: 2_000 })] }));
    expect(await earnedBy(hub, free.id)).toHaveLength(1);
    expect(await earnedBy(hub, (await record(anOrder(store.id, { lines: [] }))).id)).toEqual([]);
  });

  test('gives the vouchers to its customer; a campaign for customers, or with a limit for each, gives none without', async () => {
    const free = await campaignOf({}, here());
    const personal = await campaignOf({}, { distribution: 'CUSTOMER', ...here() });
    const counted = await campaignOf({}, { limits: [limit('CUSTOMER', 1, { counts: 'ISSUED' })], ...here() });
    const nobodys = aPaidOrder(store.id);
    expect(await earnedBy(hub, (await record(nobodys)).id)).toMatchObject([{ campaignId: free.id, customerId: null }]);
    expect(await refusedOn(hub, nobodys.externalId)).toEqual([]);
    const customer = { email: 'berta@example.com' };
    const recorded = await record(aPaidOrder(store.id, { customer }));
    const { customerId } = recorded;
    expect(customerId).not.toBeNull();
    expect(await earnedBy(hub, recorded.id)).toMatchObject([free, personal, counted].map(({ id }) => ({ campaignId: id, customerId })));
    const again = aPaidOrder(store.id, { customer });
    expect((await earnedBy(hub, (await record(again)).id)).map((row) => row.campaignId)).toEqual([free.id, personal.id]);
    expect(await refusedOn(hub, again.externalId)).toEqual(['LIMIT_CUSTOMER']);
  });

  test('earns one for each full amount of the items in scope, up to the most of one order', async () => {
    await anIssuingCampaign(
      hub,
      { everyAmount: 1_000, maximumPerOrder: 3, scope: { include: { groups: ['food'] }, excludeDiscounted: false, pick: 'CHEAPEST' } },
      here(),
    );
    const order = (food: number) =>
      aPaidOrder(store.id, { lines: [line('paella', food, { group: 'food' }), line('vino', 5_000)], payments: [card(20_000)] });
    for (const [food, count] of [
      [999, 0],
      [1_000, 1],
      [2_999, 2],
      [9_000, 3],
    ] as const)
      expect(await earnedBy(hub, (await record(order(food))).id)).toHaveLength(count);
    expect(await earnedBy(hub, (await record()).id)).toEqual([]);
  });

  test('gives codes in the pattern of the newest batch, once all that were made are given out', async () => {
    const campaign = await campaignOf({}, here());
    const beginning = async () => (await earnedBy(hub, (await record()).id)).map(({ code }) => code.slice(0, 2));
    expect(await beginning()).toEqual(['DV']);
    t.clock.tick();
    await codesOf(hub, campaign.id, 1, { random: { prefix: 'QX', length: 12 } });
    expect([await beginning(), await beginning()]).toEqual([['QX'], ['QX']]);
  });

  test('gives codes of the house where more of its own could be guessed', async () => {
    const campaign = await campaignOf({ count: 9 }, here());
    await codesOf(hub, campaign.id, 8, { random: { prefix: 'QZ', length: 5 } });
    const beginnings = (await earnedBy(hub, (await record()).id)).map(({ code }) => code.slice(0, 2));
    expect(beginnings.toSorted()).toEqual(['DV', ...new Array<string>(8).fill('QZ')]);
  });

  test('gives vouchers that begin and end by the calendar of the store', async () => {
    await campaignOf({ validAfter: 'P1D', validFor: 'P1M' }, here());
    // The clocks go forward in the night to 29 March 2026.
    t.clock.set('2026-03-28T18:00:00.000Z');
    const recorded = await record();
    const [voucher] = await earnedBy(hub, recorded.id);
    expect(voucher?.validFrom?.toISOString()).toBe('2026-03-29T17:00:00.000Z');
    expect(voucher?.validUntil?.toISOString()).toBe('2026-04-29T17:00:00.000Z');
    const use = () => redeem(hub, { codes: [voucher?.code ?? ''], order: anOrder(store.id) });
    expect(reasonsOf(await use())).toEqual(['VOUCHER_NOT_STARTED']);
    t.clock.set('2026-03-29T17:00:00.000Z');
    expect(theRedemption(await use()).amount).toBe(300);
  });

  test('is judged by its customer and its payments, as a redemption is', async () => {
    await campaignOf({ conditions: { firstOrderOnly: true, paymentMethods: ['cash'] } }, here());
    const cash = [{ ...card(2_000), method: 'CASH' }];
    const customer = { email: 'first@example.com' };
    expect(await earnedBy(hub, (await record(aPaidOrder(store.id, { customer }))).id)).toEqual([]);
    const two = await Promise.all(
      [hub, twin].map((on) => record(aPaidOrder(store.id, { customer: { email: 'elena@example.com' }, payments: cash }), on)),
    );
    const earned = await Promise.all(two.map(({ id }) => earnedBy(hub, id)));
    expect(earned.flat()).toHaveLength(1);
    expect(await earnedBy(hub, (await record(aPaidOrder(store.id, { customer, payments: cash }))).id)).toEqual([]);
  });

  test('earns nothing from what is not active, over, or elsewhere', async () => {
    const paused = await campaignOf({}, here());
    await hub.campaigns.pause(ADMIN, paused.id);
    await campaignOf({}, { endsOn: '2026-05-03', ...here() });
    await campaignOf({}, { startsOn: '2026-05-05', ...here() });
    const main = await aCampaign(hub, { incentive: null, name: 'Verano' });
    await campaignOf({}, { parentId: main.id, ...here() });
    await hub.campaigns.pause(ADMIN, main.id);
    await hub.campaigns.create(ADMIN, {
      name: 'borrador',
      incentive: { amountOff: { amount: { minor: 1, currency: 'EUR' } } },
      issuance: issuing(),
    });
    expect(await earnedBy(hub, (await record()).id)).toEqual([]);
  });

  test('is not given what another process stopped a moment ago', async () => {
    const campaign = await campaignOf({}, here());
    await twin.campaigns.refresh([campaign.id]);
    // Not told to the twin: what it has in memory is old.
    await rowsOf(hub, "update campaign set status = 'PAUSED', version = version + 1 where id = $1", [campaign.id]);
    expect(await earnedBy(hub, (await record(aPaidOrder(store.id), twin)).id)).toEqual([]);
  });
});

describe('limits', () => {
  test('of every kind bind what is issued, the order is recorded all the same, and the refusal is kept with it', async () => {
    for (const per of ['CAMPAIGN', 'STORE', 'TILL', 'ORDER'] as const) {
      store = await aStore(hub);
      await campaignOf({ count: 3 }, { limits: [limit(per, 4, { counts: 'ISSUED' })], ...here() });
      const [first, second] = [aPaidOrder(store.id), aPaidOrder(store.id)];
      expect(await earnedBy(hub, (await record(first)).id)).toHaveLength(3);
      const more = await earnedBy(hub, (await record(second)).id);
      expect([per, more.length]).toEqual([per, per === 'ORDER' ? 3 : 1]);
      expect(await refusedOn(hub, second.externalId)).toEqual(per === 'ORDER' ? [] : [`LIMIT_${per}`]);
    }
  });

  test('per ORDER bind all that one order earns, also by an edit', async () => {
    await campaignOf({ everyAmount: 1_000 }, { limits: [limit('ORDER', 2, { counts: 'ISSUED' })], ...here() });
    const order = aPaidOrder(store.id);
    const { id } = await record(order);
    expect(await earnedBy(hub, id)).toHaveLength(2);
    await record({ ...order, lines: [line('paella', 3_000)], payments: [card(3_000)] });
    expect(await earnedBy(hub, id)).toHaveLength(2);
    expect(await refusedOn(hub, order.externalId)).toEqual(['LIMIT_ORDER']);
  });

  test('count a till by its name where the caller gives one', async () => {
    await campaignOf({}, { limits: [limit('TILL', 1, { counts: 'ISSUED' })], ...here() });
    const at = async (tillId: string) => (await earnedBy(hub, (await hub.orders.record(ADMIN, aPaidOrder(store.id), tillId)).id)).length;
    expect([await at('one'), await at('one'), await at('two')]).toEqual([1, 0, 1]);
  });

  test('of a main campaign bind its subs together; the refusal has its numbers', async () => {
    const main = await aCampaign(hub, { incentive: null, limits: [limit('CAMPAIGN', 3, { counts: 'ISSUED' })], ...here() });
    await campaignOf({ count: 2 }, { parentId: main.id, ...here() });
    await campaignOf({ count: 2 }, { parentId: main.id, ...here() });
    const order = aPaidOrder(store.id);
    expect(await earnedBy(hub, (await record(order)).id)).toHaveLength(3);
    expect(
      await rowsOf(hub, "select failures -> 0 -> 'facts' -> 'limit' as told from rejection where order_external_id = $1", [
        order.externalId,
      ]),
    ).toEqual([{ told: expect.objectContaining({ counts: 'ISSUED', max: 3, used: 3 }) }]);
  });

  test('that nobody has touched yet let exactly so many through, from two processes at once, and nobody hears of a conflict', async () => {
    const campaign = await campaignOf({}, { limits: [limit('CAMPAIGN', 7, { counts: 'ISSUED' })], ...here() });
    await twin.campaigns.refresh([campaign.id]);
    const recorded = await Promise.all(Array.from({ length: 20 }, (_, at) => record(aPaidOrder(store.id), at % 2 === 0 ? hub : twin)));
    const earned = await Promise.all(recorded.map(({ id }) => earnedBy(hub, id)));
    expect(earned.flat()).toHaveLength(7);
    expect(new Set(earned.flat().map((row) => row.code)).size).toBe(7);
    expect((await hub.campaigns.counts([campaign.id]))[0]).toMatchObject({ issued: 7 });
  });

  test('a budget of which too little is left gives no more vouchers', async () => {
    const campaign = await campaignOf({}, { budget: { minor: 500, currency: 'EUR' }, ...here() });
    const [voucher] = await earnedBy(hub, (await record()).id);
    theRedemption(await redeem(hub, { codes: [voucher?.code ?? ''], order: anOrder(store.id) }));
    expect(await counterAt(hub, budgetKey(campaign.id))).toMatchObject({ used: 300 });
    const order = aPaidOrder(store.id);
    expect(await earnedBy(hub, (await record(order)).id)).toEqual([]);
    expect(await refusedOn(hub, order.externalId)).toEqual(['BUDGET_EXHAUSTED']);
  });
});

describe('an edit', () => {
  test('of the order earns what is missing, and takes back what is no longer earned', async () => {
    const campaign = await campaignOf({ everyAmount: 1_000 }, here());
    const order = aPaidOrder(store.id);
    const { id } = await record(order);
    const to = (minor: number) => record({ ...order, lines: [line('paella', minor)], payments: [card(minor)] });
    await to(3_500);
    expect((await earnedBy(hub, id)).map((row) => row.status)).toEqual(['ISSUED', 'ISSUED', 'ISSUED']);
    await to(1_900);
    expect((await earnedBy(hub, id)).map((row) => row.status)).toEqual(['ISSUED', 'CANCELLED', 'CANCELLED']);
    // What was taken back does not come again.
    await to(3_600);
    expect(await earnedBy(hub, id)).toHaveLength(3);
    expect((await eventsOf(hub, order.externalId)).filter((line) => line === 'VOUCHER_CANCELLED')).toHaveLength(2);
    expect((await hub.campaigns.counts([campaign.id]))[0]).toMatchObject({ issued: 3 });
  });

  test('earns nothing from a campaign that began after the order was paid', async () => {
    const [before, order] = [aPaidOrder(store.id), aPaidOrder(store.id)];
    const { id: early } = await record(before);
    await campaignOf({}, here());
    const { id } = await record(order);
    await campaignOf({}, here());
    for (const one of [before, order]) await record({ ...one, lines: [line('paella', 2_000), line('pan', 0)] });
    expect(await earnedBy(hub, early)).toEqual([]);
    expect(await earnedBy(hub, id)).toHaveLength(1);
  });

  test('keeps a voucher that was used, and tells of it once', async () => {
    await campaignOf({ conditions: { minimumOrder: 1_500 } }, here());
    const order = aPaidOrder(store.id);
    const { id } = await record(order);
    const [voucher] = await earnedBy(hub, id);
    theRedemption(await redeem(hub, { codes: [voucher?.code ?? ''], order: anOrder(store.id) }));
    for (const minor of [1_000, 900]) await record({ ...order, lines: [line('paella', minor)], payments: [card(minor)] });
    expect(await earnedBy(hub, id)).toMatchObject([{ status: 'REDEEMED' }]);
    expect((await eventsOf(hub, order.externalId)).filter((line) => line.startsWith('VOUCHER_'))).toEqual([
      'VOUCHER_ISSUED',
      'VOUCHER_KEPT',
    ]);
  });
});

test('a campaign that issues has sound rules', async () => {
  const wrong = hub.campaigns.create(ADMIN, {
    name: 'x',
    incentive: { amountOff: { amount: { minor: 1, currency: 'EUR' } } },
    issuance: {
      conditions: { minimumOrder: -1 },
      scope: { excludeDiscounted: false, pick: 'ALL', applicableQuantity: '1' },
      count: 0,
      everyAmount: 0,
      maximumPerOrder: 101,
      validAfter: 'morgen',
      validFor: 'PT0S',
    },
  });
  const path = (at: string) => ({ path: `input.issuance.${at}` });
  await expect(wrong).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    faults: [
      'conditions.minimumOrder',
      'scope.applicableQuantity',
      'count',
      'maximumPerOrder',
      'everyAmount',
      'validAfter',
      'validFor',
    ].map(path),
  });
  await expect(hub.campaigns.create(ADMIN, { name: 'main', issuance: issuing() })).rejects.toMatchObject({
    faults: [{ path: 'input.issuance' }],
  });
});
