import type { ItemChoice, ItemSelector, Scope } from '../campaign/incentive.types.ts';
import type { BasketLine } from '../order/basket.types.ts';
import { atScale, decimalText, type ExactDecimal, exactDecimal, isWholeDecimal } from '../shared/decimal.ts';
import type { FailureFacts, NearestBasketDraft } from '../shared/reason-facts.ts';
import type { Units } from './units.ts';

/** Why an incentive finds no items to work on, with its numbers and what would help. */
export interface ItemMiss {
  readonly reason: 'NO_ELIGIBLE_ITEM' | 'ALL_ITEMS_ALREADY_DISCOUNTED' | 'TRIGGER_QUANTITY_NOT_MET';
  readonly facts: FailureFacts;
  readonly nearest: NearestBasketDraft;
}

/** Indexes of the lines in scope, or why there is nothing to do. Looks at the lines as given, not at what vouchers took. */
export function linesInScope(scope: Scope, lines: readonly BasketLine[]): readonly number[] | ItemMiss {
  const named: number[] = [];
  for (const [index, line] of lines.entries()) if (chooses(scope, line)) named.push(index);
  const eligible = scope.excludeDiscounted ? named.filter((index) => lines[index]?.discount === 0) : named;
  if (eligible.length > 0) return triggerMiss(scope, lines, eligible) ?? eligible;
  const reason = named.length === 0 ? 'NO_ELIGIBLE_ITEM' : 'ALL_ITEMS_ALREADY_DISCOUNTED';
  return { reason, facts: {}, nearest: { addQuantity: scope.triggerQuantity ?? '1', ...eligibleSkus(scope) } };
}

export const isItemMiss = (found: readonly number[] | ItemMiss | null): found is ItemMiss => found !== null && !Array.isArray(found);

export function chooses({ include, exclude }: ItemChoice, line: BasketLine): boolean {
  if (exclude !== undefined && selects(exclude, line)) return false;
  return include === undefined || saysNothing(include) || selects(include, line);
}

/** Named only where items are chosen one by one; a group or a brand is not a list of them. */
export function skusOf({ include, exclude }: ItemChoice): readonly string[] {
  const excluded = exclude?.skus ?? [];
  return include?.skus?.filter((sku) => !excluded.includes(sku)) ?? [];
}

function eligibleSkus(choice: ItemChoice): NearestBasketDraft {
  const skus = skusOf(choice);
  return skus.length === 0 ? {} : { eligibleSkus: skus };
}

const saysNothing = (selector: ItemSelector): boolean =>
  selector.skus === undefined && selector.groups === undefined && selector.brands === undefined;

function selects(selector: ItemSelector, line: BasketLine): boolean {
  if (selector.skus?.includes(line.sku) === true) return true;
  if (line.group !== null && selector.groups?.includes(line.group) === true) return true;
  return line.brand !== null && selector.brands?.includes(line.brand) === true;
}

function triggerMiss(scope: Scope, lines: readonly BasketLine[], eligible: readonly number[]): ItemMiss | null {
  if (scope.triggerQuantity === undefined) return null;
  const trigger = exactDecimal(scope.triggerQuantity);
  const quantities = eligible.map((index) => exactDecimal(lines[index]?.quantity ?? '0'));
  const scale = commonScale([trigger, ...quantities]);
  const present = quantities.reduce((sum, quantity) => sum + atScale(quantity, scale), 0n);
  const needed = atScale(trigger, scale);
  if (present >= needed) return null;
  return {
    reason: 'TRIGGER_QUANTITY_NOT_MET',
    facts: { quantityRequired: scope.triggerQuantity, quantityActual: decimalText(present, scale) },
    nearest: { addQuantity: decimalText(needed - present, scale), ...eligibleSkus(scope) },
  };
}

const commonScale = (values: readonly ExactDecimal[]): number => Math.max(...values.map((value) => value.scale));

/** The units an incentive falls on, in basket order; those on which nothing is due are passed over. `due` is by unit. */
export const unitsInScope = (scope: Scope, lines: readonly number[], units: Units, due: readonly number[]): readonly number[] =>
  pickUnits(scope, openUnits(lines, units, due), units, due);

/** The units of some lines on which anything is due, in basket order. */
export function openUnits(lines: readonly number[], units: Units, due: readonly number[]): readonly number[] {
  const open: number[] = [];
  for (const line of lines) {
    const first = units.firstUnit[line] ?? 0;
    const end = first + (units.unitCount[line] ?? 0);
    for (let unit = first; unit < end; unit++) if ((due[unit] ?? 0) > 0) open.push(unit);
  }
  return open;
}

/** Cheapest or dearest first, in basket order again; a weighed unit weighs its quantity and is passed over where it no longer fits. */
export function pickUnits(
  { pick, applicableQuantity }: Scope,
  from: readonly number[],
  units: Units,
  due: readonly number[],
): readonly number[] {
  if (applicableQuantity === undefined) return from;
  const sign = pick === 'DEAREST' ? -1 : 1;
  const open = from.toSorted((a, b) => sign * ((due[a] ?? 0) - (due[b] ?? 0)) || a - b);
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
