import type { CampaignTerms, DecisionInput, VoucherState } from './decision.types.ts';
import type { Refuse } from './refusals.ts';
import type { ItemMiss } from './scope.ts';
import type { Units } from './units.ts';

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
  readonly scoped: readonly number[] | ItemMiss | null;
  /** Order, store and campaign speak of the same currency, so amounts may be compared. */
  readonly oneCurrency: boolean;
}

export type Rule = (candidate: Candidate, refuse: Refuse) => void;
