import type { Issuance } from '../domain/campaign/campaign.types.ts';
import { conditions } from './conditions.parse.ts';
import { scopeTerms } from './incentive.parse.ts';
import type { IssuanceInput } from './issuance.inputs.ts';

/** What was left out, or given as null, is not there. */
export const issuanceTerms = (input: IssuanceInput): Issuance => ({
  conditions: input.conditions ? conditions(input.conditions) : {},
  ...(input.scope && { scope: scopeTerms(input.scope) }),
  count: input.count ?? 1,
  ...(input.everyAmount != null && { everyAmount: input.everyAmount }),
  ...(input.maximumPerOrder != null && { maximumPerOrder: input.maximumPerOrder }),
  ...(input.validAfter != null && { validAfter: input.validAfter }),
  ...(input.validFor != null && { validFor: input.validFor }),
});
