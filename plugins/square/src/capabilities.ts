import type { Capabilities, Publishing } from '@valehub/connector-kit';

const BY_HAND = 'a discount that staff pick at the till, which asks nobody; the hub books afterwards';
const BY_RULE = 'as a rule of Square that every sale which fits gets, without a code; only where the connection allows that';

/** A till without voucher codes: the hub finds its own in what the till writes, and decides on them. */
export const capabilities: Capabilities = {
  'incentive.percentOff': { approximated: BY_HAND },
  'incentive.percentOff.maximum': { approximated: BY_HAND },
  'incentive.amountOff': { approximated: BY_HAND },
  'incentive.specialPrice': 'BY_HUB',
  'incentive.freeItem': 'BY_HUB',
  'incentive.buyXGetY': 'BY_HUB',
  // A payment whose note or reference carries the code.
  'incentive.tender': 'BY_HUB',
  'incentive.giftBalance': 'BY_HUB',
  'incentive.freeDelivery': 'NOT_POSSIBLE',
  'scope.lines': { approximated: BY_RULE },
  'scope.exclude': 'BY_HUB',
  'scope.excludeDiscounted': 'BY_HUB',
  'scope.quantity': 'BY_HUB',
  'condition.minimumOrder': { approximated: BY_RULE },
  'condition.maximumOrder': 'BY_HUB',
  'condition.customerRequired': 'BY_HUB',
  'condition.customerGroups': 'BY_HUB',
  'condition.firstOrder': 'BY_HUB',
  'condition.channels': 'BY_HUB',
  'condition.paymentMethods': 'BY_HUB',
  'condition.dates': { approximated: BY_RULE },
  'condition.hours': 'BY_HUB',
  'condition.expression': 'BY_HUB',
  'limit.voucher': 'BY_HUB',
  'limit.customer': 'BY_HUB',
  'limit.store': 'BY_HUB',
  'limit.period': 'BY_HUB',
  'limit.campaign': 'BY_HUB',
  'limit.budget': 'BY_HUB',
  'combining.exclusive': 'BY_HUB',
  'codes.single': { approximated: 'the word stands in the name of the discount' },
  'codes.bulk': 'NOT_POSSIBLE',
  'codes.usage': 'BY_HUB',
  'lifecycle.publish': 'ENFORCED',
  'lifecycle.update': 'ENFORCED',
  'lifecycle.withdraw': 'ENFORCED',
  'lifecycle.redeem': 'BY_HUB',
  'lifecycle.reverse': 'BY_HUB',
  'orders.apply': { approximated: 'on orders that a program has made, not on those of the till' },
  'customer.read': 'ENFORCED',
  'customer.write': { approximated: 'without groups and leave to be written to' },
};

export const publishing: Publishing = {
  nameLength: 255,
  code: { length: 100 },
  codes: { max: 1, perCall: 1 },
  percentDecimals: 4,
  dates: 'DAY',
};

const NO_RULES: Capabilities = { 'scope.lines': 'BY_HUB', 'condition.minimumOrder': 'BY_HUB', 'condition.dates': 'BY_HUB' };

const BY_SCOPE: Readonly<Record<string, Capabilities>> = {
  ITEMS_WRITE: {
    'lifecycle.publish': 'NOT_POSSIBLE',
    'lifecycle.update': 'NOT_POSSIBLE',
    'lifecycle.withdraw': 'NOT_POSSIBLE',
    'codes.single': 'NOT_POSSIBLE',
  },
  ORDERS_WRITE: { 'orders.apply': 'NOT_POSSIBLE' },
  CUSTOMERS_READ: { 'customer.read': 'NOT_POSSIBLE', 'customer.write': 'NOT_POSSIBLE' },
  CUSTOMERS_WRITE: { 'customer.write': 'NOT_POSSIBLE' },
};

/** What the seller has not given leave for, and what the connection does not allow. `scopes`: undefined where Square does not say. */
export const narrowed = (automaticRules: boolean, scopes: readonly string[] | undefined): Capabilities =>
  Object.assign(
    automaticRules ? {} : { ...NO_RULES },
    ...Object.entries(BY_SCOPE).flatMap(([scope, without]) => (scopes === undefined || scopes.includes(scope) ? [] : [without])),
  );
