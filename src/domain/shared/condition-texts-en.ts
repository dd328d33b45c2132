import type { FailureFacts } from './reason-facts.ts';
import type { ConditionTexts } from './reason-texts.types.ts';
import type { TextFormat } from './text-format.ts';
import type { Weekday } from './weekdays.ts';

const WEEKDAYS: Readonly<Record<Weekday, string>> = {
  MON: 'Monday',
  TUE: 'Tuesday',
  WED: 'Wednesday',
  THU: 'Thursday',
  FRI: 'Friday',
  SAT: 'Saturday',
  SUN: 'Sunday',
};

const called = (name: string | undefined): string => (name === undefined ? '' : ` "${name}"`);
const hours = (facts: FailureFacts, format: TextFormat): string =>
  format.list((facts.hours ?? []).map(({ from, to }) => (from === to ? 'all day' : `from ${from} to ${to}`)));
const days = (n: number): string => `${n} ${n === 1 ? 'day' : 'days'}`;

function around(what: string, { around: window, unknown }: FailureFacts): string {
  if (unknown) return `The customer's ${what} is not known.`;
  if (window === undefined) return `It is not the time of the customer's ${what}.`;
  const { daysBefore, daysAfter } = window;
  if (daysBefore === 0 && daysAfter === 0) return `The voucher is valid on the customer's ${what} only.`;
  const from = daysBefore === 0 ? `the customer's ${what}` : `${days(daysBefore)} before the customer's ${what}`;
  return `The voucher is valid from ${from} to ${daysAfter === 0 ? 'the day itself' : `${days(daysAfter)} after it`}.`;
}

export const englishConditions: ConditionTexts = {
  WRONG_WEEKDAY: (facts, format) => {
    const valid = facts.weekdays?.map((weekday) => WEEKDAYS[weekday]) ?? [];
    return `The voucher is not valid on this weekday${valid.length === 0 ? '' : `; it is valid on ${format.list(valid)}`}.`;
  },
  WRONG_HOUR: (facts, format) =>
    `The voucher is not valid at this time${facts.hours === undefined ? '' : `; today it is valid ${hours(facts, format)}`}.`,
  BLACKOUT_DAY: (facts, format) =>
    `The campaign${called(facts.name)} leaves ${facts.date === undefined ? 'this day' : format.day(facts.date)} out.`,
  WRONG_PAYMENT_METHOD: (facts, format) => {
    if (facts.methods === undefined) return 'The voucher asks for another way of paying.';
    const methods = format.either(facts.methods);
    return facts.unknown
      ? `The voucher is valid for payment by ${methods}: say how the order is paid.`
      : `The voucher is valid for payment by ${methods} only.`;
  },
  CUSTOMER_GROUP_EXCLUDED: (facts) =>
    facts.name === undefined ? 'The customer is in a group that is left out.' : `Customers of the group "${facts.name}" are left out.`,
  NOT_IN_SEGMENT: (facts) => `The customer is not among those that the campaign${called(facts.name)} is for.`,
  OUTSIDE_BIRTHDAY_WINDOW: (facts) => around('birthday', facts),
  OUTSIDE_ANNIVERSARY_WINDOW: (facts) => around('anniversary', facts),
  NOT_FIRST_ORDER: () => 'The voucher is for the first order of a customer; this one has ordered already.',
  CONDITION_NOT_MET: (facts) => `The order does not meet a condition of the campaign${called(facts.name)}.`,
};
