import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notice, Plain } from '@valehub/connector-kit';
import { receive, runEnsure, runRead, runSplit, runUnsubscribe, type StandIn, startStandIn } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { DISCOUNT, granted, SHOP } from './fixtures.ts';
import { answers, asked, ctxAt, transport } from './harness.ts';

let standIn: StandIn;
beforeEach(async () => {
  standIn = await startStandIn();
});
afterEach(() => standIn.close());
afterAll(() => transport.close());

const url = 'https://hub.example.com/webhooks/c-1';
const sign = (text: string, key = 'app-secret') => createHmac('sha256', key).update(text).digest('base64');
const raw = '{"id":101,"total_price":"51.50"}';

const take = (headers: readonly (readonly [string, string])[], body = raw, keys: readonly string[] = ['app-secret']) =>
  receive(
    connector,
    { method: 'POST', url, query: '', headers: [['Content-Type', 'application/json'], ...headers], body: Buffer.from(body) },
    { keys: (name) => (name === 'clientSecret' ? keys : []), nowMs: 0 },
  );

describe('a delivery', () => {
  test.each(['X-Shopify-Hmac-Sha256', 'x-shopify-hmac-sha256', 'shopify-hmac-sha256'])('is signed over its body in %s', async (name) => {
    expect((await take([[name, sign(raw)]])).kind).toBe('delivery');
  });

  test.each<[string, readonly (readonly [string, string])[]]>([
    ['another secret', [['X-Shopify-Hmac-Sha256', sign(raw, 'other')]]],
    ['another body', [['X-Shopify-Hmac-Sha256', sign(`${raw} `)]]],
    ['hex', [['X-Shopify-Hmac-Sha256', Buffer.from(sign(raw), 'base64').toString('hex')]]],
    ['nothing', []],
    [
      'two signatures',
      [
        ['X-Shopify-Hmac-Sha256', sign(raw)],
        ['X-Shopify-Hmac-Sha256', sign(raw)],
      ],
    ],
    [
      'a wrong one, and a right one under the newer name',
      [
        ['X-Shopify-Hmac-Sha256', sign(raw, 'other')],
        ['shopify-hmac-sha256', sign(raw)],
      ],
    ],
  ])('signed with %s is refused', async (_how, headers) => {
    expect(await take(headers)).toMatchObject({ kind: 'refused', status: 401 });
  });

  test('is taken under the old secret while a new one is being introduced', async () => {
    expect((await take([['X-Shopify-Hmac-Sha256', sign(raw, 'old')]], raw, ['app-secret', 'old'])).kind).toBe('delivery');
  });
});

const headers = (topic: string, prefix = 'x-shopify-') => ({
  [`${prefix}topic`]: topic,
  [`${prefix}shop-domain`]: SHOP,
  [`${prefix}webhook-id`]: 'w-1',
  [`${prefix}triggered-at`]: '2026-03-06T20:15:02.123456789Z',
});

const split = (body: Plain, given: Readonly<Record<string, string>>) =>
  runSplit(connector, { method: 'POST', headers: given, query: {}, body, bodyHash: 'h', receivedAt: '2026-03-06T20:15:03Z', signed: true });

async function noticeOf(topic: string, body: Plain): Promise<Notice> {
  const ran = await split(body, headers(topic));
  if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
  const [notice] = ran.value;
  if (!notice) throw new Error('no notice');
  return notice;
}

const read = async (topic: string, body: Plain) => {
  const ran = await runRead(connector, ctxAt(standIn.url), await noticeOf(topic, body));
  if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
  return ran.value;
};

describe('an event', () => {
  test.each([['x-shopify-'], ['shopify-']])(
    'is one notice about its shop and its order, known again by Shopify’s id (%s)',
    async (prefix) => {
      expect(await split({ id: 101 }, headers('orders/updated', prefix))).toEqual({
        ok: true,
        value: [
          {
            account: SHOP,
            topic: 'orders/updated',
            resource: ['order', '101'],
            at: '2026-03-06T20:15:02.123456789Z',
            body: {},
            repeat: { key: 'w-1' },
          },
        ],
      });
    },
  );

  test.each<[string, Plain, readonly [string, string]]>([
    ['orders/edited', { order_edit: { id: 5, order_id: 101 } }, ['order', '101']],
    ['refunds/create', { id: 71, order_id: 101 }, ['order', '101']],
    ['orders/delete', { id: '9007199254740993' }, ['order', '9007199254740993']],
    ['discounts/update', { admin_graphql_api_id: DISCOUNT }, ['discount', DISCOUNT]],
    ['customers/update', { id: 61 }, ['customer', '61']],
  ])('%s is worked in turn with all that is about the same', async (topic, body, resource) => {
    expect((await noticeOf(topic, body)).resource).toEqual(resource);
  });

  test('for each of thousands of codes is one signal of their discount', async () => {
    expect((await noticeOf('discounts/redeemcode_added', { admin_graphql_api_id: DISCOUNT })).repeat).toBe('signal');
  });

  test('of a topic nobody asked for is kept, and means nothing', async () => {
    const notice = await noticeOf('products/update', { id: 1 });
    expect(notice).toMatchObject({ topic: 'products/update', account: SHOP, repeat: { key: 'w-1' } });
    expect(await runRead(connector, ctxAt(standIn.url), notice)).toEqual({ ok: true, value: [] });
    expect(await split({}, headers('toString'))).toMatchObject({ ok: true });
  });

  test.each<[string, Plain, Readonly<Record<string, string>>]>([
    ['without its headers', { id: 101 }, {}],
    ['without an id', {}, headers('orders/create')],
    ['that is a list', [], headers('orders/create')],
  ])('%s is none of Shopify’s', async (_what, body, given) => {
    expect(await split(body, given)).toMatchObject({ ok: false, failure: { code: 'BAD_REPLY' } });
  });

  test('with a time that is none is taken without it', async () => {
    const ran = await split({ id: 101 }, { ...headers('orders/create'), 'x-shopify-triggered-at': 'now' });
    expect(ran.ok && ran.value[0]).not.toHaveProperty('at');
  });
});

describe('what an event means', () => {
  test('an app that was removed: no more access', async () => {
    expect(await read('app/uninstalled', { id: 1 })).toEqual([{ kind: 'access', is: 'UNINSTALLED', at: '2026-03-06T20:15:02.123456789Z' }]);
  });

  test('an order that was deleted: gone', async () => {
    expect(await read('orders/delete', { id: 101 })).toEqual([{ kind: 'gone', resource: 'order', id: '101' }]);
  });

  test('a discount without a code: nothing to the hub', async () => {
    expect(await read('discounts/update', { admin_graphql_api_id: 'gid://shopify/DiscountAutomaticNode/5' })).toEqual([]);
    expect(standIn.requests).toHaveLength(0);
  });

  const person = { id: 61, email: 'guest@mail.example', phone: '+34955000111' };
  test.each<[string, Plain, string, string]>([
    ['customers/data_request', { shop_domain: SHOP, customer: person, data_request: { id: 9 } }, 'EXPORT', 'guest@mail.example'],
    ['customers/redact', { shop_domain: SHOP, customer: { ...person, email: null } }, 'ERASE', '+34955000111'],
    ['customers/redact', { shop_domain: SHOP, customer: { id: 61 } }, 'ERASE', '61'],
    ['shop/redact', { shop_id: 1, shop_domain: SHOP }, 'ERASE', SHOP],
  ])('%s: told to an operator', async (topic, body, ask, identity) => {
    expect(await read(topic, body)).toEqual([{ kind: 'privacy', ask, identity, key: 'w-1' }]);
  });
});

describe('subscriptions', () => {
  const want = {
    url,
    topics: ['orders/create', 'discounts/create', 'discounts/redeemcode_added', 'app/uninstalled', 'shop/redact'],
    newSecret: 'x',
  };
  const page = (...nodes: readonly object[]) => ({ webhookSubscriptions: { nodes, pageInfo: { hasNextPage: false, endCursor: null } } });
  const at = (number: number, topic: string, uri = url) => ({ id: `gid://shopify/WebhookSubscription/${number}`, topic, uri });
  const scopes = (...handles: readonly string[]) => ({ currentAppInstallation: granted(...handles) });
  const ensure = (have: readonly { readonly id: string }[] = []) =>
    runEnsure(
      connector,
      ctxAt(standIn.url),
      want,
      have.map(({ id }) => ({ id, topics: [], url: 'https://old.example/webhooks/c-1' })),
    );

  test('are made for what the shop has agreed to, and not for what only the app’s configuration can have', async () => {
    answers(
      standIn,
      scopes('read_orders'),
      page(),
      { webhookSubscriptionCreate: { webhookSubscription: at(1, 'ORDERS_CREATE'), userErrors: [] } },
      { webhookSubscriptionCreate: { webhookSubscription: at(2, 'APP_UNINSTALLED'), userErrors: [] } },
    );
    expect(await ensure()).toEqual({
      ok: true,
      value: [
        { id: 'gid://shopify/WebhookSubscription/1', topics: ['orders/create'], url },
        { id: 'gid://shopify/WebhookSubscription/2', topics: ['app/uninstalled'], url },
      ],
    });
    expect(asked(standIn).slice(2)).toMatchObject([
      { name: 'Subscribe', variables: { topic: 'ORDERS_CREATE', webhookSubscription: { uri: url, format: 'JSON' } } },
      { name: 'Subscribe', variables: { topic: 'APP_UNINSTALLED' } },
    ]);
  });

  test('are moved to a new address, and what is not wanted any more is removed; others’ are left alone', async () => {
    const old = 'https://old.example/webhooks/c-1';
    answers(
      standIn,
      scopes('read_orders'),
      page(
        at(1, 'ORDERS_CREATE', old),
        at(2, 'APP_UNINSTALLED'),
        at(3, 'PRODUCTS_UPDATE'),
        at(4, 'ORDERS_CREATE', 'https://others.example/'),
      ),
      { webhookSubscriptionUpdate: { webhookSubscription: at(1, 'ORDERS_CREATE'), userErrors: [] } },
      { webhookSubscriptionDelete: { userErrors: [] } },
    );
    const ran = await ensure([{ id: 'gid://shopify/WebhookSubscription/1' }]);
    expect(ran.ok && ran.value.map(({ id }) => id.split('/').at(-1))).toEqual(['1', '2']);
    expect(asked(standIn).slice(2)).toMatchObject([
      { name: 'MoveSubscription', variables: { id: 'gid://shopify/WebhookSubscription/1', webhookSubscription: { uri: url } } },
      { name: 'Unsubscribe', variables: { id: 'gid://shopify/WebhookSubscription/3' } },
    ]);
  });

  test('need the right to read orders', async () => {
    answers(standIn, scopes('read_discounts'));
    expect(await ensure()).toMatchObject({ ok: false, failure: { code: 'FORBIDDEN_SCOPE' } });
  });

  test('that another process has just made are found the next time', async () => {
    const taken = { webhookSubscription: null, userErrors: [{ field: ['uri'], message: 'Address for this topic has already been taken' }] };
    answers(standIn, scopes('read_orders'), page(), { webhookSubscriptionCreate: taken });
    expect(await ensure()).toMatchObject({ ok: false, failure: { code: 'CONFLICT' } });
  });

  test('that are gone already are removed', async () => {
    answers(standIn, { webhookSubscriptionDelete: { userErrors: [{ field: ['id'], message: 'Webhook subscription does not exist' }] } });
    expect(await runUnsubscribe(connector, ctxAt(standIn.url), [{ id: 'gid://shopify/WebhookSubscription/1', topics: [], url }])).toEqual({
      ok: true,
      value: null,
    });
  });
});
