import type { Rule } from './rule.types.ts';
import { itemsFound, orderAboveMaximum, orderBelowMinimum } from './rules-basket.ts';
import { campaignEnded, campaignNotStarted, campaignState, rightChannel, rightCurrency, rightStore } from './rules-campaign.ts';
import { customerIdentity, customerNeeded, otherCustomer } from './rules-customer.ts';
import { conditionMet, rightPaymentMethod } from './rules-order.ts';
import { firstOrder, groupNotExcluded, inSegment, nearAnniversary, nearBirthday } from './rules-person.ts';
import { inWindow, notBlackedOut } from './rules-time.ts';
import {
  balanceLeft,
  duplicateTransaction,
  heldElsewhere,
  notIssued,
  usedUp,
  voucherExpired,
  voucherNotStarted,
  withdrawn,
} from './rules-voucher.ts';

/** In this order: the first that fails is the headline. Limits, combining and effect come after, when the voucher's turn is reached. */
export const RULES: readonly Rule[] = [
  duplicateTransaction,
  withdrawn,
  notIssued,
  usedUp,
  balanceLeft,
  heldElsewhere,
  campaignState,
  campaignNotStarted,
  campaignEnded,
  voucherNotStarted,
  voucherExpired,
  inWindow,
  notBlackedOut,
  rightStore,
  rightChannel,
  rightCurrency,
  rightPaymentMethod,
  customerIdentity,
  otherCustomer,
  customerNeeded,
  groupNotExcluded,
  inSegment,
  nearBirthday,
  nearAnniversary,
  firstOrder,
  orderBelowMinimum,
  orderAboveMaximum,
  itemsFound,
  conditionMet,
];
