import type { ConnectorSamples } from '@valehub/connector-kit/testing';

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

const one = (topic: string, facts: ('messageStatus' | 'custom')[], more?: Readonly<Record<string, string>>) => ({
  topic,
  body: body(event(topic, more)),
  notices: 1,
  facts,
});

export const samples: ConnectorSamples = {
  settings: { apiKey: 'SG.invented.for-tests', fromEmail: 'hola@casa-pepa.example', fromName: 'Casa Pepa' },
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
    one('spamreport', ['custom']),
    one('unsubscribe', ['custom']),
    one('group_unsubscribe', ['custom']),
    one('group_resubscribe', ['custom']),
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
  ],
};
