import { exactDecimal, exactId, instantText, timeKit, z } from '@valehub/connector-kit';

// Toast's replies. Amounts are doubles in major units without a currency: they are read as decimals and never reckoned with as they are.

const id = exactId();
const text = z.string().nullish();
const flag = z.boolean().nullish();
const decimal = exactDecimal().nullish();
const instant = instantText().nullish();
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
const reference = z.object({ guid: text, multiLocationId: exactId().nullish() }).nullish();

/** `20250207`: the restaurant's own business day. */
const businessDate = z.int().transform((value, issue) => {
  try {
    return timeKit.compactDay(String(value));
  } catch (fault) {
    issue.addIssue({ code: 'custom', message: fault instanceof Error ? fault.message : 'no day' });
    return z.NEVER;
  }
});

const appliedDiscount = z.object({
  guid: id,
  name: text,
  discountAmount: decimal,
  nonTaxDiscountAmount: decimal,
  discount: reference,
  appliedPromoCode: text,
  /** Of loyalty rewards only; null otherwise. */
  processingState: text,
  loyaltyDetails: z.object({ referenceId: exactId().nullish() }).nullish(),
  appliedDiscountReason: z.object({ name: text, description: text, comment: text }).nullish(),
});
export type AppliedDiscount = z.output<typeof appliedDiscount>;

const selection = z.object({
  guid: id,
  item: reference,
  itemGroup: reference,
  displayName: text,
  plu: text,
  quantity: decimal,
  preDiscountPrice: decimal,
  price: decimal,
  voided: flag,
  deferred: flag,
  selectionType: text,
  modifiedDate: instant,
  appliedDiscounts: list(appliedDiscount),
  appliedTaxes: list(z.object({ rate: decimal, type: text })),
  refundDetails: z.object({ refundAmount: decimal, refundTransaction: reference }).nullish(),
});
export type Selection = z.output<typeof selection>;

const payment = z.object({
  guid: id,
  type: text,
  paymentStatus: text,
  amount: decimal,
  tipAmount: decimal,
  paidDate: instant,
  voidInfo: z.object({ voidDate: instant }).nullish(),
  refund: z.object({ refundAmount: decimal, refundDate: instantText(), refundTransaction: reference }).nullish(),
});
export type Payment = z.output<typeof payment>;

const serviceCharge = z.object({ guid: id, name: text, chargeAmount: decimal, gratuity: flag });

/** A bill. An order has several where the guests split it. */
export const check = z.object({
  guid: id,
  tabName: text,
  paymentStatus: text,
  voided: flag,
  deleted: flag,
  deletedDate: instant,
  modifiedDate: instant,
  amount: decimal,
  taxAmount: decimal,
  totalAmount: decimal,
  customer: z.object({ guid: text, phone: text, phoneCountryCode: text, email: text }).nullish(),
  appliedLoyaltyInfo: z.object({ loyaltyIdentifier: text }).nullish(),
  appliedDiscounts: list(appliedDiscount),
  appliedServiceCharges: list(serviceCharge),
  selections: list(selection),
  payments: list(payment),
});
export type Check = z.output<typeof check>;

export const order = z.object({
  guid: id,
  externalId: text,
  source: text,
  openedDate: instant,
  createdDate: instant,
  modifiedDate: instant,
  paidDate: instant,
  closedDate: instant,
  deletedDate: instant,
  deleted: flag,
  voided: flag,
  voidDate: instant,
  businessDate: businessDate.nullish(),
  createdInTestMode: flag,
  excessFood: flag,
  deliveryInfo: z.object({}).nullish(),
  server: reference,
  createdDevice: z.object({ id: text }).nullish(),
  checks: list(check),
});
export type Order = z.output<typeof order>;

export const orders = z.array(order);

/** The envelope of every event. `details` of the orders webhook hold the restaurant and the whole order. */
export const event = z.object({
  timestamp: instantText(),
  eventCategory: text,
  eventType: z.string().min(1).max(255),
  guid: id,
  details: z.object({ restaurantGuid: text, order: z.looseObject({ guid: id }).nullish() }).nullish(),
});

export const restaurant = z.object({
  guid: text,
  general: z.object({
    name: text,
    locationName: text,
    timeZone: text,
    currencyCode: text,
    managementGroupGuid: text,
    archived: flag,
  }),
  location: z.object({ country: text, phoneCountryCode: exactId().nullish() }).nullish(),
});
export type Restaurant = z.output<typeof restaurant>;

export const group = z.array(z.object({ guid: id }));

export const discounts = z.array(z.object({ guid: id, name: text, active: flag, type: text, selectionType: text }));

export const applicable = z.array(z.object({ discount: z.object({ guid: id }), applicableChecks: list(z.object({ guid: text })) }));

/** What Toast answers to what it cannot do; `errors` holds more of the same. */
const fault = z.object({ message: text, developerMessage: text, fieldName: text, requestId: text });
export const errorMessage = fault.extend({ errors: list(fault) });
