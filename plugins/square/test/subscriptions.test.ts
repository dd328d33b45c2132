import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runEnsure, runUnsubscribe } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { delivered, HOOK, type House, open, perform } from './support.ts';

let house: House;
beforeEach(async () => {
  house = await open();
});
afterEach(() => house.close());

const topics = connector.webhooks?.topics ?? [];
async function ensure() {
  const ran = await runEnsure(connector, house.ctx(), { url: HOOK, topics, newSecret: '' }, []);
  if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
  return ran.value;
}

describe('the subscription', () => {
  test('is one for the application, for all events, and Square gives the key', async () => {
    expect(await ensure()).toEqual([
      { id: 'subscription-2', topics, url: HOOK, secrets: { webhookSignatureKey: 'key-of-subscription-2' } },
    ]);
    const made = house.square.requests.at(-1);
    expect(made?.headers['authorization']).toBe('Bearer app-token-of-the-stand-in');
    expect(made?.json()).toEqual({
      idempotency_key: expect.stringMatching(/^[0-9a-f]{32}$/),
      subscription: { name: 'Valehub', enabled: true, event_types: topics, notification_url: HOOK, api_version: '2026-05-20' },
    });
  });

  test('that is there stays; one that Square has switched off, or that wants events, is set right', async () => {
    const [made] = await ensure();
    const before = house.square.requests.length;
    expect(await ensure()).toEqual([made]);
    expect(house.square.requests.slice(before).map(({ method }) => method)).toEqual(['GET', 'GET']);
    const there = house.square.subscriptions.get(made?.id ?? '');
    if (!there) throw new Error('no subscription');
    house.square.subscriptions.set(made?.id ?? '', { ...there, enabled: false, event_types: ['order.created'] });
    expect(await ensure()).toEqual([made]);
    expect(house.square.subscriptions.get(made?.id ?? '')).toMatchObject({ enabled: true, event_types: topics });
  });

  test('that was made twice is one again, and others of the application stay', async () => {
    const [made] = await ensure();
    const there = house.square.subscriptions.get(made?.id ?? '');
    if (!there) throw new Error('no subscription');
    house.square.subscriptions.set('double', { ...there, id: 'double' });
    house.square.subscriptions.set('other', { ...there, id: 'other', notification_url: 'https://other.example.com/hook' });
    expect(await ensure()).toEqual([made]);
    expect([...house.square.subscriptions.keys()]).toEqual([made?.id, 'other']);
  });

  test('is found among more than a page of them', async () => {
    const [made] = await ensure();
    const there = house.square.subscriptions.get(made?.id ?? '');
    house.square.failNext({
      status: 200,
      body: { subscriptions: [{ ...there, id: 'other', notification_url: 'https://other.example.com/hook' }], cursor: 'page-2' },
    });
    expect(await ensure()).toEqual([made]);
    expect(house.square.requests.at(-2)?.query.get('cursor')).toBe('page-2');
  });

  test('is taken away, and away it stays', async () => {
    const made = await ensure();
    expect(await runUnsubscribe(connector, house.ctx(), made)).toEqual({ ok: true, value: null });
    expect(await runUnsubscribe(connector, house.ctx(), made)).toEqual({ ok: true, value: null });
    expect(house.square.subscriptions.size).toBe(0);
  });

  test('is asked for with the application’s token only', async () => {
    const bare = await open({ appAccessToken: null });
    const ran = await runEnsure(connector, bare.ctx(), { url: HOOK, topics, newSecret: '' }, []);
    expect(ran).toMatchObject({ ok: false, failure: { code: 'BAD_CREDENTIALS' } });
    await bare.close();
  });
});

describe('what it brings', () => {
  const keysOf = async () => (await ensure())[0]?.secrets ?? {};

  test('is read in any order and any number, and ends in the right state', async () => {
    const keys = await keysOf();
    const id = house.square.addOrder({ lines: [{ name: 'Arroz', price: 1800 }], payments: [{ amount: 1000, isPending: true }] });
    house.wait(1000);
    house.square.pay(id, { amount: 1800 });
    const late = await delivered(house, keys, (to) => house.square.deliverOrder(id, 'order.updated', { to }));
    const early = await delivered(house, keys, (to) => house.square.deliverOrder(id, 'order.created', { to }));
    expect(late).toEqual(early);
    expect(late).toMatchObject([{ order: { state: 'PAID', payments: [{ amount: { minor: 1800 } }] } }]);
  });

  test('about the catalog is what has changed in it, gone or there', async () => {
    const keys = await keysOf();
    const publication = { campaignId: 'c-1', name: 'Primavera', incentive: { kind: 'percentOff', percent: '10' }, codes: [] };
    await perform(house, 'vouchers.publish', publication);
    await perform(house, 'vouchers.publish', { ...publication, name: 'Verano' }, 'key-of-job-2');
    const [spring, summer] = house.square.catalog.all('DISCOUNT').map(({ id }) => String(id));
    await perform(house, 'vouchers.withdraw', { id: spring ?? '' });
    expect(await delivered(house, keys, (to) => house.square.deliverCatalog({ to }))).toMatchObject([
      { kind: 'gone', resource: 'discount', id: spring },
      { kind: 'discount', discount: { externalId: summer, name: 'Verano' } },
    ]);
    // What changed long ago was told long ago.
    house.wait(3_600_000);
    expect(await delivered(house, keys, (to) => house.square.deliverCatalog({ to }))).toEqual([]);
  });

  test('about a refund finds the sale', async () => {
    const keys = await keysOf();
    const id = house.square.addOrder({ lines: [{ name: 'Arroz', price: 1800 }], payments: [{ amount: 1800 }] });
    const refund = house.square.refund(id, [{ line: 0, quantity: '1' }], 1800);
    expect(await delivered(house, keys, (to) => house.square.deliverRefund(refund, { to }))).toMatchObject([
      { kind: 'order', order: { externalId: id, refunds: [{ externalId: refund }] } },
    ]);
  });
});
