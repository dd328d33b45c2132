import { z } from 'zod';
import type { Plain } from './plain.ts';

/** Any JSON. */
export const plainSchema = z.json() as z.ZodType<Plain>;

const text = z.string().min(1).max(1000);
const id = z.string().min(1).max(255);
const instant = z.iso.datetime({ offset: true });
const decimal = z.string().regex(/^\d{1,15}(\.\d{1,12})?$/, 'a decimal as text, without sign or exponent');

/** Integer minor units with an ISO 4217 code: `{ minor: 1250, currency: 'EUR' }` is 12.50 euro. */
export const moneySchema = z.strictObject({
  minor: z.int(),
  currency: z.string().regex(/^[A-Z]{3}$/),
});
export type Money = z.infer<typeof moneySchema>;

const positive = moneySchema.refine((money) => money.minor >= 0, 'an amount that is not negative');

/** How new what was read is. An older revision never overwrites a newer one; the hub compares only revisions of one kind. */
export const revisionSchema = z.union([z.strictObject({ version: z.int().nonnegative() }), z.strictObject({ at: instant })]);
export type Revision = z.infer<typeof revisionSchema>;

const share = z.strictObject({
  /** `HubLine.id`. */
  lineId: id,
  amount: positive,
});

export const hubLineSchema = z.strictObject({
  /** Unique in its order and the same each time the order is read. */
  id,
  /** The article number, else the platform's id of the article, else its name. */
  sku: id,
  name: text.optional(),
  /** The platform's category. */
  group: text.optional(),
  brand: text.optional(),
  /** Decimal text above zero: `"2"`, `"0.350"`. */
  quantity: decimal,
  /** Price of one unit with its modifiers, before discounts. `unitPrice` times `quantity`, rounded half away from zero, is `gross`. */
  unitPrice: positive,
  gross: positive,
  /** All that was taken off this line, its shares of order-wide discounts included. Never more than `gross`. */
  discount: positive,
  /** Percent as decimal text, the sum over the line's taxes. Left out: the store's rate. */
  taxRate: decimal.optional(),
  /** A gift card or a voucher was SOLD by this line; it is no consumption. */
  gift: z.boolean().optional(),
});
/** A line of an order. */
export type HubLine = z.infer<typeof hubLineSchema>;

export const hubOrderDiscountSchema = z.strictObject({
  /** Unique in its order and the same each time the order is read. */
  externalId: id,
  name: z.string().max(1000),
  /** What was really taken off, not what it might have been. */
  amount: positive,
  /** Where it stands on one line only. */
  lineId: id.optional(),
  /** How it lies on the lines, where the platform tells. Adds up to `amount`. */
  shares: z.array(share).optional(),
  /** The voucher code, only where the platform has a field for one. */
  code: text.optional(),
  /** Texts in which a code may stand; the hub looks for its own codes in them. */
  texts: z.array(text),
});
/** A discount on an order. */
export type HubOrderDiscount = z.infer<typeof hubOrderDiscountSchema>;

export const hubPaymentSchema = z.strictObject({
  externalId: id,
  /** `CARD`, `CASH`, `GIFT_CARD`, or the platform's own word. */
  method: text,
  /** Without tip. */
  amount: positive,
  tip: positive.optional(),
  at: instant.optional(),
  code: text.optional(),
  texts: z.array(text),
});
/** A completed payment; what was only authorised or has failed is not listed. */
export type HubPayment = z.infer<typeof hubPaymentSchema>;

export const hubRefundSchema = z.strictObject({
  externalId: id,
  /** Positive: what the guest got back. */
  amount: positive,
  at: instant,
  reason: text.optional(),
  /** Which lines came back, where the platform tells. `[]`: another refund of the same return lists them. */
  lines: z.array(z.strictObject({ lineId: id, quantity: decimal })).optional(),
});
/** A completed refund. */
export type HubRefund = z.infer<typeof hubRefundSchema>;

const hubChargeSchema = z.strictObject({ externalId: id, name: text, amount: positive });

export const hubOrderSchema = z.strictObject({
  /** The platform's id of the order; with the connection it is the key under which the hub keeps it. */
  externalId: id,
  revision: revisionSchema.optional(),
  /** The platform's location; the connection's `locations` setting says which store that is. */
  location: id.optional(),
  /** `PAID`: nothing is due any more. `VOIDED`: cancelled or deleted as a whole; refunds are no void. */
  state: z.enum(['OPEN', 'PAID', 'VOIDED']),
  placedAt: instant,
  closedAt: instant.optional(),
  /** All amounts of the order are in it. */
  currency: moneySchema.shape.currency,
  pricesIncludeTax: z.boolean(),
  lines: z.array(hubLineSchema).max(500),
  discounts: z.array(hubOrderDiscountSchema),
  payments: z.array(hubPaymentSchema),
  refunds: z.array(hubRefundSchema),
  /** Service and delivery charges. */
  charges: z.array(hubChargeSchema),
  /** What the platform says the guest has to pay, tips and charges included. */
  total: positive,
  tip: positive.optional(),
  /** Texts of the order itself in which a code may stand: reference, note, metadata. */
  texts: z.array(text),
  channel: z.enum(['DINE_IN', 'TAKEAWAY', 'DELIVERY', 'ONLINE', 'KIOSK']).optional(),
  /** A practice check: the hub drops and counts it. */
  training: z.boolean().optional(),
  till: id.optional(),
  staff: id.optional(),
  customer: z.strictObject({ externalId: id.optional(), phone: text.optional(), email: text.optional() }).optional(),
});
/** A check or order of a platform in the hub's words. */
export type HubOrder = z.infer<typeof hubOrderSchema>;

export const messageSchema = z.strictObject({
  channel: z.enum(['EMAIL', 'SMS', 'PUSH', 'CHAT']),
  /** An e-mail address, a phone number in E.164, a device, or a chat's id. */
  to: text,
  toName: text.optional(),
  subject: text.optional(),
  /** At least one of `text` and `templateId` is there; a platform that has templates takes the template. */
  text: z.string().min(1).max(100_000).optional(),
  templateId: id.optional(),
  /** Personal fields for the template. Money arrives as text, ready to be shown. */
  fields: z.record(z.string(), plainSchema).optional(),
});
/** A message to one person. */
export type Message = z.infer<typeof messageSchema>;

export const alertSchema = z.strictObject({
  severity: z.enum(['INFO', 'WARNING', 'CRITICAL']),
  title: text,
  text: z.string().max(10_000),
  /** Where a person reads on. */
  link: z.url().optional(),
});
/** Something a person should look at. */
export type Alert = z.infer<typeof alertSchema>;

export const refSchema = z.strictObject({
  /** The platform's id of what was made; null where it gives none. */
  id: id.nullable(),
  url: z.url().exactOptional(),
});
/** What a verb has made at the platform. */
export type Ref = z.infer<typeof refSchema>;
