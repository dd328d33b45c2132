import type { Conditions } from '../../src/domain/campaign/campaign.types.ts';
import { decide } from '../../src/domain/decision/decide.ts';
import type { CodeOutcome } from '../../src/domain/decision/decision.types.ts';
import { campaign, found, input, line, percentOff } from './builders.ts';

/** What is expected of an order at a moment, found by hand; instants with the offset of the store's clock. */
export interface WorkedHour {
  readonly says: string;
  readonly conditions: Conditions;
  readonly main?: Conditions;
  readonly placedAt: string;
  readonly why: string;
  /** null = it holds. */
  readonly reason: 'WRONG_WEEKDAY' | 'WRONG_HOUR' | 'BLACKOUT_DAY' | null;
  /** The next opening. */
  readonly next?: readonly [from: string, until: string | null];
}

const fridayNight: Conditions = { windows: [{ weekdays: ['FRI'], from: '22:00', to: '02:00' }] };
const overTheCutOff: Conditions = { windows: [{ weekdays: ['FRI'], from: '02:00', to: '06:00' }] };
const allFriday: Conditions = { windows: [{ weekdays: ['FRI'], from: '12:00', to: '12:00' }] };
const smallHours: Conditions = { windows: [{ weekdays: ['SAT'], from: '02:15', to: '02:45' }] };
const summerNight: Conditions = { windows: [{ weekdays: ['SAT'], from: '02:30', to: '03:30' }] };

export const WORKED_HOURS: readonly WorkedHour[] = [
  {
    says: 'FRI 22:00 to 02:00',
    conditions: fridayNight,
    placedAt: '2026-05-09T01:30:00+02:00',
    why: 'Saturday on the calendar, but still Friday’s business day',
    reason: null,
  },
  {
    says: 'FRI 22:00 to 02:00',
    conditions: fridayNight,
    placedAt: '2026-05-09T02:00:00+02:00',
    why: 'the end is outside',
    reason: 'WRONG_HOUR',
    next: ['2026-05-15T22:00:00+02:00', '2026-05-16T02:00:00+02:00'],
  },
  {
    says: 'FRI 22:00 to 02:00',
    conditions: fridayNight,
    placedAt: '2026-05-08T01:30:00+02:00',
    why: 'Thursday’s business day: it has no hours',
    reason: 'WRONG_WEEKDAY',
    next: ['2026-05-08T22:00:00+02:00', '2026-05-09T02:00:00+02:00'],
  },
  {
    says: 'FRI 02:00 to 06:00',
    conditions: overTheCutOff,
    placedAt: '2026-05-08T05:00:00+02:00',
    why: 'Friday’s business day has 05:00 at its beginning',
    reason: null,
  },
  {
    says: 'FRI 02:00 to 06:00',
    conditions: overTheCutOff,
    placedAt: '2026-05-09T03:00:00+02:00',
    why: 'and 03:00 at its end',
    reason: null,
  },
  {
    says: 'FRI 02:00 to 06:00',
    conditions: overTheCutOff,
    placedAt: '2026-05-09T04:30:00+02:00',
    why: 'Saturday’s business day',
    reason: 'WRONG_WEEKDAY',
    next: ['2026-05-15T04:00:00+02:00', '2026-05-15T06:00:00+02:00'],
  },
  {
    says: 'FRI 12:00 to 12:00',
    conditions: allFriday,
    placedAt: '2026-05-09T03:59:00+02:00',
    why: 'the whole business day, to its last minute',
    reason: null,
  },
  {
    says: 'FRI 12:00 to 12:00',
    conditions: allFriday,
    placedAt: '2026-05-09T04:00:00+02:00',
    why: 'and no longer',
    reason: 'WRONG_WEEKDAY',
    next: ['2026-05-15T04:00:00+02:00', '2026-05-16T04:00:00+02:00'],
  },
  {
    says: 'SAT 02:30 to 03:30',
    conditions: summerNight,
    placedAt: '2026-03-28T20:00:00+01:00',
    why: 'that night 02:00 to 03:00 is skipped: it opens when the clocks jump',
    reason: 'WRONG_HOUR',
    next: ['2026-03-29T03:00:00+02:00', '2026-03-29T03:30:00+02:00'],
  },
  {
    says: 'SAT 02:15 to 02:45',
    conditions: smallHours,
    placedAt: '2026-10-25T02:50:00+02:00',
    why: 'that night 02:00 to 03:00 comes twice: it opens twice',
    reason: 'WRONG_HOUR',
    next: ['2026-10-25T02:15:00+01:00', '2026-10-25T02:45:00+01:00'],
  },
  {
    says: 'FRI 22:00 to 02:00, not on 15 May 2026',
    conditions: { ...fridayNight, blackoutDays: ['2026-05-15'] },
    placedAt: '2026-05-16T01:00:00+02:00',
    why: 'the day that is left out is a business day too',
    reason: 'BLACKOUT_DAY',
    next: ['2026-05-22T22:00:00+02:00', '2026-05-23T02:00:00+02:00'],
  },
  {
    says: 'MON TUE 10:00 to 14:00; its main MON TUE 13:00 to 23:00',
    conditions: { windows: [{ weekdays: ['MON', 'TUE'], from: '10:00', to: '14:00' }] },
    main: { windows: [{ weekdays: ['MON', 'TUE'], from: '13:00', to: '23:00' }] },
    placedAt: '2026-05-11T12:00:00+02:00',
    why: 'both must be open',
    reason: 'WRONG_HOUR',
    next: ['2026-05-11T13:00:00+02:00', '2026-05-11T14:00:00+02:00'],
  },
];

export function decideHour({ conditions, main, placedAt }: WorkedHour): CodeOutcome | undefined {
  const terms = campaign(percentOff('10'), {
    conditions,
    main: main === undefined ? null : campaign(null, { id: 'cmp_main', conditions: main }),
  });
  return decide(input([line('menu', 1180)], [found('C', terms)], { placedAt: Date.parse(placedAt) })).outcomes[0];
}
