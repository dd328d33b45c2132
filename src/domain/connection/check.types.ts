import type { RejectionRecord } from '../redemption/redemption.types.ts';

/** A voucher to be put on an open check at a platform. */
export interface ApplyDraft {
  readonly connectionId: string;
  /** The platform's id of the check or order. */
  readonly orderExternalId: string;
  /** The platform's id of the place that has the check, where its connection serves several. */
  readonly location: string | null;
  readonly code: string;
}

export type AppliedStatus = 'APPLYING' | 'APPLIED' | 'PARKED' | 'FAILED' | 'REMOVING' | 'REMOVED';

/** A voucher on its way to a check, on it, or off it again. */
export interface AppliedRecord {
  readonly id: string;
  readonly connectionId: string;
  readonly orderExternalId: string;
  readonly code: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: AppliedStatus;
  /** The platform's id of what was put on the check. */
  readonly externalId: string | null;
  readonly lastError: string | null;
}

export type ApplyAnswer =
  | { readonly kind: 'applied'; readonly applied: AppliedRecord }
  | { readonly kind: 'refused'; readonly rejections: readonly RejectionRecord[] };
