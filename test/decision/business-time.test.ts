import { describe, expect, test } from '@jest/globals';
import {
  addDays,
  businessDay,
  businessDayEnd,
  businessDayStart,
  isDay,
  isTimeZone,
  periodEnd,
  periodKey,
} from '../../src/domain/shared/business-time.ts';

const madrid = { timeZone: 'Europe/Madrid', businessDayStart: '04:00' };
const at = (text: string): number => Date.parse(text);
const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

describe('the business day', () => {
  test.each([
    ['2026-05-03T12:00:00+02:00', '2026-05-03'],
    ['2026-05-04T03:59:59.999+02:00', '2026-05-03'],
    ['2026-05-04T04:00:00+02:00', '2026-05-04'],
    ['2026-01-01T02:00:00+01:00', '2025-12-31'],
    ['2026-05-02T23:00:00Z', '2026-05-02'],
  ])('%s lies in %s', (instant, day) => {
    expect(businessDay(at(instant), madrid)).toBe(day);
  });

  test('the night the clocks go forward is 23 hours long, the one they go back 25', () => {
    const hours = (day: string): number => (businessDayEnd(day, madrid) - businessDayStart(day, madrid)) / 3_600_000;
    expect([hours('2026-03-28'), hours('2026-03-29'), hours('2026-10-24'), hours('2026-10-25')]).toEqual([23, 24, 25, 24]);
    expect(businessDay(at('2026-03-29T01:30:00Z'), madrid)).toBe('2026-03-28');
    expect(businessDay(at('2026-03-29T02:00:00Z'), madrid)).toBe('2026-03-29');
  });

  test('a cut-off that the clocks skip, or repeat, still begins exactly one day', () => {
    const early = { timeZone: 'Europe/Madrid', businessDayStart: '02:30' };
    expect(iso(businessDayStart('2026-03-29', early))).toBe('2026-03-29T01:30:00.000Z');
    expect(iso(businessDayStart('2026-10-25', early))).toBe('2026-10-25T00:30:00.000Z');
    // 02:15 the second time: after the cut-off of the first time, so already the 25th.
    expect(businessDay(at('2026-10-25T01:15:00Z'), early)).toBe('2026-10-25');
    for (let ms = at('2026-10-24T00:00:00Z'); ms < at('2026-10-26T06:00:00Z'); ms += 900_000) {
      const day = businessDay(ms, early);
      expect(ms >= businessDayStart(day, early) && ms < businessDayEnd(day, early)).toBe(true);
    }
  });

  test('zones far from Greenwich and cut-offs late in the day', () => {
    expect(businessDay(at('2026-05-03T11:00:00Z'), { timeZone: 'Pacific/Auckland', businessDayStart: '04:00' })).toBe('2026-05-03');
    expect(businessDay(at('2026-05-03T17:00:00Z'), { timeZone: 'Pacific/Auckland', businessDayStart: '04:00' })).toBe('2026-05-04');
    expect(businessDay(at('2026-05-03T17:00:00Z'), { timeZone: 'UTC', businessDayStart: '18:00' })).toBe('2026-05-02');
  });
});

describe('periods of limits', () => {
  test.each([
    ['EVER', '2026-05-03', '', null],
    ['BUSINESS_DAY', '2026-05-03', '2026-05-03', '2026-05-04T02:00:00.000Z'],
    ['WEEK', '2026-05-03', '2026-W18', '2026-05-04T02:00:00.000Z'],
    ['WEEK', '2026-05-04', '2026-W19', '2026-05-11T02:00:00.000Z'],
    ['WEEK', '2025-12-29', '2026-W01', '2026-01-05T03:00:00.000Z'],
    ['WEEK', '2027-01-03', '2026-W53', '2027-01-04T03:00:00.000Z'],
    ['MONTH', '2026-12-31', '2026-12', '2027-01-01T03:00:00.000Z'],
    ['MONTH', '2026-01-31', '2026-01', '2026-02-01T03:00:00.000Z'],
    ['YEAR', '2026-05-03', '2026', '2027-01-01T03:00:00.000Z'],
  ] as const)('%s of %s is %j and ends at %s', (period, day, key, end) => {
    expect(periodKey(period, day)).toBe(key);
    expect(iso(periodEnd(period, day, madrid))).toBe(end);
  });
});

test('days and zones are checked by what exists', () => {
  expect(['2026-02-29', '2028-02-29', '2026-13-01', '26-1-1', '9999-12-31'].map(isDay)).toEqual([false, true, false, false, true]);
  expect(['Europe/Madrid', 'Europe/Sevilla', '+02:00', '', 'UTC'].map(isTimeZone)).toEqual([true, false, false, false, true]);
  expect(addDays('9999-12-31', 1)).toBe('+010000-01-01');
  expect(Number.isFinite(businessDayEnd('9999-12-31', madrid))).toBe(true);
});
