import type { CampaignStatus, Conditions, Distribution, Limit, ReversalPolicy, Stacking, TaxClass } from '../campaign/campaign.types.ts';
import type { Incentive } from '../campaign/incentive.types.ts';
import type { Basket } from '../order/basket.types.ts';
import type { Payment } from '../order/order.entity.ts';
import type { FailureFacts, NearestBasketDraft } from '../shared/reason-facts.ts';
import type { ReasonCode } from '../shared/reasons.ts';
import type { StoreTerms } from '../store/store.types.ts';
import type { VoucherStatus } from '../voucher/voucher.types.ts';

export type { FailureFacts, LimitUse, NearestBasketDraft } from '../shared/reason-facts.ts';

/** What a decision needs of a campaign: an immutable snapshot of one version. `version` is re-checked by the write. */
export interface CampaignTerms {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly status: CampaignStatus;
  readonly main: CampaignTerms | null;
  /** null = all stores */
  readonly storeIds: readonly string[] | null;
  /** Inclusive business days, YYYY-MM-DD. */
  readonly startsOn: string | null;
  readonly endsOn: string | null;
  /** null on a main campaign, which has no codes of its own. */
  readonly incentive: Incentive | null;
  readonly conditions: Conditions;
  readonly limits: readonly Limit[];
  /** On a main: what the MAIN_CAMPAIGN limits of any of its subs count, so that every sub's redemptions are in the sum. */
  readonly watched?: readonly Pick<Limit, 'counts' | 'period'>[];
  /** Minor units of `currency`. */
  readonly budget: number | null;
  /** null while nothing in it has a currency */
  readonly currency: string | null;
  readonly stacking: Stacking;
  readonly distribution: Distribution;
  readonly taxClass: TaxClass;
  readonly reversalPolicy: ReversalPolicy;
  /** Orders earn its vouchers, so most of them are issued. */
  readonly earned?: boolean;
  /** The versions whose promise this voucher keeps, where they are not the ones of now: of the campaign and, likewise, of its main. */
  readonly promise?: { readonly version: number; readonly mainVersion: number | null };
}

/** What a decision may ask of a customer. Loaded only where a campaign in play asks for it; otherwise null in the input. */
export interface CustomerFacts {
  readonly groups: readonly string[];
  /** YYYY-MM-DD */
  readonly birthday: string | null;
  readonly anniversary: string | null;
  /** Epoch ms */
  readonly createdAt: number;
  /** Orders of theirs that the hub knows, but for the one being decided: recorded ones that are not void, and redeems that stand. */
  readonly orders: number;
  /** Of the segments that the campaigns in play name, those they are in. */
  readonly segmentIds: readonly string[];
}

/** One voucher as it stands; for a computed code that nobody touched, made up from its code space. */
export interface VoucherState {
  readonly id: string;
  readonly code: string;
  readonly spaceId: number;
  readonly index: number;
  readonly campaignId: string;
  readonly shared: boolean;
  readonly status: VoucherStatus;
  /** Redemptions that stand (net of whole reversals). */
  readonly uses: number;
  /** null = known by its campaign's limits only (a shared word) */
  readonly maxUses: number | null;
  readonly customerId: string | null;
  /** Epoch ms, half-open. */
  readonly validFrom: number | null;
  readonly validUntil: number | null;
  /** Active holds that contain it. A hold of one's own never blocks. */
  readonly holds: readonly { readonly id: string; readonly expiresAt: number }[];
}

/** What became of looking a code up. Codes are normalised. */
export type CodeLookup =
  | { readonly code: string; readonly found: 'malformed' | 'unknown' | 'checkFailed' }
  | { readonly code: string; readonly found: 'voucher'; readonly voucher: VoucherState; readonly campaign: CampaignTerms };

/** A counter as it stands: what is used and what holds have set aside (own hold already taken off). */
export interface CounterState {
  readonly used: number;
  readonly held: number;
  /** When the last of what is held comes free, epoch ms. */
  readonly heldUntil: number | null;
}

/** One thing a redemption takes from a counter. `max` null = only counted. */
export interface CounterUse {
  readonly key: string;
  readonly delta: number;
  readonly max: number | null;
}

/** An earlier redeem that stands on the same (source, externalId). */
export interface EarlierCheckout {
  readonly codes: readonly string[];
  readonly voucherCount: number;
  /** By a voucher of which an order takes one: gift cards are not meant. */
  readonly tendered: boolean;
  /** The stacking groups taken. */
  readonly groups: readonly string[];
  readonly exclusive: boolean;
  /** Line discounts (given) by line id when an order-level voucher locked the lines; null = not locked. */
  readonly lockedDiscounts: Readonly<Record<string, number>> | null;
  /** What it gave and still stands; given, the basket is priced with it and later vouchers see only what is left due. */
  readonly applied?: readonly AppliedVoucher[];
}

/** A redemption that stands, as pricing needs it: what is left of it after reversals. */
export interface AppliedVoucher {
  readonly kind: EffectKind;
  /** Minor units. */
  readonly amount: number;
  /** Empty for a tender. */
  readonly allocations: readonly Pick<AllocationShare, 'lineId' | 'unit' | 'amount'>[];
}

export interface DecisionInput {
  /** The hub's clock, epoch ms. */
  readonly now: number;
  readonly store: StoreTerms;
  readonly basket: Basket;
  /** Epoch ms: the basket's `placedAt`, else now. */
  readonly placedAt: number;
  /** `unknownId`: the id given names nobody. `known` without id: a new customer (validate only). */
  readonly customer: { readonly id: string | null; readonly unknownId: boolean; readonly given: boolean };
  /** null = nobody asked, or there is no such customer yet */
  readonly customerFacts?: CustomerFacts | null;
  /** As far as the order says how it is paid. */
  readonly payments?: readonly Pick<Payment, 'method' | 'amount'>[];
  readonly lookups: readonly CodeLookup[];
  readonly counter: (key: string) => CounterState;
  readonly earlier: readonly EarlierCheckout[];
  /** The hold being redeemed: it does not block itself. */
  readonly ownHoldId: string | null;
  /** What a limit per TILL counts under: the till, else the API key. */
  readonly tillKey: string;
  /** Names for the texts of WRONG_STORE; left out, they say no names. */
  readonly storeName?: (storeId: string) => string | undefined;
}

export interface AllocationShare {
  readonly lineId: string;
  readonly unit: number;
  /** Decimal text, percent, without trailing zeros. */
  readonly taxRate: string;
  readonly amount: number;
}

export interface Failure {
  readonly reason: ReasonCode;
  readonly facts: FailureFacts;
}

/** A voucher refused: every failing rule, the headline first. */
export interface RejectionDraft {
  readonly outcome: 'rejected';
  readonly code: string;
  readonly voucherId: string | null;
  readonly campaignId: string | null;
  readonly failures: readonly [Failure, ...Failure[]];
  readonly nearestBasket: NearestBasketDraft | null;
}

export type EffectKind = 'LINE_DISCOUNT' | 'ORDER_DISCOUNT' | 'TENDER';

/** A voucher that applies: what it gives, to whom it falls, and what it takes from the counters. */
export interface ApplicableDraft {
  readonly outcome: 'applicable';
  readonly code: string;
  readonly voucher: VoucherState;
  readonly campaign: CampaignTerms;
  readonly kind: EffectKind;
  readonly amount: number;
  /** What the rules reckoned, where a platform had given another amount already. */
  readonly reckoned?: number;
  readonly allocations: readonly AllocationShare[];
  readonly counters: readonly CounterUse[];
  /** Place in the order of application, from 1. */
  readonly step: number;
}

export type CodeOutcome = ApplicableDraft | RejectionDraft;

/** Amounts in minor units of the basket's currency. */
export interface PricedBasket {
  readonly currency: string;
  readonly subtotal: number;
  readonly lineDiscounts: number;
  readonly voucherDiscounts: number;
  readonly tendered: number;
  readonly tax: readonly { readonly rate: string; readonly base: number; readonly tax: number }[];
  readonly due: number;
  readonly lines: readonly {
    readonly lineId: string;
    readonly gross: number;
    readonly discount: number;
    readonly due: number;
    readonly locked: boolean;
  }[];
}

export interface Decision {
  /** One a distinct code, in input order. */
  readonly outcomes: readonly CodeOutcome[];
  /** With the applicable vouchers applied. */
  readonly priced: PricedBasket;
  /** Given discounts by line id, if an order-level voucher locked the lines. */
  readonly lockedDiscounts: Readonly<Record<string, number>> | null;
}
