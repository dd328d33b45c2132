import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Plain } from '@valehub/connector-kit';
import { runFind, runNamedVerb } from '@valehub/connector-kit/testing';
import nock from 'nock';
import connector from '../src/index.ts';
import { CODE, check, draft, RESTAURANT, SECOND, withCheck } from './fixtures.ts';
import { orderOf, type ToastOrder } from './order.ts';
import { closeTransport, ctxOf, usd } from './support.ts';

const API = 'https://ws-api.toasttab.com';
const DISCOUNT = 'discount-open';
const settings = { checkDiscounts: { [RESTAURANT]: DISCOUNT } };
const toast = () => nock(API, { reqheaders: { 'toast-restaurant-external-id': RESTAURANT } });
const open = withCheck({ status: 'OPEN', payments: [], discounts: [] });
const given = withCheck({
  status: 'OPEN',
  payments: [],
  discounts: [{ guid: 'ad-new', name: 'Voucher', cents: 525, code: CODE, discount: DISCOUNT }],
});
const fits = [{ discount: { guid: DISCOUNT }, applicableChecks: [{ guid: 'check-1' }], applicableSelections: [] }];
const input = { orderId: 'order-1', code: CODE, name: 'Diez por ciento', kind: 'ORDER_DISCOUNT', amount: usd(525) };

const job = (more: Plain = {}, location: string | undefined = RESTAURANT) => [
  { id: 'j-1', key: 'key-of-the-job-1', ...(location ? { location } : {}), input: { ...input, ...(more as object) } as Plain },
];
async function apply(more: Plain = {}, given_: object = settings, location?: string) {
  const step = await runNamedVerb(connector, ctxOf({ settings: given_ as never }), 'orders.apply', job(more, location), undefined);
  return step.outcomes?.[0];
}

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});
afterAll(() => {
  nock.restore();
  closeTransport();
});

describe('a voucher on an open check', () => {
  test('is asked for, then taken off by the discount that staff made, with its amount and its code', async () => {
    toast().get('/orders/v2/orders/order-1').reply(200, open);
    toast()
      .post('/orders/v2/applicableDiscounts', (body) => {
        expect(body).toEqual({ order: open });
        return true;
      })
      .reply(200, fits);
    toast()
      .post(
        '/orders/v2/orders/order-1/checks/check-1/appliedDiscounts',
        (body) => JSON.stringify(body) === JSON.stringify([{ discount: { guid: DISCOUNT }, discountAmount: 5.25, appliedPromoCode: CODE }]),
      )
      .reply(200, given);
    expect(await apply()).toEqual({ job: 'j-1', done: { orderId: 'order-1', id: 'ad-new' } });
  });

  test('is not taken off twice', async () => {
    toast().get('/orders/v2/orders/order-1').reply(200, given);
    expect(await apply()).toEqual({ job: 'j-1', done: { orderId: 'order-1', id: 'ad-new' } });
  });

  test('after an answer that never came is looked for', async () => {
    const find = async (order: ToastOrder) => {
      toast().get('/orders/v2/orders/order-1').reply(200, order);
      return (await runFind(connector, ctxOf({ settings }), 'orders.apply', job())).outcomes?.[0];
    };
    expect(await find(given)).toEqual({ job: 'j-1', done: { orderId: 'order-1', id: 'ad-new' } });
    expect(await find(open)).toEqual({ job: 'j-1', absent: true });
  });

  test('whose answer is lost may have been taken off', async () => {
    toast().get('/orders/v2/orders/order-1').reply(200, open);
    toast().post('/orders/v2/applicableDiscounts').reply(200, fits);
    toast().post('/orders/v2/orders/order-1/checks/check-1/appliedDiscounts').replyWithError('socket hang up');
    expect(await apply()).toMatchObject({ failed: { code: 'PLATFORM_DOWN', unknown: true } });
  });

  test('that Toast does not offer is refused with a word on why, and nothing is written', async () => {
    toast().get('/orders/v2/orders/order-1').reply(200, open);
    toast()
      .post('/orders/v2/applicableDiscounts')
      .reply(200, [{ discount: { guid: 'another' }, applicableChecks: [{ guid: null }] }]);
    expect(await apply()).toMatchObject({ failed: { code: 'BAD_INPUT', message: expect.stringContaining('does not offer the discount') } });
  });

  test('without the right to discounts is told in Toast’s words', async () => {
    toast().get('/orders/v2/orders/order-1').reply(200, open);
    toast().post('/orders/v2/applicableDiscounts').reply(200, fits);
    toast()
      .post(/appliedDiscounts/)
      .reply(403, { status: 403, message: 'Missing scope orders.discounts:write' });
    expect(await apply()).toMatchObject({
      failed: { code: 'FORBIDDEN_SCOPE', message: 'Toast answered 403: Missing scope orders.discounts:write' },
    });
  });

  test('of an order with several open checks needs its lines, and finds its check by them', async () => {
    const bare = { ...check, status: 'OPEN', payments: [], discounts: [] } as const;
    const two = orderOf({
      ...draft,
      checks: [bare, { ...bare, guid: 'check-2', lines: [{ guid: 'sel-wine', name: 'Wine', cents: 900 }] }],
    });
    toast().get('/orders/v2/orders/order-1').twice().reply(200, two);
    expect(await apply()).toMatchObject({ failed: { code: 'BAD_INPUT', message: expect.stringContaining('several open checks') } });
    toast()
      .post('/orders/v2/applicableDiscounts')
      .reply(200, [{ discount: { guid: DISCOUNT }, applicableChecks: [{ guid: null }] }]);
    toast().post('/orders/v2/orders/order-1/checks/check-2/appliedDiscounts').reply(200, given);
    const lines = [{ lineId: 'sel-wine', amount: usd(525) }];
    expect(await apply({ kind: 'LINE_DISCOUNT', lines })).toMatchObject({ done: { id: 'ad-new' } });
  });

  test('of a paid check comes too late', async () => {
    toast()
      .get('/orders/v2/orders/order-1')
      .reply(200, withCheck({ discounts: [] }));
    expect(await apply()).toMatchObject({ failed: { code: 'BAD_INPUT', message: expect.stringContaining('open check only') } });
  });

  test('is found in whatever restaurant it is, where nobody says which', async () => {
    const at = (location: string) => nock(API, { reqheaders: { 'toast-restaurant-external-id': location } });
    at(RESTAURANT).get('/orders/v2/orders/order-1').reply(404, {});
    at(SECOND).get('/orders/v2/orders/order-1').reply(200, given);
    const step = await runNamedVerb(
      connector,
      ctxOf({ settings: { checkDiscounts: { [SECOND]: DISCOUNT } } }),
      'orders.apply',
      [{ id: 'j-1', key: 'key-of-the-job-1', input }],
      undefined,
    );
    expect(step.outcomes).toEqual([{ job: 'j-1', done: { orderId: 'order-1', id: 'ad-new' } }]);
  });
});

describe('what Toast has no way for is refused with the reason', () => {
  test('a voucher that pays', async () => {
    expect(await apply({ kind: 'TENDER' })).toMatchObject({
      failed: { code: 'NOT_SUPPORTED', message: expect.stringContaining('tender question') },
    });
  });

  test('a restaurant for which nobody has named a discount', async () => {
    toast().get('/orders/v2/orders/order-1').reply(200, open);
    expect(await apply({}, {})).toMatchObject({ failed: { code: 'NOT_SUPPORTED', message: expect.stringContaining('checkDiscounts') } });
    expect(connector.narrow?.(ctxOf())).toEqual({ 'orders.apply': 'NOT_POSSIBLE' });
    expect(connector.narrow?.(ctxOf({ settings }))).toEqual({});
  });

  test('taking a discount off again, unless it is off already', async () => {
    const remove = async (order: ToastOrder) => {
      toast().get('/orders/v2/orders/order-1').reply(200, order);
      const jobs = [{ id: 'j-1', key: 'key-of-the-job-1', location: RESTAURANT, input: { orderId: 'order-1', id: 'ad-new' } }];
      return (await runNamedVerb(connector, ctxOf({ settings }), 'orders.remove', jobs, undefined)).outcomes?.[0];
    };
    expect(await remove(given)).toMatchObject({ failed: { code: 'NOT_SUPPORTED', message: expect.stringContaining('at the till') } });
    expect(await remove(open)).toEqual({ job: 'j-1', done: null });
    expect(await remove({ ...given, voided: true })).toEqual({ job: 'j-1', done: null });
  });

  test('publishing', async () => {
    const step = await runNamedVerb(connector, ctxOf(), 'vouchers.publish', [{ id: 'j-1', key: 'key-of-the-job-1', input: {} }], undefined);
    expect(step.outcomes).toMatchObject([{ failed: { code: 'NOT_SUPPORTED' } }]);
    expect(connector.capabilities['lifecycle.publish']).toBe('NOT_POSSIBLE');
  });
});
