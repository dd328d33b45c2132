import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/domain/decision/decide.ts';
import {
  amountOff,
  applicable,
  basket,
  campaign,
  decideOne,
  earlier,
  found,
  input,
  line,
  percentOff,
  reasonsOf,
  rejected,
  scope,
  sharesOf,
  store,
  tender,
} from './builders.ts';

const menu = [line('menu', 3000)];
const five = amountOff(500);

describe('order of application', () => {
  test('equals go by code, and step tells the place', () => {
    const decision = decide(
      input(menu, [
        found('B', campaign(five)),
        found('A', campaign(five)),
        found('T', campaign(tender(100))),
        found('L', campaign(amountOff(1, scope()))),
      ]),
    );
    expect([0, 1, 2, 3].map((index) => applicable(decision, index).step)).toEqual([3, 2, 4, 1]);
  });

  test('tenders come last even with the highest priority', () => {
    const decision = decide(
      input(menu, [
        found('T', campaign(tender(3000), { stacking: { priority: 9, exclusive: false } })),
        found('A', campaign(percentOff('10'))),
      ]),
    );
    expect(applicable(decision, 0).amount).toBe(2700);
    expect(applicable(decision, 1).amount).toBe(300);
  });

  test('a code that comes twice is one outcome', () => {
    const decision = decide(
      input(menu, [
        found('A', campaign(five)),
        { code: 'X', found: 'unknown' },
        found('A', campaign(five)),
        { code: 'X', found: 'unknown' },
      ]),
    );
    expect(decision.outcomes.map((outcome) => [outcome.code, outcome.outcome])).toEqual([
      ['A', 'applicable'],
      ['X', 'rejected'],
    ]);
    expect(decision.priced.voucherDiscounts).toBe(500);
  });
});

describe('combining', () => {
  test('a group is kept by the first in order of application, not of input', () => {
    const group = { priority: 0, group: 'g', exclusive: false };
    const decision = decide(
      input(menu, [found('SMALL', campaign(amountOff(100), { stacking: group })), found('BIG', campaign(five, { stacking: group }))]),
    );
    expect(reasonsOf(rejected(decision, 0))).toEqual(['NOT_COMBINABLE']);
    expect(applicable(decision, 1).amount).toBe(500);
  });

  test('an exclusive voucher that is not the first loses', () => {
    const decision = decide(
      input(menu, [found('X', campaign(amountOff(100), { stacking: { priority: 0, exclusive: true } })), found('A', campaign(five))]),
    );
    expect(reasonsOf(rejected(decision, 0))).toEqual(['EXCLUSIVE_LOST']);
    expect(applicable(decision, 1).amount).toBe(500);
  });

  test('an exclusive voucher that is refused itself keeps nobody out', () => {
    const exclusive = campaign(five, { stacking: { priority: 5, exclusive: true }, status: 'PAUSED' });
    const decision = decide(input(menu, [found('X', exclusive), found('A', campaign(amountOff(100)))]));
    expect(reasonsOf(rejected(decision, 0))).toEqual(['CAMPAIGN_PAUSED']);
    expect(applicable(decision, 1).amount).toBe(100);
  });

  test('earlier redeems on the same order count', () => {
    const plain = campaign(five);
    expect(reasonsOf(rejected(decideOne(menu, plain, { earlier: [earlier({ exclusive: true })] })))).toEqual(['EXCLUSIVE_LOST']);
    expect(
      reasonsOf(rejected(decideOne(menu, campaign(five, { stacking: { priority: 0, exclusive: true } }), { earlier: [earlier()] }))),
    ).toEqual(['EXCLUSIVE_LOST']);
    expect(
      reasonsOf(
        rejected(
          decideOne(menu, campaign(five, { stacking: { priority: 0, group: 'g', exclusive: false } }), {
            earlier: [earlier({ groups: ['g'] })],
          }),
        ),
      ),
    ).toEqual(['NOT_COMBINABLE']);
    expect(
      reasonsOf(rejected(decideOne(menu, plain, { earlier: [earlier({ voucherCount: 2 })], store: store({ maxVouchersPerOrder: 2 }) }))),
    ).toEqual(['TOO_MANY_VOUCHERS']);
    expect(reasonsOf(rejected(decideOne(menu, campaign(tender(100)), { earlier: [earlier({ tendered: true })] })))).toEqual([
      'TOO_MANY_VOUCHERS',
    ]);
    expect(applicable(decideOne(menu, plain, { earlier: [earlier()] })).amount).toBe(500);
  });

  test('two codes of one campaign may combine', () => {
    const decision = decide(input(menu, [found('A', campaign(percentOff('10'))), found('B', campaign(percentOff('10')))]));
    expect([applicable(decision, 0).amount, applicable(decision, 1).amount]).toEqual([300, 270]);
  });
});

describe('what earlier vouchers on the order gave', () => {
  const shares = [{ lineId: 'menu', unit: 1, amount: 1000 }];

  test('is priced in, and later ones see what is left due', () => {
    const decision = decideOne(menu, campaign(percentOff('10')), {
      earlier: [earlier({ lockedDiscounts: { menu: 0 }, applied: [{ kind: 'ORDER_DISCOUNT', amount: 1000, allocations: shares }] })],
    });
    expect(applicable(decision).amount).toBe(200);
    expect(decision.priced).toMatchObject({ subtotal: 3000, voucherDiscounts: 1200, due: 1800 });
  });

  test('a bill that a part payment covers leaves nothing to take off', () => {
    const paid = earlier({ tendered: true, applied: [{ kind: 'TENDER', amount: 3000, allocations: [] }] });
    const decision = decideOne(menu, campaign(percentOff('10')), { earlier: [paid] });
    expect(reasonsOf(rejected(decision))).toEqual(['NO_EFFECT']);
    expect(decision.priced).toMatchObject({ tendered: 3000, due: 0 });
    const partly = earlier({ tendered: true, applied: [{ kind: 'TENDER', amount: 2900, allocations: [] }] });
    expect(applicable(decideOne(menu, campaign(percentOff('10')), { earlier: [partly] })).amount).toBe(100);
  });

  test('lines are locked by an order-level voucher only, then and now', () => {
    expect(decideOne(menu, campaign(percentOff('10'))).priced.lines[0]?.locked).toBe(true);
    expect(decideOne(menu, campaign(percentOff('10'))).lockedDiscounts).toEqual({ menu: 0 });
    const scoped = decideOne(menu, campaign(percentOff('10', { scope: scope() })));
    expect([scoped.priced.lines[0]?.locked, scoped.lockedDiscounts]).toEqual([false, null]);
    expect(decideOne(menu, campaign(tender(100))).priced.lines[0]?.locked).toBe(false);
    expect(decideOne(menu, campaign(tender(100)), { earlier: [earlier({ lockedDiscounts: {} })] }).priced.lines[0]?.locked).toBe(true);
  });

  test('a line named like a member of every object is a line like any other', () => {
    const lines = [line('constructor', 1000, { discount: 100 }), line('__proto__', 1000)];
    const locked = decideOne(lines, campaign(percentOff('10'))).lockedDiscounts;
    expect(Object.entries(locked ?? {})).toEqual([
      ['constructor', 100],
      ['__proto__', 0],
    ]);
    expect(reasonsOf(rejected(decideOne(lines, campaign(five), { earlier: [earlier({ lockedDiscounts: {} })] })))).toEqual([
      'LINES_LOCKED',
    ]);
  });
});

describe('scope', () => {
  const lines = [
    line('a', 300, { group: 'pizza', brand: 'casa' }),
    line('b', 500, { group: 'pasta', quantity: '2' }),
    line('c', 100, { brand: 'casa' }),
  ];
  const give = (over: Parameters<typeof scope>[0]): string =>
    sharesOf(applicable(decideOne(lines, campaign(percentOff('100', { scope: scope(over) })))));

  test('sku OR group OR brand; exclude wins; empty is all lines', () => {
    expect(give({ include: { skus: ['b'], brands: ['casa'] } })).toBe('a/1:300 b/1:500 b/2:500 c/1:100');
    expect(give({ include: { groups: ['pizza', 'pasta'] }, exclude: { skus: ['a'] } })).toBe('b/1:500 b/2:500');
    expect(give({})).toBe('a/1:300 b/1:500 b/2:500 c/1:100');
    expect(give({ exclude: { brands: ['casa'] } })).toBe('b/1:500 b/2:500');
  });

  test('cheapest and dearest by what is due, ties in basket order', () => {
    expect(give({ applicableQuantity: '2' })).toBe('a/1:300 c/1:100');
    expect(give({ applicableQuantity: '2', pick: 'DEAREST' })).toBe('b/1:500 b/2:500');
    expect(give({ applicableQuantity: '1', pick: 'DEAREST' })).toBe('b/1:500');
    expect(give({ pick: 'DEAREST' })).toBe('a/1:300 b/1:500 b/2:500 c/1:100');
  });

  test('units on which nothing is due are passed over and use none up', () => {
    const free = [line('a', 300, { discount: 300 }), line('b', 500)];
    expect(sharesOf(applicable(decideOne(free, campaign(percentOff('100', { scope: scope({ applicableQuantity: '1' }) })))))).toBe(
      'b/1:500',
    );
  });

  test('given line discounts move a unit in the queue', () => {
    const reduced = [line('a', 300), line('b', 500, { discount: 250 })];
    expect(sharesOf(applicable(decideOne(reduced, campaign(percentOff('100', { scope: scope({ applicableQuantity: '1' }) })))))).toBe(
      'b/1:250',
    );
  });

  test('the trigger counts all that is in scope, weighed lines by their quantity, and does not repeat', () => {
    const terms = campaign(percentOff('100', { scope: scope({ triggerQuantity: '2.5', applicableQuantity: '1' }) }));
    expect(reasonsOf(rejected(decideOne([line('a', 100), line('b', 200, { quantity: '1.49' })], terms)))).toEqual([
      'TRIGGER_QUANTITY_NOT_MET',
    ]);
    expect(sharesOf(applicable(decideOne([line('a', 100), line('b', 200, { quantity: '1.5' })], terms)))).toBe('a/1:100');
    expect(sharesOf(applicable(decideOne([line('a', 100, { quantity: '6' })], terms)))).toBe('a/1:100');
  });

  test('the trigger does not count what carries a discount where that is left out', () => {
    const terms = campaign(percentOff('50', { scope: scope({ triggerQuantity: '2', excludeDiscounted: true }) }));
    expect(reasonsOf(rejected(decideOne([line('a', 100), line('b', 200, { discount: 1 })], terms)))).toEqual(['TRIGGER_QUANTITY_NOT_MET']);
  });
});

test('a rate of the line, of the group, of the store; compared by value', () => {
  const lines = [
    line('a', 1000, { taxRate: '10.00' }),
    line('b', 1000, { group: 'alcohol' }),
    line('c', 1000),
    line('d', 1000, { taxRate: '4' }),
  ];
  const decision = decide(input(lines, [], { basket: basket(lines, { pricesIncludeTax: false }) }));
  expect(decision.priced.tax).toEqual([
    { rate: '4', base: 1000, tax: 40 },
    { rate: '10', base: 2000, tax: 200 },
    { rate: '21', base: 1000, tax: 210 },
  ]);
  expect(decision.priced.due).toBe(4450);
});
