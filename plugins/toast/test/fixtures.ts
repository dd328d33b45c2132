import { type CheckDraft, type OrderDraft, orderOf, type ToastOrder } from './order.ts';

/** A lunch in a restaurant of a group: two dishes, one with a discount of its own, a voucher over all, a card with a tip. */
const GROUP = 'group-pepa';
export const RESTAURANT = 'restaurant-one';
export const SECOND = 'restaurant-two';
export const CODE = 'DV4711ABCDE';

export const check: CheckDraft = {
  guid: 'check-1',
  taxPoints: 625,
  lines: [
    { guid: 'sel-crab', name: 'Crab Cakes', cents: 2198, quantity: 2, plu: '4711' },
    { guid: 'sel-soup', name: 'Soup', cents: 950, discount: { guid: 'ad-regular', name: 'Regular guest', cents: 100 } },
  ],
  discounts: [{ guid: 'ad-voucher', name: 'Voucher', cents: 525, code: CODE }],
  charges: [{ guid: 'sc-room', name: 'Private room', cents: 300 }],
  payments: [{ guid: 'pay-card', cents: 5290, tipCents: 800 }],
  customer: { guid: 'guest-1', phone: '333-555-5555', email: 'ana@guests.example' },
};

export const draft: OrderDraft = { guid: 'order-1', checks: [check] };
export const order = orderOf(draft);

/** The order with other members of its only check. */
export const withCheck = (change: Partial<CheckDraft>, more: Partial<OrderDraft> = {}): ToastOrder =>
  orderOf({ ...draft, ...more, checks: [{ ...check, ...change }] });

export const event = (of: ToastOrder = order, guid = 'event-1', type = 'order_updated') => ({
  timestamp: '2026-03-06T19:30:00.000Z',
  eventCategory: type,
  eventType: type,
  guid,
  details: { restaurantGuid: RESTAURANT, order: of },
});

export const restaurant = (guid = RESTAURANT, name = 'Casa Pepa') => ({
  guid,
  general: {
    name,
    locationName: 'Harbour',
    timeZone: 'America/Los_Angeles',
    closeoutHour: 4,
    currencyCode: 'USD',
    managementGroupGuid: GROUP,
    archived: false,
  },
  location: { country: 'US', phoneCountryCode: '1' },
});
