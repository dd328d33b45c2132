import type { HubOrder, HubOrderDiscount, HubPayment, HubRefund, Revision } from '@valehub/connector-kit';
import type { PlatformDiscount, PlatformOrder, PlatformRefund } from '../../domain/order/order.types.ts';

/** The group of lines that sold a gift card or a voucher. */
const GIFTS = 'GIFT_CARD';

type Payment = PlatformOrder['payments'][number];

/**
 * A connector's order as the domain takes it: amounts in the order's one currency, what was left out spelled out.
 * `customerId`: whom the hub knows the platform's customer as, where it told of them before.
 */
export function platformOrder(order: HubOrder, fetchedAt: number, customerId: string | null = null): PlatformOrder {
  return {
    externalId: order.externalId,
    // Where the platform tells none, the read that began later is the newer.
    revision: order.revision === undefined ? fetchedAt : revisionNumber(order.revision),
    state: order.state,
    placedAt: order.placedAt,
    currency: order.currency,
    pricesIncludeTax: order.pricesIncludeTax,
    channel: order.channel ?? 'DINE_IN',
    customer: customerId === null ? customerOf(order) : { id: customerId },
    lines: order.lines.map((line) => ({
      id: line.id,
      sku: line.sku,
      name: line.name ?? null,
      // What is bought to be spent later can be left out of a campaign's products by it.
      group: line.group ?? (line.gift === true ? GIFTS : null),
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
    figures: {
      total: order.total.minor,
      tip: order.tip?.minor ?? null,
      charges: order.charges.map(({ name, amount }) => ({ name, amount: amount.minor })),
      businessDay: order.businessDay ?? null,
      closedAt: order.closedAt ?? null,
      tillId: order.till ?? null,
      staffId: order.staff ?? null,
    },
  };
}

export const revisionNumber = (revision: Revision): number => ('version' in revision ? revision.version : Date.parse(revision.at));

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
