import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { keyBytes } from '../key-bytes.ts';
import type { Verification } from '../verification.ts';
import type { VerifyFault } from './verify.ts';

export type Claims = JWTPayload;

type Scheme = Extract<Verification, { readonly by: 'jwt' }>;

function faultOf(cause: unknown): VerifyFault {
  if (cause instanceof errors.JWTExpired) return 'TOO_LATE';
  if (cause instanceof errors.JWTClaimValidationFailed) return cause.claim === 'nbf' ? 'TOO_EARLY' : 'SIGNATURE_WRONG';
  if (cause instanceof errors.JWSSignatureVerificationFailed) return 'SIGNATURE_WRONG';
  // The host looks whether the platform has published a new one since.
  if (cause instanceof errors.JWKSNoMatchingKey) return 'KEY_UNKNOWN';
  if (cause instanceof errors.JOSEError) return 'SIGNATURE_MALFORMED';
  throw cause;
}

/** The claims, or why the token is none of the platform's. `active`: secrets, or the published key sets as JSON. */
export async function verifyJwt(scheme: Scheme, token: string, active: readonly string[], nowMs: number): Promise<Claims | VerifyFault> {
  const options = {
    algorithms: [...scheme.algorithms],
    currentDate: new Date(nowMs),
    clockTolerance: 60,
    ...(scheme.issuer === undefined ? {} : { issuer: scheme.issuer }),
    ...(scheme.audience === undefined ? {} : { audience: scheme.audience }),
  };
  let fault: VerifyFault = 'SIGNATURE_WRONG';
  for (const value of active) {
    try {
      const key: Uint8Array | JWTVerifyGetKey =
        'jwks' in scheme.key ? createLocalJWKSet(JSON.parse(value) as JSONWebKeySet) : keyBytes(scheme.key, value);
      const { payload } = key instanceof Uint8Array ? await jwtVerify(token, key, options) : await jwtVerify(token, key, options);
      return payload;
    } catch (cause) {
      fault = faultOf(cause);
    }
  }
  return fault;
}
