import { Temporal } from 'temporal-polyfill';
import type { Step } from './definition.schema.ts';

const WEEKDAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];

/** The zone and cut-off of a run whose event has no store: what a store is given when it says nothing of its own. */
export const DEFAULT_PLACE: Place = { timeZone: 'Europe/Madrid', businessDayStart: '04:00' };

export interface Place {
  /** IANA zone */
  readonly timeZone: string;
  /** HH:MM */
  readonly businessDayStart: string;
}

/** Milliseconds of a duration; days have 24 hours, for pauses that no calendar cares for. */
export function lengthOf(duration: string): number {
  return Temporal.Duration.from(duration).total({ unit: 'milliseconds', relativeTo: Temporal.PlainDate.from('2000-01-01') });
}

/**
 * The next instant after `epochMs` at which the clock on the wall shows `time`; with a weekday, on that business day: with a cut-off
 * at 04:00, 01:00 on FRI is in the night to Saturday.
 */
export function nextTime(
  epochMs: number,
  until: { readonly time: string; readonly weekday?: string | undefined },
  { timeZone, businessDayStart }: Place,
): number {
  const now = Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone);
  const afterMidnight = until.time < businessDayStart;
  const wanted = until.weekday === undefined ? undefined : ((WEEKDAYS.indexOf(until.weekday) + (afterMidnight ? 1 : 0)) % 7) + 1;
  // Eight days, because today's may be over; one more where the clocks skip it.
  for (let days = 0; days <= 8; days++) {
    const date = now.toPlainDate().add({ days });
    if (wanted !== undefined && date.dayOfWeek !== wanted) continue;
    const at = date.toZonedDateTime({ timeZone, plainTime: until.time }).epochMilliseconds;
    if (at > epochMs) return at;
  }
  throw new RangeError(`No ${until.weekday ?? 'day'} ${until.time} comes after ${epochMs} in ${timeZone}.`);
}

/** The step of that id, wherever it stands. */
export function findStep(steps: readonly Step[], id: string): Step | undefined {
  for (const step of steps) {
    if (step.id === id) return step;
    const inside = step.branch === undefined ? undefined : (findStep(step.branch.then, id) ?? findStep(step.branch.else ?? [], id));
    if (inside !== undefined) return inside;
  }
  return undefined;
}

/** Of every step, branches included. */
export function stepIds(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => [step.id, ...stepIds(step.branch?.then ?? []), ...stepIds(step.branch?.else ?? [])]);
}
