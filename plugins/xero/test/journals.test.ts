import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Plain } from '@valehub/connector-kit';
import { parseExactJson } from '@valehub/connector-kit';
import { runFind, runIdentify, runNamedVerb } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { connect } from './connection.ts';
import { eur, journal } from './fixtures.ts';
import { startXero, TENANT, type XeroStandIn } from './stand-in.ts';

let clock = 0;
let xero: XeroStandIn;
let made: ReturnType<typeof connect>;

async function begin(settings: Readonly<Record<string, Plain>> = {}, facts: Readonly<Record<string, string>> = { baseCurrency: 'EUR' }) {
  made = connect({
    settings: { ...xero.settings, customConnection: true, liabilityAccount: '835', salesAccount: '200', ...settings },
    account: TENANT.id,
    facts,
    now: () => clock,
  });
  const ctx = made.ctx();
  await runIdentify(connector, ctx);
  return ctx;
}
const job = (patch: object = {}, key = 'key-1') => ({ id: 'job-1', key, input: { ...journal, ...patch } as Plain });
const journals = () => [...xero.books().shelves.ManualJournals.entries.values()].map(({ body }) => body);

beforeEach(async () => {
  clock = Date.parse('2026-03-06T19:30:00Z');
  xero = await startXero({ now: () => clock });
});
afterEach(async () => {
  made.close();
  await xero.close();
});

describe('asked of Xero: manual journals', () => {
  test('a balanced entry of the hub is one of Xero’s, debits positive, its mark in the narration', async () => {
    const ctx = await begin();
    const input = {
      ...journal,
      lines: [
        { account: 'VOUCHER_LIABILITY', description: 'Vouchers used', amount: eur(900_719_925_474_099) },
        { account: 'SALES', description: 'Sales by voucher', amount: eur(-900_719_925_474_099) },
      ],
    } as Plain;
    expect(await runNamedVerb(connector, ctx, 'journal.post', [{ id: 'job-1', key: 'key-1', input }], undefined)).toMatchObject({
      outcomes: [{ job: 'job-1', done: { id: expect.stringMatching(/^0000/) } }],
    });
    const put = xero.requests.at(-1);
    expect(put).toMatchObject({
      method: 'PUT',
      path: '/api.xro/2.0/ManualJournals',
      headers: { 'idempotency-key': 'key-1', 'xero-tenant-id': TENANT.id },
    });
    expect(parseExactJson(put?.text ?? '')).toEqual({
      ManualJournals: [
        {
          Narration: 'Vouchers of 6 March 2026 [VH-J-2026-03-06]',
          Date: '2026-03-06',
          LineAmountTypes: 'NoTax',
          JournalLines: [
            { AccountCode: '835', Description: 'Vouchers used', LineAmount: 9007199254740.99 },
            { AccountCode: '200', Description: 'Sales by voucher', LineAmount: -9007199254740.99 },
          ],
          Status: 'POSTED',
        },
      ],
    });
    expect(put?.text).toContain('"LineAmount":9007199254740.99');
  });

  test('with tax the amounts hold it, so that what balances here balances there; drafts stay drafts', async () => {
    const ctx = await begin({ postAs: 'SUBMITTED' });
    const [first, second] = journal.lines;
    await runNamedVerb(connector, ctx, 'journal.post', [job({ lines: [{ ...first, taxCode: 'OUTPUT' }, second] })], undefined);
    expect(journals()).toMatchObject([
      { LineAmountTypes: 'Inclusive', Status: 'DRAFT', JournalLines: [{ TaxType: 'OUTPUT' }, { TaxType: 'NONE' }] },
    ]);
  });

  test.each([
    [
      'another currency than the books',
      { currency: 'USD', lines: journal.lines.map((line) => ({ ...line, amount: { ...line.amount, currency: 'USD' } })) },
      'currency',
    ],
    ['an account that no setting names', { lines: [{ ...journal.lines[0], account: 'DISCOUNT' }, journal.lines[1]] }, 'lines.0.account'],
  ])('%s is refused before anything is sent', async (_what, patch, path) => {
    const ctx = await begin();
    expect(await runNamedVerb(connector, ctx, 'journal.post', [job(patch)], undefined)).toMatchObject({
      outcomes: [{ failed: { code: 'BAD_INPUT', path } }],
    });
    expect(xero.requests.some(({ method }) => method === 'PUT')).toBe(false);
  });

  test('an account that Xero refuses is told by its line', async () => {
    const ctx = await begin();
    expect(
      await runNamedVerb(
        connector,
        ctx,
        'journal.post',
        [job({ lines: [journal.lines[0], { ...journal.lines[1], account: '610' }] })],
        undefined,
      ),
    ).toEqual({
      outcomes: [
        {
          job: 'job-1',
          failed: {
            code: 'BAD_INPUT',
            path: 'lines.1',
            message: "Xero refuses it: Account code '610' is not a valid code for this document.",
          },
        },
      ],
    });
  });

  test('the currency of the books is asked for where nobody has told it', async () => {
    const ctx = await begin({}, {});
    expect(await runNamedVerb(connector, ctx, 'journal.post', [job()], undefined)).toMatchObject({ outcomes: [{ done: {} }] });
  });
});

describe('a journal whose outcome nobody knows', () => {
  test('is sent again under its key and made once; when Xero has forgotten the key it is found by its narration', async () => {
    const ctx = await begin();
    xero.failNext('LATE');
    expect(await runNamedVerb(connector, ctx, 'journal.post', [job()], undefined)).toMatchObject({
      outcomes: [{ failed: { unknown: true } }],
    });
    clock += 60_000;
    const again = await runNamedVerb(connector, ctx, 'journal.post', [job()], undefined);
    expect(again).toMatchObject({ outcomes: [{ done: { id: expect.any(String) } }] });
    expect(journals()).toHaveLength(1);
    clock += 6 * 60_000;
    expect(await runFind(connector, ctx, 'journal.post', [job()])).toEqual(again);
    expect(xero.requests.at(-1)?.query.get('where')).toBe('Narration=="Vouchers of 6 March 2026 [VH-J-2026-03-06]"');
    expect(await runFind(connector, ctx, 'journal.post', [job({ day: '2026-03-07' })])).toEqual({
      outcomes: [{ job: 'job-1', absent: true }],
    });
  });

  test('waits where its key stands for another request, till the key is free', async () => {
    const ctx = await begin();
    await runNamedVerb(connector, ctx, 'journal.post', [job()], undefined);
    expect(await runNamedVerb(connector, ctx, 'journal.post', [job({ narration: 'Another' })], undefined)).toMatchObject({
      outcomes: [{ failed: { code: 'CONFLICT', message: expect.stringContaining('different request') } }],
    });
  });

  test('has a key that Xero takes: the hub makes longer ones fit, and asks once the key may be forgotten', () => {
    const { post } = connector.roles['journal.post'] ?? {};
    expect(post?.repeat).toMatchObject({ key: { max: 128, lives: 'PT5M' } });
    expect(post?.batch).toBeUndefined();
  });
});
