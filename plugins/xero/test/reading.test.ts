import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Fact, type HubDocument, moneyKit } from '@valehub/connector-kit';
import { runFeed, runFeedStart, runFetch, runNamedVerb } from '@valehub/connector-kit/testing';
import fc from 'fast-check';
import connector from '../src/index.ts';
import { readNarration, readReference, referenceOf } from '../src/marks.ts';
import { documentFacts } from '../src/normalise.ts';
import { creditNotes, invoices, journals } from '../src/schemas.ts';
import { connect } from './connection.ts';
import {
  CONTACT_ID,
  CREDIT_ID,
  creditNoteEntry,
  document,
  envelope,
  eur,
  INVOICE_ID,
  invoice,
  JOURNAL_ID,
  journalEntry,
} from './fixtures.ts';
import { startXero, TENANT, type XeroStandIn } from './stand-in.ts';

const documentsOf = (facts: readonly Fact[]): HubDocument[] => facts.flatMap((fact) => (fact.kind === 'document' ? [fact.document] : []));
const read = (given: object): HubDocument[] =>
  documentsOf(documentFacts(invoices.parse({ ...envelope, Invoices: [given] }).items, 'EUR', moneyKit));

describe('a document of Xero', () => {
  test('that is an invoice is the hub’s, to the cent', () => {
    expect(read(invoice)).toEqual([
      {
        kind: 'INVOICE',
        externalId: INVOICE_ID,
        revision: { at: '2026-03-06T20:00:00.123Z' },
        number: 'INV-0001',
        reference: 'VH-000123',
        code: 'DV4711',
        contact: { name: 'Ana Ruiz', externalId: CONTACT_ID },
        day: '2026-03-06',
        dueDay: '2026-03-06',
        currency: 'EUR',
        pricesIncludeTax: true,
        lines: [{ description: 'Menu', quantity: '2', unitPrice: eur(1250), discount: eur(250), account: '200', taxCode: 'OUTPUT' }],
        total: eur(2250),
        status: 'AUTHORISED',
      },
    ]);
  });

  test('that is a credit note or a manual journal is one too; journals are in the currency of the books', () => {
    const credits = creditNotes.parse({ ...envelope, CreditNotes: [creditNoteEntry] }).items;
    const entries = journals.parse({ ...envelope, ManualJournals: [journalEntry] }).items;
    expect(documentsOf(documentFacts([...credits, ...entries], 'EUR', moneyKit))).toMatchObject([
      {
        kind: 'CREDIT_NOTE',
        externalId: CREDIT_ID,
        number: 'CN-0001',
        reference: 'VH-000124',
        code: 'DV4711',
        day: '2026-03-07',
        total: eur(1125),
      },
      {
        kind: 'JOURNAL',
        externalId: JOURNAL_ID,
        reference: 'VH-J-2026-03-06',
        day: '2026-03-06',
        currency: 'EUR',
        lines: [
          { description: 'Vouchers used', quantity: '1', unitPrice: eur(250), account: '835' },
          { description: 'Sales by voucher', quantity: '1', unitPrice: eur(-250), account: '200' },
        ],
        status: 'POSTED',
      },
    ]);
  });

  test.each<[string, object, Partial<HubDocument>]>([
    ['without a reference goes by its number', { Reference: '' }, { reference: 'INV-0001' }],
    ['without reference and number goes by its id', { Reference: null, InvoiceNumber: '' }, { reference: INVOICE_ID }],
    ['with a person’s own reference keeps it whole', { Reference: 'Table 7 / terrace' }, { reference: 'Table 7 / terrace' }],
    ['that is voided says so', { Status: 'VOIDED' }, { status: 'VOIDED' }],
    ['without tax in its prices says so', { LineAmountTypes: 'Exclusive' }, { pricesIncludeTax: false }],
    ['without lines has its total', { LineItems: null }, { lines: [], total: eur(2250) }],
    ['with a member nobody knows is read all the same', { Surprise: { deep: [1] } }, { total: eur(2250) }],
    [
      'with more lines than the hub keeps has one',
      { LineItems: Array.from({ length: 501 }, () => ({ Description: 'x', Quantity: 1, UnitAmount: 1, LineAmount: 1 })) },
      { lines: [{ description: '501 lines', quantity: '1', unitPrice: eur(2250) }] },
    ],
  ])('%s', (_what, patch, expected) => expect(read({ ...invoice, ...patch })).toMatchObject([expected]));

  test.each<[string, object, Partial<HubDocument['lines'][number]>]>([
    [
      'a percentage off',
      { Quantity: 3, UnitAmount: 9.99, DiscountRate: 10, LineAmount: 26.97 },
      { quantity: '3', unitPrice: eur(999), discount: eur(300) },
    ],
    ['four decimals', { Quantity: 3, UnitAmount: 0.3333, LineAmount: 1.0 }, { quantity: '1', unitPrice: eur(100) }],
    ['a weight', { Quantity: 0.35, UnitAmount: 20, LineAmount: 7 }, { quantity: '0.35', unitPrice: eur(2000) }],
    ['a negative price', { Quantity: 1, UnitAmount: -2.5, LineAmount: -2.5 }, { quantity: '1', unitPrice: eur(-250) }],
    ['a negative quantity', { Quantity: -2, UnitAmount: 5, LineAmount: -10 }, { quantity: '1', unitPrice: eur(-1000) }],
    [
      'words alone',
      { Description: 'Thank you', LineAmount: null, UnitAmount: null, Quantity: null },
      { description: 'Thank you', unitPrice: eur(0) },
    ],
    ['no words', { Description: '', ItemCode: 'MENU', Quantity: 1, UnitAmount: 1, LineAmount: 1 }, { description: 'MENU', item: 'MENU' }],
    ['more than it should cost', { Quantity: 1, UnitAmount: 1, LineAmount: 1.5 }, { quantity: '1', unitPrice: eur(150) }],
  ])('a line with %s adds up', (_what, line, expected) => {
    expect(read({ ...invoice, LineItems: [line] })).toMatchObject([{ lines: [expected] }]);
  });

  test('of a supplier is nothing to the hub', () => {
    expect(read({ ...invoice, Type: 'ACCPAY' })).toEqual([]);
  });

  test.each([{ UpdatedDateUTC: '2026-03-06' }, { Total: 'twelve' }, { CurrencyCode: null }, { InvoiceID: undefined }])(
    'with %j is refused',
    (patch) => {
      expect(() => read({ ...invoice, ...patch })).toThrow();
    },
  );

  test('every line comes to Xero’s own amount, whatever its price, quantity and discount', () => {
    const decimal = (max: number, digits: number) =>
      fc.integer({ min: -max, max }).map((units) => moneyKit.addDecimals([`${units}e-${digits}`]));
    fc.assert(
      fc.property(decimal(10_000_000, 4), decimal(100_000, 3), fc.integer({ min: -1_000_000, max: 1_000_000 }), (unit, quantity, minor) => {
        const [document] = read({
          ...invoice,
          LineItems: [{ Description: 'x', UnitAmount: unit, Quantity: quantity, LineAmount: moneyKit.toMajor(eur(minor)) }],
        });
        const [line] = document?.lines ?? [];
        if (!line) throw new Error('no line');
        expect(moneyKit.times(line.unitPrice, line.quantity).minor - (line.discount?.minor ?? 0)).toBe(minor);
        expect(line.discount?.minor ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('the hub’s reference and code come back as they were written', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 .:#-]{0,30}[A-Za-z0-9]$/).map((text) => text.replace(/\s+/g, ' '));
    fc.assert(
      fc.property(word, fc.option(fc.stringMatching(/^[A-Z0-9]{4,20}$/), { nil: undefined }), (reference, code) => {
        const given = { reference, ...(code === undefined ? {} : { code }) };
        expect(readReference(referenceOf(given))).toEqual(given);
      }),
    );
    expect(readNarration('Vouchers [old] of March [VH-J-1]')).toBe('VH-J-1');
    expect(readNarration('Accrued rent')).toBeUndefined();
  });
});

describe('the books', () => {
  let clock = Date.parse('2026-03-06T19:30:00Z');
  let xero: XeroStandIn;
  let made: ReturnType<typeof connect>;
  const at = (minutes: number) => new Date(clock + minutes * 60_000).toISOString();

  beforeEach(async () => {
    clock = Date.parse('2026-03-06T19:30:00Z');
    xero = await startXero({ now: () => clock, pageSize: 3 });
    made = connect({
      settings: { ...xero.settings, customConnection: true },
      account: TENANT.id,
      facts: { baseCurrency: 'EUR' },
      now: () => clock,
    });
  });
  afterEach(async () => {
    made.close();
    await xero.close();
  });

  async function sweep(from: string, between?: () => void): Promise<{ readonly documents: HubDocument[]; readonly next: string }> {
    const documents: HubDocument[] = [];
    let cursor = from;
    for (;;) {
      const ran = await runFeed(connector, made.ctx(), 'documents', { cursor });
      if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
      documents.push(...documentsOf(ran.value.facts));
      cursor = ran.value.next ?? '';
      between?.();
      if (!ran.value.more) return { documents, next: cursor };
    }
  }
  async function start(since?: string): Promise<string> {
    const ran = await runFeedStart(connector, made.ctx(), 'documents', since);
    if (!ran.ok) throw new Error('no start');
    return ran.value;
  }
  const bare = (number: string) => ({ ...invoice, InvoiceNumber: number, Reference: number });
  const numbers = (documents: readonly HubDocument[]) => documents.map(({ number }) => number);

  test('are read over all shelves and pages, and from then on what has changed: posted, edited, voided', async () => {
    const made1 = Array.from({ length: 7 }, (_, index) => xero.addInvoice(bare(`INV-${index}`)));
    const post = [{ id: 'j', key: 'k', input: { ...document, kind: 'CREDIT_NOTE', lines: [{ ...document.lines[0] }] } as never }];
    await runNamedVerb(connector, made.ctx(), 'documents.post', post, undefined);
    clock += 5 * 60_000;
    const first = await sweep(await start(at(-60)));
    expect(numbers(first.documents)).toEqual(['INV-0', 'INV-1', 'INV-2', 'INV-3', 'INV-4', 'INV-5', 'INV-6', 'CN-0001']);
    expect(xero.requests.filter(({ path }) => path.endsWith('/Invoices')).map(({ query }) => query.get('page'))).toEqual(['1', '2', '3']);
    expect(xero.requests.find(({ path }) => path.endsWith('/Invoices'))).toMatchObject({
      headers: { 'if-modified-since': '2026-03-06T18:35:00' },
    });

    clock += 30 * 60_000;
    xero.editInvoice(made1[4]?.id ?? '', { Status: 'VOIDED' });
    clock += 60_000;
    const second = await sweep(first.next);
    expect(second.documents).toMatchObject([{ number: 'INV-4', status: 'VOIDED', revision: { at: at(-1) } }]);
  });

  test('that change while they are read lose nothing: what is missed now is read next time', async () => {
    const all = Array.from({ length: 7 }, (_, index) => xero.addInvoice(bare(`INV-${index}`)));
    clock += 10 * 60_000;
    let pages = 0;
    const first = await sweep(await start(at(-60)), () => {
      pages += 1;
      clock += 3 * 60_000;
      if (pages === 1) {
        xero.editInvoice(all[0]?.id ?? '', { Status: 'PAID' });
        xero.addInvoice(bare('INV-NEW'));
      }
    });
    const second = await sweep(first.next);
    const seen = new Set([...numbers(first.documents), ...numbers(second.documents)]);
    expect(seen).toEqual(new Set([...all.map(({ body }) => body['InvoiceNumber']), 'INV-NEW']));
    expect([...first.documents, ...second.documents].filter(({ number }) => number === 'INV-0').at(-1)).toMatchObject({ status: 'PAID' });
  });

  test.each(['nonsense', '{"since":"yesterday"}', '{}', JSON.stringify({ since: '2026-03-06T00:00:00.000Z', kind: 'BILL', page: 1 })])(
    'have no position %s',
    async (cursor) => {
      expect(await runFeed(connector, made.ctx(), 'documents', { cursor })).toMatchObject({ ok: false, failure: { code: 'CURSOR_LOST' } });
    },
  );

  test('are read again by id on whatever shelf they stand; what is on none is gone', async () => {
    const one = xero.addInvoice(bare('INV-1'));
    const bill = xero.addInvoice({ ...bare('BILL-1'), Type: 'ACCPAY' });
    await runNamedVerb(
      connector,
      made.ctx(),
      'journal.post',
      [{ id: 'j', key: 'k', input: { ...JSON.parse(JSON.stringify(journalInput)) } }],
      undefined,
    );
    const [journal] = xero.books().shelves.ManualJournals.entries.keys();
    const ran = await runFetch(connector, made.ctx(), 'document', [one.id, journal ?? '', bill.id, 'nobody']);
    expect(ran).toMatchObject({
      ok: true,
      value: [
        { document: { number: 'INV-1' } },
        { document: { kind: 'JOURNAL', reference: 'VH-J-1' } },
        { kind: 'gone', resource: 'document', id: 'nobody' },
      ],
    });
  });
});

const journalInput = {
  reference: 'VH-J-1',
  narration: 'Vouchers',
  day: '2026-03-06',
  currency: 'EUR',
  lines: [
    { account: '835', description: 'a', amount: eur(1) },
    { account: '200', description: 'b', amount: eur(-1) },
  ],
};
