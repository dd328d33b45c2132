import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import {
  createAuthCtx,
  createTransport,
  parseSettings,
  runFetch,
  runIdentify,
  runLocations,
  runObtain,
} from '@valehub/connector-kit/testing';
import nock from 'nock';
import connector from '../src/index.ts';
import { samples } from './samples.ts';
import { type House, NOW, open, perform, readOrder } from './support.ts';

const HOUR_MS = 3_600_000;
let house: House | undefined;
afterEach(async () => {
  await house?.close();
  house = undefined;
  nock.cleanAll();
});

afterAll(() => nock.restore());

const dish = { number: 1, name: 'Arroz', price: 1800 };
const stepsOf = ({ simphony }: House): readonly string[] =>
  simphony.requests.filter(({ path }) => path.startsWith('/oidc-provider/')).map(({ path }) => path.split('/').at(-1) ?? '');

describe('an API account', () => {
  test('signs itself in with PKCE, its session in a cookie, and the id token is the bearer', async () => {
    house = await open();
    expect(stepsOf(house).slice(0, 3)).toEqual(['authorize', 'signin', 'token']);
    const [authorize, signin, token] = house.simphony.requests;
    expect(Object.fromEntries(authorize?.query ?? [])).toMatchObject({
      response_type: 'code',
      scope: 'openid',
      client_id: 'services-client',
      redirect_uri: 'apiaccount://callback',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(signin?.headers['cookie']).toBe('sid=session-1');
    expect(Object.fromEntries(signin?.form() ?? [])).toEqual({
      username: 'hub-services',
      password: 'password-of-services',
      orgname: 'casapepa',
    });
    expect(Object.fromEntries(token?.form() ?? [])).toMatchObject({ grant_type: 'authorization_code', code: 'code-2' });
    // Half of 14 days.
    expect(house.credential()).toMatchObject({ secrets: { token: 'services-client-access-1' }, expiresAt: '2026-03-13T19:30:00.000Z' });
    await runIdentify(connector, house.ctx());
    expect(house.simphony.requests.at(-1)?.headers['authorization']).toBe('Bearer services-client-access-1');
  });

  test('renews, and signs in anew where the provider renews no more', async () => {
    house = await open();
    const have = house.credential() ?? undefined;
    const renewed = await runObtain(connector, house.authCtx(), have);
    expect(renewed).toMatchObject({ ok: true, value: { secrets: { token: 'services-client-access-2' } } });
    // The first refresh token is spent, so the same again is refused.
    const before = stepsOf(house).length;
    expect(await runObtain(connector, house.authCtx(), have)).toMatchObject({
      ok: true,
      value: { secrets: { token: 'services-client-access-3' } },
    });
    expect(stepsOf(house).slice(before, before + 4)).toEqual(['token', 'authorize', 'signin', 'token']);
  });

  test('whose token ends in mid-run gets another, once, and the call is made again', async () => {
    house = await open();
    const ref = house.simphony.addOrder({ dishes: [dish] });
    house.simphony.revokeTokens();
    expect(await readOrder(house, ref)).toMatchObject({ externalId: ref });
    expect(house.logIns()).toBe(2);
  });

  test('whose password has expired says so to the person who has to choose a new one', async () => {
    house = await open();
    house.simphony.expirePassword('hub-services');
    house.simphony.revokeTokens();
    const ran = await runFetch(connector, house.ctx('sev01/42'), 'order', ['check-1']);
    expect(ran).toEqual({
      ok: false,
      failure: {
        code: 'BAD_CREDENTIALS',
        message: 'The password of the Simphony API account has expired. Choose a new one in Reporting and Analytics and enter it here.',
      },
    });
  });

  test.each([
    ['a wrong password', { password: 'another-password' }, 'The user name or password is wrong.'],
    ['a client that nobody knows', { clientId: 'another-client' }, 'There is no such client.'],
    ['another organization', { organization: 'casajuan' }, 'The user name or password is wrong.'],
  ])('with %s has bad credentials, in the provider’s words', async (_how, settings, words) => {
    const failed = await open(settings).catch((cause: unknown) => cause);
    expect(failed).toMatchObject({ failure: { code: 'BAD_CREDENTIALS', message: expect.stringContaining(words) } });
  });

  test('of the Configuration API that cannot log in stops publishing, and not the checks', async () => {
    house = await open({ configurationPassword: 'another-password' });
    const ref = house.simphony.addOrder({ dishes: [dish] });
    expect(await readOrder(house, ref)).toMatchObject({ externalId: ref });
    const publication = { campaignId: 'c-1', name: 'Primavera', incentive: { kind: 'percentOff', percent: '10' }, codes: [] };
    expect(await perform(house, 'vouchers.publish', publication)).toMatchObject({ failed: { code: 'BAD_CREDENTIALS' } });
  });

  test('is not led to another host: a redirect is the answer, and the next step goes where the settings say', async () => {
    const result = parseSettings(connector, samples.settings);
    if (!result.ok) throw new Error('the settings are refused');
    const { settings, secrets } = result.parsed;
    const transport = createTransport();
    const ctx = createAuthCtx({ connector, settings, secrets, store: () => undefined, transport, now: () => Date.parse(NOW) });
    nock('https://identity.simphony.example')
      .get(/authorize/)
      .times(2)
      .reply(302, '', { location: 'https://elsewhere.example/signin', 'set-cookie': 'sid=1' })
      .post(/signin/)
      .times(2)
      .reply(200, { redirectUrl: 'apiaccount://callback?code=c%2F1' })
      .post(/token/, /code=c%2F1/)
      .times(2)
      .reply(200, { id_token: 'id-token-1' });
    // Without a lifetime nothing is renewed ahead of time, and without a refresh token by signing in.
    expect(await runObtain(connector, ctx, undefined)).toEqual({
      ok: true,
      value: { secrets: { token: 'id-token-1', configurationToken: 'id-token-1' } },
    });
    expect(nock.pendingMocks()).toEqual([]);
    transport.close();
  });
});

describe('the account', () => {
  test('is the organization, and each revenue centre a location', async () => {
    house = await open({}, { places: ['sev01/42', 'sev01/43', 'mad02/7'], pageSize: 100 });
    expect(await runIdentify(connector, house.ctx())).toEqual({ ok: true, value: { account: 'casapepa', name: 'Casa Pepa' } });
    expect(await runLocations(connector, house.ctx())).toEqual({
      ok: true,
      value: [
        { id: 'sev01/42', name: 'House sev01, Room 42' },
        { id: 'sev01/43', name: 'House sev01, Room 43' },
        { id: 'mad02/7', name: 'House mad02, Room 7' },
      ],
    });
  });

  test('with more revenue centres than a page has them all', async () => {
    const places = Array.from({ length: 230 }, (_, at) => `sev01/${at + 1}`);
    house = await open({}, { places });
    const ran = await runLocations(connector, house.ctx());
    expect(ran.ok && ran.value.map(({ id }) => id)).toEqual(places);
  });

  test('is refused where the API account may not see it', async () => {
    house = await open();
    house.simphony.failNext({ status: 200, body: { items: [{ orgShortName: 'casajuan' }] } });
    expect(await runIdentify(connector, house.ctx())).toMatchObject({ ok: false, failure: { code: 'FORBIDDEN_SCOPE' } });
  });

  test('lasts half the life of its token before it is renewed', async () => {
    house = await open({}, { tokenLifeMs: 10 * HOUR_MS });
    expect(house.credential()?.expiresAt).toBe('2026-03-07T00:30:00.000Z');
  });
});
