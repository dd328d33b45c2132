import type { InputFault } from '../shared/errors.ts';
import type { AllocationShare, EffectKind, FailureFacts } from './decision.types.ts';

/** A redemption as its reversals left it. */
export interface ReversibleRedemption {
  readonly kind: EffectKind;
  readonly currency: string;
  /** Minor units given, and taken back so far. */
  readonly amount: number;
  readonly reversed: number;
  /** In the order in which they were made; `reversed` of each taken back so far. */
  readonly allocations: readonly (AllocationShare & { readonly reversed: number })[];
  /** The lines of the order it was redeemed on; `returned` = quantity taken back by unit so far. */
  readonly lines: readonly { readonly lineId: string; readonly quantity: string; readonly returned: string }[];
}

export type ReversalRequest =
  | { readonly by: 'whole' }
  | { readonly by: 'amount'; readonly amount: number }
  | { readonly by: 'units'; readonly units: readonly { readonly lineId: string; readonly quantity: string }[] };

export type ReversalSpread =
  | {
      readonly outcome: 'taken';
      /** Minor units, 0 or more (0 only by units that carry no share). */
      readonly amount: number;
      /** Shares of zero are not listed; empty for a tender. */
      readonly allocations: readonly AllocationShare[];
      /** What comes to `returned` of each line. */
      readonly returned: readonly { readonly lineId: string; readonly quantity: string }[];
      /** Nothing is left: the voucher goes back. */
      readonly whole: boolean;
    }
  | { readonly outcome: 'refused'; readonly reason: 'ALREADY_REVERSED' | 'REVERSAL_EXCEEDS'; readonly facts: FailureFacts }
  | { readonly outcome: 'fault'; readonly faults: readonly [InputFault, ...InputFault[]] };

/** What a reversal takes back, to the unit. Pure. */
export function spreadReversal(redemption: ReversibleRedemption, request: ReversalRequest, path = 'input'): ReversalSpread {
  void redemption; void request; void path; throw new Error('not built yet');
}
