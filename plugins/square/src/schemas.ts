import { exactDecimal, exactId, instantText, minorMoney, z } from '@valehub/connector-kit';

const id = exactId();
const money = minorMoney().nullish();
const text = z.string().nullish();
const metadata = z.record(z.string(), z.string().nullable()).nullish();
export const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

const appliedDiscount = z.object({ discount_uid: id, applied_money: money });

const lineItem = z.object({
  uid: id,
  name: text,
  variation_name: text,
  note: text,
  catalog_object_id: text,
  item_type: text,
  quantity: exactDecimal(),
  base_price_money: money,
  variation_total_price_money: money,
  gross_sales_money: money,
  total_discount_money: money,
  modifiers: list(z.object({ base_price_money: money, total_price_money: money, quantity: exactDecimal().nullish() })),
  applied_discounts: list(appliedDiscount),
  applied_taxes: list(z.object({ tax_uid: id })),
});
export type LineItem = z.output<typeof lineItem>;

const orderDiscount = z.object({
  uid: id,
  name: text,
  scope: text,
  applied_money: money,
  metadata,
});
export type OrderDiscount = z.output<typeof orderDiscount>;

const tender = z.object({
  id,
  payment_id: text,
  type: text,
  note: text,
  created_at: instantText().nullish(),
  amount_money: money,
  tip_money: money,
  card_details: z.object({ status: text }).nullish(),
});
export type Tender = z.output<typeof tender>;

/** The older form of a refund, as it stands on an order. */
const orderRefund = z.object({ id, status: text, amount_money: minorMoney(), reason: text, created_at: instantText() });

export const order = z.object({
  id,
  location_id: text,
  state: z.string().optional(),
  version: z.int().nonnegative().nullish(),
  created_at: instantText(),
  updated_at: instantText().nullish(),
  closed_at: instantText().nullish(),
  reference_id: text,
  ticket_name: text,
  customer_id: text,
  metadata,
  line_items: list(lineItem),
  discounts: list(orderDiscount),
  taxes: list(z.object({ uid: id, type: text, percentage: exactDecimal().nullish() })),
  service_charges: list(z.object({ uid: id, name: text, applied_money: money, total_money: money })),
  fulfillments: list(z.object({ type: text })),
  tenders: list(tender),
  refunds: list(orderRefund),
  returns: list(
    z.object({
      source_order_id: text,
      return_line_items: list(z.object({ source_line_item_uid: text, quantity: exactDecimal() })),
    }),
  ),
  total_money: minorMoney(),
  total_tip_money: money,
});
export type Order = z.output<typeof order>;
export const orderPage = z.object({ orders: list(order), cursor: text });

export const payment = z.object({
  id,
  order_id: text,
  status: z.string(),
  source_type: text,
  amount_money: minorMoney(),
  tip_money: money,
  total_money: money,
  created_at: instantText(),
  updated_at: instantText().nullish(),
  note: text,
  reference_id: text,
  team_member_id: text,
  refund_ids: list(id),
  card_details: z.object({ card: z.object({ card_brand: text }).nullish() }).nullish(),
  external_details: z.object({ source: text, source_id: text }).nullish(),
  device_details: z.object({ device_id: text }).nullish(),
});
export type Payment = z.output<typeof payment>;

export const refund = z.object({
  id,
  status: text,
  order_id: text,
  payment_id: text,
  amount_money: minorMoney(),
  reason: text,
  created_at: instantText(),
  updated_at: instantText().nullish(),
});
export type Refund = z.output<typeof refund>;

export const merchant = z.object({
  id,
  business_name: text,
  currency: text,
  country: text,
});

export const locationList = z.object({
  locations: list(z.object({ id, name: text, currency: text, timezone: text, status: text })),
});

export const errors = z.object({
  errors: z.array(z.object({ code: z.string().default('UNKNOWN'), detail: text, field: text })).min(1),
});

export const tokens = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  expires_at: instantText().nullish(),
});

export const tokenStatus = z.object({ scopes: list(z.string()) });

export const subscription = z.object({
  id,
  enabled: z.boolean().nullish(),
  event_types: list(z.string()),
  notification_url: text,
  api_version: text,
  signature_key: z.string().min(1).nullish(),
});
export type SquareSubscription = z.output<typeof subscription>;
