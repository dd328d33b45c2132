import { addDecimals, compareDecimals, isWholeDecimal, parseDecimal, portionOf, subtractDecimals } from '../shared/decimal.ts';
import type { InputFault } from '../shared/errors.ts';
import { largestRemainder } from '../shared/money.ts';
import type { AllocationShare, EffectKind, FailureFacts } from './decision.types.ts';

/** A redemption as its reversals left it. */
export interface ReversibleRedemption {
  readonly kind: EffectKind;
  readonly currency: string;
  /** Minor units given, and taken back so far. */
  readonly amount: number;
  readonly reversed: number;
  /** As they were made; `reversed` of each taken back so far. */
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
      /** Minor units; 0 only by units that carry no share. */
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

type Taken = Omit<Extract<ReversalSpread, { outcome: 'taken' }>, 'outcome' | 'whole'>;
type Open = ReversibleRedemption['allocations'][number];

const fault = (path: string, message: string): ReversalSpread => ({ outcome: 'fault', faults: [{ path, message }] });
const left = (share: Open): number => share.amount - share.reversed;

/** What a reversal takes back, to the unit. Pure. */
export function spreadReversal(redemption: ReversibleRedemption, request: ReversalRequest, path = 'input'): ReversalSpread {
  const open = redemption.amount - redemption.reversed;
  const faults = checkRequest(redemption, request, path);
  if (faults !== null) return faults;
  if (open === 0) return { outcome: 'refused', reason: 'ALREADY_REVERSED', facts: { currency: redemption.currency, actual: 0 } };
  switch (request.by) {
    case 'whole':
      return taken(redemption, byAmount(redemption, open));
    case 'amount':
      if (request.amount > open)
        return {
          outcome: 'refused',
          reason: 'REVERSAL_EXCEEDS',
          facts: { currency: redemption.currency, required: request.amount, actual: open },
        };
      return taken(redemption, byAmount(redemption, request.amount));
    case 'units':
      return byUnits(redemption, request.units);
  }
}

function taken(redemption: ReversibleRedemption, what: Taken): ReversalSpread {
  return { outcome: 'taken', ...what, whole: redemption.reversed + what.amount === redemption.amount };
}

function checkRequest(redemption: ReversibleRedemption, request: ReversalRequest, path: string): ReversalSpread | null {
  if (request.by === 'whole') return null;
  if (request.by === 'amount')
    return Number.isSafeInteger(request.amount) && request.amount > 0 ? null : fault(`${path}.amount`, 'The amount must be above zero.');
  if (redemption.kind === 'TENDER') return fault(`${path}.units`, 'A part payment lies on no unit: take it back whole or by amount.');
  if (request.units.length === 0) return fault(`${path}.units`, 'Name at least one line, or leave units out to take all back.');
  for (const [index, unit] of request.units.entries()) {
    const line = redemption.lines.find((candidate) => candidate.lineId === unit.lineId);
    if (line === undefined) return fault(`${path}.units[${index}].lineId`, `The order has no line ${unit.lineId}.`);
    if (parseDecimal(unit.quantity) === null || compareDecimals(unit.quantity, '0') <= 0)
      return fault(`${path}.units[${index}].quantity`, 'The quantity must be above zero.');
    if (isWholeDecimal(line.quantity) && !isWholeDecimal(unit.quantity))
      return fault(`${path}.units[${index}].quantity`, 'This line is sold by the piece: the quantity must be whole.');
  }
  return null;
}

function byAmount(redemption: ReversibleRedemption, amount: number): Taken {
  if (redemption.kind === 'TENDER') return { amount, allocations: [], returned: [] };
  const shares = largestRemainder(amount, redemption.allocations.map(left));
  return { amount, allocations: listed(redemption.allocations, shares), returned: [] };
}

const listed = (allocations: readonly Open[], shares: readonly number[]): AllocationShare[] =>
  allocations.flatMap(({ lineId, unit, taxRate }, index) => {
    const amount = shares[index] ?? 0;
    return amount === 0 ? [] : [{ lineId, unit, taxRate, amount }];
  });

/** The lowest unreturned units of each line, with what is left of their shares. */
function byUnits(
  redemption: ReversibleRedemption,
  asked: readonly { readonly lineId: string; readonly quantity: string }[],
): ReversalSpread {
  const shares = redemption.allocations.map(() => 0);
  const returned: { lineId: string; quantity: string }[] = [];
  for (const [lineId, quantity] of summed(asked)) {
    const line = redemption.lines.find((candidate) => candidate.lineId === lineId);
    if (line === undefined) continue;
    const remaining = subtractDecimals(line.quantity, line.returned);
    if (compareDecimals(quantity, remaining) > 0) {
      return {
        outcome: 'refused',
        reason: 'REVERSAL_EXCEEDS',
        facts: { name: lineId, quantityRequired: quantity, quantityActual: remaining },
      };
    }
    const pieces = isWholeDecimal(line.quantity);
    for (const [index, share] of redemption.allocations.entries()) {
      if (share.lineId !== lineId) continue;
      // Of a weighed unit its share by weight; the last part takes the rest.
      if (!pieces) shares[index] = portionOf(left(share), quantity, remaining);
      else if (share.unit > Number(line.returned) && share.unit <= Number(line.returned) + Number(quantity)) shares[index] = left(share);
    }
    returned.push({ lineId, quantity });
  }
  return taken(redemption, {
    amount: shares.reduce((sum, share) => sum + share, 0),
    allocations: listed(redemption.allocations, shares),
    returned,
  });
}

function summed(asked: readonly { readonly lineId: string; readonly quantity: string }[]): Map<string, string> {
  const sums = new Map<string, string>();
  for (const { lineId, quantity } of asked) sums.set(lineId, addDecimals(sums.get(lineId) ?? '0', quantity));
  return sums;
}
