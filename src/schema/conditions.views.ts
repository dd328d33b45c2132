import type { Conditions as ConditionsTerms } from '../domain/campaign/campaign.types.ts';
import type { Conditions } from './conditions.results.ts';

export const conditionsView = (terms: ConditionsTerms): Conditions => ({
  minimumOrder: terms.minimumOrder ?? null,
  maximumOrder: terms.maximumOrder ?? null,
  customerRequired: terms.customerRequired ?? null,
  channels: terms.channels ?? null,
});
