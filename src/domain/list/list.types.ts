import type { CampaignStatus } from '../campaign/campaign.types.ts';
import type { HoldRecord } from '../redemption/redemption.types.ts';
import type { ReasonCode } from '../shared/reasons.ts';
import type { VoucherStatus } from '../voucher/voucher.types.ts';

/** `first` from 0 to 1,000; `after` a cursor of the same list. */
export interface PageRequest {
  readonly first: number;
  readonly after?: string | null | undefined;
}

export interface Page<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** Filters: left out or null = no filter, an empty list = nothing; fields AND, values OR. */
export interface VoucherFilter {
  readonly campaignIds?: readonly string[] | null | undefined;
  readonly statuses?: readonly VoucherStatus[] | null | undefined;
  readonly customerId?: string | null | undefined;
}

export interface CampaignFilter {
  readonly statuses?: readonly CampaignStatus[] | null | undefined;
  readonly parentId?: string | null | undefined;
  readonly storeIds?: readonly string[] | null | undefined;
}

/** `from` inclusive, `to` exclusive: RFC 3339. */
export interface TradeFilter {
  readonly campaignIds?: readonly string[] | null | undefined;
  readonly storeIds?: readonly string[] | null | undefined;
  readonly codes?: readonly string[] | null | undefined;
  readonly customerId?: string | null | undefined;
  readonly orderSource?: string | null | undefined;
  readonly orderExternalId?: string | null | undefined;
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
}

/** Business days inclusive, YYYY-MM-DD. */
export interface RedemptionFilter extends TradeFilter {
  readonly businessDayFrom?: string | null | undefined;
  readonly businessDayTo?: string | null | undefined;
}

export interface HoldFilter {
  readonly storeIds?: readonly string[] | null | undefined;
  readonly codes?: readonly string[] | null | undefined;
  readonly statuses?: readonly HoldRecord['status'][] | null | undefined;
  readonly orderSource?: string | null | undefined;
  readonly orderExternalId?: string | null | undefined;
}

export interface RejectionFilter extends TradeFilter {
  readonly reasons?: readonly ReasonCode[] | null | undefined;
}
