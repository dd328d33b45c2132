import type { Plain } from '@valehub/connector-kit';

/** A dinner in Sevilla: two dishes and water, a voucher of 10 % over all, paid by card with a tip. Invented for these tests. */
const eur = (amount: number) => ({ amount, currency: 'EUR' });

export const MERCHANT = 'MERCHANT-SEVILLA';
export const LOCATION = 'LOC-SEVILLA';

export const order = {
  id: 'ORDER-1',
  location_id: LOCATION,
  reference_id: 'table-7',
  state: 'COMPLETED',
  version: 4,
  created_at: '2026-03-06T19:02:11.500Z',
  updated_at: '2026-03-06T20:15:00.250Z',
  closed_at: '2026-03-06T20:15:00.250Z',
  customer_id: 'CUSTOMER-1',
  ticket_name: 'Mesa 7',
  metadata: { waiter_note: 'window seat' },
  line_items: [
    {
      uid: 'line-rice',
      name: 'Arroz',
      variation_name: 'con marisco',
      catalog_object_id: 'VARIATION-RICE',
      quantity: '2',
      item_type: 'ITEM',
      base_price_money: eur(1800),
      variation_total_price_money: eur(3600),
      gross_sales_money: eur(4000),
      modifiers: [{ uid: 'mod-1', name: 'Bogavante', base_price_money: eur(200), total_price_money: eur(400) }],
      applied_taxes: [{ uid: 'at-1', tax_uid: 'vat-10' }],
      applied_discounts: [{ uid: 'ad-1', discount_uid: 'voucher', applied_money: eur(400) }],
      total_discount_money: eur(400),
      total_money: eur(3600),
    },
    {
      uid: 'line-ham',
      name: 'Jamón',
      note: 'finely cut',
      quantity: '0.125',
      quantity_unit: { precision: 3 },
      base_price_money: eur(12000),
      variation_total_price_money: eur(1500),
      gross_sales_money: eur(1500),
      applied_taxes: [{ uid: 'at-2', tax_uid: 'vat-10' }],
      applied_discounts: [
        { uid: 'ad-2', discount_uid: 'voucher', applied_money: eur(150) },
        { uid: 'ad-3', discount_uid: 'regular', applied_money: eur(100) },
      ],
      total_discount_money: eur(250),
      total_money: eur(1250),
    },
  ],
  taxes: [{ uid: 'vat-10', name: 'IVA', type: 'INCLUSIVE', percentage: '10.0', scope: 'ORDER' }],
  discounts: [
    {
      uid: 'voucher',
      name: 'Vale DV-4711',
      type: 'FIXED_PERCENTAGE',
      percentage: '10',
      scope: 'ORDER',
      applied_money: eur(550),
      metadata: { code: 'DV4711' },
    },
    { uid: 'regular', name: 'Regular guest', type: 'FIXED_AMOUNT', amount_money: eur(100), scope: 'LINE_ITEM', applied_money: eur(100) },
  ],
  service_charges: [{ uid: 'terrace', name: 'Terraza', applied_money: eur(150), total_money: eur(150) }],
  tenders: [{ id: 'PAYMENT-1', payment_id: 'PAYMENT-1', type: 'CARD', amount_money: eur(5300), tip_money: eur(300) }],
  total_money: eur(5300),
  total_tip_money: eur(300),
};

export const payment = {
  id: 'PAYMENT-1',
  order_id: 'ORDER-1',
  location_id: LOCATION,
  status: 'COMPLETED',
  source_type: 'CARD',
  amount_money: eur(5000),
  tip_money: eur(300),
  total_money: eur(5300),
  created_at: '2026-03-06T20:14:58Z',
  updated_at: '2026-03-06T20:15:01.100Z',
  team_member_id: 'WAITER-3',
  note: 'paid at the terrace',
  device_details: { device_id: 'TERMINAL-2' },
  card_details: { card: { card_brand: 'VISA' } },
};

/** The rice comes back, one of two plates: Square makes an order of it, and the refund carries that order's id. */
export const returnOrder = {
  id: 'RETURN-1',
  location_id: LOCATION,
  state: 'COMPLETED',
  created_at: '2026-03-06T20:40:00Z',
  updated_at: '2026-03-06T20:40:01Z',
  returns: [
    {
      source_order_id: 'ORDER-1',
      return_line_items: [{ uid: 'r-1', source_line_item_uid: 'line-rice', quantity: '1', gross_return_money: eur(2000) }],
    },
  ],
  total_money: eur(0),
};

export const refund = {
  id: 'REFUND-1',
  status: 'COMPLETED',
  order_id: 'RETURN-1',
  payment_id: 'PAYMENT-1',
  location_id: LOCATION,
  amount_money: eur(1800),
  reason: 'cold',
  created_at: '2026-03-06T20:40:00Z',
  updated_at: '2026-03-06T20:40:05Z',
};

export const refundedPayment = { ...payment, refund_ids: ['REFUND-1'], refunded_money: eur(1800), updated_at: '2026-03-06T20:40:06Z' };

const envelope = (type: string, id: string, object: Record<string, Plain>) => ({
  merchant_id: MERCHANT,
  type,
  event_id: `event-${type}-${id}`,
  created_at: '2026-03-06T20:15:02.000Z',
  data: { type: type.split('.')[0] ?? '', id, object },
});

export const orderEvent = (type: 'order.created' | 'order.updated' | 'order.fulfillment.updated', orderId = 'ORDER-1') =>
  envelope(type, orderId, {
    [type.replaceAll('.', '_')]: { order_id: orderId, version: 4, location_id: LOCATION, state: 'OPEN', created_at: order.created_at },
  });

export const paymentEvent = (type: 'payment.created' | 'payment.updated') => envelope(type, payment.id, { payment });

export const refundEvent = (type: 'refund.created' | 'refund.updated') => envelope(type, refund.id, { refund });

export const customer = {
  id: 'CUSTOMER-1',
  version: 3,
  created_at: '2026-01-10T10:00:00Z',
  updated_at: '2026-03-06T20:15:00Z',
  given_name: 'Ana',
  family_name: 'Pérez Gil',
  email_address: 'ana@guests.example',
  phone_number: '+34600000001',
  birthday: '0000-09-21',
  group_ids: ['GROUP-REGULARS'],
  preferences: { email_unsubscribed: true },
};

export const customerEvent = (type: 'customer.created' | 'customer.updated' | 'customer.deleted') =>
  envelope(type, customer.id, { customer: { id: customer.id } });

export const catalogEvent = () => envelope('catalog.version.updated', '', { catalog_version: { updated_at: '2026-03-06T20:15:00.000Z' } });

export const loyaltyEvent = () =>
  envelope('loyalty.event.created', 'LOYALTY-1', {
    loyalty_event: {
      id: 'LOYALTY-1',
      type: 'REDEEM_REWARD',
      created_at: '2026-03-06T20:15:00Z',
      location_id: LOCATION,
      loyalty_account_id: 'ACCOUNT-1',
      redeem_reward: { loyalty_program_id: 'PROGRAM-1', reward_id: 'REWARD-1', order_id: 'ORDER-1' },
    },
  });

export const revocationEvent = () =>
  envelope('oauth.authorization.revoked', 'REVOCATION-1', {
    revocation: { revoked_at: '2026-03-06T20:15:00.000Z', revoker_type: 'MERCHANT' },
  });

export const catalogDiscount = {
  type: 'DISCOUNT',
  id: 'DISCOUNT-1',
  version: 1_772_830_000_000,
  updated_at: '2026-03-06T20:15:00Z',
  is_deleted: false,
  discount_data: { name: 'Primavera FLOR10', discount_type: 'FIXED_PERCENTAGE', percentage: '10' },
};
