import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { bearer, CallError, type Connector, defineConnector, path, z } from '../src/index.ts';
import { type StandIn, startStandIn } from '../src/testing/index.ts';
import { acme, connect, type TestCtx } from './acme.ts';

let standIn: StandIn;
const open: TestCtx[] = [];

beforeEach(async () => {
  standIn = await startStandIn();
});
afterEach(async () => {
  for (const { close } of open.splice(0)) close();
  await standIn.close();
});

function connected(...args: Parameters<typeof connect>): TestCtx {
  const made = connect(...args);
  open.push(made);
  return made;
}

const toStandIn = (settings: Readonly<Record<string, unknown>> = {}, options: Parameters<typeof connect>[1] = {}): TestCtx =>
  connected({ apiBaseUrl: `${standIn.url}/acme/`, ...settings }, { allowPrivateHosts: true, ...options });

const any = z.unknown();

describe('a call', () => {
  test('goes to the stand-in with its path in front, the declared headers and the credential', async () => {
    standIn.answer([{ body: { ok: true } }]);
    const { ctx } = toStandIn();
    const value = await ctx.call({
      path: path`/things/${'a/b ?'}`,
      query: { page: '2' },
      json: { a: 1 },
      reply: z.object({ ok: z.boolean() }),
    });
    expect(value).toEqual({ ok: true });
    const [request] = standIn.requests;
    expect(request).toMatchObject({ method: 'POST', path: '/acme/v1/things/a%2Fb%20%3F', query: { page: '2' }, body: '{"a":1}' });
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer key-that-nobody-may-see',
      'acme-version': '2026-01',
      'content-type': 'application/json',
    });
    expect(request?.headers).not.toHaveProperty('acme-shop');
  });

  test('carries a form, and a header of its own never replaces the credential', async () => {
    standIn.answer([{ body: {} }]);
    await toStandIn().ctx.call({ path: '/form', form: { a: 'á&b' }, headers: { Authorization: 'Bearer mine', 'X-Own': '1' }, reply: any });
    expect(standIn.requests[0]).toMatchObject({
      body: 'a=%C3%A1%26b',
      headers: { authorization: 'Bearer key-that-nobody-may-see', 'x-own': '1' },
    });
  });

  test('in nobody’s name carries no credential', async () => {
    standIn.answer([{ body: {} }]);
    await toStandIn().ctx.call({ path: '/form', as: 'nobody', json: {}, reply: any });
    expect(standIn.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  test('reads text, and nothing at all', async () => {
    standIn.answer([{ body: 'fine', headers: { 'x-id': '7' } }]);
    const { ctx } = toStandIn();
    expect(await ctx.call({ path: '/x', read: 'text', reply: z.literal('fine') })).toBe('fine');
    expect(await ctx.tryCall({ path: '/x', read: 'none', reply: z.null() })).toMatchObject({
      value: null,
      status: 200,
      headers: { 'x-id': '7' },
    });
  });

  test.each([
    ['things', 'NOT_SUPPORTED'],
    ['//evil.example/x', 'NOT_SUPPORTED'],
    ['https://evil.example/x', 'BAD_REPLY'],
  ])('to the path %s is refused', async (wrong, code) => {
    expect(await toStandIn().ctx.tryCall({ path: wrong, reply: any })).toMatchObject({ failed: { code } });
    expect(standIn.requests).toEqual([]);
  });

  test.each(['', '.', '..'])('with the id "%s" is refused before it is made', (id) => {
    expect(() => path`/things/${id}`).toThrow(RangeError);
  });

  test('follows a redirect to the same origin when reading, never elsewhere and never when writing', async () => {
    const other = await startStandIn();
    try {
      const { ctx } = toStandIn();
      standIn.answer([
        { path: '/acme/v1/old', status: 302, headers: { location: '/acme/v1/new' } },
        { path: '/acme/v1/new', body: { moved: true } },
      ]);
      expect(await ctx.call({ path: '/old', reply: any })).toEqual({ moved: true });
      standIn.answer([{ status: 302, headers: { location: `${other.url}/steal` } }]);
      expect(await ctx.tryCall({ path: '/old', reply: any })).toMatchObject({ failed: { code: 'BAD_REPLY' } });
      expect(await ctx.tryCall({ path: '/old', json: {}, reply: any })).toMatchObject({ failed: { code: 'BAD_REPLY' } });
      standIn.answer([{ status: 302, headers: { location: '/acme/v1/old' } }]);
      expect(await ctx.tryCall({ path: '/old', reply: any })).toMatchObject({ failed: { code: 'BAD_REPLY' } });
      expect(standIn.requests).toHaveLength(4);
      expect(other.requests).toEqual([]);
    } finally {
      await other.close();
    }
  });

  test('takes a redirect for the answer where it is one, with its cookies, and goes nowhere', async () => {
    standIn.answer([{ status: 302, headers: { location: '/acme/v1/login', 'set-cookie': 'session=s-1; Path=/; HttpOnly' } }]);
    const { ctx } = toStandIn();
    expect(await ctx.tryCall({ path: '/authorize', read: 'none', redirects: 'answer', reply: z.null() })).toMatchObject({
      status: 302,
      cookies: { session: 's-1' },
    });
    expect(standIn.requests.map((request) => request.path)).toEqual(['/acme/v1/authorize']);
    standIn.answer([{ status: 401 }]);
    expect(await ctx.tryCall({ path: '/authorize', read: 'none', redirects: 'answer', reply: z.null() })).toMatchObject({
      failed: { code: 'BAD_CREDENTIALS' },
    });
  });

  test('carries the credential as that host wants it', async () => {
    standIn.answer([{ body: {} }]);
    const connector = defineConnector({
      ...acme,
      auth: { ...bearer('apiKey'), placeAt: { shop: { headers: { 'x-shop-key': '{secrets.apiKey}' } } } },
    } as Connector);
    const { ctx } = toStandIn({ shop: 'one.shops.acme.example' }, { connector });
    await ctx.call({ host: 'shop', path: '/x', reply: any });
    await ctx.call({ path: '/x', reply: any });
    expect(standIn.requests.map(({ headers }) => [headers['authorization'], headers['x-shop-key']])).toEqual([
      [undefined, 'key-that-nobody-may-see'],
      ['Bearer key-that-nobody-may-see', undefined],
    ]);
  });
});

describe('a failure', () => {
  const failed = async (reply: Parameters<StandIn['answer']>[0][number], json?: object) => {
    standIn.answer([reply]);
    const answer = await toStandIn().ctx.tryCall({ path: '/x', reply: z.object({ n: z.int() }), ...(json ? { json: {} } : {}) });
    return 'failed' in answer ? answer.failed : undefined;
  };

  test.each([
    [400, 'BAD_INPUT'],
    [401, 'BAD_CREDENTIALS'],
    [403, 'FORBIDDEN_SCOPE'],
    [404, 'NOT_FOUND'],
    [405, 'NOT_SUPPORTED'],
    [408, 'TIMEOUT'],
    [409, 'CONFLICT'],
    [410, 'TARGET_GONE'],
    [418, 'BAD_INPUT'],
    [422, 'BAD_INPUT'],
    [429, 'RATE_LIMITED'],
    [500, 'PLATFORM_DOWN'],
    [501, 'NOT_SUPPORTED'],
    [502, 'PLATFORM_DOWN'],
    [503, 'PLATFORM_DOWN'],
    [504, 'TIMEOUT'],
    [304, 'BAD_REPLY'],
  ])('of status %i is %s', async (status, code) => expect(await failed({ status, body: {} })).toMatchObject({ code }));

  test.each([
    ['7', 'PT7S'],
    ['0.5', 'PT0.5S'],
    ['Fri, 06 Mar 2026 19:31:00 GMT', 'PT60S'],
    ['Fri, 06 Mar 2026 19:00:00 GMT', 'PT0S'],
    ['999999999', 'PT86400S'],
  ])('with Retry-After %s waits %s', async (header, wait) =>
    expect(await failed({ status: 429, headers: { 'retry-after': header } })).toMatchObject({ wait }),
  );

  test.each(['soon', '', '-5'])('with Retry-After "%s" says nothing', async (header) =>
    expect(await failed({ status: 429, headers: { 'retry-after': header } })).not.toHaveProperty('wait'),
  );

  test.each<[string, string]>([
    ['not JSON', '<html>'],
    ['a doubled member', '{"n":1,"n":1}'],
    ['another form', '{"n":"1"}'],
    ['a number that would be rounded', '{"n":9007199254740993}'],
    ['nothing', ''],
  ])('of %s is BAD_REPLY', async (_what, body) => expect(await failed({ body })).toMatchObject({ code: 'BAD_REPLY' }));

  test('leaves open what was done only where something was sent that changes something', async () => {
    expect(await failed({ instead: 'CUT' })).toEqual({ code: 'PLATFORM_DOWN', message: expect.any(String) });
    expect(await failed({ instead: 'CUT' }, {})).toMatchObject({ code: 'PLATFORM_DOWN', unknown: true });
    expect(await failed({ body: 'garbage' }, {})).toMatchObject({ code: 'BAD_REPLY', unknown: true });
    expect(await failed({ status: 500 }, {})).not.toHaveProperty('unknown');
  });

  test('of a platform that is not there is known not to have happened', async () => {
    const { url } = standIn;
    await standIn.close();
    const { ctx } = connected({ apiBaseUrl: url }, { allowPrivateHosts: true });
    const answer = await ctx.tryCall({ path: '/x', json: {}, reply: any });
    expect(answer).toEqual({ failed: { code: 'PLATFORM_DOWN', message: 'The platform could not be reached.' } });
    standIn = await startStandIn();
  });

  test('of a platform that never answers is TIMEOUT, thrown by call', async () => {
    standIn.answer([{ instead: 'HANG' }]);
    const { ctx, reports } = toStandIn({}, { deadlineMs: 50 });
    await expect(ctx.call({ path: '/x', json: {}, reply: any })).rejects.toBeInstanceOf(CallError);
    expect(reports).toMatchObject([{ method: 'POST', path: '/x', failure: { code: 'TIMEOUT', unknown: true } }]);
  });

  test('repeats no secret', async () => {
    standIn.answer([{ body: { 'key-that-nobody-may-see': 1 } }]);
    const { ctx, reports } = toStandIn();
    const answer = await ctx.tryCall({
      path: path`/x/${'key-that-nobody-may-see'}`,
      reply: z.object({ 'key-that-nobody-may-see': z.string() }),
    });
    expect(answer).toMatchObject({ failed: { code: 'BAD_REPLY' } });
    expect(JSON.stringify({ answer, reports, ctx })).not.toContain('key-that-nobody-may-see');
  });
});

test('a link out of a reply is followed, and is in no report', async () => {
  standIn.answer([{ body: {} }]);
  const { ctx, reports } = toStandIn();
  await ctx.call({ path: `${standIn.url}/actions/only-for-you`, json: {}, reply: any });
  expect(standIn.requests).toMatchObject([{ path: '/actions/only-for-you' }]);
  expect(reports).toMatchObject([{ path: '(a link)', status: 200 }]);
});

test('a connector learns whether a setting has a value, and of a secret nothing else', () => {
  const { ctx } = toStandIn({ shop: 'casa.shops.acme.example' });
  expect(['apiKey', 'shop', 'signingKey', 'nothing', 'toString'].map((name) => ctx.isSet(name))).toEqual([true, true, false, false, false]);
});

describe('the address', () => {
  const outcome = async (settings: Readonly<Record<string, unknown>>, host?: string, options: Parameters<typeof connect>[1] = {}) => {
    const { ctx } = connected(settings, options);
    const answer = await ctx.tryCall({ path: '/x', reply: any, ...(host ? { host } : {}) });
    return 'failed' in answer ? answer.failed.message : 'called';
  };

  test.each([
    'http://127.0.0.1:1',
    'https://127.0.0.1:1',
    'https://10.1.2.3',
    'https://[::1]',
    'https://[::ffff:10.0.0.1]',
    'https://169.254.169.254',
    'https://localhost',
    'https://a.localhost',
    'https://[fd00::1]',
    'https://0x7f.1',
  ])('%s is not called without an operator’s leave', async (apiBaseUrl) => {
    expect(await outcome({ apiBaseUrl })).toMatch(/private network|not https/);
  });

  test('a name that points into a private network is found out when it is resolved', async () => {
    const lookup = ((_name: string, _options: unknown, done: (fault: null, addresses: { address: string; family: number }[]) => void) =>
      done(null, [
        { address: '93.184.216.34', family: 4 },
        { address: '192.168.0.10', family: 4 },
      ])) as never;
    expect(await outcome({}, undefined, { lookup })).toMatch(/private network/);
  });

  test('made of a setting has to be on the list', async () => {
    expect(await outcome({ shop: 'evil.example' }, 'shop')).toMatch(/none of those/);
    expect(await outcome({ shop: 'shops.acme.example' }, 'shop')).toMatch(/none of those/);
    expect(await outcome({ shop: 'evil.example/.shops.acme.example' }, 'shop')).toMatch(/none of those/);
    expect(await outcome({ shop: 'a@evil.example' }, 'shop')).toMatch(/not an http/);
    expect(await outcome({}, 'shop')).toMatch(/missing/);
    expect(await outcome({}, 'elsewhere')).toMatch(/not declared/);
  });

  test('that is itself a secret is replaced like any other, and never shown', async () => {
    standIn.answer([{ body: {} }]);
    const { ctx, reports } = toStandIn({ apiKey: 'https://hooks.acme.example/services/very-secret?k=1' });
    expect(await ctx.tryCall({ host: 'hook', path: '', json: {}, reply: any })).toMatchObject({ status: 200 });
    expect(standIn.requests).toMatchObject([{ path: '/acme/services/very-secret', query: { k: '1' } }]);
    expect(JSON.stringify(reports)).not.toContain('very-secret');
    expect(await outcome({ apiKey: 'https://evil.example/very-secret' }, 'hook')).toMatch(/none of those/);
    expect(await outcome({ apiKey: 'http://hooks.acme.example/very-secret' }, 'hook')).toMatch(/not https/);
  });
});
