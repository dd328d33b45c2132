import type { Incentive, IncentiveName, ItemChoice, ItemSelector, Scope } from '../domain/campaign/incentive.types.ts';
import { normaliseDecimal } from '../domain/shared/decimal.ts';
import { badInput } from '../domain/shared/errors.ts';
import type { IncentiveInput, ItemChoiceInput, ItemSelectorInput, ScopeInput } from './incentive.inputs.ts';

type Given<Name extends IncentiveName> = NonNullable<IncentiveInput[Name]>;

const TERMS: { readonly [Name in IncentiveName]: (input: Given<Name>) => Incentive } = {
  percentOff: ({ percent, maximum, scope }) => ({
    percentOff: { percent: normaliseDecimal(percent), ...(maximum && { maximum }), ...(scope && { scope: scopeTerms(scope) }) },
  }),
  amountOff: ({ amount, scope }) => ({ amountOff: { amount, ...(scope && { scope: scopeTerms(scope) }) } }),
  specialPrice: ({ price, scope }) => ({ specialPrice: { price, scope: scopeTerms(scope) } }),
  freeItem: ({ quantity, scope }) => ({ freeItem: { quantity: normaliseDecimal(quantity ?? '1'), scope: scopeTerms(scope) } }),
  buyXGetY: ({ buyQuantity, buy, getQuantity, get, percentOff, maximumTimes, excludeDiscounted }) => ({
    buyXGetY: {
      buyQuantity,
      buy: choice(buy),
      getQuantity: getQuantity ?? 1,
      ...(get && { get: choice(get) }),
      percentOff: normaliseDecimal(percentOff ?? '100'),
      ...(maximumTimes != null && { maximumTimes }),
      excludeDiscounted: excludeDiscounted ?? false,
    },
  }),
  freeDelivery: ({ maximum, items }) => ({ freeDelivery: { ...(maximum && { maximum }), ...(items && { items: selector(items) }) } }),
  tender: ({ value }) => ({ tender: { value } }),
  giftBalance: ({ value }) => ({ giftBalance: { value } }),
};
const NAMES = Object.keys(TERMS) as readonly IncentiveName[];

export function incentiveTerms(input: IncentiveInput): Incentive {
  const name = NAMES.find((candidate) => input[candidate]);
  if (name === undefined) throw badInput({ path: 'input.incentive', message: 'Give exactly one kind of incentive.' });
  return termsAs(name, input);
}

const termsAs = <Name extends IncentiveName>(name: Name, input: IncentiveInput): Incentive => TERMS[name](input[name] as Given<Name>);

/** A scope as the domain keeps it. */
export const scopeTerms = ({ excludeDiscounted, triggerQuantity, applicableQuantity, pick, ...items }: ScopeInput): Scope => ({
  ...choice(items),
  excludeDiscounted: excludeDiscounted ?? false,
  ...(triggerQuantity != null && { triggerQuantity: normaliseDecimal(triggerQuantity) }),
  ...(applicableQuantity != null && { applicableQuantity: normaliseDecimal(applicableQuantity) }),
  pick: pick ?? 'CHEAPEST',
});

const choice = ({ include, exclude }: ItemChoiceInput): ItemChoice => ({
  ...(include && { include: selector(include) }),
  ...(exclude && { exclude: selector(exclude) }),
});

const selector = ({ skus, groups, brands }: ItemSelectorInput): ItemSelector => ({
  ...(skus && { skus }),
  ...(groups && { groups }),
  ...(brands && { brands }),
});
