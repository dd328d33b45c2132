import type { Plain } from '@valehub/connector-kit';
import type { ConnectorSamples, StandInReply } from '@valehub/connector-kit/testing';
import { CODE, check, draft, event, order, RESTAURANT, restaurant, withCheck } from './fixtures.ts';
import { orderOf } from './order.ts';

const orderReply: StandInReply = { path: '/orders/v2/orders/order-1', body: order };
const open = withCheck({ status: 'OPEN', payments: [], discounts: [] });
const applied = withCheck({
  status: 'OPEN',
  payments: [],
  discounts: [{ guid: 'ad-new', name: 'Voucher', cents: 525, code: CODE, discount: 'discount-open' }],
});

const headers = (type: string, guid = 'transaction-1') => ({
  'Toast-Transaction-Type': type,
  'Toast-Transaction-GUID': guid,
  'Toast-Restaurant-External-ID': RESTAURANT,
});

/** The check at the till, before and after the reward was put on it. */
const bare = { ...check, status: 'OPEN', payments: [], discounts: [] } as const;
const atTill = (discounts: typeof check.discounts = []): Plain =>
  (orderOf({ ...draft, checks: [{ ...bare, discounts: discounts ?? [] }] })['checks'] as readonly Plain[])[0] ?? null;
const rewarded = atTill([{ guid: 'ad-reward', name: 'Diez por ciento', cents: 525, reward: CODE, processingState: 'PENDING_APPLIED' }]);
const redemption = { identifier: CODE, appliedDiscountGuid: 'ad-reward', selectionGuid: null, amount: 5.25, quantity: 1 };
const codes = { [CODE]: { minor: 525 } };
const found = { identifier: CODE, appliedDiscountGuid: 'ad-reward', selectionGuid: null, quantity: 1, amount: 5.25 };

const asked = (redemptions: readonly Plain[], of: Plain) => ({ loyaltyIdentifier: CODE, orderGuid: 'order-1', check: of, redemptions });

export const samples: ConnectorSamples = {
  settings: {
    clientId: 'client-invented',
    clientSecret: 'client-secret-invented',
    restaurantGuid: RESTAURANT,
    locations: { [RESTAURANT]: 'store-1' },
    checkDiscounts: { [RESTAURANT]: 'discount-open' },
  },
  currency: 'USD',
  location: RESTAURANT,
  facts: { group: 'group-pepa', currency: 'USD', phonePrefix: '1' },
  identify: { replies: [{ path: `/restaurants/v1/restaurants/${RESTAURANT}`, body: restaurant() }], account: 'group-pepa' },
  auth: {
    obtain: {
      replies: [
        {
          method: 'POST',
          path: '/authentication/v1/authentication/login',
          body: { token: { tokenType: 'Bearer', scope: null, expiresIn: 19168, accessToken: 'token-invented' }, status: 'SUCCESS' },
        },
      ],
      token: 'token-invented',
    },
    dead: [{ status: 401, body: { status: 401, code: 10010, message: 'Invalid client credentials', requestId: 'r-1', errors: [] } }],
  },
  deliveries: [
    { topic: 'order_updated', body: event(), notices: 1, facts: ['order'] },
    { topic: 'channel_order_updated', body: event(order, 'event-2', 'channel_order_updated'), notices: 1, facts: ['order'] },
  ],
  fetches: [{ resource: 'order', ids: ['order-1'], replies: [orderReply], facts: ['order'] }],
  feeds: [
    {
      feed: 'changed',
      at: { from: '2026-03-06T19:00:00.000Z', to: '2026-03-06T20:00:00.000Z' },
      replies: [
        { path: '/orders/v2/ordersBulk', body: Array.from({ length: 25 }, (_, index) => orderOf({ ...draft, guid: `order-${index}` })) },
        { path: '/orders/v2/ordersBulk', body: [order] },
      ],
      facts: Array.from({ length: 26 }, () => 'order' as const),
    },
  ],
  choices: [
    {
      name: 'checkDiscounts',
      replies: [
        {
          path: '/config/v2/discounts',
          headers: { 'toast-next-page-token': 'next' },
          body: [
            { guid: 'discount-open', entityType: 'Discount', name: 'Voucher', active: true, type: 'OPEN_FIXED', selectionType: 'CHECK' },
            { guid: 'discount-off', entityType: 'Discount', name: 'Old', active: false, type: 'OPEN_FIXED', selectionType: 'CHECK' },
          ],
        },
        {
          path: '/config/v2/discounts',
          body: [
            { guid: 'discount-item', entityType: 'Discount', name: 'Comp', active: true, type: 'PERCENT', selectionType: 'ITEM' },
            { guid: 'discount-two', entityType: 'Discount', name: 'Other', active: true, type: 'OPEN_FIXED', selectionType: 'CHECK' },
          ],
        },
      ],
      values: ['discount-open', 'discount-two'],
    },
  ],
  verbs: [
    {
      verb: 'orders.apply',
      location: RESTAURANT,
      inputs: [
        { orderId: 'order-1', code: CODE, name: 'Diez por ciento', kind: 'ORDER_DISCOUNT', amount: { minor: 525, currency: 'USD' } },
      ],
      replies: [
        { method: 'GET', path: '/orders/v2/orders/order-1', body: open },
        {
          method: 'POST',
          path: '/orders/v2/applicableDiscounts',
          body: [
            {
              discount: { guid: 'discount-open', entityType: 'Discount' },
              applicableChecks: [{ guid: null, entityType: 'CHECK', externalId: null }],
              applicableSelections: [],
            },
          ],
        },
        { method: 'POST', path: '/orders/v2/orders/order-1/checks/check-1/appliedDiscounts', body: applied },
      ],
      done: [{ orderId: 'order-1', id: 'ad-new' }],
    },
    {
      verb: 'orders.remove',
      location: RESTAURANT,
      inputs: [{ orderId: 'order-1', id: 'ad-new' }],
      replies: [{ method: 'GET', path: '/orders/v2/orders/order-1', body: open }],
      done: [null],
    },
  ],
  questions: [
    {
      question: 'loyalty',
      headers: headers('LOYALTY_INQUIRE'),
      body: { toastTransactionType: 'LOYALTY_INQUIRE', checkTransactionInformation: asked([], atTill()) },
      codes,
      answer: {
        httpStatus: 200,
        transactionStatus: 'ACCEPT',
        checkResponse: {
          accountInfo: { identifier: CODE },
          offers: [{ identifier: CODE, name: 'Diez por ciento', applicable: true, selectionType: 'CHECK', amount: 5.25, quantity: 1 }],
          rejectedRedemptions: [],
          appliedRedemptions: [],
        },
      },
      asked: ['validate'],
    },
    {
      question: 'loyalty',
      headers: headers('LOYALTY_REDEEM', 'transaction-2'),
      body: { toastTransactionType: 'LOYALTY_REDEEM', checkTransactionInformation: asked([redemption], rewarded) },
      codes,
      answer: {
        httpStatus: 200,
        transactionStatus: 'ACCEPT',
        checkResponse: { accountInfo: { identifier: CODE }, offers: [], rejectedRedemptions: [], appliedRedemptions: [found] },
      },
      asked: ['redeem'],
    },
    {
      question: 'tender',
      headers: headers('TENDER_SEARCH_CONFIG', 'transaction-3'),
      body: '',
      answer: {
        httpStatus: 200,
        transactionStatus: 'ACCEPT',
        searchConfigResponse: {
          searchTermNames: [{ key: 'Voucher code', value: 'TEXT', tenderPropertyType: 'OTHER', maxLength: 64 }],
        },
      },
      asked: [],
    },
    {
      question: 'tender',
      headers: headers('TENDER_REDEEM', 'transaction-4'),
      body: {
        redeemTransactionInformation: {
          tenderIdentifier: CODE,
          orderGuid: 'order-1',
          check: atTill(),
          tenderPaymentsApplied: [{ name: 'Diez por ciento', identifier: CODE, type: 'STORED_VALUE', amount: 20, tipAmount: 0 }],
          tenderDiscountsApplied: [],
        },
      },
      codes: { [CODE]: { minor: 2000, kind: 'TENDER' } },
      answer: { httpStatus: 200, transactionStatus: 'ACCEPT' },
      asked: ['redeem'],
    },
  ],
};
