import type { CampaignDraft } from '../domain/campaign/campaign.types.ts';
import { badInput } from '../domain/shared/errors.ts';
import type { CreateCampaignInput } from './campaign.inputs.ts';
import { conditions } from './conditions.parse.ts';
import { incentiveTerms } from './incentive.parse.ts';

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
    incentive: input.incentive && incentiveTerms(input.incentive),
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
