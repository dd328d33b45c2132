import type { LimitCounts, LimitPer, LimitPeriod } from '../shared/limit-words.ts';
import type { Money } from '../shared/money.ts';
import type { Weekday } from '../shared/weekdays.ts';
import type { Incentive, Scope } from './incentive.types.ts';

export type { LimitCounts, LimitPer, LimitPeriod } from '../shared/limit-words.ts';
export { LIMIT_COUNTS, LIMIT_PERIODS, LIMIT_PERS } from '../shared/limit-words.ts';

export const CAMPAIGN_STATUSES = ['DRAFT', 'SCHEDULED', 'ACTIVE', 'PAUSED', 'ENDED', 'ARCHIVED'] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];
export const DISTRIBUTIONS = ['OPEN', 'PARTNER', 'CUSTOMER'] as const;
export type Distribution = (typeof DISTRIBUTIONS)[number];
export const TAX_CLASSES = ['DISCOUNT', 'SINGLE_PURPOSE', 'MULTI_PURPOSE', 'PAYMENT'] as const;
export type TaxClass = (typeof TAX_CLASSES)[number];
export const REVERSAL_POLICIES = ['KEEP', 'REPRICE', 'CLAW_BACK'] as const;
export type ReversalPolicy = (typeof REVERSAL_POLICIES)[number];
export const SALES_CHANNELS = ['DINE_IN', 'TAKEAWAY', 'DELIVERY', 'ONLINE', 'KIOSK'] as const;
export type SalesChannel = (typeof SALES_CHANNELS)[number];

export interface Conditions {
  /** Minor units of the store's currency, inclusive. */
  readonly minimumOrder?: number;
  readonly maximumOrder?: number;
  readonly customerRequired?: boolean;
  /** One of them is enough. */
  readonly segmentIds?: readonly string[];
  /** Customer groups; none of the order's customer may be among them. */
  readonly excludedGroups?: readonly string[];
  readonly channels?: readonly SalesChannel[];
  /** One payment by one of them is enough; compared without case and outer spaces. */
  readonly paymentMethods?: readonly string[];
  /** One of them is enough. */
  readonly windows?: readonly TimeWindow[];
  /** Business days, YYYY-MM-DD. */
  readonly blackoutDays?: readonly string[];
  readonly birthdayWindow?: DayWindow;
  readonly anniversaryWindow?: DayWindow;
  readonly firstOrderOnly?: boolean;
  /** CEL over `order`, `customer`, `store` and `voucher`. */
  readonly expression?: string;
}

/** Half-open local times (HH:MM) of the business days named; over midnight where `to` is not after `from`, the whole day where both are the same. */
export interface TimeWindow {
  readonly weekdays: readonly Weekday[];
  readonly from: string;
  readonly to: string;
}

/** Whole days around a day that comes every year. */
export interface DayWindow {
  readonly daysBefore: number;
  readonly daysAfter: number;
}

export interface Limit {
  readonly counts: LimitCounts;
  readonly per: LimitPer;
  readonly period: LimitPeriod;
  readonly max: number;
}

export const FUNDERS = ['HOUSE', 'PARTNER', 'PLATFORM'] as const;
export type Funder = (typeof FUNDERS)[number];

/** Who bears a part of what a campaign gives. The percentages of a campaign's shares are 100 together. */
export interface FundingShare {
  readonly by: Funder;
  /** Which partner or platform, in words; left out for the house. */
  readonly name?: string;
  /** Exact decimal text, above 0. */
  readonly percent: string;
}

/** Vouchers that a paid order earns: issued in the answer to recording it. */
export interface Issuance {
  /** Looked at in the order that earns, in the same manner as for a redemption. */
  readonly conditions: Conditions;
  /** Which lines count towards `everyAmount`; left out: the whole order. */
  readonly scope?: Scope;
  /** How many vouchers an order that meets the conditions earns; with `everyAmount`, for each full such amount. */
  readonly count: number;
  /** Minor units of the store's currency. */
  readonly everyAmount?: number;
  /** At most so many on one order. */
  readonly maximumPerOrder?: number;
  /** ISO 8601 durations: from the moment of the order until they begin, and from then until they end; left out: at once, and as long as the campaign lasts. */
  readonly validAfter?: string;
  readonly validFor?: string;
}

export interface Stacking {
  readonly priority: number;
  readonly group?: string;
  readonly exclusive: boolean;
}

/** A campaign as it is put in. null = left out (its default). */
export interface CampaignDraft {
  readonly name: string;
  readonly parentId?: string | null | undefined;
  readonly storeIds?: readonly string[] | null | undefined;
  readonly startsOn?: string | null | undefined;
  readonly endsOn?: string | null | undefined;
  readonly incentive?: Incentive | null | undefined;
  readonly conditions?: Conditions | null | undefined;
  readonly limits?: readonly Limit[] | null | undefined;
  readonly budget?: Money | null | undefined;
  readonly stacking?:
    | {
        readonly priority?: number | null | undefined;
        readonly group?: string | null | undefined;
        readonly exclusive?: boolean | null | undefined;
      }
    | null
    | undefined;
  readonly distribution?: Distribution | null | undefined;
  readonly taxClass?: TaxClass | null | undefined;
  readonly reversalPolicy?: ReversalPolicy | null | undefined;
  readonly funding?: readonly FundingShare[] | null | undefined;
  readonly issuance?: Issuance | null | undefined;
  readonly metadata?: unknown;
}

/** A change: left out = unchanged, null = cleared, lists and objects replace. The parent stays. */
export type CampaignPatch = Partial<Omit<CampaignDraft, 'parentId' | 'name'>> & { readonly name?: string | null | undefined };

/** What a copy of a campaign has of its own; left out = as the original. */
export interface CampaignCopyDraft {
  readonly name: string;
  readonly parentId?: string | null | undefined;
  readonly startsOn?: string | null | undefined;
  readonly endsOn?: string | null | undefined;
  /** Of a main campaign: its subs are copied too. */
  readonly withSubs: boolean;
}

/** A campaign as it is shown; `status` as of now. */
export interface CampaignRecord {
  readonly id: string;
  readonly name: string;
  readonly status: CampaignStatus;
  readonly parentId: string | null;
  readonly version: number;
  /** null = all stores */
  readonly storeIds: readonly string[] | null;
  readonly currency: string | null;
  readonly startsOn: string | null;
  readonly endsOn: string | null;
  readonly incentive: Incentive | null;
  readonly conditions: Conditions;
  readonly limits: readonly Limit[];
  /** Minor units of `currency`. */
  readonly budget: number | null;
  readonly stacking: Stacking;
  readonly distribution: Distribution;
  readonly taxClass: TaxClass;
  readonly reversalPolicy: ReversalPolicy;
  /** Empty: the house bears all. */
  readonly funding: readonly FundingShare[];
  /** null = it issues nothing by itself */
  readonly issuance: Issuance | null;
  readonly metadata: unknown;
  /** RFC 3339 */
  readonly createdAt: string;
}

/** Gross counts; of a main campaign the sum over its subs. */
export interface CampaignCounts {
  readonly codes: number;
  readonly issued: number;
  readonly redeemed: number;
  readonly reversed: number;
  readonly rejected: number;
}

/** Minor units of the campaign's currency. */
export interface BudgetUse {
  readonly used: number;
  readonly held: number;
}
