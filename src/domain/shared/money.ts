import { exactDecimal, parseSmallDecimal } from './decimal.ts';

/** Integer minor units with a currency (ISO 4217). Never a float. */
export interface Money {
  readonly minor: number;
  readonly currency: string;
}

/** `minor` times an exact decimal, rounded half away from zero. Throws RangeError beyond safe integers. */
export function mulRound(minor: number, decimalText: string): number {
  const small = parseSmallDecimal(decimalText);
  if (small !== null) return ratioRound(minor, small.digits, 10 ** small.scale);
  const { digits, scale } = exactDecimal(decimalText);
  return ratioRoundBig(BigInt(minor), digits, 10n ** BigInt(scale));
}

/** `percent` of a sum, rounded once, half away from zero. */
export function percentOf(minor: number, percentText: string): number {
  const small = parseSmallDecimal(percentText);
  if (small !== null) return ratioRound(minor, small.digits, 100 * 10 ** small.scale);
  const { digits, scale } = exactDecimal(percentText);
  return ratioRoundBig(BigInt(minor), digits, 100n * 10n ** BigInt(scale));
}

/** The tax to add to a sum without it: sum x r / 100. */
export const taxExcluded = (base: number, rateText: string): number => percentOf(base, rateText);

/** The tax in a sum that includes it: sum x r / (100 + r). */
export function taxIncluded(gross: number, rateText: string): number {
  const small = parseSmallDecimal(rateText);
  if (small !== null) return ratioRound(gross, small.digits, 100 * 10 ** small.scale + small.digits);
  const { digits, scale } = exactDecimal(rateText);
  return ratioRoundBig(BigInt(gross), digits, 100n * 10n ** BigInt(scale) + digits);
}

/** a x b / c, rounded half away from zero; c > 0. Exact: falls back to BigInt where the product leaves the safe integers. */
export function ratioRound(a: number, b: number, c: number): number {
  const product = a * b;
  if (!Number.isSafeInteger(product) || c > Number.MAX_SAFE_INTEGER / 2) return ratioRoundBig(BigInt(a), BigInt(b), BigInt(c));
  if (product < 0) return -ratioRound(-product, 1, c);
  const rest = product % c;
  const whole = (product - rest) / c;
  return rest * 2 >= c ? whole + 1 : whole;
}

function ratioRoundBig(a: bigint, b: bigint, c: bigint): number {
  const product = a * b;
  const magnitude = product < 0n ? -product : product;
  const rounded = (magnitude * 2n + c) / (c * 2n);
  return safe(product < 0n ? -rounded : rounded);
}

function safe(value: bigint): number {
  const result = Number(value);
  if (!Number.isSafeInteger(result)) throw new RangeError(`${value} minor units are beyond what can be counted exactly.`);
  return result;
}

/**
 * Spreads `total` over weights (safe integers, 0 or more) by largest remainder, ties in order; the shares' sum is `total`.
 * No share exceeds its weight while `total` does not exceed their sum. Throws RangeError where there is nothing to spread over.
 */
export function largestRemainder(total: number, weights: readonly number[]): number[] {
  let sum = 0;
  let heaviest = 0;
  for (const weight of weights) {
    sum += weight;
    if (weight > heaviest) heaviest = weight;
  }
  if (total === 0) return weights.map(() => 0);
  if (sum === total) return weights.slice();
  if (sum === 0) throw new RangeError(`${total} cannot be spread over nothing.`);
  if (Number.isSafeInteger(sum) && Number.isSafeInteger(total * heaviest)) return spread(total, sum, weights);
  return spreadBig(total, weights);
}

function spread(total: number, sum: number, weights: readonly number[]): number[] {
  const shares: number[] = [];
  const rests: number[] = [];
  let left = total;
  for (const weight of weights) {
    const product = total * weight;
    const rest = product % sum;
    const share = (product - rest) / sum;
    shares.push(share);
    rests.push(rest);
    left -= share;
  }
  return handOut(left, shares, rests);
}

function spreadBig(total: number, weights: readonly number[]): number[] {
  const big = weights.map((weight) => BigInt(weight));
  const sum = big.reduce((all, weight) => all + weight, 0n);
  const shares: number[] = [];
  const rests: bigint[] = [];
  let left = total;
  for (const weight of big) {
    const product = BigInt(total) * weight;
    const share = safe(product / sum);
    shares.push(share);
    rests.push(product % sum);
    left -= share;
  }
  return handOut(left, shares, rests);
}

/** One each to the largest rests, the earlier first where they are equal. There are always more rests above zero than `left`. */
function handOut<N extends number | bigint>(left: number, shares: number[], rests: readonly N[]): number[] {
  if (left === 0) return shares;
  if (left === 1) {
    let best = 0;
    for (let i = 1; i < rests.length; i++) if ((rests[i] ?? 0) > (rests[best] ?? 0)) best = i;
    shares[best] = (shares[best] ?? 0) + 1;
    return shares;
  }
  const order = rests.map((rest, index) => ({ rest, index }));
  order.sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest < b.rest ? 1 : -1));
  for (const { index } of order.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}
