import type { BasketLine } from '../domain/order/basket.types.ts';
import type { Payment } from '../domain/order/order.entity.ts';
import type { CustomerRef, OrderDraft } from '../domain/redemption/redemption.types.ts';
import { normaliseDecimal } from '../domain/shared/decimal.ts';
import type { CustomerRefInput } from './customer.inputs.ts';
import type { OrderInput, OrderLineInput, PaymentInput } from './order.inputs.ts';

// GraphQL has filled in the defaults of what was left out; what was given as null gets them here.
// Written out by hand, field by field: these run once a redemption.

export function orderDraft(input: OrderInput): OrderDraft {
  return {
    externalId: input.externalId,
    source: input.source ?? 'api',
    revision: input.revision ?? null,
    storeId: input.storeId,
    channel: input.channel ?? 'DINE_IN',
    placedAt: input.placedAt ?? null,
    currency: input.currency,
    pricesIncludeTax: input.pricesIncludeTax ?? true,
    customer: input.customer ? customerRef(input.customer) : null,
    lines: input.lines.map(basketLine),
    payments: input.payments ? input.payments.map(payment) : [],
  };
}

/** null where nothing in it names anybody. */
export function customerRef({ id, phone, email }: CustomerRefInput): CustomerRef | null {
  if (id == null && phone == null && email == null) return null;
  return { ...(id != null && { id }), ...(phone != null && { phone }), ...(email != null && { email }) };
}

const basketLine = (line: OrderLineInput): BasketLine => ({
  id: line.id,
  sku: line.sku,
  name: line.name ?? null,
  group: line.group ?? null,
  brand: line.brand ?? null,
  quantity: line.quantity == null ? '1' : normaliseDecimal(line.quantity),
  unitPrice: line.unitPrice,
  discount: line.discount ?? 0,
  taxRate: line.taxRate == null ? null : normaliseDecimal(line.taxRate),
});

const payment = (input: PaymentInput): Payment => ({
  method: input.method,
  amount: input.amount,
  externalId: input.externalId ?? null,
  paidAt: input.paidAt ?? null,
});
