import type { Incentive } from '../campaign/incentive.types.ts';
import type { Gift } from '../decision/incentive.ts';
import type { Candidate } from '../decision/rule.types.ts';
import { sumOf } from '../decision/units.ts';
import type { Before } from '../decision/watch.ts';
import { decimalText, exactDecimal, normaliseDecimal } from '../shared/decimal.ts';
import type { Reckoning } from './explanation.types.ts';

/** How the gift came about, from the campaign's terms and what was due. */
export function reckoningOf({ campaign }: Candidate, { due }: Before, gift: Gift): Reckoning | null {
  const { incentive } = campaign;
  if (incentive === null) return null;
  const base = sumOf(gift.units.map((unit) => due[unit] ?? 0));
  return { incentive, base, units: gift.units.length, unrounded: unroundedOf(incentive, base), amount: gift.amount };
}

function unroundedOf(incentive: Incentive, base: number): string | null {
  if (!('percentOff' in incentive)) return null;
  const { digits, scale } = exactDecimal(incentive.percentOff.percent);
  return normaliseDecimal(decimalText(BigInt(base) * digits, scale + 2));
}
