import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Plain } from '@valehub/connector-kit';
import { runFind } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import type { Fault } from './stand-in.ts';
import { eur, type House, open, perform, readOrder } from './support.ts';

const dish = { number: 1, name: 'Arroz', price: 1800 };
let house: House;
let ref: string;
beforeEach(async () => {
  house = await open();
  ref = house.simphony.addOrder({ dishes: [dish] });
});
afterEach(() => house.close());

const input = (more: Readonly<Record<string, Plain>> = {}): Plain => ({
  orderId: ref,
  code: 'DV-4711',
  name: 'Primavera',
  kind: 'ORDER_DISCOUNT',
  amount: eur(180),
  ...more,
});
const apply = (more?: Readonly<Record<string, Plain>>, key?: string) => perform(house, 'orders.apply', input(more), key);
const find = (more?: Readonly<Record<string, Plain>>, key = 'key-of-job-1') =>
  runFind(connector, house.ctx('sev01/42'), 'orders.apply', [{ id: 'job-1', key, input: input(more) }]);
const rounds = () => house.simphony.requests.filter(({ path }) => path.endsWith('/round'));

describe('a voucher on an open check', () => {
  test('is a round with the discount, its code in the reference, and a mark to know it by', async () => {
    expect(await apply()).toEqual({ job: 'job-1', done: { orderId: ref, id: 'key-of-job-1' } });
    const [round] = rounds();
    expect(round?.json()).toEqual({
      header: {
        orgShortName: 'casapepa',
        locRef: 'sev01',
        rvcRef: 42,
        checkRef: ref,
        idempotencyId: expect.stringMatching(/^[0-9a-f]{12}4[0-9a-f]{3}a[0-9a-f]{15}$/),
        checkEmployeeRef: 900_123,
        orderTypeRef: 1,
      },
      discounts: [
        {
          discountId: 80,
          total: 1.8,
          referenceText: 'DV-4711',
          extensions: [
            {
              displayName: 'voucher',
              appName: 'valehub',
              dataName: 'voucher',
              dataType: 'string',
              data: 'DV-4711',
              options: ['includeInApiResponse'],
            },
            {
              displayName: 'job',
              appName: 'valehub',
              dataName: 'job',
              dataType: 'string',
              data: 'key-of-job-1',
              options: ['includeInApiResponse'],
            },
          ],
        },
      ],
    });
    expect(round?.headers).toMatchObject({ 'simphony-features': 'detect-duplicate-request', 'simphony-rvcref': '42' });
    expect(await readOrder(house, ref)).toMatchObject({ total: eur(1620), discounts: [{ code: 'DV-4711', amount: eur(180) }] });
  });

  test('as a part payment is a tender, and closes no round', async () => {
    const till = await open({ serviceTotal: 900 });
    const check = till.simphony.addOrder({ dishes: [dish] });
    await perform(till, 'orders.apply', { ...(input() as object), orderId: check, kind: 'TENDER', amount: eur(1000) });
    expect(till.simphony.requests.at(-1)?.json()).toMatchObject({ tenders: [{ tenderId: 210, total: 10, referenceText: 'DV-4711' }] });
    expect(await readOrder(till, check)).toMatchObject({ state: 'OPEN', payments: [{ amount: eur(1000), code: 'DV-4711' }] });
    await till.close();
  });

  test('closes its round by a service total and in the name of an employee, where the till wants it', async () => {
    const till = await open({ serviceTotal: 900, employee: 77 });
    const check = till.simphony.addOrder({ dishes: [dish] });
    await perform(till, 'orders.apply', { ...(input() as object), orderId: check });
    expect(till.simphony.requests.at(-1)?.json()).toMatchObject({ header: { checkEmployeeRef: 77 }, tenders: [{ tenderId: 900 }] });
    await till.close();
  });

  test('for single dishes stands over the whole check, with the amount that was decided', async () => {
    await apply({ kind: 'LINE_DISCOUNT', lines: [{ lineId: '1-1', amount: eur(180) }] });
    expect(await readOrder(house, ref)).toMatchObject({ total: eur(1620) });
  });

  test('is put on once, asked as often as you like', async () => {
    await apply();
    expect(await apply()).toEqual({ job: 'job-1', done: { orderId: ref, id: 'key-of-job-1' } });
    house.wait(600_000);
    await apply();
    expect(rounds()).toHaveLength(1);
    await apply({ code: 'DV-4712' }, 'key-of-job-2');
    expect(await readOrder(house, ref)).toMatchObject({ total: eur(1440) });
  });

  test('whose answer was lost is found again by its mark', async () => {
    expect(await find()).toEqual({ outcomes: [{ job: 'job-1', absent: true }] });
    let asked = 0;
    const flaky = await open({}, { fault: ({ path }) => (path.endsWith('/round') && ++asked === 1 ? 'LATE' : undefined) });
    const check = flaky.simphony.addOrder({ dishes: [dish] });
    const lost = await perform(flaky, 'orders.apply', { ...(input() as object), orderId: check });
    expect(lost).toMatchObject({ failed: { code: 'PLATFORM_DOWN', unknown: true } });
    const found = await runFind(connector, flaky.ctx('sev01/42'), 'orders.apply', [
      { id: 'job-1', key: 'key-of-job-1', input: { ...(input() as object), orderId: check } },
    ]);
    expect(found).toEqual({ outcomes: [{ job: 'job-1', done: { orderId: check, id: 'key-of-job-1' } }] });
    await flaky.close();
  });

  test.each<[string, () => Readonly<Record<string, Plain>>, object]>([
    [
      'is paid',
      () => {
        house.simphony.pay(ref, { number: 200, name: 'Efectivo', amount: 1800 });
        return {};
      },
      { code: 'BAD_INPUT', path: 'orderId' },
    ],
    ['nobody has', () => ({ orderId: 'check-9' }), { code: 'NOT_FOUND', path: 'orderId' }],
    ['would lose the end of the code', () => ({ code: 'DV-0123-4567-89AB-CDEF' }), { code: 'BAD_INPUT', path: 'code' }],
  ])('is refused where the check %s', async (_how, given, failed) => {
    expect(await apply(given())).toMatchObject({ failed });
    expect(rounds()).toEqual([]);
  });

  test('is refused where nobody has said which discount or tender it is', async () => {
    const bare = await open({ apiBaseUrl: house.simphony.url, voucherDiscount: null, voucherTender: null });
    expect(await perform(bare, 'orders.apply', input())).toMatchObject({
      failed: { code: 'BAD_INPUT', message: expect.stringContaining('"Voucher discount"'), path: 'settings.voucherDiscount' },
    });
    expect(await perform(bare, 'orders.apply', input({ kind: 'TENDER' }))).toMatchObject({ failed: { path: 'settings.voucherTender' } });
    await bare.close();
  });

  test.each<[string, Fault, object]>([
    [
      'is open at a till',
      { status: 400, body: { posDetails: [{ code: 'check_open', message: 'The check is open on workstation 3.' }] } },
      { code: 'CONFLICT' },
    ],
    [
      'is being asked for the same already',
      { status: 400, body: { posDetails: [{ code: 'duplicate_request', message: 'In progress.' }] } },
      {
        code: 'CONFLICT',
      },
    ],
    ['takes too long', { status: 521 }, { code: 'TIMEOUT', unknown: true }],
    [
      'refuses the discount',
      { status: 400, body: { posDetails: [{ code: 'discount', message: 'Not allowed now.' }] } },
      {
        code: 'BAD_INPUT',
        message: 'Simphony answered 400: discount, Not allowed now.',
      },
    ],
  ])('fails in the till’s words where it %s', async (_how, fault, failed) => {
    const till = await open({}, { fault: ({ path }) => (path.endsWith('/round') ? fault : undefined) });
    const check = till.simphony.addOrder({ dishes: [dish] });
    expect(await perform(till, 'orders.apply', { ...(input() as object), orderId: check })).toMatchObject({ failed });
    await till.close();
  });
});

describe('taking it off again', () => {
  const off = () => perform(house, 'orders.remove', { orderId: ref, id: 'key-of-job-1' });

  test('is nothing to do where it never was on the check', async () => {
    expect(await off()).toEqual({ job: 'job-1', done: null });
  });

  test('is done where the staff have voided it at the till', async () => {
    await apply();
    house.simphony.discount(ref, { number: 80, name: 'Voucher', amount: -180 });
    expect(await readOrder(house, ref)).toMatchObject({ total: eur(1800), discounts: [] });
    expect(await off()).toEqual({ job: 'job-1', done: null });
  });

  test('is for the staff: Simphony lets nobody do it from outside', async () => {
    await apply();
    expect(await off()).toMatchObject({ failed: { code: 'NOT_SUPPORTED', message: expect.stringContaining('void it at the till') } });
  });
});
