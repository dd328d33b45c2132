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

const positive = moneySchema.extend({ minor: z.int().nonnegative('an amount that is not negative') });

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
  /** A gift card or a voucher was SOLD by this line; it is no consumption. Without a `group` of its own it gets `GIFT_CARD` in the hub. */
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
  /** The platform's own business day, kept beside the hub's. */
  businessDay: z.iso.date().optional(),
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

export const hubCustomerSchema = z.strictObject({
  /** The platform's id. Left out on the way out, where the platform does not know the customer yet. */
  externalId: id.optional(),
  /** The hub's id of the customer, on the way out: the key to find them by again. */
  hubId: id.optional(),
  revision: revisionSchema.optional(),
  name: text.optional(),
  phone: text.optional(),
  email: text.optional(),
  /** `--MM-DD` or `YYYY-MM-DD`. */
  birthday: z
    .string()
    .regex(/^(\d{4}|-)-\d{2}-\d{2}$/)
    .optional(),
  groups: z.array(text).optional(),
  /** Leave to be written to, by channel; left out: unknown. */
  consents: z.strictObject({ email: z.boolean().optional(), sms: z.boolean().optional() }).optional(),
  /** More for the platform, by its own field names. */
  fields: z.record(z.string(), plainSchema).optional(),
});
/** A customer on the way in or out. */
export type HubCustomer = z.infer<typeof hubCustomerSchema>;

export const hubDiscountSchema = z.strictObject({
  externalId: id,
  revision: revisionSchema.optional(),
  name: z.string().max(1000),
  /** The customer-entered code, where it has one. */
  code: text.optional(),
  state: z.enum(['ACTIVE', 'SCHEDULED', 'ENDED']),
  /** How often the platform says it was used. */
  used: z.int().nonnegative().optional(),
});
/** A discount or coupon as the platform has it. */
export type HubDiscount = z.infer<typeof hubDiscountSchema>;

const documentLineSchema = z.strictObject({
  description: z.string().min(1).max(4000),
  /** Decimal text above zero. */
  quantity: decimal,
  unitPrice: moneySchema,
  /** What was taken off the line; positive. */
  discount: positive.optional(),
  /** Account code, item and tax code as the accounts call them. */
  account: id.optional(),
  item: id.optional(),
  taxCode: id.optional(),
});

export const hubDocumentSchema = z.strictObject({
  kind: z.enum(['INVOICE', 'SALES_RECEIPT', 'CREDIT_NOTE', 'JOURNAL']),
  /** The platform's id; on the way in only. */
  externalId: id.optional(),
  revision: revisionSchema.optional(),
  number: id.optional(),
  /** The hub's own mark by which it is found again; stands in the platform's reference field, with the voucher's code. */
  reference: text,
  code: text.optional(),
  contact: z.strictObject({ name: text, externalId: id.optional(), email: text.optional() }).optional(),
  day: z.iso.date(),
  dueDay: z.iso.date().optional(),
  currency: moneySchema.shape.currency,
  pricesIncludeTax: z.boolean(),
  lines: z.array(documentLineSchema).max(500),
  /** On the way in: what the accounts say. */
  total: moneySchema.optional(),
  status: z.string().max(50).optional(),
});
/** An invoice, sales receipt or credit note. */
export type HubDocument = z.infer<typeof hubDocumentSchema>;

export const journalSchema = z
  .strictObject({
    reference: text,
    narration: z.string().min(1).max(1000),
    day: z.iso.date(),
    currency: moneySchema.shape.currency,
    /** Debits positive, credits negative; they come to zero. */
    lines: z
      .array(z.strictObject({ account: id, description: z.string().max(1000), amount: moneySchema, taxCode: id.optional() }))
      .min(2)
      .max(1000),
  })
  .refine(({ lines }) => lines.reduce((sum, { amount }) => sum + BigInt(amount.minor), 0n) === 0n, 'debits and credits that come to zero')
  .refine(({ lines, currency }) => lines.every(({ amount }) => amount.currency === currency), 'one currency');
/** A balanced entry of the accounts. */
export type Journal = z.infer<typeof journalSchema>;

export const hubEventSchema = z.strictObject({
  /** The same event has the same id always; what the platform's own key is made of. */
  id,
  /** A type of the ledger (`VOUCHER_REDEEMED`) or the name of a custom event. */
  type: text,
  at: instant,
  businessDay: z.iso.date().optional(),
  /** Its place in the ledger. */
  position: z.int().positive().optional(),
  code: text.optional(),
  amount: moneySchema.optional(),
  store: z.strictObject({ id, name: text }).optional(),
  campaign: z.strictObject({ id, name: text }).optional(),
  redemptionId: id.optional(),
  order: z.strictObject({ source: id, externalId: id }).optional(),
  customer: hubCustomerSchema.optional(),
  data: z.record(z.string(), plainSchema),
});
/** An event of the hub on its way to a platform. */
export type HubEvent = z.infer<typeof hubEventSchema>;

export const rowSchema = z.strictObject({
  /** The sheet, table or data set. */
  table: text,
  /** Column names in order; the header row. The first holds the row's key. */
  columns: z.array(text).min(1).max(100),
  /** One value a column. Money as decimal text in major units, times as RFC 3339. */
  values: z
    .array(z.union([z.string().max(50_000), z.number(), z.boolean(), z.null()]))
    .min(1)
    .max(100),
});
/** One row of a table. */
export type Row = z.infer<typeof rowSchema>;

export const publicationSchema = z.strictObject({
  campaignId: id,
  /** Already cut to the platform's length. */
  name: text,
  description: z.string().max(1000).optional(),
  incentive: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('percentOff'), percent: decimal, maximum: positive.optional() }),
    z.strictObject({ kind: z.literal('amountOff'), amount: positive }),
    z.strictObject({ kind: z.literal('freeItem') }),
    z.strictObject({ kind: z.literal('freeDelivery') }),
  ]),
  /** The platform's own ids of the articles and categories it is limited to; left out: the whole order. */
  items: z.array(id).max(1000).optional(),
  minimumOrder: positive.optional(),
  /** Rounded to what the platform keeps. */
  startsAt: instant.optional(),
  endsAt: instant.optional(),
  /** How often each code may be used, and how often by one customer. */
  usesPerCode: z.int().positive().optional(),
  usesPerCustomer: z.int().positive().optional(),
  combines: z.boolean().optional(),
  /** The one word for all, or the first codes of many; more follow by `addCodes`. */
  codes: z.array(text).max(10_000),
  /** The platform's locations it holds in; left out: all. */
  locations: z.array(id).optional(),
});
/** A campaign as it is published, after the loss report and within the platform's bounds. */
export type Publication = z.infer<typeof publicationSchema>;

export const codesSchema = z.strictObject({
  to: z.strictObject({ id: id.nullable(), url: z.url().optional() }),
  codes: z.array(text).min(1).max(10_000),
});
/** More codes for what is published. */
export type MoreCodes = z.infer<typeof codesSchema>;

export const applySchema = z.strictObject({
  /** The open check or order at the platform. */
  orderId: id,
  code: text,
  name: text,
  kind: z.enum(['ORDER_DISCOUNT', 'LINE_DISCOUNT', 'TENDER']),
  /** What is taken off, already decided by the hub. */
  amount: positive,
  /** How it lies on the lines (the platform's line ids), where it is no tender and not on the whole order. */
  lines: z.array(share).optional(),
});
/** A voucher to be put on an open check. */
export type Apply = z.infer<typeof applySchema>;

export const appliedSchema = z.strictObject({ orderId: id, id: id.nullable() });
/** A voucher that was put on a check: the check, and the platform's id of the discount or payment. */
export type Applied = z.infer<typeof appliedSchema>;

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
  /** The hub's id of it, which a press of a button names. */
  id: id.optional(),
  /** What a person may answer, where the platform has buttons. */
  buttons: z
    .array(z.strictObject({ id, label: z.string().min(1).max(75), style: z.enum(['PRIMARY', 'DANGER']).optional() }))
    .max(5)
    .optional(),
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
