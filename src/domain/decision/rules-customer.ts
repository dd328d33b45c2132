import type { Conditions } from '../campaign/campaign.types.ts';
import { ownersOf } from './counters.ts';
import type { CampaignTerms } from './decision.types.ts';
import type { Rule } from './rule.types.ts';

/** What cannot be judged of nobody. A group that is left out, and an expression, can. */
const asksForPerson = (conditions: Conditions): boolean =>
  conditions.customerRequired === true ||
  conditions.firstOrderOnly === true ||
  conditions.segmentIds !== undefined ||
  conditions.birthdayWindow !== undefined ||
  conditions.anniversaryWindow !== undefined;

/** Its conditions ask for a person, or one of its limits counts by customer. */
export const asksForSomebody = ({ conditions, limits }: CampaignTerms): boolean =>
  asksForPerson(conditions) || limits.some((limit) => limit.per === 'CUSTOMER' && limit.counts !== 'ISSUED');

export const customerIdentity: Rule = ({ input }, refuse) => {
  if (input.customer.unknownId) refuse('CUSTOMER_UNKNOWN');
};

/** A voucher that was issued to somebody is still a bearer's where the order names nobody. */
export const otherCustomer: Rule = ({ input, voucher }, refuse) => {
  const { customer } = input;
  if (voucher.customerId !== null && customer.given && !customer.unknownId && customer.id !== voucher.customerId) refuse('OTHER_CUSTOMER');
};

export const customerNeeded: Rule = ({ input, campaign }, refuse) => {
  if (input.customer.given) return;
  if (ownersOf(campaign).some(asksForSomebody)) refuse('CUSTOMER_REQUIRED', { name: campaign.name });
};
