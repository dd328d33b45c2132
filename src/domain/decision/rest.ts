import type { Basket, BasketLine } from '../order/basket.types.ts';
import { compareDecimals, isWholeDecimal, portionOf, subtractDecimals } from '../shared/decimal.ts';
import { largestRemainder } from '../shared/money.ts';
import type { AllocationShare, AppliedVoucher } from './decision.types.ts';
import { grossOf, sumOf, type Units, unitsOfBasket } from './units.ts';

/** Quantities by line id. */
export type Quantities = Readonly<Record<string, string>>;

/** What is left of a basket when units were returned. Whole lines lose their lowest units: what was unit 3 may be unit 1 of what is left. */
export interface Rest {
  readonly original: Basket;
  readonly basket: Basket;
  /** Of `basket`, before any voucher. */
  readonly units: Units;
  /** By line id, of the lines that are left. */
  readonly lines: ReadonlyMap<string, RestLine>;
}

interface RestLine {
  /** Index in `basket`. */
  readonly index: number;
  /** How many units are gone; none of a weighed line, which is one unit. */
  readonly gone: number;
  readonly quantity: string;
  readonly weighed: boolean;
}

/** A voucher of an order as it stands; shares numbered as in the order. */
export interface StandingVoucher extends AppliedVoucher {
  /** What it was taken back for by unit. */
  readonly returned: Quantities;
}

type Share = Pick<AllocationShare, 'lineId' | 'unit' | 'amount'>;

/** Given line discounts stay where they lie: with their units, of something weighed by weight. */
export function restOf(original: Basket, returned: Quantities): Rest {
  const units = unitsOfBasket(original);
  const left: BasketLine[] = [];
  const lines = new Map<string, RestLine>();
  for (const [index, line] of original.lines.entries()) {
    const back = returned[line.id] ?? '0';
    const quantity = subtractDecimals(line.quantity, back);
    if (compareDecimals(quantity, '0') <= 0) continue;
    const weighed = !isWholeDecimal(line.quantity);
    const gone = weighed ? 0 : Number(back);
    lines.set(line.id, { index: left.length, gone, quantity, weighed });
    left.push({ ...line, quantity, discount: line.discount === 0 ? 0 : discountLeft(units, index, { ...line, quantity }, gone) });
  }
  const basket = { ...original, lines: left };
  return { original, basket, units: unitsOfBasket(basket), lines };
}

function discountLeft(units: Units, index: number, left: BasketLine, gone: number): number {
  const line = units.lines[index] as BasketLine;
  if (!isWholeDecimal(line.quantity)) return Math.min(grossOf(left), portionOf(line.discount, left.quantity, line.quantity));
  const first = units.firstUnit[index] ?? 0;
  return grossOf(left) - sumOf(units.due.slice(first + gone, first + (units.unitCount[index] ?? 0)));
}

/** The shares that lie on what is left, numbered as there. `returned`: what they were taken back for already. */
export function onRest(rest: Rest, shares: readonly Share[], returned: Quantities): Share[] {
  return shares.flatMap((share) => {
    const line = rest.lines.get(share.lineId);
    if (line === undefined || share.unit <= line.gone) return [];
    return line.weighed ? ofWeighed(rest, line, share, returned) : [{ ...share, unit: share.unit - line.gone }];
  });
}

/** By weight. What is left of 2.5 kg may be 2, which counts as two units. */
function ofWeighed({ original, units }: Rest, line: RestLine, share: Share, returned: Quantities): Share[] {
  const quantity = original.lines.find(({ id }) => id === share.lineId)?.quantity ?? line.quantity;
  const standing = subtractDecimals(quantity, returned[share.lineId] ?? '0');
  const amount = compareDecimals(standing, line.quantity) <= 0 ? share.amount : portionOf(share.amount, line.quantity, standing);
  const first = units.firstUnit[line.index] ?? 0;
  const due = units.due.slice(first, first + (units.unitCount[line.index] ?? 0));
  const most = Math.min(amount, sumOf(due));
  return largestRemainder(most, due).map((part, place) => ({ ...share, unit: place + 1, amount: part }));
}

/** The number that a unit of what is left has in the order. */
export function originalUnit(rest: Rest, lineId: string, unit: number): number {
  const line = rest.lines.get(lineId);
  return line === undefined || line.weighed ? 1 : unit + line.gone;
}

export const standingOnRest = (rest: Rest, vouchers: readonly StandingVoucher[]): AppliedVoucher[] =>
  vouchers.map(({ kind, amount, allocations, returned }) => ({ kind, amount, allocations: onRest(rest, allocations, returned) }));
