import type { ConnectorSamples, StandInReply } from '@valehub/connector-kit/testing';
import {
  LOCATION,
  MERCHANT,
  order,
  orderEvent,
  payment,
  paymentEvent,
  refund,
  refundEvent,
  refundedPayment,
  returnOrder,
} from './fixtures.ts';

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

export const samples: ConnectorSamples = {
  settings: { accessToken: 'sq-token-invented-for-tests', environment: 'sandbox', locations: { [LOCATION]: 'store-1' } },
  identify: {
    replies: [
      { path: '/v2/merchants/me', body: { merchant: { id: MERCHANT, business_name: 'Casa Pepa', country: 'ES', currency: 'EUR' } } },
    ],
    account: MERCHANT,
  },
  deliveries: [
    { topic: 'order.created', body: orderEvent('order.created'), ...thin },
    { topic: 'order.updated', body: orderEvent('order.updated'), ...thin },
    { topic: 'payment.created', body: paymentEvent('payment.created'), ...thin },
    { topic: 'payment.updated', body: paymentEvent('payment.updated'), ...thin },
    { topic: 'refund.created', body: refundEvent('refund.created'), ...back },
    { topic: 'refund.updated', body: refundEvent('refund.updated'), ...back },
  ],
  fetches: [
    { resource: 'order', ids: ['ORDER-1'], replies: paid, facts: ['order'] },
    { resource: 'order', ids: ['ORDER-1'], replies: returned, facts: ['order'] },
  ],
};
