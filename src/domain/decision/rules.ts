import type { Units } from './units.ts';
import { customerIdentity, customerNeeded, otherCustomer } from './rules-customer.ts';
import { orderAboveMaximum, orderBelowMinimum, scopeFindsItems } from './rules-basket.ts';
import { campaignEnded, campaignNotStarted, campaignState, rightChannel, rightCurrency, rightStore } from './rules-campaign.ts';
import { duplicateTransaction, notIssued, usedUp, heldElsewhere, voucherExpired, withdrawn } from './rules-voucher.ts';
import type { CampaignTerms, DecisionInput, VoucherState } from './decision.types.ts';
import type { Refuse } from './refusals.ts';
import type { ScopeMiss } from './scope.ts';

/** A voucher on its own before the basket, before other vouchers and counters come in. */
export interface Candidate {
  readonly input: DecisionInput;
  readonly voucher: VoucherState;
  readonly campaign: CampaignTerms;
  /** The store's business day of the order. */
  readonly day: string;
  /** After given line discounts. */
  readonly units: Units;
  /** null = the incentive is for the whole order, or a tender. */
  readonly scoped: readonly number[] | ScopeMiss | null;
  /** Order, store and campaign speak of the same currency, so amounts may be compared. */
  readonly oneCurrency: boolean;
}

export type Rule = (candidate: Candidate, refuse: Refuse) => void;

/** In this order: the first that fails is the headline. Limits, combining and effect come after, when the voucher's turn is reached. */
export const RULES: readonly Rule[] = [
  duplicateTransaction,
  withdrawn,
  notIssued,
  usedUp,
  heldElsewhere,
  campaignState,
  campaignNotStarted,
  campaignEnded,
  voucherExpired,
  rightStore,
  rightChannel,
  rightCurrency,
  customerIdentity,
  otherCustomer,
  customerNeeded,
  orderBelowMinimum,
  orderAboveMaximum,
  scopeFindsItems,
];
