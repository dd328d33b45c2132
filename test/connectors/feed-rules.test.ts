import { describe, expect, test } from '@jest/globals';
import type { Failure, Feed } from '@valehub/connector-kit';
import fc from 'fast-check';
import { factRows } from '../../src/connectors/feeds/fact-rows.ts';
import { type FailedReading, settleReading } from '../../src/connectors/feeds/pace.rules.ts';
import {
  afterPage,
  afterWindow,
  asked,
  dueSpan,
  firstWindow,
  type WindowFeed,
  windowsFrom,
} from '../../src/connectors/feeds/window.rules.ts';
import type { FeedPosition } from '../../src/domain/feed/feed.types.ts';

const MADRID = { timeZone: 'Europe/Madrid', businessDayStart: '04:00' };
const HOUR = 3_600_000;
const ms = (text: string) => Date.parse(text);
const feed = (given: object): WindowFeed =>
  ({
    every: 'PT5M',
    gives: ['order'],
    overlap: 'PT1H',
    complete: false,
    read: () => ({ facts: [], more: false }),
    ...given,
  }) as unknown as WindowFeed;
const byTime = (given: object = {}) => feed({ by: 'time', ...given });
const byDay = (given: object = {}) => feed({ by: 'businessDay', overlap: 'P1D', ...given });

/** All windows of a round, with how far each brings it. */
function round(of: WindowFeed, first: FeedPosition | undefined, nowMs: number): { window: object; readUpTo: string }[] {
  const windows: { window: object; readUpTo: string }[] = [];
  for (let at = first; at !== undefined; ) {
    const step = afterWindow(of, at, nowMs, MADRID);
    windows.push({ window: asked(at), readUpTo: new Date(step.readUpToMs ?? 0).toISOString() });
    at = step.position ?? undefined;
  }
  return windows;
}
const due = (of: WindowFeed, readUpTo: string, now: string) =>
  round(of, firstWindow(of, dueSpan(of, ms(readUpTo), ms(now), MADRID), ms(now), MADRID), ms(now));

describe('windows by time', () => {
  test('come to now even where they reach back further than one is long', () => {
    const windows = due(byTime({ overlap: 'PT3H', longest: 'PT1H' }), '2026-03-06T12:00:00.000Z', '2026-03-06T12:30:00.000Z');
    expect(windows.map(({ readUpTo }) => readUpTo)).toEqual(
      ['10', '11', '12'].map((hour) => `2026-03-06T${hour}:00:00.000Z`).concat('2026-03-06T12:30:00.000Z'),
    );
  });

  test('lie side by side from the first to the last moment, none longer than the longest, as many as were counted', () => {
    const span = fc.record({
      from: fc.integer({ min: 0, max: 90 * 24 }),
      hours: fc.integer({ min: 1, max: 60 * 24 }),
      longest: fc.integer({ min: 1, max: 72 }),
    });
    fc.assert(
      fc.property(span, ({ from, hours, longest }) => {
        const of = byTime({ longest: `PT${longest}H` });
        const fromMs = ms('2026-01-01T00:00:00Z') + from * HOUR;
        const toMs = fromMs + hours * HOUR - 1;
        const first = firstWindow(of, { fromMs, toMs }, toMs, MADRID);
        const windows = round(of, first, toMs).map(({ window }) => window as { from: string; to: string });
        expect(windows).toHaveLength(windowsFrom(of, first));
        expect(ms(windows[0]?.from ?? '')).toBe(fromMs);
        expect(ms(windows.at(-1)?.to ?? '')).toBe(toMs);
        for (const [index, { from: begin, to }] of windows.entries()) {
          expect(ms(to) - ms(begin)).toBeLessThanOrEqual(longest * HOUR);
          expect(windows[index + 1]?.from ?? to).toBe(to);
        }
      }),
    );
  });

  test('are none where there is nothing to read, or the platform keeps nothing of it', () => {
    const now = ms('2026-03-06T12:00:00Z');
    expect(firstWindow(byTime(), { fromMs: now, toMs: now }, now, MADRID)).toBeUndefined();
    expect(firstWindow(byTime({ reach: 'P1D' }), { fromMs: now - 72 * HOUR, toMs: now - 48 * HOUR }, now, MADRID)).toBeUndefined();
  });
});

describe('windows by the business day', () => {
  const days = (readUpTo: string, now: string, given: object = {}) =>
    due(byDay(given), readUpTo, now).map(({ window }) => (window as { day: string }).day);

  test('go by the store’s cut-off, not by midnight', () => {
    expect(days('2026-03-06T23:00:00.000Z', '2026-03-07T02:59:00.000Z', { overlap: 'PT0S' })).toEqual(['2026-03-06']);
    expect(days('2026-03-06T23:00:00.000Z', '2026-03-07T03:00:00.001Z', { overlap: 'PT0S' })).toEqual(['2026-03-06', '2026-03-07']);
  });

  test('read a day to its end once it is over, and then no more than the overlap says', () => {
    const friday = due(byDay({ overlap: 'PT0S' }), '2026-03-06T20:00:00.000Z', '2026-03-07T10:00:00.000Z');
    expect(friday.map(({ readUpTo }) => readUpTo)).toEqual(['2026-03-07T03:00:00.000Z', '2026-03-07T10:00:00.000Z']);
    expect(days('2026-03-07T10:00:00.000Z', '2026-03-07T11:00:00.000Z', { overlap: 'PT0S' })).toEqual(['2026-03-07']);
    expect(days('2026-03-07T10:00:00.000Z', '2026-03-07T11:00:00.000Z', { overlap: 'PT25H' })).toEqual([
      '2026-03-05',
      '2026-03-06',
      '2026-03-07',
    ]);
  });

  test('are whole on the days on which the clocks change', () => {
    const spring = due(byDay({ overlap: 'PT0S' }), '2026-03-28T20:00:00.000Z', '2026-03-30T20:00:00.000Z');
    expect(spring).toEqual([
      { window: { day: '2026-03-28' }, readUpTo: '2026-03-29T02:00:00.000Z' },
      { window: { day: '2026-03-29' }, readUpTo: '2026-03-30T02:00:00.000Z' },
      { window: { day: '2026-03-30' }, readUpTo: '2026-03-30T20:00:00.000Z' },
    ]);
    const span = { fromMs: ms('2026-10-24T10:00:00Z'), toMs: ms('2026-10-26T10:00:00Z') };
    expect(windowsFrom(byDay(), firstWindow(byDay(), span, span.toMs, MADRID))).toBe(3);
  });
});

describe('after a page', () => {
  const passing = { feed: byTime() as Feed, checks: false, clock: MADRID, nowMs: ms('2026-03-06T12:00:00Z') };
  const at: FeedPosition = {
    by: 'time',
    from: '2026-03-06T10:00:00.000Z',
    to: '2026-03-06T11:00:00.000Z',
    until: '2026-03-06T11:00:00.000Z',
    begun: '2026-03-06T12:00:00.000Z',
  };

  test('the next one follows, then what the window lacks, then the next window', () => {
    expect(afterPage(at, { facts: [], more: true, next: '2' }, passing)).toMatchObject({
      position: { page: '2' },
      ended: null,
      readUpToMs: null,
    });
    const checked = afterPage({ ...at, page: '2' }, { facts: [], more: false }, { ...passing, checks: true });
    expect(checked).toEqual({ position: { ...at, check: true }, ended: null, readUpToMs: null });
    expect(afterPage(at, { facts: [], more: false }, passing)).toEqual({ position: null, ended: 'ROUND', readUpToMs: ms(at.to) });
  });

  test('a cursor is good up to when its round began, however long that took', () => {
    const cursor: FeedPosition = { by: 'cursor', cursor: 'a', begun: '2026-03-06T11:00:00.000Z' };
    expect(afterPage(cursor, { facts: [], more: true, next: 'b' }, passing)).toEqual({
      position: { ...cursor, cursor: 'b' },
      ended: null,
      readUpToMs: null,
    });
    expect(afterPage(cursor, { facts: [], more: false }, passing)).toEqual({
      position: { by: 'cursor', cursor: 'a' },
      ended: 'ROUND',
      readUpToMs: ms('2026-03-06T11:00:00Z'),
    });
  });
});

describe('after a failure', () => {
  const failed = (code: Failure['code'], given: Partial<FailedReading> = {}) =>
    settleReading({ failure: { code, message: '' }, failures: 0, everyMs: 300_000, background: false, nowMs: 0, chance: 0.5, ...given });

  test.each([
    ['FORBIDDEN_SCOPE', 0, 15 * 60_000],
    ['FORBIDDEN_SCOPE', 1, 30 * 60_000],
    ['TARGET_GONE', 9, 6 * HOUR],
    ['BAD_CREDENTIALS', 50, 6 * HOUR],
  ] as const)('%s after %i others is tried again in %i ms, by the schedule', (code, failures, nextAtMs) => {
    expect(failed(code, { failures })).toEqual({ asked: false, nextAtMs, failures: failures + 1, ended: null, told: true, shown: true });
  });

  test('a feed that is read more seldom than that is tried no more often than it is read', () => {
    expect(failed('NOT_FOUND', { everyMs: 24 * HOUR, failures: 9 }).nextAtMs).toBe(24 * HOUR);
  });

  test('a limit is waited for, and is nothing to show', () => {
    expect(failed('RATE_LIMITED')).toMatchObject({ asked: true, nextAtMs: 5_000, failures: 0, told: false, shown: false });
    expect(failed('QUOTA_SPENT')).toMatchObject({ asked: true, nextAtMs: HOUR, told: true, shown: true });
  });

  test('a back-fill gives a part up at once, or after a platform was down for long', () => {
    expect(failed('FORBIDDEN_SCOPE', { background: true })).toMatchObject({ asked: false, ended: 'FAILED' });
    expect(failed('PLATFORM_DOWN', { background: true, failures: 28 })).toMatchObject({ asked: true, ended: null });
    expect(failed('PLATFORM_DOWN', { background: true, failures: 29 })).toMatchObject({ asked: false, ended: 'FAILED' });
    expect(failed('PLATFORM_DOWN', { failures: 500 })).toMatchObject({ asked: true, ended: null });
  });
});

describe('a fact as it waits', () => {
  const gone = (id: string) => ({ kind: 'gone', resource: 'order', id }) as const;

  test('stands in the lane of its resource, once where a page says it twice in a row, with the place where it was read', () => {
    const rows = factRows([gone('O-1'), gone('O-1'), { kind: 'again', resource: 'order', id: 'O-1' }, gone('O-1')], 'feed orders', 'L1');
    expect(rows.map(({ lane, location, contentHash, signal }) => [lane, location, contentHash !== null, signal !== null])).toEqual([
      ['order O-1', 'L1', true, false],
      ['order O-1', 'L1', false, true],
      ['order O-1', 'L1', true, false],
    ]);
  });

  test('keeps the place that it says itself', () => {
    expect(factRows([{ ...gone('O-1'), location: 'L2' }], 'feed orders', 'L1')).toMatchObject([
      { location: 'L2', body: { location: 'L2' } },
    ]);
  });
});
