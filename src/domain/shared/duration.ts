import { Temporal } from 'temporal-polyfill';

/** An ISO 8601 duration in whole numbers: PT30M, P45D, P1M. */
export const DURATION = /^P(?=\d|T\d)(\d{1,4}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,5}D)?(T(?=\d)(\d{1,6}H)?(\d{1,7}M)?(\d{1,8}S)?)?$/;

/** An instant later by an ISO 8601 duration, as a calendar on the wall of that zone counts: P1D keeps the time of day over a change of the clocks. */
export function later(epochMs: number, duration: string, { timeZone }: { readonly timeZone: string }): number {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone).add(duration).epochMilliseconds;
}
