import type { Capabilities } from '@valehub/connector-kit';

/**
 * Staff makes discounts in Toast Web and nobody else: nothing is published. What a voucher gives is decided by the hub, when the till asks
 * (loyalty, tender) or when the paid order arrives.
 */
export const capabilities: Capabilities = {
  'incentive.percentOff': 'BY_HUB',
  'incentive.percentOff.maximum': 'BY_HUB',
  'incentive.amountOff': 'BY_HUB',
  'incentive.specialPrice': 'BY_HUB',
  'incentive.freeItem': 'BY_HUB',
  'incentive.buyXGetY': 'BY_HUB',
  'incentive.tender': 'BY_HUB',
  'incentive.giftBalance': 'BY_HUB',
  // Toast reckons service charges before discounts, and discounts none of them.
  'incentive.freeDelivery': 'NOT_POSSIBLE',
  'scope.lines': {
    approximated: 'The amount is right; on several units or lines that cannot bear it one by one, Toast shows it on the whole check.',
  },
  'scope.exclude': 'BY_HUB',
  'scope.excludeDiscounted': 'BY_HUB',
  'scope.quantity': 'BY_HUB',
  'condition.minimumOrder': 'BY_HUB',
  'condition.maximumOrder': 'BY_HUB',
  'condition.customerRequired': { approximated: 'Only where the check carries the phone number or e-mail address of the guest.' },
  'condition.customerGroups': { approximated: 'Only where the check carries the phone number or e-mail address of the guest.' },
  'condition.firstOrder': { approximated: 'Only where the check carries the phone number or e-mail address of the guest.' },
  'condition.channels': { approximated: 'A till that asks does not say where the order came from; it counts as eaten in.' },
  'condition.paymentMethods': { approximated: 'A till asks before it is paid, so only the paid order is measured by it.' },
  'condition.dates': 'BY_HUB',
  'condition.hours': 'BY_HUB',
  'condition.expression': 'BY_HUB',
  'limit.voucher': 'BY_HUB',
  'limit.customer': 'BY_HUB',
  'limit.store': 'BY_HUB',
  'limit.period': 'BY_HUB',
  'limit.campaign': 'BY_HUB',
  'limit.budget': 'BY_HUB',
  'combining.exclusive': 'BY_HUB',
  'codes.single': 'NOT_POSSIBLE',
  'codes.bulk': 'NOT_POSSIBLE',
  'codes.usage': 'NOT_POSSIBLE',
  'lifecycle.publish': 'NOT_POSSIBLE',
  'lifecycle.update': 'NOT_POSSIBLE',
  'lifecycle.withdraw': 'NOT_POSSIBLE',
  'lifecycle.redeem': 'BY_HUB',
  'lifecycle.reverse': 'BY_HUB',
  'orders.apply': {
    approximated: 'By an open-amount discount that staff has made, on the whole check; it is taken off again at the till only.',
  },
  'customer.read': 'NOT_POSSIBLE',
  'customer.write': 'NOT_POSSIBLE',
};
