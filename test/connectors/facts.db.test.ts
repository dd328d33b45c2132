import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fact } from '@valehub/connector-kit';
import { deliver, type Forger, forgerFor } from '@valehub/connector-kit/testing';
import { ADMIN, type ConnectorHub, ledgerTypes, rowsOf, startConnectorHub } from './support/connector-hub.ts';
import { telling } from './support/telling.ts';

const SECRET = 'signing-key-of-the-platform';
const AT = '2026-03-06T20:00:00.000Z';

let running: ConnectorHub;
let forger: Forger;
let connectionId: string;
let url: string;
let deliveries = 0;

beforeEach(async () => {
  running = await startConnectorHub({ connectors: [telling] });
  forger = forgerFor(telling, { signingKey: SECRET });
  const settings = { signingKey: SECRET, approvers: { U1: 'Encargada de Triana' } };
  const connection = await running.host.desk.connect(ADMIN, { connectorId: 'telling', appId: null, name: 'CRM', storeId: null, settings });
  connectionId = connection.id;
  url = connection.webhookUrl ?? '';
});
afterEach(async () => {
  await running.close();
  await running.database.drop();
});

async function tell(...facts: Fact[]): Promise<void> {
  deliveries += 1;
  const body = JSON.stringify({ key: `d-${deliveries}`, facts });
  expect(await deliver(forger, { url, body, at: running.clock.now() })).toBe(200);
  await running.host.drain();
}
const customers = () => rowsOf(running.hub, 'select name, phone, email, groups from customer order by id');
const connection = () => running.host.desk.connection(connectionId);
const customEvents = () =>
  rowsOf<{ name: string; data: Record<string, unknown>; customer: string | null }>(
    running.hub,
    `select name, data, customer_id as customer from ledger_event where type = 'CUSTOM' order by position`,
  );

describe('a customer of a platform', () => {
  const ana = { externalId: 'C-1', name: 'Ana', phone: '612 345 678', email: 'Ana@Example.com', groups: ['vip'] };

  test('becomes one of the hub’s, once, known by phone and e-mail', async () => {
    await tell({ kind: 'customer', customer: ana }, { kind: 'customer', customer: { ...ana, externalId: 'C-2' } });
    expect(await customers()).toEqual([{ name: 'Ana', phone: '+34612345678', email: 'ana@example.com', groups: ['vip'] }]);
    expect(await rowsOf(running.hub, 'select external_id from customer_link order by external_id')).toEqual([
      { external_id: 'C-1' },
      { external_id: 'C-2' },
    ]);
    expect((await ledgerTypes(running.hub)).filter((type) => type === 'CUSTOMER_CREATED')).toHaveLength(1);
  });

  test('adds to what the hub knows and overwrites none of it', async () => {
    await running.hub.customers.upsert(ADMIN, { email: 'ana@example.com', name: 'Ana María', groups: ['prensa'] });
    await tell({ kind: 'customer', customer: ana });
    expect(await customers()).toEqual([{ name: 'Ana María', phone: '+34612345678', email: 'ana@example.com', groups: ['prensa', 'vip'] }]);
  });

  test('whom neither phone nor e-mail tell is nobody, and one who would be two people is for a person to look at', async () => {
    await tell({ kind: 'customer', customer: { externalId: 'C-3', name: 'Nadie', phone: 'see notes' } });
    expect(await customers()).toEqual([]);
    await running.hub.customers.upsert(ADMIN, { phone: '+34612345678' });
    await running.hub.customers.upsert(ADMIN, { email: 'ana@example.com' });
    await tell({ kind: 'customer', customer: ana });
    expect(await rowsOf(running.hub, `select state, reason from notice where state = 'PARKED'`)).toEqual([
      { state: 'PARKED', reason: 'REFUSED' },
    ]);
    expect((await connection())?.lastError).toContain('BAD_USER_INPUT');
    expect((await connection())?.lastError).not.toContain('example.com');
  });

  test('that is gone at the platform stays with the hub, without its link', async () => {
    await tell({ kind: 'customer', customer: ana });
    await tell({ kind: 'gone', resource: 'customer', id: 'C-1' });
    expect(await customers()).toHaveLength(1);
    expect(await rowsOf(running.hub, 'select 1 from customer_link')).toEqual([]);
  });
});

describe('what platforms tell of discounts and documents', () => {
  const discount = (version: number, used: number, state: 'ACTIVE' | 'ENDED' = 'ACTIVE'): Fact => ({
    kind: 'discount',
    discount: { externalId: 'D-1', name: 'Primavera', code: 'HOLA', state, used, revision: { version } },
  });

  test('is kept as it last stood, whatever comes late', async () => {
    await tell(discount(2, 7), discount(1, 3));
    await tell(discount(3, 9, 'ENDED'));
    const stored = () => rowsOf(running.hub, 'select name, code, state, used from platform_discount');
    expect(await stored()).toEqual([{ name: 'Primavera', code: 'HOLA', state: 'ENDED', used: 9 }]);
    await tell({ kind: 'gone', resource: 'discount', id: 'D-1' });
    expect(await stored()).toMatchObject([{ state: 'GONE', used: 9 }]);
  });

  test('is there for the accountant: documents with their sums, by day and by reference', async () => {
    const document = (total: number, version: number): Fact => ({
      kind: 'document',
      document: {
        kind: 'INVOICE',
        externalId: 'INV-1',
        number: 'F-2026-17',
        reference: 'rdm_1 HOLA',
        day: '2026-03-06',
        currency: 'EUR',
        pricesIncludeTax: true,
        lines: [],
        total: { minor: total, currency: 'EUR' },
        status: 'AUTHORISED',
        revision: { version },
      },
    });
    await tell(document(1250, 2), document(9999, 1));
    const rows = await rowsOf(
      running.hub,
      'select kind, number, reference, day::text, currency, total::int, status from platform_document',
    );
    expect(rows).toEqual([
      {
        kind: 'INVOICE',
        number: 'F-2026-17',
        reference: 'rdm_1 HOLA',
        day: '2026-03-06',
        currency: 'EUR',
        total: 1250,
        status: 'AUTHORISED',
      },
    ]);
  });

  test('without the accounts’ id is the connector’s fault, and is parked', async () => {
    await tell({
      kind: 'document',
      document: { kind: 'INVOICE', reference: 'r', day: '2026-03-06', currency: 'EUR', pricesIncludeTax: true, lines: [] },
    });
    expect(await rowsOf(running.hub, 'select state, last_error as error from notice')).toEqual([
      { state: 'PARKED', error: expect.stringContaining('without the id') },
    ]);
  });
});

describe('what people do at platforms', () => {
  test('leave that is given or taken back becomes an event of the customer, without the address', async () => {
    const { id } = await running.hub.customers.upsert(ADMIN, { email: 'ana@example.com' });
    await tell(
      { kind: 'consent', identity: 'ANA@example.com', channel: 'EMAIL', given: false, at: AT, key: 'e-1' },
      { kind: 'consent', identity: 'ANA@example.com', channel: 'EMAIL', given: false, at: AT, key: 'e-1' },
      { kind: 'consent', identity: 'other@example.com', channel: 'EMAIL', given: true, at: AT, key: 'e-2' },
    );
    expect(await customEvents()).toEqual([
      { name: 'consent.withdrawn', data: { channel: 'EMAIL', at: AT }, customer: id },
      { name: 'consent.given', data: { channel: 'EMAIL', at: AT }, customer: null },
    ]);
    expect(JSON.stringify(await customEvents())).not.toContain('example.com');
  });

  test('a press counts as of the approver whom the connection names; another’s is kept and does nothing', async () => {
    const press = (by: string, key: string): Fact => ({ kind: 'pressed', alert: 'alr_1', button: 'approve', by, key, at: AT });
    await tell(press('U1', 'p-1'));
    expect(await connection()).toMatchObject({ lastError: null });
    await tell(press('U2', 'p-2'));
    expect(await customEvents()).toEqual([
      { name: 'alert.pressed', data: { alert: 'alr_1', button: 'approve', at: AT, by: 'Encargada de Triana' }, customer: null },
      { name: 'alert.press_refused', data: { alert: 'alr_1', button: 'approve', at: AT, refused: true }, customer: null },
    ]);
    expect((await connection())?.lastError).toContain('approvers');
  });

  test('a wish to be erased or to see one’s data is told to an operator', async () => {
    await tell({ kind: 'privacy', ask: 'ERASE', identity: 'ana@example.com', key: 'g-1' });
    expect(await connection()).toMatchObject({ status: 'NEEDS_ATTENTION', lastError: expect.stringContaining('erased') });
    expect(running.logged.join('')).not.toContain('ana@example.com');
  });
});

describe('an order of a platform', () => {
  const EUR = (minor: number) => ({ minor, currency: 'EUR' });
  const order = {
    externalId: 'O-1',
    revision: { version: 1 },
    state: 'PAID' as const,
    placedAt: '2026-03-06T23:30:00.000Z',
    closedAt: '2026-03-07T01:10:00.000Z',
    businessDay: '2026-03-06',
    currency: 'EUR',
    pricesIncludeTax: true,
    lines: [
      { id: '1', sku: 'ARROZ', name: 'Arroz', quantity: '1', unitPrice: EUR(2_000), gross: EUR(2_000), discount: EUR(0) },
      { id: '2', sku: 'TARJETA', name: 'Tarjeta', quantity: '1', unitPrice: EUR(5_000), gross: EUR(5_000), discount: EUR(0), gift: true },
    ],
    discounts: [],
    payments: [{ externalId: 'P-1', method: 'CARD', amount: EUR(7_150), tip: EUR(300), texts: [] }],
    refunds: [],
    charges: [{ externalId: 'S-1', name: 'Terraza', amount: EUR(150) }],
    total: EUR(7_450),
    tip: EUR(300),
    texts: [],
    till: 'T-1',
    staff: 'E-7',
    customer: { externalId: 'C-1' },
  };
  const kept = () =>
    rowsOf<{ platform: unknown; customer: string | null; groups: string }>(
      running.hub,
      `select platform, customer_id as customer, jsonb_path_query_array(basket, '$.lines[*].group') as groups from orders`,
    );

  beforeEach(async () => {
    const { id: storeId } = await running.hub.stores.create(ADMIN, { name: 'Triana' });
    await running.host.desk.update(ADMIN, connectionId, { storeId });
  });

  test('keeps what the platform reckons beside what the hub does, and what it sold to be spent later by its group', async () => {
    await tell({ kind: 'order', order });
    const figures = {
      total: 7_450,
      tip: 300,
      charges: [{ name: 'Terraza', amount: 150 }],
      businessDay: '2026-03-06',
      closedAt: '2026-03-07T01:10:00.000Z',
      tillId: 'T-1',
      staffId: 'E-7',
    };
    expect(await kept()).toEqual([{ platform: figures, customer: null, groups: [null, 'GIFT_CARD'] }]);
    await tell({ kind: 'order', order: { ...order, revision: { version: 2 }, tip: EUR(400), total: EUR(7_550) } });
    expect(await kept()).toMatchObject([{ platform: { total: 7_550, tip: 400 } }]);
  });

  test('is of the customer whom the platform has told of before, though it names them by its own id only', async () => {
    await tell({ kind: 'customer', customer: { externalId: 'C-1', phone: '+34612345678' } });
    await tell({ kind: 'order', order });
    const [known] = await rowsOf<{ id: string }>(running.hub, 'select id from customer');
    expect(await kept()).toMatchObject([{ customer: known?.id }]);
  });
});
