import { ownersOf } from './counters.ts';
import type { CampaignTerms, CounterState, CounterUse, DecisionInput } from './decision.types.ts';

// Of vouchers for the first order a customer may have any number, all on one order. Two sums tell it whichever is written first: those that
// stand on any order of the customer, and of them those on this one. Where they differ, another order was the first.

/** Above whatever one order takes; a sum without a ceiling is not set aside by a hold. */
const NO_CEILING = 1_000_000;

const keysOf = ({ customer, basket }: DecisionInput): { readonly all: string; readonly own: string } => ({
  all: `first:${customer.id}`,
  own: `first:${customer.id}:${basket.source.length}:${basket.source}:${basket.externalId}`,
});

type Meter = (key: string) => CounterState;
const taken = ({ used, held }: CounterState): number => used + held;

/** Whether a voucher for the first order stands, or is held, on another order of the customer. */
export function otherFirstOrder(input: DecisionInput): boolean {
  if (input.customer.id === null) return false;
  const { all, own } = keysOf(input);
  return taken(input.counter(all)) > taken(input.counter(own));
}

/** What a redemption takes of the two sums: the ceiling of the one is what stands of the other. */
export function firstOrderUses(input: DecisionInput, campaign: CampaignTerms, meter: Meter): CounterUse[] {
  if (input.customer.id === null || !ownersOf(campaign).some(({ conditions }) => conditions.firstOrderOnly)) return [];
  const { all, own } = keysOf(input);
  return [
    { key: all, delta: 1, max: taken(meter(own)) + 1 },
    { key: own, delta: 1, max: NO_CEILING },
  ];
}
