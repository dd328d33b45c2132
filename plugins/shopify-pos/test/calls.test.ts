import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Plain } from '@valehub/connector-kit';
import {
  createCtx,
  parseSettings,
  runFeed,
  runFetch,
  runIdentify,
  runLocations,
  runNamedVerb,
  type StandIn,
  type StandInReply,
  startStandIn,
} from '@valehub/connector-kit/testing';
import nock from 'nock';
import connector from '../src/index.ts';
import { ALL, cost, data, GRAPHQL, granted, order, SHOP, shop } from './fixtures.ts';
import { answers, asked, ctxAt, failureOf, transport } from './harness.ts';

let standIn: StandIn;
beforeEach(async () => {
  standIn = await startStandIn();
});
afterEach(() => standIn.close());
afterAll(() => {
  nock.restore();
  transport.close();
});

describe('a call', () => {
  afterEach(() => nock.cleanAll());

  test('goes to the shop of the settings, in the pinned version, with the token in its header', async () => {
    nock('https://casa-pepa.myshopify.com', { reqheaders: { 'x-shopify-access-token': 'token-1', accept: 'application/json' } })
      .post('/admin/api/2026-07/graphql.json', (body: { query: string }) => body.query.startsWith('query Shop'))
      .reply(200, data({ shop, currentAppInstallation: granted('read_orders') }));
    const parsed = parseSettings(connector, { shop: 'Casa-Pepa.myshopify.com ', accessToken: 'token-1' });
    if (!parsed.ok) throw new Error('the settings are refused');
    const ctx = createCtx({ connector, ...parsed.parsed, store: () => undefined, transport, now: () => 0 });
    expect(await runIdentify(connector, ctx)).toEqual({
      ok: true,
      value: {
        account: SHOP,
        name: 'Casa Pepa',
        scopes: ['read_orders'],
        facts: { currency: 'EUR', zone: 'Europe/Madrid', restoreRate: '100' },
      },
    });
    expect(nock.isDone()).toBe(true);
  });

  test.each([
    'casa-pepa.example',
    'myshopify.com',
    'casa-pepa.myshopify.com.evil.example',
    'https://casa-pepa.myshopify.com',
    '-x.myshopify.com',
  ])('never goes to %s', (host) => {
    expect(parseSettings(connector, { shop: host, accessToken: 'token-1' })).toMatchObject({ ok: false, faults: [{ path: 'shop' }] });
  });

  test('is not led to another host', async () => {
    standIn.answer([{ status: 302, headers: { location: 'https://evil.example/' }, body: '' }]);
    expect(await failureOf(standIn)).toMatchObject({ code: 'BAD_REPLY' });
    expect(standIn.requests).toHaveLength(1);
  });
});

const errors = (...list: readonly { readonly code?: string; readonly message: string; readonly path?: readonly string[] }[]) =>
  list.map(({ code, message, path }) => ({ message, ...(path ? { path } : {}), ...(code ? { extensions: { code } } : {}) }));
const body = (members: object): StandInReply => ({
  path: GRAPHQL,
  headers: { 'x-request-id': 'req-1' },
  body: members as unknown as Plain,
});

describe('what goes wrong', () => {
  test.each<[string, object, object]>([
    [
      'denied',
      { data: null, errors: errors({ code: 'ACCESS_DENIED', message: 'Access denied for orders field.' }) },
      { code: 'FORBIDDEN_SCOPE' },
    ],
    ['a shop that is closed', { errors: errors({ code: 'SHOP_INACTIVE', message: 'Shop is inactive.' }) }, { code: 'TARGET_GONE' }],
    [
      'a fault of Shopify’s own',
      { errors: errors({ code: 'INTERNAL_SERVER_ERROR', message: 'Internal error. Looks like something went wrong on our end.' }) },
      { code: 'PLATFORM_DOWN', unknown: true },
    ],
    [
      'a value of the wrong form',
      { errors: errors({ code: 'INVALID_VARIABLE', message: 'Variable $id of type ID! was provided invalid value' }) },
      { code: 'BAD_INPUT' },
    ],
    [
      'a query that costs too much',
      { errors: errors({ code: 'MAX_COST_EXCEEDED', message: 'Query cost is 1200.' }) },
      { code: 'NOT_SUPPORTED' },
    ],
    [
      'a cursor that it has forgotten',
      { errors: errors({ message: 'Invalid cursor for current pagination sort.' }) },
      { code: 'CURSOR_LOST' },
    ],
    [
      'a field that it does not have',
      { errors: errors({ code: 'undefinedField', message: "Field 'x' doesn't exist on type 'Order'" }) },
      { code: 'BAD_REPLY' },
    ],
  ])('is in the table, though the status is 200: %s', async (_what, members, failure) => {
    standIn.answer([body(members)]);
    const told = await failureOf(standIn);
    expect(told).toMatchObject(failure);
    expect(told.message).toMatch(/^Shopify says: /);
    expect(told.reference).toBe('req-1');
  });

  test('is a full bucket: wait until it holds what was asked for', async () => {
    const throttled = {
      requestedQueryCost: 452,
      actualQueryCost: null,
      throttleStatus: { maximumAvailable: 2000, currentlyAvailable: 52, restoreRate: 100 },
    };
    standIn.answer([body({ errors: errors({ code: 'THROTTLED', message: 'Throttled' }), extensions: { cost: throttled } })]);
    expect(await failureOf(standIn)).toMatchObject({ code: 'RATE_LIMITED', wait: 'PT4S' });
    standIn.answer([body({ errors: errors({ code: 'THROTTLED', message: 'Throttled' }) })]);
    expect(await failureOf(standIn)).toMatchObject({ code: 'RATE_LIMITED', wait: 'PT1S' });
  });

  test.each<[number, Plain, object]>([
    [401, { errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' }, { code: 'BAD_CREDENTIALS' }],
    [402, { errors: 'This shop is frozen.' }, { code: 'QUOTA_SPENT' }],
    [403, { errors: '[API] This action requires merchant approval for read_orders scope.' }, { code: 'FORBIDDEN_SCOPE' }],
    [404, { errors: 'Not Found' }, { code: 'NOT_FOUND' }],
    [423, { errors: 'This shop is locked.' }, { code: 'CONFLICT' }],
    [429, { errors: { base: ['Exceeded'] } }, { code: 'RATE_LIMITED' }],
    [503, { errors: 'Service unavailable' }, { code: 'PLATFORM_DOWN' }],
    [504, { errors: 'Timed out' }, { code: 'TIMEOUT', unknown: true }],
  ])('is told in Shopify’s words: %i', async (status, told, failure) => {
    standIn.answer([{ status, body: told }]);
    const said = await failureOf(standIn);
    expect(said).toMatchObject(failure);
    expect(said.message).toContain(`Shopify answered ${status}: `);
  });

  test('says how long to wait where Shopify does', async () => {
    standIn.answer([{ status: 429, headers: { 'retry-after': '2.0' }, body: { errors: 'Exceeded 2 calls per second' } }]);
    expect(await failureOf(standIn)).toMatchObject({ code: 'RATE_LIMITED', wait: 'PT2S' });
  });

  test.each<[string, StandInReply, string]>([
    ['HTML', { headers: { 'content-type': 'text/html' }, body: '<html>Back soon</html>' }, 'BAD_REPLY'],
    ['half a reply', { headers: { 'content-type': 'application/json' }, body: JSON.stringify(data({ order })).slice(0, 500) }, 'BAD_REPLY'],
    ['neither data nor errors', { body: {} }, 'BAD_REPLY'],
    ['a connection that breaks off', { instead: 'CUT' }, 'PLATFORM_DOWN'],
  ])('is %s', async (_what, reply, code) => {
    standIn.answer([reply]);
    expect((await failureOf(standIn)).code).toBe(code);
  });
});

describe('what a shop keeps to itself', () => {
  const denied = (...path: readonly string[]) =>
    errors({ code: 'ACCESS_DENIED', message: `Access denied for ${path.at(-1)} field.`, path });
  const read = (members: object) => {
    standIn.answer([body(members)]);
    return runFetch(connector, ctxAt(standIn.url), 'order', ['101']);
  };

  test('is left out of an order: guest, staff, till, article', async () => {
    const line = order.lineItems.nodes[0];
    const kept = {
      ...order,
      customer: null,
      email: null,
      phone: null,
      staffMember: null,
      lineItems: { ...order.lineItems, nodes: [{ ...line, product: null, variant: null }] },
    };
    const list = [
      ...denied('order', 'customer'),
      ...denied('order', 'email'),
      ...denied('order', 'staffMember'),
      ...denied('order', 'lineItems', 'nodes', 'product'),
    ];
    const ran = await read({ data: { order: kept }, errors: list, extensions: cost });
    expect(ran).toMatchObject({ ok: true, value: [{ kind: 'order', order: { externalId: '101' } }] });
    expect(JSON.stringify(ran)).not.toContain('customer');
  });

  test('is a missing right where the hub needs it: the location', async () => {
    const list = [...denied('order', 'email'), ...denied('order', 'retailLocation')];
    expect(await read({ data: { order: { ...order, retailLocation: null } }, errors: list })).toMatchObject({
      ok: false,
      failure: { code: 'FORBIDDEN_SCOPE', message: 'Shopify says: Access denied for retailLocation field.' },
    });
  });

  test('is a missing right where nothing else is left', async () => {
    expect(await read({ data: null, errors: denied('order', 'email') })).toMatchObject({ ok: false, failure: { code: 'FORBIDDEN_SCOPE' } });
  });
});

describe('the shop', () => {
  test('has its locations, and one for all that is no till', async () => {
    const page = (nodes: readonly object[], endCursor: string | null) => ({
      locations: { nodes, pageInfo: { hasNextPage: endCursor !== null, endCursor } },
    });
    answers(
      standIn,
      page([{ id: 'gid://shopify/Location/7001', name: 'Sevilla' }], 'p-2'),
      page([{ id: 'gid://shopify/Location/7002', name: 'Cádiz' }], null),
    );
    expect(await runLocations(connector, ctxAt(standIn.url, { currency: 'EUR', zone: 'Europe/Madrid' }))).toEqual({
      ok: true,
      value: [
        { id: '7001', name: 'Sevilla', currency: 'EUR', zone: 'Europe/Madrid' },
        { id: '7002', name: 'Cádiz', currency: 'EUR', zone: 'Europe/Madrid' },
        { id: 'online', name: 'Online store and other channels', currency: 'EUR', zone: 'Europe/Madrid' },
      ],
    });
  });

  test('can do less, the less it has agreed to', async () => {
    answers(standIn, { currentAppInstallation: granted(...ALL) });
    expect(await connector.narrow?.(ctxAt(standIn.url))).toEqual({});
    answers(standIn, { currentAppInstallation: granted('read_orders', 'read_discounts') });
    expect(await connector.narrow?.(ctxAt(standIn.url))).toMatchObject({
      'lifecycle.publish': 'NOT_POSSIBLE',
      'codes.bulk': 'NOT_POSSIBLE',
      'customer.read': 'NOT_POSSIBLE',
      'customer.write': 'NOT_POSSIBLE',
    });
    answers(standIn, { currentAppInstallation: granted('write_discounts') });
    expect(await connector.narrow?.(ctxAt(standIn.url))).not.toHaveProperty(['codes.usage']);
  });

  test('tells with every reply what is left of its points', () => {
    const reply = { status: 200, headers: {}, body: data({}) as unknown as Plain, text: '', at: '2026-03-06T21:00:00Z' };
    expect(connector.pace?.(reply)).toEqual([{ limit: 'points', remaining: 1988 }]);
    expect(connector.pace?.({ ...reply, body: null })).toEqual([]);
  });
});

test('a cart that is open at a till is out of reach: no verb, and said so', async () => {
  const input = { orderId: '101', code: 'DV4711', name: 'Spring', kind: 'ORDER_DISCOUNT', amount: { minor: 500, currency: 'EUR' } };
  const step = await runNamedVerb(connector, ctxAt(standIn.url), 'orders.apply', [{ id: 'job-1', key: 'key-1', input }], undefined);
  expect(step.outcomes).toMatchObject([{ failed: { code: 'NOT_SUPPORTED' } }]);
  expect(connector.capabilities['orders.apply']).toBe('NOT_POSSIBLE');
});

describe('a feed', () => {
  test('asks for what changed in its window, and reads each order', async () => {
    answers(standIn, { orders: { nodes: [{ id: order.id }], pageInfo: { hasNextPage: false, endCursor: null } } }, { order });
    const window = { from: '2026-03-06T19:00:00Z', to: '2026-03-06T20:00:00Z' };
    expect(await runFeed(connector, ctxAt(standIn.url), 'orders', window)).toMatchObject({ ok: true, value: { more: false } });
    expect(asked(standIn)).toMatchObject([
      {
        name: 'ChangedOrders',
        variables: { query: "updated_at:>='2026-03-06T19:00:00Z' AND updated_at:<'2026-03-06T20:00:00Z'", after: null },
      },
      { name: 'Order', variables: { id: 'gid://shopify/Order/101' } },
    ]);
  });

  test.each(['discounts', 'customers'])('of %s is silent where the shop has not agreed to it', async (feed) => {
    answers(standIn, { currentAppInstallation: granted('read_orders') });
    const window = { from: '2026-03-06T19:00:00Z', to: '2026-03-06T20:00:00Z' };
    expect(await runFeed(connector, ctxAt(standIn.url), feed, window)).toEqual({ ok: true, value: { facts: [], more: false } });
  });

  test('that is told of a next page without being told where does not begin again', async () => {
    answers(standIn, { orders: { nodes: [], pageInfo: { hasNextPage: true, endCursor: null } } });
    const window = { from: '2026-03-06T19:00:00Z', to: '2026-03-06T20:00:00Z' };
    expect(await runFeed(connector, ctxAt(standIn.url), 'orders', window)).toMatchObject({ ok: false, failure: { code: 'BAD_REPLY' } });
  });
});
