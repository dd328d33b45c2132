import type { Actor } from '../access/roles.ts';
import type { ReversalPolicy, SalesChannel, TaxClass } from '../campaign/campaign.types.ts';
import type {
  AllocationShare,
  ApplicableDraft,
  EffectKind,
  Failure,
  NearestBasketDraft,
  PricedBasket,
} from '../decision/decision.types.ts';
import type { HeldContent, ReleaseReason } from '../hold/hold.types.ts';
import type { BasketLine } from '../order/basket.types.ts';
import type { Payment } from '../order/order.entity.ts';
import type { RejectedAction } from '../rejection/rejection.entity.ts';
import type { ReasonCode } from '../shared/reasons.ts';
import type { EntryMode } from './redemption.entity.ts';

/** Names a customer: by id, or by phone and e-mail, which make one where they are new. */
export interface CustomerRef {
  readonly id?: string;
  /** E.164 */
  readonly phone?: string;
  readonly email?: string;
}

/** OrderInput with its declared defaults filled in; nothing else is. Amounts in minor units of `currency`. */
export interface OrderDraft {
  readonly externalId: string;
  readonly source: string;
  readonly revision: number | null;
  readonly storeId: string;
  readonly channel: SalesChannel;
  /** RFC 3339; null = now */
  readonly placedAt: string | null;
  readonly currency: string;
  readonly pricesIncludeTax: boolean;
  readonly customer: CustomerRef | null;
  readonly lines: readonly BasketLine[];
  readonly payments: readonly Payment[];
}

export interface ValidateCommand {
  readonly codes: readonly string[];
  readonly order: OrderDraft;
  readonly tillId: string | null;
  readonly staffId: string | null;
}

export interface HoldCommand extends ValidateCommand {
  readonly idempotencyKey: string;
  readonly ttlSeconds: number;
}

export interface RedeemCommand {
  readonly idempotencyKey: string;
  /** Exactly one of holdId and codes. */
  readonly holdId: string | null;
  readonly codes: readonly string[] | null;
  readonly order: OrderDraft;
  readonly tillId: string | null;
  readonly staffId: string | null;
  readonly entryMode: EntryMode;
}

export interface ReverseCommand {
  readonly idempotencyKey: string;
  /** Exactly one of redemptionId and redeemKey. */
  readonly redemptionId: string | null;
  readonly redeemKey: string | null;
  readonly units: readonly { readonly lineId: string; readonly quantity: string }[] | null;
  readonly amount: number | null;
  readonly reason: string;
}

/** A redemption as answers show it. `allocations` are there where it was just made; else they are loaded. */
export interface RedemptionRecord {
  readonly id: string;
  readonly checkoutId: string;
  readonly campaignId: string;
  readonly campaignVersion: number;
  readonly patternId: number;
  readonly index: number;
  readonly code: string;
  readonly kind: EffectKind;
  readonly taxClass: TaxClass;
  readonly amount: number;
  readonly currency: string;
  readonly reversed: number;
  readonly undone: boolean;
  /** Place in the order of application, from 1. */
  readonly step: number;
  readonly storeId: string;
  readonly customerId: string | null;
  readonly businessDay: string;
  /** RFC 3339, UTC, milliseconds */
  readonly redeemedAt: string;
  readonly orderSource: string;
  readonly orderExternalId: string;
  readonly allocations?: readonly AllocationShare[];
}

export interface ReversalRecord {
  readonly id: string;
  readonly redemptionId: string;
  readonly at: string;
  readonly businessDay: string;
  readonly storeId: string;
  readonly reason: string;
  readonly amount: number;
  readonly currency: string;
  readonly allocations: readonly AllocationShare[];
  /** Shares that changed their unit with it: below 0 where they were, above 0 where they are. */
  readonly moved: readonly AllocationShare[];
  /** By which the returned units were judged; null where it was not made by unit. */
  readonly policy: ReversalPolicy | null;
  /** The order without what was returned of this redemption, as it stood afterwards; null where it was not kept. */
  readonly priced: PricedBasket | null;
}

export interface RejectionRecord {
  readonly id: string;
  readonly at: string;
  readonly action: RejectedAction;
  readonly code: string | null;
  readonly reason: ReasonCode;
  readonly failures: readonly Failure[];
  readonly nearestBasket: NearestBasketDraft | null;
  readonly campaignId: string | null;
  readonly storeId: string | null;
  readonly customerId: string | null;
  readonly orderSource: string | null;
  readonly orderExternalId: string | null;
}

export interface HoldRecord {
  readonly id: string;
  readonly codes: readonly string[];
  readonly status: 'ACTIVE' | 'RELEASED' | 'REDEEMED' | 'EXPIRED';
  /** RFC 3339, UTC, milliseconds */
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly storeId: string;
  readonly businessDay: string;
  readonly orderSource: string;
  readonly orderExternalId: string;
  /** What each would give, as the rules had it when it was set aside. */
  readonly vouchers: HeldContent['vouchers'];
  readonly priced: PricedBasket;
}

export interface RefusedAnswer {
  readonly kind: 'refused';
  readonly rejections: readonly RejectionRecord[];
  readonly replayed: boolean;
}
export type RedeemAnswer =
  | {
      readonly kind: 'redeemed';
      readonly redemptions: readonly RedemptionRecord[];
      readonly priced: PricedBasket;
      readonly replayed: boolean;
    }
  | RefusedAnswer;
export type HoldAnswer = { readonly kind: 'held'; readonly hold: HoldRecord; readonly replayed: boolean } | RefusedAnswer;
export type ReverseAnswer =
  | { readonly kind: 'reversed'; readonly reversals: readonly ReversalRecord[]; readonly replayed: boolean }
  | RefusedAnswer;
export type ValidateAnswer = { readonly outcomes: readonly (ApplicableDraft | RejectionRecord)[]; readonly priced: PricedBasket };

/** The commands that move value at the till. Faults of form and access are thrown as HubError. */
export interface RedemptionDesk {
  validate(actor: Actor, command: ValidateCommand): Promise<ValidateAnswer>;
  hold(actor: Actor, command: HoldCommand): Promise<HoldAnswer>;
  extendHold(actor: Actor, id: string, ttlSeconds: number): Promise<HoldAnswer>;
  releaseHold(actor: Actor, id: string, reason?: ReleaseReason | null): Promise<HoldRecord>;
  redeem(actor: Actor, command: RedeemCommand): Promise<RedeemAnswer>;
  reverse(actor: Actor, command: ReverseCommand): Promise<ReverseAnswer>;
}
