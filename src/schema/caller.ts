import type { IncomingMessage } from 'node:http';
import type { Hub } from '../domain/hub.ts';
import { HubError } from '../domain/shared/errors.ts';
import type { Caller } from './context.ts';

const BEARER = /^Bearer +([\w-]{1,200}) *$/i;

const unauthenticated = (): HubError =>
  new HubError('UNAUTHENTICATED', 'Say who asks: `Authorization: Bearer vh_...` with a key of this hub that was not revoked.');

/** The caller whose key it is. Throws UNAUTHENTICATED. */
export async function callerOf(hub: Hub, authorization: string | undefined, request: IncomingMessage, proxies: number): Promise<Caller> {
  const secret = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
  const actor = secret === undefined ? null : await hub.keys.authenticate(secret);
  if (secret === undefined || !actor) throw unauthenticated();
  return { actor, secret, address: () => addressOf(request, proxies), acceptLanguage: request.headers['accept-language'] };
}

/** Where a request comes from. Each proxy adds to the header the address that called it, so with n of them the n-th from the end is the caller's. */
function addressOf({ socket, headers }: IncomingMessage, proxies: number): string {
  const peer = socket.remoteAddress ?? '';
  if (proxies === 0) return peer;
  const forwarded = [headers['x-forwarded-for'] ?? []]
    .flat()
    .join(',')
    .split(',')
    .map((address) => address.trim())
    .filter(Boolean);
  const chain = [...forwarded, peer];
  return withoutPort(chain[Math.max(0, chain.length - 1 - proxies)] ?? peer);
}

/** Some proxies write the port too: 192.0.2.1:5678, [2001:db8::1]:5678. With it each connection would be an address of its own. */
function withoutPort(address: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(address)?.[1];
  return bracketed ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(address)?.[1] ?? address;
}

/** How many requests a second one key may make in this process. A bound against floods, no quota. */
export class FloodGate {
  readonly #perSecond: number;
  #second = 0;
  #counts = new Map<string, number>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Throws RATE_LIMITED. `now` in epoch ms. */
  pass(keyId: string, now: number): void {
    const second = Math.floor(now / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#counts.clear();
    }
    const count = (this.#counts.get(keyId) ?? 0) + 1;
    this.#counts.set(keyId, count);
    if (count > this.#perSecond)
      throw new HubError('RATE_LIMITED', `This key asks more than ${this.#perSecond} times a second: slow down and try again in a second.`);
  }
}
