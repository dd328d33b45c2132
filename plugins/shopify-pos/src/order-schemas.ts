import { exactDecimal, instantText, z } from '@valehub/connector-kit';
import { numberId } from './ids.ts';
import { nodesOf, pageOf, shopMoney, text } from './schemas.ts';

const ref = z.object({ id: numberId });
const attributes = z.array(z.object({ value: text }));

const allocation = z.object({
  allocatedAmountSet: shopMoney,
  discountApplication: z.object({
    __typename: z.string(),
    index: z.int().nonnegative(),
    targetSelection: text,
    code: text,
    title: text,
    description: text,
  }),
});
export type Allocation = z.output<typeof allocation>;

/** Quantity and allocations hold what was taken back or removed since. */
export const lineItem = z.object({
  id: numberId,
  name: text,
  title: z.string(),
  sku: text,
  vendor: text,
  quantity: z.int().nonnegative(),
  currentQuantity: z.int().nonnegative(),
  isGiftCard: z.boolean(),
  product: z.object({ id: numberId, productType: text }).nullish(),
  variant: ref.nullish(),
  customAttributes: attributes,
  originalUnitPriceSet: shopMoney,
  discountAllocations: z.array(allocation),
  taxLines: z.array(z.object({ ratePercentage: exactDecimal().nullish() })),
});
export type LineItem = z.output<typeof lineItem>;

const transaction = z.object({
  id: numberId,
  kind: z.string(),
  status: z.string(),
  gateway: text,
  formattedGateway: text,
  processedAt: instantText().nullish(),
  manualPaymentGateway: z.boolean().nullish(),
  amountSet: shopMoney,
  parentTransaction: ref.nullish(),
  location: ref.nullish(),
  device: ref.nullish(),
  paymentDetails: z.object({ __typename: z.string() }).nullish(),
});
export type Transaction = z.output<typeof transaction>;

const shippingLine = z.object({
  id: numberId.nullish(),
  title: z.string(),
  discountedPriceSet: shopMoney,
  discountAllocations: z.array(allocation),
});

export const order = z.object({
  id: numberId,
  name: z.string(),
  processedAt: instantText(),
  updatedAt: instantText(),
  cancelledAt: instantText().nullish(),
  test: z.boolean(),
  note: text,
  email: text,
  phone: text,
  taxesIncluded: z.boolean(),
  currencyCode: z.string().regex(/^[A-Z]{3}$/),
  displayFinancialStatus: text,
  fullyPaid: z.boolean(),
  sourceName: text,
  sourceIdentifier: text,
  poNumber: text,
  customAttributes: attributes,
  retailLocation: ref.nullish(),
  staffMember: ref.nullish(),
  customer: z
    .object({
      id: numberId,
      defaultEmailAddress: z.object({ emailAddress: z.string() }).nullish(),
      defaultPhoneNumber: z.object({ phoneNumber: z.string() }).nullish(),
    })
    .nullish(),
  totalPriceSet: shopMoney,
  totalTipReceivedSet: shopMoney,
  additionalFees: z.array(z.object({ id: numberId, name: z.string(), price: shopMoney })),
  shippingLines: nodesOf(shippingLine),
  transactions: z.array(transaction),
  refunds: z.array(ref),
  lineItems: pageOf(lineItem),
});
export type Order = z.output<typeof order>;

export const refund = z.object({
  id: numberId,
  note: text,
  processedAt: instantText(),
  transactions: nodesOf(z.object({ kind: z.string(), status: z.string(), amountSet: shopMoney })),
  refundLineItems: pageOf(z.object({ quantity: z.int().nonnegative(), lineItem: ref })),
});
export type Refund = z.output<typeof refund>;
