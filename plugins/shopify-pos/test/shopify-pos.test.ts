import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Credential, Fact, HubOrder } from '@valehub/connector-kit';
import {
  authorizationUrl,
  createAuthCtx,
  createCtx,
  parseSettings,
  runAccept,
  runEnsure,
  runFeed,
  runFetch,
  runNamedVerb,
  runObtain,
  startHubDoor,
  verifyCallback,
} from '@valehub/connector-kit/testing';
import fc from 'fast-check';
import connector from '../src/index.ts';
import { transport } from './harness.ts';
import { type ShopifyStandIn, startShopify } from './stand-in.ts';

const REDIRECT = 'https://hub.example.com/oauth/callback';
let clock = Date.parse('2026-03-06T20:00:00Z');
const later = (ms: number): void => {
  clock += ms;
};

let shopify: ShopifyStandIn;
beforeEach(async () => {
  clock = Date.parse('2026-03-06T20:00:00Z');
  shopify = await startShopify({ now: () => clock, pageSize: 3 });
});
afterEach(() => shopify.close());
afterAll(() => transport.close());

function given(settings: object = shopify.settingsOfApp) {
  const parsed = parseSettings(connector, settings);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  return {
    connector,
    ...parsed.parsed,
    account: shopify.domain,
    store: () => undefined,
    transport,
    now: () => clock,
    facts: { currency: 'EUR' },
  };
}

const authCtx = (settings?: object) => createAuthCtx(given(settings));
const callback = { query: { code: 'code-1', shop: 'casa-pepa.myshopify.com' }, redirectUri: REDIRECT };

/** As the host keeps it: one credential, renewed in turn. */
function connected(first: Credential) {
  let credential = first;
  let renewals = 0;
  const ctx = createCtx({
    ...given(),
    credentials: {
      current: () => credential,
      async renew() {
        renewals += 1;
        const ran = await runObtain(connector, authCtx(), credential);
        if (!ran.ok) throw Object.assign(new Error(ran.failure.message), { failure: ran.failure });
        credential = ran.value;
        return credential;
      },
    },
  });
  return { ctx, renewals: () => renewals };
}

async function logIn() {
  const ran = await runAccept(connector, authCtx(), callback);
  if (!ran.ok) throw new Error(ran.failure.message);
  return connected(ran.value);
}

const orderOf = (facts: readonly Fact[]): HubOrder => {
  const [fact] = facts;
  if (fact?.kind !== 'order') throw new Error('no order');
  return fact.order;
};

const sum = (amounts: readonly { readonly minor: number }[]): number => amounts.reduce((all, { minor }) => all + minor, 0);

/** What the hub makes of an order, in the words of the shop's own reckoning. */
const reckoned = (order: HubOrder) => ({
  id: order.externalId,
  location: order.location,
  state: order.state,
  gross: sum(order.lines.map(({ gross }) => gross)),
  takenOff: sum(order.discounts.map(({ amount }) => amount)),
  tip: order.tip?.minor ?? 0,
  charges: sum(order.charges.map(({ amount }) => amount)),
  total: order.total.minor,
  paid: sum(order.payments.map(({ amount }) => amount)) + sum(order.payments.flatMap(({ tip }) => tip ?? [])),
  refunded: sum(order.refunds.map(({ amount }) => amount)),
  codes: order.discounts.flatMap(({ code, amount }) => (code === undefined ? [] : [{ code, amount: amount.minor }])),
});

const dinner = (code?: string) =>
  ({
    lines: [
      { title: 'Arroz', sku: 'RICE-1', quantity: 2, unit: 2000 },
      { title: 'Jamón', quantity: 1, unit: 1500 },
    ],
    ...(code ? { discounts: [{ kind: 'code' as const, label: code, shares: [400, 150] }] } : {}),
    tip: 300,
  }) as const;

describe('what the restaurants asked of Shopify POS: discount codes by the Admin API, for tracking and reconciliation', () => {
  test('a code of the hub is published, used at a till, booked to the cent, and counted', async () => {
    const { ctx } = await logIn();
    const publication = {
      campaignId: 'c-1',
      name: 'Spring',
      incentive: { kind: 'percentOff', percent: '10' },
      usesPerCode: 1,
      codes: ['DV4711', 'DV4712'],
    };
    let state: Parameters<typeof runNamedVerb>[4];
    for (let steps = 0; steps < 10; steps += 1) {
      const step = await runNamedVerb(connector, ctx, 'vouchers.publish', [{ id: 'j', key: 'k', input: publication }], state);
      if (!('goOn' in step)) {
        expect(step.outcomes).toMatchObject([{ done: { id: expect.stringContaining('DiscountCodeNode') } }]);
        break;
      }
      state = step.goOn;
    }

    const sale = shopify.addOrder(dinner('DV4711'));
    const ran = await runFetch(connector, ctx, 'order', [sale]);
    const order = orderOf(ran.ok ? ran.value : []);
    expect(reckoned(order)).toEqual(shopify.truth(sale));
    expect(order.discounts).toMatchObject([{ code: 'DV4711', amount: { minor: 550, currency: 'EUR' } }]);

    const used = await runFeed(connector, ctx, 'discounts', { from: '2026-03-06T19:00:00Z', to: '2026-03-06T20:00:00Z' });
    expect(used.ok && used.value.facts).toMatchObject([{ kind: 'discount', discount: { name: 'Spring', state: 'ACTIVE', used: 1 } }]);
  });
});

describe('the way to a token', () => {
  const leave = { allowPrivateHosts: true, isPrivate: () => true };
  const query = (changes: Readonly<Record<string, string>> = {}) => {
    const told = { code: 'code-1', host: 'YWRtaW4=', shop: shopify.domain, state: 's-1', timestamp: String(clock / 1000), ...changes };
    const message = new URLSearchParams(told);
    message.sort();
    return { ...told, hmac: createHmac('sha256', shopify.clientSecret).update(message.toString()).digest('hex') };
  };
  const check = (told: Readonly<Record<string, string>>) => verifyCallback(connector, given(), told, () => [shopify.clientSecret], clock);

  test('leads over the shop’s own page, and back with a signature', async () => {
    const { apiBaseUrl: _none, ...settings } = shopify.settingsOfApp;
    const url = new URL(authorizationUrl(connector, given(settings), { state: 's-1', redirectUri: REDIRECT }, leave));
    expect(`${url.origin}${url.pathname}`).toBe('https://casa-pepa.myshopify.com/admin/oauth/authorize');
    expect(url.searchParams.get('scope')).toBe(
      'read_orders,read_locations,read_products,read_discounts,write_discounts,read_customers,write_customers',
    );
    expect(url.searchParams.get('client_id')).toBe(shopify.clientId);

    expect(await check(query())).toEqual({ ok: true });
    expect(await check({ ...query(), shop: 'other.myshopify.com' })).toEqual({ ok: false, fault: 'SIGNATURE_WRONG' });
    expect(await check({ ...query(), hmac: 'zz' })).toEqual({ ok: false, fault: 'SIGNATURE_MALFORMED' });
    expect(await check(query({ timestamp: String(clock / 1000 - 91) }))).toEqual({ ok: false, fault: 'TOO_LATE' });
  });

  test('gives one that expires, with another to renew it', async () => {
    const ran = await runAccept(connector, authCtx(), callback);
    expect(ran).toEqual({
      ok: true,
      value: {
        secrets: { token: 'shopify-access-1', refreshToken: 'shopify-refresh-1' },
        expiresAt: '2026-03-06T21:00:00.000Z',
        useBefore: '2026-06-04T20:00:00.000Z',
      },
    });
    const form = shopify.requests.at(-1)?.form();
    expect(Object.fromEntries(form ?? [])).toMatchObject({
      grant_type: 'authorization_code',
      code: 'code-1',
      expiring: '1',
      client_id: shopify.clientId,
    });
  });

  test('gives one that lasts where the shop answers so', async () => {
    shopify.failNext({ status: 200, body: { access_token: 'shpat_lasting', scope: 'read_orders' } });
    expect(await runAccept(connector, authCtx(), callback)).toEqual({ ok: true, value: { secrets: { token: 'shpat_lasting' } } });
    expect(await runObtain(connector, authCtx(), { secrets: { token: 'shpat_lasting' } })).toMatchObject({
      ok: false,
      failure: { code: 'BAD_CREDENTIALS', message: expect.stringContaining('authorise it again') },
    });
  });

  test('needs nobody where the app and the shop are one organisation’s', async () => {
    const settings = { ...shopify.settingsOfApp, logInAs: 'app' };
    expect(await runObtain(connector, authCtx(settings), undefined)).toEqual({
      ok: true,
      value: { secrets: { token: 'shopify-access-1' }, expiresAt: '2026-03-06T21:00:00.000Z' },
    });
    expect(Object.fromEntries(shopify.requests.at(-1)?.form() ?? [])).toMatchObject({ grant_type: 'client_credentials' });
    const wrong = await runObtain(connector, authCtx({ ...settings, clientSecret: 'another-secret' }), undefined);
    expect(wrong).toMatchObject({
      ok: false,
      failure: { code: 'BAD_CREDENTIALS', message: expect.stringContaining('client id or secret is wrong') },
    });
  });

  test('is renewed in mid-run, once, and a refresh token is good once', async () => {
    const { ctx, renewals } = await logIn();
    const sale = shopify.addOrder(dinner());
    later(3_700_000);
    expect((await runFetch(connector, ctx, 'order', [sale])).ok).toBe(true);
    expect(renewals()).toBe(1);
    expect(await runObtain(connector, authCtx(), { secrets: { token: 'x', refreshToken: 'shopify-refresh-1' } })).toMatchObject({
      ok: false,
      failure: { code: 'BAD_CREDENTIALS' },
    });
  });

  test('ends when the shop takes it back', async () => {
    const { ctx } = await logIn();
    shopify.tokens.revokeAll();
    expect(await runFetch(connector, ctx, 'order', [shopify.addOrder(dinner())])).toMatchObject({
      ok: false,
      failure: { code: 'BAD_CREDENTIALS' },
    });
  });
});

describe('orders', () => {
  test('found by the sweep are those of the shop, one and all, to the cent', async () => {
    const { ctx } = await logIn();
    const ids = [
      shopify.addOrder(dinner('DV4711')),
      shopify.addOrder({ ...dinner(), location: '7002', payments: [{ gateway: 'cash', amount: 6000, change: 200 }] }),
      shopify.addOrder({ ...dinner(), location: null, shipping: 490, discounts: [{ kind: 'code', label: 'FREE1', shipping: 490 }] }),
      shopify.addOrder({ ...dinner(), payments: [] }),
      shopify.addOrder({ ...dinner(), discounts: [{ kind: 'manual', label: 'Regular guest', shares: [0, 100] }] }),
    ];
    const many = shopify.addOrder({ lines: Array.from({ length: 8 }, (_, index) => ({ title: `Tapa ${index}`, quantity: 1, unit: 350 })) });
    shopify.refund(
      many,
      [
        { line: 0, quantity: 1 },
        { line: 1, quantity: 1 },
        { line: 2, quantity: 1 },
        { line: 3, quantity: 1 },
      ],
      1400,
    );
    const found: HubOrder[] = [];
    let page: string | undefined;
    do {
      const ran = await runFeed(connector, ctx, 'orders', {
        from: '2026-03-06T19:45:00Z',
        to: '2026-03-06T20:15:00Z',
        ...(page ? { page } : {}),
      });
      if (!ran.ok) throw new Error(ran.failure.message);
      found.push(...ran.value.facts.map((fact) => orderOf([fact])));
      page = ran.value.next;
    } while (page !== undefined);
    expect(found.map(reckoned)).toEqual([...ids, many].map((id) => shopify.truth(id)));
    expect(found.at(-1)?.refunds[0]?.lines).toHaveLength(4);
  });

  /** What a host keeps: the order of the highest revision. */
  const newest = (orders: readonly HubOrder[]): HubOrder | undefined => {
    const at = ({ revision }: HubOrder): string => (revision && 'at' in revision ? revision.at : '');
    return orders.reduce<HubOrder | undefined>((best, order) => (best === undefined || at(order) > at(best) ? order : best), undefined);
  };

  /** What may happen to an order; Shopify gives back only what it has got. */
  const CHANGES: Readonly<Record<string, (id: string) => void>> = {
    pay(id) {
      const { total, paid } = shopify.truth(id);
      if (paid < total) shopify.pay(id, 'shopify_payments', paid < total / 2 ? total / 2 : total - paid);
    },
    refund(id) {
      const { state, paid, refunded } = shopify.truth(id);
      if (state === 'PAID' && refunded === 0 && paid > 1800) shopify.refund(id, [{ line: 0, quantity: 1 }], 1800);
    },
    remove: (id) => void shopify.refund(id, [{ line: 0, quantity: 1 }], 0),
    void: (id) => shopify.voidOrder(id),
    wait: () => later(1_000),
  };

  test('end in the right state, however late, often and shuffled they are read', async () => {
    const { ctx } = await logIn();
    const changes = fc.uniqueArray(fc.constantFrom(...Object.keys(CHANGES), 'pay again', 'wait again'), { maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(changes, fc.infiniteStream(fc.nat()), async (names, chance) => {
        const id = shopify.addOrder({ ...dinner('DV4711'), payments: [] });
        const reads: HubOrder[] = [];
        for (const name of ['', ...names]) {
          CHANGES[name.replace(' again', '')]?.(id);
          const ran = await runFetch(connector, ctx, 'order', [id]);
          reads.push(orderOf(ran.ok ? ran.value : []));
        }
        const drawn = [...reads, ...reads].map((order) => ({ order, rank: chance.next().value ?? 0 })).sort((x, y) => x.rank - y.rank);
        const last = newest(drawn.map(({ order }) => order));
        expect(last && reckoned(last)).toEqual(shopify.truth(id));
        later(1_000);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a bucket that is empty', () => {
  test('is waited for', async () => {
    const slow = await startShopify({ now: () => clock, lastingToken: 'token-1', bucket: { points: 20, restoreRate: 5, cost: 10 } });
    try {
      const ctx = createCtx(given({ shop: slow.domain, accessToken: 'token-1', apiBaseUrl: slow.url }));
      const id = slow.addOrder(dinner());
      const read = () => runFetch(connector, ctx, 'order', [id]);
      expect([(await read()).ok, (await read()).ok]).toEqual([true, true]);
      expect(await read()).toMatchObject({ ok: false, failure: { code: 'RATE_LIMITED', wait: 'PT2S' } });
      later(2_000);
      expect((await read()).ok).toBe(true);
    } finally {
      await slow.close();
    }
  });
});

describe('a webhook', () => {
  test('is subscribed to, sent, proven and understood, as between a shop and a hub', async () => {
    const url = 'https://hub.example.com/webhooks/c-1';
    const { ctx } = await logIn();
    const hub = await startHubDoor({ connector, secrets: { clientSecret: shopify.clientSecret }, ctx: () => ctx, registered: url });
    try {
      const want = { url, topics: connector.webhooks?.topics ?? [], newSecret: 'x' };
      const made = await runEnsure(connector, ctx, want, []);
      const again = await runEnsure(connector, ctx, want, made.ok ? made.value : []);
      expect(again).toEqual(made);
      expect(shopify.shop.subscriptions.size).toBe(14);

      const id = shopify.addOrder(dinner('DV4711'));
      expect(await shopify.deliverOrder('orders/paid', id, { to: () => hub.address })).toEqual([200]);
      expect(hub.facts.map((fact) => reckoned(orderOf([fact])))).toEqual([shopify.truth(id)]);
    } finally {
      await hub.close();
    }
  });
});
