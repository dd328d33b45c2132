import type { Conditions as ConditionsTerms } from '../domain/campaign/campaign.types.ts';
import type { Conditions } from './conditions.results.ts';

export const conditionsView = (terms: ConditionsTerms): Conditions => ({
  minimumOrder: terms.minimumOrder ?? null,
  maximumOrder: terms.maximumOrder ?? null,
  customerRequired: terms.customerRequired ?? null,
  segmentIds: terms.segmentIds ?? null,
  excludedGroups: terms.excludedGroups ?? null,
  channels: terms.channels ?? null,
  paymentMethods: terms.paymentMethods ?? null,
  windows: terms.windows ?? null,
  blackoutDays: terms.blackoutDays ?? null,
  birthdayWindow: terms.birthdayWindow ?? null,
  anniversaryWindow: terms.anniversaryWindow ?? null,
  firstOrderOnly: terms.firstOrderOnly ?? null,
  expression: terms.expression ?? null,
});
