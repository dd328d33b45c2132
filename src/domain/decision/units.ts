import type { Basket, BasketLine } from '../order/basket.types.ts';
import { isWholeDecimal, normaliseDecimal } from '../shared/decimal.ts';
import { largestRemainder, mulRound } from '../shared/money.ts';
import type { StoreTerms } from '../store/store.types.ts';
import type { AppliedVoucher } from './decision.types.ts';

/** A basket broken into units: a whole quantity n is units 1..n, any other quantity is one unit. Amounts in minor units. */
export interface Units {
  readonly lines: readonly BasketLine[];
  /** By line. */
  readonly gross: readonly number[];
  readonly firstUnit: readonly number[];
  readonly unitCount: readonly number[];
  /** By unit, in basket order: its line, and what is still due on it. */
  readonly lineOf: readonly number[];
  readonly due: number[];
  readonly subtotal: number;
  readonly lineDiscounts: number;
}

/** How many units a quantity makes; checkBasket has seen the text. */
export function unitsOf(quantity: string): number {
  if (quantity === '1' || !isWholeDecimal(quantity)) return 1;
  return Number(quantity);
}

export function grossOf(line: BasketLine): number {
  return line.quantity === '1' ? line.unitPrice : mulRound(line.unitPrice, line.quantity);
}

/** After the given line discounts, before any voucher. */
export function unitsOfBasket(basket: Basket): Units {
  const gross: number[] = [];
  const firstUnit: number[] = [];
  const unitCount: number[] = [];
  const lineOf: number[] = [];
  const due: number[] = [];
  let subtotal = 0;
  let lineDiscounts = 0;
  for (const [index, line] of basket.lines.entries()) {
    const lineGross = grossOf(line);
    const count = unitsOf(line.quantity);
    gross.push(lineGross);
    firstUnit.push(due.length);
    unitCount.push(count);
    subtotal += lineGross;
    lineDiscounts += line.discount;
    if (count === 1) {
      lineOf.push(index);
      due.push(lineGross - line.discount);
      continue;
    }
    const given = line.discount === 0 ? null : largestRemainder(line.discount, new Array<number>(count).fill(line.unitPrice));
    for (let unit = 0; unit < count; unit++) {
      lineOf.push(index);
      due.push(line.unitPrice - (given?.[unit] ?? 0));
    }
  }
  return { lines: basket.lines, gross, firstUnit, unitCount, lineOf, due, subtotal, lineDiscounts };
}

/** Unit number within its line, from 1. */
export const unitNumber = (units: Units, unit: number): number => unit - (units.firstUnit[units.lineOf[unit] ?? 0] ?? 0) + 1;

export function sumOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** Takes what vouchers gave before off the units; a share whose unit is gone, or that exceeds what is due, falls away. Returns what was taken. */
export function takeApplied(units: Units, applied: readonly AppliedVoucher[]): number {
  let taken = 0;
  const indexOf = new Map(units.lines.map((line, index) => [line.id, index]));
  for (const share of applied.flatMap((voucher) => voucher.allocations)) {
    const line = indexOf.get(share.lineId);
    if (line === undefined || share.unit > (units.unitCount[line] ?? 0)) continue;
    const unit = (units.firstUnit[line] ?? 0) + share.unit - 1;
    const amount = Math.min(share.amount, units.due[unit] ?? 0);
    units.due[unit] = (units.due[unit] ?? 0) - amount;
    taken += amount;
  }
  return taken;
}

/** Percent, as decimal text without trailing zeros. */
export function taxRateOf(line: BasketLine, store: StoreTerms): string {
  if (line.taxRate !== null) return normaliseDecimal(line.taxRate);
  const ofGroup = line.group === null ? undefined : store.taxRates.find((entry) => entry.group === line.group);
  return normaliseDecimal(ofGroup?.rate ?? store.defaultTaxRate);
}
