import type { Capabilities, Publishing } from '@valehub/connector-kit';

const KEYED_IN = 'a discount that staff key in by hand; its value is read back after it was written';

/** A till that knows discounts and tenders and no vouchers: what a voucher may do is decided by the hub. */
export const capabilities: Capabilities = {
  'incentive.percentOff': { approximated: KEYED_IN },
  'incentive.percentOff.maximum': 'BY_HUB',
  'incentive.amountOff': { approximated: KEYED_IN },
  'incentive.specialPrice': 'BY_HUB',
  'incentive.freeItem': 'BY_HUB',
  'incentive.buyXGetY': 'BY_HUB',
  'incentive.tender': 'BY_HUB',
  'incentive.giftBalance': 'BY_HUB',
  'incentive.freeDelivery': 'NOT_POSSIBLE',
  'scope.lines': { approximated: 'the amount is right, and stands as a discount over the whole check' },
  'scope.exclude': { approximated: 'as scope.lines' },
  'scope.excludeDiscounted': 'BY_HUB',
  'scope.quantity': 'BY_HUB',
  'condition.minimumOrder': 'BY_HUB',
  'condition.maximumOrder': 'BY_HUB',
  'condition.customerRequired': 'NOT_POSSIBLE',
  'condition.customerGroups': 'NOT_POSSIBLE',
  'condition.firstOrder': 'NOT_POSSIBLE',
  'condition.channels': 'BY_HUB',
  'condition.paymentMethods': 'BY_HUB',
  'condition.dates': 'BY_HUB',
  'condition.hours': 'BY_HUB',
  'condition.expression': 'BY_HUB',
  'limit.voucher': 'BY_HUB',
  'limit.customer': 'NOT_POSSIBLE',
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
  'orders.apply': { approximated: 'put on by a round; taken off again only by staff at the till' },
  'customer.read': 'NOT_POSSIBLE',
  'customer.write': 'NOT_POSSIBLE',
};

/** Begin and end of a discount are the hub's. */
export const publishing: Publishing = {
  nameLength: 16,
  code: { length: 20 },
  codes: { max: 1, perCall: 1 },
  percentDecimals: 2,
  dates: 'NONE',
};

/** Without an account of the Configuration API there is nothing to publish with, and without a discount or tender nothing to put on a check. */
export function narrowed(settings: {
  readonly configurationHost?: string | undefined;
  readonly hierarchyUnit?: number | undefined;
  readonly voucherDiscount?: number | undefined;
  readonly voucherTender?: number | undefined;
}): Capabilities {
  const publishes = settings.configurationHost !== undefined && settings.hierarchyUnit !== undefined;
  return {
    ...(publishes
      ? {}
      : {
          'incentive.percentOff': 'BY_HUB',
          'incentive.amountOff': 'BY_HUB',
          'codes.single': 'NOT_POSSIBLE',
          'lifecycle.publish': 'NOT_POSSIBLE',
          'lifecycle.update': 'NOT_POSSIBLE',
          'lifecycle.withdraw': 'NOT_POSSIBLE',
        }),
    ...(settings.voucherDiscount === undefined && settings.voucherTender === undefined ? { 'orders.apply': 'NOT_POSSIBLE' } : {}),
  };
}
