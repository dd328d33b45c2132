import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { oauth2Code } from '@valehub/connector-kit';
import { forger } from '@valehub/connector-kit/testing';
import { ADMIN, type ConnectorHub, type HandClock, handClock, rowsOf, startConnectorHub } from './support/connector-hub.ts';
import { APP_SETTINGS, authorize, comeBack, connect, connected, createApp, stateOf } from './support/linked.ts';
import { madeUp } from './support/made-up.ts';
import { CLIENT_SECRET, type OAuthPlatform, oauthed, startOAuthPlatform } from './support/made-up-oauth.ts';

let clock: HandClock;
let platform: OAuthPlatform;
let hub: ConnectorHub;
let appId: string;

const signedBack = {
  by: 'hmac',
  hash: 'sha256',
  key: { secret: 'clientSecret' },
  signed: ['body'],
  signature: { query: 'hmac' },
  encoding: 'hex',
} as const;

/** A platform that signs the way back. */
const careful = () =>
  oauthed({
    id: 'careful',
    auth: oauth2Code({
      token: { host: 'login', path: '/token', clientAuth: 'body' },
      authorize: { host: 'login', path: '/authorize', scopes: [], pkce: true, callback: signedBack },
    }),
  });

beforeEach(async () => {
  clock = handClock(Date.parse('2026-03-06T20:30:00.000Z'));
  platform = await startOAuthPlatform(clock.now);
  hub = await startConnectorHub({ clock, connectors: [oauthed(), careful(), madeUp()] });
  appId = await createApp(hub, platform);
});
afterEach(async () => {
  await hub.close();
  await platform.close();
  await hub.database.drop();
});

const begin = (id: string, actor = ADMIN) => hub.host.authorizations.begin(actor, id);
const statusOf = async (id: string) => hub.host.desk.connection(id);

describe('somebody who agrees', () => {
  test('is sent to the platform with a state, PKCE and the one address to come back to, and finds the connection working', async () => {
    const { id, lastError, authorization } = await connect(hub, appId);
    expect([authorization, lastError]).toEqual(['MISSING', expect.stringContaining('authorizeConnection')]);
    const { url, expiresAt } = await begin(id);
    expect(expiresAt).toBe('2026-03-06T20:45:00.000Z');
    const asked = new URL(url);
    expect(`${asked.origin}${asked.pathname}`).toBe(`${platform.url}/authorize`);
    expect(Object.fromEntries(asked.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'client-1',
      redirect_uri: `${hub.url}/oauth/callback`,
      state: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      scope: 'orders',
      code_challenge: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      code_challenge_method: 'S256',
    });
    const page = await comeBack(hub, { state: stateOf(url), code: platform.agree(), realm: 'R-7' });
    expect(page.status).toBe(200);
    expect(page.text).toContain('«Triana» está autorizada');
    expect(page.text).toContain('“Triana” is authorised');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.text).not.toMatch(/<script|<link|<img|style=/);
    const form = platform.requests.find(({ path }) => path === '/token')?.form();
    expect(form?.get('redirect_uri')).toBe(`${hub.url}/oauth/callback`);
    expect(form?.get('code_verifier')).toHaveLength(43);
    // What the callback told has become a fact, and goes along with the very first call.
    expect(platform.requests.find(({ path }) => path === '/me')?.headers['x-realm']).toBe('R-7');
    expect(await statusOf(id)).toMatchObject({ status: 'ACTIVE', authorization: 'GIVEN', account: 'ACC-1', lastError: null });
    expect(await rowsOf(hub.hub, 'select operation, before, after from audit_line order by id')).toMatchObject([
      { operation: 'createApp' },
      { operation: 'connect' },
      { operation: 'authorizeConnection', before: null, after: { authorization: 'ASKED', expiresAt } },
      { operation: 'authorizeConnection', before: { authorization: 'ASKED' }, after: { authorization: 'GIVEN' } },
    ]);
  });

  test('has to choose where several accounts are opened, and the page says so', async () => {
    platform.accounts = [
      { id: 'ACC-1', name: 'a' },
      { id: 'ACC-2', name: 'b' },
    ];
    const { id } = await connect(hub, appId);
    const page = await authorize(hub, platform, id);
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('opens several accounts')]);
  });

  test('for whom the test call fails is told what the platform said', async () => {
    const { id } = await connect(hub, appId);
    const { url } = await begin(id);
    platform.failNext({ status: 200, body: { access_token: 'bad', token_type: 'bearer' } });
    const page = await comeBack(hub, { state: stateOf(url), code: platform.agree() });
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('the test call failed')]);
    expect(await statusOf(id)).toMatchObject({ status: 'NEEDS_ATTENTION' });
  });

  test('as somebody else than before changes nothing of whose the connection is', async () => {
    const { id } = await connected(hub, platform, appId);
    platform.accounts = [{ id: 'ACC-2', name: 'Another' }];
    const page = await authorize(hub, platform, id);
    expect(page.text).toContain('that of another account (ACC-2)');
    expect(await statusOf(id)).toMatchObject({ status: 'NEEDS_ATTENTION', account: 'ACC-1', authorization: 'ENDED' });
    const calls = platform.requests.length;
    await expect(hub.host.platforms.choices(ADMIN, id, 'channels')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(platform.requests).toHaveLength(calls);
  });
});

describe('who comes back otherwise', () => {
  const page = async (query: Readonly<Record<string, string>>) => {
    const { status, text } = await comeBack(hub, query);
    return [status, text];
  };

  test('a second time, too late, with a state that nobody was given or none: 400 with words, and nothing is asked of the platform', async () => {
    const { id } = await connect(hub, appId);
    const first = { state: stateOf((await begin(id)).url), code: platform.agree() };
    expect(await page(first)).toEqual([200, expect.anything()]);
    const calls = platform.requests.length;
    expect(await page(first)).toEqual([400, expect.stringContaining('was used already')]);
    const late = stateOf((await begin(id)).url);
    clock.pass(15 * 60_000 + 1);
    expect(await page({ state: late, code: platform.agree() })).toEqual([400, expect.stringContaining('has expired')]);
    expect(await page({ state: 'A'.repeat(43), code: 'c' })).toEqual([400, expect.stringContaining('belongs to no authorisation')]);
    expect(await page({ code: 'c' })).toEqual([400, expect.stringContaining('belongs to no authorisation')]);
    expect(platform.requests).toHaveLength(calls);
  });

  test('with a state that stands twice', async () => {
    const state = stateOf((await begin((await connect(hub, appId)).id)).url);
    const response = await fetch(`${hub.url}/oauth/callback?state=${state}&state=${state}&code=${platform.agree()}`);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('belongs to no authorisation')]);
  });

  test('having said no: the platform’s words, harmless in the page', async () => {
    const { id } = await connect(hub, appId);
    const state = stateOf((await begin(id)).url);
    const [status, text] = await page({ state, error: 'access_denied', error_description: '<script>alert(1)</script> & "no"' });
    expect(status).toBe(400);
    expect(text).toContain('access_denied: &#60;script&#62;alert(1)&#60;/script&#62; &#38; &#34;no&#34;');
    expect(text).not.toContain('<script>');
    expect(platform.requestsTo('/token')).toBe(0);
    expect(await page({ state, code: platform.agree() })).toEqual([400, expect.stringContaining('was used already')]);
  });

  test('with a code that the platform does not take; neither it nor a secret stands in the page', async () => {
    const state = stateOf((await begin((await connect(hub, appId)).id)).url);
    platform.failNext({ status: 400, body: { error: 'invalid_grant', error_description: `code-x ${CLIENT_SECRET} is wrong` } });
    const [status, text] = await page({ state, code: 'code-x' });
    expect([status, text]).toEqual([400, expect.stringContaining('The platform gave no credentials')]);
    expect(text).not.toContain('code-x');
    expect(text).not.toContain(CLIENT_SECRET);
  });

  test('to a connection that was taken off meanwhile', async () => {
    const { id } = await connect(hub, appId);
    const state = stateOf((await begin(id)).url);
    await hub.host.disconnection.disconnect(ADMIN, id);
    expect(await page({ state, code: platform.agree() })).toEqual([400, expect.stringContaining('The connection is no more')]);
  });

  test('without the signature of a platform that signs the way back', async () => {
    const draft = { connectorId: 'careful', settings: { ...APP_SETTINGS, apiBaseUrl: platform.url } };
    const { id } = await connect(hub, null, draft);
    const signed = async (key: string) => {
      const query = { code: platform.agree(), shop: 's-1', state: stateOf((await begin(id)).url) };
      const message = Object.entries(query)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => `${name}=${value}`)
        .join('&');
      const request = forger(signedBack, { clientSecret: key }).sign({ url: '', body: message, at: 0 });
      return { ...query, hmac: new URLSearchParams(request.query).get('hmac') ?? '' };
    };
    expect(await page(await signed('another secret'))).toEqual([400, expect.stringContaining('does not come from the platform')]);
    const { hmac: _hmac, ...bare } = await signed(CLIENT_SECRET);
    expect(await page(bare)).toEqual([400, expect.stringContaining('does not come from the platform')]);
    expect(platform.requestsTo('/token')).toBe(0);
    expect(await page(await signed(CLIENT_SECRET))).toEqual([200, expect.stringContaining('is authorised and answers')]);
  });
});

describe('authorizeConnection refuses', () => {
  test('a connection to which nobody has to agree, one that is not, and whoever is no administrator', async () => {
    const { id } = await connect(hub, null, { connectorId: 'made-up', settings: { apiKey: 'k' } });
    await expect(begin(id)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', faults: [{ path: 'id' }] });
    await expect(begin(`con_${'0'.repeat(32)}`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(begin(id, { ...ADMIN, role: 'MARKETING' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

test('what is kept of somebody who is expected opens no door to who reads it', async () => {
  const { url } = await begin((await connect(hub, appId)).id);
  const kept = JSON.stringify(await rowsOf(hub.hub, 'select * from authorization_request'));
  expect(kept).not.toContain(stateOf(url));
  expect(hub.logged.join('')).not.toContain(stateOf(url));
});
