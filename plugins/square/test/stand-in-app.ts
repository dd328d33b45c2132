import type { Plain } from '@valehub/connector-kit';
import { deliver, forger, type PlatformReply, type PlatformRequest, type Route, tokenDesk } from '@valehub/connector-kit/testing';
import { refused } from './stand-in-errors.ts';

type Json = { readonly [name: string]: Plain };
type Subscription = Json & { readonly notification_url: string; readonly event_types: readonly string[]; readonly signature_key: string };

/** As Square declares it, and not as the connector does: what they disagree in, a delivery shows. */
const SIGNATURE = {
  by: 'hmac',
  hash: 'sha256',
  key: { secret: 'signatureKey' },
  signed: ['url', 'body'],
  signature: { header: 'x-square-hmacsha256-signature' },
  encoding: 'base64',
} as const;

export interface AppOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly merchant: string;
  readonly tokenLifeMs: number;
  readonly scopes: () => readonly string[];
  readonly now: () => number;
}

/** A developer application at Square: it gives out tokens, and calls those who have subscribed. */
export function appOf({ clientId, clientSecret, merchant, tokenLifeMs, scopes, now }: AppOptions) {
  const desk = tokenDesk({ lifeMs: tokenLifeMs, now, name: 'square' });
  const refreshes = new Set<string>();
  const subscriptions = new Map<string, Subscription>();
  const codes = new Set<string>();
  let count = 0;
  let isRevoked = false;

  function token(request: PlatformRequest): PlatformReply {
    const given = request.json() as Readonly<Record<string, string>>;
    if (given['client_id'] !== clientId || given['client_secret'] !== clientSecret) return refused(401, 'UNAUTHORIZED', 'Not authorized');
    const isCode = given['grant_type'] === 'authorization_code';
    const isGood = isCode ? codes.delete(given['code'] ?? '') : !isRevoked && refreshes.has(given['refresh_token'] ?? '');
    if (!isGood) return refused(401, 'UNAUTHORIZED', 'The grant is not valid.');
    isRevoked = false;
    const { access, refresh, seconds } = desk.give();
    if (isCode) refreshes.add(refresh);
    return {
      body: {
        access_token: access,
        token_type: 'bearer',
        expires_at: new Date(now() + seconds * 1000).toISOString(),
        merchant_id: merchant,
        // A refresh token of this flow is good for ever, and a renewal tells it again.
        refresh_token: isCode ? refresh : (given['refresh_token'] ?? ''),
      },
    };
  }

  function endLeave(): void {
    isRevoked = true;
    desk.revokeAll();
    refreshes.clear();
  }

  function revoke(request: PlatformRequest): PlatformReply {
    if (request.headers['authorization'] !== `Client ${clientSecret}`) return refused(401, 'UNAUTHORIZED');
    endLeave();
    return { body: { success: true } };
  }

  const shown = ({ signature_key: _key, ...rest }: Subscription): Json => rest;

  function subscribe(request: PlatformRequest): PlatformReply {
    const { subscription } = request.json() as { readonly subscription: Json };
    count += 1;
    const id = `subscription-${count}`;
    const made = { ...subscription, id, signature_key: `key-of-${id}` } as unknown as Subscription;
    subscriptions.set(id, made);
    return { body: { subscription: made } };
  }

  function resubscribe(request: PlatformRequest): PlatformReply {
    const there = subscriptions.get(request.params['id'] ?? '');
    if (!there) return refused(404, 'NOT_FOUND');
    const changed = { ...there, ...(request.json() as { readonly subscription: Json }).subscription } as unknown as Subscription;
    subscriptions.set(request.params['id'] ?? '', changed);
    return { body: { subscription: shown(changed) } };
  }

  const AT = '/v2/webhooks/subscriptions';
  const routes: readonly Route[] = [
    { at: 'POST /oauth2/token', open: true, handle: token },
    { at: 'POST /oauth2/revoke', open: true, handle: revoke },
    { at: 'POST /oauth2/token/status', handle: () => ({ body: { scopes: [...scopes()], client_id: clientId, merchant_id: merchant } }) },
    { at: `GET ${AT}`, handle: () => ({ body: { subscriptions: [...subscriptions.values()].map(shown) } }) },
    { at: `POST ${AT}`, handle: subscribe },
    {
      at: `GET ${AT}/:id`,
      handle: ({ params }) => {
        const there = subscriptions.get(params['id'] ?? '');
        return there ? { body: { subscription: there } } : refused(404, 'NOT_FOUND');
      },
    },
    { at: `PUT ${AT}/:id`, handle: resubscribe },
    {
      at: `DELETE ${AT}/:id`,
      handle: ({ params }) => (subscriptions.delete(params['id'] ?? '') ? { body: {} } : refused(404, 'NOT_FOUND')),
    },
  ];

  /** One event to all who want its type, each signed with the key of its subscription. `to`: where the hub listens really. */
  async function send(
    type: string,
    data: Json,
    how: { readonly id?: string; readonly location?: string; readonly to?: (url: string) => string } = {},
  ) {
    count += 1;
    const body = JSON.stringify({
      merchant_id: merchant,
      ...(how.location === undefined ? {} : { location_id: how.location }),
      type,
      event_id: how.id ?? `event-${count}`,
      created_at: new Date(now()).toISOString(),
      data: { type: type.split('.')[0] ?? '', ...data },
    });
    const statuses: number[] = [];
    for (const { event_types: types, notification_url: url, enabled, signature_key: signatureKey } of subscriptions.values()) {
      if (enabled === false || !types.includes(type)) continue;
      statuses.push(await deliver(forger(SIGNATURE, { signatureKey }), { url, body, at: now(), ...(how.to ? { to: how.to(url) } : {}) }));
    }
    return statuses;
  }

  return {
    routes,
    desk,
    subscriptions,
    send,
    endLeave,
    /** The seller says yes; gives the code that the browser brings back. */
    agree(): string {
      count += 1;
      codes.add(`code-${count}`);
      return `code-${count}`;
    },
  };
}
