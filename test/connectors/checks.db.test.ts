import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { bearer, type Connector, defineConnector, path, secret, z } from '@valehub/connector-kit';
import { type Platform, startPlatform } from '@valehub/connector-kit/testing';
import { ADMIN, type ConnectorHub, rowsOf, startConnectorHub, withVouchers } from './support/connector-hub.ts';
import { telling } from './support/telling.ts';

const checkSchema = z.object({
  open: z.boolean(),
  version: z.int(),
  cents: z.int(),
  discounts: z.array(z.object({ id: z.string(), code: z.string(), cents: z.int() })),
});
type Check = z.infer<typeof checkSchema>;

const EUR = (minor: number) => ({ minor, currency: 'EUR' });

/** A till with checks, that takes discounts on open ones. */
const till: Connector = defineConnector({
  id: 'till',
  title: 'Till',
  docs: 'https://till.example/docs',
  kit: '^1.0.0',
  versions: [{ id: '1', link: 'https://till.example/docs' }],
  settings: z.strictObject({ apiKey: secret({ title: 'API key' }), readOnly: z.boolean().optional() }),
  hosts: { api: { url: 'https://api.till.example' } },
  auth: bearer('apiKey'),
  identify: () => ({ account: 'till-1', name: 'Till' }),
  narrow: ({ settings }) => (settings['readOnly'] === true ? { 'orders.apply': 'NOT_POSSIBLE' } : {}),
  limits: [],
  fetch: {
    order: {
      max: 1,
      async read(ctx, ids) {
        const [id = ''] = ids;
        const check = await ctx.call({ path: path`/checks/${id}`, reply: checkSchema });
        const taken = check.discounts.reduce((sum, { cents }) => sum + cents, 0);
        const line = {
          id: '1',
          sku: 'ARROZ',
          name: 'Arroz',
          quantity: '1',
          unitPrice: EUR(check.cents),
          gross: EUR(check.cents),
          discount: EUR(taken),
        };
        return [
          {
            kind: 'order',
            order: {
              externalId: id,
              revision: { version: check.version },
              state: check.open ? 'OPEN' : 'PAID',
              placedAt: '2026-03-06T20:00:00.000Z',
              currency: 'EUR',
              pricesIncludeTax: true,
              lines: [line],
              discounts: check.discounts.map(({ id: externalId, code, cents }) => ({
                externalId,
                name: code,
                amount: EUR(cents),
                code,
                texts: [],
              })),
              payments: [],
              refunds: [],
              charges: [],
              total: EUR(check.cents - taken),
              texts: [],
            },
          },
        ];
      },
    },
  },
  roles: {
    'orders.apply': {
      apply: {
        repeat: { key: { max: 255 } },
        async run(ctx, jobs) {
          const [job] = jobs;
          if (!job) return { outcomes: [] };
          const { id } = await ctx.call({
            path: path`/checks/${job.input.orderId}/discounts`,
            json: { key: job.key, ...job.input },
            reply: z.object({ id: z.string() }),
          });
          return { outcomes: [{ job: job.id, done: { orderId: job.input.orderId, id } }] };
        },
      },
      remove: {
        repeat: 'safe',
        async run(ctx, jobs) {
          const [job] = jobs;
          if (!job) return { outcomes: [] };
          await ctx.call({
            method: 'DELETE',
            path: path`/checks/${job.input.orderId}/discounts/${job.input.id ?? ''}`,
            read: 'none',
            reply: z.null(),
          });
          return { outcomes: [{ job: job.id, done: null }] };
        },
      },
    },
  },
  capabilities: { 'orders.apply': 'ENFORCED' },
});

let checks: Map<string, Check>;
let asked: unknown[];
/** Whether checks are paid just as something is put on them. */
let closing: boolean;
let platform: Platform;
let running: ConnectorHub;
let connectionId: string;
let vouchers: Awaited<ReturnType<typeof withVouchers>>;

beforeAll(async () => {
  platform = await startPlatform({
    routes: [
      {
        at: 'GET /checks/:id',
        handle: ({ params }) => ({
          body: (checks.get(params['id'] ?? '') ?? null) as never,
          status: checks.has(params['id'] ?? '') ? 200 : 404,
        }),
      },
      {
        at: 'POST /checks/:id/discounts',
        handle(request) {
          const check = checks.get(request.params['id'] ?? '');
          if (closing && check) check.open = false;
          if (check?.open !== true) return { status: 409, body: { message: 'The check is closed.' } };
          const body = request.json() as { code: string; amount: { minor: number } };
          asked.push(body);
          const id = `D-${check.discounts.length + 1}`;
          check.discounts.push({ id, code: body.code, cents: body.amount.minor });
          check.version += 1;
          return { body: { id } };
        },
      },
      {
        at: 'DELETE /checks/:id/discounts/:discount',
        handle({ params }) {
          const check = checks.get(params['id'] ?? '');
          if (check) check.discounts = check.discounts.filter(({ id }) => id !== params['discount']);
          return { status: 204 };
        },
      },
    ],
  });
});
afterAll(() => platform.close());
beforeEach(async () => {
  checks = new Map([['4711', { open: true, version: 1, cents: 2_000, discounts: [] }]]);
  asked = [];
  closing = false;
  running = await startConnectorHub({ connectors: [till, telling] });
  vouchers = await withVouchers(running.hub);
  const settings = { apiKey: 'till-key-1', apiBaseUrl: platform.url, locations: { bar: vouchers.storeId } };
  ({ id: connectionId } = await running.host.desk.connect(ADMIN, {
    connectorId: 'till',
    appId: null,
    name: 'Till',
    storeId: null,
    settings,
  }));
});
afterEach(async () => {
  await running.close();
  await running.database.drop();
});

const apply = (over: object = {}) =>
  running.host.checks.apply(ADMIN, { connectionId, orderExternalId: '4711', location: 'bar', code: vouchers.code, ...over });
const standing = () => running.host.checks.list(ADMIN, connectionId, '4711');

describe('a voucher on an open check', () => {
  test('is decided by the hub on the check as it stands, and taken off there once', async () => {
    const typed = vouchers.code.toLowerCase();
    const [first, second] = await Promise.all([apply({ code: typed }), apply({ code: typed })]);
    expect(first).toMatchObject({ kind: 'applied', applied: { status: 'APPLYING', amount: 200, currency: 'EUR', code: vouchers.code } });
    expect(second).toMatchObject({ kind: 'applied', applied: { id: first.kind === 'applied' ? first.applied.id : '' } });
    await running.host.drain();
    expect(asked).toEqual([
      expect.objectContaining({ orderId: '4711', code: vouchers.code, name: 'Primavera', kind: 'ORDER_DISCOUNT', amount: EUR(200) }),
    ]);
    expect(await standing()).toEqual([expect.objectContaining({ status: 'APPLIED', externalId: 'D-1', lastError: null })]);
    // Nothing is used before the check is paid.
    expect(await rowsOf(running.hub, 'select 1 from redemption')).toEqual([]);
    await expect(apply()).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('already carries') });
  });

  test('comes off again, and may be put on anew', async () => {
    const made = await apply();
    const id = made.kind === 'applied' ? made.applied.id : '';
    await running.host.drain();
    expect(await running.host.checks.remove(ADMIN, id)).toMatchObject({ status: 'REMOVING' });
    await running.host.drain();
    expect(await standing()).toMatchObject([{ status: 'REMOVED' }]);
    expect(checks.get('4711')?.discounts).toEqual([]);
    await apply();
    await running.host.drain();
    expect((await standing()).map(({ status }) => status)).toEqual(['REMOVED', 'APPLIED']);
    expect(checks.get('4711')?.discounts).toHaveLength(1);
  });

  test('is refused by the rules with their reasons', async () => {
    const refused = await apply({ code: 'DV0000000000000' });
    expect(refused).toMatchObject({ kind: 'refused', rejections: [{ reason: expect.any(String) }] });
    await running.host.drain();
    expect(asked).toEqual([]);
  });

  test('shows what the platform says where it will not', async () => {
    closing = true;
    const made = await apply();
    await running.host.drain();
    // Tried again: a till may be busy with the check for a moment.
    expect(await standing()).toMatchObject([{ status: 'APPLYING', lastError: 'CONFLICT. The platform answered 409.' }]);
    const id = made.kind === 'applied' ? made.applied.id : '';
    await expect(running.host.checks.remove(ADMIN, id)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('APPLYING'),
    });
    await expect(apply({ code: vouchers.codes[1] })).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('PAID') });
  });

  test('is not asked for where the connection may not put it there', async () => {
    await running.host.desk.update(ADMIN, connectionId, { settings: { readOnly: true } });
    await expect(apply()).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('Till puts no vouchers on open checks: its settings'),
    });
    await running.host.drain();
    expect(asked).toEqual([]);
  });

  test.each([
    ['a check that is not there', { orderExternalId: '1' }, 'NOT_FOUND'],
    ['a place nobody has mapped', { location: 'kitchen' }, 'BAD_USER_INPUT'],
    ['no place, where there are several', { location: null }, 'BAD_USER_INPUT'],
    ['another connection', { connectionId: 'con_0' }, 'NOT_FOUND'],
  ])('needs more than %s', async (_what, over, code) => {
    await expect(apply(over)).rejects.toMatchObject({ code });
  });

  test('is nothing for a platform that takes none, nor for a key of another store', async () => {
    const { id } = await running.host.desk.connect(ADMIN, {
      connectorId: 'telling',
      appId: null,
      name: 'Telling',
      storeId: vouchers.storeId,
      settings: { signingKey: 'a-signing-key-for-tests' },
    });
    await expect(apply({ connectionId: id, location: null })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: 'The connector telling puts no vouchers on open checks.',
    });
    const elsewhere = { ...ADMIN, role: 'TILL' as const, storeIds: ['sto_other'] };
    await expect(
      running.host.checks.apply(elsewhere, { connectionId, orderExternalId: '4711', location: 'bar', code: vouchers.code }),
    ).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });
});
