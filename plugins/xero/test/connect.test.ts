import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  authorizationUrl,
  parseSettings,
  runChoices,
  runIdentify,
  runNamedVerb,
  runNarrow,
  runRevoke,
} from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { type ConnectionOptions, connect } from './connection.ts';
import { document, SCOPE } from './fixtures.ts';
import { OTHER_TENANT, startXero, TENANT, type XeroOptions, type XeroStandIn } from './stand-in.ts';

const MINUTE = 60_000;
let clock = Date.parse('2026-03-06T19:30:00Z');
let xero: XeroStandIn;
const open: { close(): void }[] = [];

async function begin(options: XeroOptions = {}): Promise<void> {
  xero = await startXero({ now: () => clock, ...options });
}
function connection(more: Partial<ConnectionOptions> & { settings?: ConnectionOptions['settings'] } = {}) {
  const made = connect({ now: () => clock, ...more, settings: { ...xero.settings, salesAccount: '200', ...more.settings } });
  open.push(made);
  return made;
}
const post = (of: ReturnType<typeof connection>, id = 'job-1') =>
  runNamedVerb(connector, of.ctx(), 'documents.post', [{ id, key: `key-${id}`, input: { ...document, reference: id } }], undefined);

beforeEach(() => {
  clock = Date.parse('2026-03-06T19:30:00Z');
});
afterEach(async () => {
  for (const each of open.splice(0)) each.close();
  await xero.close();
});

describe('a person who agrees in the browser', () => {
  test('is sent to Xero with the granular scopes and a challenge, and comes back as a grant of sixty days', async () => {
    await begin();
    const parsed = parseSettings(connector, xero.settings);
    if (!parsed.ok) throw new Error('the settings are refused');
    const url = authorizationUrl(
      connector,
      { settings: { ...parsed.parsed.settings, apiBaseUrl: undefined } as never, secrets: parsed.parsed.secrets },
      { state: 's-1', redirectUri: 'https://hub.example.com/oauth/callback', challenge: 'c-1' },
      { allowPrivateHosts: false, isPrivate: () => false },
    );
    expect(url).toMatch(/^https:\/\/login\.xero\.com\/identity\/connect\/authorize\?/);
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
      response_type: 'code',
      client_id: xero.settings.clientId,
      redirect_uri: 'https://hub.example.com/oauth/callback',
      state: 's-1',
      scope: SCOPE,
      code_challenge: 'c-1',
      code_challenge_method: 'S256',
    });
    const credential = await connection().accept(xero.agree());
    expect(credential).toMatchObject({
      expiresAt: '2026-03-06T20:00:00.000Z',
      useBefore: '2026-05-05T19:30:00.000Z',
      facts: { scopes: SCOPE },
    });
    expect(xero.requests[0]?.form().get('code_verifier')).toHaveLength(43);
  });

  test('is known by the one organisation that the app is in; the first test call needs no tenant', async () => {
    await begin();
    const made = connection();
    await made.accept(xero.agree());
    expect(await runIdentify(connector, made.ctx())).toEqual({
      ok: true,
      value: {
        account: TENANT.id,
        name: 'Casa Pepa SL',
        scopes: SCOPE.split(' '),
        facts: { baseCurrency: 'EUR', country: 'ES', shortCode: '!x1y2z' },
      },
    });
    expect(xero.requests.find(({ path }) => path === '/connections')?.headers).not.toHaveProperty('xero-tenant-id');
    expect(xero.requests.at(-1)?.headers).toMatchObject({ 'xero-tenant-id': TENANT.id });
  });

  test('chooses where one grant covers several organisations, and the setting names which', async () => {
    await begin({ tenants: [TENANT, OTHER_TENANT] });
    const made = connection();
    await made.accept(xero.agree());
    expect(await runIdentify(connector, made.ctx())).toEqual({
      ok: true,
      value: {
        choose: [
          { account: TENANT.id, name: 'Casa Pepa SL' },
          { account: OTHER_TENANT.id, name: 'Bar Lola SL' },
        ],
      },
    });
    expect(await runChoices(connector, made.ctx(), 'tenants')).toMatchObject({
      ok: true,
      value: [{ label: 'Casa Pepa SL' }, { value: OTHER_TENANT.id, label: 'Bar Lola SL' }],
    });
    const chosen = connection({ settings: { tenantId: OTHER_TENANT.id } });
    await chosen.accept(xero.agree());
    expect(await runIdentify(connector, chosen.ctx())).toMatchObject({ ok: true, value: { account: OTHER_TENANT.id } });
    // Before the account is known the setting stands in for it.
    expect(await runChoices(connector, chosen.ctx(), 'accounts')).toMatchObject({ ok: true, value: [{ value: '200' }] });
  });

  test('keeps the organisation that the connection has had, and hears when the consent covers it no more', async () => {
    await begin({ tenants: [TENANT, OTHER_TENANT] });
    const made = connection({ account: TENANT.id });
    await made.accept(xero.agree());
    expect(await runIdentify(connector, made.ctx())).toMatchObject({ ok: true, value: { account: TENANT.id } });
    xero.disconnect(TENANT.id);
    expect(await runIdentify(connector, made.ctx())).toMatchObject({
      ok: false,
      failure: { code: 'BAD_CREDENTIALS', message: expect.stringContaining(TENANT.id) },
    });
    xero.disconnect(OTHER_TENANT.id);
    const nobody = connection();
    await nobody.accept(xero.agree());
    expect(await runIdentify(connector, nobody.ctx())).toMatchObject({
      ok: false,
      failure: { code: 'BAD_CREDENTIALS', message: expect.stringContaining('no organisation') },
    });
  });
});

describe('tokens', () => {
  test('last thirty minutes, are renewed before they run out, and a refresh token is used once', async () => {
    await begin();
    const made = connection({ account: TENANT.id });
    await made.accept(xero.agree());
    expect(await post(made, 'VH-1')).toMatchObject({ outcomes: [{ done: {} }] });
    for (const id of ['VH-2', 'VH-3']) {
      clock += 31 * MINUTE;
      expect(await post(made, id)).toMatchObject({ outcomes: [{ done: {} }] });
    }
    expect(made.renewals()).toBe(2);
    const used = xero.requests.filter(({ path }) => path === '/connect/token').map((request) => request.form().get('refresh_token'));
    expect(used).toEqual([null, 'xero-refresh-1', 'xero-refresh-2']);
  });

  test('that Xero takes back in the middle of a run are renewed once; a dead grant is BAD_CREDENTIALS', async () => {
    await begin();
    const made = connection({ account: TENANT.id });
    await made.accept(xero.agree());
    xero.failNext({ status: 401, body: { Title: 'Unauthorized', Status: 401, Detail: 'TokenExpired: token expired' } });
    expect(await post(made)).toMatchObject({ outcomes: [{ done: {} }] });
    expect(made.renewals()).toBe(1);
    xero.revokeTokens();
    expect(await post(made, 'VH-9')).toMatchObject({
      outcomes: [{ failed: { code: 'BAD_CREDENTIALS', message: 'The platform refused to give a token: invalid_grant.' } }],
    });
  });

  test('are given back when the grant is taken back', async () => {
    await begin();
    const made = connection();
    const credential = await made.accept(xero.agree());
    expect(await runRevoke(connector, made.authCtx(), credential)).toEqual({ ok: true, value: null });
    expect(xero.requests.at(-1)).toMatchObject({ method: 'POST', path: '/connect/revocation' });
    expect(xero.requests.at(-1)?.form().get('token')).toBe('xero-refresh-1');
  });
});

describe('a custom connection', () => {
  test('logs in by itself, knows its organisation, and posts', async () => {
    await begin();
    const made = connection({ settings: { customConnection: true } });
    const identity = await runIdentify(connector, made.ctx());
    expect(identity).toMatchObject({ ok: true, value: { account: TENANT.id, name: 'Casa Pepa SL', facts: { baseCurrency: 'EUR' } } });
    expect(xero.requests.map(({ path }) => path)).toEqual(['/connect/token', '/api.xro/2.0/Organisation']);
    expect(xero.requests[0]?.form().get('grant_type')).toBe('client_credentials');
    expect(xero.requests[0]?.form().get('scope')).toBe(SCOPE.replace('offline_access ', ''));
    if (!identity.ok || !('account' in identity.value)) throw new Error('no account');
    made.know(identity.value);
    clock += 31 * MINUTE;
    expect(await post(made)).toMatchObject({ outcomes: [{ done: {} }] });
    expect(made.renewals()).toBe(2);
  });
});

describe('rights', () => {
  test.each([
    [SCOPE, {}],
    ['accounting.invoices accounting.settings.read', { 'journal.post': 'NOT_POSSIBLE', 'customer.read': 'NOT_POSSIBLE' }],
    ['accounting.transactions accounting.contacts', {}],
    ['accounting.contacts', { 'document.post': 'NOT_POSSIBLE', 'document.list': 'NOT_POSSIBLE', 'journal.post': 'NOT_POSSIBLE' }],
  ])('of %s leave out %j', async (scopes, less) => {
    await begin();
    expect(await runNarrow(connector, connection({ facts: { scopes } }).ctx())).toEqual({ ok: true, value: less });
  });

  test('that nobody has told of take nothing away', async () => {
    await begin();
    expect(await runNarrow(connector, connection().ctx())).toEqual({ ok: true, value: {} });
  });
});
