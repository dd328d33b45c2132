import type { CampaignDraft, Conditions, Incentive, ItemSelector, Scope } from '../domain/campaign/campaign.types.ts';
import { normaliseDecimal } from '../domain/shared/decimal.ts';
import { badInput } from '../domain/shared/errors.ts';
import type { ConditionsInput, CreateCampaignInput, IncentiveInput, ItemSelectorInput, ScopeInput } from './campaign.inputs.ts';

/** What the schema names already and the hub does not do yet. */
const LATER = { distribution: ['PARTNER'], reversalPolicy: ['REPRICE', 'CLAW_BACK'] } as const;

export function campaignDraft(input: CreateCampaignInput): CampaignDraft {
  refuseLater(input);
  return {
    name: input.name,
    parentId: input.parentId,
    storeIds: input.storeIds,
    startsOn: input.startsOn,
    endsOn: input.endsOn,
    incentive: input.incentive && incentive(input.incentive),
    conditions: input.conditions && conditions(input.conditions),
    limits: input.limits?.map(({ counts, per, period, max }) => ({ counts, per, period: period ?? 'EVER', max })),
    budget: input.budget,
    stacking: input.stacking,
    distribution: input.distribution,
    taxClass: input.taxClass,
    reversalPolicy: input.reversalPolicy,
    metadata: input.metadata,
  };
}

function refuseLater(input: CreateCampaignInput): void {
  for (const [name, values] of Object.entries(LATER)) {
    const value: unknown = input[name as keyof typeof LATER];
    if (values.some((later) => later === value))
      throw badInput({ path: `input.${name}`, message: `${value} comes later: the hub cannot do it yet.` });
  }
}

function incentive({ percentOff, amountOff, tender }: IncentiveInput): Incentive {
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

const conditions = ({ minimumOrder, maximumOrder, customerRequired, channels }: ConditionsInput): Conditions => ({
  ...(minimumOrder != null && { minimumOrder }),
  ...(maximumOrder != null && { maximumOrder }),
  ...(customerRequired != null && { customerRequired }),
  ...(channels && { channels }),
});
