import { overrunReason, usesAtAmount } from '../decision/counters.ts';
import type { AllocationShare, ApplicableDraft, CodeOutcome, CounterState } from '../decision/decision.types.ts';
import { largestRemainder } from '../shared/money.ts';

/**
 * A platform has given what it has given: where the rules allow the code but at another amount, the platform's is booked.
 * No budget or limit on amounts is overrun by it: then it is refused as if the rules had reckoned so much.
 */
export function bookAmount(outcome: CodeOutcome, amount: number | undefined, counter: (key: string) => CounterState): CodeOutcome {
  if (amount === undefined || outcome.outcome === 'rejected' || amount === outcome.amount) return outcome;
  const counters = usesAtAmount(outcome.counters, amount);
  for (const use of counters) {
    if (use.max === null) continue;
    const { used, held } = counter(use.key);
    if (used + held + use.delta > use.max) return overrun(outcome, use.key, use.delta, Math.max(0, use.max - used - held));
  }
  return { ...outcome, amount, reckoned: outcome.amount, counters, allocations: inProportion(outcome.allocations, amount) };
}

/** The platform's sum in the proportions that the rules reckoned. */
function inProportion(reckoned: readonly AllocationShare[], amount: number): AllocationShare[] {
  if (reckoned.length === 0) return [];
  const parts = largestRemainder(
    amount,
    reckoned.map((share) => share.amount),
  );
  return reckoned.map((share, at) => ({ ...share, amount: parts[at] ?? 0 })).filter((share) => share.amount > 0);
}

function overrun(outcome: ApplicableDraft, key: string, required: number, actual: number): CodeOutcome {
  const { currency, name } = outcome.campaign;
  return {
    outcome: 'rejected',
    code: outcome.code,
    voucherId: outcome.voucher.id,
    campaignId: outcome.campaign.id,
    failures: [{ reason: overrunReason(key), facts: { required, actual, name, ...(currency === null ? {} : { currency }) } }],
    nearestBasket: null,
  };
}
