import { describe, expect, test } from '@jest/globals';
import { runFetch, runIdentify, runLocations } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { announcedCallsOnly, ctxOf, json, jsonAt } from './announced.ts';

announcedCallsOnly();

describe('calls', () => {
  test('carry the token and the pinned version, to the host of the environment', async () => {
    jsonAt(
      'https://connect.squareup.com',
      { authorization: 'Bearer token-1', 'square-version': '2026-05-20', accept: 'application/json' },
      '/v2/merchants/me',
      { merchant: { id: 'M-1', business_name: 'Casa Pepa', country: 'ES', currency: 'EUR', status: 'ACTIVE' } },
    );
    expect(await runIdentify(connector, ctxOf('production'))).toEqual({
      ok: true,
      value: { account: 'M-1', name: 'Casa Pepa', facts: { country: 'ES', currency: 'EUR' } },
    });
  });

  test('list the locations', async () => {
    json('/v2/locations', {
      locations: [{ id: 'L1', name: 'Sevilla', currency: 'EUR', timezone: 'Europe/Madrid', status: 'ACTIVE' }, { id: 'L2' }],
    });
    expect(await runLocations(connector, ctxOf())).toEqual({
      ok: true,
      value: [
        { id: 'L1', name: 'Sevilla', currency: 'EUR', zone: 'Europe/Madrid' },
        { id: 'L2', name: 'L2' },
      ],
    });
  });

  test.each([
    [
      401,
      { errors: [{ category: 'AUTHENTICATION_ERROR', code: 'ACCESS_TOKEN_EXPIRED', detail: 'The token token-1 has expired.' }] },
      { code: 'BAD_CREDENTIALS', message: 'Square answered 401 ACCESS_TOKEN_EXPIRED: The token [secret] has expired.' },
    ],
    [
      400,
      { errors: [{ code: 'VERSION_MISMATCH', detail: 'stale', field: 'version' }] },
      { code: 'CONFLICT', message: 'Square answered 400 VERSION_MISMATCH: stale', path: 'version' },
    ],
    [
      404,
      { errors: [{ code: 'NOT_FOUND', detail: 'no such order' }] },
      { code: 'NOT_FOUND', message: 'Square does not know the order ORDER-1.' },
    ],
    [503, {}, { code: 'PLATFORM_DOWN', message: 'The platform answered 503.' }],
  ])('that fail with %i say what Square says', async (status, body, failure) => {
    json('/v2/orders/ORDER-1', body, status);
    expect(await runFetch(connector, ctxOf(), 'order', ['ORDER-1'])).toEqual({ ok: false, failure });
  });
});
