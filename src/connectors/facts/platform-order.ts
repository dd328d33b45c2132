import type { HubOrder, HubOrderDiscount, HubPayment, HubRefund, Revision } from '@valehub/connector-kit';
import type { PlatformDiscount, PlatformOrder, PlatformRefund } from '../../domain/order/order.types.ts';

type Payment = PlatformOrder['payments'][number];

/** A connector's order as the domain takes it: amounts in the order's one currency, what was left out spelled out. */
export function platformOrder(order: HubOrder, fetchedAt: number): PlatformOrder {
  return {
    externalId: order.externalId,
    // Where the platform tells none, the read that began later is the newer.
    revision: order.revision === undefined ? fetchedAt : revisionNumber(order.revision),
    state: order.state,
    placedAt: order.placedAt,
    currency: order.currency,
    pricesIncludeTax: order.pricesIncludeTax,
    channel: order.channel ?? 'DINE_IN',
    customer: customerOf(order),
    lines: order.lines.map((line) => ({
      id: line.id,
      sku: line.sku,
      name: line.name ?? null,
      group: line.group ?? null,
      brand: line.brand ?? null,
      quantity: line.quantity,
      unitPrice: line.unitPrice.minor,
      discount: line.discount.minor,
      taxRate: line.taxRate ?? null,
    })),
    payments: order.payments.map(paymentOf),
    discounts: order.discounts.map(discountOf),
    // A code may be written on a payment as well.
    tenders: order.payments.map(({ amount, code, texts }) => ({ amount: amount.minor, code: code ?? null, texts })),
    texts: order.texts,
    refunds: order.refunds.map(refundOf),
  };
}

const revisionNumber = (revision: Revision): number => ('version' in revision ? revision.version : Date.parse(revision.at));

function customerOf({ customer }: HubOrder): PlatformOrder['customer'] {
  if (customer?.phone === undefined && customer?.email === undefined) return null;
  return {
    ...(customer.phone === undefined ? {} : { phone: customer.phone }),
    ...(customer.email === undefined ? {} : { email: customer.email }),
  };
}

const paymentOf = (payment: HubPayment): Payment => ({
  method: payment.method,
  amount: payment.amount.minor,
  externalId: payment.externalId,
  paidAt: payment.at ?? null,
});

const discountOf = (discount: HubOrderDiscount): PlatformDiscount => ({
  externalId: discount.externalId,
  name: discount.name,
  amount: discount.amount.minor,
  lineId: discount.lineId ?? null,
  shares: (discount.shares ?? []).map(({ lineId, amount }) => ({ lineId, amount: amount.minor })),
  code: discount.code ?? null,
  texts: discount.texts,
});

const refundOf = (refund: HubRefund): PlatformRefund => ({
  externalId: refund.externalId,
  amount: refund.amount.minor,
  at: refund.at,
  reason: refund.reason ?? null,
  lines: refund.lines ?? [],
});
