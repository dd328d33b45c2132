import { afterEach, describe, expect, test } from '@jest/globals';
import type { Failure, Reply } from '@valehub/connector-kit';
import type { Fault } from '@valehub/connector-kit/testing';
import { runChoices, runIdentify, runNamedVerb } from '@valehub/connector-kit/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import connector from '../src/index.ts';
import { type ConnectionOptions, connect } from './connection.ts';
import { row } from './samples.ts';
import { type GoogleSheetsOptions, type GoogleSheetsStandIn, newKeyPair, startGoogleSheets } from './stand-in.ts';

const START = Date.parse('2026-03-06T19:30:00Z');
let clock = START;
let google: GoogleSheetsStandIn;
const open: { close(): unknown }[] = [];

async function begin(options: GoogleSheetsOptions = {}, settings: ConnectionOptions['settings'] = {}) {
  clock = START;
  google = await startGoogleSheets({ now: () => clock, ...options });
  const made = connect({ settings: { ...google.settings, ...settings }, now: () => clock, deadlineMs: 5000 });
  open.push(made, google);
  return made;
}
const append = (of: ReturnType<typeof connect>, id = 'red_1') =>
  runNamedVerb(connector, of.ctx(), 'rows.append', [{ id, key: id, input: { ...row, values: [id, ...row.values.slice(1)] } }], undefined);

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

describe('a service account', () => {
  test('proves itself by an assertion that it has signed, for Google’s own address and an hour', async () => {
    const made = await begin();
    expect(await made.logIn()).toEqual({
      secrets: { token: 'google-access-1' },
      expiresAt: '2026-03-06T20:30:00.000Z',
      facts: { serviceAccount: google.serviceAccount },
    });
    const form = google.requests[0]?.form();
    expect(form?.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const assertion = form?.get('assertion') ?? '';
    expect(decodeProtectedHeader(assertion)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'key-1' });
    expect(decodeJwt(assertion)).toEqual({
      iss: google.serviceAccount,
      scope: 'https://www.googleapis.com/auth/spreadsheets',
      aud: 'https://oauth2.googleapis.com/token',
      iat: START / 1000,
      exp: START / 1000 + 3600,
    });
  });

  test('gets a new token when the old one has run out, or Google has taken it back', async () => {
    const made = await begin();
    await append(made);
    clock += 61 * 60_000;
    expect(await append(made, 'red_2')).toMatchObject({ outcomes: [{ done: {} }] });
    google.revokeTokens();
    expect(await append(made, 'red_3')).toMatchObject({ outcomes: [{ done: {} }] });
    expect(made.renewals()).toBe(3);
  });

  test.each<[string, (key: Record<string, string>) => string]>([
    ['no JSON', () => 'my key'],
    ['another file', () => '{"installed":{"client_id":"x"}}'],
    ['half a key', (key) => JSON.stringify({ ...key, private_key: key['private_key']?.slice(0, 200) })],
  ])('whose key is %s is told to paste it whole, and nothing of it is repeated', async (_what, damage) => {
    const made = await begin();
    const key = JSON.parse(google.settings.serviceAccountKey) as Record<string, string>;
    const other = connect({ settings: { ...google.settings, serviceAccountKey: damage(key) }, now: () => clock });
    open.push(other);
    const { outcomes } = await append(other);
    expect(outcomes).toEqual([
      {
        job: 'red_1',
        failed: {
          code: 'BAD_CREDENTIALS',
          message: 'The service account key is not the JSON file that Google gave with it: paste it whole.',
        },
      },
    ]);
    expect(made.renewals()).toBe(0);
  });

  test('whose key was deleted at Google is told so, in Google’s words', async () => {
    const made = await begin();
    const key = { ...JSON.parse(google.settings.serviceAccountKey), private_key: newKeyPair().privateKey };
    const other = connect({ settings: { ...google.settings, serviceAccountKey: JSON.stringify(key) }, now: () => clock });
    open.push(other, made);
    expect(await append(other)).toMatchObject({
      outcomes: [
        {
          failed: {
            code: 'BAD_CREDENTIALS',
            message:
              'Google answered 400 invalid_grant: Invalid JWT Signature. Google no longer takes the key of the service account: enter a new one.',
          },
        },
      ],
    });
  });
});

describe('the spreadsheet', () => {
  test('is the account, and its sheets are the choices', async () => {
    const made = await begin({ sheets: { Canjes: [], Rechazos: [] } });
    expect(await runIdentify(connector, made.ctx())).toEqual({
      ok: true,
      value: { account: google.spreadsheetId, name: 'Vouchers of Casa Pepa' },
    });
    expect(await runChoices(connector, made.ctx(), 'sheets')).toEqual({
      ok: true,
      value: [
        { value: 'Canjes', label: 'Canjes' },
        { value: 'Rechazos', label: 'Rechazos' },
      ],
    });
  });

  test('that is not shared says with whom it has to be', async () => {
    const made = await begin();
    await made.logIn();
    google.unshare();
    expect(await runIdentify(connector, made.ctx())).toMatchObject({
      ok: false,
      failure: { code: 'FORBIDDEN_SCOPE', message: expect.stringMatching(/Share the spreadsheet.*valehub@stand-in\.iam\.example\.com/) },
    });
    expect(await append(made)).toMatchObject({ outcomes: [{ failed: { code: 'FORBIDDEN_SCOPE' } }] });
  });

  test('that is another or gone is gone for the operator', async () => {
    const made = await begin({}, { spreadsheetId: 'another-spreadsheet' });
    expect(await append(made)).toMatchObject({
      outcomes: [{ failed: { code: 'TARGET_GONE', message: expect.stringContaining('deleted') } }],
    });
  });
});

const reply = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers,
  body: body as Reply['body'],
  text: JSON.stringify(body),
  at: '2026-03-06T19:30:00.000Z',
});
const told = (code: number, status: string, message: string, headers = {}) =>
  reply(code, { error: { code, status, message, details: [] } }, headers);

describe('what Google says', () => {
  test.each<[string, Reply, Partial<Failure>]>([
    [
      'the quota is spent',
      told(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded.'),
      { code: 'RATE_LIMITED', wait: 'PT60S', message: 'Google answered 429 RESOURCE_EXHAUSTED: Quota exceeded.' },
    ],
    [
      'the API is off',
      told(403, 'PERMISSION_DENIED', 'Google Sheets API has not been used in project 1 before or it is disabled.'),
      { code: 'FORBIDDEN_SCOPE', message: expect.stringContaining('Enable') as never },
    ],
    ['a sheet went away', told(400, 'INVALID_ARGUMENT', "Unable to parse range: 'X'!A1"), { code: 'CONFLICT' }],
    [
      'the spreadsheet is full',
      told(400, 'INVALID_ARGUMENT', 'This action would increase the number of cells in the workbook above the limit of 10000000 cells.'),
      { code: 'TARGET_GONE' },
    ],
    [
      'a range is protected',
      told(400, 'INVALID_ARGUMENT', 'You are trying to edit a protected cell or object.'),
      { code: 'FORBIDDEN_SCOPE' },
    ],
    ['something else is wrong', told(400, 'INVALID_ARGUMENT', 'Invalid value.'), { code: 'BAD_INPUT' }],
    [
      'its own fault, after which the rows may be there',
      told(500, 'INTERNAL', 'Internal error encountered.'),
      { code: 'PLATFORM_DOWN', unknown: true },
    ],
    ['it is not there', told(503, 'UNAVAILABLE', 'The service is currently unavailable.'), { code: 'PLATFORM_DOWN', unknown: true }],
    ['nothing', reply(502, null), { code: 'PLATFORM_DOWN', message: 'Google answered 502.' }],
  ])('%s', (_what, given, expected) => expect(connector.failure?.(given)).toMatchObject(expected));

  test('when to come again, it is heard', () => {
    expect(connector.failure?.(told(429, 'RESOURCE_EXHAUSTED', 'x', { 'retry-after': '3' }))).not.toHaveProperty('wait');
    expect(connector.failure?.(reply(200, {}))).toBeUndefined();
  });
});

describe('in the middle of a run', () => {
  test.each<[string, Fault, Partial<Failure>]>([
    ['a reset', 'CUT', { code: 'PLATFORM_DOWN' }],
    ['HTML', 'HTML', { code: 'BAD_REPLY' }],
    ['half an answer', 'HALF', { code: 'BAD_REPLY' }],
    ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example/' } }, { code: 'BAD_REPLY' }],
    ['409', { status: 409 }, { code: 'CONFLICT' }],
    ['429 with a time', { status: 429, headers: { 'retry-after': '9' } }, { code: 'RATE_LIMITED', wait: 'PT9S' }],
  ])('%s before anything was written leaves nothing open', async (_what, fault, expected) => {
    const made = await begin();
    await made.logIn();
    google.failNext(fault);
    const { outcomes } = await append(made);
    expect(outcomes).toMatchObject([{ failed: expected }]);
    expect(JSON.stringify(outcomes)).not.toContain('unknown');
  });

  test('the quota is spent: the rows wait for a minute and go out then, once', async () => {
    const made = await begin({ quota: 5 });
    expect(await append(made)).toMatchObject({ outcomes: [{ done: {} }] });
    expect(await append(made, 'red_2')).toMatchObject({ outcomes: [{ failed: { code: 'RATE_LIMITED', wait: 'PT60S' } }] });
    clock += 60_000;
    expect(await append(made, 'red_2')).toMatchObject({ outcomes: [{ done: {} }] });
    expect(google.rows('Redemptions')?.map(([id]) => id)).toEqual(['id', 'red_1', 'red_2']);
  });
});
