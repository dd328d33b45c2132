import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { CampaignRecord } from '../../src/domain/campaign/campaign.types.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { IntakeResult } from '../../src/domain/order/order.types.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { closeAgreed } from '../helpers/agree.ts';
import {
  aCampaign,
  amount,
  anOrder,
  aStore,
  codesOf,
  counterAt,
  line,
  openTestHub,
  redeem,
  redeemed,
  rowsOf,
  sharedWord,
  type TestHub,
  tender,
  theRedemption,
} from '../helpers/domain.ts';
import { aPlatformOrder, CONNECTION, discountOf, eventsOf, intake, redemptionsOf } from './support.ts';

jest.setTimeout(60_000);

let t: TestHub;
let hub: Hub;
let store: StoreTerms;
let campaign: CampaignRecord;
let codes: string[];

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  store = await aStore(hub);
  campaign = await aCampaign(hub, { incentive: amount(400), budget: { minor: 1_000_000, currency: 'EUR' } });
  codes = await codesOf(hub, campaign.id, 60);
});
afterAll(() => closeAgreed(t));

const fresh = (): string => codes.pop() ?? '';
const shown = async (code: string) => (await hub.vouchers.byCode(code))?.shown;

describe('a paid order with a code', () => {
  test('is recorded as it was paid and redeems the code once, however often it comes', async () => {
    const code = fresh();
    const order = aPlatformOrder([discountOf(code, 400)]);
    const first = await intake(hub, store.id, order);
    expect(first).toMatchObject({ changed: true, redeemed: [expect.stringMatching(/^rdm_/)], linked: [], refused: [] });
    expect(await redemptionsOf(hub, code)).toEqual([
      { source: CONNECTION, amount: 400, reckoned: null, reversed: 0, undone: false, linked: null },
    ]);
    for (let round = 0; round < 3; round += 1)
      expect(await intake(hub, store.id, order)).toMatchObject({ orderId: first.orderId, changed: false, redeemed: [] });
    expect(await eventsOf(hub, order.externalId)).toEqual(['ORDER_RECORDED 1600', 'VOUCHER_REDEEMED 400']);
    const [stored] = await rowsOf<{ priced: unknown }>(hub, 'select priced from orders where id = $1', [first.orderId]);
    expect(stored?.priced).toMatchObject({ subtotal: 2_000, lineDiscounts: 0, voucherDiscounts: 400, due: 1_600 });
  });

  test('many times at once, in two processes, redeems once', async () => {
    const other = await t.twin();
    for (let round = 0; round < 5; round += 1) {
      const code = fresh();
      const order = aPlatformOrder([discountOf(code, 400)]);
      await Promise.all(Array.from({ length: 6 }, (_, at) => intake(at % 2 === 0 ? hub : other, store.id, order)));
      expect(await redemptionsOf(hub, code)).toMatchObject([{ amount: 400, undone: false }]);
      expect(await eventsOf(hub, order.externalId)).toEqual(['ORDER_RECORDED 1600', 'VOUCHER_REDEEMED 400']);
    }
  });

  test('is redeemed only when it is paid', async () => {
    const code = fresh();
    const order = aPlatformOrder([discountOf(code, 400)], { state: 'OPEN', payments: [] });
    await intake(hub, store.id, order);
    expect(await eventsOf(hub, order.externalId)).toEqual([]);
    expect(await shown(code)).toBe('CREATED');
    await intake(hub, store.id, { ...order, state: 'PAID', revision: 2 });
    expect(await eventsOf(hub, order.externalId)).toEqual(['ORDER_RECORDED 1600', 'VOUCHER_REDEEMED 400']);
  });

  test('of a code that another process made a moment ago is found', async () => {
    const deaf = await t.twin();
    await deaf.listener.close();
    const mine = await aCampaign(hub, { incentive: amount(400) });
    const [code = ''] = await codesOf(hub, mine.id, 1, { random: { prefix: 'NEU', length: 13 } });
    const order = aPlatformOrder([discountOf(code, 400)]);
    expect((await intake(deaf, store.id, order)).redeemed).toHaveLength(1);
    // Nor does a process that knows fewer codes take back what another one redeemed.
    await intake(deaf, store.id, { ...order, revision: 2, texts: ['mesa 4'] });
    expect(await redemptionsOf(hub, code)).toMatchObject([{ undone: false }]);
  });

  test('of two codes redeems both, each at its own amount', async () => {
    const [one, two] = [fresh(), fresh()];
    const order = aPlatformOrder([discountOf(one, 400), discountOf(two, 400)]);
    expect((await intake(hub, store.id, order)).redeemed).toHaveLength(2);
    expect(await eventsOf(hub, order.externalId)).toEqual(['ORDER_RECORDED 1200', 'VOUCHER_REDEEMED 400', 'VOUCHER_REDEEMED 400']);
  });

  test('that stands on a payment books what was paid with it', async () => {
    const vales = await aCampaign(hub, { incentive: tender(1_500) });
    const [code = ''] = await codesOf(hub, vales.id);
    const order = aPlatformOrder([], { tenders: [{ amount: 1_200, code: null, texts: [`Vale ${code}`] }] });
    await intake(hub, store.id, order);
    expect(await redemptionsOf(hub, code)).toMatchObject([{ amount: 1_200, reckoned: 1_500 }]);
  });

  test('names its customer; a phone that is no number names nobody', async () => {
    const [one, two] = [fresh(), fresh()];
    await intake(hub, store.id, aPlatformOrder([discountOf(one, 400)], { customer: { phone: '+34600222333' } }));
    expect(await rowsOf(hub, 'select customer_id as id from redemption where code = $1', [one])).toEqual([
      { id: (await hub.customers.find({ phone: '+34600222333' }))?.id },
    ]);
    await intake(hub, store.id, aPlatformOrder([discountOf(two, 400)], { customer: { phone: 'llamar' } }));
    expect(await rowsOf(hub, 'select customer_id as id from redemption where code = $1', [two])).toEqual([{ id: null }]);
  });

  test('that cannot be reckoned is a fault, and nothing is stored', async () => {
    const order = aPlatformOrder([], { lines: [line('paella', 1_000, { quantity: '0' })] });
    await expect(intake(hub, store.id, order)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      faults: [{ path: 'order.lines[0].quantity' }],
    });
    await expect(intake(hub, 'sto_none', aPlatformOrder([]))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await rowsOf(hub, 'select id from orders where external_id = $1', [order.externalId])).toEqual([]);
  });
});

describe('the amount that the platform gave', () => {
  test('is booked where the rules allow the code at another, and theirs is kept', async () => {
    const code = fresh();
    await intake(hub, store.id, aPlatformOrder([discountOf(code, 350)]));
    expect(await redemptionsOf(hub, code)).toMatchObject([{ amount: 350, reckoned: 400 }]);
    const [shares] = await rowsOf<{ sum: number }>(
      hub,
      'select sum(allocation.amount)::bigint as sum from allocation join redemption on redemption.id = redemption_id where code = $1',
      [code],
    );
    expect(shares?.sum).toBe(350);
  });

  test('never overruns a budget: then the order is recorded and the code refused', async () => {
    const small = await aCampaign(hub, { incentive: amount(100), budget: { minor: 300, currency: 'EUR' } });
    const [one = '', two = ''] = await codesOf(hub, small.id, 2);
    await intake(hub, store.id, aPlatformOrder([discountOf(one, 250)]));
    const order = aPlatformOrder([discountOf(two, 60)]);
    const result = await intake(hub, store.id, order);
    expect(result).toMatchObject({
      redeemed: [],
      refused: [{ reason: 'BUDGET_EXHAUSTED', code: two, failures: [{ facts: { required: expect.any(Number), actual: 50 } }] }],
    });
    expect(await eventsOf(hub, order.externalId)).toEqual(['ORDER_RECORDED 1940', 'VOUCHER_REJECTED']);
    expect(await counterAt(hub, `budget:${small.id}`)).toEqual({ used: 250, held: 0 });
    // The discount that no voucher gave stays the platform's own.
    const [stored] = await rowsOf<{ priced: unknown }>(hub, 'select priced from orders where external_id = $1', [order.externalId]);
    expect(stored?.priced).toMatchObject({ lineDiscounts: 60, voucherDiscounts: 0, due: 1_940 });
  });

  test('of nothing uses the voucher, which a void gives back', async () => {
    const code = fresh();
    const order = aPlatformOrder([discountOf(code, 0)]);
    await intake(hub, store.id, order);
    expect(await redemptionsOf(hub, code)).toMatchObject([{ amount: 0, reckoned: 400, undone: false }]);
    await intake(hub, store.id, { ...order, state: 'VOIDED', revision: 2 });
    expect(await shown(code)).toBe('ISSUED');
  });
});

describe('a code that the rules refuse', () => {
  test('leaves the order recorded, is rejected once, and is decided anew only where the basket changed', async () => {
    const used = fresh();
    redeemed(await redeem(hub, { codes: [used], order: anOrder(store.id, { placedAt: '2026-05-01T12:00:00.000Z' }) }));
    const order = aPlatformOrder([discountOf(used, 400)]);
    for (const revision of [1, 1, 2, 3]) await intake(hub, store.id, { ...order, revision });
    expect(await eventsOf(hub, order.externalId)).toEqual(['ORDER_RECORDED 1600', 'VOUCHER_REJECTED']);
    await intake(hub, store.id, { ...order, revision: 4, lines: [...order.lines, line('pan', 200)] });
    expect(await eventsOf(hub, order.externalId)).toEqual(['ORDER_RECORDED 1600', 'VOUCHER_REJECTED', 'VOUCHER_REJECTED']);
  });

  test('is redeemed once the basket allows it', async () => {
    const from30 = await aCampaign(hub, { incentive: amount(400), conditions: { minimumOrder: 3_000 } });
    const [code = ''] = await codesOf(hub, from30.id);
    const order = aPlatformOrder([discountOf(code, 400)]);
    expect((await intake(hub, store.id, order)).refused).toMatchObject([{ reason: 'ORDER_BELOW_MINIMUM' }]);
    expect((await intake(hub, store.id, { ...order, revision: 2, lines: [...order.lines, line('cava', 1_500)] })).redeemed).toHaveLength(1);
  });
});

describe('a till’s own redemption through the hub', () => {
  test('is linked to the platform’s order, once, and not doubled', async () => {
    const code = fresh();
    const till = theRedemption(await redeem(hub, { codes: [code], order: anOrder(store.id) }));
    const order = aPlatformOrder([discountOf(code, 400)]);
    const result = await intake(hub, store.id, order);
    expect(result).toMatchObject({ redeemed: [], linked: [till.id], refused: [] });
    await intake(hub, store.id, { ...order, revision: 2 });
    expect(await redemptionsOf(hub, code)).toMatchObject([{ source: 'api', linked: result.orderId }]);
    expect(await eventsOf(hub, order.externalId)).toEqual(['ORDER_RECORDED 1600', 'PAYMENT_LINKED']);
  });

  test('is known by the order’s own number as well, on whatever day', async () => {
    const code = fresh();
    const order = aPlatformOrder([discountOf(code, 400)], { placedAt: '2026-05-02T12:00:00.000Z' });
    const till = theRedemption(
      await redeem(hub, { codes: [code], order: anOrder(store.id, { source: CONNECTION, externalId: order.externalId }) }),
    );
    expect(await intake(hub, store.id, order)).toMatchObject({ redeemed: [], linked: [till.id] });
    expect(await eventsOf(hub, order.externalId)).toEqual(['VOUCHER_REDEEMED 400', 'ORDER_RECORDED 1600', 'PAYMENT_LINKED']);
  });

  test('of a word for all is linked to one order each, and never one that another platform redeemed', async () => {
    const word = await sharedWord(hub, campaign.id);
    const tills = [1, 2].map(() => redeem(hub, { codes: [word], order: anOrder(store.id) }));
    const ids = (await Promise.all(tills)).map((answer) => theRedemption(answer).id);
    const orders = [1, 2, 3].map(() => aPlatformOrder([discountOf(word, 400)]));
    const results: IntakeResult[] = [];
    for (const order of orders) results.push(await intake(hub, store.id, order));
    expect(
      results
        .slice(0, 2)
        .flatMap((result) => result.linked)
        .sort(),
    ).toEqual(ids.sort());
    expect(results[2]).toMatchObject({ linked: [], redeemed: { length: 1 } });
    expect(await intake(hub, store.id, aPlatformOrder([discountOf(word, 400)]), 'con_other')).toMatchObject({
      linked: [],
      redeemed: { length: 1 },
    });
  });

  test('in another store, or on another day, is another', async () => {
    const other = await aStore(hub, { name: 'Granada' });
    const word = await sharedWord(hub, campaign.id);
    redeemed(await redeem(hub, { codes: [word], order: anOrder(other.id) }));
    redeemed(await redeem(hub, { codes: [word], order: anOrder(store.id, { placedAt: '2026-05-03T18:00:00.000Z' }) }));
    expect(await intake(hub, store.id, aPlatformOrder([discountOf(word, 400)]))).toMatchObject({ linked: [], redeemed: { length: 1 } });
  });

  test('comes back when the platform’s order is voided', async () => {
    const code = fresh();
    redeemed(await redeem(hub, { codes: [code], order: anOrder(store.id) }));
    const order = aPlatformOrder([discountOf(code, 400)]);
    await intake(hub, store.id, order);
    await intake(hub, store.id, { ...order, state: 'VOIDED', revision: 2 });
    expect(await redemptionsOf(hub, code)).toMatchObject([{ reversed: 400, undone: true }]);
    expect(await shown(code)).toBe('ISSUED');
  });
});
