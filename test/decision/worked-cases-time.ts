import type { CampaignTerms } from '../../src/domain/decision/decision.types.ts';
import type { ReasonCode } from '../../src/domain/shared/reasons.ts';
import { line, percentOff } from './builders.ts';
import { voucherOf, type WorkedCase } from './worked-case.ts';

interface Moment extends Pick<WorkedCase, 'title' | 'why' | 'guest'> {
  readonly says: string;
  readonly placedAt: string;
  readonly terms: Partial<CampaignTerms>;
  readonly refused?: ReasonCode;
}

const lastDay: Partial<CampaignTerms> = { endsOn: '2026-05-08' };
const friday = { conditions: { windows: [{ weekdays: ['FRI' as const], from: '22:00', to: '02:00' }] } };
const birthday = { conditions: { birthdayWindow: { daysBefore: 0, daysAfter: 0 } } };
const leapling = { birthday: '2000-02-29' };

const MOMENTS: readonly Moment[] = [
  {
    title: 'After midnight of a Friday',
    why: 'Half past one on Saturday is still Friday’s business day, and within its hours.',
    says: '10 % off, FRI 22:00 to 02:00',
    placedAt: '2026-05-09T01:30:00+02:00',
    terms: friday,
  },
  {
    title: 'After midnight of a Thursday',
    why: 'Half past one on Friday is Thursday’s business day: the calendar says Friday, the house does not.',
    says: '10 % off, FRI 22:00 to 02:00',
    placedAt: '2026-05-08T01:30:00+02:00',
    terms: friday,
    refused: 'WRONG_WEEKDAY',
  },
  {
    title: 'The last minute of the last day',
    why: 'The business day of 8 May ends at 04:00 on the 9th.',
    says: '10 % off to 8 May 2026',
    placedAt: '2026-05-09T03:59:00+02:00',
    terms: lastDay,
  },
  {
    title: 'A minute later',
    why: 'It is over.',
    says: '10 % off to 8 May 2026',
    placedAt: '2026-05-09T04:00:00+02:00',
    terms: lastDay,
    refused: 'CAMPAIGN_ENDED',
  },
  {
    title: 'The hour that comes twice',
    why: 'On 25 October 2026 the clock strikes 02:30 in summer time and again in winter time: both times are within the hours.',
    says: '10 % off, SAT 02:15 to 02:45',
    placedAt: '2026-10-25T02:30:00+01:00',
    terms: { conditions: { windows: [{ weekdays: ['SAT'], from: '02:15', to: '02:45' }] } },
  },
  {
    title: 'The hour that does not come',
    why: 'On 28 March 2027 the clock jumps from 02:00 to 03:00: of 02:30 to 03:30 there is 03:00 to 03:30, and 03:15 is in it.',
    says: '10 % off, SAT 02:30 to 03:30',
    placedAt: '2027-03-28T03:15:00+02:00',
    terms: { conditions: { windows: [{ weekdays: ['SAT'], from: '02:30', to: '03:30' }] } },
  },
  {
    title: 'Born on 29 February, in a common year',
    why: '2027 has none: the birthday is the 28th.',
    says: '10 % off on the birthday',
    placedAt: '2027-02-28T21:00:00+01:00',
    terms: birthday,
    guest: leapling,
  },
  {
    title: 'Born on 29 February, the day before in a leap year',
    why: '2028 has one: the 28th is the day before the birthday.',
    says: '10 % off on the birthday',
    placedAt: '2028-02-28T21:00:00+01:00',
    terms: birthday,
    guest: leapling,
    refused: 'OUTSIDE_BIRTHDAY_WINDOW',
  },
  {
    title: 'Born on 29 February, after midnight in a leap year',
    why: 'At half past one on 1 March it is still the business day of the 29th.',
    says: '10 % off on the birthday',
    placedAt: '2028-03-01T01:30:00+01:00',
    terms: birthday,
    guest: leapling,
  },
];

/** When it is, on the clock of the house: each is a menu of 10.00 with 10 % off. */
export const TIME_CASES: readonly WorkedCase[] = MOMENTS.map(({ says, terms, refused, ...moment }) => ({
  ...moment,
  lines: [line('menu', 1000)],
  vouchers: [voucherOf('TEN', says, percentOff('10'), terms)],
  ...(refused === undefined
    ? { gives: { TEN: { amount: 100, shares: 'menu/1:100' } }, due: 900, tax: '10:818+82' }
    : { gives: {}, refused: { TEN: refused }, due: 1000, tax: '10:909+91' }),
}));
