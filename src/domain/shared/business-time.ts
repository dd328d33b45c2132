import type { LimitPeriod } from './limit-words.ts';

/** What a store's business time hangs on. */
export interface BusinessClock {
  /** IANA zone */
  readonly timeZone: string;
  /** HH:MM local; the business day begins here. */
  readonly businessDayStart: string;
}

const stub = (..._args: unknown[]): never => { throw new Error('not built yet'); };

/** The business day of an instant, YYYY-MM-DD. */
export function businessDay(epochMs: number, clock: BusinessClock): string { return stub(epochMs, clock); }
/** The instant a business day begins, epoch ms. */
export function businessDayStart(day: string, clock: BusinessClock): number { return stub(day, clock); }
/** The instant after an inclusive last day, epoch ms. */
export function businessDayEnd(day: string, clock: BusinessClock): number { return stub(day, clock); }
/** '' for EVER, else "2026-05-03", "2026-W18", "2026-05", "2026" of a business day. */
export function periodKey(period: LimitPeriod, day: string): string { return stub(period, day); }
/** When the period that holds this business day gives way to the next, epoch ms; null for EVER. */
export function periodEnd(period: LimitPeriod, day: string, clock: BusinessClock): number | null { return stub(period, day, clock); }
export function isTimeZone(text: string): boolean { return stub(text); }
