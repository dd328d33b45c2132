import { type Delivery, instantText, type Notice, type Resource, z } from '@valehub/connector-kit';

const text = z.string().nullish();

/** The envelope of every event. */
const event = z.object({
  merchant_id: z.string().min(1),
  location_id: text,
  type: z.string().min(1),
  event_id: z.string().min(1),
  created_at: instantText().nullish(),
  data: z.object({ id: text, object: z.record(z.string(), z.unknown()).nullish() }).nullish(),
});
type SquareEvent = z.output<typeof event>;

const about = z.object({ location_id: text, order_id: text, payment_id: text });
const loyaltyEvent = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  location_id: text,
  redeem_reward: z.object({ reward_id: text, order_id: text }).nullish(),
});

/** What an event may tell of what it is about. Order events name their object after themselves. */
const objects = z.object({
  order_created: about.optional(),
  order_updated: about.optional(),
  order_fulfillment_updated: about.optional(),
  payment: about.optional(),
  refund: about.optional(),
  loyalty_event: loyaltyEvent.optional(),
  catalog_version: z.object({ updated_at: instantText().nullish() }).optional(),
  revocation: z.object({ revoked_at: instantText().nullish() }).optional(),
});
type Objects = z.output<typeof objects>;

interface Told {
  readonly resource?: readonly [Resource, string | null | undefined];
  readonly location?: string | null | undefined;
  readonly body: Notice['body'];
}

/** All that is about an order carries the order as its resource, so that it is worked in turn. */
function aboutOrder({ type, data }: SquareEvent, told: Objects): Told {
  const one = told.order_created ?? told.order_updated ?? told.order_fulfillment_updated ?? told.payment ?? told.refund;
  const orderId = one?.order_id ?? (type.startsWith('order.') ? data?.id : undefined) ?? null;
  return { resource: ['order', orderId], location: one?.location_id, body: { orderId, paymentId: told.refund?.payment_id ?? null } };
}

function tellOf(given: SquareEvent, told: Objects): Told {
  const { type, data, created_at: at } = given;
  if (type.startsWith('customer.')) return { resource: ['customer', data?.id], body: { customerId: data?.id ?? null } };
  if (told.loyalty_event) {
    const { id, type: what, redeem_reward: redeemed, location_id: location } = told.loyalty_event;
    const orderId = redeemed?.order_id ?? null;
    return { resource: ['order', orderId], location, body: { loyalty: { id, what, orderId, rewardId: redeemed?.reward_id ?? null } } };
  }
  if (told.catalog_version) return { body: { since: told.catalog_version.updated_at ?? at ?? null } };
  if (told.revocation) return { body: { revokedAt: told.revocation.revoked_at ?? at ?? null } };
  return aboutOrder(given, told);
}

/** One event is one notice. */
export function split(delivery: Delivery): readonly Notice[] {
  const given = event.parse(delivery.body);
  const { resource: [kind, id] = [], location, body } = tellOf(given, objects.parse(given.data?.object ?? {}));
  const where = given.location_id ?? location;
  return [
    {
      account: given.merchant_id,
      topic: given.type,
      ...(where ? { location: where } : {}),
      ...(kind && id ? { resource: [kind, id] } : {}),
      ...(given.created_at ? { at: given.created_at } : {}),
      body,
      repeat: { key: given.event_id },
    },
  ];
}

const nullable = z.string().nullish();
const loyalty = z.object({ id: z.string(), what: z.string(), orderId: z.string().nullable(), rewardId: z.string().nullable() });
export type LoyaltyBody = z.output<typeof loyalty>;

/** What `split` has put into a notice. */
export const noticeBody = z.object({
  orderId: nullable,
  paymentId: nullable,
  customerId: nullable,
  since: nullable,
  revokedAt: nullable,
  loyalty: loyalty.nullish(),
});
