import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type HubOrder, moneyKit, type Plain, timeKit } from '@valehub/connector-kit';
import { runFetch } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { hubOrder } from '../src/normalise.ts';
import * as schemas from '../src/schemas.ts';
import { check, LOCATION, openCheck } from './fixtures.ts';
import type { GivenCheck } from './stand-in.ts';
import { eur, type House, open, readOrder } from './support.ts';

const orderOf = (told: object): HubOrder =>
  hubOrder(schemas.check.parse(told), {
    money: moneyKit,
    time: timeKit,
    currency: 'EUR',
    location: LOCATION,
    orderTypes: { '2': 'TAKEAWAY' },
  });

describe('a check', () => {
  test('is the hub’s order, to the cent', () => {
    expect(orderOf(check)).toEqual({
      externalId: 'check-1001',
      location: 'sev01/42',
      state: 'PAID',
      placedAt: '2026-03-06T19:02:11.000Z',
      currency: 'EUR',
      pricesIncludeTax: true,
      lines: [
        { id: '2101-1', sku: '2101', name: 'Arroz', quantity: '2', unitPrice: eur(2000), gross: eur(4000), discount: eur(400) },
        { id: '2205-1', sku: '2205', name: 'Jamón', quantity: '0.125', unitPrice: eur(12000), gross: eur(1500), discount: eur(240) },
        { id: '2900-1', sku: '2900', name: 'Menú del día', quantity: '1', unitPrice: eur(1400), gross: eur(1400), discount: eur(140) },
      ],
      discounts: [
        { externalId: '2205-1:71', name: 'Regular guest', amount: eur(100), lineId: '2205-1', texts: ['Regular guest'] },
        {
          externalId: 'check:80',
          name: 'Vale',
          amount: eur(680),
          shares: [
            { lineId: '2101-1', amount: eur(400) },
            { lineId: '2205-1', amount: eur(140) },
            { lineId: '2900-1', amount: eur(140) },
          ],
          texts: ['DV-4711', 'Vale'],
        },
      ],
      payments: [{ externalId: '201', method: 'Tarjeta', amount: eur(6270), tip: eur(300), texts: ['terminal 2'] }],
      refunds: [],
      charges: [{ externalId: '50', name: 'Terraza', amount: eur(150) }],
      total: eur(6570),
      tip: eur(300),
      texts: ['Mesa 7', 'window seat', 'finely cut'],
      staff: '900123',
    });
  });

  test.each<[string, object, Partial<HubOrder>]>([
    ['open, with what is still due', openCheck, { state: 'OPEN', total: eur(6800), payments: [] }],
    ['a practice check', { ...openCheck, header: { ...openCheck.header, isTrainingCheck: true } }, { training: true }],
    ['sold as its order type says', { ...openCheck, header: { ...openCheck.header, orderTypeRef: 2 } }, { channel: 'TAKEAWAY' }],
    ['cancelled, whatever the word', { ...openCheck, header: { ...openCheck.header, status: 'Cancelled' } }, { state: 'VOIDED' }],
    ['of a status nobody knows', { ...openCheck, header: { ...openCheck.header, status: 'held' } }, { state: 'OPEN' }],
    [
      'opened at a time without a zone, which is UTC',
      { ...openCheck, header: { ...openCheck.header, openTime: '2026-03-06T19:02:11' } },
      {
        placedAt: '2026-03-06T19:02:11.000Z',
      },
    ],
    ['with tax on top', { ...openCheck, totals: { taxTotal: 6.8, totalDue: 74.8 } }, { pricesIncludeTax: false, total: eur(7480) }],
    [
      'with an automatic service charge',
      { ...openCheck, totals: { autoServiceChargeTotal: 6.8, totalDue: 74.8 } },
      {
        charges: [{ externalId: 'automatic', name: 'Automatic service charge', amount: eur(680) }],
      },
    ],
    ['of lines only', { header: openCheck.header, menuItems: openCheck.menuItems }, { payments: [], charges: [], total: eur(5400) }],
    [
      'with members that nobody knows',
      { ...openCheck, header: { ...openCheck.header, mood: 'good' }, fiscal: { id: 1 } },
      { state: 'OPEN' },
    ],
  ])('is read where it is %s', (_how, told, expected) => {
    expect(orderOf(told)).toMatchObject(expected);
  });

  test.each([
    ['no header', { menuItems: [] }],
    ['no reference', { header: { ...check.header, checkRef: undefined } }],
    ['an amount in words', { ...check, tenders: [{ tenderId: 1, total: 'much' }] }],
    ['a quantity that is none', { ...check, menuItems: [{ menuItemId: 1, quantity: {}, total: 1 }] }],
  ])('with %s is refused', (_how, told) => {
    expect(schemas.check.safeParse(told).success).toBe(false);
  });
});

describe('amounts', () => {
  const dish = { menuItemId: 1, definitionSequence: 1, name: 'Arroz', quantity: 2, unitPrice: 10, total: 20 };
  const only = (item: object, more: object = {}) => orderOf({ header: check.header, menuItems: [item], ...more });

  test.each<[string, object, object]>([
    ['told before its discount', { ...dish, itemDiscounts: [{ discountId: 7, total: -3 }] }, { gross: eur(2000), discount: eur(300) }],
    [
      'told after its discount',
      { ...dish, total: 17, itemDiscounts: [{ discountId: 7, total: -3 }] },
      { gross: eur(2000), discount: eur(300) },
    ],
    ['whose discount has no minus', { ...dish, itemDiscounts: [{ discountId: 7, total: 3 }] }, { gross: eur(2000), discount: eur(300) }],
    [
      'that comes out uneven',
      { ...dish, quantity: 3, unitPrice: 3.33, total: 10 },
      { quantity: '1', unitPrice: eur(1000), gross: eur(1000) },
    ],
    ['by weight, dearer than cents', { ...dish, quantity: 0.333, unitPrice: 29.999, total: 9.99 }, { quantity: '1', unitPrice: eur(999) }],
    [
      'whose condiment has a discount',
      {
        ...dish,
        condiments: [{ condimentId: 2, quantity: 2, unitPrice: 1, total: 2, itemDiscounts: [{ discountId: 7, total: -1 }] }],
      },
      { gross: eur(2200), discount: eur(100), unitPrice: eur(1100) },
    ],
    [
      'discounted for more than it costs',
      { ...dish, itemDiscounts: [{ discountId: 7, total: -25 }] },
      { gross: eur(2000), discount: eur(2000) },
    ],
  ])('of a dish %s', (_how, item, line) => {
    expect(only(item).lines).toMatchObject([line]);
  });

  test('of the same dish in two rounds stand on two lines, told alike each time', () => {
    const told = { header: check.header, menuItems: [dish, dish] };
    expect(orderOf(told).lines.map(({ id }) => id)).toEqual(['1-1', '1-1.2']);
    expect(orderOf(told)).toEqual(orderOf(told));
  });

  test.each<[string, readonly object[], readonly object[]]>([
    ['a voided dish away', [dish, { ...dish, quantity: -2, total: -20 }], []],
    ['one of two away', [dish, { ...dish, quantity: -1, total: -10 }], [{ quantity: '1', gross: eur(1000) }]],
    ['with a minus in the quantity alone', [dish, { ...dish, quantity: -1, total: 10 }], [{ quantity: '1', gross: eur(1000) }]],
    ['with a minus in the total alone', [dish, { ...dish, quantity: 1, total: -10 }], [{ quantity: '1', gross: eur(1000) }]],
    ['what was never on this check', [{ ...dish, menuItemId: 9, quantity: -1, total: -10 }, dish], [{ quantity: '2', gross: eur(2000) }]],
  ])('of later rounds take %s', (_how, menuItems, lines) => {
    expect(orderOf({ header: check.header, menuItems }).lines).toMatchObject(lines);
  });

  test('of a discount that went with a voided dish go with it', () => {
    const given = { ...dish, itemDiscounts: [{ discountId: 7, total: -3 }] };
    const back = { ...dish, quantity: -1, total: -10, itemDiscounts: [{ discountId: 7, total: 1.5 }] };
    expect(orderOf({ header: check.header, menuItems: [given, back] })).toMatchObject({
      lines: [{ gross: eur(1000), discount: eur(150) }],
      discounts: [{ amount: eur(150), lineId: '1-1' }],
    });
  });

  test.each<[string, readonly object[], readonly object[]]>([
    [
      'with change',
      [
        { tenderId: 1, total: 50 },
        { tenderId: 1, total: -30 },
      ],
      [{ amount: eur(2000) }],
    ],
    [
      'as one that was taken back',
      [
        { tenderId: 1, total: 20 },
        { tenderId: 1, total: -20 },
        { tenderId: 2, total: 20 },
      ],
      [{ externalId: '2' }],
    ],
    [
      'as a service total that pays nothing',
      [
        { tenderId: 9, total: 0 },
        { tenderId: 1, total: 20 },
      ],
      [{ externalId: '1' }],
    ],
    [
      'twice with the same',
      [
        { tenderId: 1, total: 5 },
        { tenderId: 1, total: 15 },
      ],
      [{ externalId: '1' }, { externalId: '1.2' }],
    ],
    ['with a tip', [{ tenderId: 1, total: 22, chargedTipTotal: 2 }], [{ amount: eur(2000), tip: eur(200) }]],
  ])('of tenders come %s', (_how, tenders, payments) => {
    const order = orderOf({ header: check.header, menuItems: [dish], tenders, totals: { totalDue: 0 } });
    expect(order.payments).toMatchObject(payments);
    expect(order.total.minor).toBe(order.payments.reduce((sum, { amount, tip }) => sum + amount.minor + (tip?.minor ?? 0), 0));
  });

  test('of a discount beyond the dishes keep its amount and no shares', () => {
    const order = only(dish, { discounts: [{ discountId: 80, name: 'Vale', total: -25 }] });
    expect(order.discounts).toEqual([{ externalId: 'check:80', name: 'Vale', amount: eur(2500), texts: ['Vale'] }]);
    expect(order.lines).toMatchObject([{ discount: eur(2000) }]);
  });
});

test('what the hub itself has put on a check carries the whole code, and its marks are no text', () => {
  const extensions = [
    { appName: 'valehub', dataName: 'voucher', data: 'DV-0123-4567-89AB-CDEF' },
    { appName: 'valehub', dataName: 'job', data: 'mark-1' },
    { appName: 'loyalty', dataName: 'member', data: 'M-77' },
  ];
  const order = orderOf({
    ...check,
    discounts: [{ discountId: 80, name: 'Vale', total: -6.8, referenceText: 'DV-0123-4567-89AB-CD', extensions }],
    tenders: [{ tenderId: 210, name: 'Vale', total: 62.7, extensions }],
  });
  expect(order.discounts[1]).toMatchObject({ code: 'DV-0123-4567-89AB-CDEF', texts: ['DV-0123-4567-89AB-CD', 'Vale', 'M-77'] });
  expect(order.payments).toMatchObject([{ code: 'DV-0123-4567-89AB-CDEF', texts: ['M-77'] }]);
});

/** Deterministic, so that a failure can be seen again. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state;
  }
}

function invented(seed: number): GivenCheck {
  const source = numbers(seed);
  const upTo = (most: number): number => (source.next().value >> 8) % (most + 1);
  const dishes = Array.from({ length: 1 + upTo(6) }, (_, at) => {
    const price = 50 + upTo(3000);
    return {
      number: 1 + upTo(4),
      name: `Dish ${at}`,
      quantity: String(1 + upTo(3)),
      price,
      ...(upTo(2) === 0 ? { condiments: [{ number: 7, name: 'Extra', price: upTo(300) }] } : {}),
      ...(upTo(2) === 0 ? { discount: { number: 71, name: 'Guest', amount: upTo(price) } } : {}),
    };
  });
  const worth = dishes.reduce((sum, { price, quantity, discount }) => sum + price * Number(quantity) - (discount?.amount ?? 0), 0);
  const discounts = Array.from({ length: upTo(3) }, (_, at) => ({ number: 80 + at, name: 'Vale', amount: upTo(Math.floor(worth / 4)) }));
  return {
    dishes,
    combos:
      upTo(2) === 0
        ? [{ number: 8, main: { number: 90, name: 'Main', price: upTo(2000) }, sides: [{ number: 91, name: 'Side', price: upTo(500) }] }]
        : [],
    discounts,
    charges: upTo(2) === 0 ? [{ number: 50, name: 'Terraza', amount: 1 + upTo(300) }] : [],
    automaticCharge: upTo(200),
  };
}

describe('checks of the stand-in', () => {
  let house: House;
  beforeEach(async () => {
    house = await open();
  });
  afterEach(() => house.close());

  test('add up to the cent, whatever is on them', async () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const ref = house.simphony.addOrder(invented(seed));
      if (seed % 2 === 0) {
        const due = house.simphony.truth().find(({ id }) => id === ref)?.due ?? 0;
        house.simphony.pay(ref, { number: 1, name: 'Cash', amount: due + 250, tip: 250 });
      }
    }
    for (const truth of house.simphony.truth()) {
      const order = await readOrder(house, truth.id);
      const of = (amounts: readonly { readonly minor: number }[]): number => amounts.reduce((sum, { minor }) => sum + minor, 0);
      const told = {
        gross: of(order.lines.map(({ gross }) => gross)),
        discount: of(order.lines.map(({ discount }) => discount)),
        charges: of(order.charges.map(({ amount }) => amount)),
        tip: order.tip?.minor ?? 0,
        paid: of(order.payments.map(({ amount }) => amount)),
      };
      const { gross, discount, charges, tip, paid, due } = truth;
      expect({ seed: truth.id, ...told }).toEqual({ seed: truth.id, gross, discount, charges, tip, paid });
      expect(order.total.minor).toBe(paid + tip + Math.max(0, due));
      expect(gross - discount + charges).toBe(paid + due);
      for (const line of order.lines) {
        expect(moneyKit.times(line.unitPrice, line.quantity)).toEqual(line.gross);
        expect(line.discount.minor).toBeLessThanOrEqual(line.gross.minor);
      }
      expect(of(order.discounts.map(({ amount }) => amount))).toBe(discount);
      for (const { amount, shares } of order.discounts) if (shares) expect(of(shares.map((share) => share.amount))).toBe(amount.minor);
      expect(new Set(order.discounts.map(({ externalId }) => externalId)).size).toBe(order.discounts.length);
      expect(new Set(order.lines.map(({ id }) => id)).size).toBe(order.lines.length);
    }
  });

  test('are found where they were moved to', async () => {
    const ref = house.simphony.addOrder({ dishes: [{ number: 1, name: 'Arroz', price: 1800 }] });
    house.simphony.move(ref, 'sev01/43');
    expect(await readOrder(house, ref, 'sev01/42')).toMatchObject({ location: 'sev01/43' });
  });

  test('of a place that is no store have no currency, and are read all the same', async () => {
    const other = await open({ locations: { 'sev01/42': 'store-1' } });
    const ref = other.simphony.addOrder({ place: 'sev01/43', dishes: [{ number: 1, name: 'Arroz', price: 1800 }] });
    expect(await readOrder(other, ref, 'sev01/43')).toMatchObject({ currency: 'XXX' });
    await other.close();
  });

  test('of which goods of another check come back take nothing away that was never on them', async () => {
    const ref = house.simphony.refund({ number: 1, name: 'Arroz', price: 1800 }, { number: 1, name: 'Cash', amount: 1800 });
    expect(await readOrder(house, ref)).toMatchObject({ lines: [], payments: [] });
  });

  test('that nobody has are a failure and no void: an old one may have been purged', async () => {
    const ran = await runFetch(connector, house.ctx('sev01/42'), 'order', ['check-9']);
    expect(ran).toEqual({
      ok: false,
      failure: { code: 'NOT_FOUND', message: 'Simphony has no check check-9: it was cancelled, or is too old to be kept.' },
    });
  });

  test.each<[string, Plain, string]>([
    ['no locations', {}, 'name them in its locations'],
    ['a location without its revenue centre', { sev01: 'store-1' }, 'sev01 is not'],
  ])('cannot be asked for with %s', async (_how, locations, words) => {
    const other = await open({ locations });
    const ran = await runFetch(connector, other.ctx(), 'order', ['check-9']);
    expect(ran).toMatchObject({ ok: false, failure: { code: 'BAD_INPUT', message: expect.stringContaining(words) } });
    await other.close();
  });
});
