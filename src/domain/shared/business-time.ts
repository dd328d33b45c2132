import { Temporal } from 'temporal-polyfill';
import type { LimitPeriod } from './limit-words.ts';

/** What a store's business time hangs on. */
export interface BusinessClock {
  /** IANA zone */
  readonly timeZone: string;
  /** HH:MM local; the business day begins here. */
  readonly businessDayStart: string;
}

interface DayRange {
  readonly day: string;
  readonly from: number;
  readonly until: number;
  /** Of local time from UTC in ms; null on a day on which the clocks change. */
  readonly offset: number | null;
}

/** What was worked out for one zone and cut-off: zone arithmetic costs more than the rest of a decision together. */
interface Calendar {
  readonly starts: Map<string, number>;
  readonly recent: DayRange[];
}

const MAX_CALENDARS = 500;
const MAX_STARTS = 2_000;
const MAX_RECENT = 8;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** A memo of pure results, bounded; it can be emptied at any time without anybody noticing. */
const calendars = new Map<string, Calendar>();

function calendarOf(clock: BusinessClock): Calendar {
  const key = `${clock.timeZone}|${clock.businessDayStart}`;
  const known = calendars.get(key);
  if (known !== undefined) return known;
  if (calendars.size >= MAX_CALENDARS) calendars.clear();
  const made: Calendar = { starts: new Map(), recent: [] };
  calendars.set(key, made);
  return made;
}

/** The business day of an instant, YYYY-MM-DD. */
export function businessDay(epochMs: number, clock: BusinessClock): string {
  return dayRange(epochMs, clock).day;
}

function dayRange(epochMs: number, clock: BusinessClock): DayRange {
  const { recent } = calendarOf(clock);
  for (const range of recent) if (epochMs >= range.from && epochMs < range.until) return range;
  const range = findDay(epochMs, clock);
  if (recent.length >= MAX_RECENT) recent.pop();
  recent.unshift(range);
  return range;
}

/** Days are bounded by instants, so that an hour that comes twice, or never, still lies in exactly one day. */
function findDay(epochMs: number, clock: BusinessClock): DayRange {
  const local = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(clock.timeZone).toPlainDate().toString();
  let day = local;
  if (epochMs < businessDayStart(day, clock)) day = addDays(day, -1);
  else if (epochMs >= businessDayEnd(day, clock)) day = addDays(day, 1);
  const from = businessDayStart(day, clock);
  const until = businessDayEnd(day, clock);
  const offset = offsetAt(from, clock);
  return { day, from, until, offset: offsetAt(until, clock) === offset ? offset : null };
}

const offsetAt = (epochMs: number, clock: BusinessClock): number =>
  Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(clock.timeZone).offsetNanoseconds / 1_000_000;

/** What a clock in the store shows, in whole minutes from 0 to 1,439. */
export function localMinute(epochMs: number, clock: BusinessClock): number {
  const offset = dayRange(epochMs, clock).offset ?? offsetAt(epochMs, clock);
  return Math.floor((((epochMs + offset) % DAY_MS) + DAY_MS) / MINUTE_MS) % (DAY_MS / MINUTE_MS);
}

/** Every instant of a business day at which a clock in the store may come to show `time` (HH:MM), or jumps: between two of these it runs on evenly. */
export function turningPoints(day: string, times: readonly string[], clock: BusinessClock): number[] {
  const from = businessDayStart(day, clock);
  const until = businessDayEnd(day, clock);
  const points = new Set([from]);
  for (const date of [day, addDays(day, 1)]) {
    for (const time of times) {
      const local = Temporal.PlainDateTime.from(`${date}T${time}`);
      for (const disambiguation of ['earlier', 'later'] as const)
        points.add(local.toZonedDateTime(clock.timeZone, { disambiguation }).epochMilliseconds);
    }
  }
  const jump = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(clock.timeZone).getTimeZoneTransition('next');
  if (jump !== null) points.add(jump.epochMilliseconds);
  return [...points].filter((point) => point >= from && point < until).sort((a, b) => a - b);
}

/** The instant a business day begins, epoch ms. A cut-off that the clocks skip comes an hour later, one that comes twice the first time. */
export function businessDayStart(day: string, clock: BusinessClock): number {
  const { starts } = calendarOf(clock);
  const known = starts.get(day);
  if (known !== undefined) return known;
  const start = Temporal.PlainDateTime.from(`${day}T${clock.businessDayStart}`).toZonedDateTime(clock.timeZone).epochMilliseconds;
  if (starts.size >= MAX_STARTS) starts.clear();
  starts.set(day, start);
  return start;
}

/** The instant after an inclusive last day, epoch ms. */
export const businessDayEnd = (day: string, clock: BusinessClock): number => businessDayStart(addDays(day, 1), clock);

/** '' for EVER, else "2026-05-03", "2026-W18", "2026-05", "2026" of a business day. */
export function periodKey(period: LimitPeriod, day: string): string {
  switch (period) {
    case 'EVER':
      return '';
    case 'BUSINESS_DAY':
      return day;
    case 'WEEK': {
      // The ISO week belongs to the year of its Thursday.
      const thursday = addDays(day, 4 - isoWeekday(day));
      const week = Math.floor((utc(thursday) - utc(`${thursday.slice(0, 4)}-01-01`)) / (7 * DAY_MS)) + 1;
      return `${thursday.slice(0, 4)}-W${String(week).padStart(2, '0')}`;
    }
    case 'MONTH':
      return day.slice(0, 7);
    case 'YEAR':
      return day.slice(0, 4);
  }
}

/** When the period that holds this business day gives way to the next, epoch ms; null for EVER. */
export function periodEnd(period: LimitPeriod, day: string, clock: BusinessClock): number | null {
  switch (period) {
    case 'EVER':
      return null;
    case 'BUSINESS_DAY':
      return businessDayEnd(day, clock);
    case 'WEEK':
      return businessDayStart(addDays(day, 8 - isoWeekday(day)), clock);
    case 'MONTH':
      return businessDayStart(`${addDays(`${day.slice(0, 7)}-01`, 31).slice(0, 7)}-01`, clock);
    case 'YEAR':
      return businessDayStart(`${String(Number(day.slice(0, 4)) + 1).padStart(4, '0')}-01-01`, clock);
  }
}

/** The calendar day so many days later; plain dates have no zone. */
export function addDays(day: string, days: number): string {
  const text = new Date(utc(day) + days * DAY_MS).toISOString();
  // The day after 9999-12-31 is written with six digits of year.
  return text.slice(0, text.indexOf('T'));
}

const utc = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/** Monday 1 to Sunday 7. */
const isoWeekday = (day: string): number => new Date(utc(day)).getUTCDay() || 7;

/** A day that exists, written YYYY-MM-DD. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(utc(text)) && addDays(text, 0) === text;
}

export function isTimeZone(text: string): boolean {
  // Offsets such as "+02:00" are no zones: they know no daylight saving.
  return /^[A-Za-z]/.test(text) && zoneExists(text);
}

function zoneExists(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
