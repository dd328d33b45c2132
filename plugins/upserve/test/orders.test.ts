import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { HubOrder } from '@valehub/connector-kit';
import fc from 'fast-check';
import nock from 'nock';
import {
  type CheckDraft,
  checkOf,
  grossOf,
  type ItemDraft,
  pageOfChecks,
  type Style,
  soldOf,
  truthOf,
  type UpserveCheck,
} from './check.ts';
import { CODE, check, soup, steak, wine } from './fixtures.ts';
import { addsUp, closeTransport, ctxOf, type Given, readDay, usd } from './support.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});
afterAll(() => {
  nock.restore();
  closeTransport();
});

/** The hub's order of a check as Upserve tells it. */
async function ordersOf(checks: readonly UpserveCheck[], given: Given = {}): Promise<HubOrder[]> {
  nock('https://api.breadcrumb.com').get('/ws/v2/checks.json').query(true).reply(200, pageOfChecks(checks));
  return readDay(ctxOf(given));
}

async function orderOf(draft: CheckDraft, style: Style = {}, more: UpserveCheck = {}): Promise<HubOrder> {
  const [order] = await ordersOf([{ ...checkOf(draft, style), ...more }]);
  if (!order) throw new Error('no order');
  return order;
}

test('Upserve asked for: webhook on discount created or used: there is none, so checks are polled, voids and comps told apart', async () => {
  nock('https://api.breadcrumb.com', {
    reqheaders: {
      'x-breadcrumb-username': 'api-casa-pepa',
      'x-breadcrumb-password': 'password-1',
      'x-breadcrumb-api-key': 'partner-key-1',
    },
  })
    .get('/ws/v2/checks.json')
    .query({ date: '20260306', limit: '100', offset: '0' })
    .reply(200, pageOfChecks([checkOf(check)]));
  expect(await readDay(ctxOf())).toEqual([
    {
      externalId: '2026-03-06/check-1',
      state: 'PAID',
      placedAt: '2026-03-06T19:02:11.000Z',
      closedAt: '2026-03-06T20:15:00.000Z',
      businessDay: '2026-03-06',
      currency: 'USD',
      pricesIncludeTax: false,
      lines: [
        {
          id: 'i-soup',
          sku: 'a-soup',
          name: 'Sopa de pescado',
          group: 'cat-1',
          quantity: '2',
          unitPrice: usd(900),
          gross: usd(1800),
          discount: usd(0),
        },
        {
          id: 'i-steak',
          sku: 'a-steak',
          name: 'Entrecot',
          group: 'cat-1',
          quantity: '1',
          unitPrice: usd(2550),
          gross: usd(2550),
          discount: usd(510),
        },
      ],
      discounts: [{ externalId: 'i-steak:comp', name: 'Vale DV-4711', amount: usd(510), lineId: 'i-steak', texts: ['Vale DV-4711'] }],
      payments: [{ externalId: 'p-1', method: 'CARD', amount: usd(4147), tip: usd(600), at: '2026-03-06T20:14:30.000Z', texts: [] }],
      refunds: [],
      charges: [],
      total: usd(4747),
      tip: usd(600),
      texts: [],
      channel: 'DINE_IN',
      staff: 'e-1',
    },
  ]);
});

describe('a void', () => {
  test('of an item was never sold, nor were its sides; of a side only the side', async () => {
    const side: ItemDraft = { id: 's-1', name: 'Patatas', article: 'a-chips', cents: 300 };
    const items = [
      { ...steak, sides: [side, { ...side, id: 's-2', void: 'None left' }] },
      { ...wine, sides: [{ ...side, id: 's-3' }] },
    ];
    const draft = { ...check, items };
    const order = await orderOf(draft);
    expect(order.lines.map(({ id, sku }) => [id, sku])).toEqual([
      ['i-steak', 'a-steak'],
      ['i-steak/s-1', 'a-chips'],
    ]);
    expect(JSON.stringify(order)).not.toContain('Wrong table');
    addsUp(order, truthOf(draft).tax);
  });

  test('of the whole check voids the order', async () => {
    expect(await orderOf({ ...check, void: 'Walked out' })).toMatchObject({ state: 'VOIDED', discounts: [{ amount: usd(510) }] });
  });

  test('of all there was, on a closed check without payment, voids it too; an open one may still get something', async () => {
    const items = [wine, { ...soup, void: 'Sent back' }];
    expect(await orderOf({ id: 'c', status: 'Closed', items })).toMatchObject({ state: 'VOIDED', lines: [] });
    expect(await orderOf({ id: 'c', status: 'Open', items })).toMatchObject({ state: 'OPEN', lines: [] });
  });

  test.each(['void', 'Void', 'VOID ITEM'])('is known by the type %s', async (type) => {
    const [item] = checkOf({ ...check, items: [soup] })['items'] as readonly Record<string, never>[];
    const order = await orderOf(check, {}, { items: [{ ...item, voidcomp: { type, reason_text: 'x', value: '18.00', total: '18.00' } }] });
    expect(order).toMatchObject({ lines: [], discounts: [] });
  });
});

describe('a comp', () => {
  test.each<[string, CheckDraft]>([
    ['of an amount', { ...check, items: [soup, { ...steak, comp: { cents: 1000, reason: `Vale ${CODE}` } }] }],
    ['of all of an item', { ...check, items: [soup, { ...steak, comp: { cents: 2550, percent: '100.00' } }] }],
    ['whose total is not told', { ...check, items: [soup, { ...steak, comp: { cents: 510, percent: '20', bare: true } }] }],
    ['of an amount whose total is not told', { ...check, items: [soup, { ...steak, comp: { cents: 333, bare: true } }] }],
    ['of the check', { ...check, comp: { cents: 1000, reason: `Vale ${CODE}` } }],
    ['of the check, as a percentage', { ...check, comp: { cents: 384, percent: '10', reason: 'Staff', bare: true } }],
    ['of all of the check', { ...check, comp: { cents: 3840, percent: '100' }, taxCents: 0 }],
  ])('%s is a discount', async (_name, draft) => {
    const truth = truthOf(draft);
    const order = await orderOf(draft);
    addsUp(order, truth.tax);
    const comps: Record<string, number> = {};
    for (const { texts, amount } of order.discounts) comps[texts[0] ?? ''] = (comps[texts[0] ?? ''] ?? 0) + amount.minor;
    expect(comps).toEqual(truth.comps);
    expect(order.total.minor).toBe(truth.total);
  });

  test('of the check lies on the lines in the measure of what they cost', async () => {
    const order = await orderOf({ ...check, comp: { cents: 1000, reason: CODE } });
    expect(order.lines.map(({ discount }) => discount.minor)).toEqual([469, 510 + 531]);
    expect(order.discounts).toMatchObject([
      { externalId: 'i-steak:comp', lineId: 'i-steak' },
      { externalId: 'check:comp', amount: usd(1000), texts: [CODE] },
    ]);
    expect(order.discounts[1]).not.toHaveProperty('lineId');
  });

  test.each<[string, object, number]>([
    ['of an unknown type and nothing else is all of it', { type: 'comp' }, 1800],
    ['written below zero is the same', { type: 'comp value', total: '-4.00' }, 400],
    ['of more than there is takes off what there is', { type: 'comp value', total: '99.00' }, 1800],
    ['without type, value and total is none', { type: null, value: null, total: '' }, 0],
  ])('%s', async (_name, voidcomp, minor) => {
    const [item] = checkOf({ ...check, items: [soup] })['items'] as readonly Record<string, never>[];
    const order = await orderOf(check, {}, { items: [{ ...item, voidcomp } as never] });
    expect(order.discounts.map(({ amount }) => amount.minor)).toEqual(minor === 0 ? [] : [minor]);
  });
});

describe('where a code may stand', () => {
  test('is the reason of a comp, the description of a tender, a note of the check', async () => {
    const order = await orderOf({
      ...check,
      payments: [
        { id: 'p-1', cents: 3000, type: 'Cash' },
        { id: 'p-2', cents: 1147, type: 'House Account', description: `Voucher ${CODE}` },
      ],
      notes: ['Window seat', `has ${CODE}`],
    });
    expect(order.payments).toMatchObject([
      { method: 'CASH', amount: usd(3000), texts: [] },
      { method: 'House Account', amount: usd(1147), texts: [`Voucher ${CODE}`] },
    ]);
    expect(order.texts).toEqual(['Window seat', `has ${CODE}`]);
    expect(order.discounts).toMatchObject([{ texts: [`Vale ${CODE}`] }]);
    for (const one of [...order.discounts, ...order.payments]) expect(one).not.toHaveProperty('code');
  });
});

describe('what nobody has documented is read so that it comes to the check’s own sum', () => {
  const modified: CheckDraft = {
    ...check,
    items: [{ ...soup, modifiers: [50, 25] }, { ...steak, quantity: 3, comp: { cents: 1530, percent: '20', reason: CODE } }, wine],
  };
  const styles = (['line', 'lineBare', 'one', 'oneBare'] as const).flatMap((price): [string, Style][] => [
    [`the price as ${price}`, { price }],
    [`the price as ${price}, tips and gratuity in the sums`, { price, tipsInPayments: true, gratuityInTotal: true }],
  ]);

  test.each<[string, Style]>([...styles, ['the price after the comp', { price: 'line', isAfterComp: true }]])(
    '%s',
    async (_name, style) => {
      for (const inclusive of [false, true]) {
        const draft: CheckDraft = { ...modified, inclusive, gratuityCents: 700 };
        const owed = truthOf({ ...draft, payments: [] }).total;
        const gratuity = style.gratuityInTotal ? 0 : 700;
        const paid: CheckDraft = { ...draft, payments: [{ id: 'p-1', cents: owed - gratuity, tipCents: 600 }] };
        const order = await orderOf(paid, style);
        expect(order.lines.map(({ gross }) => gross.minor)).toEqual(soldOf(draft).map(grossOf));
        expect(order.discounts.map(({ amount }) => amount.minor)).toEqual([1530]);
        expect(order.payments).toMatchObject([{ amount: usd(owed - gratuity), tip: usd(600) }]);
        expect(order.charges).toEqual([{ externalId: 'gratuity', name: 'Automatic gratuity', amount: usd(700) }]);
        expect(order.total.minor).toBe(truthOf(paid).total);
        addsUp(order, truthOf(draft).tax);
      }
    },
  );

  test('a sum that nothing comes to leaves the prices as they stand', async () => {
    const order = await orderOf(check, {}, { sub_total: '1.00', total: '1.08', tax_total: '0.08' });
    expect(order.lines.map(({ gross }) => gross.minor)).toEqual([1800, 2550]);
    expect(order.total).toEqual(usd(108 + 600));
  });
});

test('whatever a check is like, it adds up', async () => {
  const cents = fc.integer({ min: 1, max: 50_000 });
  const bare = fc.record({
    cents,
    quantity: fc.integer({ min: 1, max: 9 }),
    modifiers: fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 3 }),
    isVoid: fc.boolean(),
    share: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
  });
  const item = fc.tuple(bare, fc.array(bare, { maxLength: 2 }));
  const made = (one: { readonly isVoid: boolean; readonly share: number | undefined } & Omit<ItemDraft, 'id'>, id: string): ItemDraft => {
    const { isVoid, share, ...rest } = one;
    const draft = { ...rest, id };
    const off = share === undefined ? 0 : Math.floor((grossOf(draft) * share) / 100);
    return { ...draft, ...(off > 0 ? { comp: { cents: off, reason: CODE } } : {}), ...(isVoid ? { void: 'Mistake' } : {}) };
  };
  await fc.assert(
    fc.asyncProperty(
      fc.array(item, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 0, max: 2000 }),
      fc.boolean(),
      fc.constantFrom<NonNullable<Style['price']>>('line', 'lineBare', 'one', 'oneBare'),
      async (items, share, tipCents, inclusive, price) => {
        const drafts = items.map(([main, sides], index) => ({
          ...made(main, `i-${index}`),
          sides: sides.map((side, at) => made(side, `s-${at}`)),
        }));
        const whole: CheckDraft = { id: 'check-1', status: 'Closed', items: drafts, inclusive };
        const off = Math.floor((truthOf(whole).net * share) / 100);
        const comped = off > 0 ? { ...whole, comp: { cents: off, reason: CODE } } : whole;
        const taxed = { ...comped, taxCents: Math.floor((truthOf(comped).net * 8) / 100) };
        const owed = truthOf(taxed).total;
        const draft: CheckDraft = owed > 0 ? { ...taxed, payments: [{ id: 'p-1', cents: owed, tipCents }] } : taxed;
        const truth = truthOf(draft);
        const order = await orderOf(draft, { price });
        addsUp(order, truth.tax);
        expect(order.total.minor).toBe(truth.total);
        expect(order.lines.reduce((sum, { gross }) => sum + gross.minor, 0)).toBe(truth.gross);
        expect(order.discounts.reduce((sum, { amount }) => sum + amount.minor, 0)).toBe(truth.comps[CODE] ?? 0);
        expect(order.state).toBe(truth.state);
      },
    ),
    // By chance two ways to read a check come to the same sum; the seed keeps such a check out.
    { numRuns: 60, seed: 4711 },
  );
});

describe('the rest of a check', () => {
  test.each<[string, CheckDraft, Partial<HubOrder>]>([
    [
      'delivered',
      { ...check, online: { phone: '(312) 555-0142', address: '1 Main St' } },
      { channel: 'DELIVERY', customer: { phone: '+13125550142' } },
    ],
    ['fetched', { ...check, online: { phone: '+34 600 000 000' } }, { channel: 'ONLINE', customer: { phone: '+34600000000' } }],
    ['to take away', { ...check, type: 'Takeout' }, { channel: 'TAKEAWAY' }],
  ])('%s', async (_name, draft, expected) => {
    expect(await orderOf(draft)).toMatchObject(expected);
  });

  test('a number that could be anybody’s is nobody’s; a type that is not known is none', async () => {
    expect(await orderOf({ ...check, online: { phone: '555-0142' } })).not.toHaveProperty('customer');
    expect(await orderOf({ ...check, type: 'Quick' })).not.toHaveProperty('channel');
  });

  test('an open check is open, and shows no closing time', async () => {
    const order = await orderOf({ ...check, status: 'Open', payments: [] });
    expect(order).toMatchObject({ state: 'OPEN', payments: [] });
    expect(order).not.toHaveProperty('closedAt');
  });

  test('a negative payment is a refund, a negative price no line', async () => {
    const order = await orderOf({
      ...check,
      payments: [
        { id: 'p-1', cents: 4147 },
        { id: 'p-2', cents: -1000, type: 'Cash' },
      ],
    });
    expect(order.refunds).toEqual([{ externalId: 'p-2', amount: usd(1000), at: '2026-03-06T20:14:30.000Z' }]);
    expect(order.payments).toMatchObject([{ externalId: 'p-1' }]);
    const back = await orderOf({ id: 'c', status: 'Closed', items: [{ ...soup, cents: -900 }], payments: [{ id: 'p-9', cents: -1800 }] });
    expect(back).toMatchObject({ lines: [], total: usd(0), refunds: [{ amount: usd(1800) }] });
  });

  test('amounts are the store’s money; where nobody has said which store it is, dollars', async () => {
    const [cad] = await ordersOf([checkOf(check)], { currency: 'CAD' });
    expect(cad).toMatchObject({ currency: 'CAD', total: { minor: 4747, currency: 'CAD' } });
    const [usdOrder] = await ordersOf([checkOf(check)], { currency: null });
    expect(usdOrder?.currency).toBe('USD');
  });

  test('fields that are missing, null, empty or new do not matter; those it cannot do without are named', async () => {
    const sparse = {
      id: 7,
      status: 'Open',
      open_time: '2026-03-06T19:02:11Z',
      close_time: '',
      total: '0.00',
      tax_total: '',
      brand_new: {},
    };
    expect(await ordersOf([sparse])).toMatchObject([{ externalId: '2026-03-06/7', state: 'OPEN', lines: [], total: usd(0) }]);
    for (const name of ['id', 'status', 'open_time', 'total']) {
      const { [name]: _left, ...rest } = checkOf(check);
      await expect(ordersOf([rest])).rejects.toMatchObject({ failure: { code: 'BAD_REPLY', message: expect.stringContaining(name) } });
    }
    await expect(ordersOf([{ ...checkOf(check), total: 'twelve' }])).rejects.toMatchObject({ failure: { code: 'BAD_REPLY' } });
    await expect(ordersOf([{ ...checkOf(check), open_time: '2026-03-06T19:02' }])).rejects.toMatchObject({
      failure: { code: 'BAD_REPLY' },
    });
  });
});
