import type { ReasonCode } from '../shared/reasons.ts';
import type { Failure, FailureFacts, NearestBasketDraft } from './decision.types.ts';

/** How a rule speaks: one call a failing rule, with its numbers and what would help. */
export type Refuse = (reason: ReasonCode, facts?: FailureFacts, nearest?: NearestBasketDraft) => void;

/** The failing rules of one voucher, in the order in which the rules were asked. */
export interface Refusals {
  readonly failures: Failure[];
  readonly nearest: NearestBasketDraft[];
}

export const noRefusals = (): Refusals => ({ failures: [], nearest: [] });

export function refuseInto(refusals: Refusals): Refuse {
  return (reason, facts = {}, nearest) => {
    refusals.failures.push({ reason, facts });
    if (nearest !== undefined) refusals.nearest.push(nearest);
  };
}
