/** Grows with what is built. */
export const LEDGER_EVENT_TYPES = [
  'CODES_GENERATED',
  'CAMPAIGN_ACTIVATED',
  'CAMPAIGN_UPDATED',
  'CAMPAIGN_PAUSED',
  'CAMPAIGN_ENDED',
  'CAMPAIGN_ARCHIVED',
  'VOUCHER_ISSUED',
  'VOUCHER_HELD',
  'HOLD_RELEASED',
  'VOUCHER_REDEEMED',
  'VOUCHER_REJECTED',
  'REDEMPTION_REVERSED',
  'VOUCHER_EXPIRED',
  'VOUCHER_BLOCKED',
  'VOUCHER_CANCELLED',
  'VOUCHER_KEPT',
  'ORDER_RECORDED',
  'PAYMENT_LINKED',
  'REFUND_RECORDED',
  'CUSTOMER_CREATED',
  'CUSTOM',
] as const;
export type LedgerEventType = (typeof LEDGER_EVENT_TYPES)[number];

/** An event as its transaction writes it. Left out = null. `at` is RFC 3339, UTC, milliseconds. */
export interface LedgerDraft {
  readonly type: LedgerEventType;
  readonly at: string;
  readonly businessDay?: string | null;
  readonly storeId?: string | null;
  readonly campaignId?: string | null;
  readonly code?: string | null;
  /** Minor units, never negative; with `currency`. */
  readonly amount?: number | null;
  readonly currency?: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  /** Of a CUSTOM event. */
  readonly name?: string | null;
  readonly redemptionId?: string | null;
  readonly reversalId?: string | null;
  readonly voucherId?: string | null;
  readonly customerId?: string | null;
  readonly orderSource?: string | null;
  readonly orderExternalId?: string | null;
}

/** A line of the book as readers get it. `amount` in minor units of `currency`. */
export interface LedgerEventRecord {
  readonly cursor: string;
  readonly position: number;
  readonly hash: string;
  readonly previousHash: string;
  readonly type: LedgerEventType;
  readonly at: string;
  readonly businessDay: string | null;
  readonly storeId: string | null;
  readonly campaignId: string | null;
  readonly code: string | null;
  readonly amount: number | null;
  readonly currency: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  /** Of a CUSTOM event. */
  readonly name: string | null;
  readonly redemptionId: string | null;
  readonly reversalId: string | null;
  readonly voucherId: string | null;
  readonly customerId: string | null;
  readonly orderSource: string | null;
  readonly orderExternalId: string | null;
}

/** Left out = no filter, an empty list = nothing; fields AND, values OR. */
export interface LedgerFilter {
  readonly types?: readonly LedgerEventType[] | null;
  readonly storeIds?: readonly string[] | null;
  readonly campaignIds?: readonly string[] | null;
  readonly customerId?: string | null;
}

export interface LedgerPage {
  readonly events: readonly LedgerEventRecord[];
  /** How far the book was read, whether or not anything matched. */
  readonly endCursor: string;
  readonly hasMore: boolean;
}
