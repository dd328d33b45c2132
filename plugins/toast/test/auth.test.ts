import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Credential } from '@valehub/connector-kit';
import { createAuthCtx, createCtx, createTransport, runFetch, runObtain } from '@valehub/connector-kit/testing';
import nock from 'nock';
import connector from '../src/index.ts';
import { order, RESTAURANT } from './fixtures.ts';
import { NOW, parsed } from './support.ts';

const API = 'https://ws-api.toasttab.com';
const LOGIN = '/authentication/v1/authentication/login';
const transport = createTransport();

const given = (nowMs: number) => ({
  connector,
  settings: parsed().settings,
  secrets: parsed().secrets,
  store: () => ({ storeId: 'store-1', currency: 'USD', zone: 'America/Los_Angeles' }),
  location: RESTAURANT,
  transport,
  now: () => nowMs,
});
const login = (have?: Credential, nowMs = NOW) => runObtain(connector, createAuthCtx(given(nowMs)), have);
const granted = (accessToken: string, expiresIn: number | null = 19168) => ({
  '@class': '.SuccessfulResponse',
  token: { tokenType: 'Bearer', scope: null, expiresIn, accessToken, idToken: null, refreshToken: null },
  status: 'SUCCESS',
});

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});
afterAll(() => {
  nock.restore();
  transport.close();
});

describe('the log-in', () => {
  test('is that of a machine client, in JSON, of no restaurant', async () => {
    nock(API, { badheaders: ['authorization'] })
      .post(LOGIN, { clientId: 'client-1', clientSecret: 'secret-of-the-client', userAccessType: 'TOAST_MACHINE_CLIENT' })
      .reply(200, granted('token-1'));
    expect(await login()).toEqual({
      ok: true,
      value: { secrets: { token: 'token-1', logins: '2026-03-06T19:30:00.000Z' }, expiresAt: '2026-03-07T00:49:28.000Z' },
    });
  });

  test('is made twice an hour at most, whatever becomes of the token', async () => {
    nock(API).post(LOGIN).twice().reply(200, granted('token-1', null));
    const first = await login();
    if (!first.ok) throw new Error('no token');
    expect(first.value).not.toHaveProperty('expiresAt');
    const second = await login(first.value, NOW + 10 * 60_000);
    if (!second.ok) throw new Error('no token');
    expect(await login(second.value, NOW + 20 * 60_000)).toEqual({
      ok: false,
      failure: { code: 'RATE_LIMITED', message: expect.stringContaining('two log-ins an hour'), wait: 'PT2400S' },
    });
    nock(API).post(LOGIN).reply(200, granted('token-2'));
    expect(await login(second.value, NOW + 61 * 60_000)).toMatchObject({ ok: true, value: { secrets: { token: 'token-2' } } });
  });

  test.each([
    [
      401,
      { status: 401, code: 10010, message: 'Bad credentials: secret-of-the-client', requestId: 'r-1' },
      'BAD_CREDENTIALS',
      'Toast answered 401: Bad credentials: [secret]',
    ],
    [400, { status: 400, message: 'clientId cannot be empty' }, 'BAD_CREDENTIALS', 'Toast answered 400: clientId cannot be empty'],
    [403, {}, 'BAD_CREDENTIALS', 'The platform answered 403.'],
    [429, {}, 'RATE_LIMITED', 'The platform answered 429.'],
    [503, {}, 'PLATFORM_DOWN', 'The platform answered 503.'],
    [200, { status: 'SUCCESS' }, 'BAD_REPLY', expect.stringContaining('token')],
  ])('that is answered %i %j fails with %s', async (status, body, code, message) => {
    nock(API).post(LOGIN).reply(status, body);
    expect(await login()).toMatchObject({ ok: false, failure: { code, message } });
  });

  test('without client ID asks for it', async () => {
    const { clientId: _none, ...settings } = parsed().settings as Record<string, unknown>;
    const ctx = createAuthCtx({ ...given(NOW), settings: settings as never });
    expect(await runObtain(connector, ctx, undefined)).toMatchObject({ ok: false, failure: { code: 'BAD_CREDENTIALS' } });
  });
});

test('a token that Toast refuses in the middle of the work is got anew once, and the call is made again', async () => {
  let credential: Credential = { secrets: { token: 'token-old' } };
  const ctx = createCtx({
    ...given(NOW),
    credentials: {
      current: () => credential,
      async renew(used) {
        const ran = await runObtain(connector, createAuthCtx(given(NOW)), used ?? undefined);
        if (!ran.ok) throw new Error('no token');
        credential = ran.value;
        return credential;
      },
    },
  });
  const asks = (token: string) =>
    nock(API, { reqheaders: { authorization: `Bearer ${token}`, 'toast-restaurant-external-id': RESTAURANT } });
  asks('token-old').get('/orders/v2/orders/order-1').reply(401, { status: 401, message: 'expired' });
  nock(API).post(LOGIN).reply(200, granted('token-new'));
  asks('token-new').get('/orders/v2/orders/order-1').reply(200, order);
  expect(await runFetch(connector, ctx, 'order', ['order-1'])).toMatchObject({
    ok: true,
    value: [{ kind: 'order', location: RESTAURANT }],
  });
});
