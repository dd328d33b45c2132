import type { Plain } from '@valehub/connector-kit';
import { type Fault, type PlatformRequest, type Route, startPlatform } from '@valehub/connector-kit/testing';
import { appOf } from './stand-in-app.ts';
import { catalogOf } from './stand-in-catalog.ts';
import { customersOf } from './stand-in-customers.ts';
import { refused } from './stand-in-errors.ts';
import { ordersOf } from './stand-in-orders.ts';
import { type GivenDiscount, type GivenOrder, type Truth, truthOf } from './stand-in-sales.ts';

export type { Fault } from '@valehub/connector-kit/testing';
export type { GivenOrder } from './stand-in-sales.ts';

export interface StandInOptions {
  readonly merchant?: string;
  readonly locations?: readonly string[];
  /** Milliseconds since 1970; the machine's clock where left out. */
  readonly now?: () => number;
  /** How long an access token lives; 30 days where left out, as Square's. */
  readonly tokenLifeMs?: number;
  /** What the seller has given leave for; all that is asked where left out. */
  readonly scopes?: readonly string[];
  /** Of the lists of the catalog and the customers. */
  readonly pageSize?: number;
  readonly rate?: { readonly requests: number; readonly everyMs: number };
  readonly fault?: (request: PlatformRequest) => Fault | undefined;
  readonly port?: number;
}

const CLIENT_ID = 'application-of-the-stand-in';
const CLIENT_SECRET = 'secret-of-the-stand-in';
const APP_TOKEN = 'app-token-of-the-stand-in';
const OWN_TOKEN = 'own-token-of-the-stand-in';
const ALL_SCOPES = [
  'MERCHANT_PROFILE_READ',
  'ORDERS_READ',
  'ORDERS_WRITE',
  'PAYMENTS_READ',
  'ITEMS_READ',
  'ITEMS_WRITE',
  'CUSTOMERS_READ',
  'CUSTOMERS_WRITE',
];

/** A seller at Square on this machine, and the developer application that it gives leave to. */
export async function startSquare(options: StandInOptions = {}) {
  const { merchant = 'MERCHANT-STAND-IN', locations = ['L-1', 'L-2'], now = Date.now, pageSize = 100 } = options;
  let scopes = options.scopes ?? ALL_SCOPES;
  let count = 0;
  const nextId = (kind: string): string => {
    count += 1;
    return `${kind}-${count}`;
  };
  const app = appOf({
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    merchant,
    tokenLifeMs: options.tokenLifeMs ?? 30 * 86_400_000,
    scopes: () => scopes,
    now,
  });
  const till = ordersOf(nextId, now);
  const catalog = catalogOf(nextId, now, pageSize);
  const book = customersOf(nextId, now, pageSize);

  const seller: readonly Route[] = [
    {
      at: 'GET /v2/merchants/me',
      handle: () => ({ body: { merchant: { id: merchant, business_name: 'Casa Pepa', country: 'ES', currency: 'EUR' } } }),
    },
    {
      at: 'GET /v2/locations',
      handle: () => ({
        body: { locations: locations.map((id) => ({ id, name: `House ${id}`, currency: 'EUR', timezone: 'Europe/Madrid' })) },
      }),
    },
  ];

  const platform = await startPlatform(
    {
      now,
      authorised({ path, headers }) {
        const token = headers['authorization']?.replace(/^Bearer /, '');
        if (path.startsWith('/v2/webhooks/')) return token === APP_TOKEN;
        return token === OWN_TOKEN || app.desk.isGood(token);
      },
      refusal: refused(401, 'UNAUTHORIZED', 'This request could not be authorized.'),
      ...(options.rate
        ? { rate: { ...options.rate, reply: () => ({ ...refused(429, 'RATE_LIMITED'), headers: { 'retry-after': '1' } }) } }
        : {}),
      ...(options.fault ? { fault: options.fault } : {}),
      routes: [...app.routes, ...seller, ...till.routes, ...catalog.routes, ...book.routes],
    },
    options.port,
  );

  type How = { readonly id?: string; readonly to?: (url: string) => string };
  const data = (id: string, member: string, object: { readonly [name: string]: Plain }) => ({ id, object: { [member]: object } });

  return {
    url: platform.url,
    merchant,
    locations,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    /** To connect with by the leave of the seller, which `agree` gives. */
    settings: { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, appAccessToken: APP_TOKEN, apiBaseUrl: platform.url },
    /** To connect with by a token of the seller's own. */
    ownSettings: { accessToken: OWN_TOKEN, appAccessToken: APP_TOKEN, apiBaseUrl: platform.url },
    requests: platform.requests,
    failNext: platform.failNext,
    close: platform.close,
    agree: app.agree,
    /** The seller takes the leave back. */
    endLeave: app.endLeave,
    /** Access tokens given out so far are worth nothing, and can be renewed. */
    expireTokens: app.desk.revokeAll,
    allow(...given: readonly string[]): void {
      scopes = given;
    },
    subscriptions: app.subscriptions,
    catalog,
    customers: book.customers,
    addCustomer: book.add,
    /** Rings up a sale; gives its id. */
    addOrder: (given: GivenOrder): string => till.addOrder(given, given.location ?? locations[0] ?? ''),
    discount(id: string, given: GivenDiscount): void {
      const sale = till.saleOf(id);
      sale.discounts.push({ ...given, uid: given.uid ?? nextId('discount') });
      till.touch(sale);
    },
    pay: till.pay,
    refund: till.refund,
    voidOrder(id: string): void {
      till.saleOf(id).isCanceled = true;
      till.touch(till.saleOf(id));
    },
    /** What the hub has to have in its books. */
    truth: (): readonly Truth[] => [...till.sales.values()].map((sale) => truthOf(sale, till.backs)),
    deliverOrder: (id: string, type: 'order.created' | 'order.updated' = 'order.updated', how: How = {}) =>
      app.send(type, data(id, type.replace('.', '_'), { order_id: id, location_id: till.saleOf(id).location, state: 'OPEN' }), {
        ...how,
        location: till.saleOf(id).location,
      }),
    /** Of the order's first payment. */
    deliverPayment(orderId: string, type: 'payment.created' | 'payment.updated' = 'payment.updated', how: How = {}) {
      const { location, payments } = till.saleOf(orderId);
      const id = payments[0]?.id ?? '';
      return app.send(type, data(id, 'payment', { id, order_id: orderId, location_id: location }), { ...how, location });
    },
    deliverRefund(id: string, how: How & { readonly type?: 'refund.created' | 'refund.updated' } = {}) {
      const back = till.backs.find((one) => one.id === id);
      const refund = { id, order_id: back?.returnId ?? '', payment_id: back?.payment.id ?? '', location_id: back?.sale.location ?? '' };
      return app.send(how.type ?? 'refund.created', data(id, 'refund', refund), how);
    },
    deliverCatalog: (how: How = {}) =>
      app.send('catalog.version.updated', data('', 'catalog_version', { updated_at: new Date(now()).toISOString() }), how),
    deliverRevocation: (how: How = {}) =>
      app.send('oauth.authorization.revoked', data('revocation-1', 'revocation', { revoked_at: new Date(now()).toISOString() }), how),
  };
}

export type SquareStandIn = Awaited<ReturnType<typeof startSquare>>;
