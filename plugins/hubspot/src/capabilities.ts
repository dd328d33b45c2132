import type { Capabilities } from '@valehub/connector-kit';

/** A CRM: it knows customers and what became of their vouchers. No till asks it, so it enforces nothing; what is left out is not possible. */
export const capabilities: Capabilities = {
  'customer.read': 'ENFORCED',
  'customer.write': 'ENFORCED',
  'event.push': 'ENFORCED',
  'codes.usage': 'NOT_POSSIBLE',
  'lifecycle.publish': 'NOT_POSSIBLE',
  'lifecycle.update': 'NOT_POSSIBLE',
  'lifecycle.withdraw': 'NOT_POSSIBLE',
  'lifecycle.redeem': 'NOT_POSSIBLE',
  'lifecycle.reverse': 'NOT_POSSIBLE',
  'orders.apply': 'NOT_POSSIBLE',
  'message.send': 'NOT_POSSIBLE',
  'message.status': 'NOT_POSSIBLE',
  'alert.send': 'NOT_POSSIBLE',
  'document.post': 'NOT_POSSIBLE',
  'journal.post': 'NOT_POSSIBLE',
  'row.append': 'NOT_POSSIBLE',
};
