import type { SpecialPriceTerms } from '../../campaign/incentive.types.ts';
import { isWholeDecimal } from '../../shared/decimal.ts';
import { mulRound } from '../../shared/money.ts';
import { openUnits, pickUnits } from '../scope.ts';
import { sumOf, type Units } from '../units.ts';
import { findScope } from './common.ts';
import type { IncentiveKind } from './kind.types.ts';

/** Each unit comes down to the price, something weighed to price times quantity. What costs no more already is passed over and uses none up. */
export const specialPrice: IncentiveKind<SpecialPriceTerms> = {
  effect: () => 'LINE_DISCOUNT',
  find: findScope,
  wish: ({ price, scope }, { units, lines, due }) => {
    const targets = new Map((lines ?? []).map((line) => [line, targetOf(units, line, price.minor)]));
    const above = (unit: number): number => (due[unit] ?? 0) - (targets.get(units.lineOf[unit] ?? 0) ?? 0);
    const dearer = openUnits(lines ?? [], units, due).filter((unit) => above(unit) > 0);
    const picked = pickUnits(scope, dearer, units, due);
    const most = picked.map(above);
    return { amount: sumOf(most), units: picked, most };
  },
  money: ({ price }) => [['price', price]],
};

function targetOf(units: Units, line: number, price: number): number {
  const quantity = units.lines[line]?.quantity ?? '1';
  return isWholeDecimal(quantity) ? price : mulRound(price, quantity);
}
