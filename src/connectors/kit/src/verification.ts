import type { Duration } from './plain.ts';

/**
 * Where a value stands in a request.
 * `header`: the whole value, or what follows `after` (`v0=`); where that header is not there, the one named `or` counts instead, for a
 * platform that is renaming its headers. `headerField`: one `name=value` of a list (`t=1,v1=ab`).
 * `field`: one top-level member of the body, which the kit peeks at for this and nothing else.
 */
export type Place =
  | { readonly header: string; readonly or?: string; readonly after?: string }
  | { readonly headerField: string; readonly name: string }
  | { readonly query: string }
  | { readonly field: string };

/**
 * Several signatures in one header, between spaces; those that begin with `after` (`v1,`) are tried, and one that is right is enough: a
 * sender that changes its key signs with both for a while. The header itself may stand only once, as everywhere.
 */
export interface SignatureList {
  readonly headerList: string;
  readonly after: string;
}

/**
 * One of the signed parts. `url` is the address as registered, byte for byte; `urlDecoded` the same with the encoded forms of
 * `: / ? @ ! $ ' ( ) * , ;` decoded, and no others (HubSpot). `key` is the secret itself (plain hashes).
 */
export type Part = 'method' | 'url' | 'urlDecoded' | 'body' | 'key' | Place | { readonly text: string };

/** A secret by its name: looked up in the subscription, the connection's settings and the App; every active value of it is tried. */
export interface Key {
  readonly secret: string;
  /** How the setting's text becomes bytes: as it is, from base64, or as a public key in base64 SPKI. */
  readonly decode?: 'base64' | 'spki';
  /** What stands before the key where it is handed out (`whsec_`), and is no part of it; whoever enters it may leave it out. */
  readonly prefix?: string;
  /** Where the request names which key it was signed with, and the secret that holds the name of ours: another's is refused without trying. */
  readonly id?: { readonly at: Place; readonly secret: string };
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
  readonly signature: Place | SignatureList;
  readonly encoding: 'hex' | 'base64' | 'hexOrBase64';
  readonly time?: SignedTime;
}

/** Where a platform publishes its keys: as a key set, or one public key in PEM in the member `pem` of what is there. */
export interface PublishedKeys {
  readonly host: string;
  readonly path: string;
  readonly pem?: string;
}

/** How a platform proves that a delivery is its own. Under `token`, `basic` and `urlSecret` a delivery is only a hint: its facts are fetched. */
export type Verification =
  | ({ readonly by: 'hmac' | 'hash'; readonly hash: Hash } & Signed)
  | ({ readonly by: 'ecdsa'; readonly hash: Hash; readonly form?: 'der' | 'p1363' } & Signed)
  | ({ readonly by: 'ed25519' } & Signed)
  | {
      readonly by: 'jwt';
      /** Where the token stands; `body`: the whole body is the token, and its claims are the delivery's body. */
      readonly token: Place | 'body';
      readonly algorithms: readonly ('HS256' | 'RS256' | 'ES256')[];
      /** A shared secret, or the platform's published keys at one of the declared hosts. */
      readonly key: Key | { readonly jwks: PublishedKeys };
      readonly issuer?: string;
      readonly audience?: string;
    }
  | { readonly by: 'token'; readonly at: Place; readonly key: Key }
  | { readonly by: 'basic'; readonly user: Key; readonly password: Key }
  | { readonly by: 'urlSecret'; readonly query: string; readonly key: Key };

/** One of several schemes, in force while the setting `whenSet` has a value. The first that applies is the only one tried. */
export type VerificationChoice = Verification & { readonly whenSet: string };
