import type { ResolvedCustomer } from '../customer/customer.types.ts';
import type { OrderDraft } from '../redemption/redemption.types.ts';
import { type FoundCode, sharesOf } from './code-finder.ts';
import type { PlatformOrder } from './order.types.ts';

/** The order without what its vouchers gave: on that basket their codes are decided. */
export function draftOf(
  connectionId: string,
  storeId: string,
  order: PlatformOrder,
  customer: ResolvedCustomer,
  found: readonly FoundCode[],
): OrderDraft {
  const ours = sharesOf([...new Set(found.flatMap((one) => one.discounts))], order);
  return {
    source: connectionId,
    externalId: order.externalId,
    revision: order.revision,
    storeId,
    channel: order.channel,
    placedAt: order.placedAt,
    currency: order.currency,
    pricesIncludeTax: order.pricesIncludeTax,
    customer: customer.id === null ? null : { id: customer.id },
    lines: order.lines.map((line) => ({ ...line, discount: Math.max(0, line.discount - (ours.get(line.id) ?? 0)) })),
    payments: order.payments,
  };
}
