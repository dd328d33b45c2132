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

/** Half-open, epoch ms. */
export interface Opening {
  readonly from: number;
  readonly until: number;
}

/**
 * The next stretch, from `after` on, in which every one of the lists is open, on a business day that `allows`: up to the end of that
 * business day at most. null where there is none, or none within two years.
 */
export function nextOpening(
  after: number,
  lists: readonly Windows[],
  clock: BusinessClock,
  allows: (day: string) => boolean,
): Opening | null {
  const asked = lists.flatMap((windows) => (windows === undefined ? [] : [windows]));
  let day = businessDay(after, clock);
  for (let n = 0; n < MOST_DAYS; n += 1, day = addDays(day, 1)) {
    if (!allows(day)) continue;
    const today = asked.map((windows) => windowsOn(windows, day));
    if (today.some((windows) => windows.length === 0)) continue;
    const opening = openingOn(day, after, today, clock);
    if (opening !== null) return opening;
  }
  return null;
}

function openingOn(day: string, after: number, today: readonly (readonly TimeWindow[])[], clock: BusinessClock): Opening | null {
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
