import type { Scope } from '../../campaign/incentive.types.ts';
import type { BasketLine } from '../../order/basket.types.ts';
import type { Money } from '../../shared/money.ts';
import { type ItemMiss, linesInScope, unitsInScope } from '../scope.ts';
import type { Ask } from './kind.types.ts';

export const findScope = ({ scope }: { readonly scope?: Scope }, lines: readonly BasketLine[]): readonly number[] | ItemMiss | null =>
  scope === undefined ? null : linesInScope(scope, lines);

/** The units it falls on, and all that is due on each. */
export function dueOnTarget(
  scope: Scope | undefined,
  { units, lines, due }: Ask,
): { readonly units: readonly number[]; readonly most: readonly number[] } {
  const target = scope === undefined || lines === null ? dueUnits(due) : unitsInScope(scope, lines, units, due);
  return { units: target, most: target.map((unit) => due[unit] ?? 0) };
}

function dueUnits(due: readonly number[]): number[] {
  const open: number[] = [];
  for (let unit = 0; unit < due.length; unit++) if ((due[unit] ?? 0) > 0) open.push(unit);
  return open;
}

export const givenMoney = (path: string, money: Money | undefined): (readonly [string, Money])[] =>
  money === undefined ? [] : [[path, money]];
