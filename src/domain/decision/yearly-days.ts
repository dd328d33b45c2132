import type { DayWindow } from '../campaign/campaign.types.ts';
import { addDays, isDay } from '../shared/business-time.ts';

/** The day of that year. Who was born on 29 February has the 28th in a common year, so that the day stays in its month. */
function dayInYear(date: string, year: number): string {
  const day = `${String(year).padStart(4, '0')}${date.slice(4)}`;
  return isDay(day) ? day : `${day.slice(0, 8)}28`;
}

/** Whether a business day lies in the window around the day of any year. */
export function isAround(day: string, date: string, { daysBefore, daysAfter }: DayWindow): boolean {
  const year = Number(day.slice(0, 4));
  // A window of up to a year on either side may reach over from the neighbours.
  return [year - 1, year, year + 1].some((of) => {
    const feast = dayInYear(date, of);
    return day >= addDays(feast, -daysBefore) && day <= addDays(feast, daysAfter);
  });
}
