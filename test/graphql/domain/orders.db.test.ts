import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { closeAgreed } from '../../helpers/agree.ts';
import { createStore } from '../stage.ts';
import { amounts, type Desk, type Input, limit, openDesk, reasons } from './desk.ts';

jest.setTimeout(60_000);

let desk: Desk;
let till: string;
let shopper: string;
beforeAll(async () => {
  desk = await openDesk();
  till = await desk.hub.keyFor('TILL', { storeIds: [desk.storeId] });
  shopper = await desk.hub.keyFor('PUBLIC');
});
afterAll(() => closeAgreed({ database: desk.hub.database, hub: desk.hub.hub, close: () => desk.hub.stop() }));

const inSeconds = (seconds: number): string => new Date(desk.clock.now() + seconds * 1_000).toISOString();
const DAY = 86_400;

describe('when an order is placed', () => {
  test('decides its business day; when it is redeemed is the hub’s clock', async () => {
    const code = await desk.code();
    const order = desk.order({ placedAt: '2026-05-08T03:30:00+02:00' });
    const { redemptions } = await desk.redeem([code], order);
    expect(redemptions[0].businessDay).toBe('2026-05-07');
    const { voucher } = await desk.hub.ask(
      'query ($code: String) { voucher(code: $code) { redemptions { edges { node { redeemedAt } } } } }',
      {
        code,
      },
    );
    expect(voucher.redemptions.edges[0].node.redeemedAt).toBe(inSeconds(0));
    expect((await desk.record(order)).businessDay).toBe('2026-05-07');
  });

  test('decides the period that a limit counts in', async () => {
    const word = await desk.word({ limits: [limit('STORE', 1, { period: 'BUSINESS_DAY' })] });
    await desk.redeem([word], desk.order());
    expect(reasons(await desk.redeem([word], desk.order()))).toEqual(['LIMIT_STORE']);
    expect(amounts(await desk.redeem([word], desk.order({ placedAt: '2026-05-08T03:30:00+02:00' })))).toEqual([200]);
  });

  test('left out is now', async () => {
    expect((await desk.record(desk.order())).businessDay).toBe('2026-05-08');
  });

  test('a till or the public may say 24 hours back and 5 minutes ahead, others anything', async () => {
    const code = await desk.word();
    for (const seconds of [-DAY, 300]) {
      const order = desk.order({ placedAt: inSeconds(seconds) });
      expect(amounts(await desk.redeem([code], order, {}, { key: till }))).toEqual([200]);
      const next = { ...order, externalId: `${order['externalId']} again` };
      expect((await desk.validate([code], next, {}, { key: shopper })).outcomes[0].__typename).toBe('Applicable');
    }
    for (const seconds of [-DAY - 1, 301]) {
      const order = desk.order({ placedAt: inSeconds(seconds) });
      expect(await desk.faultsOf.redeem([code], order, {}, { key: till })).toEqual(['BAD_USER_INPUT input.order.placedAt']);
      expect(await desk.faultsOf.record(order, { key: till })).toEqual(['BAD_USER_INPUT input.placedAt']);
      expect(await desk.faultsOf.validate([code], order, { key: shopper })).toEqual(['BAD_USER_INPUT input.order.placedAt']);
      expect(amounts(await desk.redeem([code], order))).toEqual([200]);
    }
  });

  test.each([
    ['Europe/Madrid', '04:00', '2026-03-29T03:59:00+02:00', '2026-03-28'],
    ['Atlantic/Canary', '04:00', '2026-05-08T03:30:00+01:00', '2026-05-07'],
    ['America/Mexico_City', '06:00', '2026-05-08T05:59:00-06:00', '2026-05-07'],
    ['Europe/Madrid', '00:00', '2026-05-08T00:00:00+02:00', '2026-05-08'],
  ])('its day is that of the store in %s from %s: %s is %s', async (timeZone, businessDayStart, placedAt, businessDay) => {
    const storeId = await createStore(desk.hub, { timeZone, businessDayStart });
    expect((await desk.record(desk.order({ storeId, placedAt }))).businessDay).toBe(businessDay);
  });
});

describe('who an order is for', () => {
  const CUSTOMER = 'query ($phone: String, $email: String, $id: ID) { customer(phone: $phone, email: $email, id: $id) { id phone email } }';
  const who = async (ref: Input) => (await desk.hub.ask(CUSTOMER, ref)).customer;

  test('an unknown phone makes a customer when it is used; validate counts it as a new one and makes nobody', async () => {
    const phone = '+34611000111';
    const code = await desk.code({ conditions: { customerRequired: true, firstOrderOnly: true } });
    const order = desk.order({ customer: { phone } });
    expect((await desk.validate([code], order)).outcomes[0].__typename).toBe('Applicable');
    expect(await who({ phone })).toBeNull();
    await desk.redeem([code], order);
    expect(await who({ phone })).toMatchObject({ phone });
  });

  test('an unknown e-mail likewise, whatever its capitals', async () => {
    const { customer } = await desk.record(desk.order({ customer: { email: 'Ana@Example.es' } }));
    expect((await desk.record(desk.order({ customer: { email: 'ana@example.ES' } }))).customer).toEqual(customer);
    expect(await who({ email: 'ana@example.es' })).toMatchObject({ id: customer.id });
  });

  test.each(['600111222', '+34 600', 'abc', '+0600111222', '+34600111222333444'])('the phone %j is none', async (phone) => {
    expect(await desk.faultsOf.redeem([await desk.word()], desk.order({ customer: { phone } }))).toEqual([
      'BAD_USER_INPUT input.order.customer.phone',
    ]);
  });

  test('an unknown id is CUSTOMER_UNKNOWN', async () => {
    expect(reasons(await desk.redeem([await desk.code()], desk.order({ customer: { id: 'cus_nobody' } })))).toEqual(['CUSTOMER_UNKNOWN']);
  });

  test('phone and e-mail of two people are a fault', async () => {
    await desk.guest({ phone: '+34611000222' });
    await desk.guest({ email: 'luis@example.es' });
    const told = await desk.faultsOf.redeem(
      [await desk.code()],
      desk.order({ customer: { phone: '+34611000222', email: 'luis@example.es' } }),
    );
    expect(told).toEqual([expect.stringContaining('BAD_USER_INPUT input.order.customer')]);
  });

  test('exactly one of id, phone and e-mail names a customer who is asked for', async () => {
    for (const ref of [{}, { id: 'cus_1', phone: '+34611000222' }])
      expect((await desk.faults(CUSTOMER, ref))[0]).toContain('BAD_USER_INPUT');
    expect(await who({ id: 'cus_nobody' })).toBeNull();
  });
});

describe('the bounds of an order', () => {
  const line = { id: 'a', sku: 'menu', unitPrice: 1_000 };
  test.each<[string, Input, string]>([
    ['no line of a quantity of nothing', { lines: [{ ...line, quantity: '0' }] }, 'lines[0].quantity'],
    ['none below nothing', { lines: [{ ...line, quantity: '-1' }] }, 'lines[0].quantity'],
    ['no discount above the gross', { lines: [{ ...line, discount: 1_001 }] }, 'lines[0].discount'],
    ['no discount below nothing', { lines: [{ ...line, discount: -1 }] }, 'lines[0].discount'],
    ['line ids that differ', { lines: [line, line] }, 'lines[1].id'],
    ['500 lines', { lines: Array.from({ length: 501 }, (_, place) => ({ ...line, id: `${place}` })) }, 'lines'],
    ['10,000 units', { lines: [{ ...line, quantity: '10001' }] }, 'lines'],
  ])('%s', async (_, over, path) => {
    const told = await desk.faultsOf.validate([await desk.word()], desk.order(over));
    expect(told).toEqual([expect.stringContaining(`BAD_USER_INPUT input.order.${path}`)]);
  });

  test('are taken to the brim', async () => {
    const word = await desk.word({ incentive: { percentOff: { percent: '100' } } });
    const most = { lines: Array.from({ length: 500 }, (_, place) => ({ ...line, id: `${place}`, quantity: '20', discount: 20_000 - 1 })) };
    const { order } = await desk.validate([word], desk.order(most));
    expect(order).toMatchObject({ subtotal: { minor: 10_000_000 }, voucherDiscounts: { minor: 500 }, due: { minor: 0 } });
  });

  test('30 codes', async () => {
    const codes = Array.from({ length: 31 }, (_, place) => `NOBODY${place}`);
    expect(await desk.faultsOf.validate(codes, desk.order())).toEqual([expect.stringContaining('BAD_USER_INPUT input.codes')]);
    expect((await desk.validate(codes.slice(0, 30), desk.order())).outcomes).toHaveLength(30);
  });

  test('all faults at once', async () => {
    const order = desk.order({ lines: [{ ...line, quantity: '0', discount: -1 }] });
    const ofOrder = ['input.order.lines[0].discount', 'input.order.lines[0].quantity'];
    const paths = async (told: Promise<string[]>): Promise<string[]> => (await told).map((fault) => fault.replace('BAD_USER_INPUT ', ''));
    expect(await paths(desk.faultsOf.validate([], order))).toEqual(['input.codes', ...ofOrder]);
    expect(await paths(desk.faultsOf.redeem(null, order, { idempotencyKey: '' }))).toEqual(['input.idempotencyKey', 'input', ...ofOrder]);
    expect(await paths(desk.faultsOf.hold([], order, { ttlSeconds: 0 }))).toEqual(['input.codes', 'input.ttlSeconds', ...ofOrder]);
  });
});
