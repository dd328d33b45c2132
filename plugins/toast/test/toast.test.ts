import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createCtx, createTransport, parseSettings, runFetch, type StandIn, startStandIn } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { order, samples } from './samples.ts';

let standIn: StandIn;
const transport = createTransport({ allowPrivateHosts: true });

beforeEach(async () => {
  standIn = await startStandIn();
});
afterEach(async () => {
  transport.close();
  await standIn.close();
});

test('an order is read with the key, and is the hub’s order to the cent', async () => {
  const result = parseSettings(connector, { ...samples.settings, apiBaseUrl: standIn.url });
  if (!result.ok) throw new Error('the settings are refused');
  const { settings, secrets } = result.parsed;
  const ctx = createCtx({ connector, settings, secrets, store: () => undefined, transport, now: () => 0 });
  standIn.answer([{ path: '/v1/orders/order-1', body: order }]);

  const ran = await runFetch(connector, ctx, 'order', ['order-1']);

  expect(standIn.requests).toMatchObject([
    { method: 'GET', path: '/v1/orders/order-1', headers: { authorization: 'Bearer key-invented-for-tests' } },
  ]);
  expect(ran).toMatchObject({
    ok: true,
    value: [
      {
        kind: 'order',
        order: { externalId: 'order-1', state: 'PAID', total: { minor: 2250, currency: 'EUR' }, discounts: [{ texts: ['Vale DV-4711'] }] },
      },
    ],
  });
});
