import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Connector, defineConnector, oauth2Code, secret, z } from '../src/index.ts';
import { createAuthCtx, createTransport, parseSettings, runObtain, type StandIn, startStandIn } from '../src/testing/index.ts';
import { acme } from './acme.ts';

const connector = defineConnector({
  ...(acme as Connector),
  settings: z.strictObject({ clientId: z.string(), clientSecret: secret({ title: 'Client secret' }), shop: z.string().optional() }),
  auth: oauth2Code({
    authorize: { host: 'api', path: '/authorize', scopes: [], pkce: false },
    token: { host: 'api', path: '/token', clientAuth: 'body' },
    refusal: (body) => (body['status'] === 'BAD_REFRESH_TOKEN' ? { error: 'invalid_grant', error_description: 'a word' } : undefined),
  }),
});
const HAVE = { secrets: { token: 'old', refreshToken: 'old-refresh' } };

let standIn: StandIn;
const transport = createTransport({ allowPrivateHosts: true });

beforeEach(async () => {
  standIn = await startStandIn();
});
afterEach(async () => {
  transport.close();
  await standIn.close();
});

function renewed() {
  const result = parseSettings(connector, { clientId: 'id', clientSecret: 'secret-of-acme', apiBaseUrl: standIn.url });
  if (!result.ok) throw new Error('the settings are refused');
  const { settings, secrets } = result.parsed;
  return runObtain(connector, createAuthCtx({ connector, settings, secrets, store: () => undefined, transport, now: () => 0 }), HAVE);
}

test('a refusal in the platform’s own form is a dead grant where the connector says so', async () => {
  standIn.answer([{ status: 400, body: { status: 'BAD_REFRESH_TOKEN' } }]);
  expect(await renewed()).toMatchObject({ ok: false, failure: { code: 'BAD_CREDENTIALS', message: expect.stringContaining('a word') } });
});

test.each([
  [{ status: 'SOMETHING_ELSE' }, 'BAD_REPLY'],
  [{ error: 'invalid_client', status: 'BAD_REFRESH_TOKEN' }, 'BAD_CREDENTIALS'],
])('a refusal %j that it does not know, or that has the standard’s form, is read as before', async (body, code) => {
  standIn.answer([{ status: 400, body }]);
  const ran = await renewed();
  expect(ran).toMatchObject({ ok: false, failure: { code } });
  expect(JSON.stringify(ran)).not.toContain('a word');
});
