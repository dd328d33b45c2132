import type { Money } from '../shared/money.ts';

export const PICKS = ['CHEAPEST', 'DEAREST', 'ALL'] as const;
export type Pick = (typeof PICKS)[number];

export interface ItemSelector {
  readonly skus?: readonly string[];
  readonly groups?: readonly string[];
  readonly brands?: readonly string[];
}

/** Which lines a line-level incentive looks at. Decimals are exact texts. */
export interface Scope {
  readonly include?: ItemSelector;
  readonly exclude?: ItemSelector;
  readonly excludeDiscounted: boolean;
  readonly triggerQuantity?: string;
  readonly applicableQuantity?: string;
  readonly pick: Pick;
}

/** Some of the items; with neither member, all of them. */
export interface ItemChoice {
  readonly include?: ItemSelector;
  readonly exclude?: ItemSelector;
}

export interface PercentOffTerms {
  /** Exact decimal text, above 0, at most 100; as all percentages here. */
  readonly percent: string;
  readonly maximum?: Money;
  readonly scope?: Scope;
}

export interface AmountOffTerms {
  readonly amount: Money;
  readonly scope?: Scope;
}

/** Each unit in scope comes down to this price; a cheaper one stays as it is. */
export interface SpecialPriceTerms {
  readonly price: Money;
  readonly scope: Scope;
}

/** Units of the scope for nothing, as many as `quantity` says. */
export interface FreeItemTerms {
  readonly quantity: string;
  /** Without `applicableQuantity`: `quantity` is it. */
  readonly scope: Scope;
}

/** For each `buyQuantity` pieces bought, up to `getQuantity` others cheaper or free. */
export interface BuyXGetYTerms {
  readonly buyQuantity: number;
  readonly buy: ItemChoice;
  readonly getQuantity: number;
  /** Left out: the items that are bought. */
  readonly get?: ItemChoice;
  readonly percentOff: string;
  readonly maximumTimes?: number;
  readonly excludeDiscounted: boolean;
}

export interface FreeDeliveryTerms {
  readonly maximum?: Money;
  /** Left out: those of group "delivery". */
  readonly items?: ItemSelector;
}

/** A part payment, or the balance of a gift card. */
export interface ValueTerms {
  readonly value: Money;
}

export interface IncentiveTerms {
  readonly percentOff: PercentOffTerms;
  readonly amountOff: AmountOffTerms;
  readonly specialPrice: SpecialPriceTerms;
  readonly freeItem: FreeItemTerms;
  readonly buyXGetY: BuyXGetYTerms;
  readonly freeDelivery: FreeDeliveryTerms;
  readonly tender: ValueTerms;
  readonly giftBalance: ValueTerms;
}
export type IncentiveName = keyof IncentiveTerms;

/** Exactly one member. */
export type Incentive = { [Name in IncentiveName]: { readonly [Member in Name]: IncentiveTerms[Member] } }[IncentiveName];
