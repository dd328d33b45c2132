import type { Day, Duration, Instant } from './plain.ts';

const iso = (epochMs: number, source: string): Instant => {
  if (!Number.isFinite(epochMs) || Math.abs(epochMs) > 8.64e15) throw new RangeError(`Not a time: ${source.slice(0, 40)}.`);
  return new Date(epochMs).toISOString();
};

const OFFSET = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)$/;
const PLAIN = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/;

/** Milliseconds in a duration of weeks, days, hours, minutes and seconds (`P1D`, `PT24H`); a day is 24 hours. Throws RangeError. */
export function durationMs(duration: Duration): number {
  const match = /^P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,3})?)S)?)?$/.exec(duration);
  if (!match) throw new RangeError(`Not a duration: ${duration.slice(0, 40)}.`);
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return Math.round(((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000);
}

/** `PT1.5S` for 1500; never negative. */
export const durationOf = (ms: number): Duration => `PT${Math.max(0, Math.ceil(ms)) / 1000}S`;

/** One reading for each way platforms write a time; a field's schema says which it is. All give UTC and throw RangeError. */
export const timeKit = {
  /** RFC 3339 with an offset or Z. */
  offset(text: string): Instant {
    if (!OFFSET.test(text)) throw new RangeError(`A time without an offset: ${text.slice(0, 40)}.`);
    return iso(Date.parse(text.replace(' ', 'T').replace(/([+-]\d\d)(\d\d)$/, '$1:$2')), text);
  },
  /** Declared UTC by the platform's documentation, written without suffix. */
  utc(text: string): Instant {
    if (!PLAIN.test(text)) throw new RangeError(`Not a time without an offset: ${text.slice(0, 40)}.`);
    return iso(Date.parse(`${text.replace(' ', 'T')}Z`), text);
  },
  /** Seconds since 1970. */
  seconds: (value: number | string): Instant => iso(Number(value) * 1000, String(value)),
  /** Milliseconds since 1970. */
  millis: (value: number | string): Instant => iso(Number(value), String(value)),
  /** `/Date(1700000000000+0000)/`; the offset says only how it was shown. */
  slashDate(text: string): Instant {
    const match = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/.exec(text);
    if (!match) throw new RangeError(`Not a /Date()/: ${text.slice(0, 40)}.`);
    return iso(Number(match[1]), text);
  },
  /** `yyyymmdd`: the platform's own business day. */
  compactDay(text: string): Day {
    const match = /^(\d{4})(\d\d)(\d\d)$/.exec(text);
    if (!match) throw new RangeError(`Not a day: ${text.slice(0, 40)}.`);
    const day = `${match[1]}-${match[2]}-${match[3]}`;
    if (iso(Date.parse(`${day}T00:00:00Z`), text).slice(0, 10) !== day) throw new RangeError(`Not a day: ${text}.`);
    return day;
  },
} as const;

export type TimeKit = typeof timeKit;
