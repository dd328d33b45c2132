import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { bearer, type Connector, defineConnector, type Plain, type Ref, secret, type Verb, z } from '@valehub/connector-kit';
import { type StandIn, startStandIn } from '@valehub/connector-kit/testing';
import { ADMIN, type ConnectorHub, ledgerTypes, rowsOf, startConnectorHub, withVouchers } from './support/connector-hub.ts';

const settings = z.strictObject({ apiKey: secret({ title: 'API key' }) });

/** Posts what it is given to `/<verb>`. */
const posting = <In>(verb: string, max = 1): Verb<In, Ref, typeof settings> => ({
  repeat: { key: { max: 255 } },
  batch: { max },
  run: async (ctx, jobs) => {
    const json = jobs.map(({ key, input }) => ({ key, input: input as Plain }));
    await ctx.call({ path: `/${verb}`, json, reply: z.unknown() });
    return { outcomes: jobs.map(({ id }) => ({ job: id, done: { id: null } })) };
  },
});

const taking: Connector = defineConnector({
  id: 'taking',
  title: 'Taking',
  docs: 'https://taking.example/docs',
  kit: '^1.0.0',
  versions: [{ id: '1', link: 'https://taking.example/docs' }],
  settings,
  hosts: { api: { url: 'https://api.taking.example' } },
  auth: bearer('apiKey'),
  identify: () => ({ account: 'taking-account', name: 'Taking' }),
  limits: [],
  roles: {
    'events.push': { push: posting('events') },
    'rows.append': { append: posting('rows', 10) },
    'alerts.send': { send: posting('alerts') },
  },
  capabilities: { 'event.push': 'ENFORCED' },
});

const secretKey = randomBytes(32);
let platform: StandIn;
let running: ConnectorHub;
let connectionId: string;
let vouchers: Awaited<ReturnType<typeof withVouchers>>;

beforeAll(async () => {
  platform = await startStandIn();
});
afterAll(() => platform.close());
beforeEach(async () => {
  running = await startConnectorHub({ connectors: [taking], secretKey });
  platform.answer([{ body: {} }]);
  const given = { apiKey: 'taking-key-1', apiBaseUrl: platform.url };
  ({ id: connectionId } = await running.host.desk.connect(ADMIN, {
    connectorId: 'taking',
    appId: null,
    name: 'CRM',
    storeId: null,
    settings: given,
  }));
  vouchers = await withVouchers(running.hub);
});
afterEach(async () => {
  await running.close();
  await running.database.drop();
});

const forward = (verb: string, events: string[], more: { filter?: string; settings?: unknown; fromStart?: boolean } = {}) =>
  running.host.forwardings.create(ADMIN, {
    connectionId,
    verb,
    events,
    filter: more.filter ?? null,
    settings: more.settings ?? {},
    fromStart: more.fromStart ?? false,
  });
async function redeem(code: string, check: string, minor = 2000) {
  const order = {
    externalId: check,
    source: 'api',
    revision: null,
    storeId: vouchers.storeId,
    channel: 'DINE_IN' as const,
    placedAt: null,
    currency: 'EUR',
    pricesIncludeTax: true,
    customer: { email: 'ana@example.com' },
    lines: [{ id: '1', sku: 'ARROZ', name: null, group: null, brand: null, quantity: '1', unitPrice: minor, discount: 0, taxRate: null }],
    payments: [],
  };
  return running.hub.desk.redeem(ADMIN, {
    idempotencyKey: check,
    holdId: null,
    codes: [code],
    order,
    tillId: null,
    staffId: null,
    entryMode: 'SCANNED',
  });
}
/** Everything is sealed, read and sent. */
async function settle(): Promise<void> {
  await ledgerTypes(running.hub);
  await running.host.drain();
}
type Sent = { key: string; input: Record<string, unknown> }[];
const sent = (path: string): Sent =>
  platform.requests.filter((request) => request.path === path).flatMap(({ body }) => JSON.parse(body) as Sent);

describe('events of the ledger', () => {
  test('go to a platform once each, with their customer', async () => {
    await forward('events.push', ['VOUCHER_REDEEMED']);
    for (const [at, code] of vouchers.codes.slice(0, 3).entries()) await redeem(code, `check-${at}`);
    await settle();
    await settle();
    // Jobs of one verb go out side by side: what is promised is once each.
    const inputs = sent('/events')
      .map(({ input }) => input as Record<string, unknown> & { position: number })
      .sort((a, b) => a.position - b.position);
    expect(inputs.map(({ order }) => order)).toEqual([0, 1, 2].map((at) => ({ source: 'api', externalId: `check-${at}` })));
    expect(inputs[0]).toMatchObject({
      id: expect.stringMatching(/^evt_\d+$/),
      type: 'VOUCHER_REDEEMED',
      code: vouchers.codes[0],
      amount: { minor: 200, currency: 'EUR' },
      store: { id: vouchers.storeId, name: 'Triana' },
      campaign: { name: 'Primavera' },
      customer: { email: 'ana@example.com' },
    });
    expect(new Set(sent('/events').map(({ key }) => key)).size).toBe(3);
  });

  test('become rows in batches, in the columns that were asked for, nothing personal in them', async () => {
    await forward('rows.append', ['VOUCHER_REDEEMED'], {
      settings: { table: 'Canjes', columns: ['at', 'code', 'amount', 'store', 'event'] },
    });
    for (const [at, code] of vouchers.codes.slice(0, 3).entries()) await redeem(code, `check-${at}`);
    await settle();
    const rows = sent('/rows').map(({ input }) => input);
    expect(rows).toHaveLength(3);
    expect(rows[0]).toEqual({
      table: 'Canjes',
      columns: ['event', 'at', 'code', 'amount', 'store'],
      values: [expect.stringMatching(/^evt_/), expect.stringMatching(/Z$/), vouchers.codes[0], '2.00', 'Triana'],
    });
    expect(JSON.stringify(rows)).not.toContain('ana@example.com');
  });

  test('become alerts that show no whole code', async () => {
    await forward('alerts.send', ['VOUCHER_REJECTED'], { settings: { severity: 'CRITICAL', buttons: [{ id: 'seen', label: 'Visto' }] } });
    await redeem(vouchers.code, 'check-1');
    await redeem(vouchers.code, 'check-2');
    await settle();
    const [alert] = sent('/alerts').map(({ input }) => input);
    expect(alert).toMatchObject({ severity: 'CRITICAL', title: 'VOUCHER_REJECTED: Triana', buttons: [{ id: 'seen', label: 'Visto' }] });
    expect(alert?.['text']).toContain(`…${vouchers.code.slice(-4)}`);
    expect(JSON.stringify(alert)).not.toContain(vouchers.code);
  });

  test('are those that the filter lets through', async () => {
    await forward('events.push', ['VOUCHER_REDEEMED'], { filter: 'event.amount.minor >= 500' });
    await redeem(vouchers.codes[0] ?? '', 'check-1', 2000);
    await redeem(vouchers.codes[1] ?? '', 'check-2', 9000);
    await settle();
    expect(sent('/events').map(({ input }) => input['amount'])).toEqual([{ minor: 900, currency: 'EUR' }]);
  });

  test('begin where they are asked to, wait while paused, and go on where they stood', async () => {
    await redeem(vouchers.codes[0] ?? '', 'check-1');
    await settle();
    const fromNow = await forward('events.push', ['VOUCHER_REDEEMED']);
    await forward('rows.append', ['VOUCHER_REDEEMED'], { settings: { table: 'T' }, fromStart: true });
    await running.host.forwardings.update(ADMIN, fromNow.id, { paused: true });
    await redeem(vouchers.codes[1] ?? '', 'check-2');
    await settle();
    expect(sent('/rows')).toHaveLength(2);
    expect(sent('/events')).toEqual([]);
    expect((await running.host.forwardings.list(connectionId)).find(({ id }) => id === fromNow.id)?.behind).toBeGreaterThan(0);
    await running.host.forwardings.update(ADMIN, fromNow.id, { paused: false });
    await settle();
    expect(sent('/events').map(({ input }) => input['order'])).toEqual([{ source: 'api', externalId: 'check-2' }]);
  });

  test('read by two processes at once still go out once each', async () => {
    const second = await startConnectorHub({ connectors: [taking], database: running.database, clock: running.clock, secretKey });
    await forward('events.push', ['VOUCHER_REDEEMED'], { fromStart: true });
    for (const [at, code] of vouchers.codes.entries()) await redeem(code, `check-${at}`);
    await ledgerTypes(running.hub);
    await Promise.all([running.host.drain(), second.host.drain()]);
    await Promise.all([running.host.drain(), second.host.drain()]);
    expect(await rowsOf(running.hub, 'select count(*)::int as n from outbox_job')).toEqual([{ n: vouchers.codes.length }]);
    await second.close();
  });
});

describe('a forwarding', () => {
  test('with faults is refused with all of them', async () => {
    await expect(
      forward('rows.append', ['VOUCHER_REDEEMED', 'NOTHING'], { filter: 'event.nothing > 1', settings: { columns: ['name'] } }),
    ).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      faults: expect.arrayContaining([
        expect.objectContaining({ path: 'input.events[1]' }),
        expect.objectContaining({ path: 'input.filter' }),
        expect.objectContaining({ path: 'input.settings.table' }),
        expect.objectContaining({ path: 'input.settings.columns.0' }),
      ]),
    });
    await expect(forward('messages.send', ['VOUCHER_REDEEMED'])).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(forward('customers.upsert', ['CUSTOMER_CREATED'])).rejects.toThrow('has no customers.upsert');
  });

  test('is an administrator’s to make, and leaves lines in the audit', async () => {
    const marketing = { ...ADMIN, role: 'MARKETING' as const };
    const draft = { connectionId, verb: 'events.push', events: ['VOUCHER_REDEEMED'], filter: null, settings: {}, fromStart: false };
    await expect(running.host.forwardings.create(marketing, draft)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const { id } = await forward('events.push', ['VOUCHER_REDEEMED']);
    await running.host.forwardings.update(ADMIN, id, { events: ['VOUCHER_REDEEMED', 'VOUCHER_ISSUED'] });
    await running.host.forwardings.remove(ADMIN, id);
    expect(await running.host.forwardings.list(null)).toEqual([]);
    const lines = await rowsOf<{ operation: string }>(running.hub, `select operation from audit_line where subject_id = $1 order by id`, [
      id,
    ]);
    expect(lines.map(({ operation }) => operation)).toEqual(['createForwarding', 'updateForwarding', 'deleteForwarding']);
  });
});
