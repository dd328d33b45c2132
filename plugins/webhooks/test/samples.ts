import type { Plain } from '@valehub/connector-kit';
import type { ConnectorSamples, DeliverySample, VerbSample } from '@valehub/connector-kit/testing';

export const eur = (minor: number) => ({ minor, currency: 'EUR' });

/** A pop-up's check: 2 menus at 12.50 with 2.50 off by a voucher, paid by card with a tip. */
export const order = {
  externalId: 'popup-1001',
  location: 'terrace',
  state: 'PAID',
  placedAt: '2026-03-06T20:02:11+01:00',
  closedAt: '2026-03-06T21:15:00+01:00',
  currency: 'EUR',
  pricesIncludeTax: true,
  lines: [{ id: '1', sku: 'MENU', name: 'Menu', quantity: '2', unitPrice: eur(1250), gross: eur(2500), discount: eur(250), taxRate: '10' }],
  discounts: [
    { externalId: 'd-1', name: 'Vale', amount: eur(250), shares: [{ lineId: '1', amount: eur(250) }], code: 'DV-4711', texts: [] },
  ],
  payments: [{ externalId: 'p-1', method: 'CARD', amount: eur(2250), tip: eur(200), at: '2026-03-06T21:15:00+01:00', texts: [] }],
  refunds: [],
  charges: [],
  total: eur(2450),
  tip: eur(200),
  texts: ['Table 4'],
  channel: 'DINE_IN',
  till: 'till-1',
  staff: 'pepa',
} as const;

const TIMESTAMP = '2026-03-06T20:15:00.344522Z';
export const event = (type: string, data: Plain, more: Readonly<Record<string, Plain>> = {}) => ({
  type,
  timestamp: TIMESTAMP,
  data,
  ...more,
});

const one = (topic: string, type: string, data: Plain, fact: DeliverySample['facts'][number]): DeliverySample => ({
  topic,
  body: event(type, data),
  notices: 1,
  facts: [fact],
});

const path = '/hooks/invented-for-tests';
const accepted = [{ method: 'POST', path, status: 202 }] as const;
const verb = (name: string, input: Plain, kind: string): VerbSample => ({
  verb: name,
  inputs: [input],
  replies: accepted,
  done: [{ id: `${kind}_key-of-job-1` }],
});

export const samples: ConnectorSamples = {
  settings: {
    name: 'Pop-up',
    url: `https://receiver.example${path}`,
    signingSecret: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
    previousSigningSecret: `whsec_${Buffer.alloc(24, 2).toString('base64')}`,
    locations: { terrace: 'store-1' },
  },
  identify: { replies: [], account: 'Pop-up' },
  deliveries: [
    one('order', 'order.paid', order, 'order'),
    one(
      'order',
      'order.refunded',
      {
        ...order,
        refunds: [{ externalId: 'r-1', amount: eur(1125), at: '2026-03-07T10:00:00Z', lines: [{ lineId: '1', quantity: '1' }] }],
      },
      'order',
    ),
    one('order.deleted', 'order.deleted', { externalId: 'popup-1001' }, 'gone'),
    one('customer', 'customer.updated', { externalId: 'g-7', name: 'Ana', phone: '+34600000000', consents: { sms: true } }, 'customer'),
    one('customer.deleted', 'customer.deleted', { externalId: 'g-7' }, 'gone'),
    one('message.status', 'message.status', { message: 'key-of-job-1', state: 'DELIVERED' }, 'messageStatus'),
    one('consent.changed', 'consent.changed', { identity: '+34600000000', channel: 'SMS', given: false }, 'consent'),
    one('alert.pressed', 'alert.pressed', { alert: 'anomaly-1', button: 'approve', by: 'pepa' }, 'pressed'),
    one('custom', 'custom.table.booked', { guests: 4 }, 'custom'),
  ],
  verbs: [
    verb(
      'events.push',
      {
        id: 'evt-1',
        type: 'VOUCHER_REDEEMED',
        at: '2026-03-06T20:15:00.000Z',
        businessDay: '2026-03-06',
        position: 4711,
        code: 'DV-4711',
        amount: eur(250),
        store: { id: 'store-1', name: 'Terrace' },
        data: { reason: null },
      },
      'event',
    ),
    verb('messages.send', { channel: 'SMS', to: '+34600000000', toName: 'Ana', text: 'Your voucher: DV-4711' }, 'message'),
    verb(
      'alerts.send',
      {
        severity: 'CRITICAL',
        title: 'Many wrong codes',
        text: '43 tries',
        id: 'anomaly-1',
        buttons: [{ id: 'approve', label: 'Approve' }],
      },
      'alert',
    ),
    verb('actions.ping', {}, 'ping'),
    { verb: 'actions.alerts.update', inputs: [{ replyTo: 'ticket-7', text: 'Approved by Pepa.' }], replies: accepted, done: [null] },
  ],
};
