/** An exact decimal: `digits` / 10^`scale`. */
export interface ExactDecimal {
  readonly digits: bigint;
  readonly scale: number;
}

const stub = (..._args: unknown[]): never => { throw new Error('not built yet'); };

/** null where the text is no plain decimal ("1", "-0.50"; no exponent, no spaces). */
export function parseDecimal(text: string): ExactDecimal | null { return stub(text); }
/** The one text of a value: "10.0" -> "10", "-0" -> "0". Throws on what is no decimal. */
export function normaliseDecimal(text: string): string { return stub(text); }
/** By value: negative, 0 or positive. */
export function compareDecimals(left: string, right: string): number { return stub(left, right); }
export function isWholeDecimal(text: string): boolean { return stub(text); }
