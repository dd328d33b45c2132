import type { HubOrder, MoneyKit } from '@valehub/connector-kit';
import { discounts } from './order-discounts.ts';
import { isTip, line } from './order-lines.ts';
import { payments, type Returned, refunded } from './order-payments.ts';
import type { LineItem, Order } from './order-schemas.ts';
import { words } from './words.ts';

/** An order with all its lines and refunds. */
export interface Sale {
  readonly order: Order;
  readonly items: readonly LineItem[];
  readonly refunds: readonly Returned[];
}

/** The location of what was not sold at a till. */
export const ONLINE = 'online';

const PAID = new Set(['PAID', 'PARTIALLY_REFUNDED', 'REFUNDED']);

/** An authorisation that was voided leaves nothing behind; one that expired may yet be paid some other way. */
function state({ cancelledAt, displayFinancialStatus: status, fullyPaid }: Order): HubOrder['state'] {
  if (cancelledAt || status === 'VOIDED') return 'VOIDED';
  return fullyPaid || PAID.has(status ?? '') ? 'PAID' : 'OPEN';
}

/**
 * Shopify tells the time of the last change to the second. What happens within one is told apart by how much there is, which only
 * grows, as milliseconds: else the later of two reads would pass for the same.
 */
function revision({ order, items, refunds }: Sale): string {
  const settled = order.transactions.filter(({ status }) => status === 'SUCCESS').length;
  const removed = items.reduce((sum, { quantity, currentQuantity }) => sum + quantity - currentQuantity, 0);
  const marks = order.transactions.length + settled + refunds.length + items.length + removed + (order.cancelledAt ? 1 : 0);
  return new Date(Date.parse(order.updatedAt) + Math.min(999, marks)).toISOString();
}

/** Where it was sold; a draft that was marked as paid says so only by its payment. */
export const placeOf = ({ retailLocation, transactions }: Order): string =>
  retailLocation?.id ?? transactions.find(({ location }) => location)?.location?.id ?? ONLINE;

/** Ordered at a till; what was ordered on the web stays that, wherever it was paid. */
const isOverTheCounter = (order: Order): boolean => order.sourceName === 'pos' || (order.sourceName !== 'web' && placeOf(order) !== ONLINE);

const isPhone = (phone: string | null | undefined): phone is string => /^\+[1-9]\d{6,14}$/.test(phone ?? '');

function customer({ customer: known, email, phone }: Order): NonNullable<HubOrder['customer']> {
  const mail = email || known?.defaultEmailAddress?.emailAddress;
  const call = [phone, known?.defaultPhoneNumber?.phoneNumber].find(isPhone);
  return { ...(known ? { externalId: known.id } : {}), ...(mail ? { email: mail } : {}), ...(call ? { phone: call } : {}) };
}

/** Shopify's order as the hub's. Amounts are the shop's own currency. Throws RangeError where currencies are mixed. */
export function hubOrder(sale: Sale, money: MoneyKit): HubOrder {
  const { order } = sale;
  const currency = order.currencyCode;
  const tip = isTip(order, sale.items, money);
  const items = sale.items.filter((item) => item.quantity > 0 && !tip(item));
  const known = new Set(items.map(({ id }) => id));
  const isTaxed = sale.items.some(({ taxLines }) => taxLines.length > 0);
  const paid = payments(order, money);
  const ended = state(order);
  const location = placeOf(order);
  const guest = customer(order);
  const till = order.transactions.find(({ device }) => device)?.device?.id;
  const closed = paid
    .flatMap(({ at }) => at ?? [])
    .sort()
    .at(-1);
  return {
    externalId: order.id,
    revision: { at: revision(sale) },
    location,
    state: ended,
    placedAt: order.processedAt,
    ...(ended === 'PAID' && closed ? { closedAt: closed } : {}),
    currency,
    pricesIncludeTax: order.taxesIncluded,
    lines: items.map((item) => line(item, order, isTaxed, money)),
    discounts: discounts(order, items, money),
    payments: paid,
    refunds: sale.refunds.flatMap((each) => refunded(each, known, currency, money)),
    charges: [
      ...order.shippingLines.map(({ id, title, discountedPriceSet }, index) => ({
        externalId: id ?? `shipping-${index}`,
        name: title || 'Shipping',
        amount: discountedPriceSet,
      })),
      ...order.additionalFees.map(({ id, name, price }) => ({ externalId: id, name: name || 'Fee', amount: price })),
    ],
    total: order.totalPriceSet,
    ...(order.totalTipReceivedSet.minor > 0 ? { tip: order.totalTipReceivedSet } : {}),
    texts: words(
      order.note,
      order.sourceIdentifier,
      order.poNumber,
      ...order.customAttributes.map(({ value }) => value),
      ...items.flatMap(({ customAttributes }) => customAttributes.map(({ value }) => value)),
    ),
    channel: isOverTheCounter(order) ? 'DINE_IN' : 'ONLINE',
    ...(order.test ? { training: true } : {}),
    ...(till ? { till } : {}),
    ...(order.staffMember ? { staff: order.staffMember.id } : {}),
    ...(Object.keys(guest).length > 0 ? { customer: guest } : {}),
  };
}
