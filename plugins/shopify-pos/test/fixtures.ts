/** A dinner in Sevilla, rung up at a till: two dishes with a code of 10 %, ham with a discount by hand, a tip by card. Invented for these tests. */
export const SHOP = 'casa-pepa.myshopify.com';
export const SEVILLA = '7001';
export const GRAPHQL = '/admin/api/2026-07/graphql.json';

export const eur = (amount: string) => ({ shopMoney: { amount, currencyCode: 'EUR' } });

export const code = { __typename: 'DiscountCodeApplication', index: 0, targetSelection: 'ALL', code: 'DV4711' };
export const byHand = {
  __typename: 'ManualDiscountApplication',
  index: 1,
  targetSelection: 'EXPLICIT',
  title: 'Regular guest',
  description: 'Vale DV-0815',
};
export const allocation = (application: object, amount: string) => ({
  allocatedAmountSet: eur(amount),
  discountApplication: { index: 0, ...application },
});

export const rice = {
  id: 'gid://shopify/LineItem/11',
  name: 'Arroz - con marisco',
  title: 'Arroz',
  sku: 'RICE-1',
  vendor: 'Casa Pepa',
  quantity: 2,
  currentQuantity: 2,
  isGiftCard: false,
  product: { id: 'gid://shopify/Product/21', productType: 'Main' },
  variant: { id: 'gid://shopify/ProductVariant/31' },
  customAttributes: [{ value: 'sin gluten' }],
  originalUnitPriceSet: eur('20.0'),
  discountAllocations: [allocation(code, '4.0')],
  taxLines: [{ ratePercentage: 10 }],
};

export const ham = {
  ...rice,
  id: 'gid://shopify/LineItem/12',
  name: 'Jamón',
  title: 'Jamón',
  sku: null,
  quantity: 1,
  currentQuantity: 1,
  customAttributes: [],
  originalUnitPriceSet: eur('15.0'),
  discountAllocations: [allocation(code, '1.5'), allocation(byHand, '1.0')],
  taxLines: [{ ratePercentage: 10.5 }],
};

export const tipLine = {
  ...ham,
  id: 'gid://shopify/LineItem/13',
  name: 'Tip',
  title: 'Tip',
  vendor: null,
  product: null,
  variant: null,
  originalUnitPriceSet: eur('3.0'),
  discountAllocations: [],
  taxLines: [],
};

export const sale = {
  id: 'gid://shopify/OrderTransaction/41',
  kind: 'SALE',
  status: 'SUCCESS',
  gateway: 'shopify_payments',
  formattedGateway: 'Shopify Payments',
  processedAt: '2026-03-06T20:14:58Z',
  manualPaymentGateway: false,
  amountSet: eur('51.5'),
  parentTransaction: null,
  location: { id: 'gid://shopify/Location/7001' },
  device: { id: 'gid://shopify/PointOfSaleDevice/9' },
  paymentDetails: { __typename: 'CardPaymentDetails' },
};

export const lineItems = (nodes: readonly object[], endCursor: string | null = null) => ({
  pageInfo: { hasNextPage: endCursor !== null, endCursor },
  nodes: [...nodes],
});

export const order = {
  id: 'gid://shopify/Order/101',
  name: '#1001',
  processedAt: '2026-03-06T20:02:11+01:00',
  updatedAt: '2026-03-06T20:15:00Z',
  cancelledAt: null,
  test: false,
  note: 'window seat',
  email: 'guest@mail.example',
  phone: null,
  taxesIncluded: true,
  currencyCode: 'EUR',
  displayFinancialStatus: 'PAID',
  fullyPaid: true,
  sourceName: 'pos',
  sourceIdentifier: '7001-1-1001',
  poNumber: null,
  customAttributes: [{ value: 'Mesa 7' }],
  retailLocation: { id: 'gid://shopify/Location/7001' },
  staffMember: { id: 'gid://shopify/StaffMember/5' },
  customer: {
    id: 'gid://shopify/Customer/61',
    defaultEmailAddress: { emailAddress: 'guest@mail.example' },
    defaultPhoneNumber: { phoneNumber: '+34955000111' },
  },
  totalPriceSet: eur('51.5'),
  totalTipReceivedSet: eur('3.0'),
  additionalFees: [],
  shippingLines: { nodes: [] },
  transactions: [sale],
  refunds: [],
  lineItems: lineItems([rice, ham, tipLine]),
};

/** One of the two plates of rice went back. */
export const refund = {
  id: 'gid://shopify/Refund/71',
  note: 'cold',
  processedAt: '2026-03-06T20:40:05Z',
  transactions: { nodes: [{ kind: 'REFUND', status: 'SUCCESS', amountSet: eur('18.0') }] },
  refundLineItems: {
    pageInfo: { hasNextPage: false, endCursor: null },
    nodes: [{ quantity: 1, lineItem: { id: 'gid://shopify/LineItem/11' } }],
  },
};

export const refundedOrder = {
  ...order,
  updatedAt: '2026-03-06T20:40:05Z',
  displayFinancialStatus: 'PARTIALLY_REFUNDED',
  refunds: [{ id: 'gid://shopify/Refund/71' }],
  lineItems: lineItems([{ ...rice, currentQuantity: 1 }, ham, tipLine]),
};

export const DISCOUNT = 'gid://shopify/DiscountCodeNode/81';
export const discount = {
  id: DISCOUNT,
  codeDiscount: {
    __typename: 'DiscountCodeBasic',
    title: 'Spring',
    status: 'ACTIVE',
    asyncUsageCount: 3,
    codesCount: { count: 1 },
    codes: { nodes: [{ code: 'DV4711' }] },
  },
};

export const customer = {
  id: 'gid://shopify/Customer/61',
  updatedAt: '2026-03-06T20:15:00Z',
  firstName: 'Ana',
  lastName: 'García',
  tags: ['regular'],
  defaultEmailAddress: { emailAddress: 'guest@mail.example', marketingState: 'SUBSCRIBED' },
  defaultPhoneNumber: { phoneNumber: '+34955000111', marketingState: 'NOT_SUBSCRIBED' },
};

export const cost = {
  cost: {
    requestedQueryCost: 50,
    actualQueryCost: 12,
    throttleStatus: { maximumAvailable: 2000, currentlyAvailable: 1988, restoreRate: 100 },
  },
};
/** A reply as GraphQL gives it. */
export const data = (members: object) => ({ data: members, extensions: cost });

export const shop = { name: 'Casa Pepa', myshopifyDomain: SHOP, currencyCode: 'EUR', ianaTimezone: 'Europe/Madrid' };
export const granted = (...handles: readonly string[]) => ({ accessScopes: handles.map((handle) => ({ handle })) });
export const ALL = ['read_orders', 'read_locations', 'write_discounts', 'write_customers'] as const;
