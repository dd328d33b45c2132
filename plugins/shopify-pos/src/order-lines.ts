import type { HubLine, MoneyKit } from '@valehub/connector-kit';
import type { LineItem, Order } from './order-schemas.ts';

const takenOff = (item: Pick<LineItem, 'discountAllocations'>, currency: string, money: MoneyKit) =>
  money.sum(
    item.discountAllocations.map(({ allocatedAmountSet }) => allocatedAmountSet),
    currency,
  );

/**
 * Shopify makes a line of a tip; the hub keeps tips apart. REST marks it (`tip_payment_gateway`), GraphQL tells it only through the
 * order's agreements, which cost more points than all the rest. UNVERIFIED: so it is known by its name or, where no line bears that, by
 * being the one line without an article that is as large as the tip.
 */
export function isTip(order: Order, items: readonly LineItem[], money: MoneyKit): (item: LineItem) => boolean {
  const tip = order.totalTipReceivedSet.minor;
  if (tip === 0) return () => false;
  const loose = items.filter((item) => !item.product && !item.variant && !item.sku && !item.isGiftCard);
  const named = loose.filter(({ title }) => /^(tips?|gratuity|propina)$/i.test(title.trim()));
  if (named.length > 0) return (item) => named.includes(item);
  const alike = loose.filter((item) => money.times(item.originalUnitPriceSet, String(item.quantity)).minor === tip);
  return alike.length === 1 ? (item) => alike.includes(item) : () => false;
}

/** Without any tax on the order the store's own rate holds. */
export function line(item: LineItem, order: Order, isTaxed: boolean, money: MoneyKit): HubLine {
  const quantity = String(item.quantity);
  const rates = item.taxLines.flatMap(({ ratePercentage }) => ratePercentage ?? []);
  return {
    id: item.id,
    sku: (item.sku || item.variant?.id || item.product?.id || item.title || item.id).slice(0, 255),
    ...(item.name || item.title ? { name: (item.name || item.title).slice(0, 1000) } : {}),
    ...(item.product?.productType ? { group: item.product.productType } : {}),
    ...(item.vendor ? { brand: item.vendor } : {}),
    quantity,
    unitPrice: item.originalUnitPriceSet,
    gross: money.times(item.originalUnitPriceSet, quantity),
    discount: takenOff(item, order.currencyCode, money),
    ...(isTaxed ? { taxRate: money.addDecimals(rates) } : {}),
    ...(item.isGiftCard ? { gift: true } : {}),
  };
}
