import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestHub, type TestHub } from '../helpers/hub.ts';

const SHOP = 'https://shop.example';
const OTHER = 'https://other.example';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ env: { VALEHUB_ALLOWED_ORIGINS: `${SHOP}, https://kiosk.example:8443` } });
});
afterAll(() => hub.stop());

const preflight = (url: string, origin: string): Promise<Response> =>
  fetch(`${url}/graphql`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' },
  });
const allowed = (response: Response): string | null => response.headers.get('access-control-allow-origin');

test('a browser may ask from an origin that is named, and read the answer', async () => {
  const asked = await preflight(hub.url, SHOP);
  expect([asked.status, allowed(asked), asked.headers.get('access-control-allow-methods')]).toEqual([204, SHOP, 'GET, POST']);
  expect(asked.headers.get('access-control-allow-headers')).toContain('authorization');
  expect(asked.headers.get('access-control-allow-credentials')).toBeNull();
  for (const key of [await hub.keyFor('PUBLIC'), 'nobody']) {
    const answer = await hub.graphql('{ __typename }', {}, { key, headers: { origin: SHOP } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(SHOP);
    expect(answer.headers.get('vary')).toMatch(/Origin/);
  }
});

test('from another origin it is told nothing, nor is anyone where no origin is named', async () => {
  expect(allowed(await preflight(hub.url, OTHER))).toBeNull();
  expect((await hub.graphql('{ __typename }', {}, { headers: { origin: OTHER } })).headers.get('access-control-allow-origin')).toBeNull();
  const closed = await startTestHub();
  try {
    expect(allowed(await preflight(closed.url, SHOP))).toBeNull();
    expect(
      (await closed.graphql('{ __typename }', {}, { headers: { origin: SHOP } })).headers.get('access-control-allow-origin'),
    ).toBeNull();
  } finally {
    await closed.stop();
  }
});
