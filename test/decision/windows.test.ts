import { describe, expect, test } from '@jest/globals';
import type { TimeWindow } from '../../src/domain/campaign/campaign.types.ts';
import { isWithin, nextOpening, windowsOn } from '../../src/domain/decision/windows.ts';
import { isAround } from '../../src/domain/decision/yearly-days.ts';
import { type BusinessClock, businessDay, localMinute } from '../../src/domain/shared/business-time.ts';
import { WEEKDAYS, type Weekday, weekdayOf } from '../../src/domain/shared/weekdays.ts';
import { chanceOf } from '../helpers/basics.ts';

const MADRID: BusinessClock = { timeZone: 'Europe/Madrid', businessDayStart: '04:00' };
const at = (text: string): number => Date.parse(text);
const window = (from: string, to: string, ...weekdays: Weekday[]): TimeWindow => ({ weekdays, from, to });

/** As the rules ask it. */
function isOpen(instant: number, windows: readonly TimeWindow[], clock = MADRID): boolean {
  const minute = localMinute(instant, clock);
  return windowsOn(windows, businessDay(instant, clock)).some((one) => isWithin(minute, one));
}

describe('a window', () => {
  test.each([
    // May 2026: the 8th is a Friday; Madrid is two hours ahead of UTC.
    ['begins with its first minute', window('22:00', '02:00', 'FRI'), '2026-05-08T20:00:00Z', true],
    ['is not open a moment before', window('22:00', '02:00', 'FRI'), '2026-05-08T19:59:59.999Z', false],
    ['runs past midnight: Saturday 01:30 is still Friday’s business day', window('22:00', '02:00', 'FRI'), '2026-05-08T23:30:00Z', true],
    ['ends before its last minute', window('22:00', '02:00', 'FRI'), '2026-05-09T00:00:00Z', false],
    ['of Friday says nothing of the night from Thursday on', window('22:00', '02:00', 'FRI'), '2026-05-07T23:30:00Z', false],
    ['of the small hours is the night that ends the business day', window('00:30', '03:00', 'FRI'), '2026-05-08T23:00:00Z', true],
    ['and not the night before', window('00:30', '03:00', 'FRI'), '2026-05-07T23:00:00Z', false],
    ['over the cut-off lies at both ends of its business day: its morning', window('02:00', '06:00', 'FRI'), '2026-05-08T03:00:00Z', true],
    ['and its night', window('02:00', '06:00', 'FRI'), '2026-05-09T01:00:00Z', true],
    ['but not the next morning', window('02:00', '06:00', 'FRI'), '2026-05-09T02:30:00Z', false],
    ['from and to the same minute is the whole business day: its first', window('12:00', '12:00', 'FRI'), '2026-05-08T02:00:00Z', true],
    ['and its last', window('12:00', '12:00', 'FRI'), '2026-05-09T01:59:59Z', true],
    ['and no more', window('12:00', '12:00', 'FRI'), '2026-05-09T02:00:00Z', false],
    // 29 March 2026: 02:00 to 03:00 is skipped; it is Saturday's business day.
    ['an hour that is skipped never comes', window('02:00', '03:00', 'SAT'), '2026-03-29T01:00:00Z', false],
    ['what reaches over it goes on behind it', window('02:30', '03:30', 'SAT'), '2026-03-29T01:00:00Z', true],
    // 25 October 2026: 02:00 to 03:00 comes twice.
    ['an hour that comes twice is open the first time', window('02:00', '03:00', 'SAT'), '2026-10-25T00:30:00Z', true],
    ['and the second time', window('02:00', '03:00', 'SAT'), '2026-10-25T01:30:00Z', true],
  ])('%s', (_name, one, instant, open) => {
    expect(isOpen(at(instant), [one])).toBe(open);
  });
});

describe('the next opening', () => {
  const next = (after: string, windows: readonly TimeWindow[], allows: (day: string) => boolean = () => true) => {
    const found = nextOpening(at(after), [windows], MADRID, allows);
    return found && [new Date(found.from).toISOString(), found.until && new Date(found.until).toISOString()];
  };

  test('waits for the weekday and passes over days that are not allowed', () => {
    const friday = [window('22:00', '02:00', 'FRI')];
    expect(next('2026-05-04T10:00:00Z', friday)).toEqual(['2026-05-08T20:00:00.000Z', '2026-05-09T00:00:00.000Z']);
    expect(next('2026-05-04T10:00:00Z', friday, (day) => day !== '2026-05-08')).toEqual([
      '2026-05-15T20:00:00.000Z',
      '2026-05-16T00:00:00.000Z',
    ]);
  });

  test('behind the skipped hour begins when the clocks jump, and in the hour that comes twice at its first', () => {
    expect(next('2026-03-28T12:00:00Z', [window('02:30', '03:30', 'SAT')])).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-29T01:30:00.000Z',
    ]);
    expect(next('2026-10-24T12:00:00Z', [window('02:15', '02:45', 'SAT')])).toEqual([
      '2026-10-25T00:15:00.000Z',
      '2026-10-25T00:45:00.000Z',
    ]);
    expect(next('2026-10-25T00:45:00Z', [window('02:15', '02:45', 'SAT')])).toEqual([
      '2026-10-25T01:15:00.000Z',
      '2026-10-25T01:45:00.000Z',
    ]);
  });

  test('goes on over the cut-off where the next day goes on, and has no end where there is none in sight', () => {
    const weekend = [window('12:00', '12:00', 'FRI'), window('12:00', '12:00', 'SAT')];
    expect(next('2026-05-04T10:00:00Z', weekend)).toEqual(['2026-05-08T02:00:00.000Z', '2026-05-10T02:00:00.000Z']);
    expect(nextOpening(at('2026-05-04T10:00:00Z'), [undefined], MADRID, (day) => day > '2026-05-04')).toEqual({
      from: at('2026-05-05T02:00:00Z'),
      until: null,
    });
    expect(nextOpening(at('2026-05-04T10:00:00Z'), [undefined], MADRID, () => false)).toBeNull();
  });

  test('is what a scan minute by minute finds, in any zone, with any cut-off, when the clocks change too', () => {
    const chance = chanceOf(20_260_503);
    const zones = ['Europe/Madrid', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Atlantic/Azores', 'America/Santiago'];
    const days = ['2026-03-27', '2026-10-23', '2026-03-06', '2026-10-30', '2026-04-03', '2026-09-04', '2026-06-15'];
    const time = () => `${String(chance.below(24)).padStart(2, '0')}:${chance.pick(['00', '15', '30', '45'])}`;
    for (let n = 0; n < 150; n += 1) {
      const clock = { timeZone: chance.pick(zones), businessDayStart: chance.pick(['00:00', '02:30', '04:00', '06:00']) };
      const list = () =>
        Array.from({ length: 1 + chance.below(3) }, () => window(time(), time(), ...WEEKDAYS.filter(() => chance.next() < 0.4)));
      const lists = Array.from({ length: 1 + chance.below(2) }, list);
      const out = WEEKDAYS[chance.below(7)];
      const allows = (day: string) => weekdayOf(day) !== out;
      const after = at(`${chance.pick(days)}T00:00:00Z`) + chance.below(2_880) * 60_000;
      const open = (instant: number) => allows(businessDay(instant, clock)) && lists.every((windows) => isOpen(instant, windows, clock));
      const found = nextOpening(after, lists, clock, allows);
      const said = { n, clock, lists, out, after: new Date(after).toISOString() };
      let from = after;
      const scanned = after + 7 * 86_400_000;
      while (from < scanned && !open(from)) from += 60_000;
      if (from >= scanned) {
        expect({ ...said, late: found === null || found.from >= scanned }).toEqual({ ...said, late: true });
        continue;
      }
      let until = from;
      while (open(until)) until += 60_000;
      expect({ ...said, found }).toEqual({ ...said, found: { from, until } });
    }
  });
});

describe('a window around a day that comes every year', () => {
  test.each([
    ['the day itself', '2026-05-03', '1984-05-03', 0, 0, true],
    ['the day after', '2026-05-04', '1984-05-03', 0, 0, false],
    ['the first of the days before', '2026-04-26', '1984-05-03', 7, 0, true],
    ['one too early', '2026-04-25', '1984-05-03', 7, 0, false],
    ['the last of the days after', '2026-05-05', '1984-05-03', 7, 2, true],
    ['New Year’s Eve, seen from January', '2027-01-02', '1990-12-31', 0, 2, true],
    ['New Year’s Day, seen from December', '2026-12-30', '1990-01-01', 2, 0, true],
    ['and no earlier', '2026-12-29', '1990-01-01', 2, 0, false],
    ['29 February in a leap year', '2028-02-29', '2000-02-29', 0, 0, true],
    ['and not the day before', '2028-02-28', '2000-02-29', 0, 0, false],
    ['29 February in a common year is the 28th', '2026-02-28', '2000-02-29', 0, 0, true],
    ['and not 1 March', '2026-03-01', '2000-02-29', 0, 0, false],
    ['a whole year around', '2026-11-03', '1984-05-03', 183, 184, true],
  ])('%s', (_name, day, date, daysBefore, daysAfter, holds) => {
    expect(isAround(day, date, { daysBefore, daysAfter })).toBe(holds);
  });
});
