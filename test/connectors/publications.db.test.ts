import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { bearer, type Connector, defineConnector, path, secret, z } from '@valehub/connector-kit';
import { deliver, forgerFor, type Platform, startPlatform } from '@valehub/connector-kit/testing';
import { ADMIN, type ConnectorHub, startConnectorHub, withVouchers } from './support/connector-hub.ts';
import { telling } from './support/telling.ts';

const made = z.object({ id: z.string() });
const PER_CALL = 4;

/** A shop that keeps promotions with codes. */
const shop: Connector = defineConnector({
  id: 'shop',
  title: 'Shop',
  docs: 'https://shop.example/docs',
  kit: '^1.0.0',
  versions: [{ id: '1', link: 'https://shop.example/docs' }],
  settings: z.strictObject({ apiKey: secret({ title: 'API key' }) }),
  hosts: { api: { url: 'https://api.shop.example' } },
  auth: bearer('apiKey'),
  identify: () => ({ account: 'shop-1', name: 'Shop' }),
  limits: [],
  roles: {
    'vouchers.publish': {
      publish: {
        repeat: { key: { max: 255 } },
        async run(ctx, jobs) {
          const [job] = jobs;
          if (!job) return { outcomes: [] };
          const { id } = await ctx.call({ path: '/promotions', json: { key: job.key, ...job.input }, reply: made });
          return { outcomes: [{ job: job.id, done: { id } }] };
        },
      },
      update: {
        repeat: 'safe',
        async run(ctx, jobs) {
          const [job] = jobs;
          if (!job) return { outcomes: [] };
          await ctx.call({ method: 'PUT', path: path`/promotions/${job.input.to.id ?? ''}`, json: job.input.publication, reply: made });
          return { outcomes: [{ job: job.id, done: job.input.to }] };
        },
      },
      withdraw: {
        repeat: 'safe',
        async run(ctx, jobs) {
          const [job] = jobs;
          if (!job) return { outcomes: [] };
          await ctx.call({ method: 'DELETE', path: path`/promotions/${job.input.id ?? ''}`, read: 'none', reply: z.null() });
          return { outcomes: [{ job: job.id, done: null }] };
        },
      },
      addCodes: {
        repeat: 'safe',
        async run(ctx, jobs) {
          const [job] = jobs;
          if (!job) return { outcomes: [] };
          const reply = z.object({ added: z.int(), refused: z.array(z.string()) });
          const done = await ctx.call({ path: path`/promotions/${job.input.to.id ?? ''}/codes`, json: [...job.input.codes], reply });
          return { outcomes: [{ job: job.id, done }] };
        },
      },
    },
  },
  capabilities: { 'incentive.percentOff': 'ENFORCED', 'lifecycle.publish': 'ENFORCED', 'codes.bulk': 'ENFORCED' },
  publishing: { codes: { max: 1000, perCall: PER_CALL } },
});

interface Promotion {
  readonly name: string;
  readonly codes: Set<string>;
}
let promotions: Map<string, Promotion>;
let keys: Map<string, string>;
let platform: Platform;
let running: ConnectorHub;
let connectionId: string;
let vouchers: Awaited<ReturnType<typeof withVouchers>>;

beforeAll(async () => {
  platform = await startPlatform({
    routes: [
      {
        at: 'POST /promotions',
        handle(request) {
          const body = request.json() as { key: string; name: string; codes: string[] };
          const id = keys.get(body.key) ?? `PROMO-${promotions.size + 1}`;
          keys.set(body.key, id);
          promotions.set(id, { name: body.name, codes: new Set(body.codes) });
          return { body: { id } };
        },
      },
      {
        at: 'PUT /promotions/:id',
        handle(request) {
          const body = request.json() as { name: string; codes: string[] };
          const id = request.params['id'] ?? '';
          if (!promotions.has(id)) return { status: 404, body: {} };
          promotions.set(id, { name: body.name, codes: new Set(body.codes) });
          return { body: { id } };
        },
      },
      {
        at: 'POST /promotions/:id/codes',
        handle(request) {
          const known = promotions.get(request.params['id'] ?? '');
          const codes = request.json() as string[];
          const [first] = codes;
          for (const code of codes.slice(1)) known?.codes.add(code);
          // One of each piece is refused, so that both counts are seen.
          return { body: { added: codes.length - 1, refused: first === undefined ? [] : [first] } };
        },
      },
      { at: 'DELETE /promotions/:id', handle: (request) => ({ status: promotions.delete(request.params['id'] ?? '') ? 204 : 404 }) },
    ],
  });
});
afterAll(() => platform.close());
beforeEach(async () => {
  promotions = new Map();
  keys = new Map();
  running = await startConnectorHub({ connectors: [shop, telling] });
  const settings = { apiKey: 'shop-key-1', apiBaseUrl: platform.url };
  ({ id: connectionId } = await running.host.desk.connect(ADMIN, {
    connectorId: 'shop',
    appId: null,
    name: 'Shop',
    storeId: null,
    settings,
  }));
  vouchers = await withVouchers(running.hub);
});
afterEach(async () => {
  await running.close();
  await running.database.drop();
});

/** Steps follow one another by notification: until nothing is under way any more. */
async function settled() {
  for (;;) {
    await running.host.drain();
    const [record] = await running.host.publications.list(vouchers.campaignId);
    if (record !== undefined && record.status !== 'PUBLISHING' && record.status !== 'WITHDRAWING') return record;
  }
}
const publish = (onLoss: 'REFUSE' | 'NARROW' | 'GO_ON' = 'GO_ON') =>
  running.host.publications.publish(ADMIN, vouchers.campaignId, connectionId, onLoss);

describe('a campaign', () => {
  test('is published with all its codes, in pieces, and what the platform refused is counted', async () => {
    expect(await publish()).toMatchObject({ status: 'PUBLISHING', codesTotal: 10 });
    expect(await settled()).toMatchObject({ status: 'PUBLISHED', codesTotal: 10, codesAdded: 8, codesRefused: 2, lastError: null });
    const [promotion] = promotions.values();
    expect(promotion?.name).toBe('Primavera');
    expect([...(promotion?.codes ?? [])].sort()).toEqual(vouchers.codes.filter((_code, at) => at !== 4 && at !== 8).sort());
  });

  test('leaves out codes that are used up, and changes what is there when it is published again', async () => {
    const order = {
      externalId: 'check-1',
      source: 'api',
      revision: null,
      storeId: vouchers.storeId,
      channel: 'DINE_IN' as const,
      placedAt: null,
      currency: 'EUR',
      pricesIncludeTax: true,
      customer: null,
      lines: [{ id: '1', sku: 'ARROZ', name: null, group: null, brand: null, quantity: '1', unitPrice: 2000, discount: 0, taxRate: null }],
      payments: [],
    };
    await publish();
    await settled();
    const command = {
      idempotencyKey: 'k',
      holdId: null,
      codes: [vouchers.code],
      order,
      tillId: null,
      staffId: null,
      entryMode: 'SCANNED' as const,
    };
    await running.hub.desk.redeem(ADMIN, command);
    await running.hub.campaigns.update(ADMIN, vouchers.campaignId, { name: 'Verano' });
    await publish();
    expect(await settled()).toMatchObject({ status: 'PUBLISHED', campaignVersion: 3 });
    expect([...promotions]).toHaveLength(1);
    const [promotion] = promotions.values();
    expect(promotion?.name).toBe('Verano');
    expect(promotion?.codes.has(vouchers.code)).toBe(false);
  });

  test('whose publishing broke off in the middle stands there once', async () => {
    platform.failNext('LATE', { status: 503 });
    await publish();
    for (let tries = 0; tries < 10; tries += 1) {
      await running.host.drain();
      running.clock.pass(60_000);
    }
    expect(await settled()).toMatchObject({ status: 'PUBLISHED' });
    expect([...promotions]).toHaveLength(1);
  });

  test('is withdrawn by hand, and by itself when it pauses', async () => {
    await publish();
    await settled();
    await running.host.publications.withdraw(ADMIN, vouchers.campaignId, connectionId);
    expect(await settled()).toMatchObject({ status: 'WITHDRAWN' });
    expect([...promotions]).toEqual([]);
    await publish();
    await settled();
    await running.hub.campaigns.pause(ADMIN, vouchers.campaignId);
    await running.host.drain();
    expect(await settled()).toMatchObject({ status: 'WITHDRAWN' });
    expect([...promotions]).toEqual([]);
  });

  test('that the platform refuses says why, and stays the hub’s own', async () => {
    platform.failNext({ status: 400, body: { message: 'no' } });
    await publish();
    expect(await settled()).toMatchObject({ status: 'FAILED', lastError: expect.stringContaining('BAD_INPUT') });
    expect((await running.host.desk.connection(connectionId))?.lastError).toContain('could not be published');
  });

  test('that would give more than it should is not sent unless somebody says so', async () => {
    await running.hub.campaigns.update(ADMIN, vouchers.campaignId, { conditions: { minimumOrder: 1000 } });
    const plan = await running.host.publications.plan(vouchers.campaignId, connectionId);
    expect(plan.losses).toEqual([expect.objectContaining({ about: 'condition.minimumOrder', effect: 'WIDER' })]);
    await expect(publish('REFUSE')).rejects.toMatchObject({
      code: 'CONFLICT',
      faults: [{ path: 'condition.minimumOrder', message: expect.any(String) }],
    });
    await expect(publish('NARROW')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect([...promotions]).toEqual([]);
    await publish('GO_ON');
    expect(await settled()).toMatchObject({ status: 'PUBLISHED', losses: plan.losses });
  });

  test('is published by marketing and administrators, by connectors that can, and while it runs', async () => {
    const till = { ...ADMIN, role: 'TILL' as const };
    await expect(running.host.publications.publish(till, vouchers.campaignId, connectionId, 'GO_ON')).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    const other = await running.host.desk.connect(ADMIN, {
      connectorId: 'telling',
      appId: null,
      name: 'CRM',
      storeId: null,
      settings: { signingKey: 'signing-key-1' },
    });
    await expect(running.host.publications.plan(vouchers.campaignId, other.id)).rejects.toThrow('publishes no campaigns');
    await running.hub.campaigns.end(ADMIN, vouchers.campaignId);
    await expect(publish()).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

test('articles of a platform become the hub’s on the way in', async () => {
  const settings = { signingKey: 'signing-key-1' };
  const { id, webhookUrl } = await running.host.desk.connect(ADMIN, {
    connectorId: 'telling',
    appId: null,
    name: 'Till',
    storeId: vouchers.storeId,
    settings,
  });
  expect(await running.host.publications.mapProducts(ADMIN, id, [{ externalId: 'P-77', sku: 'ARROZ', group: 'platos', brand: null }])).toBe(
    1,
  );
  const zero = { minor: 0, currency: 'EUR' };
  const price = { minor: 1000, currency: 'EUR' };
  const line = (lineId: string, sku: string) => ({ id: lineId, sku, quantity: '1', unitPrice: price, gross: price, discount: zero });
  const order = {
    externalId: 'O-1',
    revision: { version: 1 },
    state: 'PAID',
    placedAt: '2026-03-06T20:00:00.000Z',
    currency: 'EUR',
    pricesIncludeTax: true,
    lines: [line('1', 'P-77'), line('2', 'P-78')],
    discounts: [],
    payments: [],
    refunds: [],
    charges: [],
    total: { minor: 2000, currency: 'EUR' },
    texts: [],
  };
  const forger = forgerFor(telling, settings);
  const body = JSON.stringify({ key: 'd-1', facts: [{ kind: 'order', order }] });
  expect(await deliver(forger, { url: webhookUrl ?? '', body, at: running.clock.now() })).toBe(200);
  await running.host.drain();
  const { rows } = await running.hub.database.pool.query<{ lines: { sku: string; group: string | null }[] }>(
    `select basket->'lines' as lines from orders`,
  );
  expect(rows[0]?.lines.map(({ sku, group }) => [sku, group])).toEqual([
    ['ARROZ', 'platos'],
    ['P-78', null],
  ]);
  expect(await running.host.publications.mapProducts(ADMIN, id, [{ externalId: 'P-77', sku: null, group: null, brand: null }])).toBe(1);
  expect(await running.host.publications.products(id)).toEqual([]);
});
