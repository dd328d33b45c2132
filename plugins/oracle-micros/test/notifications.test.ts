import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Plain, Subscription } from '@valehub/connector-kit';
import { receive, runEnsure, runRead, runSplit, runUnsubscribe, startStandIn } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { message } from './fixtures.ts';
import { eur, HOOK, type House, notified, open, ordersOf } from './support.ts';

const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
let house: House;
beforeEach(async () => {
  house = await open();
});
afterEach(() => house.close());

async function ensure(have: readonly Subscription[], byte: number, url = HOOK) {
  const ran = await runEnsure(connector, house.ctx(), { url, topics: ['CheckNotification'], newSecret: key(byte) }, have);
  if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
  return ran.value;
}
/** As the host hands them back: of secrets only the names. */
const kept = (made: readonly Subscription[]): readonly Subscription[] =>
  made.map((one) => ({ ...one, ...(one.secrets ? { secrets: { hmacKey: '', keyId: '' } } : {}) }));

const split = (body: Plain) => runSplit(connector, { url: HOOK, query: {}, headers: {}, body } as never);

describe('a delivery', () => {
  const place = { locRef: 'SEV01', rvcRef: '42' };

  test('is as many notices as it has messages, each about its check, in the words of the settings', async () => {
    const body = { messages: [message('m-1', 'check-1', place), message('m-2', 'check-2', { ...place, rvcRef: '43' })] };
    expect(await split(body)).toEqual({
      ok: true,
      value: [
        {
          account: 'casapepa',
          location: 'sev01/42',
          topic: 'CheckNotification',
          resource: ['order', 'check-1'],
          at: '2026-03-06T19:20:00Z',
          body: { status: 'Submitted' },
          repeat: { key: 'm-1' },
        },
        expect.objectContaining({ location: 'sev01/43', resource: ['order', 'check-2'], repeat: { key: 'm-2' } }),
      ],
    });
  });

  test.each<[string, Plain, object]>([
    ['none', { messages: [] }, { ok: true, value: [] }],
    [
      'one of a kind that nobody reads',
      { messages: [{ id: 'm-1', messageType: { id: 'EmployeesNotification' }, resource: { orgShortName: 'casapepa' } }] },
      { ok: true, value: [{ topic: 'EmployeesNotification', account: 'casapepa' }] },
    ],
    [
      'one about nothing',
      { messages: [{ id: 'm-1', messageType: { id: 'CheckNotification' } }] },
      { ok: true, value: [{ body: { status: null } }] },
    ],
    ['members that nobody knows', { messages: [{ ...message('m-1', 'c', place), mood: 'good' }], version: 9 }, { ok: true, value: [{}] }],
    ['no messages', { notMessages: [] }, { ok: false, failure: { code: 'BAD_REPLY' } }],
    [
      'a message without an id',
      { messages: [{ messageType: { id: 'CheckNotification' } }] },
      { ok: false, failure: { code: 'BAD_REPLY' } },
    ],
  ])('with %s is taken for what it is', async (_how, body, expected) => {
    expect(await split(body)).toMatchObject(expected);
  });

  test('is signed over its very bytes with the bytes of the key that we registered, which its id names', async () => {
    const body = Buffer.from(JSON.stringify({ messages: [message('m-1', 'check-1', place)] }));
    const digest = createHmac('sha256', Buffer.alloc(32, 7)).update(body).digest('base64');
    const take = (headers: readonly (readonly [string, string])[]) =>
      receive(
        connector,
        { method: 'POST', url: HOOK, query: '', headers, body },
        {
          keys: (name) => (name === 'hmacKey' ? [key(7)] : ['11111111-1111-4111-a111-111111111111']),
          nowMs: house.now(),
        },
      );
    const id = ['Key-Id', '11111111-1111-4111-a111-111111111111'] as const;
    expect(await take([id, ['Digest', digest]])).toMatchObject({ kind: 'delivery' });
    expect(
      await take([
        ['Key-Id', '22222222-2222-4222-a222-222222222222'],
        ['Digest', digest],
      ]),
    ).toMatchObject({ status: 401 });
    const withText = createHmac('sha256', key(7)).update(body).digest('base64');
    expect(await take([id, ['Digest', withText]])).toMatchObject({ status: 401 });
  });
});

describe('a notification about a check', () => {
  const keysOf = (made: readonly Subscription[]) => made[0]?.secrets ?? {};

  test('that was paid after it was sent is read as it is now', async () => {
    const made = await ensure([], 7);
    const ref = house.simphony.addOrder({ dishes: [{ number: 1, name: 'Arroz', price: 1800 }] });
    expect(ordersOf(await notified(house, keysOf(made), [ref]))).toMatchObject([{ state: 'OPEN' }]);
    house.simphony.pay(ref, { number: 200, name: 'Efectivo', amount: 1800 });
    expect(ordersOf(await notified(house, keysOf(made), [ref]))).toMatchObject([{ state: 'PAID', total: eur(1800) }]);
  });

  test('that is no more takes it back; one that lay here for days says nothing, as the check may have been purged', async () => {
    const made = await ensure([], 7);
    const ref = house.simphony.addOrder({ dishes: [{ number: 1, name: 'Arroz', price: 1800 }] });
    house.simphony.voidOrder(ref);
    expect(await notified(house, keysOf(made), [ref])).toEqual([{ kind: 'gone', location: 'sev01/42', resource: 'order', id: ref }]);
    const notices = await split({ messages: [message('m-1', ref, { locRef: 'sev01', rvcRef: '42' })] });
    house.wait(3 * 86_400_000);
    const [notice] = notices.ok ? notices.value : [];
    if (!notice) throw new Error('no notice');
    expect(await runRead(connector, house.ctx('sev01/42'), notice)).toEqual({ ok: true, value: [] });
  });
});

describe('subscriptions', () => {
  test('are one for each revenue centre, under one key that we choose', async () => {
    const made = await ensure([], 7);
    expect(made).toHaveLength(2);
    expect(house.simphony.registration()).toEqual({ hmacKey: key(7), keyId: made[0]?.secrets?.['keyId'], keyType: 'hmac-sha256' });
    expect(made.map(({ secrets }) => secrets?.['hmacKey'])).toEqual([key(7), key(7)]);
    expect(made[0]?.secrets?.['keyId']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect([...house.simphony.subscriptions.values()]).toMatchObject([
      {
        callbackUri: HOOK,
        messageType: { id: 'CheckNotification' },
        postOfficeOptions: { PostOfficeType: 'PushOnePostOffice' },
        orgShortName: 'casapepa',
        locRef: 'sev01',
        rvcRef: '42',
      },
      { rvcRef: '43' },
    ]);
  });

  test('that are there stay, with their key', async () => {
    const made = await ensure([], 7);
    const again = await ensure(kept(made), 8);
    expect(again.map(({ id }) => id)).toEqual(made.map(({ id }) => id));
    expect(house.simphony.registration()?.hmacKey).toBe(key(7));
    expect(again.every(({ secrets }) => secrets === undefined)).toBe(true);
  });

  test('that somebody has taken away are made again; with the last of them goes the key', async () => {
    const made = await ensure([], 7);
    house.simphony.subscriptions.delete(made[1]?.id ?? '');
    expect(await ensure(kept(made), 8)).toHaveLength(2);
    expect(house.simphony.registration()?.hmacKey).toBe(key(7));
    house.simphony.subscriptions.clear();
    const renewed = await ensure(kept(made), 9);
    expect(renewed.map(({ secrets }) => secrets?.['hmacKey'])).toEqual([key(9), key(9)]);
  });

  test('of an attempt that broke off are found, and get a key that the hub knows', async () => {
    house.simphony.failNext({ status: 200, body: { items: [] } }, { status: 204 }, { status: 201 }, { status: 503 });
    await expect(ensure([], 7)).rejects.toThrow('PLATFORM_DOWN');
    expect(await ensure([], 8)).toHaveLength(2);
    expect(house.simphony.registration()?.hmacKey).toBe(key(8));
    expect(house.simphony.subscriptions.size).toBe(2);
  });

  test('of revenue centres that are ours no more go; those of others stay', async () => {
    const made = await ensure([], 7);
    const other = {
      ...[...house.simphony.subscriptions.values()][0],
      callbackUri: 'https://other.example.com/hook',
      subscriptionId: 'of-another',
    };
    house.simphony.subscriptions.set('of-another', other);
    const fewer = await open({ locations: { 'sev01/43': 'store-2' }, apiBaseUrl: house.simphony.url });
    const ran = await runEnsure(connector, fewer.ctx(), { url: HOOK, topics: ['CheckNotification'], newSecret: key(8) }, kept(made));
    expect(ran.ok && ran.value.map(({ id }) => id)).toEqual([made[1]?.id]);
    expect([...house.simphony.subscriptions.keys()]).toEqual([made[1]?.id, 'of-another']);
    await runUnsubscribe(connector, fewer.ctx(), ran.ok ? ran.value : []);
    // With a subscription of another program left, the registration stays.
    expect(house.simphony.registration()).toBeDefined();
    house.simphony.subscriptions.clear();
    expect(await runUnsubscribe(connector, fewer.ctx(), ran.ok ? ran.value : [])).toEqual({ ok: true, value: null });
    expect(house.simphony.registration()).toBeUndefined();
    await fewer.close();
  });

  test('are of the whole organization while nobody has named a revenue centre', async () => {
    const bare = await open({ locations: {} });
    const ran = await runEnsure(connector, bare.ctx(), { url: HOOK, topics: ['CheckNotification'], newSecret: key(7) }, []);
    expect(ran).toMatchObject({ ok: true, value: [{ url: HOOK }] });
    expect([...bare.simphony.subscriptions.values()][0]).not.toHaveProperty('locRef');
    await bare.close();
  });

  test.each(['http://hub.example.com/webhooks/c-1', 'https://hub.example.com:8443/webhooks/c-1', 'https://hub.example.es/webhooks/c-1'])(
    'cannot lead to %s, and it is said why',
    async (url) => {
      const ran = await runEnsure(connector, house.ctx(), { url, topics: ['CheckNotification'], newSecret: key(7) }, []);
      expect(ran).toMatchObject({ ok: false, failure: { code: 'NOT_SUPPORTED', message: expect.stringContaining('port 443') } });
    },
  );
});

test('a delivery that nobody answers is not sent again', async () => {
  await ensure([], 7);
  const ref = house.simphony.addOrder({ dishes: [{ number: 1, name: 'Arroz', price: 1800 }] });
  const nobody = await startStandIn();
  nobody.answer([{ status: 500 }]);
  expect(await house.simphony.notify([ref], () => nobody.url)).toEqual([500]);
  expect(nobody.requests).toHaveLength(1);
  await nobody.close();
});
