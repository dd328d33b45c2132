import { ownersOf } from './counters.ts';
import type { CampaignTerms, NearestBasketDraft } from './decision.types.ts';
import { scopeOf } from './incentive.ts';
import type { Rule } from './rule.types.ts';
import { isScopeMiss } from './scope.ts';

export const orderBelowMinimum: Rule = ({ input, campaign, units, oneCurrency }, refuse) => {
  const required = Math.max(0, ...ownersOf(campaign).map((owner) => owner.conditions.minimumOrder ?? 0));
  const actual = units.subtotal - units.lineDiscounts;
  if (!oneCurrency || actual >= required) return;
  refuse('ORDER_BELOW_MINIMUM', { currency: input.basket.currency, required, actual }, { addAmount: required - actual });
};

export const orderAboveMaximum: Rule = ({ input, campaign, units, oneCurrency }, refuse) => {
  const maxima = ownersOf(campaign).flatMap((owner) => owner.conditions.maximumOrder ?? []);
  const actual = units.subtotal - units.lineDiscounts;
  const required = Math.min(...maxima);
  if (!oneCurrency || actual <= required) return;
  refuse('ORDER_ABOVE_MAXIMUM', { currency: input.basket.currency, required, actual });
};

export const scopeFindsItems: Rule = ({ campaign, scoped }, refuse) => {
  if (scoped === null || !isScopeMiss(scoped)) return;
  const trigger = campaign.incentive === null ? undefined : scopeOf(campaign.incentive)?.triggerQuantity;
  if (scoped.reason === 'TRIGGER_QUANTITY_NOT_MET') {
    refuse(
      scoped.reason,
      { quantityRequired: trigger ?? '1', quantityActual: scoped.quantity },
      { addQuantity: scoped.missing, ...eligibleSkus(campaign) },
    );
    return;
  }
  refuse(scoped.reason, {}, { addQuantity: trigger ?? '1', ...eligibleSkus(campaign) });
};

/** Named only where the campaign names items one by one; a group or a brand is not a list of them. */
function eligibleSkus(campaign: CampaignTerms): NearestBasketDraft {
  const scope = campaign.incentive === null ? undefined : scopeOf(campaign.incentive);
  const excluded = scope?.exclude?.skus ?? [];
  const skus = scope?.include?.skus?.filter((sku) => !excluded.includes(sku)) ?? [];
  return skus.length === 0 ? {} : { eligibleSkus: skus };
}
