import type { Conditions } from '../campaign/campaign.types.ts';
import { asksForCustomer } from './condition-expression.ts';
import { ownersOf } from './counters.ts';
import type { CampaignTerms, CustomerFacts } from './decision.types.ts';

/** What must be known of the order's customer. */
export interface FactsAsked {
  readonly segmentIds: readonly string[];
}

/** Facts, and which segments they tell of. */
export interface LoadedFacts {
  readonly facts: CustomerFacts;
  readonly asked: FactsAsked;
}

/** What these campaigns and their mains ask of the customer; null = nothing. */
export function factsAsked(campaigns: readonly CampaignTerms[]): FactsAsked | null {
  let segmentIds: readonly string[] | null = null;
  for (const campaign of campaigns) {
    for (const { conditions } of ownersOf(campaign)) {
      if (!asksForFacts(conditions)) continue;
      segmentIds = [...(segmentIds ?? []), ...(conditions.segmentIds ?? [])];
    }
  }
  return segmentIds && { segmentIds: [...new Set(segmentIds)] };
}

const asksForFacts = (conditions: Conditions): boolean =>
  conditions.segmentIds !== undefined ||
  conditions.excludedGroups !== undefined ||
  conditions.birthdayWindow !== undefined ||
  conditions.anniversaryWindow !== undefined ||
  conditions.firstOrderOnly === true ||
  (conditions.expression !== undefined && asksForCustomer(conditions.expression));

export const tellsOf = ({ asked }: LoadedFacts, { segmentIds }: FactsAsked): boolean =>
  segmentIds.every((id) => asked.segmentIds.includes(id));
