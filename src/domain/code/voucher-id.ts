import { type Cipheriv, createCipheriv, createDecipheriv, createHmac, type Decipheriv } from 'node:crypto';

const PREFIX = 'vch_';
/** Crockford's base 32 in small letters. */
const SYMBOLS = '0123456789abcdefghjkmnpqrstvwxyz';
const TEXT_LENGTH = 26;
/** Told to genuine ids: a made-up one deciphers to it once in 65,536 times, and then its space and index must exist too. */
const MAGIC = 0x7668;

/** Which voucher: the code space's number and the index in it, both safe integers, the space under 2^48. */
export interface VoucherPlace {
  readonly spaceId: number;
  readonly index: number;
}

/**
 * The ids of vouchers: opaque, and known from the moment a code exists, before it has a row. One AES block of
 * (magic 2 bytes, space 6, index 8), as `vch_` and 26 characters.
 */
export class VoucherIds {
  readonly #cipher: Cipheriv;
  readonly #decipher: Decipheriv;
  readonly #symbolValue = new Map([...SYMBOLS].map((symbol, value) => [symbol, value]));

  /** `key`: 32 bytes, the hub's own; ids written under another key are not recognised. */
  constructor(key: Uint8Array) {
    if (key.length !== 32) throw new RangeError('The key of the voucher ids has 32 bytes.');
    const own = createHmac('sha256', key).update('valehub voucher ids 1').digest();
    // One block an id, each with another content: ECB is here the block cipher itself.
    this.#cipher = createCipheriv('aes-256-ecb', own, null).setAutoPadding(false);
    this.#decipher = createDecipheriv('aes-256-ecb', own, null).setAutoPadding(false);
  }

  encode({ spaceId, index }: VoucherPlace): string {
    const real = Number.isSafeInteger(spaceId) && spaceId >= 0 && spaceId < 2 ** 48 && Number.isSafeInteger(index) && index >= 0;
    if (!real) throw new RangeError(`There is no voucher at index ${index} of code space ${spaceId}.`);
    const block = Buffer.alloc(16);
    block.writeUInt16BE(MAGIC, 0);
    block.writeUIntBE(spaceId, 2, 6);
    block.writeUInt32BE(Math.floor(index / 2 ** 32), 8);
    block.writeUInt32BE(index % 2 ** 32, 12);
    return PREFIX + toBase32(this.#cipher.update(block));
  }

  /** Undefined for everything that `encode` did not write. */
  decode(id: string): VoucherPlace | undefined {
    if (id.length !== PREFIX.length + TEXT_LENGTH || !id.startsWith(PREFIX)) return undefined;
    const sealed = this.#fromBase32(id.slice(PREFIX.length));
    if (sealed === undefined) return undefined;
    const block = this.#decipher.update(sealed);
    const index = block.readUInt32BE(8) * 2 ** 32 + block.readUInt32BE(12);
    if (block.readUInt16BE(0) !== MAGIC || index > Number.MAX_SAFE_INTEGER) return undefined;
    return { spaceId: block.readUIntBE(2, 6), index };
  }

  /** Two spare bits at the end must be 0, else one voucher would have four ids. */
  #fromBase32(text: string): Buffer | undefined {
    const bytes = Buffer.alloc(16);
    let bits = 0;
    let kept = 0;
    let at = 0;
    for (const symbol of text) {
      const value = this.#symbolValue.get(symbol);
      if (value === undefined) return undefined;
      bits = (bits << 5) | value;
      kept += 5;
      if (kept >= 8) {
        kept -= 8;
        bytes[at++] = bits >> kept;
        bits &= (1 << kept) - 1;
      }
    }
    return bits === 0 ? bytes : undefined;
  }
}

function toBase32(bytes: Buffer): string {
  let text = '';
  let bits = 0;
  let kept = 0;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    kept += 8;
    while (kept >= 5) {
      kept -= 5;
      text += SYMBOLS[bits >> kept];
      bits &= (1 << kept) - 1;
    }
  }
  return text + SYMBOLS[bits << (5 - kept)];
}
