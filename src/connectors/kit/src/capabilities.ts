/** What a platform may do for a campaign or a voucher: incentives, conditions, limits, and the verbs of a voucher's life. Kit minors add keys. */
export const CAPABILITY_KEYS = [
  'incentive.percentOff',
  'incentive.percentOff.maximum',
  'incentive.amountOff',
  'incentive.specialPrice',
  'incentive.freeItem',
  'incentive.buyXGetY',
  'incentive.tender',
  'incentive.giftBalance',
  'incentive.freeDelivery',
  'scope.lines',
  'scope.exclude',
  'scope.excludeDiscounted',
  'scope.quantity',
  'condition.minimumOrder',
  'condition.maximumOrder',
  'condition.customerRequired',
  'condition.customerGroups',
  'condition.firstOrder',
  'condition.channels',
  'condition.paymentMethods',
  'condition.dates',
  'condition.hours',
  'condition.expression',
  'limit.voucher',
  'limit.customer',
  'limit.store',
  'limit.period',
  'limit.campaign',
  'limit.budget',
  'combining.exclusive',
  'codes.single',
  'codes.bulk',
  'codes.usage',
  'lifecycle.publish',
  'lifecycle.update',
  'lifecycle.withdraw',
  'lifecycle.redeem',
  'lifecycle.reverse',
  'orders.apply',
  'message.send',
  'message.status',
  'alert.send',
  'alert.buttons',
  'customer.read',
  'customer.write',
  'event.push',
  'document.post',
  'document.list',
  'journal.post',
  'row.append',
] as const;
export type CapabilityKey = (typeof CAPABILITY_KEYS)[number];

/**
 * `ENFORCED`: the platform does it. `BY_HUB`: the hub does it, before or after. `approximated`: nearly, and how it differs.
 * NOT_POSSIBLE is the same as leaving the key out, and says that somebody looked.
 */
export type Support = 'ENFORCED' | 'BY_HUB' | 'NOT_POSSIBLE' | { readonly approximated: string };
export type Capabilities = { readonly [key in CapabilityKey]?: Support };

/** What a published campaign may be like, as numbers, so that the hub can tell the loss before anything is sent. */
export interface Publishing {
  /** Longest name in characters; longer ones are cut. */
  readonly nameLength?: number;
  /** Longest voucher code, and what it may consist of (a regular expression for the whole code). */
  readonly code?: { readonly length: number; readonly form?: string };
  /** Codes of one campaign; 0 = none, the campaign itself is published. `perCall`: how many `addCodes` takes at once. */
  readonly codes?: { readonly max: number; readonly perCall: number };
  /** Decimals of a percentage. */
  readonly percentDecimals?: number;
  /** How finely begin and end are kept; `DAY` rounds the begin down and the end up, `NONE` keeps neither. */
  readonly dates?: 'INSTANT' | 'DAY' | 'NONE';
}
