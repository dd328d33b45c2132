import type { BasketLine } from '../../order/basket.types.ts';
import type { Money } from '../../shared/money.ts';
import type { EffectKind } from '../decision.types.ts';
import type { ItemMiss } from '../scope.ts';
import type { Units } from '../units.ts';

/** What an incentive may look at when it reckons what it gives. */
export interface Ask {
  readonly units: Units;
  /** Indexes of the lines it found; null = the order as a whole. */
  readonly lines: readonly number[] | null;
  /** What is still due, by unit. */
  readonly due: readonly number[];
  /** Minor units left on the voucher that no hold has set aside; asked only of one that carries a balance. */
  readonly left: () => number;
}

/** What an incentive would give if enough is due: at most `most[i]` on `units[i]`. A payment lies on no unit. */
export interface Wish {
  readonly amount: number;
  readonly units: readonly number[];
  /** The shares' weights, too. */
  readonly most: readonly number[];
}

/** One kind of incentive. It knows its own terms and a basket, no other voucher and no limit. */
export interface IncentiveKind<Terms> {
  readonly effect: (terms: Terms) => EffectKind;
  /** The lines it is for, as they were given, or why there is nothing to do; null = the order as a whole. */
  readonly find: (terms: Terms, lines: readonly BasketLine[]) => readonly number[] | ItemMiss | null;
  readonly wish: (terms: Terms, ask: Ask) => Wish;
  /** Its money values with their paths within the terms. */
  readonly money: (terms: Terms) => readonly (readonly [path: string, money: Money])[];
}
