import { createHash, createHmac, createPublicKey, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import { types } from 'node:util';
import { keyBytes } from '../key-bytes.ts';
import { durationMs } from '../time.ts';
import type { Part, SignedTime, Verification } from '../verification.ts';
import { bodyText, type Found, findAt, findSignatures, headerValues, type IncomingRequest } from './request.ts';
import { type Claims, verifyJwt } from './verify-jwt.ts';

/** All values of a secret that are in force now, by the name of its setting: two while it is being rotated, none where it is not set. */
export type KeyRing = (secret: string) => readonly string[];

export const VERIFY_FAULTS = {
  NO_SCHEME: 'Nothing says how this platform signs: the setting for it is missing.',
  KEY_MISSING: 'The key with which the platform signs has not been entered.',
  SIGNATURE_MISSING: 'The request carries no signature.',
  SIGNATURE_DOUBLED: 'The request carries more than one signature.',
  SIGNATURE_MALFORMED: 'The signature is not in the form that the platform uses.',
  SIGNATURE_WRONG: 'The signature is wrong: another key, another registered address, or a changed body.',
  PART_MISSING: 'A signed part of the request is missing or doubled.',
  KEY_OTHER: 'The request was signed with a key that is not the one registered.',
  KEY_UNKNOWN: 'The request was signed with a key that is not among those the platform publishes.',
  TIME_MALFORMED: 'The signed time cannot be read.',
  TOO_LATE: 'The signed time lies further back than the platform ever repeats a delivery.',
  TOO_EARLY: 'The signed time lies in the future.',
} as const;
export type VerifyFault = keyof typeof VERIFY_FAULTS;

export type Verified =
  | { readonly ok: true /** What a verified token says, where the whole body is the token. */; readonly claims?: Claims }
  | { readonly ok: false; readonly fault: VerifyFault };

const refuse = (fault: VerifyFault): Verified => ({ ok: false, fault });

/** Clocks differ; a time this far ahead is still taken. */
const AHEAD_MS = 5 * 60_000;

/** A sender in the middle of changing its key has two; each one more would cost another pass over the body. */
const MOST_SIGNATURES = 8;

type SignedScheme = Extract<Verification, { readonly signed: readonly Part[] }>;

/** What HubSpot decodes before it signs, and no more: `: / ? @ ! $ ' ( ) * , ;`. */
const DECODED = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

const urlDecoded = (url: string): string => url.replace(DECODED, (encoded) => decodeURIComponent(encoded));

/** The signed bytes, or undefined where one of their parts is missing or doubled. */
export function signedBytes(request: IncomingRequest, parts: readonly Part[], key: Uint8Array): Buffer | undefined {
  const chunks: Uint8Array[] = [];
  for (const part of parts) {
    if (part === 'body') chunks.push(request.body);
    else if (part === 'key') chunks.push(key);
    else if (part === 'method') chunks.push(Buffer.from(request.method.toUpperCase()));
    else if (part === 'url') chunks.push(Buffer.from(request.url));
    else if (part === 'urlDecoded') chunks.push(Buffer.from(urlDecoded(request.url)));
    else if ('text' in part) chunks.push(Buffer.from(part.text));
    else {
      const found = findAt(request, part);
      if (typeof found === 'string') return undefined;
      chunks.push(Buffer.from(found.value));
    }
  }
  return Buffer.concat(chunks);
}

/** Undefined where the text is not cleanly in the encoding: `Buffer.from` would pass over what it does not know. */
function decodeSignature(text: string, encoding: SignedScheme['encoding']): Buffer | undefined {
  if (encoding !== 'base64' && /^(?:[0-9a-fA-F]{2})+$/.test(text)) return Buffer.from(text, 'hex');
  if (encoding === 'hex' || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, 'base64');
}

/** Equal length first: the length of a digest is no secret. */
const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/** Compares texts of any length in a time that does not tell where they differ. */
const sameText = (a: string, b: string): boolean => same(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());

function publicKey(spki: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: spki, format: 'der', type: 'spki' });
  } catch (cause) {
    if (types.isNativeError(cause)) return undefined;
    throw cause;
  }
}

function matches(scheme: SignedScheme, value: string, request: IncomingRequest, signature: Buffer): boolean | 'partMissing' {
  const secret = keyBytes(scheme.key, value);
  const bytes = signedBytes(request, scheme.signed, secret);
  if (bytes === undefined) return 'partMissing';
  switch (scheme.by) {
    case 'hmac':
      return same(createHmac(scheme.hash, secret).update(bytes).digest(), signature);
    case 'hash':
      return same(createHash(scheme.hash).update(bytes).digest(), signature);
    case 'ecdsa': {
      const key = publicKey(secret);
      return (
        key?.asymmetricKeyType === 'ec' &&
        verify(scheme.hash, bytes, { key, dsaEncoding: scheme.form === 'p1363' ? 'ieee-p1363' : 'der' }, signature)
      );
    }
    case 'ed25519': {
      const key = publicKey(secret);
      return key?.asymmetricKeyType === 'ed25519' && verify(null, bytes, key, signature);
    }
  }
}

function timeFault(time: SignedTime, request: IncomingRequest, nowMs: number): VerifyFault | undefined {
  const found = findAt(request, time.at);
  if (typeof found === 'string') return 'PART_MISSING';
  const wellFormed = time.unit === 'iso' ? /^\d{4}-\d\d-\d\dT/.test(found.value) : /^\d{1,16}$/.test(found.value);
  const at = time.unit === 'iso' ? Date.parse(found.value) : Number(found.value) * (time.unit === 's' ? 1000 : 1);
  if (!wellFormed || !Number.isFinite(at)) return 'TIME_MALFORMED';
  const window = durationMs(time.window);
  if (nowMs - at > window) return 'TOO_LATE';
  return at - nowMs > Math.min(window, AHEAD_MS) ? 'TOO_EARLY' : undefined;
}

function verifySigned(scheme: SignedScheme, request: IncomingRequest, keys: KeyRing, nowMs: number): Verified {
  const active = keys(scheme.key.secret);
  if (active.length === 0) return refuse('KEY_MISSING');
  const { id } = scheme.key;
  if (id !== undefined && !verifyText(findAt(request, id.at), keys(id.secret)).ok) return refuse('KEY_OTHER');
  const found = findSignatures(request, scheme.signature);
  if (found === 'missing') return refuse('SIGNATURE_MISSING');
  if (found === 'doubled') return refuse('SIGNATURE_DOUBLED');
  const signatures = found.values.flatMap((text) => decodeSignature(text, scheme.encoding) ?? []);
  if (signatures.length === 0 || found.values.length > MOST_SIGNATURES) return refuse('SIGNATURE_MALFORMED');
  let right = false;
  for (const value of active) {
    for (const signature of signatures) {
      const match = matches(scheme, value, request, signature);
      if (match === 'partMissing') return refuse('PART_MISSING');
      right ||= match;
    }
  }
  if (!right) return refuse('SIGNATURE_WRONG');
  const late = scheme.time && timeFault(scheme.time, request, nowMs);
  return late ? refuse(late) : { ok: true };
}

function verifyText(found: Found, keys: readonly string[]): Verified {
  if (keys.length === 0) return refuse('KEY_MISSING');
  if (found === 'missing') return refuse('SIGNATURE_MISSING');
  if (found === 'doubled') return refuse('SIGNATURE_DOUBLED');
  const right = keys.map((key) => sameText(key, found.value)).includes(true);
  return right ? { ok: true } : refuse('SIGNATURE_WRONG');
}

function basicCredentials(request: IncomingRequest): Found {
  const [header, second] = headerValues(request, 'authorization');
  if (header === undefined) return 'missing';
  if (second !== undefined) return 'doubled';
  const match = /^basic ([A-Za-z0-9+/]+={0,2})$/i.exec(header.trim());
  return match?.[1] === undefined ? 'missing' : { value: Buffer.from(match[1], 'base64').toString('utf8') };
}

async function verifyToken(
  scheme: Extract<Verification, { readonly by: 'jwt' }>,
  request: IncomingRequest,
  keys: KeyRing,
  nowMs: number,
): Promise<Verified> {
  const whole = scheme.token === 'body';
  const found: Found = scheme.token === 'body' ? { value: bodyText(request)?.trim() ?? '' } : findAt(request, scheme.token);
  if (found === 'missing') return refuse('SIGNATURE_MISSING');
  if (found === 'doubled') return refuse('SIGNATURE_DOUBLED');
  const active = 'jwks' in scheme.key ? keys(`jwks:${scheme.key.jwks.host}${scheme.key.jwks.path}`) : keys(scheme.key.secret);
  if (active.length === 0) return refuse('KEY_MISSING');
  const verdict = await verifyJwt(scheme, found.value, active, nowMs);
  if (typeof verdict === 'string') return refuse(verdict);
  return whole ? { ok: true, claims: verdict } : { ok: true };
}

/** Verifies by one scheme, against every active key, in constant time. Nothing of the body is parsed but a `field` that the scheme names. */
export async function verifyByScheme(scheme: Verification, request: IncomingRequest, keys: KeyRing, nowMs: number): Promise<Verified> {
  switch (scheme.by) {
    case 'jwt':
      return verifyToken(scheme, request, keys, nowMs);
    case 'token':
      return verifyText(findAt(request, scheme.at), keys(scheme.key.secret));
    case 'urlSecret':
      return verifyText(findAt(request, { query: scheme.query }), keys(scheme.key.secret));
    case 'basic': {
      const pairs = keys(scheme.user.secret).flatMap((user) => keys(scheme.password.secret).map((password) => `${user}:${password}`));
      return verifyText(basicCredentials(request), pairs);
    }
    default:
      return verifySigned(scheme, request, keys, nowMs);
  }
}

/** The scheme in force: the only one, or the first whose setting has a value. Never chosen by the request, so that nobody can ask for a weaker one. */
export function schemeInForce(
  verify: Verification | readonly (Verification & { readonly whenSet: string })[],
  isSet: (setting: string) => boolean,
): Verification | undefined {
  if (!('length' in verify)) return verify;
  return verify.find((choice) => isSet(choice.whenSet));
}
