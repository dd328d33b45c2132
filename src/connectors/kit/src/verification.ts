import type { Duration } from './plain.ts';

/**
 * Where a value stands in a request.
 * `header`: the whole value, or what follows `after` (`v0=`). `headerField`: one `name=value` of a list (`t=1,v1=ab`).
 * `field`: one top-level member of the body, which the kit peeks at for this and nothing else.
 */
export type Place =
  | { readonly header: string; readonly after?: string }
  | { readonly headerField: string; readonly name: string }
  | { readonly query: string }
  | { readonly field: string };

/** One of the signed parts. `url` is the address as registered, byte for byte. `key` is the secret itself (plain hashes). */
export type Part = 'method' | 'url' | 'urlDecoded' | 'body' | 'key' | Place | { readonly text: string };

/** A secret by the name of its setting; every active value of it is tried. */
export interface Key {
  readonly secret: string;
  /** How the setting's text becomes bytes: as it is, from base64, or as a public key in base64 SPKI. */
  readonly decode?: 'base64' | 'spki';
}

/** A signed time and how far it may lie back: the platform's window, else its whole retry span. */
export interface SignedTime {
  readonly at: Place;
  readonly unit: 's' | 'ms' | 'iso';
  readonly window: Duration;
}

export type Hash = 'sha1' | 'sha256' | 'sha512';

interface Signed {
  readonly key: Key;
  readonly signed: readonly Part[];
  readonly signature: Place;
  readonly encoding: 'hex' | 'base64' | 'hexOrBase64';
  readonly time?: SignedTime;
}

/** How a platform proves that a delivery is its own. Under `token`, `basic` and `urlSecret` a delivery is only a hint: its facts are fetched. */
export type Verification =
  | ({ readonly by: 'hmac' | 'hash'; readonly hash: Hash } & Signed)
  | ({ readonly by: 'ecdsa'; readonly hash: Hash; readonly form?: 'der' | 'p1363' } & Signed)
  | ({ readonly by: 'ed25519' } & Signed)
  | { readonly by: 'token'; readonly at: Place; readonly key: Key }
  | { readonly by: 'basic'; readonly user: Key; readonly password: Key }
  | { readonly by: 'urlSecret'; readonly query: string; readonly key: Key };

/** One of several schemes, in force while the setting `whenSet` has a value. The first that applies is the only one tried. */
export type VerificationChoice = Verification & { readonly whenSet: string };
