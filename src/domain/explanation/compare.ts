import type { AllocationShare, CodeOutcome, CounterUse, PricedBasket } from '../decision/decision.types.ts';
import { canonicalJson } from '../shared/canonical.ts';
import type { Difference, DifferenceKind } from './explanation.types.ts';
import type { StoredRedemption } from './replay-source.ts';

/** Where a replayed outcome is not what was stored. `reckoned`: before a platform's amount was booked instead. */
export function differencesOf(stored: StoredRedemption, reckoned: CodeOutcome | undefined, booked: CodeOutcome | undefined): Difference[] {
  const { code } = stored;
  if (!reckoned || !booked) return [{ kind: 'NOT_REPLAYED', code, stored: String(stored.amount), replayed: '' }];
  const refused = [reckoned, booked].find((outcome) => outcome.outcome === 'rejected');
  if (refused?.outcome === 'rejected')
    return [{ kind: 'REFUSED', code, stored: String(stored.amount), replayed: refused.failures[0].reason }];
  if (reckoned.outcome === 'rejected' || booked.outcome === 'rejected') return [];
  const pairs: readonly (readonly [DifferenceKind, unknown, unknown])[] = [
    ['KIND', stored.kind, booked.kind],
    ['STEP', stored.step, booked.step],
    ['AMOUNT', stored.reckoned ?? stored.amount, reckoned.amount],
    ['AMOUNT', stored.amount, booked.amount],
    ['ALLOCATIONS', stored.allocations.map(shareText), booked.allocations.map(shareText)],
    ['LIMITS', ceilings(stored.taken), ceilings(booked.counters)],
  ];
  return pairs.flatMap(([kind, one, other]) => {
    const [before, after] = [textOf(one), textOf(other)];
    return before === after ? [] : [{ kind, code, stored: before, replayed: after }];
  });
}

export function sumsDiffer(stored: PricedBasket, replayed: PricedBasket): Difference[] {
  const [before, after] = [canonicalJson(stored), canonicalJson(replayed)];
  return before === after ? [] : [{ kind: 'SUMS', code: null, stored: before, replayed: after }];
}

const shareText = ({ lineId, unit, taxRate, amount }: AllocationShare): string => `${lineId}/${unit} ${taxRate}%: ${amount}`;

/** Of what is only counted, some is counted for other campaigns' sake: that hangs on what they were. */
const ceilings = (uses: readonly CounterUse[]): string[] =>
  uses.flatMap(({ key, delta, max }) => (max === null ? [] : [`${key}: ${delta} of ${max}`])).sort();

const textOf = (value: unknown): string => (Array.isArray(value) ? value.join('; ') : String(value));
