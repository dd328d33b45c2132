import type { Fact, Notice, Webhooks } from '@valehub/connector-kit';
import { getPayment } from './client.ts';
import { readCustomers } from './customers.ts';
import { discountsSince } from './discounts.ts';
import { type LoyaltyBody, noticeBody, split } from './events.ts';
import { readOrders } from './orders.ts';
import type { SquareCtx, settings } from './settings.ts';
import { subscriptions } from './subscriptions.ts';

const TOPICS = [
  'order.created',
  'order.updated',
  'order.fulfillment.updated',
  'payment.created',
  'payment.updated',
  'refund.created',
  'refund.updated',
  'catalog.version.updated',
  'customer.created',
  'customer.updated',
  'customer.deleted',
  'loyalty.event.created',
  'oauth.authorization.revoked',
] as const;

const manual = `In the Square Developer Console open your application, then **Webhooks > Subscriptions > Add subscription**.
1. Enter the webhook address of this connection, exactly as it is shown: Square signs it with every event.
2. Choose the API version of this connector and the events ${TOPICS.map((topic) => `\`${topic}\``).join(', ')}.
3. Save, copy the **Signature key** and enter it here as *Webhook signature key*.`;

/** A refund's own order may be the return and not the sale; the refunded payment knows the sale. */
async function readSale(ctx: SquareCtx, orderId: string | null, paymentId: string | null): Promise<readonly Fact[]> {
  const payment = paymentId === null ? undefined : await getPayment(ctx, paymentId);
  const id = payment?.order_id ?? orderId;
  // A payment without an order is money that no voucher can stand on.
  return id === null ? [] : readOrders(ctx, [id]);
}

/** A reward of Square's own loyalty is no voucher of the hub: workflows may hear of it, and the order that it was spent on is read anew. */
function loyaltyFacts({ id, what, orderId, rewardId }: LoyaltyBody, at: string, location: string | undefined): readonly Fact[] {
  const located = location === undefined ? {} : { location };
  const name = `loyalty.${what.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_')}`;
  return [
    { kind: 'custom', ...located, name, key: id, at, data: { orderId, rewardId } },
    ...(orderId === null ? [] : [{ kind: 'again', ...located, resource: 'order', id: orderId } as const]),
  ];
}

async function read(ctx: SquareCtx, notice: Notice): Promise<readonly Fact[]> {
  const { orderId, paymentId, customerId, since, revokedAt, loyalty } = noticeBody.parse(notice.body);
  if (notice.topic === 'oauth.authorization.revoked') return [{ kind: 'access', is: 'REVOKED', at: revokedAt ?? ctx.now() }];
  if (notice.topic === 'catalog.version.updated') return discountsSince(ctx, since ?? ctx.now());
  if (customerId) return readCustomers(ctx, [customerId]);
  if (loyalty) return loyaltyFacts(loyalty, notice.at ?? ctx.now(), notice.location);
  return readSale(ctx, orderId ?? null, paymentId ?? null);
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
  subscriptions: { ...subscriptions, manual },
};
