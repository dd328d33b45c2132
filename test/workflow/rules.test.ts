import { describe, expect, it } from '@jest/globals';
import { later } from '../../src/domain/shared/duration.ts';
import { lengthOf, nextTime } from '../../src/domain/workflow/workflow.rules.ts';

const sevilla = { timeZone: 'Europe/Madrid', businessDayStart: '04:00' };
const at = (text: string) => Date.parse(text);
const text = (epochMs: number) => new Date(epochMs).toISOString();

describe('waiting until a time of the store', () => {
  it.each([
    ['later today', '2026-05-06T10:00:00Z', { time: '19:00' }, '2026-05-06T17:00:00.000Z'],
    ['tomorrow, when it is over', '2026-05-06T18:00:00Z', { time: '19:00' }, '2026-05-07T17:00:00.000Z'],
    ['tomorrow, when it is now', '2026-05-06T17:00:00Z', { time: '19:00' }, '2026-05-07T17:00:00.000Z'],
    ['this Friday', '2026-05-06T10:00:00Z', { time: '19:00', weekday: 'FRI' }, '2026-05-08T17:00:00.000Z'],
    ['Friday in a week, when it is over', '2026-05-08T17:00:00Z', { time: '19:00', weekday: 'FRI' }, '2026-05-15T17:00:00.000Z'],
    [
      'the night of Friday, before the kitchen closes',
      '2026-05-06T10:00:00Z',
      { time: '01:30', weekday: 'FRI' },
      '2026-05-08T23:30:00.000Z',
    ],
    ['the night of Sunday', '2026-05-06T10:00:00Z', { time: '01:30', weekday: 'SUN' }, '2026-05-10T23:30:00.000Z'],
    ['over the change of the clocks', '2026-10-24T18:00:00Z', { time: '19:00' }, '2026-10-25T18:00:00.000Z'],
    ['an hour that the clocks skip', '2026-03-28T12:00:00Z', { time: '02:30' }, '2026-03-29T01:30:00.000Z'],
  ])('%s', (_, now, until, expected) => {
    expect(text(nextTime(at(now), until, sevilla))).toBe(expected);
  });

  it('goes by the zone of the store', () => {
    expect(text(nextTime(at('2026-05-06T10:00:00Z'), { time: '19:00' }, { timeZone: 'Atlantic/Canary', businessDayStart: '04:00' }))).toBe(
      '2026-05-06T18:00:00.000Z',
    );
  });
});

describe('a duration', () => {
  it('in days keeps the time of day', () => {
    expect(text(later(at('2026-10-24T17:00:00Z'), 'P1D', sevilla))).toBe('2026-10-25T18:00:00.000Z');
    expect(text(later(at('2026-10-24T17:00:00Z'), 'PT24H', sevilla))).toBe('2026-10-25T17:00:00.000Z');
    expect(text(later(at('2026-01-31T11:00:00Z'), 'P1M', sevilla))).toBe('2026-02-28T11:00:00.000Z');
  });

  it('has a length for pauses', () => {
    expect(lengthOf('PT1M30S')).toBe(90_000);
    expect(lengthOf('P1DT1S')).toBe(86_401_000);
  });
});
