import { balanceKey, balanceValue } from '../decision/balance.ts';
import { maxUsesOf, ownersOf } from '../decision/counters.ts';
import type { CampaignTerms, FailureFacts } from '../decision/decision.types.ts';
import type { Turn } from '../decision/order-of-application.ts';
import type { Candidate, Rule } from '../decision/rule.types.ts';
import { itemsFound, orderAboveMaximum, orderBelowMinimum } from '../decision/rules-basket.ts';
import { campaignEnded, campaignNotStarted, campaignState, rightChannel, rightCurrency, rightStore } from '../decision/rules-campaign.ts';
import { asksForSomebody, customerIdentity, customerNeeded, otherCustomer } from '../decision/rules-customer.ts';
import { conditionMet, rightPaymentMethod } from '../decision/rules-order.ts';
import { firstOrder, groupNotExcluded, inSegment, nearAnniversary, nearBirthday } from '../decision/rules-person.ts';
import { inWindow, notBlackedOut } from '../decision/rules-time.ts';
import {
  balanceLeft,
  duplicateTransaction,
  heldElsewhere,
  notIssued,
  usedUp,
  voucherExpired,
  voucherNotStarted,
  withdrawn,
} from '../decision/rules-voucher.ts';
import { instantText } from '../shared/clock.ts';
import type { CheckedReason } from './explanation-texts.types.ts';

/** What a rule asked of a voucher that passed it, with the numbers it looked at; null = of this one it asks nothing. */
interface Checked {
  readonly rule: Rule;
  /** Under which reason it refuses. */
  readonly reason: CheckedReason;
  readonly asked: (candidate: Candidate) => FailureFacts | null;
}

const always = (): FailureFacts => ({});
/** What some owner's conditions ask, with nothing to say of it but that it was met. */
const where =
  (asks: (conditions: CampaignTerms['conditions']) => unknown, facts: (candidate: Candidate) => FailureFacts = always) =>
  (candidate: Candidate): FailureFacts | null =>
    anyOwner(candidate.campaign, ({ conditions }) => Boolean(asks(conditions))) ? facts(candidate) : null;
const anyOwner = (campaign: CampaignTerms, asks: (owner: CampaignTerms) => boolean): boolean => ownersOf(campaign).some(asks);
const instant = (at: number | null): FailureFacts | null => (at === null ? null : { at: instantText(at) });

/** All rules, in the order in which a decision asks them. */
export const CHECKED: readonly Checked[] = [
  { rule: duplicateTransaction, reason: 'DUPLICATE_TRANSACTION', asked: always },
  { rule: withdrawn, reason: 'BLOCKED', asked: always },
  { rule: notIssued, reason: 'NOT_ISSUED', asked: ({ campaign }) => (campaign.distribution === 'CUSTOMER' ? {} : null) },
  { rule: usedUp, reason: 'ALREADY_REDEEMED', asked: usesOf },
  {
    rule: balanceLeft,
    reason: 'BALANCE_EMPTY',
    asked: ({ campaign, voucher, input }) => {
      const value = balanceValue(campaign);
      if (value === null) return null;
      return { actual: value - input.counter(balanceKey(voucher.id)).used, required: value, currency: input.basket.currency };
    },
  },
  { rule: heldElsewhere, reason: 'HELD_ELSEWHERE', asked: always },
  { rule: campaignState, reason: 'CAMPAIGN_NOT_ACTIVE', asked: ({ campaign }) => ({ name: campaign.name }) },
  {
    rule: campaignNotStarted,
    reason: 'CAMPAIGN_NOT_STARTED',
    asked: ({ campaign }) => lastOf(ownersOf(campaign).flatMap((owner) => owner.startsOn ?? [])),
  },
  {
    rule: campaignEnded,
    reason: 'CAMPAIGN_ENDED',
    asked: ({ campaign }) => firstOf(ownersOf(campaign).flatMap((owner) => owner.endsOn ?? [])),
  },
  { rule: voucherNotStarted, reason: 'VOUCHER_NOT_STARTED', asked: ({ voucher }) => instant(voucher.validFrom) },
  { rule: voucherExpired, reason: 'VOUCHER_EXPIRED', asked: ({ voucher }) => instant(voucher.validUntil) },
  {
    rule: inWindow,
    reason: 'WRONG_HOUR',
    asked: where(
      ({ windows }) => windows,
      ({ input, day }) => ({ date: day, at: instantText(input.placedAt) }),
    ),
  },
  {
    rule: notBlackedOut,
    reason: 'BLACKOUT_DAY',
    asked: where(
      ({ blackoutDays }) => blackoutDays,
      ({ day }) => ({ date: day }),
    ),
  },
  {
    rule: rightStore,
    reason: 'WRONG_STORE',
    asked: ({ campaign, input }) => (anyOwner(campaign, (owner) => owner.storeIds !== null) ? { name: input.store.name } : null),
  },
  {
    rule: rightChannel,
    reason: 'WRONG_CHANNEL',
    asked: where(
      ({ channels }) => channels,
      ({ input }) => ({ channels: [input.basket.channel] }),
    ),
  },
  { rule: rightCurrency, reason: 'WRONG_CURRENCY', asked: ({ input }) => ({ name: input.basket.currency }) },
  {
    rule: rightPaymentMethod,
    reason: 'WRONG_PAYMENT_METHOD',
    asked: where(
      ({ paymentMethods }) => paymentMethods,
      ({ input }) => ({ methods: (input.payments ?? []).map((payment) => payment.method) }),
    ),
  },
  { rule: customerIdentity, reason: 'CUSTOMER_UNKNOWN', asked: ({ input }) => (input.customer.given ? {} : null) },
  {
    rule: otherCustomer,
    reason: 'OTHER_CUSTOMER',
    asked: ({ voucher, input }) => (voucher.customerId !== null && input.customer.given ? {} : null),
  },
  {
    rule: customerNeeded,
    reason: 'CUSTOMER_REQUIRED',
    asked: ({ campaign }) => (anyOwner(campaign, asksForSomebody) ? {} : null),
  },
  { rule: groupNotExcluded, reason: 'CUSTOMER_GROUP_EXCLUDED', asked: where(({ excludedGroups }) => excludedGroups) },
  { rule: inSegment, reason: 'NOT_IN_SEGMENT', asked: where(({ segmentIds }) => segmentIds) },
  { rule: nearBirthday, reason: 'OUTSIDE_BIRTHDAY_WINDOW', asked: where(({ birthdayWindow }) => birthdayWindow) },
  { rule: nearAnniversary, reason: 'OUTSIDE_ANNIVERSARY_WINDOW', asked: where(({ anniversaryWindow }) => anniversaryWindow) },
  { rule: firstOrder, reason: 'NOT_FIRST_ORDER', asked: where(({ firstOrderOnly }) => firstOrderOnly) },
  {
    rule: orderBelowMinimum,
    reason: 'ORDER_BELOW_MINIMUM',
    asked: (candidate) =>
      bound(candidate, Math.max(...ownersOf(candidate.campaign).flatMap((owner) => owner.conditions.minimumOrder ?? []))),
  },
  {
    rule: orderAboveMaximum,
    reason: 'ORDER_ABOVE_MAXIMUM',
    asked: (candidate) =>
      bound(candidate, Math.min(...ownersOf(candidate.campaign).flatMap((owner) => owner.conditions.maximumOrder ?? []))),
  },
  {
    rule: itemsFound,
    reason: 'NO_ELIGIBLE_ITEM',
    asked: ({ scoped, units }) =>
      Array.isArray(scoped) ? { quantityActual: String(scoped.length), quantityRequired: String(units.lines.length) } : null,
  },
  {
    rule: conditionMet,
    reason: 'CONDITION_NOT_MET',
    asked: where(
      ({ expression }) => expression,
      ({ campaign }) => ({ name: campaign.name }),
    ),
  },
];

const lastOf = (days: string[]): FailureFacts | null => dated(days.sort().at(-1));
const firstOf = (days: string[]): FailureFacts | null => dated(days.sort().at(0));
const dated = (date: string | undefined): FailureFacts | null => (date === undefined ? null : { date });

/** `required` is endless where nobody asks. */
function bound({ input, units }: Candidate, required: number): FailureFacts | null {
  if (!Number.isFinite(required)) return null;
  return { required, actual: units.subtotal - units.lineDiscounts, currency: input.basket.currency };
}

function usesOf({ voucher, campaign }: Candidate): FailureFacts {
  const max = maxUsesOf(campaign, voucher.shared);
  return { actual: voucher.uses, ...(max === null ? {} : { required: max }) };
}

/** What was asked when the turn came: how it goes with the vouchers already there. */
export function combiningChecks(
  { candidate }: Turn,
  standing: number,
): readonly { readonly reason: CheckedReason; readonly facts: FailureFacts | null }[] {
  const { campaign, input } = candidate;
  const { group, exclusive } = campaign.stacking;
  const max = input.store.maxVouchersPerOrder;
  return [
    { reason: 'NOT_COMBINABLE', facts: group === undefined ? null : { name: group } },
    { reason: 'EXCLUSIVE_LOST', facts: exclusive ? {} : null },
    { reason: 'TOO_MANY_VOUCHERS', facts: max === null ? null : { quantityRequired: String(max), quantityActual: String(standing) } },
    { reason: 'LINES_LOCKED', facts: input.earlier.some((checkout) => checkout.lockedDiscounts !== null) ? {} : null },
  ];
}
