import { afterAll, describe, expect, test } from '@jest/globals';
import type { HubOrder } from '@valehub/connector-kit';
import { runRead } from '@valehub/connector-kit/testing';
import fc from 'fast-check';
import connector from '../src/index.ts';
import { CODE, check, draft, order, RESTAURANT, withCheck } from './fixtures.ts';
import { type CheckDraft, type LineDraft, orderOf, sharesOf, truthOf } from './order.ts';
import { addsUp, closeTransport, ctxOf, hubOrderOf, usd } from './support.ts';

afterAll(closeTransport);

test('Toast asked for: the orders webhook with checks, applied discounts and promo codes is the hub’s order, to the cent', async () => {
  const hub = await hubOrderOf(order);
  expect(hub).toEqual({
    externalId: 'order-1',
    revision: { at: '2026-03-06T19:30:00.000Z' },
    location: RESTAURANT,
    state: 'PAID',
    placedAt: '2026-03-06T19:02:11.500Z',
    closedAt: '2026-03-06T19:29:30.000Z',
    businessDay: '2026-03-06',
    currency: 'USD',
    pricesIncludeTax: false,
    lines: [
      {
        id: 'sel-crab',
        sku: '4711',
        name: 'Crab Cakes',
        group: 'menu-mains',
        quantity: '2',
        unitPrice: usd(2198),
        gross: usd(4396),
        discount: usd(439),
        taxRate: '6.25',
      },
      {
        id: 'sel-soup',
        sku: 'item-sel-soup',
        name: 'Soup',
        group: 'menu-mains',
        quantity: '1',
        unitPrice: usd(950),
        gross: usd(950),
        discount: usd(186),
        taxRate: '6.25',
      },
    ],
    discounts: [
      {
        externalId: 'ad-voucher',
        name: 'Voucher',
        amount: usd(525),
        code: CODE,
        shares: [
          { lineId: 'sel-crab', amount: usd(439) },
          { lineId: 'sel-soup', amount: usd(86) },
        ],
        texts: ['Voucher'],
      },
      { externalId: 'ad-regular', name: 'Regular guest', amount: usd(100), lineId: 'sel-soup', texts: ['Regular guest'] },
    ],
    payments: [{ externalId: 'pay-card', method: 'CARD', amount: usd(5290), tip: usd(800), at: '2026-03-06T19:29:00.000Z', texts: [] }],
    refunds: [],
    charges: [{ externalId: 'sc-room', name: 'Private room', amount: usd(300) }],
    total: usd(5316 + 800),
    tip: usd(800),
    texts: [],
    channel: 'DINE_IN',
    till: 'device-2',
    staff: 'server-3',
    customer: { externalId: 'guest-1', phone: '+13335555555', email: 'ana@guests.example' },
  });
  addsUp(hub, truthOf(check).tax);
});

describe('the state', () => {
  const open: CheckDraft = { ...check, guid: 'check-2', status: 'OPEN', payments: [] };
  const empty: CheckDraft = { guid: 'check-3', status: 'OPEN', lines: [] };
  test.each<[string, readonly CheckDraft[], object, HubOrder['state']]>([
    ['closed', [check], {}, 'PAID'],
    ['paid, its tip not adjusted', [{ ...check, status: 'PAID' }], {}, 'PAID'],
    ['open', [open], {}, 'OPEN'],
    ['with a second check that is open', [check, open], {}, 'OPEN'],
    ['with a second check that is empty and was left open', [check, empty], {}, 'PAID'],
    ['with a second check that was voided', [check, { ...open, voided: true }], {}, 'PAID'],
    ['with a second check that was deleted', [check, { ...open, deleted: true }], {}, 'PAID'],
    ['with nothing but empty checks', [empty], {}, 'OPEN'],
    ['with all of its checks voided', [{ ...check, voided: true }], {}, 'VOIDED'],
    ['voided', [check], { voided: true }, 'VOIDED'],
    ['deleted, its check moved to another order', [check], { deleted: true }, 'VOIDED'],
  ])('of one %s', async (_what, checks, more, state) => {
    expect((await hubOrderOf(orderOf({ ...draft, checks, ...more }))).state).toBe(state);
  });

  test('of practice and of written-off food is training', async () => {
    expect(await hubOrderOf(orderOf({ ...draft, testMode: true }))).toMatchObject({ training: true });
    expect(await hubOrderOf({ ...order, excessFood: true })).toMatchObject({ training: true });
    expect(await hubOrderOf(order)).not.toHaveProperty('training');
  });
});

describe('several checks', () => {
  const second: CheckDraft = {
    ...check,
    guid: 'check-2',
    lines: [{ guid: 'sel-wine', name: 'Wine', cents: 1200, quantity: 3 }],
    discounts: [{ guid: 'ad-two', name: 'Two', cents: 100 }],
    charges: [],
    payments: [
      { guid: 'pay-cash', cents: 2000, type: 'CASH' },
      { guid: 'pay-gift', cents: 1700, type: 'TOAST_SV' },
      { guid: 'pay-void', cents: 1700, voided: true },
      { guid: 'pay-denied', cents: 1700, status: 'DENIED' },
      { guid: 'pay-other', cents: 25, type: 'OTHER' },
    ],
  };

  test('are one order with the lines, discounts and payments of all', async () => {
    const hub = await hubOrderOf(orderOf({ ...draft, checks: [check, second] }));
    expect(hub.lines.map(({ id }) => id)).toEqual(['sel-crab', 'sel-soup', 'sel-wine']);
    expect(hub.payments.map(({ externalId, method }) => [externalId, method])).toEqual([
      ['pay-card', 'CARD'],
      ['pay-cash', 'CASH'],
      ['pay-gift', 'GIFT_CARD'],
      ['pay-other', 'OTHER'],
    ]);
    addsUp(hub, truthOf(check).tax + truthOf(second).tax);
  });

  test('without what was voided: a selection, a check', async () => {
    const lines = check.lines.map((line): LineDraft => (line.guid === 'sel-soup' ? { ...line, voided: true } : line));
    const hub = await hubOrderOf(
      orderOf({
        ...draft,
        checks: [
          { ...check, lines },
          { ...second, voided: true },
        ],
      }),
    );
    expect(hub.lines.map(({ id }) => id)).toEqual(['sel-crab']);
    expect(hub.discounts.map(({ externalId }) => externalId)).toEqual(['ad-voucher']);
    addsUp(hub, truthOf({ ...check, lines }).tax);
  });

  test('a card that is only authorised is a tab while the check is open, and paid when it is not', async () => {
    const payments = [{ guid: 'pay-tab', cents: 5316, status: 'AUTHORIZED' }];
    expect((await hubOrderOf(withCheck({ status: 'OPEN', payments }))).payments).toEqual([]);
    expect((await hubOrderOf(withCheck({ status: 'PAID', payments }))).payments).toMatchObject([{ externalId: 'pay-tab' }]);
  });
});

describe('a discount', () => {
  test('of a check that is not the only one has no shares, and lies on the lines all the same', async () => {
    const discounts = [...(check.discounts ?? []), { guid: 'ad-more', name: 'More', cents: 200, comment: 'DV0815ABCDE at the door' }];
    const hub = await hubOrderOf(withCheck({ discounts }));
    expect(hub.discounts).toEqual([
      { externalId: 'ad-voucher', name: 'Voucher', amount: usd(525), code: CODE, texts: ['Voucher'] },
      { externalId: 'ad-more', name: 'More', amount: usd(200), texts: ['More', 'Guest', 'DV0815ABCDE at the door'] },
      expect.objectContaining({ externalId: 'ad-regular' }),
    ]);
    addsUp(hub, truthOf({ ...check, discounts }).tax);
  });

  test('that the prices do not show is spread over them', async () => {
    const told = structuredClone(order) as unknown as { checks: { selections: { price: number | null; guid: string }[] }[] };
    for (const selection of told.checks[0]?.selections ?? []) selection.price = selection.guid === 'sel-soup' ? 8.5 : 43.96;
    const hub = await hubOrderOf(told as never);
    expect(hub.lines.map(({ discount }) => discount.minor)).toEqual([440, 185]);
    for (const selection of told.checks[0]?.selections ?? []) selection.price = null;
    expect((await hubOrderOf(told as never)).lines.map(({ discount }) => discount.minor)).toEqual([440, 185]);
  });

  test('that a selection repeats of its check counts once', async () => {
    const told = structuredClone(order) as unknown as {
      checks: { appliedDiscounts: unknown[]; selections: { appliedDiscounts: unknown[] }[] }[];
    };
    const [only] = told.checks;
    only?.selections[0]?.appliedDiscounts.push({
      ...(only.appliedDiscounts[0] as object),
      discountAmount: 4.39,
      nonTaxDiscountAmount: 4.39,
    });
    const hub = await hubOrderOf(told as never);
    expect(hub.discounts.map(({ externalId }) => externalId)).toEqual(['ad-voucher', 'ad-regular']);
    addsUp(hub, truthOf(check).tax);
  });

  test('of a reward names our code, or the account that was looked up where it names none; what was taken off is gone', async () => {
    const reward = (guid: string, more: object) => ({ guid, name: 'Reward', cents: 100, processingState: 'APPLIED', ...more });
    const discounts = [
      reward('ad-1', { reward: CODE }),
      reward('ad-2', {}),
      reward('ad-3', { reward: 'DV-OLD', processingState: 'VOID' }),
      reward('ad-4', { reward: 'DV-OLD', processingState: 'PENDING_VOID' }),
    ];
    const hub = await hubOrderOf(withCheck({ discounts, loyaltyIdentifier: 'DV-CARD' }));
    expect(hub.discounts.map(({ externalId, texts }) => [externalId, texts])).toEqual([
      ['ad-1', ['Reward', CODE]],
      ['ad-2', ['Reward', 'DV-CARD']],
      ['ad-regular', ['Regular guest']],
    ]);
    // An account that was looked up and gave nothing is no use of a voucher.
    expect(JSON.stringify(await hubOrderOf(withCheck({ discounts: [], loyaltyIdentifier: 'DV-CARD' })))).not.toContain('DV-CARD');
  });

  test('may have its code on the tab; without a discount a tab says nothing', async () => {
    expect((await hubOrderOf(withCheck({ tabName: CODE }))).texts).toEqual([CODE]);
    expect((await hubOrderOf(withCheck({ tabName: CODE, discounts: [] }))).texts).toEqual([]);
  });

  test('on a price with its tax counts without the tax', async () => {
    const told = structuredClone(order) as unknown as {
      checks: { appliedDiscounts: { discountAmount: number; nonTaxDiscountAmount: number }[] }[];
    };
    const [first] = told.checks[0]?.appliedDiscounts ?? [];
    if (first) first.discountAmount = 5.58;
    expect((await hubOrderOf(told as never)).discounts[0]?.amount).toEqual(usd(525));
  });
});

describe('a refund', () => {
  const refund = (cents: number, more: object = {}) => ({ cents, transaction: 'rt-1', at: '2026-03-06T12:00:00.000-0800', ...more });

  test('of whole units tells which came back, without the tip', async () => {
    const lines = [
      { guid: 'sel-crab', name: 'Crab Cakes', cents: 2000, quantity: 2, refund: { cents: 2000, transaction: 'rt-1' } },
      { guid: 'sel-soup', name: 'Soup', cents: 950, refund: { cents: 950, transaction: 'rt-1' } },
      { guid: 'sel-wine', name: 'Wine', cents: 1000, quantity: 3, refund: { cents: 500, transaction: 'rt-1' } },
    ];
    const payments = [{ guid: 'pay-card', cents: 7950, refund: refund(3450, { tipCents: 300 }) }];
    expect((await hubOrderOf(withCheck({ lines, discounts: [], charges: [], payments }))).refunds).toEqual([
      {
        externalId: 'rt-1:pay-card',
        amount: usd(3450),
        at: '2026-03-06T20:00:00.000Z',
        lines: [
          { lineId: 'sel-crab', quantity: '1' },
          { lineId: 'sel-soup', quantity: '1' },
        ],
      },
    ]);
  });

  test('of two payments for one return tells its lines once', async () => {
    const lines = [{ guid: 'sel-crab', name: 'Crab Cakes', cents: 4000, refund: { cents: 4000, transaction: 'rt-1' } }];
    const payments = [
      { guid: 'pay-a', cents: 2000, refund: refund(2000) },
      { guid: 'pay-b', cents: 2000, refund: refund(2000) },
      { guid: 'pay-c', cents: 2000, refund: refund(500, { transaction: 'rt-2' }) },
      { guid: 'pay-d', cents: 2000, refund: refund(0) },
    ];
    expect((await hubOrderOf(withCheck({ lines, discounts: [], charges: [], payments }))).refunds).toMatchObject([
      { externalId: 'rt-1:pay-a', lines: [{ lineId: 'sel-crab', quantity: '1' }] },
      { externalId: 'rt-1:pay-b', lines: [] },
      { externalId: 'rt-2:pay-c' },
    ]);
  });

  test('changes the revision, though the order says nothing of it', async () => {
    const before = await hubOrderOf(order);
    const after = await hubOrderOf(withCheck({ payments: [{ guid: 'pay-card', cents: 5290, refund: refund(100) }] }));
    expect(before.revision).toEqual({ at: '2026-03-06T19:30:00.000Z' });
    expect(after.revision).toEqual({ at: '2026-03-06T20:00:00.000Z' });
  });
});

describe('a service charge', () => {
  const charges = [
    { guid: 'sc-room', name: 'Room', cents: 300 },
    { guid: 'sc-grat', name: 'Gratuity 18 %', cents: 950, gratuity: true },
  ];

  test.each([
    ['is in the total', 0],
    ['is missing in the total', 950],
  ])('that is a gratuity and %s is paid once', async (_what, missing) => {
    const told = structuredClone(withCheck({ charges })) as unknown as { checks: { totalAmount: number }[] };
    const [only] = told.checks;
    if (only) only.totalAmount = (Math.round(only.totalAmount * 100) - missing) / 100;
    const hub = await hubOrderOf(told as never);
    addsUp(hub, truthOf({ ...check, charges }).tax);
    expect(hub.charges.map(({ externalId }) => externalId)).toEqual(['sc-room', 'sc-grat']);
  });
});

describe('a line', () => {
  test('that was shared or weighed, whatever its digits, costs what Toast says', async () => {
    const told = structuredClone(withCheck({ discounts: [] })) as unknown as { checks: { selections: Record<string, unknown>[] }[] };
    const [crab, soup] = told.checks[0]?.selections ?? [];
    Object.assign(crab ?? {}, { quantity: 0.3333333333333333, preDiscountPrice: 7.33, price: 7.33 });
    Object.assign(soup ?? {}, { quantity: 0.35, preDiscountPrice: 30.800000000000004, price: 30.8, appliedDiscounts: [] });
    const { lines } = await hubOrderOf(told as never);
    expect(lines.map(({ quantity, unitPrice, gross }) => [quantity, unitPrice.minor, gross.minor])).toEqual([
      ['1', 733, 733],
      ['0.35', 8800, 3080],
    ]);
  });

  test('of a gift card is no consumption, one below zero is none at all, and one with an odd tax leaves the rate to the store', async () => {
    const lines = [{ guid: 'sel-gift', name: 'Gift Card', cents: 5000, gift: true }, ...check.lines];
    const told = structuredClone(withCheck({ lines, discounts: [] })) as unknown as { checks: { selections: Record<string, unknown>[] }[] };
    const selections = told.checks[0]?.selections ?? [];
    Object.assign(selections[1] ?? {}, { appliedTaxes: [{ rate: 0.05, type: 'FIXED' }] });
    Object.assign(selections[2] ?? {}, { preDiscountPrice: -9.5, price: -9.5 });
    const hub = await hubOrderOf(told as never);
    expect(hub.lines).toMatchObject([{ id: 'sel-gift', gift: true }, { id: 'sel-crab' }]);
    expect(hub.lines[1]).not.toHaveProperty('taxRate');
  });
});

test.each([
  ['the store’s', { currency: 'CAD' }, 'CAD'],
  ['the account’s, while nobody has said which store it is', { currency: null, facts: { currency: 'GBP' } }, 'GBP'],
  ['dollars, where nobody knows', { currency: null, facts: {} }, 'USD'],
])('the currency is %s', async (_what, given, currency) => {
  const hub = await hubOrderOf(order, given);
  expect([hub.currency, hub.total.currency]).toEqual([currency, currency]);
});

test.each([
  [{ phone: '+44 20 7946 0000' }, '1', '+442079460000'],
  [{ phone: '(333) 555-5555', phoneCountryCode: '44' }, '1', '+443335555555'],
  [{ phone: '(333) 555-5555' }, '1', '+13335555555'],
  [{ phone: '(333) 555-5555' }, undefined, undefined],
  [{ phone: ' ' }, '1', undefined],
])('the phone number %j with the prefix %s is %s', async (customer, phonePrefix, phone) => {
  const hub = await hubOrderOf(withCheck({ customer: { guid: 'g', ...customer } as never }), { facts: phonePrefix ? { phonePrefix } : {} });
  expect(hub.customer?.phone).toBe(phone);
});

test.each([
  ['In Store', null, 'DINE_IN'],
  ['Kiosk', null, 'KIOSK'],
  ['Branded Online Ordering', null, 'ONLINE'],
  ['API', null, 'ONLINE'],
  ['In Store', { address1: 'x' }, 'DELIVERY'],
  ['Something new', null, undefined],
])('an order by %s with delivery %j is %s', async (source, deliveryInfo, channel) => {
  expect((await hubOrderOf({ ...order, source, deliveryInfo })).channel).toBe(channel);
});

describe('an order that is not as expected', () => {
  const read = (changed: unknown) =>
    runRead(connector, ctxOf(), { topic: 'order_updated', body: { location: RESTAURANT, order: changed as never }, repeat: { key: 'e' } });

  test('with members that nobody knows is read', async () => {
    const told = structuredClone(order) as unknown as { checks: { selections: object[] }[] };
    Object.assign(told, { newThing: { a: 1 } });
    Object.assign(told.checks[0]?.selections[0] ?? {}, { anotherThing: [1, 2] });
    expect(await read(told)).toMatchObject({ ok: true });
  });

  test.each([
    [{ ...order, guid: undefined }, 'order.guid'],
    [{ ...order, modifiedDate: 'yesterday' }, 'order.modifiedDate'],
    [{ ...order, businessDate: 20260230 }, 'order.businessDate'],
    [{ ...order, checks: [{ guid: 'c', selections: [{ guid: 's', price: 'many' }] }] }, 'order.checks.0.selections.0.price'],
  ])('says where', async (told, at) => {
    expect(await read(told)).toMatchObject({ ok: false, failure: { code: 'BAD_REPLY', message: expect.stringContaining(at) } });
  });

  test('because it has no date at all says so', async () => {
    const bare = { guid: 'order-9', checks: [] };
    expect(await read(bare)).toMatchObject({ ok: false, failure: { message: 'The order order-9 does not say when it was opened.' } });
  });
});

test('whatever is sold, discounted and charged, the sums hold to the cent', async () => {
  const line = fc.record({
    cents: fc.integer({ min: 1, max: 9999 }),
    quantity: fc.integer({ min: 1, max: 9 }),
    own: fc.integer({ min: 0, max: 100 }),
  });
  const bill = fc.record({
    lines: fc.array(line, { minLength: 1, maxLength: 8 }),
    whole: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 3 }),
    charges: fc.array(fc.integer({ min: 1, max: 2000 }), { maxLength: 2 }),
    tips: fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 2 }),
    taxPoints: fc.integer({ min: 0, max: 1200 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(bill, { minLength: 1, maxLength: 3 }), async (bills) => {
      const checks = bills.map((of, at): CheckDraft => {
        const lines = of.lines.map(({ cents, quantity, own }, index): LineDraft => {
          const off = Math.floor((cents * quantity * own) / 100);
          return {
            guid: `s-${at}-${index}`,
            name: 'Dish',
            cents,
            quantity,
            ...(off > 0 ? { discount: { guid: `d-${at}-${index}`, name: 'Own', cents: off } } : {}),
          };
        });
        const left = lines.reduce((sum, { cents, quantity = 1, discount }) => sum + cents * quantity - (discount?.cents ?? 0), 0);
        const discounts = of.whole
          .map((percent, index) => ({ guid: `w-${at}-${index}`, name: 'Whole', cents: Math.floor((left * percent) / 120) }))
          .filter(({ cents }) => cents > 0);
        return {
          guid: `check-${at}`,
          taxPoints: of.taxPoints,
          lines,
          discounts,
          charges: of.charges.map((cents, index) => ({ guid: `c-${at}-${index}`, name: 'Charge', cents })),
          payments: of.tips.map((tipCents, index) => ({ guid: `p-${at}-${index}`, cents: 1000, tipCents })),
        };
      });
      const shares = checks.map(sharesOf);
      fc.pre(shares.every((all) => [...all.values()].every((share) => share >= 0)));
      const tax = checks.reduce((sum, of) => sum + truthOf(of).tax, 0);
      addsUp(await hubOrderOf(orderOf({ ...draft, checks })), tax);
    }),
    { numRuns: 60 },
  );
});
