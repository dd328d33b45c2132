import type { ConnectorSamples, StandInReply } from '@valehub/connector-kit/testing';

const eur = (amount: number) => ({ amount, currency: 'EUR' });

/** Fill in: what the platform really sends, with invented people and numbers. */
export const order = {
  id: 'order-1',
  location: 'location-1',
  status: 'paid',
  created_at: '2026-03-06T19:02:11Z',
  changed_at: '2026-03-06T20:15:00Z',
  total: eur(2250),
  items: [{ id: 'item-1', name: 'Menu', quantity: '2', price: eur(1250), discount: eur(250) }],
  discounts: [{ id: 'discount-1', name: 'Vale DV-4711', amount: eur(250) }],
};

const replies: readonly StandInReply[] = [{ path: '/v1/orders/order-1', body: order }];

export const samples: ConnectorSamples = {
  settings: { apiKey: 'key-invented-for-tests', locations: { 'location-1': 'store-1' } },
  identify: { replies: [{ path: '/v1/account', body: { id: 'account-1', name: 'Casa Pepa' } }], account: 'account-1' },
  deliveries: [
    {
      topic: 'order.changed',
      body: { id: 'event-1', type: 'order.changed', account: 'account-1', order: 'order-1' },
      notices: 1,
      replies,
      facts: ['order'],
    },
  ],
  fetches: [{ resource: 'order', ids: ['order-1'], replies, facts: ['order'] }],
};
