import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { Hub } from '../../src/domain/hub.ts';
import { eventually } from '../helpers/basics.ts';
import {
  ADMIN,
  aCampaign,
  amount,
  anOrder,
  aStore,
  codesOf,
  held,
  hold,
  limit,
  line,
  percent,
  reasonsOf,
  redeem,
  redeemed,
  reverse,
  rowsOf,
  sharedWord,
  type TestHub,
  tender,
  theRedemption,
} from '../helpers/domain.ts';
import { aPlatformOrder, discountOf, intake } from '../order/support.ts';

const GUEST = { phone: '+34600000021' };

/** A little of everything that leaves a trace in the books. */
export async function aSmallWorld({ hub, clock }: TestHub): Promise<void> {
  const store = await aStore(hub);
  const other = await aStore(hub, { name: 'Triana', defaultTaxRate: '21' });
  const main = await aCampaign(hub, { name: 'Año', incentive: null, budget: { minor: 500_000, currency: 'EUR' } });
  const tenth = await aCampaign(hub, {
    parentId: main.id,
    budget: { minor: 100_000, currency: 'EUR' },
    limits: [limit('CUSTOMER', 60, { period: 'BUSINESS_DAY' }), limit('STORE', 90_000, { counts: 'DISCOUNT_AMOUNT', period: 'MONTH' })],
  });
  const euros = await aCampaign(hub, {
    name: 'Dos euros',
    incentive: { amountOff: { amount: { minor: 200, currency: 'EUR' }, scope: { excludeDiscounted: false, pick: 'ALL' } } },
  });
  const paid = await aCampaign(hub, { name: 'Bono', incentive: tender(500) });
  const gift = await aCampaign(hub, {
    name: 'Regalo',
    incentive: amount(300),
    distribution: 'CUSTOMER',
    limits: [limit('CAMPAIGN', 40, { counts: 'ISSUED' })],
  });
  const twice = await aCampaign(hub, { name: 'Dos veces', incentive: percent('5'), limits: [limit('VOUCHER', 2)] });
  const codes = {
    tenth: await codesOf(hub, tenth.id, 40),
    euros: await codesOf(hub, euros.id, 20),
    paid: await codesOf(hub, paid.id, 10),
    twice: await codesOf(hub, twice.id, 3),
  };
  const word = await sharedWord(hub, tenth.id);
  const next = (list: string[]): string => list.pop() as string;
  const table = (over: Parameters<typeof anOrder>[1] = {}) =>
    anOrder(store.id, { lines: [line('paella', 1_450, { quantity: '2' }), line('vino', 333, { discount: 33 })], customer: GUEST, ...over });

  // Redeems of each kind, refused ones and repeats.
  const big = table({ customer: GUEST });
  const first = redeemed(await redeem(hub, { codes: [next(codes.tenth), next(codes.euros), next(codes.paid)], order: big, key: 'first' }));
  redeemed(await redeem(hub, { codes: [next(codes.euros)], order: big, key: 'second' }));
  await redeem(hub, { codes: [first.redemptions[0]?.code as string], order: table() });
  expect(reasonsOf(await redeem(hub, { codes: ['DV000'], order: table() }))).toHaveLength(1);
  redeemed(await redeem(hub, { codes: [word], order: table({ customer: GUEST }) }));
  redeemed(await redeem(hub, { codes: [word], order: anOrder(other.id, { pricesIncludeTax: false, customer: GUEST }) }));
  const spare = next(codes.twice);
  redeemed(await redeem(hub, { codes: [spare], order: table() }));

  // Taken back whole, by unit, by amount, by key, and before it came.
  const byUnit = theRedemption(await redeem(hub, { codes: [next(codes.tenth)], order: table() }));
  await reverse(hub, { redemptionId: byUnit.id, units: [{ lineId: 'paella', quantity: '1' }] });
  const byAmount = theRedemption(await redeem(hub, { codes: [next(codes.tenth)], order: table() }));
  await reverse(hub, { redemptionId: byAmount.id, amount: 7 });
  await reverse(hub, { redemptionId: byAmount.id, amount: 11 });
  const whole = table();
  await reverse(hub, { redemptionId: theRedemption(await redeem(hub, { codes: [next(codes.tenth)], order: whole })).id });
  redeemed(await redeem(hub, { codes: [next(codes.euros)], order: whole }));
  await redeem(hub, { codes: [next(codes.euros), next(codes.paid)], order: table(), key: 'regretted' });
  await reverse(hub, { redeemKey: 'regretted' });
  await reverse(hub, { redeemKey: 'never came' });

  await holds(hub, store.id, codes.tenth, (ms) => clock.tick(ms));

  // Issued: waiting, redeemed, expired; blocked and cancelled.
  const issue = async (over: { validUntil?: string } = {}) => {
    const answer = await hub.issuing.issue(ADMIN, {
      idempotencyKey: randomUUID(),
      campaignId: gift.id,
      customer: GUEST,
      validUntil: null,
      ...over,
    });
    if (answer.kind !== 'issued') throw new Error('Not issued.');
    return (await hub.vouchers.byPlaces([answer]))[0]?.code as string;
  };
  await issue();
  redeemed(await redeem(hub, { codes: [await issue()], order: table({ customer: GUEST }) }));
  await issue({ validUntil: new Date(clock.now() + 5_000).toISOString() });
  const idOf = async (code: string) => (await hub.vouchers.byCode(code))?.id as string;
  await hub.vouchers.block(ADMIN, await idOf(next(codes.tenth)), 'lost');
  await hub.vouchers.cancel(ADMIN, await idOf(next(codes.tenth)), 'misprint');
  clock.tick(10_000);
  await eventually(async () => expect(await rowsOf(hub, "select from voucher where status = 'EXPIRED'")).toHaveLength(1));

  // A gift card spent in parts, a part of it given back.
  const cards = await aCampaign(hub, { name: 'Tarjeta', incentive: { giftBalance: { value: { minor: 5_000, currency: 'EUR' } } } });
  const [card, full] = await codesOf(hub, cards.id, 2);
  redeemed(await redeem(hub, { codes: [card as string], order: anOrder(store.id) }));
  await reverse(hub, {
    redemptionId: theRedemption(await redeem(hub, { codes: [card as string], order: anOrder(store.id) })).id,
    amount: 300,
  });
  redeemed(await redeem(hub, { codes: [full as string], order: anOrder(store.id, { lines: [line('boda', 90_000)] }) }));

  // Orders: recorded, and a platform's with the amount of its own, a refund, and one that pays what a till redeemed.
  const bought = table({ payments: [{ method: 'CARD', amount: 2_900, externalId: null, paidAt: null }] });
  redeemed(await redeem(hub, { codes: [next(codes.tenth)], order: bought }));
  const { id: orderId } = await hub.orders.record(ADMIN, bought);
  const back = {
    idempotencyKey: 'back',
    orderId,
    source: 'api',
    externalId: null,
    amount: null,
    lines: [{ lineId: 'paella', quantity: '1' }],
    reason: 'cold',
  };
  expect(await hub.refunds.refund(ADMIN, back)).toMatchObject({ kind: 'refunded', reversals: [{ amount: expect.any(Number) }] });
  const code = next(codes.tenth);
  const placed = { placedAt: new Date(clock.now()).toISOString() };
  const platform = aPlatformOrder([discountOf(code, 150)], { ...placed, customer: GUEST });
  await intake(hub, store.id, platform);
  await intake(hub, store.id, {
    ...platform,
    revision: 2,
    refunds: [{ externalId: 'refund-1', amount: 500, at: placed.placedAt, reason: null, lines: [{ lineId: 'vino', quantity: '1' }] }],
  });
  const tills = next(codes.euros);
  redeemed(await redeem(hub, { codes: [tills], order: table() }));
  expect((await intake(hub, store.id, aPlatformOrder([discountOf(tills, 200)], { ...placed, customer: GUEST }))).linked).toHaveLength(1);
  await hub.events.record(ADMIN, {
    idempotencyKey: 'opened',
    name: 'email.opened',
    storeId: store.id,
    customer: GUEST,
    data: { campaign: 'primavera', n: 3 },
  });

  held(await hold(hub, { codes: [next(codes.tenth), word], order: table({ customer: GUEST }), ttlSeconds: 900 }));
  await eventually(async () => expect(await rowsOf(hub, 'select from ledger_intake')).toEqual([]));
}

/** Redeemed, redeemed in part, replaced, released, expired. */
async function holds(hub: Hub, storeId: string, codes: string[], pass: (ms: number) => void): Promise<void> {
  const next = (): string => codes.pop() as string;
  const used = anOrder(storeId, { customer: GUEST });
  redeemed(await redeem(hub, { holdId: held(await hold(hub, { codes: [next(), next()], order: used })).id, order: used }));
  const half = anOrder(storeId, { customer: GUEST });
  const kept = next();
  held(await hold(hub, { codes: [kept, next()], order: half }));
  redeemed(await redeem(hub, { codes: [kept], order: half }));
  const replaced = anOrder(storeId, { customer: GUEST });
  held(await hold(hub, { codes: [next()], order: replaced }));
  await hub.desk.releaseHold(ADMIN, held(await hold(hub, { codes: [next()], order: replaced })).id);
  held(await hold(hub, { codes: [next()], order: anOrder(storeId, { customer: GUEST }), ttlSeconds: 2 }));
  pass(5_000);
  await eventually(async () => expect(await rowsOf(hub, "select from hold where status = 'ACTIVE'")).toEqual([]));
}
