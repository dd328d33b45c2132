import type { ConnectorSamples, StandInReply } from '@valehub/connector-kit/testing';
import { check, LOCATION, message, ORG, openCheck } from './fixtures.ts';

const HOOK_URL = 'https://hub.example.com/webhooks/c-1';
const OIDC = '/oidc-provider/v1/oauth2';
const SALES = '/config/sim/v2/sales';

const logIn = (token: string): readonly StandInReply[] => [
  { path: `${OIDC}/authorize`, status: 302, headers: { location: '/signin', 'set-cookie': 'session=s-1; Path=/; HttpOnly' } },
  { path: `${OIDC}/signin`, body: { success: true, redirectUrl: 'apiaccount://callback?code=code-1' } },
  { path: `${OIDC}/token`, body: { id_token: token, refresh_token: 'refresh-token-2', expires_in: 1_209_600 } },
];

const paid: readonly StandInReply[] = [{ method: 'GET', path: '/api/v1/checks/check-1001', body: check }];
const open: readonly StandInReply[] = [
  { method: 'GET', path: '/api/v1/checks/check-1001', body: openCheck },
  { method: 'POST', path: '/api/v1/checks/check-1001/round', body: openCheck },
];

const discount = { hierUnitId: 5, objectNum: 9001, name: { 'es-ES': 'Primavera FLOR10' }, activationType: 0, percentage: 10 };
const publication = {
  campaignId: 'campaign-1',
  name: 'Primavera',
  incentive: { kind: 'percentOff', percent: '10' },
  codes: ['FLOR10'],
};
const published: readonly StandInReply[] = [
  { path: `${SALES}/getDiscounts`, body: { items: [] } },
  { path: `${SALES}/getDiscounts`, body: { items: [discount] } },
  { path: `${SALES}/upsertDiscounts`, body: {} },
];

const subscription = { callbackUri: HOOK_URL, messageType: { id: 'CheckNotification' }, orgShortName: ORG, locRef: 'sev01', rvcRef: 42 };

export const samples: ConnectorSamples = {
  settings: {
    servicesHost: 'services.simphony.example',
    identityHost: 'identity.simphony.example',
    organization: ORG,
    clientId: 'client-invented-for-tests',
    username: 'hub-account',
    password: 'password-invented-for-tests',
    voucherDiscount: 80,
    voucherTender: 210,
    configurationHost: 'configuration.simphony.example',
    configurationClientId: 'configuration-client-invented',
    configurationUsername: 'hub-configuration',
    configurationPassword: 'configuration-password-invented',
    hierarchyUnit: 5,
    firstDiscount: 9001,
    lastDiscount: 9099,
    language: 'es-ES',
    locations: { [LOCATION]: 'store-1' },
  },
  credential: { configurationToken: 'configuration-token-of-the-tests', configurationRefresh: 'configuration-refresh-of-the-tests' },
  location: LOCATION,
  identify: { replies: [{ path: '/api/v1/organizations', body: { items: [{ orgShortName: ORG, name: 'Casa Pepa' }] } }], account: ORG },
  auth: {
    obtain: { replies: logIn('id-token-2'), token: 'id-token-2' },
    dead: [
      ...logIn('never').slice(0, 1),
      { path: `${OIDC}/signin`, status: 401, body: { success: false, nextOp: 'expired' } },
      { path: `${OIDC}/token`, status: 400, body: { error: 'invalid_grant' } },
    ],
  },
  feeds: [
    {
      feed: 'checks',
      at: { from: '2026-03-06T07:25:00Z', to: '2026-03-06T19:30:00Z' },
      replies: [
        { path: '/api/v1/checks', body: { items: [check, { ...openCheck, header: { ...openCheck.header, checkRef: 'check-1002' } }] } },
      ],
      facts: ['order', 'order'],
    },
  ],
  subscriptions: {
    replies: [
      { method: 'GET', path: '/api/v1/notifications/subscriptions', body: { items: [] } },
      { method: 'GET', path: '/api/v1/notifications/subscriptions', body: { items: [{ subscriptionId: 'sub-1', ...subscription }] } },
      { method: 'PUT', path: '/api/v1/notifications/registration', status: 204 },
      { method: 'POST', path: '/api/v1/notifications/subscriptions', status: 201 },
    ],
    again: [
      { method: 'GET', path: '/api/v1/notifications/subscriptions', body: { items: [{ subscriptionId: 'sub-1', ...subscription }] } },
      // The suite does not say which secrets the hub keeps, so the connector gives it a key that it knows.
      { method: 'PUT', path: '/api/v1/notifications/registration', status: 204 },
    ],
    ids: ['sub-1'],
    remove: [
      { method: 'DELETE', path: '/api/v1/notifications/subscriptions/sub-1', status: 204 },
      { method: 'GET', path: '/api/v1/notifications/subscriptions', body: { items: [] } },
      { method: 'DELETE', path: '/api/v1/notifications/registration', status: 204 },
    ],
  },
  deliveries: [
    {
      topic: 'CheckNotification',
      body: {
        messages: [
          message('message-1', 'check-1001', { locRef: 'SEV01', rvcRef: '42' }),
          message('message-2', 'check-1001', { locRef: 'SEV01', rvcRef: '42' }),
        ],
      },
      notices: 2,
      replies: paid,
      facts: ['order', 'order'],
    },
  ],
  fetches: [{ resource: 'order', ids: ['check-1001'], replies: paid, facts: ['order'] }],
  verbs: [
    { verb: 'vouchers.publish', inputs: [publication], replies: published, done: [{ id: '5/9001' }] },
    {
      verb: 'vouchers.update',
      inputs: [{ to: { id: '5/9001' }, publication }],
      replies: published.slice(1),
      done: [{ id: '5/9001' }],
    },
    {
      verb: 'vouchers.withdraw',
      inputs: [{ id: '5/9001' }],
      replies: [{ path: `${SALES}/deleteDiscounts`, body: {} }],
      done: [null],
    },
    {
      verb: 'orders.apply',
      location: LOCATION,
      inputs: [
        { orderId: 'check-1001', code: 'DV-4711', name: 'Primavera', kind: 'ORDER_DISCOUNT', amount: { minor: 680, currency: 'EUR' } },
      ],
      replies: open,
      done: [{ orderId: 'check-1001', id: 'key-of-job-1' }],
    },
    {
      verb: 'orders.remove',
      location: LOCATION,
      inputs: [{ orderId: 'check-1001', id: 'key-of-job-1' }],
      replies: open,
      done: [null],
    },
  ],
};
