/** Every row a statement gives. */
export type Rows = <Row>(text: string) => Promise<Row[]>;

export interface Use {
  readonly key: string;
  readonly delta: number;
  readonly max: number | null;
}
export interface Redemption {
  readonly id: string;
  readonly campaignId: string;
  readonly mainId: string | null;
  readonly place: string;
  readonly kind: string;
  readonly amount: number;
  readonly reversed: number;
  readonly undone: boolean;
  readonly taken: readonly Use[];
}
export interface Hold {
  readonly id: string;
  readonly status: string;
  readonly content: {
    readonly vouchers: readonly { readonly patternId: number; readonly index: number; readonly campaignId: string }[];
    readonly counters: readonly Use[];
  };
}
export interface Event {
  readonly position: number;
  readonly hash: string;
  readonly previousHash: string;
  readonly type: string;
  readonly at: string;
  readonly businessDay: string | null;
  readonly storeId: string | null;
  readonly campaignId: string | null;
  readonly code: string | null;
  readonly amount: number | null;
  readonly currency: string | null;
  readonly data: Record<string, unknown>;
  readonly redemptionId: string | null;
  readonly reversalId: string | null;
}
