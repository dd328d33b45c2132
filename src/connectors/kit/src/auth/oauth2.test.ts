import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import { defineConnector } from '../connector.ts';
import { createAuthCtx } from '../http/create-context.ts';
import { createTransport } from '../http/transport.ts';
import { runAccept, runObtain } from '../run.ts';
import { parseSettings, secret } from '../settings.ts';
import { type StandIn, startStandIn } from '../testing/stand-in.ts';
import { oauth2Code } from './oauth2.ts';

const connector = defineConnector({
  id: 'acme',
  title: 'Acme',
  docs: 'https://acme.example/docs',
  kit: '^1.0.0',
  versions: [{ id: '1', link: 'https://acme.example/changes' }],
  settings: z.strictObject({}),
  app: z.strictObject({ clientId: z.string(), clientSecret: secret({ title: 'Client secret' }) }),
  hosts: { api: { url: 'https://acme.example' } },
  auth: oauth2Code({
    authorize: { host: 'api', path: '/authorize', scopes: [], pkce: false },
    token: { host: 'api', path: '/token', clientAuth: 'body' },
    idleLife: 'P90D',
  }),
  identify: () => ({ account: 'a', name: 'A' }),
  limits: [],
  roles: {},
  capabilities: {},
});

const transport = createTransport({ allowPrivateHosts: true });
let standIn: StandIn;
beforeEach(async () => {
  standIn = await startStandIn();
});
afterEach(async () => {
  transport.close();
  await standIn.close();
});

function ctx() {
  const parsed = parseSettings(connector, { clientId: 'id-1', clientSecret: 'secret-1', apiBaseUrl: standIn.url });
  if (!parsed.ok) throw new Error('the settings are refused');
  return createAuthCtx({ connector, ...parsed.parsed, store: () => undefined, transport, now: () => 0 });
}

const callback = { query: { code: 'c-1' }, redirectUri: 'https://hub.example/oauth/callback' };

test('a token that comes with a refresh token dies when it is not renewed', async () => {
  standIn.answer([{ body: { access_token: 't-1', refresh_token: 'r-1', token_type: 'bearer', expires_in: 3600 } }]);
  await expect(runAccept(connector, ctx(), callback)).resolves.toEqual({
    ok: true,
    value: {
      secrets: { token: 't-1', refreshToken: 'r-1' },
      expiresAt: '1970-01-01T01:00:00.000Z',
      useBefore: '1970-04-01T00:00:00.000Z',
    },
  });
});

test('a token that comes without one lasts, until the platform no longer takes it', async () => {
  standIn.answer([{ body: { access_token: 't-1', token_type: 'bearer' } }]);
  await expect(runAccept(connector, ctx(), callback)).resolves.toEqual({ ok: true, value: { secrets: { token: 't-1' } } });
  await expect(runObtain(connector, ctx(), { secrets: { token: 't-1' } })).resolves.toEqual({
    ok: false,
    failure: { code: 'BAD_CREDENTIALS', message: 'The platform no longer accepts the token of this connection; authorise it again.' },
  });
  await expect(runObtain(connector, ctx(), undefined)).resolves.toEqual({
    ok: false,
    failure: { code: 'BAD_CREDENTIALS', message: 'Nobody has authorised this connection at the platform yet.' },
  });
});
