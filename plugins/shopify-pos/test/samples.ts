import type { Plain } from '@valehub/connector-kit';
import type { ConnectorSamples, DeliverySample, StandInReply } from '@valehub/connector-kit/testing';
import {
  ALL,
  customer,
  DISCOUNT,
  data,
  discount,
  GRAPHQL,
  granted,
  order,
  refund,
  refundedOrder,
  SEVILLA,
  SHOP,
  shop,
} from './fixtures.ts';

const reply = (members: object): StandInReply => ({ path: GRAPHQL, body: data(members) as unknown as Plain });
const scopes = reply({ currentAppInstallation: granted(...ALL) });
const page = (nodes: readonly object[], endCursor: string | null = null) => ({
  pageInfo: { hasNextPage: endCursor !== null, endCursor },
  nodes,
});

const paid = [reply({ order })];
const returned = [reply({ order: refundedOrder }), reply({ refund })];
const read = { notices: 1, replies: paid, facts: ['order'] } as const;

const headers = (topic: string) => ({
  'x-shopify-topic': topic,
  'x-shopify-shop-domain': SHOP,
  'x-shopify-webhook-id': `delivery-${topic}`,
  'x-shopify-triggered-at': '2026-03-06T19:15:02.123456789Z',
});
const delivery = (topic: string, body: Plain, of: Omit<DeliverySample, 'topic' | 'body' | 'headers'>): DeliverySample => ({
  topic,
  body,
  headers: headers(topic),
  ...of,
});

const orderBody = { id: 101, admin_graphql_api_id: 'gid://shopify/Order/101', total_price: '51.50', currency: 'EUR' };
const discountBody = { admin_graphql_api_id: DISCOUNT, title: 'Spring', status: 'ACTIVE' };
const customerBody = { id: 61, email: 'guest@mail.example' };
const guest = { shop_id: 1, shop_domain: SHOP, customer: customerBody, orders_requested: [101] };
const counted = { notices: 1, replies: [reply({ codeDiscountNode: discount })], facts: ['discount'] } as const;
const known = { notices: 1, replies: [reply({ customer })], facts: ['customer'] } as const;
const gone = { notices: 1, facts: ['gone'] } as const;

const SUBSCRIBED = [
  'orders/create',
  'orders/updated',
  'orders/paid',
  'orders/cancelled',
  'orders/edited',
  'orders/delete',
  'refunds/create',
  'discounts/create',
  'discounts/update',
  'discounts/delete',
  'customers/create',
  'customers/update',
  'customers/delete',
  'app/uninstalled',
];
const HOOK = 'https://hub.example.com/webhooks/c-1';
const made = SUBSCRIBED.map((topic, index) => ({
  id: `gid://shopify/WebhookSubscription/${index + 1}`,
  topic: topic.toUpperCase().replace('/', '_'),
  uri: HOOK,
}));

const none = { userErrors: [] };
const ref = { id: DISCOUNT, url: `https://${SHOP}/admin/discounts/81` };
const publication = { campaignId: 'c-1', name: 'Spring', incentive: { kind: 'percentOff', percent: '12.5' }, codes: ['DV4711'] };
const written = { payload: { codeDiscountNode: { id: DISCOUNT }, ...none } };

const token = { access_token: 'shpat_invented', scope: ALL.join(','), expires_in: 3600, refresh_token: 'shprt_invented' };

export const samples: ConnectorSamples = {
  settings: {
    shop: SHOP,
    clientId: 'client-invented-for-tests',
    clientSecret: 'secret-invented-for-tests',
    locations: { [SEVILLA]: 'store-1', online: 'store-2' },
  },
  facts: { currency: 'EUR', zone: 'Europe/Madrid', restoreRate: '100' },
  identify: { replies: [reply({ shop, currentAppInstallation: granted(...ALL) })], account: SHOP },
  auth: {
    callback: {
      query: { code: 'code-1', shop: SHOP, host: 'YWRtaW4', timestamp: '1772825400', hmac: '00' },
      replies: [{ method: 'POST', path: '/admin/oauth/access_token', body: token }],
    },
    obtain: { replies: [{ method: 'POST', path: '/admin/oauth/access_token', body: token }], token: 'shpat_invented' },
  },
  deliveries: [
    delivery('orders/create', orderBody, read),
    delivery('orders/updated', orderBody, read),
    delivery('orders/paid', orderBody, read),
    delivery('orders/cancelled', orderBody, read),
    delivery('orders/edited', { order_edit: { id: 5, order_id: 101, line_items: { additions: [], removals: [] } } }, read),
    delivery('orders/delete', { id: 101 }, gone),
    delivery('refunds/create', { id: 71, order_id: 101 }, { notices: 1, replies: returned, facts: ['order'] }),
    delivery('discounts/create', discountBody, counted),
    delivery('discounts/update', discountBody, counted),
    delivery('discounts/delete', { admin_graphql_api_id: DISCOUNT, deleted_at: '2026-03-06T20:15:00Z' }, gone),
    delivery('discounts/redeemcode_added', { admin_graphql_api_id: DISCOUNT, redeem_code: { id: 'x', code: 'DV4711' } }, counted),
    delivery('discounts/redeemcode_removed', { admin_graphql_api_id: DISCOUNT, redeem_code: { id: 'x', code: 'DV4711' } }, counted),
    delivery('customers/create', customerBody, known),
    delivery('customers/update', customerBody, known),
    delivery('customers/delete', { id: 61 }, gone),
    delivery('app/uninstalled', { id: 1, domain: 'casa-pepa.example', myshopify_domain: SHOP }, { notices: 1, facts: ['access'] }),
    delivery('customers/data_request', guest, { notices: 1, facts: ['privacy'] }),
    delivery('customers/redact', guest, { notices: 1, facts: ['privacy'] }),
    delivery('shop/redact', { shop_id: 1, shop_domain: SHOP }, { notices: 1, facts: ['privacy'] }),
  ],
  subscriptions: {
    replies: [
      scopes,
      reply({ webhookSubscriptions: page([]) }),
      ...made.map((each) => reply({ webhookSubscriptionCreate: { webhookSubscription: each, ...none } })),
    ],
    again: [scopes, reply({ webhookSubscriptions: page(made.slice(0, 5), 'p-2') }), reply({ webhookSubscriptions: page(made.slice(5)) })],
    ids: made.map(({ id }) => id),
    remove: [reply({ webhookSubscriptionDelete: none })],
  },
  feeds: [
    {
      feed: 'orders',
      at: { from: '2026-03-06T19:00:00Z', to: '2026-03-06T21:00:00Z' },
      replies: [reply({ orders: page([{ id: order.id }], 'p-2') }), ...paid, reply({ orders: page([{ id: order.id }]) }), ...returned],
      facts: ['order', 'order'],
    },
    {
      feed: 'discounts',
      at: { from: '2026-03-06T19:00:00Z', to: '2026-03-06T20:00:00Z' },
      replies: [scopes, reply({ codeDiscountNodes: page([discount], 'p-2') }), reply({ codeDiscountNodes: page([discount]) })],
      facts: ['discount', 'discount'],
    },
    {
      feed: 'customers',
      at: { from: '2026-03-06T19:00:00Z', to: '2026-03-06T21:00:00Z' },
      replies: [scopes, reply({ customers: page([customer], 'p-2') }), reply({ customers: page([customer]) })],
      facts: ['customer', 'customer'],
    },
  ],
  fetches: [
    { resource: 'order', ids: ['101'], replies: paid, facts: ['order'] },
    { resource: 'order', ids: ['101'], replies: returned, facts: ['order'] },
    { resource: 'discount', ids: [DISCOUNT], replies: [reply({ codeDiscountNode: discount })], facts: ['discount'] },
    { resource: 'customer', ids: ['61'], replies: [reply({ customer })], facts: ['customer'] },
  ],
  verbs: [
    {
      verb: 'vouchers.publish',
      inputs: [publication],
      replies: [reply({ codeDiscountNodeByCode: null }), reply(written)],
      done: [ref],
    },
    {
      verb: 'vouchers.update',
      inputs: [{ to: ref, publication }],
      replies: [reply(written)],
      done: [ref],
    },
    { verb: 'vouchers.withdraw', inputs: [ref], replies: [reply(written)], done: [null] },
    {
      verb: 'vouchers.addCodes',
      inputs: [{ to: ref, codes: ['DV4712', 'DV4713'] }],
      replies: [
        reply({ discountRedeemCodeBulkAdd: { bulkCreation: { id: 'gid://shopify/DiscountRedeemCodeBulkCreation/1' }, ...none } }),
        reply({ discountRedeemCodeBulkCreation: { done: false, importedCount: 0, failedCount: 0 } }),
        reply({ discountRedeemCodeBulkCreation: { done: true, importedCount: 1, failedCount: 1 } }),
        reply({
          discountRedeemCodeBulkCreation: {
            codes: page([
              { code: 'DV4712', errors: [] },
              { code: 'DV4713', errors: [{ message: 'Code must be unique.' }] },
            ]),
          },
        }),
        reply({ c0: { id: 'gid://shopify/DiscountCodeNode/99' } }),
      ],
      done: [{ added: 1, refused: ['DV4713'] }],
    },
    {
      verb: 'customers.upsert',
      inputs: [{ hubId: 'customer-1', name: 'Ana García', email: 'guest@mail.example', groups: ['vip'], consents: { email: true } }],
      replies: [
        reply({ customerSet: { customer: { id: customer.id }, ...none } }),
        reply({ tagsAdd: none, metafieldsSet: none, customerEmailMarketingConsentUpdate: none }),
      ],
      done: [{ id: '61', url: `https://${SHOP}/admin/customers/61` }],
    },
  ],
};
