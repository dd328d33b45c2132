import { ownersOf } from './counters.ts';
import type { Rule } from './rule.types.ts';

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
    (owner) =>
      owner.conditions.customerRequired === true || owner.limits.some((limit) => limit.per === 'CUSTOMER' && limit.counts !== 'ISSUED'),
  );
  if (needed) refuse('CUSTOMER_REQUIRED', { name: campaign.name });
};
