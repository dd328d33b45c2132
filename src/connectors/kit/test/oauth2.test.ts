import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createAuthCtx } from '../src/http/create-context.ts';
import { createTransport } from '../src/http/transport.ts';
import { type Connector, type Credential, defineConnector, oauth2Code, secret, z } from '../src/index.ts';
import { runObtain, type StandIn, startStandIn } from '../src/testing/index.ts';
import { acme } from './acme.ts';

const connector = defineConnector({
  ...acme,
  app: z.strictObject({ clientId: z.string(), clientSecret: secret({ title: 'Client secret' }) }),
  auth: oauth2Code({
    authorize: { host: 'api', path: '/authorize', scopes: [], pkce: false },
    token: { host: 'api', path: '/token', clientAuth: 'body' },
  }),
} as unknown as Connector);

let standIn: StandIn;
const transport = createTransport({ allowPrivateHosts: true });
beforeEach(async () => {
  standIn = await startStandIn();
});
afterEach(async () => {
  transport.close();
  await standIn.close();
});

const obtain = (have?: Credential) =>
  runObtain(
    connector,
    createAuthCtx({
      connector,
      settings: { environment: 'production', apiBaseUrl: standIn.url, locations: {}, clientId: 'client-1' } as never,
      secrets: { clientSecret: 'secret-of-the-client' },
      store: () => undefined,
      transport,
      now: () => Date.parse('2026-03-06T19:30:00Z'),
    }),
    have,
  );

test('a token that cannot be renewed is told from one that nobody has asked for yet', async () => {
  expect(await obtain()).toMatchObject({ failure: { code: 'BAD_CREDENTIALS', message: expect.stringMatching(/Nobody has authorised/) } });
  expect(await obtain({ secrets: { token: 'old' } })).toMatchObject({
    failure: { code: 'BAD_CREDENTIALS', message: expect.stringMatching(/no longer accepts/) },
  });
  expect(standIn.requests).toEqual([]);
});

test('a token with a refresh token is renewed, and what the reply leaves out is kept', async () => {
  standIn.answer([{ body: { access_token: 'new', token_type: 'bearer', expires_in: 60 } }]);
  const have = { secrets: { token: 'old', refreshToken: 'refresh-1' }, facts: { shop: 's-1' } };
  expect(await obtain(have)).toEqual({
    ok: true,
    value: { secrets: { token: 'new', refreshToken: 'refresh-1' }, expiresAt: '2026-03-06T19:31:00.000Z', facts: { shop: 's-1' } },
  });
  expect(Object.fromEntries(new URLSearchParams(standIn.requests[0]?.body))).toEqual({
    grant_type: 'refresh_token',
    refresh_token: 'refresh-1',
    client_id: 'client-1',
    client_secret: 'secret-of-the-client',
  });
});
