import type { ModelRedemption, ModelState } from './state.ts';
import { spread, sum, unitsOf } from './sums.ts';
import type { Back } from './words.ts';

export type TakenBack = { readonly amount: number; readonly by: readonly number[]; readonly pieces: Readonly<Record<string, number>> };

const isPart = ({ kind }: ModelRedemption): boolean => kind === 'TENDER' || kind === 'GIFT';

/** What comes back of a redemption, share by share; a text says why nothing does. Changes nothing. */
export function takenBack(
  redemption: ModelRedemption,
  back: Back,
  pieces = 1,
): TakenBack | { readonly fault: string } | { readonly refused: string } {
  if (redemption.undone) return { refused: 'ALREADY_REVERSED' };
  const open = redemption.amount - redemption.reversed;
  const left = redemption.shares.map(({ amount, reversed }) => amount - reversed);
  const all = (amount: number): TakenBack => ({ amount, by: isPart(redemption) ? [] : spread(amount, left), pieces: {} });
  if (back.by === 'whole') return all(open);
  if (back.by === 'amount') return back.amount > open ? { refused: 'REVERSAL_EXCEEDS' } : all(back.amount);
  if (isPart(redemption)) return { fault: 'BAD_USER_INPUT' };
  const line = redemption.body.lines.find(({ id }) => id === back.line);
  if (!line) return { fault: 'BAD_USER_INPUT' };
  const before = redemption.returned[back.line] ?? 0;
  if (before + pieces > line.quantity) return { refused: 'REVERSAL_EXCEEDS' };
  const gone = { [back.line]: pieces };
  if (redemption.terms.policy === 'CLAW_BACK' && !stillDue(redemption, gone)) return { ...all(open), pieces: gone };
  const by = redemption.shares.map((share, at) =>
    share.line === back.line && share.unit > before && share.unit <= before + pieces ? (left[at] ?? 0) : 0,
  );
  return { amount: sum(by), by, pieces: gone };
}

/** Whether what is left of the order would still be given it. */
function stillDue({ body, returned, terms: { incentive }, minimum }: ModelRedemption, gone: Readonly<Record<string, number>>): boolean {
  const left = unitsOf(body.lines).filter(({ line, unit }) => unit > (returned[line] ?? 0) + (gone[line] ?? 0));
  const sku = incentive && 'sku' in incentive ? incentive.sku : null;
  return left.length > 0 && sum(left.map(({ due }) => due)) >= minimum && (sku === null || left.some(({ line }) => line === sku));
}

export function giveBack(redemption: ModelRedemption, { amount, by, pieces }: TakenBack): void {
  redemption.reversed += amount;
  for (const [at, share] of redemption.shares.entries()) share.reversed += by[at] ?? 0;
  for (const [line, n] of Object.entries(pieces)) redemption.returned[line] = (redemption.returned[line] ?? 0) + n;
  if (redemption.reversed === redemption.amount) redemption.undone = true;
}

/** All that the redeem under this key gave and still stands, whole. */
export function takeAllBack(state: ModelState, key: string): Record<string, number> {
  const amounts: Record<string, number> = {};
  for (const redemption of state.redemptions.filter((one) => one.key === key)) {
    const back = takenBack(redemption, { by: 'whole' });
    if (!('amount' in back)) continue;
    giveBack(redemption, back);
    amounts[redemption.name] = back.amount;
  }
  return amounts;
}
