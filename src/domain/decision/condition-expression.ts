import { compileExpression, ExpressionChecker, ExpressionError, type ExpressionFault, mentions } from '../expression/expression.ts';
import { expressionCost } from '../expression/expression-cost.ts';
import { type ExpressionValue, expressionValue } from '../expression/expression-values.ts';
import { localMinute } from '../shared/business-time.ts';
import { instantText } from '../shared/clock.ts';
import { weekdayOf } from '../shared/weekdays.ts';
import type { CustomerFacts } from './decision.types.ts';
import type { Candidate } from './rule.types.ts';

/** What a campaign's expression may name, by type. */
export const CONDITION_VARIABLES = { order: 'Basket', customer: 'Guest', store: 'Store', voucher: 'VoucherInHand' } as const;
type ConditionVariable = keyof typeof CONDITION_VARIABLES;
const NAMES = Object.keys(CONDITION_VARIABLES) as ConditionVariable[];

/** Steps that one evaluation may take at most, reckoned on an order of the most lines that there can be. */
const MOST_STEPS = 200_000;
const MOST_CHARACTERS = 5_000;

const checker = new ExpressionChecker(CONDITION_VARIABLES);
const segmentChecker = new ExpressionChecker({ customer: CONDITION_VARIABLES.customer });

/** What is wrong with an expression of a campaign. It must give true or false, at a bounded cost. */
export const conditionFault = (expression: string): ExpressionFault | undefined => faultOf(expression, checker);

/** As a condition, but over `customer` alone. */
export const segmentFault = (expression: string): ExpressionFault | undefined => faultOf(expression, segmentChecker);

function faultOf(expression: string, by: ExpressionChecker): ExpressionFault | undefined {
  const whole = (message: string): ExpressionFault => ({ message, line: 1, column: 1 });
  if (expression.length > MOST_CHARACTERS) return whole(`It has ${expression.length} characters; at most ${MOST_CHARACTERS} are taken`);
  const fault = by.check(expression, 'bool');
  if (fault !== undefined) return fault;
  const cost = expressionCost(expression);
  if (cost.forbidden !== null) return whole(`${cost.forbidden}() takes a time that nobody can bound: use contains, startsWith or endsWith`);
  return cost.steps > MOST_STEPS
    ? whole(
        `It may take ${cost.steps} steps on the largest order, above ${MOST_STEPS}: a list that is looked through inside of another takes the most`,
      )
    : undefined;
}

/** Whether an expression asks for the customer, so that facts must be loaded. */
export const asksForCustomer = (expression: string): boolean => mentions(expression, 'customer');

type Compiled = ReturnType<typeof compileExpression>;
const MOST_KEPT = 2_000;
/** A memo of pure results, bounded; it can be emptied at any time without anybody noticing. */
const compiled = new Map<string, Compiled>();

function compiledOf(expression: string): Compiled {
  const known = compiled.get(expression);
  if (known !== undefined) return known;
  if (compiled.size >= MOST_KEPT) compiled.clear();
  const made = compileExpression(expression);
  compiled.set(expression, made);
  return made;
}

/** true only where it gives true: what is missing or of another kind does not hold. */
function holds(expression: string, scope: Readonly<Record<string, ExpressionValue>>): boolean {
  try {
    return compiledOf(expression)(scope) === true;
  } catch (fault) {
    if (fault instanceof ExpressionError) return false;
    throw fault;
  }
}

export function conditionHolds(expression: string, candidate: Candidate): boolean {
  const named = NAMES.filter((name) => mentions(expression, name));
  return holds(
    expression,
    Object.fromEntries(named.map((name) => [name, expressionValue(CONDITION_VARIABLES[name], VALUES[name](candidate))])),
  );
}

export const segmentHolds = (expression: string, customerId: string | null, facts: Omit<CustomerFacts, 'segmentIds'>): boolean =>
  holds(expression, { customer: expressionValue(CONDITION_VARIABLES.customer, guest(customerId, facts)) });

const VALUES: Readonly<Record<ConditionVariable, (candidate: Candidate) => unknown>> = {
  order: orderValue,
  customer: ({ input: { customer, customerFacts } }) =>
    customer.given && !customer.unknownId ? guest(customer.id, customerFacts ?? NOBODY_YET) : null,
  store: ({ input }) => input.store,
  voucher: ({ voucher }) => ({
    ...voucher,
    validFrom: voucher.validFrom === null ? null : instantText(voucher.validFrom),
    validUntil: voucher.validUntil === null ? null : instantText(voucher.validUntil),
  }),
};

const NOBODY_YET = { groups: [], birthday: null, anniversary: null, createdAt: null, orders: 0 };

const guest = (
  id: string | null,
  { groups, birthday, anniversary, createdAt, orders }: Omit<CustomerFacts, 'segmentIds' | 'createdAt'> & { createdAt: number | null },
) => ({ id, groups, birthday, anniversary, createdAt: createdAt === null ? null : instantText(createdAt), orders });

function orderValue({ input, units, day }: Candidate): unknown {
  const { basket, placedAt, store, payments } = input;
  const minute = localMinute(placedAt, store);
  const money = (minor: number) => ({ minor, currency: basket.currency });
  return {
    ...basket,
    placedAt: instantText(placedAt),
    businessDay: day,
    weekday: weekdayOf(day),
    time: `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`,
    subtotal: money(units.subtotal),
    lineDiscounts: money(units.lineDiscounts),
    due: money(units.subtotal - units.lineDiscounts),
    lines: basket.lines.map((line, at) => ({ ...line, gross: units.gross[at] })),
    payments: payments ?? [],
  };
}
