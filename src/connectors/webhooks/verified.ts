import type { Verification } from '@valehub/connector-kit';
import { type IncomingRequest, type KeyRing, type Received, schemeInForce } from '@valehub/connector-kit/host';
import type { Address } from './address.ts';
import { type KeySets, keySetName, publishedKeysOf } from './key-sets.ts';

export interface Verifying {
  readonly address: Address;
  /** Of the webhooks, or of the question that is asked. */
  readonly verify: Parameters<typeof schemeInForce>[0] | undefined;
  readonly keySets: KeySets;
  /** Makes the request as it would be under one of the registered addresses. */
  readonly request: (url: string) => IncomingRequest;
  readonly receive: (request: IncomingRequest, keys: KeyRing) => Promise<Received>;
}

/**
 * Takes a request by every key and every address that may be in force. Where the platform publishes its keys and the request names a
 * new one, they are fetched again. Throws `KeysAway` where they cannot be had.
 */
export async function receiveVerified(verifying: Verifying): Promise<Received> {
  const { address, keySets, verify } = verifying;
  const own: KeyRing = (name) => address.keys[name] ?? [];
  const published = publishedKeysOf(verify && inForce(verify, own));
  if (published === undefined) return byAnyUrl(verifying, own);
  const withSet =
    (text: string): KeyRing =>
    (name) =>
      name === keySetName(published) ? [text] : own(name);
  const received = await byAnyUrl(verifying, withSet(await keySets.get(address.live, published)));
  if (received.kind !== 'refused' || received.fault !== 'KEY_UNKNOWN') return received;
  const newer = await keySets.newer(address.live, published);
  return newer === undefined ? received : byAnyUrl(verifying, withSet(newer));
}

const inForce = (verify: NonNullable<Verifying['verify']>, own: KeyRing): Verification | undefined =>
  schemeInForce(verify, (name) => own(name).length > 0);

/** After a move the platform goes on to sign the old address until it is told the new one. */
async function byAnyUrl({ address: { urls }, request, receive }: Verifying, keys: KeyRing): Promise<Received> {
  const [registered, ...others] = urls;
  const first = await receive(request(registered), keys);
  for (const url of others) {
    if (first.kind !== 'refused' || first.fault !== 'SIGNATURE_WRONG') break;
    const received = await receive(request(url), keys);
    if (received.kind !== 'refused' || received.fault !== 'SIGNATURE_WRONG') return received;
  }
  return first;
}
