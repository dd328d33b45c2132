import { randomUUID } from 'node:crypto';
import type { Plain } from '@valehub/connector-kit';
import {
  deliver,
  type Fault,
  forgerFor,
  type Platform,
  type PlatformReply,
  type PlatformRequest,
  questionForger,
  startPlatform,
  tokenDesk,
} from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { type CheckDraft, grossOf, isLive, type OrderDraft, orderOf, type ToastOrder, truthOf } from './order.ts';

export interface ToastOptions {
  readonly port?: number;
  /** Milliseconds since 1970; the machine's clock where left out. */
  readonly now?: () => number;
  /** Ids and names of the restaurants of the one group. */
  readonly restaurants?: Readonly<Record<string, string>>;
  readonly tokenLifeMs?: number;
  readonly rate?: { readonly requests: number; readonly everyMs: number };
  readonly fault?: (request: PlatformRequest) => Fault | undefined;
}

/** Where the hub takes what Toast sends: the address as registered, and where it really listens. */
export interface HubAddress {
  readonly url: string;
  readonly to?: string;
}

/** The state of an order in cents, to compare the hub with. */
export interface OrderTruth {
  readonly state: 'OPEN' | 'PAID' | 'VOIDED';
  /** Tips included. */
  readonly total: number;
  readonly gross: number;
  readonly discounts: Readonly<Record<string, number>>;
  readonly refunded: number;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);

function truth(draft: OrderDraft): OrderTruth {
  const live = draft.voided || draft.deleted ? [] : draft.checks.filter(({ voided, deleted }) => !voided && !deleted);
  const discounts = new Map<string, number>();
  const lines = live.flatMap((check) => check.lines.filter(({ voided }) => !voided));
  const given = [...live.flatMap((check) => check.discounts ?? []), ...lines.flatMap(({ discount }) => discount ?? [])].filter(isLive);
  for (const { guid, code, reward, cents } of given) {
    const name = code ?? reward ?? guid;
    discounts.set(name, (discounts.get(name) ?? 0) + cents);
  }
  return {
    state: live.length === 0 ? 'VOIDED' : live.every(({ status }) => status !== 'OPEN') ? 'PAID' : 'OPEN',
    total:
      sum(live.map((check) => truthOf(check).total)) +
      sum(live.flatMap((check) => (check.payments ?? []).filter(({ voided }) => !voided).map(({ tipCents = 0 }) => tipCents))),
    gross: sum(lines.map(grossOf)),
    discounts: Object.fromEntries(discounts),
    refunded: sum(live.flatMap((check) => (check.payments ?? []).map(({ refund }) => refund?.cents ?? 0))),
  };
}

interface Kept {
  draft: OrderDraft;
  readonly restaurant: string;
  changedAt: number;
}

const notFound: PlatformReply = {
  status: 404,
  body: { status: 404, code: 10020, message: 'The order was not found.', requestId: 'r-404' },
};

/** Toast on this machine: log-in, orders with their changes, the bulk read by pages, discounts on open checks, events and questions. */
export async function startToast(options: ToastOptions = {}) {
  const now = options.now ?? Date.now;
  const restaurants = options.restaurants ?? { 'restaurant-one': 'Casa Pepa', 'restaurant-two': 'Casa Ana' };
  const client = { clientId: 'stand-in-client', clientSecret: 'stand-in-client-secret' };
  const keys = { webhookSecret: 'stand-in-webhook-secret', outboundApiKey: 'stand-in-outbound-key' };
  const tokens = tokenDesk({ lifeMs: options.tokenLifeMs ?? 86_400_000, now, name: 'toast' });
  const orders = new Map<string, Kept>();
  let logins = 0;

  const rendered = ({ draft, changedAt }: Kept): ToastOrder =>
    orderOf({ ...draft, modifiedDate: new Date(changedAt).toISOString().replace('Z', '+0000') });
  const restaurantOf = (request: PlatformRequest): string => request.headers['toast-restaurant-external-id'] ?? '';
  const own = (request: PlatformRequest): Kept | undefined => {
    const kept = orders.get(request.params['guid'] ?? '');
    return kept?.restaurant === restaurantOf(request) ? kept : undefined;
  };

  function change(guid: string, made: (draft: OrderDraft) => OrderDraft): ToastOrder {
    const kept = orders.get(guid);
    if (!kept) throw new Error(`There is no order ${guid}.`);
    kept.draft = made(kept.draft);
    kept.changedAt = Math.max(now(), kept.changedAt + 1);
    return rendered(kept);
  }
  const changeChecks = (guid: string, made: (check: CheckDraft) => CheckDraft): ToastOrder =>
    change(guid, (draft) => ({ ...draft, checks: draft.checks.map(made) }));

  function bulk(request: PlatformRequest): PlatformReply {
    const at = (name: string): number => Date.parse(request.query.get(name) ?? '');
    const size = Number(request.query.get('pageSize') ?? '100');
    const page = Number(request.query.get('page') ?? '1');
    const found = [...orders.values()]
      .filter((kept) => kept.restaurant === restaurantOf(request) && kept.changedAt >= at('startDate') && kept.changedAt < at('endDate'))
      .sort((a, b) => a.changedAt - b.changedAt);
    return { body: found.slice((page - 1) * size, page * size).map(rendered) };
  }

  function applyDiscount(request: PlatformRequest): PlatformReply {
    const kept = own(request);
    const wanted = request.params['check'] ?? '';
    const check = kept?.draft.checks.find(({ guid }) => guid === wanted);
    if (!kept || !check) return notFound;
    if (check.status !== 'OPEN')
      return { status: 400, body: { status: 400, code: 10025, message: 'The check is not open.', requestId: 'r-400' } };
    const told = request.json() as readonly {
      readonly discount: { readonly guid: string };
      readonly discountAmount: number;
      readonly appliedPromoCode?: string;
    }[];
    const added = told.map(({ discount, discountAmount, appliedPromoCode }) => ({
      guid: randomUUID(),
      name: 'Voucher',
      cents: Math.round(discountAmount * 100),
      discount: discount.guid,
      ...(appliedPromoCode === undefined ? {} : { code: appliedPromoCode }),
    }));
    const body = changeChecks(kept.draft.guid, (one) =>
      one.guid === check.guid ? { ...one, discounts: [...(one.discounts ?? []), ...added] } : one,
    );
    return { body };
  }

  const platform: Platform = await startPlatform(
    {
      now,
      authorised: ({ headers }) => tokens.isGood(headers['authorization']?.replace(/^Bearer /, '')),
      refusal: { status: 401, body: { status: 401, code: 10010, message: 'Unauthorized', requestId: 'r-401' } },
      ...(options.fault ? { fault: options.fault } : {}),
      ...(options.rate
        ? {
            rate: {
              ...options.rate,
              reply: (waitMs: number) => ({
                status: 429,
                headers: {
                  'retry-after': String(Math.ceil(waitMs / 1000)),
                  'x-toast-ratelimit-by': 'GLOBAL',
                  'x-toast-ratelimit-remaining': '0',
                  'x-toast-ratelimit-reset': String(Math.ceil((now() + waitMs) / 1000)),
                },
                body: { status: 429, message: 'Rate limit exceeded', requestId: 'r-429' },
              }),
            },
          }
        : {}),
      routes: [
        {
          at: 'POST /authentication/v1/authentication/login',
          open: true,
          handle(request) {
            const told = request.json() as Readonly<Record<string, Plain>>;
            logins += 1;
            if (
              told['clientId'] !== client.clientId ||
              told['clientSecret'] !== client.clientSecret ||
              told['userAccessType'] !== 'TOAST_MACHINE_CLIENT'
            )
              return { status: 401, body: { status: 401, code: 10010, message: 'Invalid client credentials', requestId: 'r-401' } };
            const { access, seconds } = tokens.give();
            return {
              body: {
                token: { tokenType: 'Bearer', scope: null, expiresIn: seconds, accessToken: access, idToken: null, refreshToken: null },
                status: 'SUCCESS',
              },
            };
          },
        },
        {
          at: 'GET /restaurants/v1/restaurants/:guid',
          handle({ params: { guid = '' } }) {
            const name = restaurants[guid];
            if (name === undefined)
              return { status: 403, body: { status: 403, message: 'The restaurant is not connected to your client.', requestId: 'r-403' } };
            const general = {
              name,
              locationName: guid,
              timeZone: 'America/Los_Angeles',
              currencyCode: 'USD',
              managementGroupGuid: 'group-pepa',
              archived: false,
            };
            return { body: { guid, general, location: { country: 'US', phoneCountryCode: '1' } } };
          },
        },
        {
          at: 'GET /restaurants/v1/groups/:group/restaurants',
          handle: () => ({ body: Object.keys(restaurants).map((guid) => ({ guid })) }),
        },
        { at: 'GET /orders/v2/ordersBulk', handle: bulk },
        {
          at: 'GET /orders/v2/orders/:guid',
          handle(request) {
            const kept = own(request);
            return kept ? { body: rendered(kept) } : notFound;
          },
        },
        {
          at: 'GET /config/v2/discounts',
          handle: () => ({
            body: [
              { guid: 'discount-open', entityType: 'Discount', name: 'Voucher', active: true, type: 'OPEN_FIXED', selectionType: 'CHECK' },
            ],
          }),
        },
        {
          at: 'POST /orders/v2/applicableDiscounts',
          handle: () => ({
            body: [
              {
                discount: { guid: 'discount-open', entityType: 'Discount' },
                applicableChecks: [{ guid: null, entityType: 'CHECK' }],
                applicableSelections: [],
              },
            ],
          }),
        },
        { at: 'POST /orders/v2/orders/:guid/checks/:check/appliedDiscounts', handle: applyDiscount },
      ],
    },
    options.port ?? 0,
  );

  const webhookForger = forgerFor(connector, keys);

  return {
    url: platform.url,
    requests: platform.requests,
    failNext: platform.failNext,
    close: platform.close,
    /** What to enter at the hub; `locations` says which store a restaurant is. */
    settings: { ...client, ...keys, restaurantGuid: Object.keys(restaurants)[0] ?? '', apiBaseUrl: platform.url },
    keys,
    /** How often somebody logged in. */
    logins: (): number => logins,
    /** All tokens given out are refused from now on. */
    revokeTokens: tokens.revokeAll,
    addOrder(draft: OrderDraft, restaurant = Object.keys(restaurants)[0] ?? ''): ToastOrder {
      const kept: Kept = { draft, restaurant, changedAt: now() };
      orders.set(draft.guid, kept);
      return rendered(kept);
    },
    change,
    changeChecks,
    voidOrder: (guid: string): ToastOrder => change(guid, (draft) => ({ ...draft, voided: true })),
    deleteOrder: (guid: string): ToastOrder => change(guid, (draft) => ({ ...draft, deleted: true })),
    voidSelection: (guid: string, selection: string): ToastOrder =>
      changeChecks(guid, (check) => ({
        ...check,
        lines: check.lines.map((line) => (line.guid === selection ? { ...line, voided: true } : line)),
      })),
    /** Gives back so many cents of the first payment, and says which whole selections came back for it. */
    refund: (guid: string, cents: number, selections: Readonly<Record<string, number>> = {}): ToastOrder =>
      changeChecks(guid, (check) => ({
        ...check,
        lines: check.lines.map((line) => {
          const back = selections[line.guid];
          return back === undefined ? line : { ...line, refund: { cents: back, transaction: `refund-${guid}` } };
        }),
        payments: (check.payments ?? []).map((payment, index) =>
          index === 0 ? { ...payment, refund: { cents, transaction: `refund-${guid}`, at: new Date(now()).toISOString() } } : payment,
        ),
      })),
    /** It can no more be read. */
    forget: (guid: string): boolean => orders.delete(guid),
    order: (guid: string): ToastOrder | undefined => {
      const kept = orders.get(guid);
      return kept && rendered(kept);
    },
    truth: (guid: string): OrderTruth => {
      const kept = orders.get(guid);
      return kept ? truth(kept.draft) : { state: 'VOIDED', total: 0, gross: 0, discounts: {}, refunded: 0 };
    },
    /** Tells the hub of an order as it is now, signed. Gives the status. */
    async deliverOrder(guid: string, hub: HubAddress, event = randomUUID()): Promise<number> {
      const kept = orders.get(guid);
      if (!kept) throw new Error(`There is no order ${guid}.`);
      const body = {
        timestamp: new Date(now()).toISOString(),
        eventCategory: 'order_updated',
        eventType: 'order_updated',
        guid: event,
        details: { restaurantGuid: kept.restaurant, order: rendered(kept) },
      };
      return deliver(webhookForger, { url: hub.url, ...(hub.to ? { to: hub.to } : {}), body: JSON.stringify(body), at: now() });
    },
    /** Asks the hub what a till asks, at its webhook address + `/loyalty` or `/tender`. */
    async ask(
      question: 'loyalty' | 'tender',
      type: string,
      body: Plain,
      hub: HubAddress,
      restaurant = Object.keys(restaurants)[0] ?? '',
      transaction = randomUUID(),
    ) {
      const signed = questionForger(connector, question, keys).sign({
        url: `${hub.url}/${question}`,
        body: body === null ? '' : JSON.stringify(body),
        headers: [
          ['content-type', 'application/json'],
          ['Toast-Transaction-Type', type],
          ['Toast-Transaction-GUID', transaction],
          ['Toast-Restaurant-External-ID', restaurant],
        ],
        at: now(),
      });
      const response = await fetch(`${hub.to ?? hub.url}/${question}`, {
        method: 'POST',
        headers: signed.headers.map(([name, value]): [string, string] => [name, value]),
        body: new Uint8Array(signed.body),
      });
      const text = await response.text();
      return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as Plain, transaction };
    },
  };
}

export type ToastStandIn = Awaited<ReturnType<typeof startToast>>;
