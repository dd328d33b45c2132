import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FundingShare } from '../../src/domain/campaign/campaign.types.ts';
import { checkFunding, fundedBack, fundedBy } from '../../src/domain/campaign/funding.ts';
import { InputChecks } from '../../src/domain/shared/input-checks.ts';

const share = (percent: string, name?: string): FundingShare => ({
  by: name === undefined ? 'HOUSE' : 'PARTNER',
  percent,
  ...(name !== undefined && { name }),
});
const amounts = (shares: readonly { amount: number }[]) => shares.map(({ amount }) => amount);
const sum = (list: readonly number[]) => list.reduce((all, one) => all + one, 0);

/** Shares of 100 percent in ten-thousandths. */
const funding = fc
  .array(fc.integer({ min: 1, max: 400_000 }), { minLength: 0, maxLength: 4 })
  .filter((parts) => sum(parts) < 1_000_000)
  .map((parts) => [...parts, 1_000_000 - sum(parts)].map((part, at) => share(String(part / 10_000), `party ${at}`)));

describe('the split of an amount', () => {
  test('is to the cent, the largest remainders first and ties in the order of the list', () => {
    expect(amounts(fundedBy([share('50'), share('50', 'A')], 101))).toEqual([51, 50]);
    expect(amounts(fundedBy([share('33.3333'), share('33.3333', 'A'), share('33.3334', 'B')], 100))).toEqual([33, 33, 34]);
    expect(fundedBy([], 7)).toEqual([{ by: 'HOUSE', name: null, percent: '100', amount: 7 }]);
  });

  test('is the amount whatever the shares, and so are all its parts together', () => {
    fc.assert(
      fc.property(
        funding,
        fc.integer({ min: 0, max: 10_000_000 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
        (shares, amount, cuts) => {
          const whole = amounts(fundedBy(shares, amount));
          expect(sum(whole)).toBe(amount);
          for (const [at, part] of whole.entries())
            expect(Math.abs(part - (amount * Number(shares[at]?.percent)) / 100)).toBeLessThanOrEqual(1);
          const ends = [...cuts.map((cut) => Math.floor(cut * amount)).sort((a, b) => a - b), amount];
          const parts = ends.map((end, at) => end - (ends[at - 1] ?? 0));
          const back = fundedBack(shares, amount, parts).map(amounts);
          expect(back.map(sum)).toEqual(parts);
          expect(Math.min(0, ...back.flat())).toBe(0);
          expect(whole.map((_, at) => sum(back.map((part) => part[at] ?? 0)))).toEqual(whole);
        },
      ),
    );
  });
});

test.each([
  [[], []],
  [[share('100')], []],
  [[share('0.0001'), share('99.9999', 'A')], []],
  [[share('50'), share('50')], ['input.funding[1]']],
  [[share('50'), share('49.9999', 'A')], ['input.funding']],
  [[share('0'), share('100', 'A')], ['input.funding[0].percent']],
  [[share('100.00001')], ['input.funding[0].percent']],
  [[share('100', ' ')], ['input.funding[0].name']],
  [Array.from({ length: 11 }, (_, at) => share('1', `${at}`)), ['input.funding']],
])('funding %j has faults at %j', (shares, paths) => {
  const checks = new InputChecks();
  checkFunding(checks, shares);
  expect(checks.faults.map(({ path }) => path)).toEqual(paths);
});
