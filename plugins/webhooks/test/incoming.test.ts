import { afterAll, describe, expect, test } from '@jest/globals';
import type { Fact, Notice, Plain } from '@valehub/connector-kit';
import { createCtx, createTransport, parseSettings, receive, runRead, runSplit } from '@valehub/connector-kit/testing';
import { Webhook } from 'standardwebhooks';
import connector from '../src/index.ts';
import { eur, event, order, samples } from './samples.ts';

const transport = createTransport();
afterAll(() => transport.close());
const result = parseSettings(connector, samples.settings);
if (!result.ok) throw new Error('the settings are refused');
const ctx = createCtx({ connector, ...result.parsed, store: () => undefined, transport, now: Date.now });

const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(32, 6).toString('base64')}`;
const NOW = Date.parse('2026-03-06T20:16:00Z');

interface Sending {
  readonly id?: string;
  readonly at?: number;
  readonly secrets?: readonly string[];
  readonly sent?: string;
}

/** Signed by the reference library, as a sender would that uses it. */
function take(body: string, { id = 'msg_1', at = NOW, secrets = [SECRET], sent = body }: Sending = {}) {
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, new Date(at), body)).join(' ');
  const headers: [string, string][] = [
    ['Content-Type', 'application/json'],
    ['Webhook-Id', id],
    ['Webhook-Timestamp', String(Math.floor(at / 1000))],
    ['Webhook-Signature', signatures],
  ];
  return receive(
    connector,
    { method: 'POST', url: 'https://hub.example.com/webhooks/con_1', query: '', headers, body: Buffer.from(sent) },
    { keys: (name) => (name === 'incomingSecret' ? [SECRET] : []), nowMs: NOW },
  );
}

async function notices(what: Plain, sending?: Sending): Promise<readonly Notice[]> {
  const received = await take(JSON.stringify(what), sending);
  if (received.kind !== 'delivery') throw new Error(JSON.stringify(received));
  const split = await runSplit(connector, received.delivery);
  if (!split.ok) throw Object.assign(new Error(split.failure.message), { failure: split.failure });
  return split.value;
}
async function facts(what: Plain, sending?: Sending): Promise<readonly Fact[]> {
  const found: Fact[] = [];
  for (const notice of await notices(what, sending)) {
    const read = await runRead(connector, ctx, JSON.parse(JSON.stringify(notice)) as Notice);
    if (!read.ok) throw new Error(read.failure.message);
    found.push(...read.value);
  }
  return found;
}

const AT = '2026-03-06T20:15:00.344Z';

describe('what the reference library of Standard Webhooks signs', () => {
  const body = JSON.stringify(event('order.paid', order));

  test.each<[string, Sending, string]>([
    ['with our secret is taken', {}, 'delivery'],
    ['with ours and another is taken', { secrets: [OTHER, SECRET] }, 'delivery'],
    ['with another is refused', { secrets: [OTHER] }, 'SIGNATURE_WRONG'],
    ['and somebody changes is refused', { sent: body.replace('2450', '2451') }, 'SIGNATURE_WRONG'],
    ['and arrives after more than five minutes is refused', { at: NOW - 301_000 }, 'TOO_LATE'],
    ['and comes from the future is refused', { at: NOW + 301_000 }, 'TOO_EARLY'],
    ['nearly five minutes ago is taken', { at: NOW - 299_000 }, 'delivery'],
  ])('%s', async (_what, sending, expected) => {
    const received = await take(body, sending);
    expect(received.kind === 'refused' ? received.fault : received.kind).toBe(expected);
  });
});

describe('an order', () => {
  test('is the hub’s order as it was pushed', async () => {
    const [notice] = await notices(event('order.paid', order), { id: 'msg_42' });
    expect(notice).toMatchObject({
      topic: 'order',
      location: 'terrace',
      resource: ['order', 'popup-1001'],
      at: AT,
      repeat: { key: 'msg_42' },
    });
    expect(await facts(event('order.paid', order))).toEqual([
      { kind: 'order', location: 'terrace', order: { ...order, revision: { at: AT } } },
    ]);
  });

  test('keeps the revision that it brings', async () => {
    expect(await facts(event('order.paid', { ...order, revision: { version: 7 } }))).toMatchObject([
      { order: { revision: { version: 7 } } },
    ]);
  });

  test('without a location is of the event’s, else of the connection’s own store', async () => {
    const { location: _none, ...bare } = order;
    expect(await facts(event('order.paid', bare, { location: 'kiosk' }))).toMatchObject([{ kind: 'order', location: 'kiosk' }]);
    const [fact] = await facts(event('order.paid', bare));
    expect(fact).not.toHaveProperty('location');
  });

  test.each(['order.created', 'order.updated', 'order.refunded', 'order.voided', 'order.anything_new', 'order'])(
    'comes by %s',
    async (type) => {
      expect(await facts(event(type, order))).toMatchObject([{ kind: 'order' }]);
    },
  );

  test('that was refunded, voided and is gone ends so, whatever arrives last', async () => {
    const refunded = {
      ...order,
      refunds: [{ externalId: 'r-1', amount: eur(1125), at: '2026-03-07T10:00:00Z', lines: [{ lineId: '1', quantity: '1' }] }],
    };
    const steps: readonly [string, Plain, string][] = [
      ['order.paid', order, '2026-03-06T20:15:00Z'],
      ['order.refunded', refunded, '2026-03-07T10:00:01Z'],
      ['order.voided', { ...refunded, state: 'VOIDED' }, '2026-03-07T10:00:02Z'],
      ['order.deleted', { externalId: 'popup-1001' }, '2026-03-07T10:00:03Z'],
    ];
    const all: Fact[] = [];
    for (const [type, data, timestamp] of steps.toReversed()) all.push(...(await facts({ type, timestamp, data })));
    const newest = all.toSorted((a, b) => revisionOf(b) - revisionOf(a))[0];
    expect(newest).toMatchObject({ kind: 'gone', resource: 'order', id: 'popup-1001' });
    expect(new Set(all.map(revisionOf)).size).toBe(4);
    for (const fact of all)
      expect(fact).toMatchObject(fact.kind === 'gone' ? { id: 'popup-1001' } : { order: { externalId: 'popup-1001' } });
  });

  const [line] = order.lines;
  const [discount] = order.discounts;
  test.each<[string, object, string]>([
    ['a missing member', { currency: undefined }, 'data.currency'],
    ['a member that is misspelt', { lines: [{ ...line, disount: eur(1) }] }, 'data.lines.0'],
    ['an amount as a number', { total: 24.5 }, 'data.total'],
    ['a negative amount', { total: eur(-1) }, 'data.total.minor'],
    ['a fraction of a cent', { total: eur(0.5) }, 'data.total.minor'],
    ['a time without an offset', { placedAt: '2026-03-06T20:02:11' }, 'data.placedAt'],
    ['a state that nobody knows', { state: 'DONE' }, 'data.state'],
    ['another currency', { tip: { minor: 200, currency: 'USD' } }, 'data.tip.currency'],
    [
      'another currency deep inside',
      { discounts: [{ ...discount, shares: [{ lineId: '1', amount: { minor: 250, currency: 'GBP' } }] }] },
      'data.discounts.0.shares.0.amount.currency',
    ],
    ['a gross that is not price times quantity', { lines: [{ ...line, gross: eur(2501) }] }, 'data.lines.0.gross'],
    ['a discount above the gross', { lines: [{ ...line, discount: eur(2501) }] }, 'data.lines.0.discount'],
    ['a quantity of nothing', { lines: [{ ...line, quantity: '0.00', gross: eur(0), discount: eur(0) }] }, 'data.lines.0.quantity'],
    ['a line twice', { lines: [line, line] }, 'data.lines.1.id'],
    ['a payment twice', { payments: [...order.payments, ...order.payments] }, 'data.payments.1.externalId'],
    ['shares that do not add up', { discounts: [{ ...discount, amount: eur(251) }] }, 'data.discounts.0.shares'],
    [
      'a share of a line that is not there',
      { discounts: [{ ...discount, shares: [{ lineId: '2', amount: eur(250) }] }] },
      'data.discounts.0.shares.0.lineId',
    ],
    ['a discount on a line that is not there', { discounts: [{ ...discount, lineId: '2' }] }, 'data.discounts.0.lineId'],
    [
      'a refund of a line that is not there',
      { refunds: [{ externalId: 'r', amount: eur(1), at: AT, lines: [{ lineId: '9', quantity: '1' }] }] },
      'data.refunds.0.lines.0.lineId',
    ],
  ])('with %s is refused at its place', async (_what, change, path) => {
    const what = JSON.parse(JSON.stringify(event('order.paid', { ...order, ...change }))) as Plain;
    await expect(notices(what)).rejects.toMatchObject({
      failure: { code: 'BAD_INPUT', path, message: expect.stringContaining('order.paid') },
    });
  });

  test.each([
    ['0.350', 1999, 700],
    ['3', 333, 999],
    ['1.5', 1, 2],
    ['0.001', 499, 0],
  ])('of %s units at %i comes to %i, as the hub reckons it', async (quantity, price, gross) => {
    const lines = [{ ...line, quantity, unitPrice: eur(price), gross: eur(gross), discount: eur(0) }];
    expect(await facts(event('order.paid', { ...order, lines, discounts: [] }))).toHaveLength(1);
    await expect(facts(event('order.paid', { ...order, lines: [{ ...lines[0], gross: eur(gross + 1) }], discounts: [] }))).rejects.toThrow(
      /gross/,
    );
  });
});

const revisionOf = (fact: Fact): number => {
  const revision = fact.kind === 'order' ? fact.order.revision : fact.kind === 'gone' ? fact.revision : undefined;
  return revision && 'at' in revision ? Date.parse(revision.at) : Number.NaN;
};

describe('another event', () => {
  test.each<[string, Plain, Fact]>([
    [
      'customer.updated',
      { externalId: 'g-7', email: 'ana@example.com' },
      { kind: 'customer', customer: { externalId: 'g-7', email: 'ana@example.com', revision: { at: AT } } },
    ],
    ['customer.deleted', { externalId: 'g-7' }, { kind: 'gone', resource: 'customer', id: 'g-7', revision: { at: AT } }],
    [
      'message.status',
      { message: 'k-1', state: 'BOUNCED', reason: 'unknown number' },
      { kind: 'messageStatus', job: 'k-1', state: 'BOUNCED', at: AT, reason: 'unknown number' },
    ],
    [
      'consent.changed',
      { identity: '+34600000000', channel: 'SMS', given: false },
      { kind: 'consent', identity: '+34600000000', channel: 'SMS', given: false, at: AT, key: 'msg_1' },
    ],
    [
      'alert.pressed',
      { alert: 'a-1', button: 'approve', by: 'pepa', replyTo: 'ticket-7' },
      { kind: 'pressed', alert: 'a-1', button: 'approve', by: 'pepa', replyTo: 'ticket-7', at: AT, key: 'msg_1' },
    ],
    [
      'custom.table.booked',
      { guests: 4, at: ['20:00', null] },
      { kind: 'custom', name: 'table.booked', key: 'msg_1', at: AT, data: { guests: 4, at: ['20:00', null] } },
    ],
  ])('%s means what it says', async (type, data, expected) => {
    expect(await facts(event(type, data))).toEqual([expected]);
    expect(await facts(event(type, data, { location: 'terrace' }))).toEqual([{ ...expected, location: 'terrace' }]);
  });

  test.each(['voucher.redeemed', 'orders.paid', 'customer_updated', 'message.opened', 'Order.paid', 'toString'])(
    '%s, which nobody knows, is kept',
    async (type) => {
      expect(await notices(event(type, { anything: true }))).toEqual([{ topic: type, at: AT, body: null, repeat: { key: 'msg_1' } }]);
      expect(await facts(event(type, null))).toEqual([]);
    },
  );

  test('may have more members beside the convention’s', async () => {
    expect(await facts(event('custom.a.b', {}, { specversion: '1.0', source: 'popup' }))).toHaveLength(1);
  });

  test.each<[string, Plain, string]>([
    ['without a type', { timestamp: AT, data: {} }, 'type'],
    ['without a time', { type: 'custom.a.b', data: {} }, 'timestamp'],
    ['with a time without offset', { type: 'custom.a.b', timestamp: '2026-03-06T20:15:00', data: {} }, 'timestamp'],
    ['that is a list', [event('custom.a.b', {})], 'its root'],
    ['without data', { type: 'order.paid', timestamp: AT }, 'data'],
    ['of a custom name in one part', event('custom.booked', {}), 'type'],
    ['of a custom name in capitals', event('custom.Table.Booked', {}), 'type'],
    ['of no custom name', event('custom', {}), 'type'],
    ['of custom data that is no object', event('custom.a.b', [1]), 'data'],
    ['of a customer whom nobody could find again', event('customer.updated', { name: 'Ana' }), 'data'],
    ['of a state that nobody knows', event('message.status', { message: 'k', state: 'SENT' }), 'data.state'],
  ])('%s is refused at its place', async (_what, what, path) => {
    await expect(notices(what)).rejects.toMatchObject({ failure: { code: 'BAD_INPUT', path } });
  });

  test('whose number a double cannot hold keeps every digit', async () => {
    const body = '{"type":"custom.a.b","timestamp":"2026-03-06T20:15:00Z","data":{"n":9007199254740993}}';
    const received = await take(body);
    if (received.kind !== 'delivery') throw new Error('refused');
    expect(await runSplit(connector, received.delivery)).toMatchObject({ value: [{ body: { data: { n: '9007199254740993' } } }] });
  });
});
