import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Hub } from '../../src/domain/hub.ts';
import { soundAndExplained } from '../campaign/support.ts';
import { closeAgreed } from '../helpers/agree.ts';
import {
  ADMIN,
  aCampaign,
  amount,
  anOrder,
  aStore,
  codesOf,
  held,
  hold,
  openTestHub,
  reasonsOf,
  redeem,
  redeemed,
  rowsOf,
  type TestHub,
} from '../helpers/domain.ts';
import { aPlatformOrder, discountOf, intake, redemptionsOf } from '../order/support.ts';

jest.setTimeout(60_000);

let t: TestHub;
let hub: Hub;
let storeId: string;

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  storeId = (await aStore(hub)).id;
});
afterAll(() => closeAgreed(t));

let guests = 0;
const guest = (over: { groups?: string[]; birthday?: string } = {}) =>
  hub.customers.upsert(ADMIN, { phone: `+3462100${String(1000 + ++guests)}`, ...over });
const orderOf = (customer: { id: string }) => anOrder(storeId, { customer: { id: customer.id } });
const use = async (code: string | undefined, customer: { id: string }, at: Hub = hub) =>
  reasonsOf(await redeem(at, { codes: [code ?? ''], order: orderOf(customer) }));

/** How often facts of a customer were asked for without a transaction. */
function countReads() {
  const spy = jest.spyOn(hub.database.pool, 'query');
  const isOfFacts = ([first]: readonly unknown[]) => (first as { name?: string } | undefined)?.name === 'customer-facts';
  return { reads: () => spy.mock.calls.filter(isOfFacts).length, stop: () => spy.mockRestore() };
}

describe('what is known of a customer is read', () => {
  test('for campaigns that ask, once a request, and never for others', async () => {
    const plain = await codesOf(hub, (await aCampaign(hub, { conditions: { customerRequired: true, minimumOrder: 100 } })).id, 5);
    const asking = await codesOf(
      hub,
      (await aCampaign(hub, { conditions: { excludedGroups: ['staff'], expression: 'customer.orders < 9' } })).id,
      5,
    );
    const someone = await guest();
    const counted = countReads();
    await use(plain[0], someone);
    await hub.desk.validate(ADMIN, { codes: [plain[1] ?? ''], order: orderOf(someone), tillId: null, staffId: null });
    expect(counted.reads()).toBe(0);
    expect(await use(asking[0], someone)).toEqual([]);
    expect(counted.reads()).toBe(1);
    redeemed(await redeem(hub, { codes: [asking[1] ?? '', asking[2] ?? '', plain[2] ?? ''], order: orderOf(someone) }));
    expect(counted.reads()).toBe(2);
    await redeem(hub, { codes: [asking[3] ?? ''], order: anOrder(storeId) });
    expect(counted.reads()).toBe(2);
    counted.stop();
  });

  test('anew when a hold is redeemed', async () => {
    const [code] = await codesOf(hub, (await aCampaign(hub, { conditions: { excludedGroups: ['staff'] } })).id);
    const someone = await guest();
    const order = orderOf(someone);
    const { id } = held(await hold(hub, { codes: [code ?? ''], order }));
    await hub.customers.upsert(ADMIN, { id: someone.id, groups: ['staff'] });
    expect(reasonsOf(await redeem(hub, { holdId: id, order }))).toEqual(['CUSTOMER_GROUP_EXCLUDED']);
    await hub.customers.upsert(ADMIN, { id: someone.id, groups: [] });
    redeemed(await redeem(hub, { holdId: id, order }));
  });

  test('as an issued voucher was promised, though its campaign asks nothing any more', async () => {
    const { id } = await aCampaign(hub, { distribution: 'CUSTOMER', conditions: { birthdayWindow: { daysBefore: 1, daysAfter: 1 } } });
    // The test's clock stands at 4 May 2026.
    const [born, other] = [await guest({ birthday: '1990-05-05' }), await guest({ birthday: '1990-05-07' })];
    const issue = async (customer: { id: string }) => {
      const answer = await hub.issuing.issue(ADMIN, {
        idempotencyKey: randomUUID(),
        campaignId: id,
        customer: { id: customer.id },
        validUntil: null,
      });
      if (answer.kind !== 'issued') throw new Error('It was refused.');
      return hub.codes.codeAt(answer);
    };
    const [his, hers] = [await issue(born), await issue(other)];
    await hub.campaigns.update(ADMIN, id, { conditions: null });
    expect(await use(hers, other)).toEqual(['OUTSIDE_BIRTHDAY_WINDOW']);
    expect(await use(his, born)).toEqual([]);
    expect(await use(await issue(other), other)).toEqual([]);
  });

  test('by a process that has not heard of the change yet', async () => {
    const { id } = await aCampaign(hub);
    const codes = await codesOf(hub, id, 2);
    const twin = await t.twin();
    const staff = await guest({ groups: ['staff'] });
    await twin.codes.refresh();
    // As if the news were still on its way.
    const before = twin.campaigns.terms(id);
    const told = jest.spyOn(twin.campaigns, 'terms').mockReturnValueOnce(before).mockReturnValueOnce(before).mockReturnValueOnce(before);
    await hub.campaigns.update(ADMIN, id, { conditions: { excludedGroups: ['staff'] } });
    expect(await use(codes[0], staff, twin)).toEqual(['CUSTOMER_GROUP_EXCLUDED']);
    told.mockRestore();
  });

  test('for what a platform’s till has taken already', async () => {
    const codes = await codesOf(hub, (await aCampaign(hub, { incentive: amount(300), conditions: { firstOrderOnly: true } })).id, 2);
    const phone = '+34621099999';
    const first = aPlatformOrder([discountOf(codes[0] ?? '', 300)], { customer: { phone } });
    expect((await intake(hub, storeId, first)).refused).toEqual([]);
    expect(await redemptionsOf(hub, codes[0] ?? '')).toMatchObject([{ amount: 300 }]);
    const second = await intake(hub, storeId, aPlatformOrder([discountOf(codes[1] ?? '', 300)], { customer: { phone } }));
    expect(second.refused.map(({ reason }) => reason)).toEqual(['NOT_FIRST_ORDER']);
  });
});

test('a till’s redemption and the platform’s order that pays it are one order', async () => {
  const codes = await codesOf(hub, (await aCampaign(hub, { incentive: amount(300), conditions: { firstOrderOnly: true } })).id, 4);
  const phone = '+34621088888';
  const atTheTill = anOrder(storeId, { customer: { phone }, placedAt: '2026-05-04T17:50:00.000Z' });
  redeemed(await redeem(hub, { codes: [codes[0] ?? ''], order: atTheTill }));
  const { linked } = await intake(hub, storeId, aPlatformOrder([discountOf(codes[0] ?? '', 300)], { customer: { phone } }));
  expect(linked).toHaveLength(1);
  redeemed(await redeem(hub, { codes: [codes[1] ?? ''], order: atTheTill }));
  expect(reasonsOf(await redeem(hub, { codes: [codes[2] ?? ''], order: anOrder(storeId, { customer: { phone } }) }))).toEqual([
    'NOT_FIRST_ORDER',
  ]);
});

test('a void order is none', async () => {
  const [code] = await codesOf(hub, (await aCampaign(hub, { conditions: { firstOrderOnly: true } })).id);
  const phone = '+34621077777';
  const order = aPlatformOrder([], { customer: { phone } });
  await intake(hub, storeId, order);
  await intake(hub, storeId, { ...order, revision: 2, state: 'VOIDED' });
  redeemed(await redeem(hub, { codes: [code ?? ''], order: anOrder(storeId, { customer: { phone } }) }));
});

test('every redemption explains itself, the counters verify', async () => {
  expect((await rowsOf<{ n: number }>(hub, "select count(*) as n from counter where key like 'first:%'"))[0]?.n).toBeGreaterThan(0);
  await soundAndExplained(hub);
});
