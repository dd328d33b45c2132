import { balanceKey, balanceOf, balanceValue } from './balance.ts';
import type { EffectKind } from './decision.types.ts';
import { type Bill, type Gift, kindOf, reckon } from './incentive.ts';
import type { Refusals } from './refusals.ts';
import type { Candidate } from './rule.types.ts';
import { isItemMiss } from './scope.ts';

/** One voucher's place in the queue. `index` = place of its code in the input. */
export interface Turn {
  readonly index: number;
  readonly candidate: Candidate;
  readonly refusals: Refusals;
  readonly kind: EffectKind;
}

const LEVEL: Readonly<Record<EffectKind, number>> = { LINE_DISCOUNT: 0, ORDER_DISCOUNT: 1, TENDER: 2 };

/** null where there is nothing to reckon: no item in scope, amounts in different currencies, or an empty gift card. */
export function giftOf(candidate: Candidate, due: readonly number[], bill: Bill): Gift | null {
  const { incentive } = candidate.campaign;
  const { scoped } = candidate;
  if (incentive === null || !candidate.oneCurrency || isItemMiss(scoped)) return null;
  const left = () => balanceLeft(candidate);
  if (balanceValue(candidate.campaign) !== null && left() === 0) return null;
  return reckon(incentive, { units: candidate.units, lines: scoped, due, left }, bill);
}

function balanceLeft({ input, voucher, campaign }: Candidate): number {
  const value = balanceValue(campaign);
  if (value === null) return 0;
  const { left, held } = balanceOf(value, input.counter(balanceKey(voucher.id)));
  return left - held;
}

export const effectOf = (candidate: Candidate): EffectKind =>
  candidate.campaign.incentive === null ? 'ORDER_DISCOUNT' : kindOf(candidate.campaign.incentive);

/** A voucher in the queue. `alone`: what it would give on the basket as handed in; null where it has nobody to be compared with. */
export interface Queued {
  readonly turn: Turn;
  readonly alone: number | null;
}

/** Level, then priority, then what each would give alone on the basket as handed in, then the code: never the order of input. */
export function inOrderOfApplication(turns: readonly Turn[], billAlone: Bill): readonly Queued[] {
  if (turns.length < 2) return turns.map((turn) => ({ turn, alone: null }));
  const queue = turns.map((turn) => ({ turn, alone: giftOf(turn.candidate, turn.candidate.units.due, billAlone)?.amount ?? 0 }));
  queue.sort((a, b) => {
    const [one, other] = [a.turn.candidate, b.turn.candidate];
    return (
      LEVEL[a.turn.kind] - LEVEL[b.turn.kind] ||
      other.campaign.stacking.priority - one.campaign.stacking.priority ||
      b.alone - a.alone ||
      (one.voucher.code < other.voucher.code ? -1 : 1)
    );
  });
  return queue;
}
