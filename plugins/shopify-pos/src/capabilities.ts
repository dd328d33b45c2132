import type { Capabilities, CapabilityKey, Publishing } from '@valehub/connector-kit';
import { CODES_PER_CALL } from './limits.ts';

/** Shopify decides on a code by itself and asks nobody: what it does not know, the hub sees only in the order, and flags. */
export const capabilities: Capabilities = {
  'incentive.percentOff': 'ENFORCED',
  'incentive.percentOff.maximum': 'NOT_POSSIBLE',
  'incentive.amountOff': 'ENFORCED',
  'incentive.specialPrice': 'NOT_POSSIBLE',
  // A code gives an item free only along with one that is bought, or every unit of it.
  'incentive.freeItem': 'NOT_POSSIBLE',
  'incentive.buyXGetY': 'NOT_POSSIBLE',
  'incentive.tender': 'NOT_POSSIBLE',
  // Shopify's gift cards are its own money, not the hub's.
  'incentive.giftBalance': 'NOT_POSSIBLE',
  'incentive.freeDelivery': 'ENFORCED',
  'scope.lines': 'ENFORCED',
  'scope.exclude': 'NOT_POSSIBLE',
  'scope.excludeDiscounted': 'NOT_POSSIBLE',
  'scope.quantity': 'NOT_POSSIBLE',
  'condition.minimumOrder': { approximated: 'of a code for some items Shopify counts only these items towards the minimum' },
  'condition.maximumOrder': 'NOT_POSSIBLE',
  'condition.customerRequired': 'NOT_POSSIBLE',
  'condition.customerGroups': 'NOT_POSSIBLE',
  'condition.firstOrder': 'NOT_POSSIBLE',
  'condition.channels': 'NOT_POSSIBLE',
  'condition.paymentMethods': 'NOT_POSSIBLE',
  'condition.dates': 'ENFORCED',
  'condition.hours': 'NOT_POSSIBLE',
  'condition.expression': 'NOT_POSSIBLE',
  'limit.voucher': 'ENFORCED',
  'limit.customer': { approximated: 'once a customer, or any number of times: Shopify does not count further' },
  'limit.store': 'BY_HUB',
  'limit.period': 'BY_HUB',
  'limit.campaign': 'BY_HUB',
  'limit.budget': 'BY_HUB',
  'combining.exclusive': 'ENFORCED',
  'codes.single': 'ENFORCED',
  'codes.bulk': 'ENFORCED',
  'codes.usage': { approximated: 'Shopify counts uses some time after the sale, and by discount' },
  'lifecycle.publish': 'ENFORCED',
  'lifecycle.update': 'ENFORCED',
  'lifecycle.withdraw': 'ENFORCED',
  'lifecycle.redeem': 'ENFORCED',
  // A use that Shopify has counted stays counted when the order is cancelled or goods come back.
  'lifecycle.reverse': 'BY_HUB',
  // No call reaches the cart that is open at a till.
  'orders.apply': 'NOT_POSSIBLE',
  'customer.read': 'ENFORCED',
  'customer.write': 'ENFORCED',
};

export const publishing: Publishing = {
  nameLength: 255,
  // UNVERIFIED: Shopify takes more characters than these, and its help names 20,000,000 codes for a shop as a whole.
  code: { length: 255, form: '^[A-Za-z0-9_-]+$' },
  codes: { max: 20_000_000, perCall: CODES_PER_CALL },
  percentDecimals: 2,
  dates: 'INSTANT',
};

/** What falls away without a right, by the right. */
const NEEDS: Readonly<Record<string, readonly CapabilityKey[]>> = {
  read_orders: ['lifecycle.redeem', 'lifecycle.reverse'],
  read_discounts: ['codes.usage'],
  write_discounts: [
    'incentive.percentOff',
    'incentive.amountOff',
    'incentive.freeDelivery',
    'scope.lines',
    'condition.minimumOrder',
    'condition.dates',
    'limit.voucher',
    'limit.customer',
    'combining.exclusive',
    'codes.single',
    'codes.bulk',
    'lifecycle.publish',
    'lifecycle.update',
    'lifecycle.withdraw',
  ],
  read_customers: ['customer.read'],
  write_customers: ['customer.write'],
};

/** What an account can do less, by what it has agreed to. */
export function lostWithout(granted: ReadonlySet<string>): Capabilities {
  const lost = Object.entries(NEEDS).flatMap(([scope, keys]) => (granted.has(scope) ? [] : keys));
  return Object.fromEntries(lost.map((key) => [key, 'NOT_POSSIBLE' as const]));
}
