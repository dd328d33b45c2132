import { englishConditions } from './condition-texts-en.ts';
import type { FailureFacts, LimitUse } from './reason-facts.ts';
import type { ReasonTexts } from './reason-texts.types.ts';
import type { TextFormat } from './text-format.ts';

const CHANNELS: Readonly<Record<string, string>> = {
  DINE_IN: 'dine-in',
  TAKEAWAY: 'takeaway',
  DELIVERY: 'delivery',
  ONLINE: 'online',
  KIOSK: 'kiosk',
};
const PER: Readonly<Record<LimitUse['per'], string>> = {
  VOUCHER: 'with this voucher',
  CUSTOMER: 'by this customer',
  STORE: 'in this store',
  TILL: 'at this till',
  ORDER: 'on this order',
  CAMPAIGN: 'in this campaign',
  MAIN_CAMPAIGN: 'in the main campaign',
};
const PERIOD: Readonly<Record<LimitUse['period'], string>> = {
  EVER: '',
  BUSINESS_DAY: 'today ',
  WEEK: 'this week ',
  MONTH: 'this month ',
  YEAR: 'this year ',
};

const called = (name: string | undefined): string => (name === undefined ? '' : ` "${name}"`);
const items = (quantity: string, format: TextFormat): string =>
  `${format.quantity(quantity)} eligible ${quantity === '1' ? 'item' : 'items'}`;
const sum = (minor: number | undefined, facts: FailureFacts, format: TextFormat): string | undefined =>
  minor === undefined || facts.currency === undefined ? undefined : format.money(minor, facts.currency);
const at = (instant: string, format: TextFormat): string => {
  const { day, hour } = format.moment(instant);
  return `${day}, ${hour}`;
};

function limit(facts: FailureFacts, format: TextFormat): string {
  const use = facts.limit;
  if (use === undefined) return 'The limit is reached.';
  const where = `${PERIOD[use.period]}${PER[use.per]}`;
  const held =
    use.held === 0 || use.heldUntil === null ? '' : `; held until ${format.hour(use.heldUntil)}: ${amountOf(use.held, use, facts, format)}`;
  const resets = use.resetsAt === null ? '' : `; it counts anew from ${at(use.resetsAt, format)}`;
  const would = use.counts === 'DISCOUNT_AMOUNT' ? sum(facts.required, facts, format) : undefined;
  const done = use.counts === 'REDEMPTIONS' ? 'used' : use.counts === 'ISSUED' ? 'issued' : 'given';
  const wanted = would === undefined ? '' : `; this voucher would give ${would}`;
  return `Limit reached: ${amountOf(use.used, use, facts, format)} of ${amountOf(use.max, use, facts, format)} ${done} ${where}${held}${wanted}${resets}.`;
}

function amountOf(value: number, use: LimitUse, facts: FailureFacts, format: TextFormat): string {
  const money = use.counts === 'DISCOUNT_AMOUNT' ? sum(value, facts, format) : undefined;
  return money ?? format.quantity(String(value));
}

export const english: ReasonTexts = {
  reasons: {
    CODE_MALFORMED: () => 'This is not the form of any code: check the characters.',
    CODE_UNKNOWN: () => 'There is no voucher with this code: check it.',
    CODE_CHECK_FAILED: () => 'The code was mistyped or misread (its check character does not fit): read or type it again.',
    NOT_ISSUED: () => 'This voucher has not been given to a customer yet.',
    ALREADY_REDEEMED: () => 'The voucher has been redeemed already.',
    BALANCE_EMPTY: (facts, format) => {
      const [left, wanted] = [sum(facts.actual, facts, format), sum(facts.required, facts, format)];
      return left === undefined || wanted === undefined
        ? 'Nothing is left on the gift card.'
        : `There is ${left} left on the gift card, and ${wanted} was taken.`;
    },
    HELD_ELSEWHERE: (facts, format) => `Another order holds the voucher${facts.at === undefined ? '' : ` until ${format.hour(facts.at)}`}.`,
    HOLD_EXPIRED: (facts, format) =>
      `The hold is over${facts.at === undefined ? '' : ` since ${at(facts.at, format)}`}. Enter the code again.`,
    HOLD_MISMATCH: () => 'The order is not the one the hold was made for: hold the voucher again.',
    BLOCKED: () => 'The voucher is blocked.',
    CANCELLED: () => 'The voucher is cancelled.',
    CAMPAIGN_NOT_ACTIVE: (facts) => `The campaign${called(facts.name)} is not active.`,
    CAMPAIGN_NOT_STARTED: (facts, format) =>
      `The campaign${called(facts.name)} ${facts.date === undefined ? 'has not begun' : `begins on ${format.day(facts.date)}`}.`,
    CAMPAIGN_ENDED: (facts, format) =>
      `The campaign${called(facts.name)} ${facts.date === undefined ? 'is over' : `ended on ${format.day(facts.date)}`}.`,
    CAMPAIGN_PAUSED: (facts) => `The campaign${called(facts.name)} is paused.`,
    VOUCHER_NOT_STARTED: (facts, format) =>
      facts.at === undefined ? 'The voucher is not valid yet.' : `The voucher is valid from ${at(facts.at, format)}.`,
    VOUCHER_EXPIRED: (facts, format) =>
      facts.at === undefined ? 'The voucher has expired.' : `The voucher expired on ${at(facts.at, format)}.`,
    WRONG_STORE: (facts, format) => {
      const where = facts.name === undefined ? 'here' : `in ${facts.name}`;
      return `The voucher is not valid ${where}${facts.storeNames?.length ? `; it is valid in ${format.list(facts.storeNames)}` : ''}.`;
    },
    WRONG_CHANNEL: (facts, format) => {
      const channels = facts.channels?.map((channel) => CHANNELS[channel] ?? channel) ?? [];
      return `The voucher is not valid for this kind of sale${channels.length === 0 ? '' : `; it is valid for ${format.list(channels)}`}.`;
    },
    WRONG_CURRENCY: (facts) =>
      facts.currency === undefined || facts.name === undefined
        ? 'The currency does not fit.'
        : `The order is in ${facts.currency}; the voucher is good in ${facts.name} only.`,
    CUSTOMER_REQUIRED: () => 'This voucher needs to know the customer: identify them first.',
    CUSTOMER_UNKNOWN: () => 'There is no customer with this id.',
    OTHER_CUSTOMER: () => 'The voucher belongs to another customer.',
    ORDER_BELOW_MINIMUM: (facts, format) => {
      const [required, actual] = [sum(facts.required, facts, format), sum(facts.actual, facts, format)];
      const missing = sum((facts.required ?? 0) - (facts.actual ?? 0), facts, format);
      return required === undefined || actual === undefined
        ? 'The order is below the minimum.'
        : `${missing} more is needed: the order comes to ${actual}, the minimum is ${required}.`;
    },
    ORDER_ABOVE_MAXIMUM: (facts, format) => {
      const [required, actual] = [sum(facts.required, facts, format), sum(facts.actual, facts, format)];
      const over = sum((facts.actual ?? 0) - (facts.required ?? 0), facts, format);
      return required === undefined || actual === undefined
        ? 'The order is above the maximum.'
        : `The order comes to ${actual}, ${over} above the maximum of ${required}.`;
    },
    TRIGGER_QUANTITY_NOT_MET: (facts, format) =>
      facts.quantityRequired === undefined || facts.quantityActual === undefined
        ? 'There are too few eligible items.'
        : `${items(facts.quantityRequired, format)} ${facts.quantityRequired === '1' ? 'is' : 'are'} needed; the order has ${format.quantity(facts.quantityActual)}.`,
    NO_ELIGIBLE_ITEM: () => 'The order has no item that the voucher is for.',
    ALL_ITEMS_ALREADY_DISCOUNTED: () => 'All items that the voucher is for are discounted already.',
    LINES_LOCKED: (facts, format) => {
      const [then, now] = [sum(facts.required, facts, format), sum(facts.actual, facts, format)];
      const detail =
        then === undefined || now === undefined ? '' : ` Line ${facts.name ?? ''} has a discount of ${now} now and had ${then} then.`;
      return `A line discount was added after a voucher had been taken off the whole order.${detail} Take it off, or take the voucher back first.`;
    },
    NO_EFFECT: () => 'The voucher would give nothing: there is nothing left to take it off.',
    LIMIT_VOUCHER: limit,
    LIMIT_CUSTOMER: limit,
    LIMIT_STORE: limit,
    LIMIT_TILL: limit,
    LIMIT_ORDER: limit,
    LIMIT_CAMPAIGN: limit,
    LIMIT_MAIN_CAMPAIGN: limit,
    BUDGET_EXHAUSTED: (facts, format) => {
      const [required, actual] = [sum(facts.required, facts, format), sum(facts.actual, facts, format)];
      if (required === undefined || actual === undefined) return `The budget of the campaign${called(facts.name)} is used up.`;
      const held = facts.at === undefined ? '' : `; more may come free by ${format.hour(facts.at)}`;
      return `The voucher would give ${required}, but ${actual} is left of the budget of the campaign${called(facts.name)}${held}.`;
    },
    NOT_COMBINABLE: (facts) => `It cannot be combined: a voucher of the same group${called(facts.name)} is on the order.`,
    EXCLUSIVE_LOST: () => 'It cannot be combined: one of the vouchers on the order stands alone.',
    TOO_MANY_VOUCHERS: (facts, format) =>
      facts.quantityRequired === undefined
        ? 'Only one part payment by voucher is taken on an order.'
        : `The store takes ${format.quantity(facts.quantityRequired)} ${facts.quantityRequired === '1' ? 'voucher' : 'vouchers'} on an order; ${format.quantity(facts.quantityActual ?? facts.quantityRequired)} ${facts.quantityActual === '1' ? 'is' : 'are'} on it.`,
    DUPLICATE_TRANSACTION: (facts) =>
      `This code was already redeemed on this very order${facts.name === undefined ? '' : ` (${facts.name})`}.`,
    IDEMPOTENCY_KEY_REUSED: () => 'The idempotency key belongs to another request: take a new one.',
    ALREADY_REVERSED: () => 'Nothing is left to take back.',
    REVERSAL_EXCEEDS: (facts, format) => {
      const [required, actual] = [sum(facts.required, facts, format), sum(facts.actual, facts, format)];
      if (required !== undefined && actual !== undefined) return `${required} is to be taken back, but only ${actual} is left.`;
      if (facts.quantityRequired === undefined || facts.quantityActual === undefined) return 'More is to be taken back than is left.';
      return `${format.quantity(facts.quantityRequired)} of line ${facts.name ?? ''} is to be taken back, but only ${format.quantity(facts.quantityActual)} is left.`;
    },
    ...englishConditions,
    TOO_MANY_ATTEMPTS: () => 'Too many wrong codes: wait a minute and try again.',
  },
  publicReasons: {
    NOT_USABLE: 'This code cannot be used.',
    NOT_NOW: 'This voucher cannot be used now.',
    NOT_HERE: 'This voucher cannot be used here.',
    NOT_THIS_BASKET: 'This voucher cannot be used with this order.',
    SIGN_IN: 'Sign in to use this voucher.',
    TRY_LATER: 'Please try again later.',
  },
  nearest: {
    addAmount: (money) => `Add ${money} to the order.`,
    addQuantity: (quantity, skus, format) => `Add ${items(quantity, format)}${skus.length === 0 ? '' : `: ${skus.join(', ')}`}.`,
    window: (from, until, format) =>
      `Valid${from === undefined ? '' : ` from ${at(from, format)}`}${until === undefined ? '' : ` until ${at(until, format)}`}.`,
    stores: (names, count, format) =>
      names.length === 0 ? `Valid in ${count} other ${count === 1 ? 'store' : 'stores'}.` : `Valid in ${format.list(names)}.`,
  },
};
