/**
 * ISO/IEC 7064 hybrid system MOD N+1,N for an alphabet of N symbols; for N = 10 it is the standard's MOD 11,10.
 *
 * The standard doubles at each step, which loses information where N+1 is even; there the multiplier is the smallest
 * one that has no factor in common with N+1. So the state is never 0, each step is one-to-one in both the state and the
 * digit, and EVERY single wrong symbol is detected, for every N >= 2. Of adjacent swaps a small part is missed: 2.2 % at
 * N = 10, 0.4 % at 24, 0.2 % at 36; where N is odd, 2-16 %; at N = 2 all of them.
 */
export class CheckCharacter {
  readonly size: number;
  /** Row by state (1..N), column by digit: the next state. A table, as this runs once for each symbol of millions of codes. */
  readonly #next: Uint8Array;

  /** `size`: how many symbols the alphabet has, 2 to 64. */
  constructor(size: number) {
    this.size = size;
    const multiplier = smallestUnit(size + 1);
    this.#next = new Uint8Array((size + 1) * size);
    for (let state = 1; state <= size; state++) {
      for (let digit = 0; digit < size; digit++) {
        const sum = (state + digit) % size || size;
        this.#next[state * size + digit] = (sum * multiplier) % (size + 1);
      }
    }
  }

  /** The digit (0..N-1) that completes the first `length` digits. */
  of(digits: Uint8Array, length: number): number {
    let state = this.size;
    for (let at = 0; at < length; at++) state = this.#next[state * this.size + (digits[at] as number)] as number;
    return (this.size + 1 - state) % this.size;
  }
}

/** The smallest number from 2 on without a factor in common with `modulus`. */
function smallestUnit(modulus: number): number {
  let candidate = 2;
  while (greatestCommonDivisor(candidate, modulus) !== 1) candidate++;
  return candidate;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
