import type { Conditions } from '../domain/campaign/campaign.types.ts';
import type { ConditionsInput } from './conditions.inputs.ts';

export const conditions = ({ minimumOrder, maximumOrder, customerRequired, channels }: ConditionsInput): Conditions => ({
  ...(minimumOrder != null && { minimumOrder }),
  ...(maximumOrder != null && { maximumOrder }),
  ...(customerRequired != null && { customerRequired }),
  ...(channels && { channels }),
});
