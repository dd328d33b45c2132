import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Credential, Fact } from '@valehub/connector-kit';
import {
  createAuthCtx,
  createCtx,
  createTransport,
  type HubDoor,
  parseSettings,
  runFeed,
  runFetch,
  runIdentify,
  runLocations,
  runNamedVerb,
  runObtain,
  startHubDoor,
} from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { CODE, check, draft } from './fixtures.ts';
import { truthOf } from './order.ts';
import { startToast, type ToastStandIn } from './stand-in.ts';
import { addsUp } from './support.ts';

/** From log-in to a refund, over HTTP: the plugin against Toast on this machine. */
let clock = Date.parse('2026-03-06T19:30:00Z');
const now = (): number => clock;
const transport = createTransport({ allowPrivateHosts: true });
let toast: ToastStandIn;

function connected(location?: string, deadlineMs = 20_000) {
  const result = parseSettings(connector, {
    ...toast.settings,
    locations: { 'restaurant-one': 'store-1', 'restaurant-two': 'store-2' },
    checkDiscounts: { 'restaurant-one': 'discount-open' },
  });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  const given = {
    connector,
    ...result.parsed,
    store: () => ({ storeId: 'store-1', currency: 'USD', zone: 'America/Los_Angeles' }),
    facts: { group: 'group-pepa', currency: 'USD' },
    ...(location === undefined ? {} : { location }),
    transport,
    now,
    deadlineMs,
  };
  let credential: Credential | null = null;
  return createCtx({
    ...given,
    credentials: {
      current: () => credential,
      async renew(have) {
        const ran = await runObtain(connector, createAuthCtx(given), have ?? undefined);
        if (!ran.ok) throw Object.assign(new Error('refused'), { failure: ran.failure });
        credential = ran.value;
        return credential;
      },
    },
  });
}

const orderOfFact = (facts: readonly Fact[]) => facts.flatMap((fact) => (fact.kind === 'order' ? [fact.order] : []));
const window = (minutes: number, page?: string) => ({
  from: new Date(clock - minutes * 60_000).toISOString(),
  to: new Date(clock + 60_000).toISOString(),
  ...(page === undefined ? {} : { page }),
});

async function sweep(ctx = connected('restaurant-one'), minutes = 60): Promise<Fact[]> {
  const facts: Fact[] = [];
  for (let page: string | undefined, more = true; more; ) {
    const ran = await runFeed(connector, ctx, 'changed', window(minutes, page));
    if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
    facts.push(...ran.value.facts);
    page = ran.value.next;
    more = ran.value.more;
  }
  return facts;
}

beforeEach(async () => {
  clock = Date.parse('2026-03-06T19:30:00Z');
  toast = await startToast({ now });
});
afterEach(() => toast.close());

describe('a day at Toast', () => {
  test('is seen by the sweep as it is in the end', async () => {
    toast.addOrder({ ...draft, checks: [{ ...check, status: 'OPEN', payments: [], discounts: [] }] });
    const open = orderOfFact(await sweep());
    expect(open).toMatchObject([{ externalId: 'order-1', state: 'OPEN' }]);
    clock += 60_000;
    toast.changeChecks('order-1', () => check);
    const [paid] = orderOfFact(await sweep());
    expect(paid).toMatchObject({ state: 'PAID', discounts: [{ code: CODE }, {}] });
    expect(paid?.total.minor).toBe(toast.truth('order-1').total);
    clock += 60_000;
    toast.refund('order-1', 950, { 'sel-soup': 764 });
    const [refunded] = orderOfFact(await sweep());
    expect(refunded?.refunds).toMatchObject([
      { amount: { minor: toast.truth('order-1').refunded }, lines: [{ lineId: 'sel-soup', quantity: '1' }] },
    ]);
    clock += 60_000;
    toast.voidOrder('order-1');
    const [voided] = orderOfFact(await sweep());
    expect(voided?.state).toBe(toast.truth('order-1').state);
    const revisions = [open[0], paid, refunded, voided].map((order) => JSON.stringify(order?.revision));
    expect(revisions).toEqual([...revisions].sort());
  });

  test('of many orders comes page by page, each restaurant its own', async () => {
    for (let index = 0; index < 60; index += 1) {
      toast.addOrder(
        { ...draft, guid: `order-${index}`, checks: [{ ...check, guid: `check-${index}` }] },
        index % 6 === 0 ? 'restaurant-two' : 'restaurant-one',
      );
    }
    const facts = await sweep();
    expect(facts).toHaveLength(50);
    expect(new Set(facts.map((fact) => fact.location))).toEqual(new Set(['restaurant-one']));
    for (const order of orderOfFact(facts)) addsUp(order, truthOf(check).tax);
    expect(await sweep(connected('restaurant-two'))).toHaveLength(10);
    expect(toast.requests.filter(({ path }) => path === '/orders/v2/ordersBulk').map(({ query }) => query.get('page'))).toEqual([
      '1',
      '2',
      '3',
      '1',
    ]);
    expect(toast.logins()).toBe(2);
  });

  test('can be read again order by order; one that is gone is gone', async () => {
    toast.addOrder(draft, 'restaurant-two');
    const ctx = connected();
    expect(await runFetch(connector, ctx, 'order', ['order-1', 'order-2'])).toMatchObject({
      ok: true,
      value: [
        { kind: 'order', location: 'restaurant-two', order: { externalId: 'order-1' } },
        { kind: 'gone', resource: 'order', id: 'order-2' },
      ],
    });
    toast.deleteOrder('order-1');
    expect(await runFetch(connector, ctx, 'order', ['order-1'])).toMatchObject({ value: [{ order: { state: 'VOIDED' } }] });
    toast.forget('order-1');
    expect(await runFetch(connector, ctx, 'order', ['order-1'])).toMatchObject({ value: [{ kind: 'gone' }] });
  });

  test('tells who and where it is', async () => {
    const ctx = connected();
    expect(await runIdentify(connector, ctx)).toMatchObject({ value: { account: 'group-pepa' } });
    expect(await runLocations(connector, ctx)).toMatchObject({ value: [{ id: 'restaurant-one' }, { id: 'restaurant-two' }] });
  });

  test('takes a voucher off an open check, once', async () => {
    toast.addOrder({ ...draft, checks: [{ ...check, status: 'OPEN', payments: [], discounts: [] }] });
    const jobs = [
      {
        id: 'j-1',
        key: 'key-of-the-job-1',
        location: 'restaurant-one',
        input: { orderId: 'order-1', code: CODE, name: 'Diez', kind: 'ORDER_DISCOUNT', amount: { minor: 525, currency: 'USD' } },
      },
    ];
    const ctx = connected();
    const first = await runNamedVerb(connector, ctx, 'orders.apply', jobs, undefined);
    expect(toast.truth('order-1').discounts).toMatchObject({ [CODE]: 525 });
    expect(await runNamedVerb(connector, ctx, 'orders.apply', jobs, undefined)).toEqual(first);
    expect(toast.truth('order-1').discounts).toMatchObject({ [CODE]: 525 });
  });
});

describe('what goes wrong on the way', () => {
  const fetched = async (ctx = connected('restaurant-one')) => {
    const ran = await runFetch(connector, ctx, 'order', ['order-1']);
    return ran.ok ? 'fine' : ran.failure.code;
  };

  beforeEach(() => void toast.addOrder(draft));

  test('a token that ran out or was revoked is got anew, twice an hour at most', async () => {
    const ctx = connected('restaurant-one');
    expect(await fetched(ctx)).toBe('fine');
    toast.revokeTokens();
    expect(await fetched(ctx)).toBe('fine');
    expect(toast.logins()).toBe(2);
    toast.revokeTokens();
    expect(await fetched(ctx)).toBe('RATE_LIMITED');
    expect(toast.logins()).toBe(2);
    clock += 3_600_001;
    expect(await fetched(ctx)).toBe('fine');
  });

  test.each([
    [{ status: 403, body: { message: 'no scope' } }, 'FORBIDDEN_SCOPE'],
    [{ status: 409, body: {} }, 'CONFLICT'],
    [{ status: 429, body: {} }, 'RATE_LIMITED'],
    [{ status: 500, body: {} }, 'PLATFORM_DOWN'],
    [{ status: 502, body: 'Bad gateway' }, 'PLATFORM_DOWN'],
    [{ status: 504, body: {} }, 'TIMEOUT'],
    [{ status: 302, headers: { location: 'https://elsewhere.example/' }, body: {} }, 'BAD_REPLY'],
    ['CUT', 'PLATFORM_DOWN'],
    ['HTML', 'BAD_REPLY'],
    ['HALF', 'BAD_REPLY'],
  ] as const)('%j is %s, and the next try goes through', async (fault, code) => {
    const ctx = connected('restaurant-one');
    expect(await fetched(ctx)).toBe('fine');
    toast.failNext(fault);
    expect(await fetched(ctx)).toBe(code);
    expect(await fetched(ctx)).toBe('fine');
  });

  test('a Toast that never answers is given up in time', async () => {
    const ctx = connected('restaurant-one', 150);
    expect(await fetched(ctx)).toBe('fine');
    toast.failNext('HANG');
    expect(await fetched(ctx)).toBe('TIMEOUT');
  });

  test('a limit that is reached says how long to wait', async () => {
    await toast.close();
    toast = await startToast({ now, rate: { requests: 2, everyMs: 60_000 } });
    toast.addOrder(draft);
    const ctx = connected('restaurant-one');
    expect(await fetched(ctx)).toBe('fine');
    const ran = await runFetch(connector, ctx, 'order', ['order-1']);
    expect(ran).toEqual({
      ok: false,
      failure: { code: 'RATE_LIMITED', message: 'Toast answered 429: Rate limit exceeded', wait: 'PT60S', reference: 'r-429' },
    });
  });
});

describe('what Toast sends', () => {
  const registered = 'https://hub.example.com/webhooks/c-1';
  let hub: HubDoor;

  beforeEach(async () => {
    hub = await startHubDoor({ connector, secrets: { webhookSecret: toast.keys.webhookSecret }, ctx: connected, registered });
  });
  afterEach(() => hub.close());

  test('is signed as the hub expects it, and is the order as it stands', async () => {
    toast.addOrder(draft);
    expect(await toast.deliverOrder('order-1', { url: registered, to: hub.address })).toBe(200);
    expect(hub.facts).toMatchObject([{ kind: 'order', location: 'restaurant-one', order: { externalId: 'order-1', state: 'PAID' } }]);
    toast.voidSelection('order-1', 'sel-soup');
    await toast.deliverOrder('order-1', { url: registered, to: hub.address });
    expect(
      orderOfFact(hub.facts)
        .at(-1)
        ?.lines.map(({ id }) => id),
    ).toEqual(['sel-crab']);
  });
});
