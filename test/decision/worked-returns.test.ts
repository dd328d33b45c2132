import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ReversalPolicy } from '../../src/domain/campaign/campaign.types.ts';
import type { Incentive } from '../../src/domain/campaign/incentive.types.ts';
import { unitsOfBasket } from '../../src/domain/decision/units.ts';
import { amountOff, basket, campaign, line, percentOff, scope } from './builders.ts';
import { ReturnDesk } from './worked-return.ts';
import { WORKED_RETURNS } from './worked-returns.ts';

describe('worked returns', () => {
  test.each(WORKED_RETURNS.map((worked) => [worked.title, worked] as const))('%s', (_title, worked) => {
    const desk = new ReturnDesk(worked.lines, worked.vouchers);
    for (const { code, units, back, shares, moved, stands, whole, due } of worked.steps) {
      const done = desk.returnUnits(code, units);
      if (typeof done === 'string') throw new Error(done);
      expect({
        back: done.settled.amount,
        shares: done.shares,
        moved: done.moved,
        stands: done.stands,
        whole: done.settled.whole,
        due: done.priced.due,
      }).toEqual({ back, shares, moved: moved ?? ' > ', stands, whole: whole ?? false, due });
    }
  });
});

const POLICIES: readonly ReversalPolicy[] = ['KEEP', 'REPRICE', 'CLAW_BACK'];
const LINES = [line('a', 333, { quantity: '3', discount: 100 }), line('b', 1250, { quantity: '2' }), line('c', 990, { quantity: '2.5' })];
const INCENTIVES: readonly Incentive[] = [
  percentOff('12.5'),
  percentOff('50', { maximum: 700 }),
  amountOff(1500),
  amountOff(900, scope({ include: { skus: ['a', 'c'] } })),
  percentOff('100', { scope: scope({ triggerQuantity: '2', applicableQuantity: '1' }) }),
  amountOff(100_000),
];
const terms = fc.record({
  incentive: fc.constantFrom(...INCENTIVES),
  reversalPolicy: fc.constantFrom(...POLICIES),
  minimumOrder: fc.constantFrom(0, 1500, 3000),
});
const steps = fc.array(
  fc.record({
    code: fc.constantFrom('ONE', 'TWO'),
    units: fc.constantFrom<Record<string, string>>(
      { a: '1' },
      { b: '1' },
      { c: '0.5' },
      { c: '1' },
      { a: '2', b: '1' },
      { b: '2', c: '2.5' },
    ),
  }),
  { maxLength: 8 },
);

type Given = typeof terms extends fc.Arbitrary<infer T> ? T : never;
type Amounts = readonly { readonly amount: number }[];
const sum = (shares: Amounts): number => shares.reduce((total, { amount }) => total + amount, 0);

function deskOf(first: Given, second: Given): ReturnDesk | null {
  const voucher = (code: string, { incentive, reversalPolicy, minimumOrder }: Given) => ({
    code,
    says: '',
    terms: campaign(incentive, { id: `cmp_${code}`, reversalPolicy, conditions: { minimumOrder } }),
  });
  try {
    return new ReturnDesk(LINES, [voucher('ONE', first), voucher('TWO', second)]);
  } catch {
    // The first left nothing for the second.
    return null;
  }
}

function checkStep(desk: ReturnDesk, code: string, units: Readonly<Record<string, string>>): void {
  const before = desk.stateOf(code);
  const done = desk.returnUnits(code, units);
  if (typeof done === 'string') return;
  const { settled, priced } = done;
  const state = desk.stateOf(code);
  expect(settled.amount).toBeGreaterThanOrEqual(0);
  expect(sum(settled.allocations)).toBe(settled.amount);
  expect(sum(settled.moved)).toBe(0);
  expect(sum(state.allocations)).toBe(state.amount);
  expect(sum(state.allocations.map(({ reversed }) => ({ amount: reversed })))).toBe(state.reversed);
  expect(settled.whole).toBe(state.reversed === state.amount);
  expect(state.reversed).toBe(before.reversed + settled.amount);
  expect(priced.due).toBeGreaterThanOrEqual(0);
  expect(priced.voucherDiscounts).toBeGreaterThanOrEqual(0);
  for (const share of state.allocations) {
    expect(share.reversed).toBeLessThanOrEqual(share.amount);
    // What came back carries no share any more.
    if (isGone(state.lines, share)) expect(share.amount).toBe(share.reversed);
  }
}

function isGone(lines: ReturnType<ReturnDesk['stateOf']>['lines'], { lineId, unit }: { lineId: string; unit: number }): boolean {
  const line = lines.find((one) => one.lineId === lineId);
  return lineId === 'c' ? line?.returned === line?.quantity : unit <= Number(line?.returned);
}

function checkUnits(desk: ReturnDesk): void {
  const { lines, firstUnit, due } = unitsOfBasket(basket(LINES));
  const onUnit = new Map<number, number>();
  for (const { lineId, unit, amount } of desk.standing().flatMap(({ allocations }) => allocations)) {
    const at = (firstUnit[lines.findIndex(({ id }) => id === lineId)] ?? 0) + unit - 1;
    onUnit.set(at, (onUnit.get(at) ?? 0) + amount);
  }
  for (const [at, amount] of onUnit) expect(amount).toBeLessThanOrEqual(due[at] ?? 0);
}

test('whatever units come back in whatever steps, of two vouchers of any policy, the shares are exact and no unit is given more than it costs', () => {
  fc.assert(
    fc.property(terms, terms, steps, (first, second, taken) => {
      const desk = deskOf(first, second);
      if (!desk) return;
      for (const { code, units } of taken) checkStep(desk, code, units);
      checkUnits(desk);
    }),
    { numRuns: 300 },
  );
});
