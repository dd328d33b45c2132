import type { Incentive, ItemSelector, Scope } from '../domain/campaign/campaign.types.ts';
import { normaliseDecimal } from '../domain/shared/decimal.ts';
import { badInput } from '../domain/shared/errors.ts';
import type { IncentiveInput, ItemSelectorInput, ScopeInput } from './incentive.inputs.ts';

export function incentiveTerms({ percentOff, amountOff, tender }: IncentiveInput): Incentive {
  if (percentOff) {
    const { percent, maximum, scope } = percentOff;
    return { percentOff: { percent: normaliseDecimal(percent), ...(maximum && { maximum }), ...(scope && { scope: scopeTerms(scope) }) } };
  }
  if (amountOff) return { amountOff: { amount: amountOff.amount, ...(amountOff.scope && { scope: scopeTerms(amountOff.scope) }) } };
  if (tender) return { tender: { value: tender.value } };
  throw badInput({ path: 'input.incentive', message: 'Give exactly one kind of incentive.' });
}

const scopeTerms = ({ include, exclude, excludeDiscounted, triggerQuantity, applicableQuantity, pick }: ScopeInput): Scope => ({
  ...(include && { include: selector(include) }),
  ...(exclude && { exclude: selector(exclude) }),
  excludeDiscounted: excludeDiscounted ?? false,
  ...(triggerQuantity != null && { triggerQuantity: normaliseDecimal(triggerQuantity) }),
  ...(applicableQuantity != null && { applicableQuantity: normaliseDecimal(applicableQuantity) }),
  pick: pick ?? 'CHEAPEST',
});

const selector = ({ skus, groups, brands }: ItemSelectorInput): ItemSelector => ({
  ...(skus && { skus }),
  ...(groups && { groups }),
  ...(brands && { brands }),
});
