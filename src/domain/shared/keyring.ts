import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1.';

/** The hub's keys, each derived for one purpose from its one secret (HKDF-SHA-256), so that none tells another. */
export class Keyring {
  /** Under which random codes are computed: with another secret, other codes. */
  readonly codeKey: Buffer;
  readonly voucherIdKey: Buffer;
  readonly cursorKey: Buffer;
  readonly #sealKey: Buffer;
  readonly #secret: Buffer;

  /** `secret`: 32 bytes. */
  constructor(secret: Uint8Array) {
    if (secret.length !== SECRET_BYTES) throw new RangeError(`The hub's secret has ${SECRET_BYTES} bytes; this one has ${secret.length}.`);
    this.#secret = Buffer.from(secret);
    this.codeKey = this.derive('codes');
    this.voucherIdKey = this.derive('voucher ids');
    this.cursorKey = this.derive('cursors');
    this.#sealKey = this.derive('sealed texts');
  }

  /** 32 bytes for a purpose of one's own. */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#secret, 'valehub', `valehub ${purpose} 1`, SECRET_BYTES));
  }

  /** AES-256-GCM under a fresh nonce. `context` binds the text to its place: it opens under the same context only. */
  seal(text: string, context = ''): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#sealKey, nonce).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return VERSION + sealed.toString('base64url');
  }

  /** Throws where the text was not sealed by this secret under this context. */
  open(sealed: string, context = ''): string {
    const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url');
    // Written back, the bytes give the same text: one sealed text has one form.
    if (bytes.length < NONCE_BYTES + TAG_BYTES || sealed !== VERSION + bytes.toString('base64url'))
      throw new Error('This is no sealed text.');
    const decipher = createDecipheriv('aes-256-gcm', this.#sealKey, bytes.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
    return decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  }
}
