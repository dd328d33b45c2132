import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Failure, HubDocument, Outcome, Plain, Ref } from '@valehub/connector-kit';
import { runFind, runIdentify, runNamedVerb, startStandIn } from '@valehub/connector-kit/testing';
import nock from 'nock';
import connector from '../src/index.ts';
import { connect } from './connection.ts';
import { creditNote, document, eur, TENANT_ID } from './fixtures.ts';
import { startXero, TENANT, type XeroStandIn } from './stand-in.ts';

const API = 'https://api.xero.com';
const APP = { clientId: 'client-1', clientSecret: 'secret-1', customConnection: true } as const;
type Settings = Readonly<Record<string, Plain>>;

const open: { close(): void }[] = [];
function online(settings: Settings = {}) {
  nock('https://identity.xero.com').post('/connect/token').reply(200, { access_token: 'token-1', expires_in: 1800, token_type: 'Bearer' });
  const made = connect({ settings: { ...APP, ...settings }, account: TENANT_ID, facts: { baseCurrency: 'EUR' } });
  open.push(made);
  return made.ctx();
}

interface Sent {
  readonly body: string;
  readonly outcomes: readonly Outcome<Plain>[];
}

/** Posts one document and gives what went over the wire, digit by digit. */
async function sent(input: HubDocument, settings: Settings = {}, list = 'Invoices'): Promise<Sent> {
  nock.enableNetConnect('127.0.0.1');
  const standIn = await startStandIn();
  const made = connect({ settings: { ...APP, ...settings, apiBaseUrl: standIn.url }, account: TENANT_ID });
  try {
    standIn.answer([
      { path: '/connect/token', body: { access_token: 'token-1', expires_in: 1800, token_type: 'Bearer' } },
      {
        method: 'PUT',
        path: `/api.xro/2.0/${list}`,
        body: { [list]: [{ InvoiceID: 'i-1', CreditNoteID: 'c-1', StatusAttributeString: 'OK' }] },
      },
    ]);
    const { outcomes = [] } = await runNamedVerb(
      connector,
      made.ctx(),
      'documents.post',
      [{ id: 'j', key: 'k', input: input as Plain }],
      undefined,
    );
    return { body: standIn.requests.at(-1)?.body ?? '', outcomes };
  } finally {
    made.close();
    await standIn.close();
  }
}

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  for (const each of open.splice(0)) each.close();
  nock.cleanAll();
  nock.enableNetConnect();
});
afterAll(() => nock.restore());

describe('asked of Xero: invoices with reference fields', () => {
  test('an invoice carries the hub’s reference with the voucher’s code, the tenant, a key and exact amounts', async () => {
    nock(API, {
      reqheaders: {
        authorization: 'Bearer token-1',
        'xero-tenant-id': TENANT_ID,
        'idempotency-key': createHash('sha256').update('["key-of-the-hub"]').digest('hex'),
      },
    })
      .put('/api.xro/2.0/Invoices', {
        Invoices: [
          {
            Type: 'ACCREC',
            Contact: { Name: 'Ana Ruiz' },
            InvoiceNumber: 'DV-2026-17',
            Reference: 'VH-000123 / DV4711',
            Date: '2026-03-06',
            DueDate: '2026-03-20',
            CurrencyCode: 'EUR',
            LineAmountTypes: 'Inclusive',
            LineItems: [{ Description: 'Menu', Quantity: 2, UnitAmount: 12.5, DiscountAmount: 2.5, AccountCode: '200', TaxType: 'OUTPUT' }],
            Status: 'AUTHORISED',
          },
        ],
      })
      .query({ summarizeErrors: 'false' })
      .reply(200, { Invoices: [{ InvoiceID: 'i-1', InvoiceNumber: 'DV-2026-17', StatusAttributeString: 'OK', HasErrors: false }] });
    const input = { ...document, number: 'DV-2026-17', dueDay: '2026-03-20' };
    expect(await runNamedVerb(connector, online(), 'documents.post', [{ id: 'job-1', key: 'key-of-the-hub', input }], undefined)).toEqual({
      outcomes: [{ job: 'job-1', done: { id: 'i-1' } }],
    });
  });

  test('amounts and quantities go out with the digits they have, however large', async () => {
    const big = { minor: 900_719_925_474_099, currency: 'EUR' };
    const { body } = await sent({ ...document, lines: [{ description: 'x', quantity: '0.350', unitPrice: big, account: '200' }] });
    expect(body).toContain('"UnitAmount":9007199254740.99');
    expect(body).toContain('"Quantity":0.350');
  });

  test.each<[string, Partial<HubDocument>, Settings, object]>([
    ['prices without tax', { pricesIncludeTax: false }, {}, { LineAmountTypes: 'Exclusive' }],
    [
      'no tax at all',
      { lines: [{ description: 'x', quantity: '1', unitPrice: eur(100), taxCode: 'NONE' }] },
      {},
      { LineAmountTypes: 'NoTax' },
    ],
    ['a contact that Xero knows', { contact: { name: 'Ana', externalId: 'c-7' } }, {}, { Contact: { ContactID: 'c-7' } }],
    ['no contact', { contact: undefined as never }, { contactName: 'Bar guests' }, { Contact: { Name: 'Bar guests' } }],
    ['an odd name', { contact: { name: '  <b>Ana   Ruiz</b> ' } }, {}, { Contact: { Name: 'b Ana Ruiz /b' } }],
    ['a draft', {}, { postAs: 'DRAFT' }, { Status: 'DRAFT' }],
    ['quotes in the reference', { reference: 'VH "1"\n\\2', code: undefined as never }, {}, { Reference: "VH '1' /2" }],
    [
      'yen',
      { currency: 'JPY', lines: [{ description: 'x', quantity: '1', unitPrice: { minor: 1250, currency: 'JPY' } }] },
      {},
      { CurrencyCode: 'JPY' },
    ],
  ])('%s is said so', async (_what, patch, settings, expected) => {
    const input = Object.fromEntries(Object.entries({ ...document, ...patch }).filter(([, value]) => value !== undefined));
    const { body } = await sent(input as HubDocument, settings);
    expect(JSON.parse(body)).toMatchObject({ Invoices: [expected] });
  });
});

describe('discounts', () => {
  const lines = [
    { description: 'Menu', quantity: '2', unitPrice: eur(1250), discount: eur(250), account: 'SALES', item: 'MENU', taxCode: 'OUTPUT' },
    { description: 'Gift card', quantity: '1', unitPrice: eur(5000), account: 'VOUCHER_LIABILITY' },
  ];

  test('stand on their line, where no account is named for them', async () => {
    const { body } = await sent({ ...document, lines }, { salesAccount: '200', liabilityAccount: '835' });
    expect(JSON.parse(body).Invoices[0].LineItems).toEqual([
      { Description: 'Menu', Quantity: 2, UnitAmount: 12.5, DiscountAmount: 2.5, AccountCode: '200', ItemCode: 'MENU', TaxType: 'OUTPUT' },
      { Description: 'Gift card', Quantity: 1, UnitAmount: 50, AccountCode: '835' },
    ]);
  });

  test('are lines of their own on their own account, after all others and with the same tax', async () => {
    const { body } = await sent({ ...document, lines }, { salesAccount: '200', liabilityAccount: '835', discountAccount: '210' });
    expect(JSON.parse(body).Invoices[0].LineItems).toEqual([
      { Description: 'Menu', Quantity: 2, UnitAmount: 12.5, AccountCode: '200', ItemCode: 'MENU', TaxType: 'OUTPUT' },
      { Description: 'Gift card', Quantity: 1, UnitAmount: 50, AccountCode: '835' },
      { Description: 'Discount: Menu', Quantity: 1, UnitAmount: -2.5, AccountCode: '210', TaxType: 'OUTPUT' },
    ]);
  });

  test('of a credit note are folded into its price, as Xero knows none there', async () => {
    const { body } = await sent({ ...creditNote, lines: [{ ...lines[0], account: '200' }] } as HubDocument, {}, 'CreditNotes');
    expect(JSON.parse(body).CreditNotes[0]).toMatchObject({
      Type: 'ACCRECCREDIT',
      LineItems: [{ Description: 'Menu', Quantity: 1, UnitAmount: 22.5, AccountCode: '200', ItemCode: 'MENU', TaxType: 'OUTPUT' }],
    });
    expect(body).not.toContain('DueDate');
  });
});

describe('a document that cannot be one', () => {
  test.each<[string, Partial<HubDocument>, Partial<Failure>]>([
    [
      'a sales receipt',
      { kind: 'SALES_RECEIPT' },
      { code: 'NOT_SUPPORTED', path: 'kind', message: expect.stringContaining('no sales receipts') as never },
    ],
    ['a journal', { kind: 'JOURNAL' }, { code: 'NOT_SUPPORTED', path: 'kind' }],
    [
      'an account that no setting names',
      { lines: [{ ...document.lines[0], account: 'DISCOUNT' }] },
      { code: 'BAD_INPUT', path: 'lines.0.account' },
    ],
    ['a reference that is too long', { reference: 'x'.repeat(260) }, { code: 'BAD_INPUT', path: 'reference' }],
    [
      'two currencies',
      { lines: [{ ...document.lines[0], discount: { minor: 1, currency: 'USD' } }] },
      { code: 'BAD_INPUT', path: 'lines.0' },
    ],
    ['a name of brackets', { contact: { name: '<>' } }, { code: 'BAD_INPUT', path: 'contact.name' }],
    ['a long name', { contact: { name: 'x'.repeat(256) } }, { code: 'BAD_INPUT', path: 'contact.name' }],
  ])('is refused before anything is sent: %s', async (_what, patch, failure) => {
    const made = connect({ settings: APP, account: TENANT_ID });
    open.push(made);
    const job = { id: 'j', key: 'k', input: { ...document, ...patch } as Plain };
    expect(await runNamedVerb(connector, made.ctx(), 'documents.post', [job], undefined)).toMatchObject({
      outcomes: [{ job: 'j', failed: failure }],
    });
  });
});

describe('many at once', () => {
  let xero: XeroStandIn;
  beforeEach(async () => {
    nock.enableNetConnect('127.0.0.1');
    xero = await startXero();
  });
  afterEach(() => xero.close());

  function connection(deadlineMs = 20_000) {
    const made = connect({
      settings: { ...xero.settings, customConnection: true, salesAccount: '200' },
      account: TENANT.id,
      facts: { baseCurrency: 'EUR' },
      deadlineMs,
    });
    open.push(made);
    return made.ctx();
  }
  /** So that the next fault meets the documents and not the log-in. */
  const logIn = (ctx: ReturnType<typeof connection>) => runIdentify(connector, ctx);
  const job = (id: string, patch: object = {}) => ({ id, key: `key-${id}`, input: { ...document, reference: id, ...patch } as Plain });
  const shown = () => [...xero.books().shelves.Invoices.entries.values()].map(({ body }) => body['Reference']);

  test('are settled one by one: what is wrong with one keeps no other from being made', async () => {
    const wrongAccount = { lines: [document.lines[0], { ...document.lines[0], account: '999' }] };
    const jobs = [
      job('VH-1'),
      job('VH-2', wrongAccount),
      job('VH-3', { kind: 'CREDIT_NOTE' }),
      job('VH-4', { kind: 'JOURNAL' }),
      job('VH-5'),
    ];
    const { outcomes = [] } = await runNamedVerb(connector, connection(), 'documents.post', jobs, undefined);
    const by = new Map(outcomes.map((outcome) => [outcome.job, outcome]));
    for (const id of ['VH-1', 'VH-3', 'VH-5']) expect(by.get(id)).toMatchObject({ done: { id: expect.stringMatching(/^0000/) } });
    expect(by.get('VH-2')).toEqual({
      job: 'VH-2',
      failed: { code: 'BAD_INPUT', path: 'lines.1', message: "Xero refuses it: Account code '999' is not a valid code for this document." },
    });
    expect(by.get('VH-4')).toMatchObject({ failed: { code: 'NOT_SUPPORTED' } });
    expect(shown()).toEqual(['VH-1 / DV4711', 'VH-5 / DV4711']);
    expect(xero.requests.filter(({ method }) => method === 'PUT').map(({ path }) => path)).toEqual([
      '/api.xro/2.0/Invoices',
      '/api.xro/2.0/CreditNotes',
    ]);
  });

  test('whose outcome nobody knows say so, and are found by their reference in whatever batch they are tried again', async () => {
    const ctx = connection();
    await logIn(ctx);
    xero.failNext('LATE');
    const lost = await runNamedVerb(connector, ctx, 'documents.post', [job('VH-7'), job('VH-8')], undefined);
    expect(lost.outcomes).toMatchObject([{ failed: { code: 'PLATFORM_DOWN', unknown: true } }, { failed: { unknown: true } }]);
    expect(shown()).toEqual(['VH-7 / DV4711', 'VH-8 / DV4711']);
    expect((await runFind(connector, ctx, 'documents.post', [job('VH-8'), job('VH-9')])).outcomes).toEqual([
      { job: 'VH-8', done: { id: expect.stringMatching(/^0000/) } },
      { job: 'VH-9', absent: true },
    ]);
    expect(xero.requests.at(-1)?.query.get('where')).toBe('Type=="ACCREC" AND Reference=="VH-9 / DV4711"');
    // The very same request once more meets Xero's key: nothing is made twice.
    const again = await runNamedVerb(connector, ctx, 'documents.post', [job('VH-7'), job('VH-8')], undefined);
    expect(again.outcomes).toMatchObject([{ done: {} }, { done: {} }]);
    expect(shown()).toHaveLength(2);
  });

  test('a person has voided since are found too: they are not made again', async () => {
    const ctx = connection();
    const { outcomes } = await runNamedVerb(connector, ctx, 'documents.post', [job('VH-1')], undefined);
    const made = (outcomes?.[0] as { done: Ref } | undefined)?.done.id ?? '';
    xero.editInvoice(made, { Status: 'VOIDED' });
    expect(await runFind(connector, ctx, 'documents.post', [job('VH-1')])).toEqual({ outcomes: [{ job: 'VH-1', done: { id: made } }] });
  });

  test('with a number that an earlier attempt took are that attempt’s; a number of somebody else is refused', async () => {
    const ctx = connection();
    await runNamedVerb(connector, ctx, 'documents.post', [job('VH-1', { number: 'DV-1' })], undefined);
    const again = await runNamedVerb(connector, ctx, 'documents.post', [{ ...job('VH-1', { number: 'DV-1' }), key: 'another' }], undefined);
    expect(again.outcomes).toMatchObject([{ job: 'VH-1', done: { id: expect.any(String) } }]);
    const other = await runNamedVerb(connector, ctx, 'documents.post', [job('VH-2', { number: 'DV-1' })], undefined);
    expect(other.outcomes).toEqual([
      { job: 'VH-2', failed: { code: 'BAD_INPUT', path: 'number', message: 'Xero refuses it: Invoice # must be unique.' } },
    ]);
    expect(shown()).toHaveLength(1);
  });

  test('are asked for until a limit ends it; what was found stays found', async () => {
    const ctx = connection();
    await runNamedVerb(connector, ctx, 'documents.post', [job('VH-1')], undefined);
    xero.failNext({ status: 200, body: { Invoices: [], pagination: { pageCount: 1 } } }, { status: 429, headers: { 'retry-after': '9' } });
    const { outcomes } = await runFind(connector, ctx, 'documents.post', [job('VH-0'), job('VH-1'), job('VH-2')]);
    expect(outcomes).toMatchObject([
      { job: 'VH-0', absent: true },
      { job: 'VH-1', failed: { code: 'RATE_LIMITED', wait: 'PT9S' } },
      { job: 'VH-2', failed: { code: 'RATE_LIMITED', wait: 'PT9S' } },
    ]);
  });

  test('are answered each, or the answer is none', async () => {
    const ctx = connection();
    await runNamedVerb(connector, ctx, 'documents.post', [job('VH-1')], undefined);
    xero.failNext({ status: 200, body: { Invoices: [{ InvoiceID: 'i-1', StatusAttributeString: 'OK' }] } });
    expect(await runNamedVerb(connector, ctx, 'documents.post', [job('VH-2'), job('VH-3')], undefined)).toMatchObject({
      outcomes: [{ failed: { code: 'BAD_REPLY', unknown: true } }, { failed: { code: 'BAD_REPLY', unknown: true } }],
    });
  });
});
