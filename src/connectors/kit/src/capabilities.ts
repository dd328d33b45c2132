/** What a platform may do for a campaign or a voucher: incentives, conditions, limits, and the verbs of a voucher's life. Kit minors add keys. */
export const CAPABILITY_KEYS = [
  'incentive.percentOff',
  'incentive.amountOff',
  'incentive.tender',
  'scope.lines',
  'condition.minimumOrder',
  'condition.maximumOrder',
  'condition.customerRequired',
  'condition.channels',
  'condition.dates',
  'limit.voucher',
  'limit.customer',
  'limit.store',
  'limit.campaign',
  'limit.budget',
  'lifecycle.publish',
  'lifecycle.update',
  'lifecycle.withdraw',
  'lifecycle.redeem',
  'lifecycle.reverse',
  'message.send',
  'message.status',
  'alert.send',
] as const;
export type CapabilityKey = (typeof CAPABILITY_KEYS)[number];

/**
 * `ENFORCED`: the platform does it. `BY_HUB`: the hub does it, before or after. `approximated`: nearly, and how it differs.
 * NOT_POSSIBLE is the same as leaving the key out, and says that somebody looked.
 */
export type Support = 'ENFORCED' | 'BY_HUB' | 'NOT_POSSIBLE' | { readonly approximated: string };
export type Capabilities = { readonly [key in CapabilityKey]?: Support };
