import type { TimeWindow } from '../campaign/campaign.types.ts';
import { addDays, type BusinessClock, businessDay, businessDayEnd, localMinute, turningPoints } from '../shared/business-time.ts';
import { weekdayOf } from '../shared/weekdays.ts';

/** How far ahead an opening is looked for: two birthdays, whatever the weekday. */
const MOST_DAYS = 800;

/** The windows of one campaign; left out, it is open all day. */
export type Windows = readonly TimeWindow[] | undefined;

export const windowsOn = (windows: readonly TimeWindow[], day: string): readonly TimeWindow[] => {
  const weekday = weekdayOf(day);
  return windows.filter((window) => window.weekdays.includes(weekday));
};

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** By the clock of the store alone; which business day it is was asked before. */
export const isWithin = (minute: number, { from, to }: Pick<TimeWindow, 'from' | 'to'>): boolean => {
  const [start, end] = [minuteOf(from), minuteOf(to)];
  return start < end ? minute >= start && minute < end : minute >= start || minute < end;
};

/** Beyond this nobody asks when an opening ends. */
const LONGEST_DAYS = 60;

/** Half-open, epoch ms; `until` null = no end in sight. */
export interface Opening {
  readonly from: number;
  readonly until: number | null;
}

/**
 * The next stretch, from `after` on, in which every one of the lists is open, on business days that `allows`. null where there is none,
 * or none within two years.
 */
export function nextOpening(
  after: number,
  lists: readonly Windows[],
  clock: BusinessClock,
  allows: (day: string) => boolean,
): Opening | null {
  const asked = lists.flatMap((windows) => (windows === undefined ? [] : [windows]));
  const openOn = (day: string): Stretch | null => {
    const today = asked.map((windows) => windowsOn(windows, day));
    return allows(day) && today.every((windows) => windows.length > 0) ? stretchOn(day, after, today, clock) : null;
  };
  let day = businessDay(after, clock);
  for (let n = 0; n < MOST_DAYS; n += 1, day = addDays(day, 1)) {
    const first = openOn(day);
    if (first !== null) return { from: first.from, until: endOf(first, day, openOn, clock) };
  }
  return null;
}

interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** Where it lasts to the end of a business day, the next one may go on with it. */
function endOf(first: Stretch, day: string, openOn: (day: string) => Stretch | null, clock: BusinessClock): number | null {
  let { until } = first;
  let last = day;
  for (let n = 0; n < LONGEST_DAYS && until === businessDayEnd(last, clock); n += 1) {
    last = addDays(last, 1);
    const next = openOn(last);
    if (next === null || next.from > until) return until;
    until = next.until;
  }
  return until === businessDayEnd(last, clock) ? null : until;
}

/** The first on that business day. */
function stretchOn(day: string, after: number, today: readonly (readonly TimeWindow[])[], clock: BusinessClock): Stretch | null {
  const times = today.flatMap((windows) => windows.flatMap(({ from, to }) => [from, to]));
  const points = turningPoints(day, times, clock);
  const end = businessDayEnd(day, clock);
  const isOpen = (point: number): boolean => {
    const minute = localMinute(point, clock);
    return today.every((windows) => windows.some((window) => isWithin(minute, window)));
  };
  const first = points.findIndex((point, at) => (points[at + 1] ?? end) > after && isOpen(point));
  if (first === -1) return null;
  const close = points.findIndex((point, at) => at > first && !isOpen(point));
  return { from: Math.max(points[first] ?? after, after), until: close === -1 ? end : (points[close] ?? end) };
}
