import { type Cipheriv, createCipheriv } from 'node:crypto';

/** As in FF1 (NIST SP 800-38G), whose shape this follows with a leaner round function. */
const ROUNDS = 10;
const BLOCK = 16;
/** A half stays under this, so that 52 bits of cipher text scaled down to it are uneven by less than 1 in 100. */
export const MAX_HALF = 2 ** 45;

/**
 * A keyed one-to-one map of {0 .. leftSize * rightSize - 1} onto itself: an alternating Feistel network over two halves of
 * any sizes, with modular addition. A number is held as its halves, number = left * rightSize + right, so that sets beyond
 * 2^53 need no bigint. Many numbers at once share one AES call a round, which is what makes it fast.
 */
export class CodePermutation {
  readonly leftSize: number;
  readonly rightSize: number;
  readonly #cipher: Cipheriv;
  /** Plain text of one round; kept and grown, for one call after the other. */
  #blocks = Buffer.alloc(BLOCK);

  /** `key`: 32 bytes. `leftSize`, `rightSize`: 1 to `MAX_HALF`; with a half of 1 the map is a mere rotation. */
  constructor(key: Uint8Array, leftSize: number, rightSize: number) {
    if (!isHalf(leftSize) || !isHalf(rightSize)) throw new RangeError(`Halves of ${leftSize} and ${rightSize} cannot be permuted.`);
    this.leftSize = leftSize;
    this.rightSize = rightSize;
    // ECB on purpose: each block is one call of the round function; `final` is never called, so nothing is padded.
    this.#cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  }

  /** Enciphers the numbers (left[i], right[i]) in place. */
  encipher(left: Float64Array, right: Float64Array): void {
    for (let round = 0; round < ROUNDS; round++) {
      if (round % 2 === 0) this.#mix(round, left, right, this.leftSize, add);
      else this.#mix(round, right, left, this.rightSize, add);
    }
  }

  /** Undoes `encipher`, in place. */
  decipher(left: Float64Array, right: Float64Array): void {
    for (let round = ROUNDS - 1; round >= 0; round--) {
      if (round % 2 === 0) this.#mix(round, left, right, this.leftSize, subtract);
      else this.#mix(round, right, left, this.rightSize, subtract);
    }
  }

  /** One round: every `target` moves, modulo `size`, by a keyed function of the round and of its `source`. */
  #mix(round: number, target: Float64Array, source: Float64Array, size: number, move: Move): void {
    const count = target.length;
    const bytes = count * BLOCK;
    if (this.#blocks.length < bytes) this.#blocks = Buffer.alloc(bytes);
    const plain = new DataView(this.#blocks.buffer, this.#blocks.byteOffset, bytes);
    for (let i = 0, at = 0; i < count; i++, at += BLOCK) {
      plain.setUint32(at, round, true);
      plain.setFloat64(at + 8, source[i] as number, true);
    }
    const sealed = this.#cipher.update(this.#blocks.subarray(0, bytes));
    const random = new DataView(sealed.buffer, sealed.byteOffset, bytes);
    for (let i = 0, at = 0; i < count; i++, at += BLOCK) {
      // 52 bits, not 53: a fraction of 53 bits can round up to 1, and the offset to `size`.
      const fraction = (random.getUint32(at, true) * 2 ** 20 + (random.getUint32(at + 4, true) >>> 12)) / 2 ** 52;
      target[i] = move(target[i] as number, Math.floor(fraction * size), size);
    }
  }
}

type Move = (value: number, offset: number, size: number) => number;

const add: Move = (value, offset, size) => (value + offset >= size ? value + offset - size : value + offset);
const subtract: Move = (value, offset, size) => (value >= offset ? value - offset : value - offset + size);

function isHalf(size: number): boolean {
  return Number.isSafeInteger(size) && size >= 1 && size <= MAX_HALF;
}
