import type { ItemSelector, Scope } from '../campaign/campaign.types.ts';
import type { BasketLine } from '../order/basket.types.ts';
import { atScale, decimalText, type ExactDecimal, exactDecimal, isWholeDecimal } from '../shared/decimal.ts';
import type { Units } from './units.ts';

/** Why a scope finds nothing to work on. `quantity` = what counts towards the trigger. */
export type ScopeMiss =
  | { readonly reason: 'NO_ELIGIBLE_ITEM' | 'ALL_ITEMS_ALREADY_DISCOUNTED' }
  | { readonly reason: 'TRIGGER_QUANTITY_NOT_MET'; readonly quantity: string; readonly missing: string };

/** Indexes of the lines in scope, or why there is nothing to do. Looks at the lines as given, not at what vouchers took. */
export function linesInScope(scope: Scope, lines: readonly BasketLine[]): readonly number[] | ScopeMiss {
  const named: number[] = [];
  for (const [index, line] of lines.entries()) if (isInScope(scope, line)) named.push(index);
  if (named.length === 0) return { reason: 'NO_ELIGIBLE_ITEM' };
  const eligible = scope.excludeDiscounted ? named.filter((index) => lines[index]?.discount === 0) : named;
  if (eligible.length === 0) return { reason: 'ALL_ITEMS_ALREADY_DISCOUNTED' };
  return triggerMiss(scope, lines, eligible) ?? eligible;
}

export const isScopeMiss = (found: readonly number[] | ScopeMiss): found is ScopeMiss => !Array.isArray(found);

function isInScope(scope: Scope, line: BasketLine): boolean {
  if (scope.exclude !== undefined && selects(scope.exclude, line)) return false;
  return scope.include === undefined || saysNothing(scope.include) || selects(scope.include, line);
}

const saysNothing = (selector: ItemSelector): boolean =>
  selector.skus === undefined && selector.groups === undefined && selector.brands === undefined;

function selects(selector: ItemSelector, line: BasketLine): boolean {
  if (selector.skus?.includes(line.sku) === true) return true;
  if (line.group !== null && selector.groups?.includes(line.group) === true) return true;
  return line.brand !== null && selector.brands?.includes(line.brand) === true;
}

function triggerMiss(scope: Scope, lines: readonly BasketLine[], eligible: readonly number[]): ScopeMiss | null {
  if (scope.triggerQuantity === undefined) return null;
  const trigger = exactDecimal(scope.triggerQuantity);
  const quantities = eligible.map((index) => exactDecimal(lines[index]?.quantity ?? '0'));
  const scale = commonScale([trigger, ...quantities]);
  const present = quantities.reduce((sum, quantity) => sum + atScale(quantity, scale), 0n);
  const needed = atScale(trigger, scale);
  if (present >= needed) return null;
  return { reason: 'TRIGGER_QUANTITY_NOT_MET', quantity: decimalText(present, scale), missing: decimalText(needed - present, scale) };
}

const commonScale = (values: readonly ExactDecimal[]): number => Math.max(...values.map((value) => value.scale));

/** The units an incentive falls on, in basket order; those on which nothing is due are passed over. `due` is by unit. */
export function unitsInScope(scope: Scope, lines: readonly number[], units: Units, due: readonly number[]): number[] {
  const open: number[] = [];
  for (const line of lines) {
    const first = units.firstUnit[line] ?? 0;
    const end = first + (units.unitCount[line] ?? 0);
    for (let unit = first; unit < end; unit++) if ((due[unit] ?? 0) > 0) open.push(unit);
  }
  if (scope.applicableQuantity === undefined) return open;
  return pickUnits(scope, scope.applicableQuantity, open, units, due);
}

/** Cheapest or dearest first; a weighed unit weighs its quantity and is passed over where it no longer fits. */
function pickUnits(scope: Scope, applicableQuantity: string, open: number[], units: Units, due: readonly number[]): number[] {
  const sign = scope.pick === 'DEAREST' ? -1 : 1;
  open.sort((a, b) => sign * ((due[a] ?? 0) - (due[b] ?? 0)) || a - b);
  const allowed = exactDecimal(applicableQuantity);
  const sizes = new Map<number, ExactDecimal>();
  for (const unit of open) {
    const line = units.lineOf[unit] ?? 0;
    const quantity = units.lines[line]?.quantity ?? '1';
    if (!sizes.has(line)) sizes.set(line, isWholeDecimal(quantity) ? ONE : exactDecimal(quantity));
  }
  const scale = commonScale([allowed, ...sizes.values()]);
  let left = atScale(allowed, scale);
  const picked: number[] = [];
  for (const unit of open) {
    const size = atScale(sizes.get(units.lineOf[unit] ?? 0) ?? ONE, scale);
    if (size > left) continue;
    picked.push(unit);
    left -= size;
    if (left === 0n) break;
  }
  return picked.sort((a, b) => a - b);
}

const ONE: ExactDecimal = { digits: 1n, scale: 0 };
