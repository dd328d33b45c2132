/** The longest text in which a code is looked for, before normalisation; a longer one is nobody's code. */
export const MAX_TYPED_LENGTH = 256;
/** The longest code there may be, after normalisation; `checkPattern` keeps every pattern within it. */
export const MAX_CODE_LENGTH = 64;

/** White space, dashes of every script, and what cannot be seen: scanners and e-mails add all three. */
const NOISE = /[\p{White_Space}\p{Dash}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Cs}]+/gu;
const PLAIN = /^[0-9A-Z]*$/;

/** A code as the hub keeps it, and whether it can be a code at all. */
export interface ReadCode {
  /** Normalised and safe to store and to echo, also where `wellFormed` is false. */
  readonly code: string;
  readonly wellFormed: boolean;
}

/** What a person typed or a scanner read. Not well formed: nothing is left of it, or it is too long. */
export function readCode(typed: string): ReadCode {
  const code = normaliseCode(typed);
  return { code, wellFormed: code !== '' && code.length <= MAX_CODE_LENGTH && typed.length <= MAX_TYPED_LENGTH };
}

/**
 * Upper case, Unicode compatibility form (full-width digits become digits), no white space, no dashes, nothing invisible.
 * Looks at the first `MAX_TYPED_LENGTH` characters only. Idempotent.
 */
export function normaliseCode(typed: string): string {
  if (PLAIN.test(typed) && typed.length <= MAX_TYPED_LENGTH) return typed;
  let code = typed.slice(0, MAX_TYPED_LENGTH);
  // A step can make work for the one before it (upper-casing composes, NFKC makes spaces): repeat until nothing changes.
  for (;;) {
    const next = code.replace(NOISE, '').normalize('NFKC').toUpperCase();
    if (next === code) return code;
    code = next;
  }
}
