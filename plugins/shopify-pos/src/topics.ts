import type { Resource } from '@valehub/connector-kit';
import { exactId, z } from '@valehub/connector-kit';
import { numberOf } from './ids.ts';

/** What a topic means to the hub. */
export type Meaning = 'read' | 'gone' | 'uninstalled' | 'export' | 'erase';

export interface Topic {
  readonly means: Meaning;
  /** What it is about, and where in the body that stands. */
  readonly about?: { readonly resource: Resource; readonly id: z.ZodType<string> };
  /** Subscribed to by API, where the shop has given the right that it needs. */
  readonly byApi?: { readonly scope?: string };
  /** It says only that something changed: a thousand of them are one. */
  readonly isSignal?: true;
}

const id = z.object({ id: exactId() }).transform((body) => body.id);
const orderId = z.object({ order_id: exactId() }).transform((body) => body.order_id);
const editedOrderId = z.object({ order_edit: z.object({ order_id: exactId() }) }).transform((body) => body.order_edit.order_id);
const discountId = z.object({ admin_graphql_api_id: z.string().min(1) }).transform((body) => body.admin_graphql_api_id);

const order = { means: 'read', about: { resource: 'order', id }, byApi: { scope: 'read_orders' } } as const;
const discount = { means: 'read', about: { resource: 'discount', id: discountId }, byApi: { scope: 'read_discounts' } } as const;
const customer = { means: 'read', about: { resource: 'customer', id }, byApi: { scope: 'read_customers' } } as const;
/** The hub adds codes by the thousand, and Shopify would tell it of each: read where they come, but not asked for. */
const redeemCode = { means: 'read', about: { resource: 'discount', id: discountId }, isSignal: true } as const;

/** By Shopify's names. */
export const TOPICS: Readonly<Record<string, Topic>> = {
  'orders/create': order,
  'orders/updated': order,
  'orders/paid': order,
  'orders/cancelled': order,
  'orders/edited': { ...order, about: { resource: 'order', id: editedOrderId } },
  'orders/delete': { ...order, means: 'gone' },
  'refunds/create': { ...order, about: { resource: 'order', id: orderId } },
  'discounts/create': discount,
  'discounts/update': discount,
  'discounts/delete': { ...discount, means: 'gone' },
  'discounts/redeemcode_added': redeemCode,
  'discounts/redeemcode_removed': redeemCode,
  'customers/create': customer,
  'customers/update': customer,
  'customers/delete': { ...customer, means: 'gone' },
  'app/uninstalled': { means: 'uninstalled', byApi: {} },
  // Set in the app's own configuration only.
  'customers/data_request': { means: 'export' },
  'customers/redact': { means: 'erase' },
  'shop/redact': { means: 'erase' },
};

/** As GraphQL writes it: ORDERS_CREATE. */
export const enumOf = (topic: string): string => topic.toUpperCase().replace('/', '_');

/** The hub's id of what a body is about; discounts keep their global id. */
export const aboutOf = ({ about }: Topic, body: unknown): readonly [Resource, string] | undefined =>
  about && [about.resource, about.resource === 'discount' ? about.id.parse(body) : numberOf(about.id.parse(body))];
