import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Connector, Notice } from '@valehub/connector-kit';
import { receive, runRead, runSplit } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { announcedCallsOnly, ctxOf, json } from './announced.ts';
import { order, orderEvent, payment, refundEvent } from './fixtures.ts';

announcedCallsOnly();

describe('an event', () => {
  const noticesOf = async (body: unknown): Promise<readonly Notice[]> => {
    const ran = await runSplit(connector as Connector, {
      method: 'POST',
      headers: {},
      query: {},
      body: body as never,
      bodyHash: 'h',
      receivedAt: '2026-03-06T20:15:03Z',
      signed: true,
    });
    if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
    return ran.value;
  };

  test('is one notice about its order, known again by Square’s id', async () => {
    expect(await noticesOf(orderEvent('order.updated'))).toEqual([
      {
        account: 'MERCHANT-SEVILLA',
        location: 'LOC-SEVILLA',
        topic: 'order.updated',
        resource: ['order', 'ORDER-1'],
        at: '2026-03-06T20:15:02.000Z',
        body: { orderId: 'ORDER-1', paymentId: null },
        repeat: { key: 'event-order.updated-ORDER-1' },
      },
    ]);
  });

  test('of a topic nobody asked for is kept', async () => {
    expect(
      await noticesOf({ merchant_id: 'M-1', type: 'webhooks.test_notification', event_id: 'e-1', data: { type: 'webhooks', id: 'w-1' } }),
    ).toMatchObject([{ topic: 'webhooks.test_notification', repeat: { key: 'e-1' } }]);
  });

  test('of a refund finds the sale by the payment, not by the return', async () => {
    const [notice] = await noticesOf(refundEvent('refund.created'));
    json('/v2/payments/PAYMENT-1', { payment });
    json('/v2/orders/ORDER-1', { order });
    json('/v2/payments/PAYMENT-1', { payment });
    expect(await runRead(connector, ctxOf(), notice as Notice)).toMatchObject({
      ok: true,
      value: [{ kind: 'order', location: 'LOC-SEVILLA', order: { externalId: 'ORDER-1' } }],
    });
  });

  test('of a payment without an order is nothing to the hub', async () => {
    const [notice] = await noticesOf({
      merchant_id: 'M-1',
      type: 'payment.created',
      event_id: 'e-2',
      data: { id: 'P-9', object: { payment: { id: 'P-9' } } },
    });
    expect(await runRead(connector, ctxOf(), notice as Notice)).toEqual({ ok: true, value: [] });
  });

  test.each([null, [], { type: 'order.created' }, { merchant_id: 'M-1', type: 'order.created' }])(
    'that is %j is none of Square’s',
    async (body) => {
      await expect(noticesOf(body)).rejects.toThrow(/BAD_REPLY/);
    },
  );
});

describe('a delivery', () => {
  const url = 'https://hub.example.com/webhooks/c-1';
  const body = '{"merchant_id":"M-1","type":"order.updated","event_id":"e-1"}';
  const sign = (text: string, key = 'key-1') => createHmac('sha256', key).update(text).digest('base64');
  const take = (signature: string, header = 'X-Square-HmacSha256-Signature') =>
    receive(
      connector,
      {
        method: 'POST',
        url,
        query: '',
        headers: [
          ['Content-Type', 'application/json'],
          [header, signature],
        ],
        body: Buffer.from(body),
      },
      { keys: (name) => (name === 'webhookSignatureKey' ? ['key-1'] : []), nowMs: 0 },
    ).then(({ kind }) => kind);

  test('is signed over the registered address and the body', () => expect(take(sign(url + body))).resolves.toBe('delivery'));

  test.each([
    ['over the body alone', sign(body)],
    ['over another address', sign(`https://evil.example/${body}`)],
    ['with another key', sign(url + body, 'key-2')],
    ['in hex', Buffer.from(sign(url + body), 'base64').toString('hex')],
  ])('signed %s is refused', (_how, signature) => expect(take(signature)).resolves.toBe('refused'));

  test('with Square’s old signature only is refused', () => {
    return expect(
      take(
        createHmac('sha1', 'key-1')
          .update(url + body)
          .digest('base64'),
        'X-Square-Signature',
      ),
    ).resolves.toBe('refused');
  });
});
