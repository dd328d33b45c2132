import type { Conditions } from '../domain/campaign/campaign.types.ts';
import type { ConditionsInput } from './conditions.inputs.ts';

/** What was left out, or given as null, is not there. */
export const conditions = (input: ConditionsInput): Conditions =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null && value !== undefined));
