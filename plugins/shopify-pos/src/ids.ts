import { z } from '@valehub/connector-kit';

/** Shopify's kinds of things that are asked for by their id. */
type Kind = 'Order' | 'Refund' | 'Customer' | 'DiscountCodeNode';

/** `gid://shopify/Order/123`, of the number or of what is one already. */
export const gid = (kind: Kind, id: string): string => (id.startsWith('gid://') ? id : `gid://shopify/${kind}/${id}`);

/** The number in a global id: what webhooks carry, and what people see in the addresses of Shopify's pages. */
export const numberOf = (id: string): string => id.split('/').at(-1)?.split('?', 1)[0] ?? id;

/** A global id, read as its number. */
export const numberId = z.string().min(1).max(255).transform(numberOf);

/** A global id that stays whole, as discounts are of several kinds. */
export const globalId = z.string().min(1).max(255);
