import type { HubLine, HubOrder, HubOrderDiscount, HubPayment, HubRefund, Money, MoneyKit } from '@valehub/connector-kit';
import type { LineItem, Order, OrderDiscount, Payment, Refund, Tender } from './schemas.ts';

/** A sale with all that was read for it. */
export interface Sale {
  readonly order: Order;
  /** A tender without a payment is one that the Payments API does not know. */
  readonly payments: readonly { readonly tender: Tender; readonly payment?: Payment }[];
  readonly refunds: readonly SaleRefund[];
}

export interface SaleRefund {
  readonly refund: Refund;
  readonly lines: Order['returns'][number]['return_line_items'];
  /** The lines of its return stand with another refund. */
  readonly sharesLines: boolean;
  /** The return that it belongs to. */
  readonly back?: Order;
}

/** Of a voucher that the hub itself has put on an order. Square shows metadata to who has written it only. */
export const CODE = 'valehub_code';

const texts = (...values: readonly (string | null | undefined)[]): string[] =>
  values.filter((value) => value !== null && value !== undefined && value.trim() !== '') as string[];

/**
 * Square's `version` is missing on orders that its till has made, and it does not rise with a payment or a refund. So the latest change of
 * anything that belongs to the sale is its revision: what is read later is never of an earlier one, even where a tender went away.
 */
function revision({ order, payments, refunds }: Sale): string {
  const changed = [
    order,
    ...payments.flatMap(({ payment }) => payment ?? []),
    ...refunds.flatMap(({ refund, back }) => [refund, ...(back ? [back] : [])]),
  ];
  return instantOf(Math.max(...changed.map(({ updated_at: updated, created_at: created }) => Date.parse(updated ?? created))));
}

const instantOf = (epochMs: number): string => new Date(epochMs).toISOString();

function line(item: LineItem, order: Order, money: MoneyKit): HubLine {
  const { currency } = order.total_money;
  const zero: Money = { minor: 0, currency };
  const base = item.base_price_money ?? zero;
  const extras = item.modifiers.map((modifier) => modifier.total_price_money ?? zero);
  // `gross_sales_money` lacks the included tax in some countries, so it is only the last resort.
  const gross = item.variation_total_price_money
    ? money.sum([item.variation_total_price_money, ...extras], currency)
    : (item.gross_sales_money ?? money.times(base, item.quantity));
  const perUnit = money.sum(
    [base, ...item.modifiers.map((modifier) => money.times(modifier.base_price_money ?? zero, modifier.quantity ?? '1'))],
    currency,
  );
  const fits = money.times(perUnit, item.quantity).minor === gross.minor;
  const rates = item.applied_taxes.flatMap(({ tax_uid: uid }) => order.taxes.find((tax) => tax.uid === uid)?.percentage ?? []);
  const name = texts(item.name, item.variation_name).join(', ');
  return {
    id: item.uid,
    sku: item.catalog_object_id ?? (name || 'custom-amount'),
    ...(name === '' ? {} : { name }),
    quantity: fits ? item.quantity : '1',
    unitPrice: fits ? perUnit : gross,
    gross,
    discount: item.total_discount_money ?? zero,
    ...(order.taxes.length === 0 ? {} : { taxRate: money.addDecimals(rates) }),
    ...(item.item_type === 'GIFT_CARD' ? { gift: true } : {}),
  };
}

function discount(given: OrderDiscount, order: Order, money: MoneyKit): HubOrderDiscount {
  const { currency } = order.total_money;
  const shares = order.line_items.flatMap((item) => {
    const amounts = item.applied_discounts
      .filter(({ discount_uid: uid }) => uid === given.uid)
      .flatMap(({ applied_money: amount }) => amount ?? []);
    const amount = money.sum(amounts, currency);
    return amount.minor === 0 ? [] : [{ lineId: item.uid, amount }];
  });
  const shared = money.sum(
    shares.map(({ amount }) => amount),
    currency,
  );
  const amount = given.applied_money ?? shared;
  const [only] = shares;
  const { [CODE]: code, ...metadata } = given.metadata ?? {};
  return {
    externalId: given.uid,
    name: given.name ?? '',
    amount,
    ...(given.scope === 'LINE_ITEM' && shares.length === 1 && only ? { lineId: only.lineId } : {}),
    ...(shares.length > 0 && shared.minor === amount.minor ? { shares } : {}),
    ...(code ? { code } : {}),
    texts: texts(given.name, ...Object.values(metadata)),
  };
}

const method = (payment: Payment): string =>
  payment.card_details?.card?.card_brand === 'SQUARE_GIFT_CARD' ? 'GIFT_CARD' : (payment.source_type ?? 'OTHER');

function paid({ tender, payment }: Sale['payments'][number], currency: string): HubPayment[] {
  if (payment) {
    if (payment.status !== 'COMPLETED') return [];
    return [
      {
        externalId: payment.id,
        method: method(payment),
        amount: payment.amount_money,
        ...(payment.tip_money?.minor ? { tip: payment.tip_money } : {}),
        at: payment.created_at,
        texts: texts(payment.note, payment.reference_id, payment.external_details?.source, payment.external_details?.source_id),
      },
    ];
  }
  const captured = tender.card_details?.status;
  if (captured && captured !== 'CAPTURED') return [];
  // A tender's amount holds its tip, a payment's does not.
  const whole = tender.amount_money?.minor ?? 0;
  const tip = tender.tip_money?.minor ?? 0;
  return [
    {
      externalId: tender.payment_id ?? tender.id,
      method: tender.type ?? 'OTHER',
      amount: { minor: whole - tip, currency },
      ...(tip > 0 ? { tip: { minor: tip, currency } } : {}),
      ...(tender.created_at ? { at: tender.created_at } : {}),
      texts: texts(tender.note),
    },
  ];
}

function refunded({ refund, lines, sharesLines }: SaleRefund): HubRefund[] {
  if (refund.status !== 'COMPLETED') return [];
  const known = lines.flatMap(({ source_line_item_uid: lineId, quantity }) => (lineId ? [{ lineId, quantity }] : []));
  return [
    {
      externalId: refund.id,
      amount: refund.amount_money,
      at: refund.updated_at ?? refund.created_at,
      ...(refund.reason ? { reason: refund.reason } : {}),
      ...(known.length > 0 || sharesLines ? { lines: known } : {}),
    },
  ];
}

/**
 * Square completes an order when it is paid AND handed over; one with a pick-up or delivery stays OPEN meanwhile. So an open order whose
 * completed payments cover its total is paid too. With nothing to pay only COMPLETED tells. A draft is a basket.
 */
function state(order: Order, payments: readonly HubPayment[], money: MoneyKit): HubOrder['state'] {
  if (order.state === 'CANCELED') return 'VOIDED';
  if (order.state === 'COMPLETED') return 'PAID';
  const { minor: total, currency } = order.total_money;
  const received = money.sum(
    payments.flatMap(({ amount, tip }) => [amount, ...(tip ? [tip] : [])]),
    currency,
  ).minor;
  return order.state === 'OPEN' && total > 0 && received >= total ? 'PAID' : 'OPEN';
}

const CHANNELS: Readonly<Record<string, NonNullable<HubOrder['channel']>>> = { PICKUP: 'TAKEAWAY', DELIVERY: 'DELIVERY' };

/** Square's order, payments and refunds as the hub's order. Throws RangeError where currencies are mixed. */
export function hubOrder(sale: Sale, money: MoneyKit): HubOrder {
  const { order } = sale;
  const { currency } = order.total_money;
  const payments = sale.payments.flatMap((payment) => paid(payment, currency));
  const first = sale.payments.find(({ payment }) => payment?.team_member_id || payment?.device_details?.device_id)?.payment;
  const channel = CHANNELS[order.fulfillments[0]?.type ?? ''];
  return {
    externalId: order.id,
    revision: { at: revision(sale) },
    ...(order.location_id ? { location: order.location_id } : {}),
    state: state(order, payments, money),
    placedAt: order.created_at,
    ...(order.closed_at ? { closedAt: order.closed_at } : {}),
    currency,
    pricesIncludeTax: !order.taxes.some((tax) => tax.type === 'ADDITIVE'),
    // Lines of quantity 0 are ones that Square drops when the order is completed.
    lines: order.line_items.filter((item) => Number(item.quantity) > 0).map((item) => line(item, order, money)),
    discounts: order.discounts.map((given) => discount(given, order, money)),
    payments,
    refunds: sale.refunds.flatMap(refunded),
    charges: order.service_charges.map((charge) => ({
      externalId: charge.uid,
      name: charge.name || 'Service charge',
      amount: charge.total_money ?? charge.applied_money ?? { minor: 0, currency },
    })),
    total: order.total_money,
    ...(order.total_tip_money?.minor ? { tip: order.total_tip_money } : {}),
    texts: texts(
      order.reference_id,
      order.ticket_name,
      ...Object.values(order.metadata ?? {}),
      ...order.line_items.map((item) => item.note),
    ),
    ...(channel ? { channel } : {}),
    ...(first?.team_member_id ? { staff: first.team_member_id } : {}),
    ...(first?.device_details?.device_id ? { till: first.device_details.device_id } : {}),
    ...(order.customer_id ? { customer: { externalId: order.customer_id } } : {}),
  };
}
