import type { CodePlace } from '../code/code.types.ts';
import type { RefusedAnswer, ReversalRecord } from '../redemption/redemption.types.ts';
import type { OrderRecord } from './order.types.ts';
import type { RefundLine } from './refund.entity.ts';

export interface RefundCommand {
  readonly idempotencyKey: string;
  /** Exactly one of orderId and externalId; with the latter its source. */
  readonly orderId: string | null;
  readonly source: string;
  readonly externalId: string | null;
  /** Minor units; null = reckoned: what was due on the lines, else all that is left. */
  readonly amount: number | null;
  readonly lines: readonly RefundLine[] | null;
  readonly reason: string;
}

/** A refund as it is shown. Amounts in minor units of `currency`. */
export interface RefundRecord {
  readonly id: string;
  readonly orderId: string;
  /** The platform's id; null where a caller refunded through the hub. */
  readonly externalId: string | null;
  /** RFC 3339, UTC, milliseconds */
  readonly at: string;
  readonly businessDay: string;
  readonly storeId: string;
  readonly amount: number;
  readonly currency: string;
  /** Empty = by amount. */
  readonly lines: readonly RefundLine[];
  /** Nothing of the order is left. */
  readonly whole: boolean;
  readonly reason: string | null;
  readonly actorId: string;
  readonly reversalIds: readonly string[];
  readonly takenBack: readonly CodePlace[];
  readonly keptBecauseUsed: readonly CodePlace[];
}

export type RefundAnswer =
  | {
      readonly kind: 'refunded';
      readonly order: OrderRecord;
      readonly refund: RefundRecord;
      readonly reversals: readonly ReversalRecord[];
      readonly replayed: boolean;
    }
  | RefusedAnswer;
