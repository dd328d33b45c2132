import type { ConnectorSamples, StandInReply } from '@valehub/connector-kit/testing';

const event = (name: string, more: Readonly<Record<string, string>> = {}) => ({
  email: 'ana@example.com',
  timestamp: 1772825400,
  event: name,
  sg_event_id: `event-of-${name}`,
  sg_message_id: 'MESSAGE-1.filter-1',
  valehub_job: 'job-key-of-the-mail-1',
  ...more,
});

/** SendGrid ends its bodies with CRLF, and signs that too. */
const body = (...events: readonly unknown[]): string => `${JSON.stringify(events)}\r\n`;

const one = (topic: string, facts: ('messageStatus' | 'custom' | 'consent')[], more?: Readonly<Record<string, string>>) => ({
  topic,
  body: body(event(topic, more)),
  notices: 1,
  facts,
});

const HOOKS = '/v3/user/webhooks/event/settings';
const HOOK = {
  id: 'hook-1',
  url: 'https://hub.example.com/webhooks/c-1',
  enabled: true,
  processed: true,
  deferred: true,
  delivered: true,
  bounce: true,
  dropped: true,
  open: true,
  click: true,
  spam_report: true,
  unsubscribe: true,
  group_unsubscribe: true,
  group_resubscribe: true,
};

const named = (path: string): readonly StandInReply[] => [
  {
    path,
    body: {
      result: [{ id: 'd-1', name: 'Voucher' }],
      _metadata: { next: `https://api.sendgrid.com${path}?page_size=1&page_token=second` },
    },
  },
  { path, body: { result: [{ id: 'd-2', name: 'Thanks' }], _metadata: { count: 2 } } },
];

export const samples: ConnectorSamples = {
  settings: { apiKey: 'SG.invented.for-tests', fromEmail: 'hola@casa-pepa.example', fromName: 'Casa Pepa', eventWebhook: 'BY_HUB' },
  identify: {
    replies: [{ path: '/v3/scopes', body: { scopes: ['mail.send', 'sender_verification_eligible'] } }],
    account: 'hola@casa-pepa.example',
  },
  deliveries: [
    one('processed', ['messageStatus']),
    one('deferred', ['messageStatus'], { response: '450 later' }),
    one('delivered', ['messageStatus', 'custom']),
    one('open', ['messageStatus', 'custom']),
    one('click', ['messageStatus', 'custom'], { url: 'https://casa-pepa.example/vale/secret-link' }),
    one('bounce', ['messageStatus', 'custom'], { reason: '550 5.1.1 <ana@example.com>: no such user', type: 'bounce' }),
    one('dropped', ['messageStatus', 'custom'], { reason: 'Bounced Address' }),
    one('spamreport', ['custom', 'consent']),
    one('unsubscribe', ['custom', 'consent']),
    one('group_unsubscribe', ['custom', 'consent']),
    one('group_resubscribe', ['custom', 'consent']),
    {
      topic: 'account_status_change',
      body: body({ event: 'account_status_change', type: 'compliance_suspend', timestamp: 1772825400, sg_event_id: 'event-of-account' }),
      notices: 1,
      facts: ['access'],
    },
    {
      topic: 'open',
      body: body(event('delivered'), event('open')),
      notices: 2,
      facts: ['messageStatus', 'custom', 'messageStatus', 'custom'],
    },
  ],
  verbs: [
    {
      verb: 'messages.send',
      inputs: [
        { channel: 'EMAIL', to: 'ana@example.com', toName: 'Ana', subject: 'Your voucher', text: 'Here it is: DV4711.' },
        { channel: 'EMAIL', to: 'ana@example.com', templateId: 'd-template-1', fields: { name: 'Ana', value: '5,00 EUR' } },
      ],
      replies: [{ method: 'POST', path: '/v3/mail/send', status: 202, headers: { 'x-message-id': 'MESSAGE-1' } }],
      done: [{ id: 'MESSAGE-1' }, { id: 'MESSAGE-1' }],
    },
    {
      verb: 'customers.upsert',
      inputs: [
        { hubId: 'cus_1', name: 'Ana García', email: 'Ana@example.com' },
        { hubId: 'cus_2', email: 'bea@example.com' },
      ],
      replies: [
        { method: 'PUT', path: '/v3/marketing/contacts', status: 202, body: { job_id: 'import-1' } },
        { path: '/v3/marketing/contacts/imports/import-1', body: { id: 'import-1', status: 'pending' } },
        { path: '/v3/marketing/contacts/imports/import-1', body: { id: 'import-1', status: 'completed' } },
        {
          method: 'POST',
          path: '/v3/marketing/contacts/search/emails',
          body: { result: { 'ana@example.com': { contact: { id: 'contact-1' } }, 'bea@example.com': { error: 'contact not found' } } },
        },
      ],
      done: [{ id: 'contact-1' }, { id: null }],
    },
  ],
  subscriptions: {
    replies: [
      { path: `${HOOKS}/all`, body: { max_allowed: 2, webhooks: [{ ...HOOK, id: 'other', url: 'https://other.example.com/' }] } },
      { method: 'POST', path: HOOKS, status: 201, body: HOOK },
      { method: 'PATCH', path: `${HOOKS}/signed/hook-1`, body: { id: 'hook-1', public_key: 'public-key' } },
    ],
    again: [{ path: `${HOOKS}/all`, body: { max_allowed: 2, webhooks: [{ ...HOOK, public_key: 'public-key' }] } }],
    ids: ['hook-1'],
    remove: [{ method: 'DELETE', path: `${HOOKS}/hook-1`, status: 204 }],
  },
  choices: [
    { name: 'templates', replies: named('/v3/templates'), values: ['d-1', 'd-2'] },
    { name: 'lists', replies: named('/v3/marketing/lists'), values: ['d-1', 'd-2'] },
    { name: 'unsubscribeGroups', replies: [{ path: '/v3/asm/groups', body: [{ id: 77, name: 'Offers' }] }], values: ['77'] },
  ],
};
