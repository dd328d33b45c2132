import type { LimitCounts, LimitPer, LimitPeriod } from '../shared/limit-words.ts';
import type { Money } from '../shared/money.ts';

export { LIMIT_COUNTS, LIMIT_PERIODS, LIMIT_PERS } from '../shared/limit-words.ts';
export type { LimitCounts, LimitPer, LimitPeriod } from '../shared/limit-words.ts';

export const CAMPAIGN_STATUSES = ['DRAFT', 'SCHEDULED', 'ACTIVE', 'PAUSED', 'ENDED', 'ARCHIVED'] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];
export const DISTRIBUTIONS = ['OPEN', 'PARTNER', 'CUSTOMER'] as const;
export type Distribution = (typeof DISTRIBUTIONS)[number];
export const TAX_CLASSES = ['DISCOUNT', 'SINGLE_PURPOSE', 'MULTI_PURPOSE', 'PAYMENT'] as const;
export type TaxClass = (typeof TAX_CLASSES)[number];
export const REVERSAL_POLICIES = ['KEEP', 'REPRICE', 'CLAW_BACK'] as const;
export type ReversalPolicy = (typeof REVERSAL_POLICIES)[number];
export const PICKS = ['CHEAPEST', 'DEAREST', 'ALL'] as const;
export type Pick = (typeof PICKS)[number];
export const SALES_CHANNELS = ['DINE_IN', 'TAKEAWAY', 'DELIVERY', 'ONLINE', 'KIOSK'] as const;
export type SalesChannel = (typeof SALES_CHANNELS)[number];

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

/** Exactly one member. */
export type Incentive =
  | { readonly percentOff: { readonly percent: string; readonly maximum?: Money; readonly scope?: Scope } }
  | { readonly amountOff: { readonly amount: Money; readonly scope?: Scope } }
  | { readonly tender: { readonly value: Money } };

export interface Conditions {
  /** Minor units of the store's currency, inclusive. */
  readonly minimumOrder?: number;
  readonly maximumOrder?: number;
  readonly customerRequired?: boolean;
  readonly channels?: readonly SalesChannel[];
}

export interface Limit {
  readonly counts: LimitCounts;
  readonly per: LimitPer;
  readonly period: LimitPeriod;
  readonly max: number;
}

export interface Stacking {
  readonly priority: number;
  readonly group?: string;
  readonly exclusive: boolean;
}
