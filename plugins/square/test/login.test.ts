import { afterEach, describe, expect, test } from '@jest/globals';
import { authorizationUrl, parseSettings, runAccept, runIdentify, runNarrow, runObtain, runRevoke } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { samples } from './samples.ts';
import { delivered, HOOK, type House, open, perform, REDIRECT, readOrder } from './support.ts';

const LEAVE = { allowPrivateHosts: false, isPrivate: () => false };
const DAY_MS = 86_400_000;
let house: House;
afterEach(() => house.close());

describe('the leave of a seller', () => {
  test('is asked for at the host of the environment, for what the connector makes use of', async () => {
    house = await open();
    const urlOf = (environment: string) => {
      const result = parseSettings(connector, { ...samples.settings, environment });
      if (!result.ok) throw new Error('the settings are refused');
      return new URL(authorizationUrl(connector, { ...result.parsed, facts: {} }, { state: 's-1', redirectUri: REDIRECT }, LEAVE));
    };
    expect(urlOf('production').origin).toBe('https://connect.squareup.com');
    const url = urlOf('sandbox');
    expect(url.origin + url.pathname).toBe('https://connect.squareupsandbox.com/oauth2/authorize');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: 'application-invented-for-tests',
      state: 's-1',
      redirect_uri: REDIRECT,
      scope: expect.stringContaining('ORDERS_READ ORDERS_WRITE'),
    });
  });

  test('becomes a token, renewed long before its thirty days are over', async () => {
    house = await open();
    expect(house.square.requests[0]?.json()).toEqual({
      client_id: house.square.clientId,
      client_secret: house.square.clientSecret,
      grant_type: 'authorization_code',
      code: expect.any(String),
      redirect_uri: REDIRECT,
    });
    expect(house.credential()).toEqual({
      secrets: { token: 'square-access-1', refreshToken: 'square-refresh-1' },
      expiresAt: '2026-03-14T19:30:00.000Z',
    });
    const again = await runObtain(connector, house.authCtx(), house.credential() ?? undefined);
    // The refresh token of this flow is good for ever.
    expect(again).toMatchObject({ ok: true, value: { secrets: { token: 'square-access-2', refreshToken: 'square-refresh-1' } } });
  });

  test('of a token that lives shorter is renewed by then', async () => {
    house = await open({}, { tokenLifeMs: DAY_MS });
    expect(house.credential()?.expiresAt).toBe('2026-03-07T19:30:00.000Z');
  });

  test('whose token ends in mid-run is renewed once, and the call made again', async () => {
    house = await open();
    const id = house.square.addOrder({ lines: [{ name: 'Arroz', price: 1800 }] });
    house.square.expireTokens();
    expect(await readOrder(house, id)).toMatchObject({ externalId: id });
    expect(house.renewals()).toBe(1);
  });

  test('that was taken back is bad credentials, and told by an event', async () => {
    house = await open({ webhookSignatureKey: 'key-1' });
    house.square.subscriptions.set('s', {
      notification_url: HOOK,
      event_types: ['oauth.authorization.revoked'],
      signature_key: 'key-1',
    });
    house.square.endLeave();
    expect(await runIdentify(connector, house.ctx())).toEqual({
      ok: false,
      failure: { code: 'BAD_CREDENTIALS', message: 'Square answered 401 UNAUTHORIZED: The grant is not valid.' },
    });
    const facts = await delivered(house, { webhookSignatureKey: 'key-1' }, (to) => house.square.deliverRevocation({ to }));
    expect(facts).toEqual([{ kind: 'access', is: 'REVOKED', at: '2026-03-06T19:30:00.000Z' }]);
  });

  test('is given back in the application’s own name', async () => {
    house = await open();
    const have = house.credential();
    if (!have) throw new Error('no credential');
    expect(await runRevoke(connector, house.authCtx(), have)).toEqual({ ok: true, value: null });
    const revoked = house.square.requests.at(-1);
    expect(revoked?.headers['authorization']).toBe(`Client ${house.square.clientSecret}`);
    expect(revoked?.json()).toEqual({ client_id: house.square.clientId, access_token: 'square-access-1' });
    expect(await runObtain(connector, house.authCtx(), have)).toMatchObject({ ok: false, failure: { code: 'BAD_CREDENTIALS' } });
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['was refused', { error: 'access_denied', error_description: 'user_denied' }, 'access_denied, user_denied'],
    ['brings nothing', {}, 'nothing was said'],
    ['brings a code of another day', { code: 'code-of-another-day' }, 'The grant is not valid.'],
  ])('that %s is bad credentials', async (_how, query, words) => {
    house = await open();
    expect(await runAccept(connector, house.authCtx(), { query, redirectUri: REDIRECT })).toMatchObject({
      ok: false,
      failure: { code: 'BAD_CREDENTIALS', message: expect.stringContaining(words) },
    });
  });

  test.each([
    [{ status: 500 }, 'PLATFORM_DOWN'],
    [{ status: 429, headers: { 'retry-after': '3' } }, 'RATE_LIMITED'],
    ['HTML', 'BAD_REPLY'],
    ['CUT', 'PLATFORM_DOWN'],
    [{ status: 200, body: { token_type: 'bearer' } }, 'BAD_REPLY'],
  ] as const)('is not given up where Square answers %j', async (fault, code) => {
    house = await open();
    house.square.failNext(fault);
    expect(await runObtain(connector, house.authCtx(), house.credential() ?? undefined)).toMatchObject({ ok: false, failure: { code } });
  });

  test('cannot be asked for without an application', async () => {
    house = await open();
    const bare = await open({ clientSecret: null });
    expect(await runObtain(connector, bare.authCtx(), undefined)).toMatchObject({
      ok: false,
      failure: { code: 'BAD_CREDENTIALS', message: expect.stringContaining('Enter an access token') },
    });
    await bare.close();
    expect(await runObtain(connector, house.authCtx(), undefined)).toMatchObject({
      failure: { message: 'The seller has not given leave yet.' },
    });
  });
});

describe('a seller’s own token', () => {
  test('is used as it is, and nothing is renewed', async () => {
    house = await open({}, { own: true });
    expect(await runIdentify(connector, house.ctx())).toMatchObject({ ok: true, value: { account: house.square.merchant } });
    expect(house.square.requests.map(({ path }) => path)).toEqual(['/v2/merchants/me']);
    expect(house.square.requests[0]?.headers['authorization']).toBe(`Bearer ${house.square.ownSettings.accessToken}`);
    expect(await runObtain(connector, house.authCtx(), undefined)).toMatchObject({ ok: false, failure: { code: 'NOT_SUPPORTED' } });
  });
});

describe('what a connection can do', () => {
  const narrowed = async () => {
    const ran = await runNarrow(connector, house.ctx());
    return ran.ok ? ran.value : undefined;
  };

  test('is all of it with every leave and the rules allowed', async () => {
    house = await open({ automaticRules: true });
    expect(await narrowed()).toEqual({});
  });

  test('shrinks with the leave of the seller and the wish of the operator', async () => {
    house = await open();
    house.square.allow('MERCHANT_PROFILE_READ', 'ORDERS_READ', 'PAYMENTS_READ', 'CUSTOMERS_READ');
    expect(await narrowed()).toEqual({
      'scope.lines': 'BY_HUB',
      'condition.minimumOrder': 'BY_HUB',
      'condition.dates': 'BY_HUB',
      'lifecycle.publish': 'NOT_POSSIBLE',
      'lifecycle.update': 'NOT_POSSIBLE',
      'lifecycle.withdraw': 'NOT_POSSIBLE',
      'codes.single': 'NOT_POSSIBLE',
      'orders.apply': 'NOT_POSSIBLE',
      'customer.write': 'NOT_POSSIBLE',
    });
  });

  test('is not narrowed by a Square that does not say', async () => {
    house = await open({ automaticRules: true });
    house.square.failNext({ status: 404 });
    expect(await narrowed()).toEqual({});
  });

  test('fails with the missing leave where it is tried all the same', async () => {
    house = await open();
    house.square.failNext({ status: 403, body: { errors: [{ code: 'INSUFFICIENT_SCOPES', detail: 'ITEMS_WRITE is missing.' }] } });
    const publication = { campaignId: 'c-1', name: 'Primavera', incentive: { kind: 'percentOff', percent: '10' }, codes: [] };
    expect(await perform(house, 'vouchers.publish', publication)).toMatchObject({
      failed: { code: 'FORBIDDEN_SCOPE', message: 'Square answered 403 INSUFFICIENT_SCOPES: ITEMS_WRITE is missing.' },
    });
  });
});
