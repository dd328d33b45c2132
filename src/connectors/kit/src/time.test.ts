import { describe, expect, test } from '@jest/globals';
import { durationMs, durationOf, timeKit } from './time.ts';

describe('time', () => {
  test.each([
    [() => timeKit.offset('2026-03-06T20:15:00.25+01:00'), '2026-03-06T19:15:00.250Z'],
    [() => timeKit.offset('2026-03-06 20:15:00+0100'), '2026-03-06T19:15:00.000Z'],
    [() => timeKit.utc('2026-03-06T20:15:00'), '2026-03-06T20:15:00.000Z'],
    [() => timeKit.seconds('1772825400'), '2026-03-06T19:30:00.000Z'],
    [() => timeKit.millis(1772825400000), '2026-03-06T19:30:00.000Z'],
    [() => timeKit.slashDate('/Date(1772825400000+0100)/'), '2026-03-06T19:30:00.000Z'],
    [() => timeKit.compactDay('20260306'), '2026-03-06'],
  ])('%s', (read, expected) => expect(read()).toBe(expected));

  test.each([
    () => timeKit.offset('2026-03-06T20:15:00'),
    () => timeKit.utc('2026-03-06T20:15:00Z'),
    () => timeKit.seconds('soon'),
    () => timeKit.slashDate('2026-03-06'),
    () => timeKit.compactDay('20260230'),
    () => timeKit.compactDay('2026-03-06'),
  ])('%s is refused', (read) => expect(read).toThrow(RangeError));

  test('durations', () => {
    expect(durationMs('PT5M')).toBe(300_000);
    expect(durationMs('PT24H')).toBe(durationMs('P1D'));
    expect(durationMs('P1DT1.5S')).toBe(86_401_500);
    expect(durationMs(durationOf(1234))).toBe(1234);
    expect(durationOf(-1)).toBe('PT0S');
    for (const wrong of ['P', 'PT', '5M', 'P1M', 'P1Y', '']) expect(() => durationMs(wrong)).toThrow(RangeError);
  });
});
