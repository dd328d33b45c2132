import { instantText } from '../shared/clock.ts';
import { balanceKey, balanceValue } from './balance.ts';
import { maxUsesOf, voucherLimit } from './counters.ts';
import type { CampaignTerms, DecisionInput, VoucherState } from './decision.types.ts';
import { lastExpiry, otherHolds } from './limits.ts';
import type { Rule } from './rule.types.ts';

export const duplicateTransaction: Rule = ({ input, voucher }, refuse) => {
  if (input.earlier.some((checkout) => checkout.codes.includes(voucher.code)))
    refuse('DUPLICATE_TRANSACTION', { name: input.basket.externalId });
};

export const withdrawn: Rule = ({ voucher }, refuse) => {
  if (voucher.status === 'BLOCKED') refuse('BLOCKED');
  if (voucher.status === 'CANCELLED') refuse('CANCELLED');
};

export const notIssued: Rule = ({ voucher, campaign }, refuse) => {
  if (campaign.distribution === 'CUSTOMER' && voucher.status === 'CREATED' && voucher.customerId === null)
    refuse('NOT_ISSUED', { name: campaign.name });
};

/** Good once. Where a limit per VOUCHER says how often, that limit speaks instead; of a gift card its balance. */
export const usedUp: Rule = ({ voucher, campaign }, refuse) => {
  if (voucher.shared || voucherLimit(campaign) !== null || balanceValue(campaign) !== null) return;
  if (voucher.status === 'REDEEMED' || voucher.uses >= (voucher.maxUses ?? 1)) refuse('ALREADY_REDEEMED');
};

/** A gift card is good as long as there is money on it that nobody has set aside. */
export const balanceLeft: Rule = ({ input, voucher, campaign }, refuse) => {
  const value = balanceValue(campaign);
  if (value === null) return;
  const { used, held, heldUntil } = input.counter(balanceKey(voucher.id));
  if (used >= value) refuse('BALANCE_EMPTY');
  else if (used + held >= value && !isHeld(input, voucher, campaign)) {
    const at = heldUntil === null ? undefined : instantText(heldUntil);
    if (at === undefined) refuse('HELD_ELSEWHERE');
    else refuse('HELD_ELSEWHERE', { at }, { validFrom: at });
  }
};

/** Good once, and in somebody else's hands. */
const isHeld = (input: DecisionInput, voucher: VoucherState, campaign: CampaignTerms): boolean =>
  voucher.holds.length > 0 && maxUsesOf(campaign, voucher.shared) === 1 && otherHolds(input, voucher).length > 0;

export const heldElsewhere: Rule = ({ input, voucher, campaign }, refuse) => {
  if (!isHeld(input, voucher, campaign)) return;
  const at = instantText(lastExpiry(otherHolds(input, voucher)) ?? input.now);
  refuse('HELD_ELSEWHERE', { at }, { validFrom: at });
};

/** A voucher that was given out for later. */
export const voucherNotStarted: Rule = ({ input, voucher }, refuse) => {
  if (voucher.validFrom === null || input.placedAt >= voucher.validFrom) return;
  const at = instantText(voucher.validFrom);
  refuse(
    'VOUCHER_NOT_STARTED',
    { at },
    { validFrom: at, ...(voucher.validUntil === null ? {} : { validUntil: instantText(voucher.validUntil) }) },
  );
};

/** The order's time decides, also where the hub marked the voucher as expired since. */
export const voucherExpired: Rule = ({ input, voucher }, refuse) => {
  const until = voucher.validUntil;
  if (until !== null ? input.placedAt < until : voucher.status !== 'EXPIRED') return;
  const at = until === null ? undefined : instantText(until);
  if (at === undefined) refuse('VOUCHER_EXPIRED');
  else refuse('VOUCHER_EXPIRED', { at }, { validUntil: at });
};
