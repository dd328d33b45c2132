import type { Plain } from '@valehub/connector-kit';
import { pageOf } from '@valehub/connector-kit/testing';
import { type GivenDiscount, paidOf, type Shop, type ShopOrder, statusOf, totalOf } from './stand-in-shop.ts';

type Json = { readonly [name: string]: Plain };

export const gid = (kind: string, id: number | string): string => `gid://shopify/${kind}/${id}`;
export const seconds = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

/** Decimal text in major units, as Shopify writes it: `12.5`, `3.0`. */
const major = (minor: number): string => {
  const text = `${Math.trunc(minor / 100)}.${String(Math.abs(minor % 100)).padStart(2, '0')}`;
  return text.endsWith('0') ? text.slice(0, -1) : text;
};
const bag = (minor: number): Json => ({ shopMoney: { amount: major(minor), currencyCode: 'EUR' } });

/** One page of a connection as GraphQL gives it. */
export function connection(list: readonly Plain[], after: Plain | undefined, size: number): Json {
  const { items, next } = pageOf(list, typeof after === 'string' ? after : null, size);
  return { nodes: [...items], pageInfo: { hasNextPage: next !== undefined, endCursor: next ?? null } };
}

const APPLICATIONS = {
  code: (label: string) => ({ __typename: 'DiscountCodeApplication', targetSelection: 'ALL', code: label }),
  manual: (label: string) => ({ __typename: 'ManualDiscountApplication', targetSelection: 'EXPLICIT', title: label, description: null }),
  automatic: (label: string) => ({ __typename: 'AutomaticDiscountApplication', targetSelection: 'ENTITLED', title: label }),
} as const;

const allocation = ({ kind, label }: GivenDiscount, index: number, minor: number): Json => ({
  allocatedAmountSet: bag(minor),
  discountApplication: { index, ...APPLICATIONS[kind](label) },
});

const allocations = (discounts: readonly GivenDiscount[], amountOf: (discount: GivenDiscount) => number | undefined): Plain[] =>
  discounts.flatMap((discount, index) => {
    const minor = amountOf(discount) ?? 0;
    return minor > 0 ? [allocation(discount, index, minor)] : [];
  });

function linesOf({ given, lineIds, tipId, refunds }: ShopOrder): Plain[] {
  const back = (line: number): number =>
    refunds.flatMap(({ units }) => units).reduce((sum, unit) => (unit.line === line ? sum + unit.quantity : sum), 0);
  const sold = given.lines.map((line, place) => ({
    id: gid('LineItem', lineIds[place] ?? 0),
    name: line.title,
    title: line.title,
    sku: line.sku ?? null,
    vendor: 'Casa Pepa',
    quantity: line.quantity,
    currentQuantity: line.quantity - back(place),
    isGiftCard: line.isGiftCard ?? false,
    product: { id: gid('Product', 50 + place), productType: 'Food' },
    variant: { id: gid('ProductVariant', 60 + place) },
    customAttributes: [],
    originalUnitPriceSet: bag(line.unit),
    discountAllocations: allocations(given.discounts ?? [], ({ shares }) => shares?.[place]),
    taxLines: [{ ratePercentage: 10 }],
  }));
  if (!given.tip) return sold;
  const tip = { id: gid('LineItem', tipId), name: 'Tip', title: 'Tip', sku: null, vendor: null, quantity: 1, currentQuantity: 1 };
  const plain = { isGiftCard: false, product: null, variant: null, customAttributes: [], discountAllocations: [], taxLines: [] };
  return [...sold, { ...tip, ...plain, originalUnitPriceSet: bag(given.tip) }];
}

function transactionsOf({ payments, refunds, given }: ShopOrder): Plain[] {
  const common = { status: 'SUCCESS', manualPaymentGateway: false, paymentDetails: null, device: null };
  const location = given.location === null ? null : { id: gid('Location', given.location ?? '7001') };
  const moves = payments.flatMap(({ id, gateway, amount, change, at }) => {
    const told = { ...common, gateway, formattedGateway: gateway, processedAt: seconds(at), location };
    const sale = { ...told, id: gid('OrderTransaction', id), kind: 'SALE', amountSet: bag(amount), parentTransaction: null };
    if (change === 0) return [sale];
    const parentTransaction = { id: gid('OrderTransaction', id) };
    return [sale, { ...told, id: gid('OrderTransaction', id + 500_000), kind: 'CHANGE', amountSet: bag(change), parentTransaction }];
  });
  const back = refunds
    .filter(({ amount }) => amount > 0)
    .map(({ id, amount, at }) => ({
      ...common,
      id: gid('OrderTransaction', id + 600_000),
      kind: 'REFUND',
      gateway: 'shopify_payments',
      formattedGateway: 'Shopify Payments',
      processedAt: seconds(at),
      amountSet: bag(amount),
      parentTransaction: null,
      location: null,
    }));
  return [...moves, ...back];
}

export const lines = (order: ShopOrder, after: Plain | undefined, size: number): Json => connection(linesOf(order), after, size);

/** An order as the Admin API gives it. */
export function orderJson(order: ShopOrder, after: Plain | undefined, size: number): Json {
  const { given } = order;
  const location = given.location === null ? null : { id: gid('Location', given.location ?? '7001') };
  return {
    id: gid('Order', order.id),
    name: `#${order.id}`,
    processedAt: seconds(order.placedAt),
    updatedAt: seconds(order.updatedAt),
    cancelledAt: order.cancelledAt === null ? null : seconds(order.cancelledAt),
    test: given.isTest ?? false,
    note: given.note ?? null,
    email: given.email ?? null,
    phone: null,
    taxesIncluded: true,
    currencyCode: 'EUR',
    displayFinancialStatus: statusOf(order),
    fullyPaid: paidOf(order) >= totalOf(given),
    sourceName: location ? 'pos' : 'web',
    sourceIdentifier: null,
    poNumber: null,
    customAttributes: [],
    retailLocation: location,
    staffMember: null,
    customer: null,
    totalPriceSet: bag(totalOf(given)),
    totalTipReceivedSet: bag(given.tip ?? 0),
    additionalFees: [],
    shippingLines: { nodes: given.shipping === undefined ? [] : [shippingJson(order, given.shipping)] },
    transactions: transactionsOf(order),
    refunds: order.refunds.map(({ id }) => ({ id: gid('Refund', id) })),
    lineItems: lines(order, after, size),
  };
}

function shippingJson({ id, given }: ShopOrder, price: number): Json {
  const off = (given.discounts ?? []).reduce((sum, { shipping = 0 }) => sum + shipping, 0);
  return {
    id: gid('ShippingLine', id),
    title: 'Reparto',
    discountedPriceSet: bag(price - off),
    discountAllocations: allocations(given.discounts ?? [], ({ shipping }) => shipping),
  };
}

export function refundJson(shop: Shop, id: string, after: Plain | undefined, size: number): Json | null {
  for (const order of shop.orders.values()) {
    const refund = order.refunds.find((candidate) => gid('Refund', candidate.id) === id);
    if (!refund) continue;
    const units = refund.units.map(({ line, quantity }) => ({ quantity, lineItem: { id: gid('LineItem', order.lineIds[line] ?? 0) } }));
    const money = refund.amount === 0 ? [] : [{ kind: 'REFUND', status: 'SUCCESS', amountSet: bag(refund.amount) }];
    const refundLineItems = connection(units, after, size);
    return { id, note: null, processedAt: seconds(refund.at), transactions: { nodes: money }, refundLineItems };
  }
  return null;
}

/** An order as a webhook tells of it: the REST form, of which the hub needs the id only. */
export const orderWebhook = (order: ShopOrder): Json => ({
  id: order.id,
  admin_graphql_api_id: gid('Order', order.id),
  updated_at: seconds(order.updatedAt),
  currency: 'EUR',
  total_price: major(totalOf(order.given)),
  source_name: order.given.location === null ? 'web' : 'pos',
});
