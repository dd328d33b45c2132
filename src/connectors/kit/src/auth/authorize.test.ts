import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { type Connector, defineConnector } from '../connector.ts';
import { secret } from '../settings.ts';
import { verifyCallback } from './authorize.ts';
import { oauth2Code } from './oauth2.ts';

const NOW = Date.parse('2026-03-06T19:30:00Z');
const connector: Connector = defineConnector({
  id: 'acme',
  title: 'Acme',
  docs: 'https://acme.example/docs',
  kit: '^1.0.0',
  versions: [{ id: '1', link: 'https://acme.example/changes' }],
  settings: z.strictObject({}),
  app: z.strictObject({ clientId: z.string(), clientSecret: secret({ title: 'Client secret' }) }),
  hosts: { api: { url: 'https://acme.example' } },
  auth: oauth2Code({
    authorize: {
      host: 'api',
      path: '/authorize',
      scopes: [],
      pkce: false,
      callback: {
        by: 'hmac',
        hash: 'sha256',
        key: { secret: 'clientSecret' },
        signed: ['body'],
        signature: { query: 'hmac' },
        encoding: 'hex',
        time: { at: { query: 'timestamp' }, unit: 's', window: 'PT90S' },
      },
    },
    token: { host: 'api', path: '/token', clientAuth: 'body' },
  }),
  identify: () => ({ account: 'a', name: 'A' }),
  limits: [],
  roles: {},
  capabilities: {},
});

const sign = (message: string, key = 'key-1'): string => createHmac('sha256', key).update(message).digest('hex');
const check = (query: Readonly<Record<string, string>>, nowMs = NOW) =>
  verifyCallback(connector, { settings: {} as never, secrets: {}, facts: {} }, query, () => ['key-1'], nowMs);

const timestamp = String(NOW / 1000);
const query = { state: 's-1', host: 'YWRtaW4=', code: 'c-1', timestamp };
const message = `code=c-1&host=YWRtaW4%3D&state=s-1&timestamp=${timestamp}`;

test('a way back is signed over its members by name, encoded as in a query', async () => {
  await expect(check({ ...query, hmac: sign(message) })).resolves.toEqual({ ok: true });
  await expect(check({ ...query, hmac: sign(decodeURIComponent(message)) })).resolves.toEqual({ ok: false, fault: 'SIGNATURE_WRONG' });
});

test('a way back that is forged, changed, bare or late is refused', async () => {
  await expect(check({ ...query, hmac: sign(message, 'key-2') })).resolves.toEqual({ ok: false, fault: 'SIGNATURE_WRONG' });
  await expect(check({ ...query, code: 'c-2', hmac: sign(message) })).resolves.toEqual({ ok: false, fault: 'SIGNATURE_WRONG' });
  await expect(check(query)).resolves.toEqual({ ok: false, fault: 'SIGNATURE_MISSING' });
  await expect(check({ ...query, hmac: sign(message) }, NOW + 91_000)).resolves.toEqual({ ok: false, fault: 'TOO_LATE' });
});
