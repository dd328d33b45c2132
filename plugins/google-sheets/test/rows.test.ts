import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Plain, Row } from '@valehub/connector-kit';
import { runFind, runNamedVerb } from '@valehub/connector-kit/testing';
import nock from 'nock';
import connector from '../src/index.ts';
import { type ConnectionOptions, connect } from './connection.ts';
import { row, SPREADSHEET, samples } from './samples.ts';
import { type GoogleSheetsOptions, type GoogleSheetsStandIn, startGoogleSheets } from './stand-in.ts';

type Job = { readonly id: string; readonly key: string; readonly input: Plain };
const job = (id: string, patch: Partial<Row> = {}): Job => ({
  id,
  key: `key-${id}`,
  input: { ...row, values: [id, ...row.values.slice(1)], ...patch } as Plain,
});
const append = (of: ReturnType<typeof connect>, jobs: readonly Job[]) => runNamedVerb(connector, of.ctx(), 'rows.append', jobs, undefined);
const HEADER = ['id', 'at', 'code', 'amount', 'currency'];
const LINE = ['2026-03-06T20:15:00.000Z', 'DV4711', '2.50', 'EUR'];

const open: { close(): unknown }[] = [];
let google: GoogleSheetsStandIn;
async function begin(
  options: GoogleSheetsOptions = {},
  more: Partial<ConnectionOptions> & { settings?: ConnectionOptions['settings'] } = {},
) {
  google = await startGoogleSheets(options);
  const made = connect({ ...more, settings: { ...google.settings, ...more.settings } });
  open.push(made, google);
  await made.logIn();
  return made;
}
const written = () => google.requests.filter(({ method, path }) => method !== 'GET' && path !== '/token');

/** The answer to the write gets lost: the two readings before it go well. */
function lostWrite(made: ReturnType<typeof connect>, jobs: readonly Job[]) {
  const body = { sheets: [{ properties: { sheetId: 1, title: 'Redemptions', gridProperties: { rowCount: 1000, columnCount: 26 } } }] };
  google.failNext({ status: 200, body }, { status: 200, body: { values: [HEADER] } }, 'LATE');
  return append(made, jobs);
}

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

describe('asked of Google Sheets: a row for each voucher event', () => {
  beforeEach(() => nock.disableNetConnect());
  afterEach(() => {
    expect(nock.pendingMocks()).toEqual([]);
    nock.cleanAll();
    nock.enableNetConnect();
  });
  afterAll(() => nock.restore());

  test('rows go out as they are, in one call, behind the table that the header begins', async () => {
    const base = `/v4/spreadsheets/${SPREADSHEET}`;
    nock('https://oauth2.googleapis.com').post('/token').reply(200, { access_token: 'token-1', expires_in: 3599, token_type: 'Bearer' });
    const api = () => nock('https://sheets.googleapis.com', { reqheaders: { authorization: 'Bearer token-1' } });
    api()
      .get(base)
      .query({ fields: 'sheets.properties(sheetId,title,gridProperties(rowCount,columnCount))' })
      .reply(200, { sheets: [{ properties: { sheetId: 7, title: 'Canjes' } }] });
    api()
      .get(`${base}/values/'Canjes'!1%3A2`)
      .query({ valueRenderOption: 'UNFORMATTED_VALUE', majorDimension: 'ROWS' })
      .reply(200, { values: [[...HEADER, 'Checked by']] });
    api()
      .post(`${base}/values/'Canjes'!A1:append`, {
        majorDimension: 'ROWS',
        values: [
          ['red_1', ...LINE],
          ['red_2', ...LINE],
        ],
      })
      .query({ valueInputOption: 'RAW', insertDataOption: 'INSERT_ROWS' })
      .reply(200, { updates: { updatedRange: 'Canjes!A2:E3', updatedRows: 2 } });
    const made = connect({ settings: { ...samples.settings, sheets: { Redemptions: 'Canjes' } } });
    open.push(made);
    const done = { id: null, url: `https://docs.google.com/spreadsheets/d/${SPREADSHEET}/edit#gid=7` };
    expect(await append(made, [job('red_1'), job('red_2')])).toEqual({
      outcomes: [
        { job: 'red_1', done },
        { job: 'red_2', done },
      ],
    });
  });
});

describe('a row', () => {
  test('is kept as it is: what looks like a formula, a number or a date stays text', async () => {
    const made = await begin();
    const values = ['=1+1', '+34600550123', '-1', '@SUM(A1)', '00123', "'quoted", '2026-03-06', 7, true, null];
    const columns = values.map((_value, index) => `c${index}`);
    await append(made, [job('a', { columns, values: ['00007', ...values.slice(1)] }), job('b', { columns, values })]);
    expect(google.rows('Redemptions')).toEqual([
      columns,
      ['00007', '+34600550123', '-1', '@SUM(A1)', '00123', "'quoted", '2026-03-06', 7, true, ''],
      ['=1+1', '+34600550123', '-1', '@SUM(A1)', '00123', "'quoted", '2026-03-06', 7, true, ''],
    ]);
    const appended = written().at(-1);
    expect(appended?.query.get('valueInputOption')).toBe('RAW');
  });

  test('has numbers in the columns that a person has named so, with the digits they have', async () => {
    const made = await begin({}, { settings: { numberColumns: ['amount'] } });
    const amounts = ['2.50', '-0.10', '9007199254740.99', 'about 3', '90071992547409.931'];
    await append(
      made,
      amounts.map((amount) => job(amount, { values: ['12', '10', '00', amount, 'EUR'] })),
    );
    const line = (amount: string) => `["12","10","00",${amount},"EUR"]`;
    // A sheet would lose the last digits of the last one: it stays text.
    const expected = ['2.50', '-0.10', '9007199254740.99', '"about 3"', '"90071992547409.931"'].map(line).join();
    expect(written().at(-1)?.text).toContain(expected);
  });

  test.each<[string, Partial<Row>, object]>([
    ['more values than columns', { values: ['x', 'y', 'z', '1', '2', '3'] }, { code: 'BAD_INPUT', path: 'values' }],
    ['an empty key', { values: ['', ...LINE] }, { code: 'BAD_INPUT', path: 'values.0' }],
    ['no key', { values: [null, ...LINE] }, { code: 'BAD_INPUT', path: 'values.0' }],
  ])('with %s is refused by itself', async (_what, patch, failure) => {
    const made = await begin();
    const { outcomes } = await append(made, [job('bad', patch), job('good')]);
    expect(outcomes).toMatchObject([
      { job: 'bad', failed: failure },
      { job: 'good', done: {} },
    ]);
    expect(google.rows('Redemptions')).toHaveLength(2);
  });

  test('that nothing is right with asks Google nothing', async () => {
    const made = await begin();
    await append(made, [job('bad', { values: [null, ...LINE] })]);
    expect(google.requests.map(({ path }) => path)).toEqual(['/token']);
  });
});

describe('the sheet and its header', () => {
  test('are made once, where they are missing, and kept', async () => {
    const made = await begin();
    await append(made, [job('1')]);
    await append(made, [job('2')]);
    expect(google.rows('Redemptions')).toEqual([HEADER, ['1', ...LINE], ['2', ...LINE]]);
    expect(written().filter(({ path }) => path.endsWith(':batchUpdate'))).toHaveLength(1);
    expect(written().filter(({ method }) => method === 'PUT')).toHaveLength(1);
    expect(written()[0]?.json()).toEqual({
      requests: [
        { addSheet: { properties: { title: 'Redemptions', gridProperties: { rowCount: 1000, columnCount: 26, frozenRowCount: 1 } } } },
      ],
    });
  });

  test('of several tables are each their own; names are compared as Google does, and quotes are no trouble', async () => {
    const made = await begin({ sheets: { "bob's LIST": [] } });
    const outcomes = await append(made, [
      job('1', { table: "Bob's list" }),
      job('2', { table: 'Rechazos' }),
      job('3', { table: "Bob's list" }),
    ]);
    expect(outcomes.outcomes?.every((outcome) => 'done' in outcome)).toBe(true);
    expect(google.rows("bob's LIST")).toEqual([HEADER, ['1', ...LINE], ['3', ...LINE]]);
    expect(google.rows('Rechazos')).toEqual([HEADER, ['2', ...LINE]]);
  });

  test('grow to the right with new columns, over which nothing stood', async () => {
    const made = await begin({ sheets: { Redemptions: [HEADER, ['0', ...LINE]] } });
    await append(made, [job('1', { columns: [...HEADER, 'store'], values: ['1', ...LINE, 'Sevilla'] })]);
    expect(google.rows('Redemptions')).toEqual([
      [...HEADER, 'store'],
      ['0', ...LINE],
      ['1', ...LINE, 'Sevilla'],
    ]);
    const wide = Array.from({ length: 40 }, (_, index) => `column ${index}`);
    await append(made, [job('w', { table: 'Wide', columns: wide, values: wide })]);
    await append(made, [job('x', { table: 'Wide', columns: [...wide, 'last'], values: [...wide, 'z'] })]);
    expect(google.rows('Wide')?.[0]).toHaveLength(41);
    expect(
      written().some(
        ({ path, text }) =>
          path.endsWith(':batchUpdate') && text.includes('"appendDimension":{"sheetId":1,"dimension":"COLUMNS","length":1}'),
      ),
    ).toBe(true);
  });

  test.each<[string, (sheet: GoogleSheetsStandIn) => void, RegExp]>([
    ['renamed a column', (sheet) => sheet.type('Redemptions', 1, 3, 'Código'), /column C is "Código", and the hub's is "code"/],
    ['put a column of their own where the hub’s new one goes', (sheet) => sheet.type('Redemptions', 1, 5, 'Notes'), /column E is "Notes"/],
    [
      'emptied the first row',
      (sheet) => {
        for (const index of HEADER.keys()) sheet.type('Redemptions', 1, index + 1, '');
      },
      /first row is empty/,
    ],
  ])('that a person has changed are never written over: %s', async (_what, change, words) => {
    const made = await begin();
    await append(made, [job('1')]);
    change(google);
    const before = JSON.stringify(google.rows('Redemptions'));
    const { outcomes } = await append(made, [job('2'), job('3', { table: 'Other' })]);
    expect(outcomes).toMatchObject([
      { job: '2', failed: { code: 'TARGET_GONE', message: expect.stringMatching(words) } },
      { job: '3', done: {} },
    ]);
    expect(JSON.stringify(google.rows('Redemptions'))).toBe(before);
  });

  test('stay whole where a person has added columns, rows and notes', async () => {
    const made = await begin();
    await append(made, [job('1')]);
    google.type('Redemptions', 1, 6, 'Checked by');
    google.type('Redemptions', 2, 6, 'Ana');
    google.type('Redemptions', 5, 3, 'a note below');
    await append(made, [job('2')]);
    expect(google.rows('Redemptions')).toEqual([
      [...HEADER, 'Checked by'],
      ['1', ...LINE, 'Ana'],
      ['2', ...LINE],
      [],
      [],
      ['', '', 'a note below'],
    ]);
  });

  test('made by somebody else in the same moment are seen at the next attempt', async () => {
    const made = await begin();
    google.failNext(
      { status: 200, body: { sheets: [] } },
      {
        status: 400,
        body: {
          error: {
            code: 400,
            status: 'INVALID_ARGUMENT',
            message: 'Invalid requests[0].addSheet: A sheet with the name "Redemptions" already exists. Please enter another name.',
          },
        },
      },
    );
    expect(await append(made, [job('1')])).toMatchObject({ outcomes: [{ failed: { code: 'CONFLICT' } }] });
    expect(await append(made, [job('1')])).toMatchObject({ outcomes: [{ done: {} }] });
  });

  test('renamed by a person are made anew under their name', async () => {
    const made = await begin();
    await append(made, [job('1')]);
    google.renameSheet('Redemptions', 'March');
    await append(made, [job('2')]);
    expect(google.rows('March')).toEqual([HEADER, ['1', ...LINE]]);
    expect(google.rows('Redemptions')).toEqual([HEADER, ['2', ...LINE]]);
  });
});

describe('a row whose outcome nobody knows', () => {
  test('is looked for by its key in the first column, and written once', async () => {
    const made = await begin();
    await append(made, [job('0')]);
    const lost = await lostWrite(made, [job('1'), job('2')]);
    expect(lost.outcomes).toMatchObject([{ failed: { unknown: true } }, { failed: { unknown: true } }]);
    const found = await runFind(connector, made.ctx(), 'rows.append', [job('2'), job('3')]);
    expect(found.outcomes).toEqual([
      { job: '2', done: { id: null, url: expect.stringContaining('#gid=') } },
      { job: '3', absent: true },
    ]);
    expect(google.rows('Redemptions')).toHaveLength(4);
  });

  test('is found wherever a person has sorted it to, in a sheet longer than one reading, and as the number it may be', async () => {
    const rows = Array.from({ length: 45_000 }, (_, index) => [index === 40_000 ? 77 : `k${index}`, ...LINE]);
    const made = await begin({ sheets: { Redemptions: [HEADER, ...rows] } });
    const { outcomes } = await runFind(connector, made.ctx(), 'rows.append', [
      job('k1'),
      job('k44999'),
      job('seven', { values: [77, ...LINE] }),
      job('nobody'),
    ]);
    expect(outcomes).toMatchObject([
      { job: 'k1', done: {} },
      { job: 'k44999', done: {} },
      { job: 'seven', done: {} },
      { job: 'nobody', absent: true },
    ]);
    const ranges = google.requests
      .filter(({ path }) => path.includes('/values/'))
      .map(({ path }) => decodeURIComponent(path.split('!')[1] ?? ''));
    expect(ranges).toEqual(['A25002:A45001', 'A5002:A25001', 'A2:A5001']);
  });

  test('is absent where there is no sheet yet', async () => {
    const made = await begin();
    expect(await runFind(connector, made.ctx(), 'rows.append', [job('1')])).toEqual({ outcomes: [{ job: '1', absent: true }] });
  });
});
