import type { CampaignDraft, CampaignPatch, Limit } from '../domain/campaign/campaign.types.ts';
import { badInput } from '../domain/shared/errors.ts';
import type { CreateCampaignInput, LimitInput } from './campaign.inputs.ts';
import type { UpdateCampaignInput } from './campaign-change.inputs.ts';
import { conditions } from './conditions.parse.ts';
import { fundingShares } from './funding.inputs.ts';
import { incentiveTerms } from './incentive.parse.ts';
import { issuanceTerms } from './issuance.parse.ts';

/** What the schema names already and the hub does not do yet. */
const LATER = { distribution: ['PARTNER'] } as const;

export const campaignDraft = (input: CreateCampaignInput): CampaignDraft => ({
  ...campaignPatch(input),
  name: input.name,
  parentId: input.parentId,
});

/** What was left out stays undefined, what was cleared null. */
export function campaignPatch(input: UpdateCampaignInput): CampaignPatch {
  refuseLater(input);
  return {
    name: input.name,
    storeIds: input.storeIds,
    startsOn: input.startsOn,
    endsOn: input.endsOn,
    incentive: input.incentive && incentiveTerms(input.incentive),
    conditions: input.conditions && conditions(input.conditions),
    limits: input.limits && limits(input.limits),
    budget: input.budget,
    stacking: input.stacking,
    distribution: input.distribution,
    taxClass: input.taxClass,
    reversalPolicy: input.reversalPolicy,
    issuance: input.issuance && issuanceTerms(input.issuance),
    funding: input.funding && fundingShares(input.funding),
    metadata: input.metadata,
  };
}

const limits = (input: readonly LimitInput[]): Limit[] =>
  input.map(({ counts, per, period, max }) => ({ counts, per, period: period ?? 'EVER', max }));

function refuseLater(input: UpdateCampaignInput): void {
  for (const [name, values] of Object.entries(LATER)) {
    const value: unknown = input[name as keyof typeof LATER];
    if (values.some((later) => later === value))
      throw badInput({ path: `input.${name}`, message: `${value} comes later: the hub cannot do it yet.` });
  }
}
