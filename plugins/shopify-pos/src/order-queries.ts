import { z } from '@valehub/connector-kit';
import { operation } from './client.ts';
import * as schemas from './order-schemas.ts';
import { pageOf } from './schemas.ts';

const MONEY = '{ shopMoney { amount currencyCode } }';

/** A discount is told with what it took off: the order's own list of discounts leaves out what an edit added. */
const ALLOCATIONS = `discountAllocations {
  allocatedAmountSet ${MONEY}
  discountApplication {
    __typename index targetSelection
    ... on DiscountCodeApplication { code }
    ... on AutomaticDiscountApplication { title }
    ... on ManualDiscountApplication { title description }
    ... on ScriptDiscountApplication { title }
  }
}`;

const LINES = `lineItems(first: 25, after: $after) {
  pageInfo { hasNextPage endCursor }
  nodes {
    id name title sku vendor quantity currentQuantity isGiftCard
    product { id productType }
    variant { id }
    customAttributes { value }
    originalUnitPriceSet ${MONEY}
    ${ALLOCATIONS}
    taxLines { ratePercentage }
  }
}`;

/** An order with its first lines. 25 lines keep the most it can cost below the 1,000 points that one query may. */
export const orderQuery = operation(
  50,
  `query Order($id: ID!, $after: String) {
  order(id: $id) {
    id name processedAt updatedAt cancelledAt test note email phone taxesIncluded currencyCode
    displayFinancialStatus fullyPaid sourceName sourceIdentifier poNumber
    customAttributes { value }
    retailLocation { id }
    staffMember { id }
    customer { id defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber } }
    totalPriceSet ${MONEY}
    totalTipReceivedSet ${MONEY}
    additionalFees { id name price ${MONEY} }
    shippingLines(first: 10) { nodes { id title discountedPriceSet ${MONEY} ${ALLOCATIONS} } }
    transactions(first: 50) {
      id kind status gateway formattedGateway processedAt manualPaymentGateway
      amountSet ${MONEY}
      parentTransaction { id }
      location { id }
      device { id }
      paymentDetails { __typename }
    }
    refunds { id }
    ${LINES}
  }
}`,
  { order: schemas.order.nullable() },
);

export const moreLinesQuery = operation(
  25,
  `query OrderLines($id: ID!, $after: String) {
  order(id: $id) { ${LINES} }
}`,
  { order: z.object({ lineItems: pageOf(schemas.lineItem) }).nullable() },
);

export const refundQuery = operation(
  20,
  `query Refund($id: ID!, $after: String) {
  refund(id: $id) {
    id note processedAt
    transactions(first: 50) { nodes { kind status amountSet ${MONEY} } }
    refundLineItems(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { quantity lineItem { id } }
    }
  }
}`,
  { refund: schemas.refund.nullable() },
);

export const changedOrdersQuery = operation(
  10,
  `query ChangedOrders($query: String!, $after: String) {
  orders(first: 10, after: $after, query: $query, sortKey: UPDATED_AT) {
    pageInfo { hasNextPage endCursor }
    nodes { id }
  }
}`,
  { orders: pageOf(z.object({ id: schemas.order.shape.id })) },
);
