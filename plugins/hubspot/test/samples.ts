import type { ConnectorSamples, StandInReply } from '@valehub/connector-kit/testing';

const PORTAL = 62515;
const APP = 815;
const V = '2026-03';

export const contact = {
  id: '501',
  properties: {
    email: 'Ana@example.com',
    firstname: 'Ana',
    lastname: 'García López',
    phone: '+34 600 00 00 01',
    hs_email_optout: 'true',
    valehub_customer_id: 'cus_1',
    lastmodifieddate: '2026-03-06T19:20:00.000Z',
  },
  createdAt: '2026-01-01T10:00:00.000Z',
  updatedAt: '2026-03-06T19:20:00.000Z',
  archived: false,
};

const deal = { id: '901', properties: { voucher_redemption_id: 'red_1' }, updatedAt: '2026-03-06T19:20:00.000Z' };

/** An event of a webhook with what HubSpot sends beside what the hub reads. */
export const event = (subscriptionType: string, more: object = {}) => ({
  eventId: 1,
  subscriptionId: 12345,
  portalId: PORTAL,
  appId: APP,
  occurredAt: 1772825400000,
  subscriptionType,
  attemptNumber: 0,
  objectId: 501,
  changeSource: 'CRM_UI',
  sourceId: 'userId:1',
  ...more,
});

const read: StandInReply = {
  method: 'POST',
  path: `/crm/objects/${V}/contacts/batch/read`,
  body: { status: 'COMPLETE', results: [contact] },
};
const upsert = (path: string, results: readonly object[]): StandInReply => ({
  method: 'POST',
  path: `/crm/objects/${V}/${path}/batch/upsert`,
  body: { status: 'COMPLETE', results: results as never },
});

const told = (topic: string, more: object = {}) => ({
  topic,
  body: [event(topic, more)],
  notices: 1,
  replies: [read],
  facts: ['customer'] as const,
});

const SUBSCRIBED = ['email', 'firstname', 'lastname', 'phone', 'mobilephone', 'hs_email_optout'];
const subscriptions = [
  { id: 1, eventType: 'contact.creation', active: true },
  ...SUBSCRIBED.map((propertyName, index) => ({ id: 2 + index, eventType: 'contact.propertyChange', propertyName, active: true })),
  { id: 8, eventType: 'contact.deletion', active: true },
  { id: 9, eventType: 'contact.privacyDeletion', active: true },
  { id: 10, eventType: 'contact.merge', active: true },
  { id: 11, eventType: 'contact.restore', active: true },
];
const hooks = `/webhooks/${V}/${APP}`;

const redeemed = {
  id: 'evt_1',
  type: 'VOUCHER_REDEEMED',
  at: '2026-03-06T19:20:00.000Z',
  businessDay: '2026-03-06',
  code: 'DV4711',
  amount: { minor: 1250, currency: 'EUR' },
  store: { id: 'sto_1', name: 'Sevilla' },
  campaign: { id: 'cam_1', name: 'Spring' },
  redemptionId: 'red_1',
  customer: { hubId: 'cus_1', name: 'Ana García', email: 'ana@example.com' },
  data: {},
};

const pipelines = [
  {
    method: 'GET',
    path: `/crm/pipelines/${V}/deals`,
    body: {
      results: [
        {
          id: 'default',
          label: 'Sales',
          archived: false,
          stages: [
            { id: 'closedwon', label: 'Won', archived: false },
            { id: 'closedlost', label: 'Lost', archived: false },
            { id: 'old', label: 'Old', archived: true },
          ],
        },
        { id: 'gone', label: 'Gone', archived: true, stages: [] },
      ],
    },
  },
] as const;

const bearer = { access_token: 'access-of-hubspot', refresh_token: 'refresh-of-hubspot', expires_in: 1800, token_type: 'bearer' };
const token = { ...bearer, hub_id: PORTAL, user_id: 7, token_use: 'access_token', scopes: ['oauth', 'crm.objects.contacts.read'] };

export const samples: ConnectorSamples = {
  settings: {
    clientId: 'client-id-invented',
    clientSecret: 'client-secret-invented-for-tests',
    hubspotAppId: String(APP),
    developerApiKey: 'developer-key-invented-for-tests',
    timelineEvent: 'acme_vouchers_event',
    emailSubscription: '77',
  },
  now: '2026-03-06T19:30:00Z',
  facts: { currency: 'EUR' },
  identify: {
    replies: [{ path: `/account-info/${V}/details`, body: { portalId: PORTAL, companyCurrency: 'EUR', timeZone: 'Europe/Madrid' } }],
    account: String(PORTAL),
  },
  auth: {
    callback: {
      query: { code: 'code-of-hubspot' },
      replies: [{ method: 'POST', path: `/oauth/${V}/token`, body: token }],
      facts: { portalId: String(PORTAL), scopes: 'oauth crm.objects.contacts.read' },
    },
    obtain: { replies: [{ method: 'POST', path: `/oauth/${V}/token`, body: token }], token: 'access-of-hubspot' },
    dead: [{ status: 400, body: { status: 'BAD_REFRESH_TOKEN', message: 'missing or invalid refresh token' } }],
  },
  subscriptions: {
    replies: [
      { method: 'GET', path: `${hooks}/settings`, status: 404, body: {} },
      { method: 'PUT', path: `${hooks}/settings`, body: { targetUrl: 'https://hub.example.com/webhooks/c-1' } },
      { method: 'GET', path: `${hooks}/subscriptions`, body: { results: [] } },
      ...subscriptions.map((body) => ({ method: 'POST', path: `${hooks}/subscriptions`, status: 201, body })),
    ],
    again: [
      { method: 'GET', path: `${hooks}/settings`, body: { targetUrl: 'https://hub.example.com/webhooks/c-1' } },
      { method: 'GET', path: `${hooks}/subscriptions`, body: { results: subscriptions } },
    ],
    ids: subscriptions.map(({ id }) => String(id)),
    remove: [{ method: 'DELETE', status: 204 }],
  },
  deliveries: [
    told('contact.creation'),
    told('contact.propertyChange', { propertyName: 'email', propertyValue: 'ana@example.com' }),
    { topic: 'contact.deletion', body: [event('contact.deletion')], notices: 1, facts: ['gone'] },
    { topic: 'contact.privacyDeletion', body: [event('contact.privacyDeletion')], notices: 1, facts: ['gone', 'privacy'] },
    {
      topic: 'contact.merge',
      body: [event('contact.merge', { objectId: undefined, primaryObjectId: 400, mergedObjectIds: [401], newObjectId: 501 })],
      notices: 1,
      replies: [read],
      facts: ['gone', 'gone', 'customer'],
    },
    told('contact.restore'),
    {
      topic: 'contact.creation',
      body: [event('object.creation', { objectTypeId: '0-1' }), event('deal.creation', { eventId: 2, portalId: 1, objectId: 7 })],
      notices: 2,
      replies: [read],
      facts: ['customer'],
    },
  ],
  feeds: [
    {
      feed: 'contacts',
      at: { from: '2026-03-06T19:00:00Z', to: '2026-03-06T19:30:00Z' },
      replies: [
        {
          method: 'POST',
          path: `/crm/objects/${V}/contacts/search`,
          body: { total: 201, results: Array.from({ length: 200 }, (_, index) => ({ ...contact, id: String(501 + index) })) },
        },
        { method: 'POST', path: `/crm/objects/${V}/contacts/search`, body: { total: 1, results: [{ ...contact, id: '701' }] } },
      ],
      facts: Array.from({ length: 201 }, () => 'customer' as const),
    },
  ],
  fetches: [{ resource: 'customer', ids: ['501', '502'], replies: [read], facts: ['customer', 'gone'] }],
  verbs: [
    {
      verb: 'customers.upsert',
      inputs: [
        { hubId: 'cus_1', name: 'Ana García López', email: 'ana@example.com', phone: '+34600000001', consents: { email: true } },
        { hubId: 'cus_2', phone: '+34600000002' },
      ],
      replies: [
        upsert('contacts', [
          { ...contact, objectWriteTraceId: '0', url: 'https://app.hubspot.com/contacts/62515/record/0-1/501' },
          { id: '502', properties: { valehub_customer_id: 'cus_2' } },
        ]),
        { method: 'POST', path: `/communication-preferences/${V}/statuses/ana%40example.com`, body: { status: 'COMPLETE', results: [] } },
      ],
      done: [{ id: '501', url: 'https://app.hubspot.com/contacts/62515/record/0-1/501' }, { id: '502' }],
    },
    {
      verb: 'events.push',
      inputs: [redeemed],
      replies: [
        upsert('contacts', [contact]),
        { method: 'POST', path: `/crm/objects/${V}/0-3/batch/read`, body: { status: 'COMPLETE', results: [] } },
        upsert('0-3', [deal]),
        {
          method: 'POST',
          path: `/crm/associations/${V}/deals/contacts/batch/associate/default`,
          body: { status: 'COMPLETE', results: [{ from: { id: '901' }, to: { id: '501' } }] },
        },
        { method: 'POST', path: `/integrators/timeline/${V}/events`, status: 201, body: {} },
      ],
      done: [{ id: '901' }],
    },
    {
      verb: 'actions.prepareProperties',
      inputs: [{}],
      replies: [
        {
          method: 'GET',
          path: `/crm/properties/${V}/contacts`,
          body: { results: [{ name: 'valehub_customer_id', hasUniqueValue: true }] },
        },
        { method: 'GET', path: `/crm/properties/${V}/deals`, body: { results: [] } },
        { method: 'POST', path: `/crm/properties/${V}/deals`, status: 201, body: { name: 'voucher' } },
      ],
      done: [
        {
          made: ['redemption_id', 'code', 'campaign', 'store', 'status', 'given', 'reversals'].map((name) => `deals.voucher_${name}`),
        },
      ],
    },
  ],
  choices: [
    { name: 'pipelines', replies: pipelines, values: ['default'] },
    { name: 'stages', replies: pipelines, values: ['closedwon', 'closedlost'] },
    {
      name: 'emailSubscriptions',
      replies: [
        {
          path: `/communication-preferences/${V}/definitions`,
          body: {
            results: [
              { id: '77', name: 'Offers', isActive: true },
              { id: '78', name: 'Old', isActive: false },
            ],
          },
        },
      ],
      values: ['77'],
    },
    {
      name: 'contactProperties',
      replies: [
        {
          path: `/crm/properties/${V}/contacts`,
          body: {
            results: [
              { name: 'birthday_text', label: 'Birthday', type: 'string' },
              { name: 'hs_score', label: 'Score', type: 'number' },
              { name: 'hs_made', label: 'Made', type: 'string', modificationMetadata: { readOnlyValue: true } },
            ],
          },
        },
      ],
      values: ['birthday_text'],
    },
  ],
};
