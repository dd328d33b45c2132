import type { Basket } from '../order/basket.types.ts';
import { compareDecimals } from '../shared/decimal.ts';
import { taxExcluded, taxIncluded } from '../shared/money.ts';
import type { StoreTerms } from '../store/store.types.ts';
import type { AppliedVoucher, PricedBasket } from './decision.types.ts';
import { sumOf, takeApplied, taxRateOf, type Units, unitsOfBasket } from './units.ts';

type TaxEntry = PricedBasket['tax'][number];

/** A basket's sums, taxes and lines with the vouchers that stand on it. The basket has passed checkBasket. */
export function priceBasket(basket: Basket, store: StoreTerms, applied: readonly AppliedVoucher[] = []): PricedBasket {
  const units = unitsOfBasket(basket);
  takeApplied(units, applied);
  return priceUnits(basket, store, units, {
    tendered: sumOf(applied.map((voucher) => (voucher.kind === 'TENDER' ? voucher.amount : 0))),
    locked: applied.some((voucher) => voucher.kind === 'ORDER_DISCOUNT'),
  });
}

/** The sums of units from which everything was taken already. */
export function priceUnits(
  basket: Basket,
  store: StoreTerms,
  units: Units,
  paid: { readonly tendered: number; readonly locked: boolean },
): PricedBasket {
  const lines: PricedBasket['lines'][number][] = [];
  const lineDues = duesByLine(units);
  for (const [index, line] of basket.lines.entries()) {
    const gross = units.gross[index] ?? 0;
    const due = lineDues[index] ?? 0;
    lines.push({ lineId: line.id, gross, discount: gross - due, due, locked: paid.locked });
  }
  const goods = sumOf(lineDues);
  const tax = taxOf(basket, store, lineDues);
  const beforeTender = goods + addedTax(basket, tax);
  // A basket that shrank after it was paid may be worth less than the part payment that stands on it.
  const tendered = Math.min(paid.tendered, beforeTender);
  return {
    currency: basket.currency,
    subtotal: units.subtotal,
    lineDiscounts: units.lineDiscounts,
    voucherDiscounts: units.subtotal - units.lineDiscounts - goods,
    tendered,
    tax,
    due: beforeTender - tendered,
    lines,
  };
}

/** What is to be paid before tenders, tax included. */
export function dueBeforeTender(basket: Basket, store: StoreTerms, units: Units): number {
  const lineDues = duesByLine(units);
  return sumOf(lineDues) + (basket.pricesIncludeTax ? 0 : addedTax(basket, taxOf(basket, store, lineDues)));
}

function duesByLine(units: Units): number[] {
  const dues = new Array<number>(units.lines.length).fill(0);
  for (let unit = 0; unit < units.due.length; unit++) {
    const line = units.lineOf[unit] ?? 0;
    dues[line] = (dues[line] ?? 0) + (units.due[unit] ?? 0);
  }
  return dues;
}

const addedTax = (basket: Basket, tax: readonly TaxEntry[]): number => (basket.pricesIncludeTax ? 0 : sumOf(tax.map((entry) => entry.tax)));

/** One entry a rate, ascending; rounded once a rate. */
function taxOf(basket: Basket, store: StoreTerms, lineDues: readonly number[]): TaxEntry[] {
  const sums = new Map<string, number>();
  for (const [index, line] of basket.lines.entries()) {
    const rate = taxRateOf(line, store);
    sums.set(rate, (sums.get(rate) ?? 0) + (lineDues[index] ?? 0));
  }
  const entries: TaxEntry[] = [];
  for (const [rate, due] of sums) {
    if (!basket.pricesIncludeTax) {
      entries.push({ rate, base: due, tax: taxExcluded(due, rate) });
      continue;
    }
    const tax = taxIncluded(due, rate);
    entries.push({ rate, base: due - tax, tax });
  }
  return entries.length > 1 ? entries.sort((a, b) => compareDecimals(a.rate, b.rate)) : entries;
}
