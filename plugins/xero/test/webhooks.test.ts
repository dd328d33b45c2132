import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fact, Notice } from '@valehub/connector-kit';
import { pairHeaders, receive, runRead, runSplit } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { connect } from './connection.ts';
import { body, CONTACT_ID, contact, event, INVOICE_ID, invoice, TENANT_ID } from './fixtures.ts';
import { OTHER_TENANT, startXero, TENANT, type XeroStandIn } from './stand-in.ts';

const KEY = 'webhook-key-1';
const take = (text: string, signature?: string) =>
  receive(
    connector,
    {
      method: 'POST',
      url: 'https://hub.example.com/webhooks/c-1',
      query: '',
      headers: [
        ['content-type', 'application/json'],
        ...(signature === undefined ? [] : [['x-xero-signature', signature] as [string, string]]),
      ],
      body: Buffer.from(text),
    },
    { keys: (name) => (name === 'webhookKey' ? [KEY] : []), nowMs: 0 },
  );
const sign = (text: string, key = KEY) => createHmac('sha256', key).update(text).digest('base64');

async function noticesOf(given: unknown): Promise<readonly Notice[]> {
  const text = JSON.stringify(given);
  const received = await take(text, sign(text));
  if (received.kind !== 'delivery') throw new Error(received.kind);
  const ran = await runSplit(connector, received.delivery);
  if (!ran.ok) throw new Error(ran.failure.message);
  return ran.value;
}

describe('the intent to receive', () => {
  const empty = JSON.stringify({ events: [], firstEventSequence: 0, lastEventSequence: 0, entropy: 'TRYING' });

  test('is an empty delivery: rightly signed it is taken and says nothing', async () => {
    expect(await take(empty, sign(empty))).toMatchObject({ kind: 'delivery' });
    expect(await noticesOf(JSON.parse(empty))).toEqual([]);
  });

  test.each([
    ['with another key', sign(empty, 'another-key')],
    ['over another body', sign(`${empty} `)],
    ['in hex', createHmac('sha256', KEY).update(empty).digest('hex')],
    ['not at all', undefined],
  ])('signed %s is answered 401', async (_how, signature) => {
    expect(await take(empty, signature)).toMatchObject({ kind: 'refused', status: 401 });
  });
});

describe('a delivery', () => {
  test('holds many events of many organisations, each a notice with its account', async () => {
    const second = event('CREDITNOTE', 'CREATE', 'cn-1', OTHER_TENANT.id);
    expect(
      await noticesOf(
        body(event('INVOICE', 'UPDATE', INVOICE_ID), { ...second, data: { Type: 'ACCRECCREDIT', Status: 'DRAFT' } } as typeof second),
      ),
    ).toEqual([
      {
        account: TENANT_ID,
        topic: 'INVOICE.UPDATE',
        resource: ['document', INVOICE_ID],
        at: '2026-03-06T20:15:00.902Z',
        body: { category: 'INVOICE', id: INVOICE_ID },
        repeat: { key: `${TENANT_ID}/INVOICE/${INVOICE_ID}/UPDATE/2026-03-06T20:15:00.902Z` },
      },
      {
        account: OTHER_TENANT.id,
        topic: 'CREDITNOTE.CREATE',
        resource: ['document', 'cn-1'],
        at: '2026-03-06T20:15:00.902Z',
        body: { category: 'CREDITNOTE', id: 'cn-1' },
        repeat: { key: `${OTHER_TENANT.id}/CREDITNOTE/cn-1/CREATE/2026-03-06T20:15:00.902Z` },
      },
    ]);
  });

  test('keeps events that nobody asked for', async () => {
    const app = { ...event('SUBSCRIPTION', 'UPDATE', 's-1', 'app-1'), tenantType: 'APPLICATION' };
    expect(
      await noticesOf(
        body(app, event('PREPAYMENT', 'CREATE', 'p-1'), { ...event('INVOICE', 'DELETE', 'i-9'), eventDateUtc: '2026-03-06T20:15:00Z' }),
      ),
    ).toMatchObject([
      { account: 'app-1', topic: 'SUBSCRIPTION.UPDATE' },
      { topic: 'PREPAYMENT.CREATE' },
      { topic: 'INVOICE.DELETE', resource: ['document', 'i-9'], at: '2026-03-06T20:15:00.000Z' },
    ]);
  });

  test.each([
    null,
    [],
    {},
    { events: null },
    { events: [{ ...event('INVOICE', 'UPDATE', 'i'), tenantId: undefined }] },
    { events: [{ ...event('INVOICE', 'UPDATE', 'i'), eventDateUtc: 'today' }] },
  ])('that is %j is none of Xero’s', async (given) => expect(noticesOf(given)).rejects.toThrow());
});

describe('what an event means', () => {
  let xero: XeroStandIn;
  let made: ReturnType<typeof connect>;
  beforeEach(async () => {
    xero = await startXero();
    made = connect({ settings: { ...xero.settings, customConnection: true }, account: TENANT.id, facts: { baseCurrency: 'EUR' } });
  });
  afterEach(async () => {
    made.close();
    await xero.close();
  });

  /** The hub's door, as far as a delivery needs one. */
  async function listen() {
    const notices: Notice[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        const received = await receive(
          connector,
          { method: 'POST', url: 'x', query: '', headers: pairHeaders(request.rawHeaders), body: Buffer.concat(chunks) },
          { keys: (name) => (name === 'webhookKey' ? [xero.settings.webhookKey] : []), nowMs: Date.now() },
        );
        if (received.kind === 'delivery') {
          const ran = await runSplit(connector, received.delivery);
          if (ran.ok) notices.push(...ran.value);
        }
        response.writeHead(received.kind === 'refused' ? received.status : 200).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/c-1`, notices, close: () => server.close() };
  }

  test('is read from Xero when the hub gets to it: late, repeated and shuffled events end in the same state', async () => {
    const hub = await listen();
    expect(await xero.shakeHands(hub.url)).toEqual([200, 401]);
    const one = xero.addInvoice({ ...invoice });
    xero.addContact({ ...contact });
    xero.editInvoice(one.id, { Status: 'PAID' });
    expect(await xero.deliver(hub.url)).toBe(200);
    hub.close();
    expect(hub.notices.map(({ topic }) => topic)).toEqual(['INVOICE.CREATE', 'CONTACT.CREATE', 'INVOICE.UPDATE']);
    const facts: Fact[] = [];
    for (const notice of [...hub.notices, ...hub.notices].reverse()) {
      const ran = await runRead(connector, made.ctx(), notice);
      if (!ran.ok) throw new Error(ran.failure.message);
      facts.push(...ran.value);
    }
    const documents = facts.flatMap((fact) => (fact.kind === 'document' ? [fact.document] : []));
    expect(documents).toHaveLength(4);
    expect(new Set(documents.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(documents[0]).toMatchObject({ externalId: one.id, status: 'PAID' });
    expect(facts.find(({ kind }) => kind === 'customer')).toMatchObject({
      customer: { name: 'Ana Ruiz', email: 'ana@example.com', phone: '+34600550123', groups: ['Regulars'] },
    });
  });

  const about = (category: string, id: string): Notice => ({ topic: `${category}.UPDATE`, body: { category, id }, repeat: { key: 'k' } });

  test('of a document that Xero does not show yet is "not yet"', async () => {
    expect(await runRead(connector, made.ctx(), about('INVOICE', 'nobody'))).toMatchObject({ ok: false, failure: { code: 'NOT_FOUND' } });
  });

  test('of a supplier’s bill is nothing', async () => {
    const bill = xero.addInvoice({ ...invoice, Type: 'ACCPAY' });
    expect(await runRead(connector, made.ctx(), about('INVOICE', bill.id))).toEqual({ ok: true, value: [] });
  });

  test.each<[string, object, object]>([
    ['that asked to be erased', { ContactStatus: 'GDPRREQUEST' }, { kind: 'privacy', ask: 'ERASE', identity: 'ana@example.com' }],
    [
      'without country of the number has none',
      { Phones: [{ PhoneNumber: '600 11', PhoneAreaCode: '', PhoneCountryCode: null }] },
      { kind: 'customer', customer: { email: 'ana@example.com' } },
    ],
    ['with a name only', { EmailAddress: '', Phones: null, ContactGroups: null }, { kind: 'customer', customer: { name: 'Ana Ruiz' } }],
  ])('of a contact %s', async (_what, patch, expected) => {
    const { id } = xero.addContact({ ...contact, ...patch });
    expect(await runRead(connector, made.ctx(), about('CONTACT', id))).toMatchObject({ ok: true, value: [expected] });
  });

  test('of a contact that has only ever sent bills is nothing', async () => {
    const supplier = xero.addContact({ ...contact, IsSupplier: true, IsCustomer: false });
    expect(await runRead(connector, made.ctx(), about('CONTACT', supplier.id))).toEqual({ ok: true, value: [] });
    const both = xero.addContact({ ...contact, IsSupplier: true, IsCustomer: true });
    expect(await runRead(connector, made.ctx(), about('CONTACT', both.id))).toMatchObject({ ok: true, value: [{ kind: 'customer' }] });
  });

  test('of a contact that is no more', async () => {
    expect(await runRead(connector, made.ctx(), about('CONTACT', CONTACT_ID))).toEqual({
      ok: true,
      value: [{ kind: 'gone', resource: 'customer', id: CONTACT_ID }],
    });
  });
});
