import { describe, expect, test } from '@jest/globals';
import { checkTerms, type TermsInput } from '../../src/domain/decision/check-terms.ts';
import { conditionFault, segmentFault } from '../../src/domain/decision/condition-expression.ts';
import { decide } from '../../src/domain/decision/decide.ts';
import type { DecisionInput } from '../../src/domain/decision/decision.types.ts';
import { basket, campaign, found, input, line, percentOff } from './builders.ts';
import { person } from './refusal-cases-conditions.ts';

// Sunday 3 May 2026, 20:00 in Sevilla.
const lines = [
  line('paella', 1450, { quantity: '2', group: 'rice' }),
  line('ham', 3990, { quantity: '0.75', discount: 193, brand: 'Jabugo' }),
];
const known = {
  customer: { id: 'cus_1', unknownId: false, given: true },
  customerFacts: person({ groups: ['vip'], birthday: '1984-05-03' }),
};

function holds(expression: string, over: Partial<DecisionInput> = {}): boolean {
  expect(conditionFault(expression)).toBeUndefined();
  const decision = decide(
    input(lines, [found('DVSUMMER', campaign(percentOff('10'), { conditions: { expression } }))], {
      basket: basket(lines, { channel: 'TAKEAWAY' }),
      payments: [{ method: 'Bizum', amount: 1000 }],
      ...over,
    }),
  );
  return decision.outcomes[0]?.outcome === 'applicable';
}

describe('an expression is asked', () => {
  test.each([
    'order.channel == "TAKEAWAY" && order.currency == "EUR"',
    'order.weekday == "SUN" && order.time == "20:00" && order.businessDay == "2026-05-03"',
    'order.time >= "19:30" && order.time < "20:30"',
    'order.placedAt.getHours("Europe/Madrid") == 20',
    // 29.00 + 29.93, less 1.93 given.
    'order.subtotal.minor == 5893 && order.lineDiscounts.minor == 193 && order.due.minor == 5700',
    'order.lines.exists(l, l.sku == "ham" && l.quantity == 0.75 && l.gross == 2993)',
    'order.lines.filter(l, l.group == "rice").size() == 1',
    'order.lines.all(l, l.brand == null || l.brand == "Jabugo")',
    'order.payments.exists(p, p.method == "Bizum" && p.amount >= 1000)',
    'voucher.code.startsWith("DV") && voucher.status == "CREATED" && voucher.customerId == null',
    'store.name == "Sevilla" && store.currency == "EUR"',
    'customer == null',
  ])('of the order, store and voucher: %s', (expression) => {
    expect(holds(expression)).toBe(true);
    expect(holds(`!(${expression})`)).toBe(false);
  });

  test.each([
    '"vip" in customer.groups',
    'customer.birthday.endsWith("-05-03") && customer.anniversary == null',
    'customer.orders == 0',
    'customer != null && customer.id == "cus_1"',
  ])('of the customer: %s', (expression) => {
    expect(holds(expression, known)).toBe(true);
    expect(holds(`!(${expression})`, known)).toBe(false);
  });

  test('and what is not there does not hold, nor does its contrary', () => {
    expect(holds('"vip" in customer.groups')).toBe(false);
    expect(holds('!("vip" in customer.groups)')).toBe(false);
    expect(holds('order.lines[7].sku == "ham"')).toBe(false);
    expect(holds('1 / (order.lines.size() - 2) == 0')).toBe(false);
  });
});

describe('an expression is refused when it is stored', () => {
  test.each([
    ['order.lines.exists(l, l.sku = "x")', 1, /./],
    ['ordr.channel == "ONLINE"', 1, /Unknown variable: ordr/],
    ['order.chanel == "ONLINE"', 1, /chanel/],
    ['order.due > 1000', 1, /Money > int/],
    ['order.due.minor', 1, /int.*bool/],
    ['order.channel == "ONLINE" &&\n  event.type == "x"', 2, /event/],
    ['order.source.matches("(a+)+b")', 1, /matches\(\) takes a time/],
    ['order.lines.all(a, order.lines.all(b, a.sku == b.sku))', 1, /steps on the largest order/],
    [`order.source == "${'x'.repeat(5_000)}"`, 1, /characters/],
    ['', 1, /./],
  ])('%s', (expression, at, message) => {
    expect(conditionFault(expression)).toMatchObject({ line: at, message: expect.stringMatching(message) });
  });

  test('with its place, beside whatever else is wrong', () => {
    const terms: TermsInput = {
      name: 'Mayo',
      incentive: percentOff('10'),
      conditions: {
        expression: 'customer.groups',
        segmentIds: [],
        excludedGroups: ['staff', 'staff'],
        paymentMethods: [' '],
        windows: [{ weekdays: [], from: '10:00', to: '12:00' }],
        blackoutDays: ['2026-02-29'],
        birthdayWindow: { daysBefore: -1, daysAfter: 367 },
      },
      limits: [],
      budget: null,
      taxClass: null,
      startsOn: null,
      endsOn: null,
      storeIds: null,
      storeCurrencies: [],
      parent: null,
    };
    const faults = checkTerms(terms);
    expect(faults.map((fault) => fault.path).sort()).toEqual(
      [
        'birthdayWindow.daysAfter',
        'birthdayWindow.daysBefore',
        'blackoutDays[0]',
        'excludedGroups[1]',
        'expression',
        'paymentMethods[0]',
        'segmentIds',
        'windows[0].weekdays',
      ].map((name) => `input.conditions.${name}`),
    );
    expect(faults.find((fault) => fault.path.endsWith('expression'))?.message).toContain('(line 1, column 1)');
  });

  test('that of a segment knows the customer alone', () => {
    expect(segmentFault('customer.orders >= 5 && "vip" in customer.groups')).toBeUndefined();
    expect(segmentFault('order.channel == "ONLINE"')).toMatchObject({ message: expect.stringContaining('order') });
  });
});
