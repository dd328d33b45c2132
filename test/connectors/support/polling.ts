import {
  bearer,
  CallError,
  type Connector,
  type Ctx,
  defineConnector,
  type Fact,
  type Feed,
  type Limit,
  path,
  secret,
  z,
} from '@valehub/connector-kit';
import {
  type Fault,
  type Platform,
  type PlatformReply,
  type PlatformRequest,
  pageOf,
  type Route,
  startPlatform,
} from '@valehub/connector-kit/testing';

const settings = z.strictObject({ apiKey: secret({ title: 'API key' }) });
type Body = Extract<NonNullable<PlatformReply['body']>, object>;
type PollingCtx = Ctx<typeof settings>;
type PollingFeed = Feed<typeof settings>;

const orderSchema = z.object({
  id: z.string(),
  location: z.string(),
  placedAt: z.string(),
  changedAt: z.string(),
  cents: z.int(),
  code: z.string().optional(),
  version: z.int().optional(),
});
/** An order as the platform has it. `day`: the platform's own trading day. */
export type PollingOrder = z.infer<typeof orderSchema> & { readonly day: string };
const page = z.object({ orders: z.array(orderSchema), next: z.string().optional() });

const eur = (minor: number) => ({ minor, currency: 'EUR' });

const factOf = (order: z.infer<typeof orderSchema>): Fact => ({
  kind: 'order',
  order: {
    externalId: order.id,
    ...(order.version === undefined ? {} : { revision: { version: order.version } }),
    location: order.location,
    state: 'PAID',
    placedAt: order.placedAt,
    currency: 'EUR',
    pricesIncludeTax: true,
    lines: [
      {
        id: '1',
        sku: 'ARROZ',
        quantity: '1',
        unitPrice: eur(order.cents),
        gross: eur(order.cents),
        discount: eur(order.code === undefined ? 0 : order.cents / 10),
      },
    ],
    discounts:
      order.code === undefined ? [] : [{ externalId: 'd', name: 'Vale', amount: eur(order.cents / 10), code: order.code, texts: [] }],
    payments: [
      { externalId: `p-${order.id}`, method: 'CARD', amount: eur(order.code === undefined ? order.cents : order.cents * 0.9), texts: [] },
    ],
    refunds: [],
    charges: [],
    total: eur(order.code === undefined ? order.cents : order.cents * 0.9),
    texts: [],
  },
});

async function listed(ctx: PollingCtx, at: string, query: Record<string, string>) {
  const { orders, next } = await ctx.call({ path: at, query, reply: page });
  return { facts: orders.map(factOf), ...(next === undefined ? {} : { next }), more: next !== undefined };
}

const place = (ctx: PollingCtx) => (ctx.location === undefined ? {} : { location: ctx.location });

/** By when they were changed. */
export const byTime = (given: Partial<PollingFeed> = {}): PollingFeed =>
  ({
    by: 'time',
    every: 'PT5M',
    gives: ['order'],
    overlap: 'PT10M',
    complete: false,
    read: (ctx, { from, to, page: at }) => listed(ctx, '/changed', { from, to, ...place(ctx), ...(at === undefined ? {} : { page: at }) }),
    ...given,
  }) as PollingFeed;

/** By the trading day; all of it. */
export const byDay = (given: Partial<PollingFeed> = {}): PollingFeed =>
  ({
    by: 'businessDay',
    every: 'PT15M',
    gives: ['order'],
    partition: 'location',
    overlap: 'P1D',
    complete: true,
    read: (ctx, { day, page: at }) => listed(ctx, '/days', { day, ...place(ctx), ...(at === undefined ? {} : { page: at }) }),
    ...given,
  }) as PollingFeed;

/** By a counter of changes. */
export const byCursor = (given: Partial<PollingFeed> = {}): PollingFeed =>
  ({
    by: 'cursor',
    every: 'PT5M',
    gives: ['order'],
    first: async (ctx, since) =>
      (await ctx.call({ path: '/counter', query: since === undefined ? {} : { since }, reply: z.object({ cursor: z.string() }) })).cursor,
    read: async (ctx, cursor) => {
      const reply = z.object({ orders: z.array(orderSchema), cursor: z.string(), more: z.boolean() });
      const answer = await ctx.call({ path: '/changes', query: { after: cursor }, reply });
      return { facts: answer.orders.map(factOf), next: answer.cursor, more: answer.more };
    },
    ...given,
  }) as PollingFeed;

/** Thin: names what was changed, and no more. */
export const thin = (): PollingFeed =>
  byTime({
    read: async (ctx: PollingCtx, { from, to }: { from: string; to: string }) => {
      const { orders } = await ctx.call({ path: '/changed', query: { from, to }, reply: page });
      return { facts: orders.map(({ id }): Fact => ({ kind: 'again', resource: 'order', id })), more: false };
    },
  } as Partial<PollingFeed>);

async function readOrders(ctx: PollingCtx, ids: readonly string[]): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (const id of ids) {
    const answer = await ctx.tryCall({ path: path`/orders/${id}`, reply: orderSchema });
    if (!('failed' in answer)) facts.push(factOf(answer.value));
    else if (answer.failed.code !== 'NOT_FOUND') throw new CallError(answer.failed);
  }
  return facts;
}

/** A till that tells nothing by itself. */
export const polling = (feeds: Readonly<Record<string, PollingFeed>>, limits: readonly Limit[] = []): Connector =>
  defineConnector({
    id: 'polling',
    title: 'Polling',
    docs: 'https://polling.example/docs',
    kit: '^1.0.0',
    versions: [{ id: '1', link: 'https://polling.example/docs' }],
    settings,
    hosts: { api: { url: 'https://api.polling.example' } },
    auth: bearer('apiKey'),
    identify: () => ({ account: 'polling-account', name: 'Polling' }),
    limits,
    failure: ({ status }) => (status === 410 ? { code: 'CURSOR_LOST', message: 'The counter was forgotten.' } : undefined),
    feeds,
    fetch: { order: { max: 10, read: readOrders } },
    roles: { 'orders.source': { feed: Object.keys(feeds)[0] ?? '' } },
    capabilities: {},
  });

/** The platform behind it, with a memory. */
export interface PollingPlatform {
  readonly url: string;
  readonly requests: Platform['requests'];
  /** Makes or changes an order; a change is counted and takes the time. */
  put(order: PollingOrder): void;
  remove(id: string): void;
  /** Cursors up to here are good no more. */
  forget(): void;
  /** What the next requests meet, one each. */
  failNext(...faults: readonly Fault[]): void;
  /** Queries of the requests to a path, in order. */
  asked(at: string): readonly Readonly<Record<string, string>>[];
  /** Done before a request is answered. */
  onRequest: ((request: PlatformRequest) => Promise<unknown> | undefined) | null;
  close(): Promise<void>;
}

const PAGE = 2;

export async function startPolling(): Promise<PollingPlatform> {
  const orders = new Map<string, PollingOrder>();
  const changes: { readonly id: string; readonly at: string }[] = [];
  let oldest = 0;
  const here = (order: PollingOrder, { query }: PlatformRequest) =>
    query.get('location') === null || order.location === query.get('location');
  const paged = (found: readonly PollingOrder[], { query }: PlatformRequest) => {
    const { items, next } = pageOf(found, query.get('page'), PAGE);
    return { body: { orders: items, ...(next === undefined ? {} : { next }) } as unknown as Body };
  };
  const routes: Route[] = [
    {
      at: 'GET /changed',
      handle: (request) => {
        const [from, to] = [request.query.get('from') ?? '', request.query.get('to') ?? ''];
        return paged(
          [...orders.values()].filter((order) => here(order, request) && order.changedAt >= from && order.changedAt < to),
          request,
        );
      },
    },
    {
      at: 'GET /days',
      handle: (request) =>
        paged(
          [...orders.values()].filter((order) => here(order, request) && order.day === request.query.get('day')),
          request,
        ),
    },
    {
      at: 'GET /counter',
      handle: ({ query }) => {
        const since = query.get('since');
        const index = since === null ? changes.length : changes.findIndex(({ at }) => at >= since);
        return { body: { cursor: String(index < 0 ? changes.length : index) } };
      },
    },
    {
      at: 'GET /changes',
      handle: ({ query }) => {
        const after = Number(query.get('after'));
        if (after < oldest) return { status: 410, body: {} };
        const some = changes.slice(after, after + PAGE);
        const ids = [...new Set(some.map(({ id }) => id))];
        const found = ids.flatMap((id) => orders.get(id) ?? []);
        const [cursor, more] = [String(after + some.length), after + some.length < changes.length];
        return { body: { orders: found, cursor, more } as unknown as Body };
      },
    },
    {
      at: 'GET /orders/:id',
      handle: ({ params }) => {
        const order = orders.get(params['id'] ?? '');
        return order === undefined ? { status: 404, body: {} } : { body: order as unknown as Body };
      },
    },
  ];
  const platform = await startPlatform({
    routes: routes.map((route) => ({
      ...route,
      async handle(request) {
        await made.onRequest?.(request);
        return route.handle(request);
      },
    })),
  });
  const made: PollingPlatform = {
    url: platform.url,
    requests: platform.requests,
    put(order) {
      orders.set(order.id, order);
      changes.push({ id: order.id, at: order.changedAt });
    },
    remove: (id) => void orders.delete(id),
    forget() {
      oldest = changes.length;
    },
    failNext: (...faults) => platform.failNext(...faults),
    asked: (at) => platform.requests.filter(({ path: asked }) => asked === at).map(({ query }) => Object.fromEntries(query)),
    onRequest: null,
    close: () => platform.close(),
  };
  return made;
}
