import { createHmac } from 'node:crypto';
import { CheckCharacter } from './check-character.ts';
import { CodePermutation } from './code-permutation.ts';
import { capacity, checkPattern, halfSizes, patternKey, payloadLength, type RandomPattern } from './random-pattern.ts';

/** Codes enciphered at once when they are streamed: large enough to spread the cost of a call, small enough for the cache. */
const STREAM_CHUNK = 4096;
const NEWLINE = 0x0a;
/** In the table of digits: no symbol of the alphabet. Alphabets have 36 symbols at most. */
const NO_DIGIT = 255;

/**
 * - `no`: not a text of this pattern, or one beyond what the hub can hand out
 * - `checkFailed`: a text of this pattern, mistyped
 * - `index`: the code's place; whether a batch reaches that far is for the caller to know
 */
export type CodeMatch = 'no' | 'checkFailed' | { readonly index: number };

/**
 * The codes of one pattern under one key, as a function of their index: nothing is stored. All batches of a pattern take
 * index ranges of the same space, so no two codes are ever the same. Keep one for each pattern: the tables and the cipher cost more to make than a code.
 */
export class RandomCodes {
  readonly pattern: RandomPattern;
  /** Indices run from 0 to capacity - 1. */
  readonly capacity: number;
  readonly #permutation: CodePermutation;
  readonly #check: CheckCharacter;
  readonly #payloadLength: number;
  readonly #prefix: Buffer;
  readonly #symbols: Buffer;
  readonly #digitOf: Uint8Array;
  /** Digits of the code being written or read. */
  readonly #digits: Uint8Array;

  /** `key`: 32 bytes, the hub's own; each pattern has its permutation of it. Throws where `checkPattern` finds faults. */
  constructor(pattern: RandomPattern, key: Uint8Array) {
    const [fault] = checkPattern(pattern);
    if (fault) throw new RangeError(fault.message);
    const { left, right } = halfSizes(pattern);
    this.pattern = pattern;
    this.capacity = capacity(pattern);
    this.#permutation = new CodePermutation(subkey(key, pattern), left, right);
    this.#check = new CheckCharacter(pattern.alphabet.length);
    this.#payloadLength = payloadLength(pattern);
    this.#prefix = Buffer.from(pattern.prefix, 'latin1');
    this.#symbols = Buffer.from(pattern.alphabet, 'latin1');
    this.#digitOf = new Uint8Array(128).fill(NO_DIGIT);
    this.#symbols.forEach((symbol, digit) => {
      this.#digitOf[symbol] = digit;
    });
    this.#digits = new Uint8Array(pattern.length);
  }

  encode(index: number): string {
    return this.encodeLines(index, 1).toString('latin1', 0, this.#codeLength);
  }

  /** `count` codes from index `start` on, in index order. */
  encodeRange(start: number, count: number): string[] {
    const lines = this.encodeLines(start, count).toString('latin1');
    const width = this.#codeLength + 1;
    return Array.from({ length: count }, (_, i) => lines.slice(i * width, (i + 1) * width - 1));
  }

  /** As `encodeRange`, one code a line, as ASCII bytes; each line ends in a newline. For millions take `streamLines`. */
  encodeLines(start: number, count: number): Buffer {
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(count) || start < 0 || count < 0 || start + count > this.capacity) {
      throw new RangeError(`Codes ${start} to ${start + count - 1} are not all within 0 to ${this.capacity - 1}.`);
    }
    const left = new Float64Array(count);
    const right = new Float64Array(count);
    this.#split(start, left, right);
    this.#permutation.encipher(left, right);
    const out = Buffer.allocUnsafe(count * (this.#codeLength + 1));
    for (let i = 0, at = 0; i < count; i++) at = this.#writeLine(out, at, left[i] as number, right[i] as number);
    return out;
  }

  /** The same lines in buffers of bounded size, for streams: memory does not grow with `count`. */
  *streamLines(start: number, count: number): Generator<Buffer> {
    for (let done = 0; done < count; done += STREAM_CHUNK) {
      yield this.encodeLines(start + done, Math.min(STREAM_CHUNK, count - done));
    }
  }

  /** `code` must be normalised. */
  match(code: string): CodeMatch {
    if (!this.#readDigits(code)) return 'no';
    const digits = this.#digits;
    const payload = this.#payloadLength;
    if (this.pattern.checkCharacter && digits[payload] !== this.#check.of(digits, payload)) return 'checkFailed';
    const middle = payload >> 1;
    const left = Float64Array.of(this.#number(0, middle));
    const right = Float64Array.of(this.#number(middle, payload));
    this.#permutation.decipher(left, right);
    // Rounding cannot bring a number beyond 2^53 back under the capacity.
    const index = (left[0] as number) * this.#permutation.rightSize + (right[0] as number);
    return index < this.capacity ? { index } : 'no';
  }

  get #codeLength(): number {
    return this.#prefix.length + this.pattern.length;
  }

  /** Consecutive indices as halves: one division, then counting. */
  #split(start: number, left: Float64Array, right: Float64Array): void {
    const { rightSize } = this.#permutation;
    let low = start % rightSize;
    let high = (start - low) / rightSize;
    for (let i = 0; i < left.length; i++) {
      left[i] = high;
      right[i] = low;
      low++;
      if (low === rightSize) {
        low = 0;
        high++;
      }
    }
  }

  #writeLine(out: Buffer, start: number, left: number, right: number): number {
    const payload = this.#payloadLength;
    const middle = payload >> 1;
    this.#setDigits(left, 0, middle);
    this.#setDigits(right, middle, payload);
    if (this.pattern.checkCharacter) this.#digits[payload] = this.#check.of(this.#digits, payload);
    let at = start;
    for (let i = 0; i < this.#prefix.length; i++) out[at++] = this.#prefix[i] as number;
    for (let i = 0; i < this.#digits.length; i++) out[at++] = this.#symbols[this.#digits[i] as number] as number;
    out[at++] = NEWLINE;
    return at;
  }

  #setDigits(number: number, from: number, to: number): void {
    const radix = this.#symbols.length;
    let rest = number;
    for (let at = to - 1; at >= from; at--) {
      const quotient = Math.floor(rest / radix);
      this.#digits[at] = rest - quotient * radix;
      rest = quotient;
    }
  }

  /** False where the text has another length, another prefix or a foreign symbol. */
  #readDigits(code: string): boolean {
    if (code.length !== this.#codeLength || !code.startsWith(this.pattern.prefix)) return false;
    for (let i = 0; i < this.#digits.length; i++) {
      const digit = this.#digitOf[code.charCodeAt(this.#prefix.length + i)] ?? NO_DIGIT;
      if (digit === NO_DIGIT) return false;
      this.#digits[i] = digit;
    }
    return true;
  }

  #number(from: number, to: number): number {
    let number = 0;
    for (let at = from; at < to; at++) number = number * this.#symbols.length + (this.#digits[at] as number);
    return number;
  }
}

function subkey(key: Uint8Array, pattern: RandomPattern): Buffer {
  if (key.length !== 32) throw new RangeError('The key of the codes has 32 bytes.');
  return createHmac('sha256', key)
    .update(`valehub codes 1 ${patternKey(pattern)}`)
    .digest();
}
