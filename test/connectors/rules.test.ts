import { describe, expect, test } from '@jest/globals';
import { FAILURES, type FailureCode } from '@valehub/connector-kit';
import fc from 'fast-check';
import { type Attempt, MAX_ATTEMPTS, settleFailure } from '../../src/connectors/outbox/settlement.rules.ts';
import { backOffMs } from '../../src/connectors/runner/backoff.ts';
import { paceRule } from '../../src/connectors/runner/budget.rules.ts';
import { storableJson } from '../../src/domain/connection/storable.ts';

const codes = Object.keys(FAILURES) as FailureCode[];
const attempt = (given: Partial<Attempt> = {}): Attempt => ({
  attempts: 0,
  inDoubt: false,
  repeat: 'safe',
  nowMs: 1_000_000,
  chance: 0.5,
  ...given,
});

describe('what becomes of a job that failed', () => {
  test('by the table', () => {
    expect(Object.fromEntries(codes.map((code) => [code, settleFailure({ code, message: '' }, attempt()).status]))).toEqual({
      BAD_INPUT: 'FAILED',
      NOT_FOUND: 'FAILED',
      BAD_CREDENTIALS: 'PARKED',
      FORBIDDEN_SCOPE: 'PARKED',
      BAD_REPLY: 'PARKED',
      CURSOR_LOST: 'PARKED',
      TARGET_GONE: 'PARKED',
      NOT_SUPPORTED: 'PARKED',
      CONFLICT: 'PENDING',
      RATE_LIMITED: 'PENDING',
      QUOTA_SPENT: 'PENDING',
      PLATFORM_DOWN: 'PENDING',
      TIMEOUT: 'PENDING',
    });
  });

  test('what the platform may have done is never sent again where the verb forbids it, and a person hears of it', () => {
    for (const code of codes)
      expect(settleFailure({ code, message: '', unknown: true }, attempt({ repeat: 'never' }))).toMatchObject({
        status: 'PARKED',
        inDoubt: true,
        told: true,
      });
  });

  test('a doubt is not forgotten by a later failure, nor settled as refused', () => {
    expect(settleFailure({ code: 'RATE_LIMITED', message: '' }, attempt({ inDoubt: true }))).toMatchObject({
      status: 'PENDING',
      inDoubt: true,
    });
    expect(settleFailure({ code: 'NOT_FOUND', message: '' }, attempt({ inDoubt: true, repeat: 'find' }))).toMatchObject({
      status: 'PARKED',
    });
  });

  test('every failure ends somewhere, and none is retried at once', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...codes),
        fc.nat(MAX_ATTEMPTS),
        fc.boolean(),
        fc.constantFrom('safe', 'never', 'key', 'find'),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (code, attempts, unknown, repeat, chance) => {
          const settled = settleFailure({ code, message: '', unknown }, attempt({ attempts, repeat, chance }));
          expect(settled.status).not.toBe('DONE');
          if (settled.status === 'PENDING') expect(settled.nextAtMs).toBeGreaterThan(1_000_000);
          if (settled.status === 'PARKED') expect(settled.told).toBe(true);
        },
      ),
    );
  });

  test('waits as long as the platform says, but no longer than a day, and not at all by nonsense', () => {
    const wait = (text: string) => settleFailure({ code: 'RATE_LIMITED', message: '', wait: text }, attempt()).nextAtMs - 1_000_000;
    expect([wait('PT90S'), wait('P30D'), wait('soon')]).toEqual([90_000, 86_400_000, 5_000]);
  });
});

test('pauses double up to ten minutes', () => {
  expect([1, 2, 3, 10, 11, 100].map((n) => backOffMs(n, 0.5))).toEqual([1_000, 2_000, 4_000, 512_000, 600_000, 600_000]);
});

test('no window of a limit holds more than its amount', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 600 }),
      fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 400 }),
      (amount, seconds, gaps) => {
        const { emissionMs, burst } = paceRule({ name: 'x', per: 'account', unit: 'request', amount, every: `PT${seconds}S` }, amount);
        const taken: number[] = [];
        let wholeAt = 0;
        let now = 10_000;
        for (const gap of gaps) {
          now += gap;
          const next = Math.max(wholeAt, now) + Math.ceil(emissionMs);
          if (next > now + Math.ceil(burst * emissionMs)) continue;
          wholeAt = next;
          taken.push(now);
        }
        expect(taken.length).toBeGreaterThan(0);
        for (const from of taken)
          expect(taken.filter((at) => at >= from && at < from + seconds * 1_000).length).toBeLessThanOrEqual(amount);
      },
    ),
  );
});

test('whatever a platform sends can be stored', () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: 'binary' }), (text) => {
      const stored = storableJson(JSON.parse(text));
      expect(stored).not.toContain('\\u0000');
      expect(JSON.parse(stored)).toEqual(JSON.parse(storableJson(JSON.parse(stored))));
    }),
  );
  expect(storableJson({ 'a\u0000': ['\ud800x', '\\u0000'] })).toBe('{"a\ufffd":["\ufffdx","\\\\u0000"]}');
});
