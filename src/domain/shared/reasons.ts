/** What a caller without insight hears: a class that does not help a guesser. */
export const PUBLIC_REASONS = ['NOT_USABLE', 'NOT_NOW', 'NOT_HERE', 'NOT_THIS_BASKET', 'SIGN_IN', 'TRY_LATER'] as const;
export type PublicReason = (typeof PUBLIC_REASONS)[number];

interface ReasonTraits {
  readonly publicClass: PublicReason;
  /** The same may succeed later, with a new idempotency key, without anybody changing the basket or the voucher. */
  readonly retryable: boolean;
  /** One sentence for the reference and the schema. */
  readonly meaning: string;
}

/** Why a voucher is refused: the one table that the API's enum, the texts and the reference follow. */
export const REASONS = {
  CODE_MALFORMED: {
    publicClass: 'NOT_USABLE',
    retryable: false,
    meaning: 'The text cannot be a code: a character or its length fits no pattern.',
  },
  CODE_UNKNOWN: { publicClass: 'NOT_USABLE', retryable: false, meaning: 'No voucher has this code.' },
  CODE_CHECK_FAILED: {
    publicClass: 'NOT_USABLE',
    retryable: false,
    meaning: 'The check character does not fit: a typing or reading error.',
  },
  NOT_ISSUED: {
    publicClass: 'NOT_USABLE',
    retryable: true,
    meaning: 'The code exists, but its campaign gives vouchers to customers and nobody was given this one.',
  },
  ALREADY_REDEEMED: { publicClass: 'NOT_USABLE', retryable: false, meaning: 'The voucher is good once and was used.' },
  BALANCE_EMPTY: {
    publicClass: 'NOT_USABLE',
    retryable: false,
    meaning: 'Nothing, or less than was taken from it, is left on the gift card.',
  },
  HELD_ELSEWHERE: { publicClass: 'TRY_LATER', retryable: true, meaning: 'Another order holds the voucher at the moment.' },
  HOLD_EXPIRED: { publicClass: 'TRY_LATER', retryable: true, meaning: 'The hold is over: it expired, was released or was redeemed.' },
  HOLD_MISMATCH: { publicClass: 'NOT_THIS_BASKET', retryable: false, meaning: 'The order is not the one the hold was made for.' },
  BLOCKED: { publicClass: 'NOT_USABLE', retryable: false, meaning: 'Somebody blocked the voucher.' },
  CANCELLED: { publicClass: 'NOT_USABLE', retryable: false, meaning: 'Somebody cancelled the voucher for good.' },
  CAMPAIGN_NOT_ACTIVE: {
    publicClass: 'NOT_USABLE',
    retryable: true,
    meaning: 'The campaign, or its main campaign, was not activated or is archived.',
  },
  CAMPAIGN_NOT_STARTED: { publicClass: 'NOT_NOW', retryable: true, meaning: 'The first day of the campaign is still to come.' },
  CAMPAIGN_ENDED: { publicClass: 'NOT_NOW', retryable: false, meaning: 'The campaign, or its main campaign, is over.' },
  CAMPAIGN_PAUSED: { publicClass: 'NOT_NOW', retryable: true, meaning: 'The campaign, or its main campaign, is paused.' },
  VOUCHER_NOT_STARTED: { publicClass: 'NOT_NOW', retryable: true, meaning: 'The time of this voucher is still to come.' },
  VOUCHER_EXPIRED: { publicClass: 'NOT_NOW', retryable: false, meaning: 'The time of this voucher is over.' },
  WRONG_WEEKDAY: { publicClass: 'NOT_NOW', retryable: true, meaning: 'The campaign has hours, but none on this weekday.' },
  WRONG_HOUR: { publicClass: 'NOT_NOW', retryable: true, meaning: 'The campaign has hours today, but not at this time.' },
  BLACKOUT_DAY: { publicClass: 'NOT_NOW', retryable: true, meaning: 'The campaign leaves this business day out.' },
  WRONG_STORE: { publicClass: 'NOT_HERE', retryable: false, meaning: 'The campaign does not hold in this store.' },
  WRONG_CHANNEL: { publicClass: 'NOT_HERE', retryable: false, meaning: 'The campaign does not hold for this way of selling.' },
  WRONG_CURRENCY: {
    publicClass: 'NOT_HERE',
    retryable: false,
    meaning: "The order's currency is not that of the store or of the campaign.",
  },
  WRONG_PAYMENT_METHOD: {
    publicClass: 'NOT_THIS_BASKET',
    retryable: false,
    meaning: 'No payment of the order is by a method that the campaign asks for.',
  },
  CUSTOMER_REQUIRED: {
    publicClass: 'SIGN_IN',
    retryable: false,
    meaning: 'The order has to name a customer: the campaign asks for one or counts by customer.',
  },
  CUSTOMER_UNKNOWN: { publicClass: 'SIGN_IN', retryable: false, meaning: 'The id names no customer.' },
  OTHER_CUSTOMER: { publicClass: 'NOT_USABLE', retryable: false, meaning: 'The voucher belongs to another customer.' },
  // What follows of a person says nothing to the public: who knows a phone number must not learn a birthday or a group by it.
  CUSTOMER_GROUP_EXCLUDED: {
    publicClass: 'NOT_USABLE',
    retryable: false,
    meaning: 'The customer is in a group that the campaign excludes.',
  },
  NOT_IN_SEGMENT: {
    publicClass: 'NOT_USABLE',
    retryable: false,
    meaning: 'The customer is in none of the segments that the campaign is for.',
  },
  OUTSIDE_BIRTHDAY_WINDOW: {
    publicClass: 'NOT_USABLE',
    retryable: true,
    meaning: 'The business day is not near enough to the birthday of the customer, or the birthday is not known.',
  },
  OUTSIDE_ANNIVERSARY_WINDOW: {
    publicClass: 'NOT_USABLE',
    retryable: true,
    meaning: 'The business day is not near enough to the anniversary of the customer, or the anniversary is not known.',
  },
  NOT_FIRST_ORDER: {
    publicClass: 'NOT_USABLE',
    retryable: false,
    meaning: 'The customer has another order; the campaign is for the first.',
  },
  ORDER_BELOW_MINIMUM: { publicClass: 'NOT_THIS_BASKET', retryable: false, meaning: 'The order is below the minimum.' },
  ORDER_ABOVE_MAXIMUM: { publicClass: 'NOT_THIS_BASKET', retryable: false, meaning: 'The order is above the maximum.' },
  TRIGGER_QUANTITY_NOT_MET: {
    publicClass: 'NOT_THIS_BASKET',
    retryable: false,
    meaning: 'There are too few of the items that set the incentive off.',
  },
  NO_ELIGIBLE_ITEM: { publicClass: 'NOT_THIS_BASKET', retryable: false, meaning: 'No item of the order is one that the incentive is for.' },
  ALL_ITEMS_ALREADY_DISCOUNTED: {
    publicClass: 'NOT_THIS_BASKET',
    retryable: false,
    meaning: 'All items that the incentive is for carry a line discount already.',
  },
  LINES_LOCKED: {
    publicClass: 'NOT_THIS_BASKET',
    retryable: false,
    meaning: 'A line discount was added after a voucher had been taken off the whole order.',
  },
  NO_EFFECT: {
    publicClass: 'NOT_THIS_BASKET',
    retryable: false,
    meaning: 'The voucher would give nothing: there is nothing left to take it off.',
  },
  CONDITION_NOT_MET: {
    publicClass: 'NOT_USABLE',
    retryable: false,
    meaning: 'The expression of the campaign does not hold, or asks for something that is not there.',
  },
  LIMIT_VOUCHER: { publicClass: 'NOT_USABLE', retryable: false, meaning: 'The voucher was used as often, or for as much, as it may be.' },
  LIMIT_CUSTOMER: { publicClass: 'NOT_NOW', retryable: false, meaning: 'The customer reached the limit.' },
  LIMIT_STORE: { publicClass: 'NOT_NOW', retryable: false, meaning: 'The store reached the limit.' },
  LIMIT_TILL: { publicClass: 'NOT_NOW', retryable: false, meaning: 'The till reached the limit.' },
  LIMIT_ORDER: { publicClass: 'NOT_THIS_BASKET', retryable: false, meaning: 'The order reached the limit.' },
  LIMIT_CAMPAIGN: { publicClass: 'NOT_NOW', retryable: false, meaning: 'The campaign reached the limit.' },
  LIMIT_MAIN_CAMPAIGN: { publicClass: 'NOT_NOW', retryable: false, meaning: 'The main campaign reached the limit.' },
  BUDGET_EXHAUSTED: { publicClass: 'NOT_NOW', retryable: false, meaning: 'Less is left of the budget than the voucher would give.' },
  NOT_COMBINABLE: { publicClass: 'NOT_THIS_BASKET', retryable: false, meaning: 'A voucher of the same group is on the order already.' },
  EXCLUSIVE_LOST: {
    publicClass: 'NOT_THIS_BASKET',
    retryable: false,
    meaning: 'An exclusive voucher stands alone: this one, or the one before it, is exclusive.',
  },
  TOO_MANY_VOUCHERS: {
    publicClass: 'NOT_THIS_BASKET',
    retryable: false,
    meaning: 'The store takes no more vouchers on one order, or a second part payment.',
  },
  DUPLICATE_TRANSACTION: { publicClass: 'NOT_USABLE', retryable: false, meaning: 'The code was already redeemed on this very order.' },
  IDEMPOTENCY_KEY_REUSED: { publicClass: 'TRY_LATER', retryable: true, meaning: 'The idempotency key belongs to another request.' },
  ALREADY_REVERSED: {
    publicClass: 'NOT_USABLE',
    retryable: false,
    meaning: 'Nothing is left of the redemption, or of the order, to take back.',
  },
  REVERSAL_EXCEEDS: { publicClass: 'NOT_USABLE', retryable: false, meaning: 'More is to be taken back than is left of the redemption.' },
  TOO_MANY_ATTEMPTS: { publicClass: 'TRY_LATER', retryable: true, meaning: 'Too many wrong codes were tried from here.' },
} as const satisfies Record<string, ReasonTraits>;

export type ReasonCode = keyof typeof REASONS;
export const REASON_CODES = Object.keys(REASONS) as readonly ReasonCode[];
