import { type Delivery, type Fact, type Notice, type Webhooks, z } from '@valehub/connector-kit';
import { readCustomers } from './customers.ts';
import { readDiscounts } from './discounts.ts';
import { readOrders } from './orders.ts';
import type { ShopCtx, settings } from './settings.ts';
import { subscriptions } from './subscriptions.ts';
import { aboutOf, TOPICS } from './topics.ts';

/** Shopify's older headers begin with `x-`; those of its Events, in developer preview, do not. */
const header = ({ headers }: Delivery, name: string): string | undefined => headers[`x-shopify-${name}`] ?? headers[`shopify-${name}`];

const envelope = z.object({
  topic: z.string().min(1),
  shop: z.string().min(1),
  key: z.string().min(1),
  at: z.iso.datetime({ offset: true }).optional().catch(undefined),
});

/** Whom a compliance topic is about; a shop as a whole has nobody. */
const person = z.object({
  shop_domain: z.string().nullish(),
  customer: z
    .object({ id: z.union([z.string(), z.number()]).nullish(), email: z.string().nullish(), phone: z.string().nullish() })
    .nullish(),
});

/** Only topics that the hub acts on are looked into; any other is kept as it came. */
function split(delivery: Delivery): readonly Notice[] {
  const { topic, shop, key, at } = envelope.parse({
    topic: header(delivery, 'topic'),
    shop: header(delivery, 'shop-domain'),
    key: header(delivery, 'webhook-id'),
    at: header(delivery, 'triggered-at'),
  });
  const known = Object.hasOwn(TOPICS, topic) ? TOPICS[topic] : undefined;
  const resource = known && aboutOf(known, delivery.body);
  const asks = known?.means === 'export' || known?.means === 'erase';
  return [
    {
      account: shop,
      topic,
      ...(resource ? { resource: [...resource] } : {}),
      ...(at ? { at } : {}),
      body: asks ? { identity: identityIn(delivery.body, shop) } : {},
      repeat: known?.isSignal ? 'signal' : { key },
    },
  ];
}

function identityIn(body: unknown, shop: string): string {
  const { customer, shop_domain: domain } = person.parse(body);
  return customer?.email || customer?.phone || (customer?.id ? String(customer.id) : domain || shop);
}

const asked = z.object({ identity: z.string() });

async function read(ctx: ShopCtx, notice: Notice): Promise<readonly Fact[]> {
  const means = TOPICS[notice.topic]?.means;
  const at = notice.at ?? ctx.now();
  switch (means) {
    case 'uninstalled':
      return [{ kind: 'access', is: 'UNINSTALLED', at }];
    case 'export':
    case 'erase': {
      const key = notice.repeat === 'signal' ? notice.topic : notice.repeat.key;
      return [{ kind: 'privacy', ask: means === 'export' ? 'EXPORT' : 'ERASE', identity: asked.parse(notice.body).identity, key }];
    }
    case 'gone': {
      const [resource, id] = notice.resource ?? [];
      return resource && id ? [{ kind: 'gone', resource, id }] : [];
    }
    case 'read':
      return readAgain(ctx, notice);
    case undefined:
      return [];
  }
}

function readAgain(ctx: ShopCtx, { resource }: Notice): Promise<readonly Fact[]> | readonly Fact[] {
  const [kind, id] = resource ?? [];
  if (id === undefined) return [];
  if (kind === 'order') return readOrders(ctx, [id]);
  return kind === 'customer' ? readCustomers(ctx, [id]) : readDiscounts(ctx, [id]);
}

export const webhooks: Webhooks<typeof settings> = {
  body: ['json'],
  // No time is signed, so what comes again is known by the id of the delivery.
  verify: {
    by: 'hmac',
    hash: 'sha256',
    key: { secret: 'clientSecret' },
    signed: ['body'],
    signature: { header: 'x-shopify-hmac-sha256', or: 'shopify-hmac-sha256' },
    encoding: 'base64',
  },
  topics: Object.keys(TOPICS),
  split,
  read,
  subscriptions,
};
