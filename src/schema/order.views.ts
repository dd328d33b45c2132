import type { AllocationShare, PricedBasket } from '../domain/decision/decision.types.ts';
import type { OrderRecord, PlatformFigures as Told } from '../domain/order/order.types.ts';
import { money } from './money.results.ts';
import type { Allocation, Order, PlatformFigures, PricedOrder } from './order.results.ts';

export function pricedView(priced: PricedBasket): PricedOrder {
  const { currency } = priced;
  return {
    subtotal: money(priced.subtotal, currency),
    lineDiscounts: money(priced.lineDiscounts, currency),
    voucherDiscounts: money(priced.voucherDiscounts, currency),
    tendered: money(priced.tendered, currency),
    tax: priced.tax.map((entry) => ({ rate: entry.rate, base: money(entry.base, currency), tax: money(entry.tax, currency) })),
    due: money(priced.due, currency),
    lines: priced.lines.map((line) => ({
      lineId: line.lineId,
      gross: money(line.gross, currency),
      discount: money(line.discount, currency),
      due: money(line.due, currency),
      locked: line.locked,
    })),
  };
}

export const allocationViews = (shares: readonly AllocationShare[], currency: string): Allocation[] =>
  shares.map((share) => ({ lineId: share.lineId, unit: share.unit, taxRate: share.taxRate, amount: money(share.amount, currency) }));

const figuresView = (told: Told, currency: string): PlatformFigures => ({
  ...told,
  total: money(told.total, currency),
  tip: told.tip === null ? null : money(told.tip, currency),
  charges: told.charges.map(({ name, amount }) => ({ name, amount: money(amount, currency) })),
});

export const orderView = (record: OrderRecord): Order => ({
  id: record.id,
  source: record.source,
  externalId: record.externalId,
  businessDay: record.businessDay,
  priced: pricedView(record.priced),
  platform: record.platform && figuresView(record.platform, record.priced.currency),
  storeId: record.storeId,
  customerId: record.customerId,
});
