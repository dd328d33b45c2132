import type { Conditions } from '../campaign/campaign.types.ts';
import { ownersOf } from './counters.ts';
import type { Rule } from './rule.types.ts';

/** What cannot be judged of nobody. A group that is left out, and an expression, can. */
const asksForPerson = (conditions: Conditions): boolean =>
  conditions.customerRequired === true ||
  conditions.firstOrderOnly === true ||
  conditions.segmentIds !== undefined ||
  conditions.birthdayWindow !== undefined ||
  conditions.anniversaryWindow !== undefined;

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
  const needed = ownersOf(campaign).some(
    (owner) => asksForPerson(owner.conditions) || owner.limits.some((limit) => limit.per === 'CUSTOMER' && limit.counts !== 'ISSUED'),
  );
  if (needed) refuse('CUSTOMER_REQUIRED', { name: campaign.name });
};
