import type {
  Incentive as IncentiveTerms,
  ItemSelector as ItemSelectorTerms,
  Scope as ScopeTerms,
} from '../domain/campaign/campaign.types.ts';
import type { Incentive, ItemSelector, Scope } from './incentive.results.ts';

export function incentiveView(terms: IncentiveTerms): Incentive {
  const none: Incentive = { percentOff: null, amountOff: null, tender: null };
  if ('percentOff' in terms) {
    const { percent, maximum, scope } = terms.percentOff;
    return { ...none, percentOff: { percent, maximum: maximum ?? null, scope: scopeView(scope) } };
  }
  if ('amountOff' in terms) return { ...none, amountOff: { amount: terms.amountOff.amount, scope: scopeView(terms.amountOff.scope) } };
  return { ...none, tender: { value: terms.tender.value } };
}

function scopeView(terms: ScopeTerms | undefined): Scope | null {
  if (!terms) return null;
  return {
    include: selectorView(terms.include),
    exclude: selectorView(terms.exclude),
    excludeDiscounted: terms.excludeDiscounted,
    triggerQuantity: terms.triggerQuantity ?? null,
    applicableQuantity: terms.applicableQuantity ?? null,
    pick: terms.pick,
  };
}

const selectorView = (terms: ItemSelectorTerms | undefined): ItemSelector | null =>
  terms ? { skus: terms.skus ?? null, groups: terms.groups ?? null, brands: terms.brands ?? null } : null;
