/** What a field is to an expression: a scalar, another type of the table, or a list of one. */
export type FieldType = string;

/**
 * The types that expressions know, with the fields of the GraphQL types of the same name; nested pages are left out.
 * Integers are int, decimals double, DateTimes timestamp, days and times of day string, JSON dyn.
 */
export const EXPRESSION_TYPES: Readonly<Record<string, Readonly<Record<string, FieldType>>>> = {
  Money: { minor: 'int', currency: 'string' },
  GroupTaxRate: { group: 'string', rate: 'double' },
  Store: {
    id: 'string',
    name: 'string',
    timeZone: 'string',
    businessDayStart: 'string',
    currency: 'string',
    groups: 'list<string>',
    language: 'string',
    defaultTaxRate: 'double',
    taxRates: 'list<GroupTaxRate>',
    maxVouchersPerOrder: 'int',
  },
  Customer: {
    id: 'string',
    name: 'string',
    phone: 'string',
    email: 'string',
    groups: 'list<string>',
    birthday: 'string',
    anniversary: 'string',
  },
  Guest: {
    id: 'string',
    groups: 'list<string>',
    birthday: 'string',
    anniversary: 'string',
    createdAt: 'timestamp',
    orders: 'int',
  },
  BasketLine: {
    id: 'string',
    sku: 'string',
    name: 'string',
    group: 'string',
    brand: 'string',
    quantity: 'double',
    unitPrice: 'int',
    discount: 'int',
    gross: 'int',
    taxRate: 'double',
  },
  BasketPayment: { method: 'string', amount: 'int' },
  Basket: {
    externalId: 'string',
    source: 'string',
    channel: 'string',
    placedAt: 'timestamp',
    businessDay: 'string',
    weekday: 'string',
    time: 'string',
    currency: 'string',
    pricesIncludeTax: 'bool',
    lines: 'list<BasketLine>',
    payments: 'list<BasketPayment>',
    subtotal: 'Money',
    lineDiscounts: 'Money',
    due: 'Money',
  },
  VoucherInHand: {
    id: 'string',
    code: 'string',
    status: 'string',
    shared: 'bool',
    uses: 'int',
    customerId: 'string',
    validFrom: 'timestamp',
    validUntil: 'timestamp',
  },
  TimeWindow: { weekdays: 'list<string>', from: 'string', to: 'string' },
  DayWindow: { daysBefore: 'int', daysAfter: 'int' },
  ItemSelector: { skus: 'list<string>', groups: 'list<string>', brands: 'list<string>' },
  Scope: {
    include: 'ItemSelector',
    exclude: 'ItemSelector',
    excludeDiscounted: 'bool',
    triggerQuantity: 'double',
    applicableQuantity: 'double',
    pick: 'string',
  },
  PercentOff: { percent: 'double', maximum: 'Money', scope: 'Scope' },
  AmountOff: { amount: 'Money', scope: 'Scope' },
  SpecialPrice: { price: 'Money', scope: 'Scope' },
  FreeItem: { quantity: 'double', scope: 'Scope' },
  ItemChoice: { include: 'ItemSelector', exclude: 'ItemSelector' },
  BuyXGetY: {
    buyQuantity: 'int',
    buy: 'ItemChoice',
    getQuantity: 'int',
    get: 'ItemChoice',
    percentOff: 'double',
    maximumTimes: 'int',
    excludeDiscounted: 'bool',
  },
  FreeDelivery: { maximum: 'Money', items: 'ItemSelector' },
  Tender: { value: 'Money' },
  GiftBalance: { value: 'Money' },
  Incentive: {
    percentOff: 'PercentOff',
    amountOff: 'AmountOff',
    specialPrice: 'SpecialPrice',
    freeItem: 'FreeItem',
    buyXGetY: 'BuyXGetY',
    freeDelivery: 'FreeDelivery',
    tender: 'Tender',
    giftBalance: 'GiftBalance',
  },
  Conditions: {
    minimumOrder: 'int',
    maximumOrder: 'int',
    customerRequired: 'bool',
    segmentIds: 'list<string>',
    excludedGroups: 'list<string>',
    channels: 'list<string>',
    paymentMethods: 'list<string>',
    windows: 'list<TimeWindow>',
    blackoutDays: 'list<string>',
    birthdayWindow: 'DayWindow',
    anniversaryWindow: 'DayWindow',
    firstOrderOnly: 'bool',
    expression: 'string',
  },
  Limit: { counts: 'string', per: 'string', period: 'string', max: 'int' },
  Stacking: { priority: 'int', group: 'string', exclusive: 'bool' },
  FundingShare: { by: 'string', name: 'string', percent: 'double' },
  Budget: { total: 'Money', used: 'Money', held: 'Money', left: 'Money' },
  CampaignCounts: { codes: 'int', issued: 'int', redeemed: 'int', reversed: 'int', rejected: 'int' },
  Issuance: {
    conditions: 'Conditions',
    scope: 'Scope',
    count: 'int',
    everyAmount: 'int',
    maximumPerOrder: 'int',
    validAfter: 'string',
    validFor: 'string',
  },
  Campaign: {
    id: 'string',
    name: 'string',
    status: 'string',
    parent: 'Campaign',
    version: 'int',
    stores: 'list<Store>',
    currency: 'string',
    startsOn: 'string',
    endsOn: 'string',
    incentive: 'Incentive',
    conditions: 'Conditions',
    limits: 'list<Limit>',
    stacking: 'Stacking',
    distribution: 'string',
    taxClass: 'string',
    reversalPolicy: 'string',
    funding: 'list<FundingShare>',
    issuance: 'Issuance',
    metadata: 'dyn',
    budget: 'Budget',
    counts: 'CampaignCounts',
  },
  Voucher: {
    id: 'string',
    code: 'string',
    status: 'string',
    campaign: 'Campaign',
    customer: 'Customer',
    balance: 'Money',
    balanceHeld: 'Money',
    validFrom: 'timestamp',
    validUntil: 'timestamp',
  },
  TaxAmount: { rate: 'double', base: 'Money', tax: 'Money' },
  PricedLine: { lineId: 'string', gross: 'Money', discount: 'Money', due: 'Money', locked: 'bool' },
  PricedOrder: {
    subtotal: 'Money',
    lineDiscounts: 'Money',
    voucherDiscounts: 'Money',
    tendered: 'Money',
    tax: 'list<TaxAmount>',
    due: 'Money',
    lines: 'list<PricedLine>',
  },
  Redemption: {
    id: 'string',
    code: 'string',
    kind: 'string',
    taxClass: 'string',
    amount: 'Money',
    store: 'Store',
    businessDay: 'string',
    redeemedAt: 'timestamp',
    orderSource: 'string',
    orderExternalId: 'string',
  },
  Order: {
    id: 'string',
    externalId: 'string',
    source: 'string',
    store: 'Store',
    businessDay: 'string',
    customer: 'Customer',
    priced: 'PricedOrder',
    redemptions: 'list<Redemption>',
  },
  LedgerEvent: {
    cursor: 'string',
    position: 'int',
    hash: 'string',
    previousHash: 'string',
    type: 'string',
    at: 'timestamp',
    businessDay: 'string',
    store: 'Store',
    campaignId: 'string',
    code: 'string',
    amount: 'Money',
    data: 'dyn',
    redemptionId: 'string',
    reversalId: 'string',
    voucherId: 'string',
    customerId: 'string',
    orderSource: 'string',
    orderExternalId: 'string',
  },
  WaitResult: { status: 'string', until: 'timestamp' },
  AllocateResult: { status: 'string', code: 'string', voucherId: 'string', voucher: 'Voucher' },
  DeliverResult: { status: 'string', connectionId: 'string', channel: 'string' },
  BranchResult: { status: 'string', taken: 'string' },
  CallResult: { status: 'string', output: 'dyn' },
};

/** A value as the expression library takes it: integers as bigint, doubles as number, timestamps as Date. */
export type ExpressionValue =
  | null
  | boolean
  | string
  | bigint
  | number
  | Date
  | readonly ExpressionValue[]
  | { readonly [name: string]: ExpressionValue };

/** Brings a JSON value into the form of its type. What it does not have is null, never absent: `customer.name == null` can be asked of every customer. */
export function expressionValue(type: FieldType, value: unknown): ExpressionValue {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'string':
      return String(value);
    case 'bool':
      return value === true;
    case 'int':
      return BigInt(value as number);
    case 'double':
      return Number(value);
    case 'timestamp':
      return value instanceof Date ? value : new Date(String(value));
    case 'dyn':
      return jsonValue(value);
  }
  if (type.startsWith('list<')) return (value as readonly unknown[]).map((item) => expressionValue(type.slice(5, -1), item));
  const fields = EXPRESSION_TYPES[type];
  if (fields === undefined) throw new Error(`No expression type is named ${type}.`);
  const members = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(fields).map(([name, fieldType]) => [name, expressionValue(fieldType, members[name])]));
}

/** JSON of unknown form: whole numbers are int, others double. */
function jsonValue(value: unknown): ExpressionValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(jsonValue);
  return Object.fromEntries(Object.entries(value as object).map(([name, member]) => [name, jsonValue(member)]));
}

/** The way back, for what leaves the hub: int beyond the safe integers as text, timestamps as RFC 3339. */
export function plainValue(value: unknown): null | boolean | string | number | PlainList | PlainMembers {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plainValue);
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, member]) => [String(name), plainValue(member)]));
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plainValue(member)]));
  // Durations, types and the like have no JSON form of their own.
  return String(value);
}
type PlainList = readonly ReturnType<typeof plainValue>[];
interface PlainMembers {
  readonly [name: string]: ReturnType<typeof plainValue>;
}
