import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { receive } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';

/** Signed here without the kit: its forger would be wrong in the same way as its check. */
const NOW = Date.parse('2026-03-06T19:30:00Z');
const URL = 'https://hub.example.com/webhooks/c%2D1%3Ax?a=%40b&c=%20';
/** What HubSpot makes of that address before it signs. */
const DECODED = 'https://hub.example.com/webhooks/c%2D1:x?a=@b&c=%20';
const BODY = '[{"portalId":1,"occurredAt":1,"subscriptionType":"contact.creation"}]';
const SECRET = 'secret-of-the-app';

const v3 = (at: number, { secret = SECRET, url = DECODED, body = BODY, method = 'POST' } = {}): [string, string][] => [
  ['X-HubSpot-Signature-v3', createHmac('sha256', secret).update(`${method}${url}${body}${at}`).digest('base64')],
  ['X-HubSpot-Request-Timestamp', String(at)],
];
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const older = (version: 'v1' | 'v2', secret = SECRET): [string, string][] => [
  ['X-HubSpot-Signature-Version', version],
  ['X-HubSpot-Signature', version === 'v1' ? sha(secret + BODY) : sha(`${secret}POST${URL}${BODY}`)],
];

const take = async (headers: [string, string][], keys: Readonly<Record<string, string>> = { clientSecret: SECRET }, body = BODY) => {
  const request = {
    method: 'POST',
    url: URL,
    query: '',
    headers: [['content-type', 'application/json'], ...headers] as [string, string][],
  };
  const received = await receive(
    connector,
    { ...request, body: Buffer.from(body) },
    { keys: (name) => [keys[name] ?? []].flat(), nowMs: NOW },
  );
  return received.kind === 'refused' ? `${received.status} ${received.fault}` : received.kind;
};

describe('the signature of version 3', () => {
  test('covers method, decoded address, body and time', async () => {
    expect(await take(v3(NOW))).toBe('delivery');
    for (const other of [{ url: URL }, { body: `${BODY} ` }, { method: 'GET' }, { secret: 'another' }])
      expect(await take(v3(NOW, other))).toBe('401 SIGNATURE_WRONG');
    const [signature] = v3(NOW) as [[string, string]];
    expect(await take([signature, ['X-HubSpot-Request-Timestamp', String(NOW + 1)]])).toBe('401 SIGNATURE_WRONG');
  });

  test.each([
    [-300_000, 'delivery'],
    [-300_001, '401 TOO_LATE'],
    [-24 * 3_600_000, '401 TOO_LATE'],
    [300_001, '401 TOO_EARLY'],
  ])('%i ms away is answered %s', async (away, answer) => expect(await take(v3(NOW + away))).toBe(answer));

  test('is proven before the body is parsed', async () => {
    expect(await take(v3(NOW, { body: 'not JSON' }), { clientSecret: SECRET }, 'not JSON')).toBe('400 NOT_PARSEABLE');
    expect(await take(v3(NOW), { clientSecret: SECRET }, 'not JSON')).toBe('401 SIGNATURE_WRONG');
  });

  test('without a time, without itself, or without the key is refused', async () => {
    const [signature, time] = v3(NOW) as [[string, string], [string, string]];
    expect(await take([signature])).toMatch(/^401/);
    expect(await take([time])).toBe('401 SIGNATURE_MISSING');
    expect(await take(v3(NOW), {})).toBe('401 NO_SCHEME');
  });
});

describe('the older signatures', () => {
  test('do not replace version 3, however the request asks', async () => {
    expect(await take(older('v1'))).toBe('401 SIGNATURE_MISSING');
    expect(await take(older('v2'))).toBe('401 SIGNATURE_MISSING');
    expect(await take([...older('v1'), ...v3(NOW, { secret: 'forged' })])).toBe('401 SIGNATURE_WRONG');
  });

  test.each([
    ['v1', 'signatureV1Secret', 'v2'],
    ['v2', 'signatureV2Secret', 'v1'],
  ] as const)('%s is taken where the setting %s says so, and then alone', async (version, setting, other) => {
    const keys = { clientSecret: SECRET, [setting]: SECRET };
    expect(await take(older(version), keys)).toBe('delivery');
    expect(await take(older(version, 'another'), keys)).toBe('401 SIGNATURE_WRONG');
    expect(await take(older(other), keys)).toBe('401 SIGNATURE_WRONG');
    expect(await take(v3(NOW), keys)).toBe('401 SIGNATURE_MISSING');
  });
});
