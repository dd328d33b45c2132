import { CallError, type Delivery, type Fact, type Notice, type Plain, type Webhooks, z } from '@valehub/connector-kit';
import { factOf } from './orders.ts';
import * as schemas from './schemas.ts';
import type { settings, ToastCtx } from './settings.ts';

const TOPICS = ['order_updated', 'channel_order_updated'] as const;

const manual = `In Toast Web open **Integrations > Toast API access > Manage credentials**, then **Manage webhooks > Add webhook**.
1. Choose the credentials of this connection and the event category of the **orders** webhook; a subscription has one category.
2. Enter the webhook address of this connection.
3. Save, copy the **secret key** of the subscription and enter it here as *Webhook secret*.

With partner or custom credentials Toast's integrations team sets this up: give them the address, and ask for the category *orders*.`;

/** What `split` keeps of an event for `read`. */
const kept = z.object({ location: z.string().min(1), order: schemas.order });

/** One event is about one restaurant, and an order comes whole. Other categories are kept under their own names. */
function split(delivery: Delivery): readonly Notice[] {
  const event = schemas.event.parse(delivery.body);
  const location = event.details?.restaurantGuid ?? delivery.headers['toast-restaurant-external-id'];
  const order = event.details?.order;
  const about: Pick<Notice, 'location' | 'resource'> = {
    ...(location ? { location } : {}),
    ...(order ? { resource: ['order', order.guid] } : {}),
  };
  const body = { location: location ?? null, order: (order ?? null) as Plain };
  return [{ ...about, topic: event.eventType, at: event.timestamp, body, repeat: { key: event.guid } }];
}

function read(ctx: ToastCtx, notice: Notice): readonly Fact[] {
  const told = kept.safeParse(notice.body);
  if (told.success) return [factOf(ctx, told.data.order, told.data.location)];
  const at = told.error.issues[0]?.path.map(String).join('.') ?? '';
  throw new CallError({ code: 'BAD_REPLY', message: `The event of Toast is not in the expected form: ${at}.` });
}

export const webhooks: Webhooks<typeof settings> = {
  body: ['json'],
  // Toast warns of 600 kB; a banquet may be more.
  maxBytes: 10_000_000,
  verify: {
    by: 'hmac',
    hash: 'sha256',
    key: { secret: 'webhookSecret' },
    signed: ['body', { field: 'timestamp' }],
    signature: { header: 'toast-signature' },
    encoding: 'base64',
    // Toast tries again after five minutes and after ten more.
    time: { at: { field: 'timestamp' }, unit: 'iso', window: 'PT30M' },
  },
  topics: TOPICS,
  split,
  read,
  subscriptions: { manual },
};
