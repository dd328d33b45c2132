import type { PricedBasket } from '../decision/decision.types.ts';
import { grossOf, taxRateOf } from '../decision/units.ts';
import { addDecimals, compareDecimals, isWholeDecimal, portionOf, subtractDecimals } from '../shared/decimal.ts';
import type { InputFault } from '../shared/errors.ts';
import { largestRemainder, taxExcluded } from '../shared/money.ts';
import type { FailureFacts } from '../shared/reason-facts.ts';
import type { StoreTerms } from '../store/store.types.ts';
import type { Basket, BasketLine } from './basket.types.ts';
import type { Payment } from './order.entity.ts';
import type { OrderRecord } from './order.types.ts';
import type { Refund, RefundLine } from './refund.entity.ts';

/** What was given back, as far as sums go by it. */
export type RefundFacts = Pick<Refund, 'amount' | 'lines' | 'whole'>;

export interface RefundRequest {
  /** Minor units; null = reckoned. */
  readonly amount: number | null;
  /** null = by amount, or all where there is none either. */
  readonly lines: readonly RefundLine[] | null;
}

export type RefundSum =
  | { readonly outcome: 'taken'; readonly amount: number; readonly lines: readonly RefundLine[]; readonly whole: boolean }
  | { readonly outcome: 'refused'; readonly reason: 'ALREADY_REVERSED' | 'REVERSAL_EXCEEDS'; readonly facts: FailureFacts }
  | { readonly outcome: 'fault'; readonly faults: readonly [InputFault, ...InputFault[]] };

const paidOf = (payments: readonly Payment[]): number => payments.reduce((sum, payment) => sum + payment.amount, 0);

/**
 * An order is paid once its payments come to what is due on it after its vouchers, part payments by voucher among them; where nothing is due
 * it is paid without any. An order without lines is none.
 */
export const isPaid = ({ basket, payments, priced }: Pick<OrderRecord, 'basket' | 'payments' | 'priced'>): boolean =>
  basket.lines.length > 0 && paidOf(payments) >= priced.due;

/** What a refund gives back, within what was paid and what came back before. Pure. */
export function sumRefund(order: OrderRecord, store: StoreTerms, before: readonly RefundFacts[], request: RefundRequest): RefundSum {
  const { priced, basket } = order;
  const refunded = before.reduce((sum, refund) => sum + refund.amount, 0);
  // Tips and change are in the payments and not in what is due.
  const left = Math.max(priced.due, paidOf(order.payments)) - refunded;
  const toDue = Math.max(0, priced.due - refunded);
  const returned = returnedOf(before);
  const open = basket.lines.filter((line) => compareDecimals(returned.get(line.id) ?? '0', line.quantity) < 0);
  const all = before.some((refund) => refund.whole) || (open.length === 0 && toDue === 0);
  if (request.lines === null && all && (request.amount === null || left === 0))
    return { outcome: 'refused', reason: 'ALREADY_REVERSED', facts: { currency: priced.currency, actual: 0 } };
  if (request.lines !== null) {
    const lines = summed(request.lines);
    const wrong = checkLines(basket, returned, request.lines, lines);
    if (wrong !== null) return wrong;
    const after = returnedOf([...before, { lines }]);
    // What these add to all that came back: so the parts are the whole, whatever the steps.
    const amount = request.amount ?? Math.min(left, dueOf(order, store, after) - dueOf(order, store, returned));
    const whole = basket.lines.every((line) => compareDecimals(after.get(line.id) ?? '0', line.quantity) >= 0);
    return within(left, { outcome: 'taken', amount, lines, whole }, priced.currency);
  }
  const amount = request.amount ?? toDue;
  return within(left, { outcome: 'taken', amount, lines: [], whole: request.amount === null || amount >= toDue }, priced.currency);
}

const within = (left: number, sum: Extract<RefundSum, { outcome: 'taken' }>, currency: string): RefundSum =>
  sum.amount <= left
    ? sum
    : { outcome: 'refused', reason: 'REVERSAL_EXCEEDS', facts: { currency, required: sum.amount, actual: Math.max(0, left) } };

function checkLines(
  basket: Basket,
  returned: ReadonlyMap<string, string>,
  asked: readonly RefundLine[],
  summedUp: readonly RefundLine[],
): Exclude<RefundSum, { outcome: 'taken' }> | null {
  const faults: InputFault[] = [];
  for (const [at, { lineId, quantity }] of asked.entries()) {
    const line = basket.lines.find((candidate) => candidate.id === lineId);
    if (!line) faults.push({ path: `input.lines[${at}].lineId`, message: `The order has no line ${lineId}.` });
    else if (compareDecimals(quantity, '0') <= 0)
      faults.push({ path: `input.lines[${at}].quantity`, message: 'The quantity must be above zero.' });
    else if (isWholeDecimal(line.quantity) && !isWholeDecimal(quantity))
      faults.push({ path: `input.lines[${at}].quantity`, message: 'This line is sold by the piece: the quantity must be whole.' });
  }
  const [first, ...more] = faults;
  if (first) return { outcome: 'fault', faults: [first, ...more] };
  for (const { lineId, quantity } of summedUp) {
    const line = basket.lines.find((candidate) => candidate.id === lineId) as BasketLine;
    const open = subtractDecimals(line.quantity, returned.get(lineId) ?? '0');
    if (compareDecimals(quantity, open) > 0)
      return { outcome: 'refused', reason: 'REVERSAL_EXCEEDS', facts: { name: lineId, quantityRequired: quantity, quantityActual: open } };
  }
  return null;
}

function summed(lines: readonly RefundLine[]): RefundLine[] {
  return [...returnedOf([{ lines }])].map(([lineId, quantity]) => ({ lineId, quantity }));
}

function returnedOf(refunds: readonly { readonly lines: readonly RefundLine[] }[]): Map<string, string> {
  const returned = new Map<string, string>();
  for (const { lineId, quantity } of refunds.flatMap((refund) => refund.lines))
    returned.set(lineId, addDecimals(returned.get(lineId) ?? '0', quantity));
  return returned;
}

/** What was due on returned quantities after discounts and vouchers; tax that prices leave out is rounded once a rate, as on the order. */
function dueOf({ basket, priced }: OrderRecord, store: StoreTerms, returned: ReadonlyMap<string, string>): number {
  const byRate = new Map<string, number>();
  for (const line of basket.lines) {
    const rate = taxRateOf(line, store);
    const part = portionOf(pricedDue(priced, line.id), returned.get(line.id) ?? '0', line.quantity);
    byRate.set(rate, (byRate.get(rate) ?? 0) + part);
  }
  return [...byRate].reduce((sum, [rate, part]) => sum + part + (basket.pricesIncludeTax ? 0 : taxExcluded(part, rate)), 0);
}

const pricedDue = (priced: PricedBasket, lineId: string): number => priced.lines.find((line) => line.lineId === lineId)?.due ?? 0;

/** The order without what came back of it; `returned`: money given back that lies on no line. */
export function leftOf(basket: Basket, refunds: readonly RefundFacts[]): { readonly basket: Basket; readonly returned: number } {
  if (refunds.some((refund) => refund.whole)) return { basket: { ...basket, lines: [] }, returned: 0 };
  const returned = returnedOf(refunds);
  const byAmount = refunds.reduce((sum, refund) => (refund.lines.length === 0 ? sum + refund.amount : sum), 0);
  return { basket: { ...basket, lines: basket.lines.flatMap((line) => lineLeft(line, returned.get(line.id) ?? '0')) }, returned: byAmount };
}

/** The lowest units came back first, with their part of a given discount. */
function lineLeft(line: BasketLine, returned: string): BasketLine[] {
  if (returned === '0') return [line];
  const quantity = subtractDecimals(line.quantity, returned);
  if (compareDecimals(quantity, '0') <= 0) return [];
  const left = { ...line, quantity };
  if (line.discount === 0) return [left];
  const discount = isWholeDecimal(line.quantity)
    ? largestRemainder(line.discount, new Array<number>(Number(line.quantity)).fill(Math.max(1, line.unitPrice)))
        .slice(Number(returned))
        .reduce((sum, share) => sum + share, 0)
    : portionOf(line.discount, quantity, line.quantity);
  return [{ ...left, discount: Math.min(discount, grossOf(left)) }];
}
