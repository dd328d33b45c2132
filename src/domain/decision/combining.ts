import type { ApplicableDraft, CampaignTerms, DecisionInput } from './decision.types.ts';
import { isTender } from './incentive.ts';
import type { Refuse } from './refusals.ts';

/** Refuses what may not stand beside the vouchers already on the order: those of this request and of earlier ones. */
export function checkCombining(input: DecisionInput, campaign: CampaignTerms, accepted: readonly ApplicableDraft[], refuse: Refuse): void {
  if (accepted.length === 0 && input.earlier.length === 0) return;
  const group = campaign.stacking.group;
  if (
    group !== undefined &&
    (accepted.some((draft) => draft.campaign.stacking.group === group) || input.earlier.some((checkout) => checkout.groups.includes(group)))
  ) {
    refuse('NOT_COMBINABLE', { name: group });
  }
  const count = accepted.length + input.earlier.reduce((sum, checkout) => sum + checkout.voucherCount, 0);
  const standing = accepted.some((draft) => draft.campaign.stacking.exclusive) || input.earlier.some((checkout) => checkout.exclusive);
  if (standing || (campaign.stacking.exclusive && count > 0)) refuse('EXCLUSIVE_LOST', { name: campaign.name });
  const max = input.store.maxVouchersPerOrder;
  if (max !== null && count >= max) refuse('TOO_MANY_VOUCHERS', { quantityRequired: String(max), quantityActual: String(count) });
  else if (
    isTender(campaign.incentive) &&
    (accepted.some((draft) => isTender(draft.campaign.incentive)) || input.earlier.some((checkout) => checkout.tendered))
  )
    refuse('TOO_MANY_VOUCHERS');
}

/** A line discount added after a voucher was taken off the whole order would shift what that voucher was reckoned on. */
export function checkLocked(input: DecisionInput, refuse: Refuse): void {
  for (const { lockedDiscounts } of input.earlier) {
    if (lockedDiscounts === null) continue;
    const raised = input.basket.lines.find((line) => line.discount > discountThen(lockedDiscounts, line.id));
    if (raised === undefined) continue;
    refuse('LINES_LOCKED', {
      name: raised.id,
      currency: input.basket.currency,
      required: discountThen(lockedDiscounts, raised.id),
      actual: raised.discount,
    });
    return;
  }
}

/** A line that came since had none. Line ids are the caller's: "constructor" is one. */
const discountThen = (locked: Readonly<Record<string, number>>, lineId: string): number =>
  Object.hasOwn(locked, lineId) ? (locked[lineId] ?? 0) : 0;
