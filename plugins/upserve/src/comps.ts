import type { Money } from '@valehub/connector-kit';
import type { VoidComp } from './schemas.ts';
import { amount, cents, type Till } from './till.ts';

/**
 * Upserve keeps two things in one place: a void was never sold (rung up by mistake, sent back before it was made), a comp was sold and given
 * away wholly or in part. Only the comp is a discount.
 */
export const isVoid = (told: VoidComp): boolean => /^\s*void/i.test(told?.type ?? '');

const unsigned = (decimal: string): string => decimal.replace(/^-/, '');

/** What a comp takes off; nothing where there is none. UNVERIFIED: that `total` is always told; else it is reckoned from the value. */
export function compOn(till: Till, told: VoidComp, gross: Money): Money {
  if (!told || isVoid(told)) return cents(till, 0);
  const { type, total, value } = told;
  if (total != null) return amount(till, unsigned(total));
  if (value == null) return type ? gross : cents(till, 0);
  return /percent/i.test(type ?? '') ? till.money.times(gross, `${unsigned(value)}e-2`) : amount(till, unsigned(value));
}
