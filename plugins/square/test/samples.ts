import type { ConnectorSamples, StandInReply } from '@valehub/connector-kit/testing';
import {
  catalogDiscount,
  catalogEvent,
  customer,
  customerEvent,
  LOCATION,
  loyaltyEvent,
  MERCHANT,
  order,
  orderEvent,
  payment,
  paymentEvent,
  refund,
  refundEvent,
  refundedPayment,
  returnOrder,
  revocationEvent,
} from './fixtures.ts';

const HOOK_URL = 'https://hub.example.com/webhooks/c-1';

const paid: readonly StandInReply[] = [
  { path: '/v2/orders/ORDER-1', body: { order } },
  { path: '/v2/payments/PAYMENT-1', body: { payment } },
];

const returned: readonly StandInReply[] = [
  { path: '/v2/orders/ORDER-1', body: { order } },
  { path: '/v2/orders/RETURN-1', body: { order: returnOrder } },
  { path: '/v2/payments/PAYMENT-1', body: { payment: refundedPayment } },
  { path: '/v2/refunds/REFUND-1', body: { refund } },
];

const thin = { notices: 1, replies: paid, facts: ['order'] } as const;
const back = { notices: 1, replies: returned, facts: ['order'] } as const;
const known: readonly StandInReply[] = [{ path: '/v2/customers/CUSTOMER-1', body: { customer } }];
const person = { notices: 1, replies: known, facts: ['customer'] } as const;
const search = '/v2/catalog/search';

const open = { ...order, state: 'OPEN', tenders: [], closed_at: null };
const withVoucher = { ...open, discounts: [{ uid: 'key-of-job-1', name: 'Primavera', scope: 'ORDER', applied_money: null }] };
const applied = { orderId: 'ORDER-1', id: 'key-of-job-1' };

const publication = {
  campaignId: 'campaign-1',
  name: 'Primavera',
  incentive: { kind: 'percentOff', percent: '10' },
  codes: ['FLOR10'],
};
const retrieved: StandInReply = { path: '/v2/catalog/batch-retrieve', body: { objects: [catalogDiscount] } };
const written: StandInReply = {
  path: '/v2/catalog/batch-upsert',
  body: { objects: [catalogDiscount], id_mappings: [{ client_object_id: '#discount', object_id: 'DISCOUNT-1' }] },
};

const subscription = {
  id: 'SUBSCRIPTION-1',
  name: 'Valehub',
  enabled: true,
  event_types: ['order.created'],
  notification_url: HOOK_URL,
  api_version: '2026-05-20',
};
const withKey = { subscription: { ...subscription, signature_key: 'signature-key-of-the-subscription' } };

export const samples: ConnectorSamples = {
  settings: {
    clientId: 'application-invented-for-tests',
    clientSecret: 'secret-invented-for-tests',
    appAccessToken: 'app-token-invented-for-tests',
    environment: 'sandbox',
    automaticRules: true,
    locations: { [LOCATION]: 'store-1' },
  },
  location: LOCATION,
  identify: {
    replies: [
      { path: '/v2/merchants/me', body: { merchant: { id: MERCHANT, business_name: 'Casa Pepa', country: 'ES', currency: 'EUR' } } },
    ],
    account: MERCHANT,
  },
  auth: {
    callback: {
      query: { code: 'code-1', response_type: 'code' },
      replies: [
        {
          path: '/oauth2/token',
          body: {
            access_token: 'access-1',
            token_type: 'bearer',
            expires_at: '2026-04-05T19:30:00Z',
            merchant_id: MERCHANT,
            refresh_token: 'r-1',
          },
        },
      ],
    },
    obtain: {
      replies: [{ path: '/oauth2/token', body: { access_token: 'access-2', token_type: 'bearer', expires_at: '2026-04-05T19:30:00Z' } }],
      token: 'access-2',
    },
    dead: [{ status: 401, body: { errors: [{ category: 'AUTHENTICATION_ERROR', code: 'UNAUTHORIZED', detail: 'Not authorized' }] } }],
  },
  subscriptions: {
    replies: [
      { method: 'GET', path: '/v2/webhooks/subscriptions', body: {} },
      { method: 'POST', path: '/v2/webhooks/subscriptions', body: withKey },
    ],
    again: [
      { method: 'GET', path: '/v2/webhooks/subscriptions', body: { subscriptions: [subscription] } },
      { method: 'PUT', path: '/v2/webhooks/subscriptions/SUBSCRIPTION-1', body: { subscription } },
      { method: 'GET', path: '/v2/webhooks/subscriptions/SUBSCRIPTION-1', body: withKey },
    ],
    ids: ['SUBSCRIPTION-1'],
    remove: [{ method: 'DELETE', path: '/v2/webhooks/subscriptions/SUBSCRIPTION-1', body: {} }],
  },
  feeds: [
    {
      feed: 'orders',
      at: { from: '2026-03-06T19:00:00Z', to: '2026-03-06T21:00:00Z' },
      replies: [
        { path: '/v2/orders/search', body: { orders: [order], cursor: 'page-2' } },
        { path: '/v2/orders/search', body: { orders: [returnOrder] } },
        ...returned,
      ],
      facts: ['order', 'order'],
    },
    {
      feed: 'customers',
      at: { from: '2026-03-06T19:00:00Z', to: '2026-03-06T21:00:00Z' },
      replies: [
        { path: '/v2/customers/search', body: { customers: [customer], cursor: 'page-2' } },
        { path: '/v2/customers/search', body: {} },
      ],
      facts: ['customer'],
    },
    {
      feed: 'discounts',
      at: { from: '2026-03-06T19:00:00Z', to: '2026-03-06T21:00:00Z' },
      replies: [
        { path: search, body: { objects: [catalogDiscount], cursor: 'page-2' } },
        { path: search, body: { objects: [{ ...catalogDiscount, id: 'DISCOUNT-2', is_deleted: true }] } },
      ],
      facts: ['discount', 'gone'],
    },
  ],
  deliveries: [
    { topic: 'order.created', body: orderEvent('order.created'), ...thin },
    { topic: 'order.updated', body: orderEvent('order.updated'), ...thin },
    { topic: 'order.fulfillment.updated', body: orderEvent('order.fulfillment.updated'), ...thin },
    { topic: 'payment.created', body: paymentEvent('payment.created'), ...thin },
    { topic: 'payment.updated', body: paymentEvent('payment.updated'), ...thin },
    { topic: 'refund.created', body: refundEvent('refund.created'), ...back },
    { topic: 'refund.updated', body: refundEvent('refund.updated'), ...back },
    {
      topic: 'catalog.version.updated',
      body: catalogEvent(),
      notices: 1,
      replies: [{ path: search, body: { objects: [catalogDiscount] } }],
      facts: ['discount'],
    },
    { topic: 'customer.created', body: customerEvent('customer.created'), ...person },
    { topic: 'customer.updated', body: customerEvent('customer.updated'), ...person },
    {
      topic: 'customer.deleted',
      body: customerEvent('customer.deleted'),
      notices: 1,
      replies: [{ path: '/v2/customers/CUSTOMER-1', status: 404, body: { errors: [{ code: 'NOT_FOUND' }] } }],
      facts: ['gone'],
    },
    { topic: 'loyalty.event.created', body: loyaltyEvent(), notices: 1, facts: ['custom', 'again'] },
    { topic: 'oauth.authorization.revoked', body: revocationEvent(), notices: 1, facts: ['access'] },
  ],
  fetches: [
    { resource: 'order', ids: ['ORDER-1'], replies: paid, facts: ['order'] },
    { resource: 'order', ids: ['ORDER-1'], replies: returned, facts: ['order'] },
    { resource: 'customer', ids: ['CUSTOMER-1'], replies: known, facts: ['customer'] },
    { resource: 'discount', ids: ['DISCOUNT-1', 'DISCOUNT-9'], replies: [retrieved], facts: ['discount', 'gone'] },
  ],
  verbs: [
    {
      verb: 'orders.apply',
      location: LOCATION,
      inputs: [{ orderId: 'ORDER-1', code: 'DV-4711', name: 'Primavera', kind: 'ORDER_DISCOUNT', amount: { minor: 550, currency: 'EUR' } }],
      replies: [
        { method: 'GET', path: '/v2/orders/ORDER-1', body: { order: open } },
        { method: 'PUT', path: '/v2/orders/ORDER-1', body: { order: withVoucher } },
      ],
      done: [applied],
    },
    {
      verb: 'orders.remove',
      location: LOCATION,
      inputs: [applied],
      replies: [
        { method: 'GET', path: '/v2/orders/ORDER-1', body: { order: withVoucher } },
        { method: 'PUT', path: '/v2/orders/ORDER-1', body: { order: open } },
      ],
      done: [null],
    },
    { verb: 'vouchers.publish', inputs: [publication], replies: [written], done: [{ id: 'DISCOUNT-1' }] },
    {
      verb: 'vouchers.update',
      inputs: [{ to: { id: 'DISCOUNT-1' }, publication }],
      replies: [retrieved, { path: search, body: {} }, written],
      done: [{ id: 'DISCOUNT-1' }],
    },
    {
      verb: 'vouchers.withdraw',
      inputs: [{ id: 'DISCOUNT-1' }],
      replies: [
        { path: search, body: {} },
        { path: '/v2/catalog/batch-delete', body: { deleted_object_ids: ['DISCOUNT-1'] } },
      ],
      done: [null],
    },
    {
      verb: 'customers.upsert',
      inputs: [{ hubId: 'customer-1', name: 'Ana Pérez Gil', phone: '+34600000001', email: 'ana@guests.example' }],
      replies: [
        { path: '/v2/customers/search', body: {} },
        { path: '/v2/customers', body: { customer } },
      ],
      done: [{ id: 'CUSTOMER-1' }],
    },
  ],
};
