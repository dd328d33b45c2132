import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Credential, Reply } from '@valehub/connector-kit';
import { authorizationUrl, runAccept, runChoices, runIdentify, runNarrow, runRevoke, startPlatform } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { connect, connectByGrant, NOW, push, transport, upsert } from './connected.ts';
import { CREDENTIALS, type HubSpotStandIn, startHubSpot } from './stand-in.ts';

let now = NOW;
let hubspot: HubSpotStandIn;

beforeEach(async () => {
  now = NOW;
  hubspot = await startHubSpot({ now: () => now });
});
afterEach(() => hubspot.close());
afterAll(() => transport.close());

const ANA = { hubId: 'cus_1', email: 'ana@example.com' };

describe('an account', () => {
  test('tells its number, currencies and limits', async () => {
    expect(await runIdentify(connector, connect(hubspot))).toEqual({
      ok: true,
      value: {
        account: '4711',
        name: 'HubSpot 4711',
        facts: { currency: 'EUR', zone: 'Europe/Madrid', callsPerTenSeconds: '190', callsPerDay: '650000' },
      },
    });
  });

  test('shows its pipelines and stages', async () => {
    expect(await runChoices(connector, connect(hubspot), 'stages')).toMatchObject({
      value: [{ value: 'closedwon', label: 'Sales: Closed won' }, {}],
    });
  });

  test.each([
    [{ scopes: 'oauth crm.objects.contacts.read' }, { 'customer.write': 'NOT_POSSIBLE', 'event.push': 'NOT_POSSIBLE' }],
    [{ scopes: 'crm.objects.contacts.read crm.objects.contacts.write crm.objects.deals.read crm.objects.deals.write' }, {}],
    [{}, {}],
  ])('with %j can do less: %j', async (facts, less) => {
    expect(await runNarrow(connector, connect(hubspot, {}, facts as Readonly<Record<string, string>>))).toEqual({ ok: true, value: less });
  });

  test('whose static token may not read deals can push no events', async () => {
    const poor = await startHubSpot({ scopes: ['crm.objects.contacts.read', 'crm.objects.contacts.write'] });
    expect(await runNarrow(connector, connect(poor))).toEqual({ ok: true, value: { 'event.push': 'NOT_POSSIBLE' } });
    await poor.close();
  });
});

describe('a log-in', () => {
  const agreed = async (): Promise<Credential> => {
    const { authCtx } = connectByGrant(hubspot, null);
    const ran = await runAccept(connector, authCtx, { query: { code: CREDENTIALS.code }, redirectUri: 'https://hub.example.com/cb' });
    if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
    return ran.value;
  };

  test('sends the person to HubSpot with the rights that are needed and those that are nice to have', () => {
    const { ctx } = connectByGrant(hubspot, null);
    const url = new URL(
      authorizationUrl(
        connector,
        { settings: { ...ctx.settings, apiBaseUrl: undefined, clientId: 'id' } as never, secrets: {} },
        { state: 's', redirectUri: 'https://hub.example.com/cb' },
        { allowPrivateHosts: false, isPrivate: () => false },
      ),
    );
    expect(`${url.origin}${url.pathname}`).toBe('https://app.hubspot.com/oauth/authorize');
    expect(url.searchParams.get('scope')).toBe(
      'oauth crm.objects.contacts.read crm.objects.contacts.write crm.objects.deals.read crm.objects.deals.write crm.schemas.contacts.write crm.schemas.deals.write',
    );
    expect(url.searchParams.get('optional_scope')).toBe('communication_preferences.read_write timeline');
  });

  test('gives tokens, and facts of what was granted', async () => {
    expect(await agreed()).toMatchObject({
      secrets: { token: expect.stringContaining('access'), refreshToken: expect.stringContaining('refresh') },
      facts: { portalId: '4711', scopes: expect.stringContaining('crm.objects.contacts.read') },
    });
    const form = new URLSearchParams(hubspot.requests[0]?.text);
    expect(form.get('client_secret')).toBe(CREDENTIALS.clientSecret);
    expect(form.get('redirect_uri')).toBe('https://hub.example.com/cb');
  });

  test('whose token ran out in the middle of the work is renewed once, and the work goes on', async () => {
    const { ctx, renewals } = connectByGrant(hubspot, await agreed());
    await upsert(ctx, ANA);
    now += 1_900_000;
    expect(await upsert(ctx, { ...ANA, name: 'Ana' })).toMatchObject([{ done: {} }]);
    expect(renewals()).toBe(1);
    expect(hubspot.contacts()).toMatchObject([{ firstname: 'Ana' }]);
  });

  test('that was taken back is told as such, with HubSpot’s word', async () => {
    const { ctx } = connectByGrant(hubspot, await agreed());
    hubspot.revoke();
    expect(await upsert(ctx, ANA)).toMatchObject([{ failed: { code: 'BAD_CREDENTIALS', message: expect.stringContaining('not good') } }]);
  });

  test('is taken back at HubSpot when the hub lets go', async () => {
    const credential = await agreed();
    const { authCtx } = connectByGrant(hubspot, credential);
    expect(await runRevoke(connector, authCtx, credential)).toEqual({ ok: true, value: null });
    expect(hubspot.requests.at(-1)).toMatchObject({ method: 'POST', path: '/oauth/2026-03/token/revoke' });
  });

  test('by a static token that was taken back fails for the operator', async () => {
    const ctx = connect(hubspot);
    hubspot.revoke();
    expect(await upsert(ctx, ANA)).toMatchObject([{ failed: { code: 'BAD_CREDENTIALS', reference: 'correlation-1' } }]);
  });
});

describe('a refusal', () => {
  const limit = (policyName: string) => ({ status: 'error', message: 'You have reached your limit.', errorType: 'RATE_LIMIT', policyName });

  test.each([
    [429, limit('TEN_SECONDLY_ROLLING'), {}, { code: 'RATE_LIMITED', wait: 'PT10S' }],
    [429, limit('SECONDLY'), {}, { code: 'RATE_LIMITED', wait: 'PT1S' }],
    [429, limit('DAILY'), {}, { code: 'QUOTA_SPENT', wait: 'PT1H' }],
    [429, limit('TEN_SECONDLY_ROLLING'), { 'retry-after': '3' }, { code: 'RATE_LIMITED', wait: 'PT3S' }],
    [429, '<html>Too many</html>', {}, { code: 'RATE_LIMITED', wait: 'PT10S' }],
    [423, { message: 'locked' }, {}, { code: 'RATE_LIMITED', wait: 'PT2S' }],
    [477, {}, { 'retry-after': '7200' }, { code: 'RATE_LIMITED', wait: 'PT7200S' }],
    [477, {}, {}, { code: 'RATE_LIMITED', wait: 'PT1H' }],
    [
      401,
      { category: 'EXPIRED_AUTHENTICATION', message: 'expired', correlationId: 'c-1' },
      {},
      { code: 'BAD_CREDENTIALS', reference: 'c-1' },
    ],
    [
      403,
      { category: 'MISSING_SCOPES', message: 'Not granted.', errors: [{ context: { requiredGranularScopes: ['a.write', 'b.write'] } }] },
      {},
      { code: 'FORBIDDEN_SCOPE', message: 'HubSpot answered 403 MISSING_SCOPES Not granted. Needed: a.write, b.write.' },
    ],
    [404, { category: 'OBJECT_NOT_FOUND', message: 'gone' }, {}, { code: 'NOT_FOUND' }],
    [409, { category: 'CONFLICT', message: 'there', correlationId: 'c-2' }, {}, { code: 'CONFLICT', reference: 'c-2' }],
    [500, {}, {}, { code: 'PLATFORM_DOWN' }],
    [521, '<html>down</html>', {}, { code: 'PLATFORM_DOWN' }],
    [504, {}, {}, { code: 'TIMEOUT', unknown: true }],
    [524, '<html>slow</html>', {}, { code: 'TIMEOUT', unknown: true }],
    [302, '', { location: 'https://elsewhere.example/' }, { code: 'BAD_REPLY' }],
  ])('%i %j %j is %j', async (status, body, headers, failed) => {
    await upsert(connect(hubspot), ANA);
    hubspot.failNext(
      { status, headers: headers as Record<string, string>, body },
      { status, headers: headers as Record<string, string>, body },
    );
    expect(await upsert(connect(hubspot), ANA)).toMatchObject([{ failed }]);
  });

  test.each(['HTML', 'HALF', 'CUT', 'LATE'] as const)('that is none, but %s, leaves the outcome open', async (fault) => {
    await upsert(connect(hubspot), ANA);
    hubspot.failNext(fault);
    expect(await upsert(connect(hubspot), ANA)).toMatchObject([{ failed: { unknown: true } }]);
    expect(await upsert(connect(hubspot), ANA)).toMatchObject([{ done: {} }]);
    expect(hubspot.contacts()).toHaveLength(1);
  });

  test('for too many calls comes from the platform’s own count, and the work goes on after it', async () => {
    const busy = await startHubSpot({ now: () => now, rate: 5 });
    const ctx = connect(busy);
    await upsert(ctx, ANA);
    await upsert(ctx, ANA);
    expect(await upsert(ctx, ANA)).toMatchObject([{ failed: { code: 'RATE_LIMITED', wait: 'PT10S' } }]);
    now += 10_000;
    expect(await upsert(ctx, ANA)).toMatchObject([{ done: {} }]);
    await busy.close();
  });

  test('for a missing right stops an event before its deal', async () => {
    const poor = await startHubSpot({ scopes: ['crm.objects.contacts.read'] });
    const event = { id: 'e', type: 'VOUCHER_REDEEMED', at: '2026-03-06T19:20:00Z', redemptionId: 'r', customer: ANA, data: {} };
    expect(await push(connect(poor), event)).toMatchObject([{ failed: { code: 'FORBIDDEN_SCOPE' } }]);
    expect(poor.deals()).toEqual([]);
    await poor.close();
  });
});

describe('what replies tell of the limits', () => {
  const reply = (headers: Readonly<Record<string, string>>): Reply => ({
    status: 200,
    headers,
    body: {},
    text: '',
    at: '2026-03-06T19:30:00.000Z',
  });

  test.each([
    [{}, []],
    [{ 'x-hubspot-ratelimit-remaining': '3' }, [{ limit: 'calls', remaining: 3, restoresAt: '2026-03-06T19:30:10.000Z' }]],
    [
      {
        'x-hubspot-ratelimit-remaining': '0',
        'x-hubspot-ratelimit-interval-milliseconds': '1000',
        'x-hubspot-ratelimit-daily-remaining': '12',
      },
      [
        { limit: 'calls', remaining: 0, restoresAt: '2026-03-06T19:30:01.000Z' },
        { limit: 'day', remaining: 12 },
      ],
    ],
    [{ 'x-hubspot-ratelimit-remaining': 'many' }, []],
  ])('%j is %j', (headers, paces) => expect(connector.pace?.(reply(headers as Record<string, string>))).toEqual(paces));
});

test('the stand-in delivers what happened in one signed body', async () => {
  const taken: string[] = [];
  const hub = await startPlatform({
    routes: [
      {
        at: 'POST /webhooks/c-1',
        handle: ({ text, headers }) => {
          taken.push(text);
          return { status: headers['x-hubspot-signature-v3'] ? 200 : 401 };
        },
      },
    ],
  });
  hubspot.addContact({ email: 'ana@example.com' });
  hubspot.forgetContact(hubspot.addContact({ email: 'bea@example.com' }));
  expect(await hubspot.deliver({ url: 'https://hub.example.com/webhooks/c-1', to: `${hub.url}/webhooks/c-1` })).toBe(200);
  expect(await hubspot.deliver({ url: 'https://hub.example.com/webhooks/c-1', to: `${hub.url}/webhooks/c-1` })).toBeUndefined();
  expect((JSON.parse(taken[0] ?? '') as { subscriptionType: string }[]).map(({ subscriptionType }) => subscriptionType)).toEqual([
    'contact.creation',
    'contact.creation',
    'contact.deletion',
    'contact.privacyDeletion',
  ]);
  await hub.close();
});
