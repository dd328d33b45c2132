import type { Incentive } from '../campaign/incentive.types.ts';
import type { FailureFacts } from '../shared/reason-facts.ts';
import type { TextFormat } from '../shared/text-format.ts';
import type { ExplainedLimit, Place, Reckoning } from './explanation.types.ts';
import type { ExplanationTexts } from './explanation-texts.types.ts';

const PER: Readonly<Record<ExplainedLimit['per'], string>> = {
  VOUCHER: 'with this voucher',
  CUSTOMER: 'by this customer',
  STORE: 'in this store',
  TILL: 'at this till',
  ORDER: 'on this order',
  CAMPAIGN: 'in this campaign',
  MAIN_CAMPAIGN: 'in the main campaign',
};
const PERIOD: Readonly<Record<ExplainedLimit['period'], string>> = {
  EVER: '',
  BUSINESS_DAY: ' on that day',
  WEEK: ' in that week',
  MONTH: ' in that month',
  YEAR: ' in that year',
};

const sum = (minor: number | undefined, { currency }: FailureFacts, format: TextFormat): string =>
  minor === undefined || currency === undefined ? '' : format.money(minor, currency);
const moment = (at: string | undefined, format: TextFormat): string => {
  if (at === undefined) return '';
  const { day, hour } = format.moment(at);
  return `${day}, ${hour}`;
};
const units = (count: number): string => (count === 1 ? '1 unit' : `${count} units`);

function place({ because, beside, priority, alone }: Place, step: number, currency: string, format: TextFormat): string {
  const where = step === 1 ? `First, before ${beside}` : `After ${beside}`;
  const given = alone === null ? '' : ` (${format.money(alone, currency)})`;
  switch (because) {
    case 'ALONE':
      return 'It was the only voucher.';
    case 'LEVEL':
      return `${where}: what is taken off lines comes before what is taken off the whole order, and part payments come last.`;
    case 'PRIORITY':
      return `${where}: of the two, the campaign of higher priority goes first; its own is ${priority}.`;
    case 'LARGER_DISCOUNT':
      return `${where}: at the same priority, the one that would give more alone goes first; this one would give${given || ' what it gives'}.`;
    case 'CODE':
      return `${where}: at the same priority and the same amount alone${given}, the codes go by alphabet.`;
  }
}

function reckoning(given: Reckoning, currency: string, format: TextFormat): string {
  const money = (minor: number) => format.money(minor, currency);
  return `${howOf(given, given.incentive, money, format)} That makes ${money(given.amount)}.`;
}

function howOf(
  { base, units: count, unrounded }: Reckoning,
  incentive: Incentive,
  money: (minor: number) => string,
  format: TextFormat,
): string {
  const due = `${money(base)} due on ${units(count)}`;
  if ('percentOff' in incentive) {
    const { percent, maximum } = incentive.percentOff;
    const exact =
      unrounded === null || !unrounded.includes('.') ? '' : ` (before rounding ${format.quantity(unrounded)} of the smallest unit)`;
    const most = maximum === undefined ? '' : `, at most ${money(maximum.minor)}`;
    return `${format.quantity(percent)} % of ${due}${exact}${most}.`;
  }
  if ('amountOff' in incentive) return `${money(incentive.amountOff.amount.minor)} off, at most the ${due}.`;
  if ('specialPrice' in incentive) return `A price of ${money(incentive.specialPrice.price.minor)} each, where ${due}.`;
  if ('freeItem' in incentive) return `${format.quantity(incentive.freeItem.quantity)} free of charge: ${due}.`;
  if ('buyXGetY' in incentive) {
    const { buyQuantity, getQuantity, percentOff } = incentive.buyXGetY;
    return `For each ${buyQuantity} bought, ${getQuantity} at ${format.quantity(percentOff)} % off: ${due}.`;
  }
  if ('freeDelivery' in incentive) {
    const { maximum } = incentive.freeDelivery;
    return `Delivery free of charge${maximum === undefined ? '' : ` up to ${money(maximum.minor)}`}: ${due}.`;
  }
  if ('giftBalance' in incentive)
    return `A gift card that was worth ${money(incentive.giftBalance.value.minor)}; ${money(base)} were left to pay.`;
  return `A part payment of ${money(incentive.tender.value.minor)}; ${money(base)} were left to pay.`;
}

function limit({ counts, per, period, max, taken, used, held }: ExplainedLimit, currency: string, format: TextFormat): string {
  const many = (value: number) => (counts === 'REDEMPTIONS' ? format.quantity(String(value)) : format.money(value, currency));
  const what = counts === null ? 'Budget' : counts === 'REDEMPTIONS' ? 'Redemptions' : 'Discounts';
  const where = counts === null && per === 'CAMPAIGN' ? '' : ` ${PER[per]}`;
  const stood =
    used === null ? 'it stayed below, checked when it was written' : `${many(used)} before${held ? `, ${many(held)} held` : ''}`;
  return `${what}${where}${PERIOD[period]}: took ${many(taken)} of ${many(max)}; ${stood}.`;
}

export const english: ExplanationTexts = {
  checks: {
    DUPLICATE_TRANSACTION: { title: 'Once an order', met: () => 'the code had not been used on this order' },
    BLOCKED: { title: 'State of the voucher', met: () => 'neither blocked nor cancelled' },
    NOT_ISSUED: { title: 'Issued', met: () => 'the voucher had been given to somebody' },
    ALREADY_REDEEMED: {
      title: 'Uses of the voucher',
      met: ({ actual = 0, required }) =>
        `used ${actual} times before${required === undefined ? ', without a ceiling of its own' : `, of ${required}`}`,
    },
    BALANCE_EMPTY: {
      title: 'Balance',
      met: (facts, format) => `${sum(facts.actual, facts, format)} of ${sum(facts.required, facts, format)} left`,
    },
    HELD_ELSEWHERE: { title: 'Holds', met: () => 'no other order held it' },
    CAMPAIGN_NOT_ACTIVE: { title: 'State of the campaign', met: ({ name }) => `"${name}" was active` },
    CAMPAIGN_NOT_STARTED: { title: 'First day', met: ({ date = '' }, format) => `from ${format.day(date)}` },
    CAMPAIGN_ENDED: { title: 'Last day', met: ({ date = '' }, format) => `until ${format.day(date)}, inclusive` },
    VOUCHER_NOT_STARTED: { title: 'Start of the voucher', met: ({ at }, format) => `good from ${moment(at, format)}` },
    VOUCHER_EXPIRED: { title: 'End of the voucher', met: ({ at }, format) => `good until ${moment(at, format)}` },
    WRONG_STORE: { title: 'Store', met: ({ name }) => `${name} is one of the campaign's` },
    WRONG_CHANNEL: { title: 'Way of selling', met: ({ channels = [] }, format) => `${format.list(channels)} is one of the campaign's` },
    WRONG_CURRENCY: { title: 'Currency', met: ({ name }) => `${name}, as in the store and the campaign` },
    CUSTOMER_UNKNOWN: { title: 'Customer', met: () => 'a customer whom the hub knows' },
    OTHER_CUSTOMER: { title: 'Owner of the voucher', met: () => "the order's customer" },
    CUSTOMER_REQUIRED: { title: 'Customer named', met: () => 'the order names one, as the campaign asks' },
    ORDER_BELOW_MINIMUM: {
      title: 'Minimum order',
      met: (facts, format) => `${sum(facts.actual, facts, format)}, at least ${sum(facts.required, facts, format)}`,
    },
    ORDER_ABOVE_MAXIMUM: {
      title: 'Maximum order',
      met: (facts, format) => `${sum(facts.actual, facts, format)}, at most ${sum(facts.required, facts, format)}`,
    },
    NO_ELIGIBLE_ITEM: {
      title: 'Items',
      met: ({ quantityActual, quantityRequired }) => `${quantityActual} of ${quantityRequired} lines are those the incentive is for`,
    },
    WRONG_HOUR: { title: 'Days and hours', met: ({ at }, format) => `open on ${moment(at, format)}` },
    BLACKOUT_DAY: { title: 'Days left out', met: ({ date = '' }, format) => `${format.day(date)} is none of them` },
    WRONG_PAYMENT_METHOD: { title: 'Way of paying', met: ({ methods = [] }, format) => `paid by ${format.list(methods)}` },
    CUSTOMER_GROUP_EXCLUDED: { title: 'Groups left out', met: () => 'the customer is in none of them' },
    NOT_IN_SEGMENT: { title: 'Segment', met: () => 'the customer was in it' },
    OUTSIDE_BIRTHDAY_WINDOW: { title: 'Birthday', met: () => 'within the days around it' },
    OUTSIDE_ANNIVERSARY_WINDOW: { title: 'Anniversary', met: () => 'within the days around it' },
    NOT_FIRST_ORDER: { title: 'First order', met: () => "the customer's first" },
    CONDITION_NOT_MET: { title: 'Condition', met: ({ name }) => `that of "${name}" holds` },
    NOT_COMBINABLE: { title: 'Stacking group', met: ({ name }) => `the only one of group "${name}"` },
    EXCLUSIVE_LOST: { title: 'Exclusive', met: () => 'no other stood before it' },
    TOO_MANY_VOUCHERS: {
      title: 'Vouchers an order',
      met: ({ quantityActual, quantityRequired }) => `${quantityActual} before it, of ${quantityRequired}`,
    },
    LINES_LOCKED: { title: 'Locked lines', met: () => 'no line discount was raised since a voucher was taken off the whole order' },
  },
  notAsked: (title) => `${title}: not asked.`,
  place,
  reckoning,
  booked: (booked, reckoned, currency, format) =>
    `The platform had given ${format.money(booked, currency)}, so that was booked; the rules reckoned ${format.money(reckoned, currency)}.`,
  limit,
  differences: {
    REFUSED: 'Decided again, it is refused.',
    KIND: 'Decided again, it is of another kind.',
    STEP: 'Decided again, it comes at another place.',
    AMOUNT: 'Decided again, it gives another amount.',
    ALLOCATIONS: 'Decided again, it falls on other units.',
    LIMITS: 'Decided again, it takes from other limits.',
    SUMS: 'Decided again, the sums of the order are others.',
    NOT_REPLAYED: 'It could not be decided again: its rules or terms are not known here.',
  },
  agrees: 'Decided again on what was stored, it comes to the same, to the last unit.',
  disagrees: (count) => `Decided again on what was stored, it differs in ${count} ${count === 1 ? 'thing' : 'things'}.`,
  incomplete: 'Not all it was decided on was kept at the time, so this is not certain.',
};
