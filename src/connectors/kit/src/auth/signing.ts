import type { Hash, Key, SignedTime } from '../verification.ts';

/** A part of a call that is signed. `url`: the whole address as it is called; `path`: of it, what follows the host, with the query. `time`: the moment of signing. */
export type CallPart = 'method' | 'url' | 'path' | 'body' | 'time' | { readonly header: string } | { readonly text: string };

/** A secret by its name, and how its text becomes the key. */
export type SigningKey = Pick<Key, 'secret' | 'prefix'> & { readonly decode?: 'base64' };

/**
 * How a platform wants calls to be signed: the counterpart of `Verification`. The client signs when the call is complete, so that what is
 * signed is what is sent, byte for byte, and plugin code never holds the key.
 */
export interface Signing {
  readonly by: 'hmac';
  readonly hash: Hash;
  /** Each that has been entered signs, in this order; the first must have been. A second one is for the time in which the key is changed. */
  readonly keys: readonly [SigningKey, ...SigningKey[]];
  /** In order, with nothing between them but what stands here as `text`. */
  readonly signed: readonly CallPart[];
  readonly encoding: 'hex' | 'base64';
  /** How the moment of signing is written; seconds since 1970 where left out. */
  readonly time?: SignedTime['unit'];
  /** How one signature is written (`v1,{signature}`), and what stands between several. As it is, and a comma, where left out. */
  readonly form?: { readonly each: string; readonly between: string };
  /** What is sent along: templates over `{signatures}`, `{time}`, and what `Placing` may name. */
  readonly headers: Readonly<Record<string, string>>;
}
