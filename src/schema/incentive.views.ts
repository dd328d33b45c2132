import type {
  Incentive as IncentiveRecord,
  IncentiveTerms,
  ItemChoice as ItemChoiceTerms,
  ItemSelector as ItemSelectorTerms,
  Scope as ScopeTerms,
} from '../domain/campaign/incentive.types.ts';
import type { Incentive, ItemChoice, ItemSelector, Scope } from './incentive.results.ts';

/** Every field of the type, so that what was left out is null, never undefined. */
export function incentiveView(record: IncentiveRecord): Incentive {
  const terms: Partial<IncentiveTerms> = record;
  const { percentOff, amountOff, specialPrice, freeItem, buyXGetY, freeDelivery, tender, giftBalance } = terms;
  return {
    percentOff: percentOff
      ? { percent: percentOff.percent, maximum: percentOff.maximum ?? null, scope: percentOff.scope ? scopeView(percentOff.scope) : null }
      : null,
    amountOff: amountOff ? { amount: amountOff.amount, scope: amountOff.scope ? scopeView(amountOff.scope) : null } : null,
    specialPrice: specialPrice ? { price: specialPrice.price, scope: scopeView(specialPrice.scope) } : null,
    freeItem: freeItem ? { quantity: freeItem.quantity, scope: scopeView(freeItem.scope) } : null,
    buyXGetY: buyXGetY
      ? {
          ...buyXGetY,
          buy: choiceView(buyXGetY.buy),
          get: buyXGetY.get ? choiceView(buyXGetY.get) : null,
          maximumTimes: buyXGetY.maximumTimes ?? null,
        }
      : null,
    freeDelivery: freeDelivery ? { maximum: freeDelivery.maximum ?? null, items: selectorView(freeDelivery.items) } : null,
    tender: tender ?? null,
    giftBalance: giftBalance ?? null,
  };
}

export const scopeView = (terms: ScopeTerms): Scope => ({
  ...choiceView(terms),
  excludeDiscounted: terms.excludeDiscounted,
  triggerQuantity: terms.triggerQuantity ?? null,
  applicableQuantity: terms.applicableQuantity ?? null,
  pick: terms.pick,
});

const choiceView = ({ include, exclude }: ItemChoiceTerms): ItemChoice => ({
  include: selectorView(include),
  exclude: selectorView(exclude),
});

const selectorView = (terms: ItemSelectorTerms | undefined): ItemSelector | null =>
  terms ? { skus: terms.skus ?? null, groups: terms.groups ?? null, brands: terms.brands ?? null } : null;
