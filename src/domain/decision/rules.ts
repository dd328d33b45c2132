import type { Rule } from './rule.types.ts';
import { orderAboveMaximum, orderBelowMinimum, scopeFindsItems } from './rules-basket.ts';
import { campaignEnded, campaignNotStarted, campaignState, rightChannel, rightCurrency, rightStore } from './rules-campaign.ts';
import { customerIdentity, customerNeeded, otherCustomer } from './rules-customer.ts';
import { duplicateTransaction, heldElsewhere, notIssued, usedUp, voucherExpired, voucherNotStarted, withdrawn } from './rules-voucher.ts';

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
  voucherNotStarted,
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
