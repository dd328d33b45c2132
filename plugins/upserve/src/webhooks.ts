import type { Webhooks } from '@valehub/connector-kit';
import { readOrders } from './orders.ts';
import { event } from './schemas.ts';
import type { settings } from './settings.ts';

export const webhooks: Webhooks<typeof settings> = {
  body: ['json'],
  // Fill in: how the platform signs. The suite forges from this, so a wrong one passes here and fails at the platform:
  // check it against a vector that the platform has published.
  verify: {
    by: 'hmac',
    hash: 'sha256',
    key: { secret: 'signingKey' },
    signed: ['body'],
    signature: { header: 'x-upserve-signature' },
    encoding: 'hex',
  },
  topics: ['order.changed'],
  split(delivery) {
    const told = event.parse(delivery.body);
    return [
      { account: told.account, topic: told.type, resource: ['order', told.order], body: { order: told.order }, repeat: { key: told.id } },
    ];
  },
  // The event is thin: the order is read from the platform, later and as often as needed.
  read: (ctx, notice) => readOrders(ctx, [notice.resource?.[1] ?? '']),
  subscriptions: { manual: 'Fill in: where at Upserve a person enters the webhook address, and which events to choose.' },
};
