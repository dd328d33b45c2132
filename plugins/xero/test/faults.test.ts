import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Failure, Reply } from '@valehub/connector-kit';
import type { Fault } from '@valehub/connector-kit/testing';
import { runIdentify, runNamedVerb } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { connect } from './connection.ts';
import { document } from './fixtures.ts';
import { startXero, TENANT, type XeroStandIn } from './stand-in.ts';

const reply = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers,
  body: body as Reply['body'],
  text: typeof body === 'string' ? body : JSON.stringify(body),
  at: '2026-03-06T19:30:00.000Z',
});

describe('what Xero says', () => {
  test.each<[string, Reply, Partial<Failure> | undefined]>([
    ['200 is no failure', reply(200, {}), undefined],
    [
      '400 with reasons, the line’s among them',
      reply(400, {
        ErrorNumber: 10,
        Type: 'ValidationException',
        Message: 'A validation exception occurred',
        Elements: [
          {
            ValidationErrors: [{ Message: 'The contact ana@example.com is archived.' }],
            LineItems: [{ ValidationErrors: [] }, { ValidationErrors: [{ Message: 'Tax type is wrong' }] }],
          },
        ],
      }),
      { code: 'BAD_INPUT', path: 'lines.1', message: 'Xero answered 400: The contact [address] is archived; Tax type is wrong.' },
    ],
    [
      '400 about the contact, in the other spelling',
      reply(400, { Elements: [{ Contact: { ValidationErrors: [{ Description: 'Name is too long' }] } }] }),
      { code: 'BAD_INPUT', path: 'contact', message: 'Xero answered 400: Name is too long.' },
    ],
    [
      '400 without elements',
      reply(400, { Type: 'QueryParseException', Message: 'No property of that name.' }),
      { code: 'BAD_INPUT', message: 'Xero answered 400: No property of that name.' },
    ],
    ['400 of a key in use', reply(400, 'Idempotency Key k-1 is used with a different request.'), { code: 'CONFLICT' }],
    [
      '401 of a token that ran out',
      reply(401, { Title: 'Unauthorized', Status: 401, Detail: 'TokenExpired: token expired' }),
      { code: 'BAD_CREDENTIALS' },
    ],
    [
      '401 of a scope that is missing',
      reply(401, { Title: 'Unauthorized', Detail: 'AuthorizationUnsuccessful' }),
      { code: 'FORBIDDEN_SCOPE', message: expect.stringContaining('scope') as never },
    ],
    [
      '403 of an organisation that threw the app out',
      reply(403, { Title: 'Forbidden', Detail: 'AuthenticationUnsuccessful' }),
      { code: 'BAD_CREDENTIALS', message: expect.stringContaining('connect anew') as never },
    ],
    ['403 of something else', reply(403, { Title: 'Forbidden' }), { code: 'FORBIDDEN_SCOPE', message: 'Xero answered 403: Forbidden.' }],
    [
      '404 in plain text',
      reply(404, "The resource you're looking for cannot be found"),
      { code: 'NOT_FOUND', message: 'Xero answered 404.' },
    ],
    [
      '429 of the minute',
      reply(429, 'x', { 'x-rate-limit-problem': 'minute' }),
      { code: 'RATE_LIMITED', message: expect.stringContaining('a minute of this organisation') as never },
    ],
    [
      '429 of the app',
      reply(429, 'x', { 'x-rate-limit-problem': 'appminute' }),
      { code: 'RATE_LIMITED', message: expect.stringContaining('whole app') as never },
    ],
    [
      '429 of calls at once',
      reply(429, 'x', { 'x-rate-limit-problem': 'concurrent' }),
      { code: 'RATE_LIMITED', message: expect.stringContaining('at once') as never },
    ],
    ['429 of the day', reply(429, 'x', { 'x-rate-limit-problem': 'day' }), { code: 'QUOTA_SPENT' }],
    ['429 of a day that is used up', reply(429, 'x', { 'x-daylimit-remaining': '0' }), { code: 'QUOTA_SPENT' }],
    ['500, after which the document may be there', reply(500, { Message: 'oops' }), { code: 'PLATFORM_DOWN', unknown: true }],
    ['503 of a platform that takes no calls', reply(503, 'Service Unavailable'), { code: 'PLATFORM_DOWN' }],
    ['504', reply(504, ''), { code: 'TIMEOUT', unknown: true }],
  ])('%s', (_what, given, expected) => {
    const told = connector.failure?.(given);
    if (expected === undefined) expect(told).toBeUndefined();
    else expect(told).toMatchObject(expected);
    if (given.status === 503) expect(told).not.toHaveProperty('unknown');
  });

  test('of what is left is heard', () => {
    expect(
      connector.pace?.(reply(200, {}, { 'x-minlimit-remaining': '57', 'x-daylimit-remaining': '4100', 'x-appminlimit-remaining': 'many' })),
    ).toEqual([
      { limit: 'minute', remaining: 57 },
      { limit: 'day', remaining: 4100 },
    ]);
    const names = connector.limits.map(({ name }) => name);
    for (const { limit } of connector.pace?.(
      reply(200, {}, { 'x-minlimit-remaining': '1', 'x-daylimit-remaining': '1', 'x-appminlimit-remaining': '1' }),
    ) ?? [])
      expect(names).toContain(limit);
  });
});

describe('in the middle of a run', () => {
  let xero: XeroStandIn;
  let made: ReturnType<typeof connect>;
  beforeEach(async () => {
    xero = await startXero({ callsPerDay: 3 });
    made = connect({ settings: { ...xero.settings, customConnection: true, salesAccount: '200' }, account: TENANT.id, deadlineMs: 5000 });
  });
  afterEach(async () => {
    made.close();
    await xero.close();
  });
  const post = (ctx: ReturnType<typeof made.ctx>, id = 'VH-1') =>
    runNamedVerb(connector, ctx, 'documents.post', [{ id, key: id, input: { ...document, reference: id } }], undefined);

  test.each<[string, Fault, Partial<Failure>]>([
    ['a reset', 'CUT', { code: 'PLATFORM_DOWN', unknown: true }],
    ['HTML', 'HTML', { code: 'BAD_REPLY', unknown: true }],
    ['half an answer', 'HALF', { code: 'BAD_REPLY', unknown: true }],
    ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example/' } }, { code: 'BAD_REPLY' }],
    [
      '429 with a time',
      { status: 429, headers: { 'retry-after': '21', 'x-rate-limit-problem': 'minute' } },
      { code: 'RATE_LIMITED', wait: 'PT21S' },
    ],
    ['429 without', { status: 429, headers: { 'x-rate-limit-problem': 'concurrent' } }, { code: 'RATE_LIMITED' }],
    ['409', { status: 409 }, { code: 'CONFLICT' }],
  ])('%s says what is known', async (_what, fault, expected) => {
    const ctx = made.ctx();
    await runIdentify(connector, ctx);
    xero.failNext(fault);
    expect(await post(ctx)).toMatchObject({ outcomes: [{ failed: expected }] });
  });

  test('the day’s calls are used up: the work waits till they are back, and a person is told', async () => {
    const ctx = made.ctx();
    for (const id of ['VH-1', 'VH-2', 'VH-3']) expect(await post(ctx, id)).toMatchObject({ outcomes: [{ done: {} }] });
    expect(await post(ctx, 'VH-4')).toMatchObject({ outcomes: [{ failed: { code: 'QUOTA_SPENT', wait: 'PT3600S' } }] });
  });

  test('the organisation throws the app out: the connection wants a person', async () => {
    const ctx = made.ctx();
    xero.disconnect(TENANT.id);
    expect(await post(ctx)).toMatchObject({
      outcomes: [{ failed: { code: 'BAD_CREDENTIALS', message: expect.stringContaining('no longer connected') } }],
    });
  });
});
