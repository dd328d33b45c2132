import type { Plain } from '@valehub/connector-kit';
import {
  deliver,
  type Fault,
  forger,
  type PlatformReply,
  type PlatformRequest,
  startPlatform,
  tokenDesk,
} from '@valehub/connector-kit/testing';
import { OPERATIONS } from './stand-in-graphql.ts';
import { gid, orderWebhook, seconds } from './stand-in-orders.ts';
import { emptyShop, type GivenOrder, type Shop, type ShopOrder, type Truth, totalOf, truthOf } from './stand-in-shop.ts';

export interface StandInOptions {
  readonly shop?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Milliseconds since 1970; the machine's clock where left out. */
  readonly now?: () => number;
  /** A token that does not expire, as a custom app made in the shop has one. */
  readonly lastingToken?: string;
  /** How long an access token lives; an hour where left out, as at Shopify. */
  readonly tokenLifeMs?: number;
  /** How many nodes a page has at most, however many are asked for. */
  readonly pageSize?: number;
  /** The bucket of points, how fast it fills by the second, and what each operation costs. */
  readonly bucket?: { readonly points: number; readonly restoreRate: number; readonly cost: number };
  readonly fault?: (request: PlatformRequest) => Fault | undefined;
  readonly port?: number;
}

/** As the platform declares it, and not as the connector does: what they disagree in, a delivery shows. */
const SIGNATURE = {
  by: 'hmac',
  hash: 'sha256',
  key: { secret: 'clientSecret' },
  signed: ['body'],
  signature: { header: 'X-Shopify-Hmac-Sha256' },
  encoding: 'base64',
} as const;

type Json = { readonly [name: string]: Plain };

/** Fills by the second, as the bucket of a shop does. */
function bucketOf({ points, restoreRate, cost }: NonNullable<StandInOptions['bucket']>, now: () => number) {
  let left = points;
  let at = now();
  return (): { readonly isThrottled: boolean; readonly extensions: Json } => {
    left = Math.min(points, left + Math.floor(((now() - at) * restoreRate) / 1_000));
    at = now();
    const isThrottled = left < cost;
    if (!isThrottled) left -= cost;
    const throttleStatus = { maximumAvailable: points, currentlyAvailable: left, restoreRate };
    return { isThrottled, extensions: { cost: { requestedQueryCost: cost, actualQueryCost: isThrottled ? null : cost, throttleStatus } } };
  };
}

/** A shop's Admin API on this machine, with a memory: orders, discounts, customers, subscriptions, tokens and points. */
export async function startShopify(options: StandInOptions = {}) {
  const now = options.now ?? Date.now;
  const domain = options.shop ?? 'casa-pepa.myshopify.com';
  const clientId = options.clientId ?? 'client-of-the-stand-in';
  const clientSecret = options.clientSecret ?? 'secret-of-the-stand-in';
  const lastingToken = options.lastingToken ?? 'shpat_of-the-stand-in';
  const shop: Shop = emptyShop(now);
  const tokens = tokenDesk({ lifeMs: options.tokenLifeMs ?? 3_600_000, now, name: 'shopify' });
  const spend = bucketOf(options.bucket ?? { points: 2_000, restoreRate: 100, cost: 10 }, now);
  const most = options.pageSize ?? 250;

  function graphql(request: PlatformRequest): PlatformReply {
    const { query, variables } = request.json() as { readonly query: string; readonly variables: Json };
    const name = /(?:query|mutation) (\w+)/.exec(query)?.[1] ?? '';
    const { isThrottled, extensions } = spend();
    if (isThrottled) return { body: { errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }], extensions } };
    const answer = OPERATIONS[name];
    if (!answer) return { body: { errors: [{ message: `There is no operation ${name} here.` }], extensions } };
    const asked = Number(/first: (\d+), after/.exec(query)?.[1] ?? most);
    return { body: { data: answer(shop, variables, Math.min(most, asked), domain), extensions } };
  }

  function giveToken(request: PlatformRequest): PlatformReply {
    const form = request.form();
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret)
      return { status: 401, body: { error: 'invalid_client', error_description: 'The client id or secret is wrong.' } };
    const scope = shop.scopes.join(',');
    const grant = form.get('grant_type');
    const pair = grant === 'refresh_token' ? tokens.renew(form.get('refresh_token') ?? '') : tokens.give();
    if (!pair) return { status: 400, body: { error: 'invalid_grant', error_description: 'This refresh token was used before.' } };
    const lives = { access_token: pair.access, scope, expires_in: pair.seconds };
    if (grant === 'client_credentials') return { body: lives };
    if (grant === 'authorization_code' && form.get('expiring') !== '1') return { body: { access_token: lastingToken, scope } };
    return { body: { ...lives, refresh_token: pair.refresh, refresh_token_expires_in: 7_776_000 } };
  }

  const platform = await startPlatform(
    {
      now,
      authorised: ({ headers }) => {
        const token = headers['x-shopify-access-token'];
        return token === lastingToken || tokens.isGood(token);
      },
      refusal: { status: 401, body: { errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' } },
      ...(options.fault ? { fault: options.fault } : {}),
      routes: [
        { at: 'POST /admin/api/:version/graphql.json', handle: graphql },
        { at: 'POST /admin/oauth/access_token', open: true, handle: giveToken },
      ],
    },
    options.port,
  );

  const orderOf = (id: string): ShopOrder => {
    const order = shop.orders.get(gid('Order', id));
    if (!order) throw new Error(`There is no order ${id}.`);
    return order;
  };
  function touch(order: ShopOrder): void {
    order.updatedAt = now();
  }

  /** Rings up a sale; gives its id. */
  function addOrder(given: GivenOrder): string {
    const id = shop.nextId();
    const at = now();
    const payments = given.payments ?? [{ gateway: 'shopify_payments', amount: totalOf(given) }];
    const order: ShopOrder = {
      id,
      given,
      placedAt: at,
      lineIds: given.lines.map(() => shop.nextId()),
      tipId: shop.nextId(),
      payments: payments.map(({ gateway, amount, change = 0 }) => ({ id: shop.nextId(), gateway, amount, change, at })),
      refunds: [],
      updatedAt: at,
      cancelledAt: null,
    };
    shop.orders.set(gid('Order', id), order);
    for (const { kind, label } of given.discounts ?? []) {
      const own = [...shop.discounts.values()].find(({ codes }) => kind === 'code' && codes.includes(label));
      if (own) own.used += 1;
    }
    return String(id);
  }

  const signer = forger(SIGNATURE, { clientSecret });

  /** Sends a signed webhook to all who have subscribed to the topic, and gives what they answered. `at`: where the hub listens really. */
  async function send(
    topic: string,
    body: Json,
    how: { readonly id?: string; readonly to?: (uri: string) => string } = {},
  ): Promise<number[]> {
    const wanted = topic.toUpperCase().replace('/', '_');
    const statuses: number[] = [];
    for (const { uri } of [...shop.subscriptions.values()].filter((each) => each.topic === wanted)) {
      const headers = [
        ['content-type', 'application/json'],
        ['X-Shopify-Topic', topic],
        ['X-Shopify-Shop-Domain', domain],
        ['X-Shopify-API-Version', '2026-07'],
        ['X-Shopify-Webhook-Id', how.id ?? `delivery-${shop.nextId()}`],
        ['X-Shopify-Triggered-At', new Date(now()).toISOString()],
      ] as const;
      statuses.push(
        await deliver(signer, { url: uri, body: JSON.stringify(body), headers, at: now(), ...(how.to ? { to: how.to(uri) } : {}) }),
      );
    }
    return statuses;
  }

  return {
    url: platform.url,
    domain,
    clientId,
    clientSecret,
    lastingToken,
    /** Connects at once: `locations` is all that is left to say. */
    settings: { shop: domain, clientSecret, accessToken: lastingToken, apiBaseUrl: platform.url },
    /** Connects once a person has agreed, or with `logInAs: 'app'`. */
    settingsOfApp: { shop: domain, clientId, clientSecret, apiBaseUrl: platform.url },
    shop,
    requests: platform.requests,
    failNext: platform.failNext,
    close: platform.close,
    tokens,
    addOrder,
    pay(id: string, gateway: string, amount: number): void {
      const order = orderOf(id);
      order.payments.push({ id: shop.nextId(), gateway, amount, change: 0, at: now() });
      touch(order);
    },
    /** Gives back units by the places of their lines, and money. Without money it is what an edit takes off the order. */
    refund(id: string, units: readonly { readonly line: number; readonly quantity: number }[], amount: number): string {
      const order = orderOf(id);
      const refund = { id: shop.nextId(), at: now(), amount, units };
      order.refunds.push(refund);
      touch(order);
      return String(refund.id);
    },
    voidOrder(id: string): void {
      const order = orderOf(id);
      order.cancelledAt = now();
      touch(order);
    },
    deleteOrder: (id: string): boolean => shop.orders.delete(gid('Order', id)),
    /** What the order is worth by the shop's own reckoning. */
    truth: (id: string): Truth => truthOf(orderOf(id)),
    send,
    deliverOrder: (topic: string, id: string, how?: Parameters<typeof send>[2]): Promise<number[]> =>
      send(topic, orderWebhook(orderOf(id)), how),
    seconds,
  };
}

export type ShopifyStandIn = Awaited<ReturnType<typeof startShopify>>;
