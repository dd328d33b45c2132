import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Fact, Notice } from '@valehub/connector-kit';
import { receive, runRead, runSplit } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';

const SCRIPT = readFileSync(join(import.meta.dirname, '../apps-script/valehub.gs'), 'utf8');
const SECRET = 'a shared secret of enough letters, ñ too';
const ADDRESS = 'https://hub.example.com/webhooks/c-1';

interface Posted {
  readonly url: string;
  readonly method: string;
  readonly contentType: string;
  readonly payload: string;
  readonly headers: Readonly<Record<string, string>>;
}

let clock = 0;
let posted: Posted[];
let properties: Map<string, string>;
let errors: string[];
let answers: (number | 'DOWN')[];
let isLocked = false;
let triggers: string[];
let script: Readonly<Record<string, (e?: object) => void>>;

/** What the script sees of Google, as far as it uses it. */
function google() {
  class ScriptDate extends Date {
    constructor(...given: [] | [number | string]) {
      super(given[0] ?? clock);
    }
    static override now(): number {
      return clock;
    }
  }
  const trigger = (name: string) => {
    const made = {
      forSpreadsheet: () => made,
      onEdit: () => made,
      onFormSubmit: () => made,
      timeBased: () => made,
      everyMinutes: () => made,
      create: () => triggers.push(name),
    };
    return made;
  };
  return {
    Date: ScriptDate,
    console: { error: (text: string) => errors.push(text) },
    PropertiesService: {
      getScriptProperties: () => ({
        getProperties: () => Object.fromEntries(properties),
        getProperty: (name: string) => properties.get(name) ?? null,
        getKeys: () => [...properties.keys()],
        setProperties(more: Record<string, string>, deleteOthers: boolean) {
          expect(deleteOthers).toBe(false);
          for (const [name, value] of Object.entries(more)) {
            expect(value.length).toBeLessThan(9 * 1024);
            properties.set(name, value);
          }
        },
        deleteProperty: (name: string) => properties.delete(name),
      }),
    },
    LockService: { getScriptLock: () => ({ tryLock: () => !isLocked, releaseLock: () => undefined }) },
    SpreadsheetApp: { getActive: () => ({ getId: () => 'spreadsheet-0123456789' }) },
    ScriptApp: {
      newTrigger: trigger,
      getProjectTriggers: () => triggers.map((name) => ({ getHandlerFunction: () => name })),
      deleteTrigger: (given: { getHandlerFunction(): string }) => {
        triggers = triggers.filter((name) => name !== given.getHandlerFunction());
      },
    },
    Utilities: {
      Charset: { UTF_8: 'utf8' },
      getUuid: () => randomUUID(),
      // Java's bytes are signed.
      computeHmacSha256Signature: (text: string, key: string) => [...new Int8Array(createHmac('sha256', key).update(text).digest())],
    },
    UrlFetchApp: {
      fetch(url: string, given: Omit<Posted, 'url'>) {
        const answer = answers.shift() ?? 200;
        if (answer === 'DOWN') throw new Error(`Address unavailable: ${url}`);
        posted.push({ url, ...given });
        return { getResponseCode: () => answer };
      },
    },
  };
}

const HEADER = ['id', 'name', 'status', 'since'];
/** A sheet with a header and two rows, and a range in it. */
function sheet(
  name = 'Guests',
  rows: readonly (readonly unknown[])[] = [HEADER, ['G-1', 'Ana', 'invited', new Date(0)], [42, 'Luis', '', '']],
) {
  const made = {
    getName: () => name,
    getLastColumn: () => HEADER.length,
    getRange: (row: number, column: number, height: number, width: number) => ({
      getValues: () => rows.slice(row - 1, row - 1 + height).map((cells) => cells.slice(column - 1, column - 1 + width)),
    }),
  };
  return (row: number, column: number, lastRow = row, lastColumn = column) => ({
    getSheet: () => made,
    getRow: () => row,
    getLastRow: () => lastRow,
    getColumn: () => column,
    getLastColumn: () => lastColumn,
  });
}

beforeEach(() => {
  clock = Date.parse('2026-03-06T20:15:00Z');
  posted = [];
  errors = [];
  answers = [];
  triggers = [];
  isLocked = false;
  properties = new Map([
    ['VALEHUB_ADDRESS', ADDRESS],
    ['VALEHUB_SECRET', SECRET],
    ['VALEHUB_COLUMNS', 'status, since'],
  ]);
  const context = createContext(google());
  runInContext(`${SCRIPT}\nthis.script = { setUp, rowEdited, formSubmitted, sendPending };`, context);
  script = context['script'] as typeof script;
});

/** Takes a request of the script as the hub does. */
async function taken({ payload, headers }: Posted, nowMs = clock, body = payload) {
  return receive(
    connector,
    {
      method: 'POST',
      url: ADDRESS,
      query: '',
      headers: [['content-type', 'application/json'], ...Object.entries(headers)],
      body: Buffer.from(body),
    },
    { keys: (name) => (name === 'scriptSecret' ? [SECRET] : []), nowMs },
  );
}

async function factsOf(request: Posted): Promise<readonly Fact[]> {
  const received = await taken(request);
  if (received.kind !== 'delivery') throw new Error(JSON.stringify(received));
  const notices = await runSplit(connector, received.delivery);
  if (!notices.ok) throw new Error(notices.failure.message);
  const facts: Fact[] = [];
  for (const notice of notices.value) {
    const ran = await runRead(connector, {} as never, JSON.parse(JSON.stringify(notice)) as Notice);
    if (!ran.ok) throw new Error(ran.failure.message);
    facts.push(...ran.value);
  }
  return facts;
}

const only = (): Posted => posted[0] as Posted;

describe('asked of Google Sheets: a script trigger', () => {
  test('a person’s edit comes to the hub as an event, signed and with the columns that may be sent', async () => {
    script['rowEdited']?.({ range: sheet()(2, 3), value: 'invited', oldValue: 'new' });
    expect(only()).toMatchObject({
      url: ADDRESS,
      method: 'post',
      contentType: 'application/json',
      muteHttpExceptions: true,
      followRedirects: false,
    });
    expect(await factsOf(only())).toEqual([
      {
        kind: 'custom',
        name: 'row.changed',
        key: expect.stringMatching(/^[0-9a-f-]{36}$/),
        at: '2026-03-06T20:15:00.000Z',
        data: {
          sheet: 'Guests',
          row: 2,
          key: 'G-1',
          changed: ['status'],
          values: { status: 'invited', since: '1970-01-01T00:00:00.000Z' },
        },
      },
    ]);
    expect(only().payload).not.toContain('Ana');
    expect([...properties.keys()].filter((name) => name.startsWith('VALEHUB_PENDING'))).toEqual([]);
  });

  test.each<[string, () => void, string, number]>([
    ['a key where none stood', () => script['rowEdited']?.({ range: sheet()(2, 1), value: 'G-1' }), 'row.added', 1],
    ['another key', () => script['rowEdited']?.({ range: sheet()(2, 1), value: 'G-2', oldValue: 'G-1' }), 'row.changed', 1],
    ['a pasted block with its keys', () => script['rowEdited']?.({ range: sheet()(2, 1, 3, 4) }), 'row.added', 2],
    ['a pasted block beside the keys', () => script['rowEdited']?.({ range: sheet()(1, 2, 3, 3) }), 'row.changed', 2],
    ['a form', () => script['formSubmitted']?.({ range: sheet()(3, 1, 3, 4) }), 'row.added', 1],
  ])('%s is %s', async (_what, act, name, count) => {
    act();
    const facts = await factsOf(only());
    expect(facts).toHaveLength(count);
    for (const fact of facts) expect(fact).toMatchObject({ kind: 'custom', name });
    if (count === 1 && _what === 'a form') expect(facts).toMatchObject([{ data: { key: '42', row: 3, changed: HEADER } }]);
  });

  test.each<[string, () => void]>([
    ['the header', () => script['rowEdited']?.({ range: sheet()(1, 2) })],
    ['a row without a key', () => script['rowEdited']?.({ range: sheet('Guests', [HEADER, ['', 'x', 'y', '']])(2, 2) })],
    ['a sheet that is not watched', () => script['rowEdited']?.({ range: sheet('Private')(2, 2) })],
  ])('%s is nothing', (_what, act) => {
    properties.set('VALEHUB_SHEETS', 'Guests, Staff');
    act();
    expect(posted).toEqual([]);
  });

  test('nothing of a row is sent but its key, where no column is named', async () => {
    properties.delete('VALEHUB_COLUMNS');
    script['rowEdited']?.({ range: sheet()(2, 2), oldValue: 'Anna' });
    expect(await factsOf(only())).toMatchObject([{ data: { changed: ['name'], values: {} } }]);
  });
});

describe('a delivery of the script', () => {
  const edit = () => script['rowEdited']?.({ range: sheet()(2, 3), oldValue: 'new' });

  test('is refused when it was changed, comes too late, or was signed with another secret', async () => {
    edit();
    expect(await taken(only(), clock, only().payload.replace('invited', 'banned'))).toMatchObject({
      kind: 'refused',
      status: 401,
      fault: 'SIGNATURE_WRONG',
    });
    expect(await taken(only(), clock + 6 * 60_000)).toMatchObject({ kind: 'refused', fault: 'TOO_LATE' });
    const headers = { ...only().headers, 'X-Valehub-Time': String(clock + 1000) };
    expect(await taken({ ...only(), headers })).toMatchObject({ kind: 'refused', fault: 'SIGNATURE_WRONG' });
    properties.set('VALEHUB_SECRET', 'another secret');
    edit();
    expect(await taken(posted[1] as Posted)).toMatchObject({ kind: 'refused', fault: 'SIGNATURE_WRONG' });
  });

  test.each<[string, number | 'DOWN']>([
    ['is away', 'DOWN'],
    ['answers 503', 503],
    ['refuses the signature', 401],
  ])('is kept while the hub %s, and sent again under the same ids with a new signature', async (_what, answer) => {
    answers = [answer];
    edit();
    expect(errors).toEqual([expect.stringContaining('kept and sent again')]);
    expect(errors.join()).not.toContain(SECRET);
    clock += 3_600_000;
    script['sendPending']?.();
    const first = posted.length === 2 ? posted[0] : undefined;
    const second = posted.at(-1) as Posted;
    expect(await taken(second)).toMatchObject({ kind: 'delivery' });
    if (first)
      expect((JSON.parse(first.payload) as { events: { id: string }[] }).events).toEqual(
        (JSON.parse(second.payload) as { events: { id: string }[] }).events,
      );
    script['sendPending']?.();
    expect(posted.at(-1)).toBe(second);
  });

  test('keeps the order of changes, and goes out in pieces', async () => {
    const rows = [HEADER, ...Array.from({ length: 120 }, (_, index) => [`G-${index}`, 'x', 'y', ''])];
    answers = ['DOWN'];
    edit();
    clock += 1000;
    script['rowEdited']?.({ range: sheet('Guests', rows)(2, 1, 121, 4) });
    const keys = posted.flatMap(({ payload }) => (JSON.parse(payload) as { events: { key: string }[] }).events.map(({ key }) => key));
    expect(keys).toEqual(['G-1', ...Array.from({ length: 120 }, (_, index) => `G-${index}`)]);
    expect(posted).toHaveLength(3);
  });

  test('is given up after a week, and that is said', () => {
    answers = ['DOWN'];
    edit();
    clock += 8 * 24 * 3_600_000;
    script['sendPending']?.();
    expect(posted).toEqual([]);
    expect(errors.at(-1)).toContain('given up');
  });

  test('is left to whoever sends just now', () => {
    isLocked = true;
    edit();
    expect(posted).toEqual([]);
    isLocked = false;
    script['sendPending']?.();
    expect(posted).toHaveLength(1);
  });

  test('holds no more than a property may: long texts are cut', async () => {
    const rows = [HEADER, ['k'.repeat(5000), 'x', 's'.repeat(40_000), '']];
    script['rowEdited']?.({ range: sheet('Guests', rows)(2, 3), oldValue: '' });
    expect(await factsOf(only())).toMatchObject([{ data: { key: 'k'.repeat(1000), values: { status: 's'.repeat(1000) } } }]);
  });
});

describe('setting it up', () => {
  test('makes each trigger once', () => {
    script['setUp']?.();
    script['setUp']?.();
    expect(triggers).toEqual(['rowEdited', 'formSubmitted', 'sendPending']);
  });

  test('asks for what is missing', () => {
    properties.delete('VALEHUB_SECRET');
    expect(() => script['setUp']?.()).toThrow('VALEHUB_ADDRESS and VALEHUB_SECRET');
  });
});

describe('what the hub makes of a delivery', () => {
  const split = (body: unknown) =>
    runSplit(connector, {
      method: 'POST',
      headers: {},
      query: {},
      body: body as never,
      bodyHash: 'h',
      receivedAt: '2026-03-06T20:15:00Z',
      signed: true,
    });
  const event = { id: 'e-1', type: 'row.changed', at: '2026-03-06T20:15:00.000Z', sheet: 'Guests', row: 2, key: 'G-1' };

  test('is one notice an event, known again by its id; unknown kinds are kept, unknown members passed over', async () => {
    const later = { ...event, id: 'e-2', type: 'row.removed', mood: 'good' };
    expect(await split({ spreadsheetId: 's-1', events: [event, later], more: 1 })).toMatchObject({
      ok: true,
      value: [
        { account: 's-1', topic: 'row.changed', repeat: { key: 'e-1' }, body: { key: 'G-1', changed: [], values: {} } },
        { account: 's-1', topic: 'row.removed', repeat: { key: 'e-2' } },
      ],
    });
    expect(await split({ spreadsheetId: 's-1', events: [] })).toEqual({ ok: true, value: [] });
  });

  test.each([
    null,
    {},
    { spreadsheetId: 's-1' },
    { spreadsheetId: 's-1', events: [{ ...event, id: '' }] },
    { spreadsheetId: 's-1', events: [{ ...event, at: 'today' }] },
  ])('that is %j is none of the script’s', async (body) => expect(await split(body)).toMatchObject({ ok: false }));
});
