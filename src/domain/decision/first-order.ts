import { ownersOf } from './counters.ts';
import type { CampaignTerms, CodeOutcome, CounterState, CounterUse, DecisionInput } from './decision.types.ts';

// Of vouchers for the first order a customer may have any number, all on one order. Two sums tell it whichever is written first: those that
// stand on any order of the customer, and of them those on this one. Where they differ, another order was the first.

/** Above whatever one order takes; a sum without a ceiling is not set aside by a hold. */
const NO_CEILING = 1_000_000;

const keysOf = ({ customer, basket }: DecisionInput): { readonly all: string; readonly own: string } => ({
  all: `first:${customer.id}`,
  own: `first:${customer.id}:${basket.source.length}:${basket.source}:${basket.externalId}`,
});

const taken = ({ used, held }: CounterState): number => used + held;

/** Whether a voucher for the first order stands, or is held, on another order of the customer. */
export function otherFirstOrder(input: DecisionInput): boolean {
  if (input.customer.id === null) return false;
  const { all, own } = keysOf(input);
  return taken(input.counter(all)) > taken(input.counter(own));
}

/** The outcomes with what their redemptions take of the two sums: the ceiling of the one is what then stands of the other. */
export function withFirstOrder(input: DecisionInput, outcomes: readonly CodeOutcome[]): readonly CodeOutcome[] {
  const asking = outcomes.filter((outcome) => outcome.outcome === 'applicable' && asksForFirst(outcome.campaign));
  if (asking.length === 0 || input.customer.id === null) return outcomes;
  const { all, own } = keysOf(input);
  // Alike for all of the request, so that it does not matter in which order they are written.
  const max = taken(input.counter(own)) + asking.length;
  const uses: readonly CounterUse[] = [
    { key: all, delta: 1, max },
    { key: own, delta: 1, max: NO_CEILING },
  ];
  return outcomes.map((outcome) =>
    outcome.outcome === 'applicable' && asking.includes(outcome) ? { ...outcome, counters: [...outcome.counters, ...uses] } : outcome,
  );
}

const asksForFirst = (campaign: CampaignTerms): boolean => ownersOf(campaign).some(({ conditions }) => conditions.firstOrderOnly === true);
