import type { CustomerRef, RefusedAnswer } from '../redemption/redemption.types.ts';

export interface IssueCommand {
  readonly idempotencyKey: string;
  readonly campaignId: string;
  readonly customer: CustomerRef;
  /** RFC 3339; null or left out = at once. */
  readonly validFrom?: string | null;
  /** RFC 3339; null = as long as the campaign. */
  readonly validUntil: string | null;
}

/** Where the voucher lies; its state of now is read by whoever shows it. */
export type IssueAnswer =
  | { readonly kind: 'issued'; readonly patternId: number; readonly index: number; readonly replayed: boolean }
  | RefusedAnswer;
