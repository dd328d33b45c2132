import { describe, expect, it } from '@jest/globals';
import { compileExpression, ExpressionChecker, ExpressionError } from '../../src/domain/expression/expression.ts';
import { expressionValue } from '../../src/domain/expression/expression-values.ts';
import { checkTemplate, renderInput, renderTemplate } from '../../src/domain/workflow/template.ts';
import { EVENT_VARIABLES } from '../../src/domain/workflow/variables.ts';

const checker = new ExpressionChecker(EVENT_VARIABLES);
const inSteps = new ExpressionChecker(
  EVENT_VARIABLES,
  new Map([
    ['gift', 'AllocateResult'],
    ['tag-it', 'CallResult'],
  ]),
);

const scope = {
  event: expressionValue('LedgerEvent', {
    position: 7,
    type: 'CUSTOM',
    at: '2026-05-01T17:30:00.000Z',
    amount: { minor: 750, currency: 'EUR' },
    data: { score: 7, rate: 7.5, tags: ['a'], deep: { x: null } },
  }),
  customer: expressionValue('Customer', { id: 'cus_1', name: null, phone: null, email: 'ana@example.com', groups: ['vip'] }),
  store: expressionValue('Store', {
    id: 'sto_1',
    name: 'Sevilla',
    defaultTaxRate: '10.5',
    taxRates: [{ group: 'wine', rate: '21' }],
    groups: [],
    maxVouchersPerOrder: null,
  }),
  voucher: null,
  campaign: null,
  order: null,
  steps: { gift: expressionValue('AllocateResult', { status: 'COMPLETED', code: 'DV123' }) },
};

describe('an expression', () => {
  it.each([
    ['event.amount.minor >= 500'],
    ['event.amount != null && event.amount.currency == "EUR"'],
    ['customer != null && "vip" in customer.groups'],
    ['customer.name == null'],
    ['store.defaultTaxRate > 10.0 && store.maxVouchersPerOrder == null'],
    ['store.taxRates.exists(t, t.group == "wine" && t.rate == 21.0)'],
    ['event.at > timestamp("2026-01-01T00:00:00Z") && event.at.getHours("Europe/Madrid") == 19'],
    ['event.data.score > 5 && event.data.rate > 7.0 && event.data.tags[0] == "a"'],
    ['!has(event.data.missing)'],
    ['voucher == null && order == null'],
  ])('is sound and holds: %s', (expression) => {
    expect(checker.check(expression, 'bool')).toBeUndefined();
    expect(compileExpression(expression)(scope)).toBe(true);
  });

  it.each([
    ['custommer.id == "x"', 1, 1, /Unknown variable: custommer/],
    ['customer.id == "x" &&\n  customer.adress == "y"', 2, 12, /adress/],
    ['event.amount.minor + "x" == "y"', 1, 1, /int \+ string/],
    ['event.position == 1.5', 1, 1, /int == double/],
    ['store.defaultTaxRate == "10"', 1, 1, /double == string/],
    ['customer.groups', 1, 1, /list<string>.*bool/],
    ['event.amount.minor >', 1, 21, /Unexpected token/],
    ['order.priced.lines.exists(l, l.price > 1)', 1, 32, /price/],
    ['steps.gift.code == "x"', 1, 1, /Unknown variable: steps/],
  ])('is refused with its place: %s', (expression, line, column, message) => {
    expect(checker.check(expression, 'bool')).toMatchObject({ line, column, message: expect.stringMatching(message) });
  });

  it('reads the results of steps by their kind', () => {
    expect(inSteps.check('steps.gift.code == "x"', 'bool')).toBeUndefined();
    expect(inSteps.check('steps["tag-it"].output.anything == 3', 'bool')).toBeUndefined();
    expect(inSteps.check('steps.gift.output == 3', 'bool')?.message).toMatch(/output/);
    expect(inSteps.check('steps.gift.code', 'bool')?.message).toMatch(/string/);
  });

  it('throws where a value is not there', () => {
    expect(() => compileExpression('voucher.code == "x"')(scope)).toThrow(ExpressionError);
    expect(() => compileExpression('event.data.missing == 1')(scope)).toThrow(/missing.*line 1, column 12/);
    expect(compileExpression('voucher != null && voucher.code == "x"')(scope)).toBe(false);
  });
});

describe('a text', () => {
  it('is filled', () => {
    expect(
      renderTemplate(
        '{{ customer.name }}Code {{steps.gift.code}}: {{ event.amount.minor }} {{ event.data.rate }} {{ event.at }} {{ {"a": {"b": 1}} }}',
        scope,
      ),
    ).toBe('Code DV123: 750 7.5 2026-05-01T17:30:00.000Z {"a":{"b":1}}');
    expect(renderTemplate('no braces } { at all', scope)).toBe('no braces } { at all');
  });

  it('that is one expression keeps the kind of its value inside an input', () => {
    expect(
      renderInput(
        {
          n: '{{ event.amount.minor }}',
          text: 'n={{ event.amount.minor }}',
          tags: ['{{ event.data.tags }}'],
          none: '{{ customer.name }}',
          fix: 4,
          off: null,
        },
        scope,
      ),
    ).toEqual({
      n: 750,
      text: 'n=750',
      tags: [['a']],
      none: null,
      fix: 4,
      off: null,
    });
  });

  it('without its closing braces is a fault', () => {
    expect(checkTemplate('Hello {{ customer.name', checker)).toEqual([{ message: 'The braces {{ are never closed', line: 1, column: 9 }]);
    expect(checkTemplate('Hello {{ customer.name }', checker)).toHaveLength(1);
  });
});
