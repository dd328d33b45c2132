import type { Delivery, Fact, Notice, Webhooks } from '@valehub/connector-kit';
import { getPayment } from './client.ts';
import { readOrders } from './orders.ts';
import * as schemas from './schemas.ts';
import type { SquareCtx, settings } from './settings.ts';

const TOPICS = ['order.created', 'order.updated', 'payment.created', 'payment.updated', 'refund.created', 'refund.updated'] as const;

const manual = `In the Square Developer Console open your application, then **Webhooks > Subscriptions > Add subscription**.
1. Enter the webhook address of this connection, exactly as it is shown: Square signs it with every event.
2. Choose the API version of this connector and the events ${TOPICS.map((topic) => `\`${topic}\``).join(', ')}.
3. Save, copy the **Signature key** and enter it here as *Webhook signature key*.`;

/** One event is one notice. All that is about an order carries the order as its resource, so that it is worked in turn. */
function split(delivery: Delivery): readonly Notice[] {
  const event = schemas.event.parse(delivery.body);
  const objects = schemas.eventObjects.parse(event.data?.object ?? {});
  const about = objects.order_created ?? objects.order_updated ?? objects.payment ?? objects.refund;
  const orderId = about?.order_id ?? (event.type.startsWith('order.') ? event.data?.id : undefined);
  const location = event.location_id ?? about?.location_id;
  return [
    {
      account: event.merchant_id,
      topic: event.type,
      ...(location ? { location } : {}),
      ...(orderId ? { resource: ['order', orderId] } : {}),
      ...(event.created_at ? { at: event.created_at } : {}),
      body: { orderId: orderId ?? null, paymentId: objects.refund?.payment_id ?? null },
      repeat: { key: event.event_id },
    },
  ];
}

interface About {
  readonly orderId: string | null;
  readonly paymentId: string | null;
}

/** A refund's own order may be the return and not the sale; the refunded payment knows the sale. */
async function saleOf(ctx: SquareCtx, { orderId, paymentId }: About): Promise<string | null> {
  const payment = paymentId === null ? undefined : await getPayment(ctx, paymentId);
  return payment?.order_id ?? orderId;
}

async function read(ctx: SquareCtx, notice: Notice): Promise<readonly Fact[]> {
  const id = await saleOf(ctx, notice.body as unknown as About);
  // A payment without an order is money that no voucher can stand on.
  return id === null ? [] : readOrders(ctx, [id]);
}

export const webhooks: Webhooks<typeof settings> = {
  body: ['json'],
  verify: {
    by: 'hmac',
    hash: 'sha256',
    key: { secret: 'webhookSignatureKey' },
    signed: ['url', 'body'],
    signature: { header: 'x-square-hmacsha256-signature' },
    encoding: 'base64',
  },
  topics: TOPICS,
  split,
  read,
  subscriptions: { manual },
};
