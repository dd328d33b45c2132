import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type ReversalRequest,
  type ReversalSpread,
  type ReversibleRedemption,
  spreadReversal,
} from '../../src/domain/decision/reversal.ts';

const share = (lineId: string, unit: number, amount: number, reversed = 0) => ({ lineId, unit, taxRate: '10', amount, reversed });
const redemption = (over: Partial<ReversibleRedemption> = {}): ReversibleRedemption => ({
  kind: 'ORDER_DISCOUNT',
  currency: 'EUR',
  amount: 100,
  reversed: 0,
  allocations: [share('tapa', 1, 34), share('tapa', 2, 33), share('tapa', 3, 33)],
  lines: [
    { lineId: 'tapa', quantity: '3', returned: '0' },
    { lineId: 'water', quantity: '1', returned: '0' },
  ],
  ...over,
});

const units = (quantity: string, lineId = 'tapa'): ReversalRequest => ({ by: 'units', units: [{ lineId, quantity }] });
const amount = (minor: number): ReversalRequest => ({ by: 'amount', amount: minor });

/** The redemption after a reversal was written. */
function asLeftBy(before: ReversibleRedemption, spread: ReversalSpread): ReversibleRedemption {
  if (spread.outcome !== 'taken') throw new Error(`Not taken: ${JSON.stringify(spread)}`);
  return {
    ...before,
    reversed: before.reversed + spread.amount,
    allocations: before.allocations.map((each) => ({
      ...each,
      reversed:
        each.reversed +
        spread.allocations
          .filter((taken) => taken.lineId === each.lineId && taken.unit === each.unit)
          .reduce((sum, taken) => sum + taken.amount, 0),
    })),
    lines: before.lines.map((line) => ({
      ...line,
      returned: String(Number(line.returned) + Number(spread.returned.find((entry) => entry.lineId === line.lineId)?.quantity ?? 0)),
    })),
  };
}

const shown = (spread: ReversalSpread): string =>
  spread.outcome === 'taken'
    ? `${spread.amount}: ${spread.allocations.map((each) => `${each.lineId}/${each.unit}:${each.amount}`).join(' ')}${spread.whole ? ' whole' : ''}`
    : spread.outcome === 'refused'
      ? spread.reason
      : (spread.faults[0]?.path ?? '');

describe('taking back', () => {
  test('by units: the lowest unreturned first, each with its own share', () => {
    const one = spreadReversal(redemption(), units('1'));
    expect(shown(one)).toBe('34: tapa/1:34');
    const left = asLeftBy(redemption(), one);
    const two = spreadReversal(left, units('2'));
    expect(shown(two)).toBe('66: tapa/2:33 tapa/3:33 whole');
    expect(shown(spreadReversal(asLeftBy(left, two), units('1')))).toBe('ALREADY_REVERSED');
  });

  test('a unit without a share gives 0 and is no refusal', () => {
    const spread = spreadReversal(redemption(), units('1', 'water'));
    expect(shown(spread)).toBe('0: ');
    expect(shown(spreadReversal(asLeftBy(redemption(), spread), units('1', 'water')))).toBe('REVERSAL_EXCEEDS');
  });

  test('by amount: largest remainder over what is left', () => {
    const spread = spreadReversal(redemption(), amount(50));
    expect(shown(spread)).toBe('50: tapa/1:17 tapa/2:17 tapa/3:16');
    // Of the shares 17, 16 and 17 are left now.
    const left = asLeftBy(redemption(), spread);
    expect(shown(spreadReversal(left, units('2')))).toBe('33: tapa/1:17 tapa/2:16');
    expect(shown(spreadReversal(left, { by: 'whole' }))).toBe('50: tapa/1:17 tapa/2:16 tapa/3:17 whole');
    expect(shown(spreadReversal(left, amount(51)))).toBe('REVERSAL_EXCEEDS');
    expect(spreadReversal(left, amount(51))).toMatchObject({ facts: { currency: 'EUR', required: 51, actual: 50 } });
  });

  test('the steps that the reference shows', () => {
    const one = asLeftBy(redemption(), spreadReversal(redemption(), units('1')));
    const fifty = spreadReversal(one, amount(50));
    expect(shown(fifty)).toBe('50: tapa/2:25 tapa/3:25');
    const two = spreadReversal(asLeftBy(one, fifty), units('2'));
    expect(shown(two)).toBe('16: tapa/2:8 tapa/3:8 whole');
    expect(shown(spreadReversal(asLeftBy(asLeftBy(one, fifty), two), amount(1)))).toBe('ALREADY_REVERSED');
  });

  test('more units than the line has left', () => {
    expect(spreadReversal(redemption(), units('4'))).toMatchObject({
      reason: 'REVERSAL_EXCEEDS',
      facts: { name: 'tapa', quantityRequired: '4', quantityActual: '3' },
    });
    expect(
      shown(
        spreadReversal(redemption(), {
          by: 'units',
          units: [
            { lineId: 'tapa', quantity: '2' },
            { lineId: 'tapa', quantity: '2.0' },
          ],
        }),
      ),
    ).toBe('REVERSAL_EXCEEDS');
  });

  test('of what was sold by weight, a part brings its part and the last the rest', () => {
    const ham = redemption({
      amount: 449,
      allocations: [share('ham', 1, 449)],
      lines: [{ lineId: 'ham', quantity: '0.75', returned: '0' }],
    });
    const first = spreadReversal(ham, units('0.25', 'ham'));
    expect(shown(first)).toBe('150: ham/1:150');
    expect(shown(spreadReversal(asLeftBy(ham, first), units('0.5', 'ham')))).toBe('299: ham/1:299 whole');
    expect(shown(spreadReversal(ham, units('0.76', 'ham')))).toBe('REVERSAL_EXCEEDS');
  });

  test('a part payment comes back whole or by amount, on no unit', () => {
    const paid = redemption({ kind: 'TENDER', amount: 2500, allocations: [] });
    expect(shown(spreadReversal(paid, amount(500)))).toBe('500: ');
    expect(shown(spreadReversal({ ...paid, reversed: 500 }, { by: 'whole' }))).toBe('2000:  whole');
    expect(shown(spreadReversal(paid, units('1')))).toBe('input.units');
  });

  test.each([
    [amount(0), 'input.amount'],
    [amount(-5), 'input.amount'],
    [amount(1.5), 'input.amount'],
    [units('1', 'nothing'), 'input.units[0].lineId'],
    [units('0'), 'input.units[0].quantity'],
    [units('x'), 'input.units[0].quantity'],
    [units('1.5'), 'input.units[0].quantity'],
    [{ by: 'units', units: [] } as const, 'input.units'],
  ] as const)('%j is a fault of form', (request, path) => {
    expect(shown(spreadReversal(redemption(), request))).toBe(path);
  });
});

test('whatever is taken back in whatever steps, the shares come to what was given', () => {
  const step = fc.oneof(
    fc.record({ by: fc.constant('amount' as const), amount: fc.integer({ min: 1, max: 60 }) }),
    fc.record({
      by: fc.constant('units' as const),
      units: fc.array(fc.record({ lineId: fc.constantFrom('tapa', 'water'), quantity: fc.constantFrom('1', '2') }), {
        minLength: 1,
        maxLength: 2,
      }),
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      let state = redemption();
      for (const request of [...steps, { by: 'whole' } as const]) {
        const spread = spreadReversal(state, request);
        if (spread.outcome !== 'taken') continue;
        expect(spread.allocations.reduce((sum, each) => sum + each.amount, 0)).toBe(spread.amount);
        state = asLeftBy(state, spread);
        for (const each of state.allocations) expect(each.reversed).toBeLessThanOrEqual(each.amount);
        expect(spread.whole).toBe(state.reversed === state.amount);
      }
      expect(state.reversed).toBe(100);
      expect(state.allocations.map((each) => each.reversed)).toEqual([34, 33, 33]);
    }),
  );
});
