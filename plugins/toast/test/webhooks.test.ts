import { createHmac } from 'node:crypto';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Notice } from '@valehub/connector-kit';
import { receive, runRead, runSplit } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { event, order, RESTAURANT, withCheck } from './fixtures.ts';
import { closeTransport, ctxOf, NOW, orderIn } from './support.ts';

afterAll(closeTransport);

const SECRET = 'secret-of-the-subscription';

/** As Toast writes it down: the body, and behind it the timestamp that is in it. */
const sign = (body: string, timestamp: string): string => createHmac('sha256', SECRET).update(`${body}${timestamp}`).digest('base64');

const take = (body: string, signature: string, nowMs = NOW) =>
  receive(
    connector,
    {
      method: 'POST',
      url: 'https://hub.example.com/webhooks/c-1',
      query: '',
      headers: [
        ['Content-Type', 'application/json'],
        ['Toast-Signature', signature],
        ['Toast-Event-Type', 'order_updated'],
        ['Toast-Restaurant-External-ID', RESTAURANT],
        ['Toast-Attempt-Number', '1'],
      ],
      body: Buffer.from(body),
    },
    { keys: (name) => (name === 'webhookSecret' ? [SECRET] : []), nowMs },
  );

async function noticesOf(body: object): Promise<readonly Notice[]> {
  const text = JSON.stringify(body);
  const received = await take(text, sign(text, (body as { timestamp: string }).timestamp));
  if (received.kind !== 'delivery') throw new Error(`refused: ${JSON.stringify(received)}`);
  const ran = await runSplit(connector, received.delivery);
  if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
  return ran.value;
}

describe('an event', () => {
  const told = event();
  const text = JSON.stringify(told, null, 2);

  test('is proven by its body and the timestamp in it, byte for byte', async () => {
    expect(await take(text, sign(text, told.timestamp))).toMatchObject({ kind: 'delivery', delivery: { signed: true } });
    expect(await take(text, sign(text, '2026-03-06T19:31:00.000Z'))).toMatchObject({ status: 401, fault: 'SIGNATURE_WRONG' });
    const other = text.replace('20260306', '20260307');
    expect(await take(other, sign(text, told.timestamp))).toMatchObject({ status: 401, fault: 'SIGNATURE_WRONG' });
    const { timestamp: _none, ...without } = told;
    expect(await take(JSON.stringify(without), sign(JSON.stringify(without), ''))).toMatchObject({ status: 401, fault: 'PART_MISSING' });
  });

  test('is taken as long as Toast repeats it, and no longer', async () => {
    const signature = sign(text, told.timestamp);
    expect(await take(text, signature, NOW + 29 * 60_000)).toMatchObject({ kind: 'delivery' });
    expect(await take(text, signature, NOW + 31 * 60_000)).toMatchObject({ fault: 'TOO_LATE' });
  });

  test('may be several megabytes', async () => {
    const large = JSON.stringify({ ...told, details: { ...told.details, more: 'x'.repeat(3_000_000) } });
    expect(await take(large, sign(large, told.timestamp))).toMatchObject({ kind: 'delivery' });
    const tooLarge = JSON.stringify({ ...told, more: 'x'.repeat(10_000_000) });
    expect(await take(tooLarge, sign(tooLarge, told.timestamp))).toMatchObject({ status: 413 });
  });

  test('is one notice: of one restaurant, one order, known again by its own GUID', async () => {
    expect(await noticesOf(told)).toEqual([
      {
        topic: 'order_updated',
        location: RESTAURANT,
        resource: ['order', 'order-1'],
        at: '2026-03-06T19:30:00.000Z',
        body: { location: RESTAURANT, order },
        repeat: { key: 'event-1' },
      },
    ]);
  });

  test('of another category is kept and gives nothing', async () => {
    const [notice] = await noticesOf({
      ...told,
      eventCategory: 'stock',
      eventType: 'stock_updated',
      details: { restaurantGuid: RESTAURANT, items: [] },
    });
    expect(notice).toMatchObject({ topic: 'stock_updated', location: RESTAURANT, body: { order: null } });
    expect(await runRead(connector, ctxOf(), notice as Notice)).toEqual({ ok: true, value: [] });
  });

  test('without its order, or of no restaurant, is a fault that somebody sees', async () => {
    const [without] = await noticesOf({ ...told, details: { restaurantGuid: RESTAURANT, order: null } });
    expect(await runRead(connector, ctxOf(), without as Notice)).toMatchObject({ ok: false, failure: { code: 'BAD_REPLY' } });
    const [placed] = await noticesOf({ ...told, details: { order } });
    expect(placed).toMatchObject({ location: RESTAURANT });
    expect(await runRead(connector, ctxOf(), { ...(placed as Notice), body: { location: null, order } })).toMatchObject({
      ok: false,
      failure: { code: 'BAD_REPLY', message: expect.stringContaining('location') },
    });
  });

  test('that is none of Toast’s is no event', async () => {
    const ran = await runSplit(connector, {
      method: 'POST',
      headers: {},
      query: {},
      body: { hello: 'world' },
      bodyHash: '',
      receivedAt: '2026-03-06T19:30:00.000Z',
      signed: true,
    });
    expect(ran).toMatchObject({ ok: false });
  });
});

test('events that arrive shuffled end with the newest: the revision rises with every change', async () => {
  const at = (time: string) => ({ modifiedDate: `2026-03-06T${time}.000-0800` });
  const stages = [
    withCheck({ status: 'OPEN', payments: [], discounts: [] }, at('11:10:00')),
    withCheck({ status: 'OPEN', payments: [] }, at('11:20:00')),
    withCheck({}, at('11:30:00')),
    withCheck({ discounts: [] }, at('11:40:00')),
    withCheck({}, { ...at('11:50:00'), voided: true }),
  ];
  const orders = await Promise.all(
    stages.map(async (stage) => {
      const [notice] = await noticesOf(event(stage));
      const ran = await runRead(connector, ctxOf(), notice as Notice);
      if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
      return orderIn(ran.value);
    }),
  );
  const shuffled = [...orders].sort((a, b) => a.total.minor - b.total.minor);
  const newest = shuffled.reduce((last, one) => (JSON.stringify(one.revision) > JSON.stringify(last.revision) ? one : last));
  expect(newest.state).toBe('VOIDED');
  expect(orders.map(({ revision }) => revision)).toEqual(
    [...orders.map(({ revision }) => revision)].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  );
  expect(orders.map(({ state, discounts }) => [state, discounts.length])).toEqual([
    ['OPEN', 1],
    ['OPEN', 2],
    ['PAID', 2],
    ['PAID', 1],
    ['VOIDED', 0],
  ]);
});
