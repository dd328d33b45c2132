import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Hub } from '../../src/domain/hub.ts';
import { closeAgreed } from '../helpers/agree.ts';
import { chanceOf } from '../helpers/basics.ts';
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
  reverse,
  rowsOf,
  type TestHub,
  theRedemption,
} from '../helpers/domain.ts';

jest.setTimeout(60_000);

let fixture: TestHub;
let hub: Hub;
let storeId: string;
let codes: string[];

beforeAll(async () => {
  fixture = await openTestHub();
  hub = fixture.hub;
  storeId = (await aStore(hub)).id;
  const { id } = await aCampaign(hub, { incentive: amount(100), conditions: { firstOrderOnly: true } });
  codes = await codesOf(hub, id, 300);
});
afterAll(() => closeAgreed({ database: fixture.database, close: fixture.close }));

let guests = 0;
const someone = () => ({ phone: `+3461000${String(1000 + ++guests)}` });
const code = (): string => codes.pop() ?? '';
const orderOf = (customer: { phone: string }, externalId = randomUUID()) => anOrder(storeId, { customer, externalId });

describe('of a customer who never ordered', () => {
  test('two tills at once, in two processes: one order wins, again and again', async () => {
    const twin = await fixture.twin();
    for (let round = 0; round < 12; round += 1) {
      const customer = someone();
      const answers = await Promise.all([hub, twin, hub, twin].map((at) => redeem(at, { codes: [code()], order: orderOf(customer) })));
      expect(answers.map((answer) => answer.kind).sort()).toEqual(['redeemed', 'refused', 'refused', 'refused']);
      expect(answers.flatMap(reasonsOf)).toEqual(['NOT_FIRST_ORDER', 'NOT_FIRST_ORDER', 'NOT_FIRST_ORDER']);
    }
  });

  test('a batch of many customers at once gives each one order', async () => {
    const customers = Array.from({ length: 20 }, someone);
    const answers = await Promise.all(
      customers.flatMap((customer) => [0, 1].map(() => redeem(hub, { codes: [code()], order: orderOf(customer) }))),
    );
    expect(answers.filter((answer) => answer.kind === 'redeemed')).toHaveLength(20);
    for (let i = 0; i < answers.length; i += 2) expect([answers[i]?.kind, answers[i + 1]?.kind].sort()).toEqual(['redeemed', 'refused']);
  });

  test('several vouchers go on the first order, at once or one after the other, and none on the next', async () => {
    const order = orderOf(someone());
    expect(redeemed(await redeem(hub, { codes: [code(), code()], order })).redemptions).toHaveLength(2);
    redeemed(await redeem(hub, { codes: [code()], order }));
    expect(reasonsOf(await redeem(hub, { codes: [code()], order: { ...order, externalId: 'another' } }))).toEqual(['NOT_FIRST_ORDER']);
    const both = orderOf(someone());
    const answers = await Promise.all([0, 1, 2].map(() => redeem(hub, { codes: [code()], order: both })));
    expect(answers.map((answer) => answer.kind)).toEqual(['redeemed', 'redeemed', 'redeemed']);
  });

  test('what is taken back whole frees it; what is left of the order keeps it', async () => {
    const customer = someone();
    const first = orderOf(customer);
    const [one, two] = redeemed(await redeem(hub, { codes: [code(), code()], order: first })).redemptions;
    await reverse(hub, { redemptionId: one?.id ?? '' });
    expect(reasonsOf(await redeem(hub, { codes: [code()], order: orderOf(customer) }))).toEqual(['NOT_FIRST_ORDER']);
    await reverse(hub, { redemptionId: two?.id ?? '', amount: 40 });
    expect(reasonsOf(await redeem(hub, { codes: [code()], order: orderOf(customer) }))).toEqual(['NOT_FIRST_ORDER']);
    await reverse(hub, { redemptionId: two?.id ?? '' });
    redeemed(await redeem(hub, { codes: [code()], order: orderOf(customer) }));
    expect(reasonsOf(await redeem(hub, { codes: [code()], order: first }))).toEqual(['NOT_FIRST_ORDER']);
  });

  test('a hold sets it aside until it is released, and is itself no obstacle', async () => {
    const customer = someone();
    const order = orderOf(customer);
    const held1 = held(await hold(hub, { codes: [code()], order }));
    expect(reasonsOf(await redeem(hub, { codes: [code()], order: orderOf(customer) }))).toEqual(['NOT_FIRST_ORDER']);
    // Another voucher on the very order that holds.
    redeemed(await redeem(hub, { codes: [code()], order }));
    redeemed(await redeem(hub, { holdId: held1.id, order }));
    const other = someone();
    const held2 = held(await hold(hub, { codes: [code()], order: orderOf(other) }));
    await hub.desk.releaseHold(ADMIN, held2.id);
    redeemed(await redeem(hub, { codes: [code()], order: orderOf(other) }));
  });
});

describe('of a customer with another order', () => {
  test('recorded or with any voucher on it, the first is over; the order itself is no other', async () => {
    const customer = someone();
    const order = orderOf(customer);
    await hub.orders.record(ADMIN, order);
    const mine = code();
    const given = theRedemption(await redeem(hub, { codes: [mine], order }));
    expect(given.amount).toBe(100);
    expect(reasonsOf(await redeem(hub, { codes: [code()], order: orderOf(customer) }))).toEqual(['NOT_FIRST_ORDER']);
    const plain = await aCampaign(hub);
    const [any] = await codesOf(hub, plain.id, 1);
    const regular = someone();
    redeemed(await redeem(hub, { codes: [any ?? ''], order: orderOf(regular) }));
    expect(reasonsOf(await redeem(hub, { codes: [code()], order: orderOf(regular) }))).toEqual(['NOT_FIRST_ORDER']);
  });

  test('validate says so beforehand, and takes an unknown phone for a new customer without making one', async () => {
    const customer = someone();
    const ask = (phone: string) =>
      hub.desk.validate(ADMIN, { codes: [codes[0] ?? ''], order: orderOf({ phone }), tillId: null, staffId: null });
    expect((await ask(customer.phone)).outcomes[0]).toMatchObject({ outcome: 'applicable' });
    expect(await hub.customers.find({ phone: customer.phone })).toBeNull();
    redeemed(await redeem(hub, { codes: [code()], order: orderOf(customer) }));
    expect((await ask(customer.phone)).outcomes[0]).toMatchObject({ reason: 'NOT_FIRST_ORDER' });
  });
});

test('a main campaign for first orders binds its subs', async () => {
  const main = await aCampaign(hub, { incentive: null, conditions: { firstOrderOnly: true } });
  const sub = await aCampaign(hub, { parentId: main.id });
  const [one, two] = await codesOf(hub, sub.id, 2);
  const customer = someone();
  redeemed(await redeem(hub, { codes: [one ?? ''], order: orderOf(customer) }));
  expect(reasonsOf(await redeem(hub, { codes: [two ?? ''], order: orderOf(customer) }))).toEqual(['NOT_FIRST_ORDER']);
});

test('redeems, reversals and holds of any kind at once never leave two first orders', async () => {
  const twin = await fixture.twin();
  const chance = chanceOf(7_310);
  const { id } = await aCampaign(hub, { incentive: amount(50), conditions: { firstOrderOnly: true } });
  const many = await codesOf(hub, id, 400);
  const customers = [someone(), someone(), someone()];
  const orders = customers.map((customer) => [0, 1, 2].map(() => orderOf(customer)));
  const standing: string[] = [];
  for (let round = 0; round < 25; round += 1) {
    await Promise.all(
      Array.from({ length: 6 }, async () => {
        const at = chance.pick([hub, twin]);
        const order = chance.pick(chance.pick(orders));
        const what = chance.below(10);
        if (what < 5 || standing.length === 0) {
          const wanted = Array.from({ length: 1 + chance.below(2) }, () => many.pop() ?? '');
          const answer = await redeem(at, { codes: wanted, order });
          if (answer.kind === 'redeemed') standing.push(...answer.redemptions.map((one) => one.id));
        } else if (what < 8) await reverse(at, { redemptionId: standing.splice(chance.below(standing.length), 1)[0] ?? '' });
        else {
          const answer = await hold(at, { codes: [many.pop() ?? ''], order });
          if (answer.kind === 'held') await hub.desk.releaseHold(ADMIN, answer.hold.id);
        }
      }),
    );
    const torn = await rowsOf(
      hub,
      'select customer_id from redemption where campaign_id = $1 and not undone group by 1 having count(distinct (order_source, order_external_id)) > 1',
      [id],
    );
    expect({ round, torn }).toEqual({ round, torn: [] });
  }
  const [kept] = await rowsOf<{ n: number }>(hub, 'select count(*) as n from redemption where campaign_id = $1', [id]);
  expect(kept?.n).toBeGreaterThan(20);
});
