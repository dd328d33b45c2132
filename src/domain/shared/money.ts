/** Integer minor units with a currency (ISO 4217). Never a float. */
export interface Money {
  readonly minor: number;
  readonly currency: string;
}

const stub = (..._args: unknown[]): never => { throw new Error('not built yet'); };

/** `minor` times an exact decimal, rounded half away from zero. Throws RangeError beyond safe integers. */
export function mulRound(minor: number, decimalText: string): number { return stub(minor, decimalText); }
/** `percent` of a sum, rounded once, half away from zero. */
export function percentOf(minor: number, percentText: string): number { return stub(minor, percentText); }
/** The tax in a sum that includes it: sum x r / (100 + r). */
export function taxIncluded(gross: number, rateText: string): number { return stub(gross, rateText); }
/** The tax to add to a sum without it: sum x r / 100. */
export function taxExcluded(base: number, rateText: string): number { return stub(base, rateText); }
/** Spreads `total` over safe-integer weights by largest remainder, ties in order; the shares' sum is `total`. */
export function largestRemainder(total: number, weights: readonly number[]): number[] { return stub(total, weights); }
