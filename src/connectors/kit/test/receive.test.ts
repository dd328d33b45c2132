import { describe, expect, test } from '@jest/globals';
import { type IncomingRequest, pairHeaders, receive } from '../src/host.ts';
import type { Connector, Verification } from '../src/index.ts';
import { forger, forgerFor } from '../src/testing/index.ts';
import { acme, acmeConnector } from './acme.ts';

const NOW = Date.parse('2026-03-06T19:30:00Z');
const ours = forgerFor(acmeConnector);
const url = 'https://hub.example.com/webhooks/c-1';
const take = (request: IncomingRequest, connector: Connector = acmeConnector, secrets = ours.secrets) =>
  receive(connector, request, { keys: (name) => (secrets[name] === undefined ? [] : [secrets[name]]), nowMs: NOW });
const signed = (body: string | Uint8Array, type = 'application/json') =>
  ours.sign({
    url,
    body,
    at: NOW,
    headers: [
      ['content-type', type],
      ['Cookie', 'c=1'],
      ['X-Two', 'a'],
      ['x-two', 'b'],
    ],
  });

describe('a delivery', () => {
  test('is handed on with its body, its hash, and the headers that are nobody’s secret', async () => {
    const received = await take(signed('{"id":9007199254740993}'));
    expect(received).toMatchObject({
      kind: 'delivery',
      delivery: {
        method: 'POST',
        body: { id: '9007199254740993' },
        receivedAt: '2026-03-06T19:30:00.000Z',
        signed: true,
        headers: { 'x-two': 'a, b' },
      },
    });
    expect(JSON.stringify(received)).not.toContain('c=1');
  });

  test('is a form where the content type says so', async () => {
    await expect(take(signed('a=1&b=%C3%A1', 'application/x-www-form-urlencoded; charset=utf-8'))).resolves.toMatchObject({
      delivery: { body: { a: '1', b: 'á' } },
    });
    await expect(take(signed('a=1&a=2', 'application/x-www-form-urlencoded'))).resolves.toMatchObject({ kind: 'refused', status: 400 });
  });

  test.each([
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['nothing', Buffer.alloc(0)],
  ])('of %s is refused', async (_what, body) => {
    await expect(take(signed(body))).resolves.toMatchObject({ kind: 'refused', status: 400 });
  });

  test('is measured before it is verified', async () => {
    await expect(take({ ...signed('{}'), body: Buffer.alloc(1_000_001) })).resolves.toMatchObject({ kind: 'refused', status: 413 });
    const small = { ...acmeConnector, webhooks: { ...acme.webhooks, maxBytes: 10 } } as Connector;
    await expect(take(signed('{"a":"12345"}'), small)).resolves.toMatchObject({ status: 413 });
  });

  test('by another method than POST is none', async () => {
    await expect(take({ ...signed('{}'), method: 'PUT' })).resolves.toMatchObject({ kind: 'refused', status: 400 });
  });

  test('under a token is only a hint, and the token is not handed on', async () => {
    const verify: Verification = { by: 'token', at: { header: 'X-Token' }, key: { secret: 'signingKey' } };
    const byToken = forger(verify);
    const connector = { ...acmeConnector, webhooks: { ...acme.webhooks, verify } } as Connector;
    const received = await take(byToken.sign({ url, body: '{}', at: NOW }), connector, byToken.secrets);
    expect(received).toMatchObject({ kind: 'delivery', delivery: { signed: false } });
    expect(JSON.stringify(received)).not.toContain(byToken.secrets['signingKey']);
  });

  test('to a connector without webhooks is refused', async () => {
    const { webhooks: _none, ...rest } = acmeConnector;
    await expect(take(signed('{}'), rest as Connector)).resolves.toMatchObject({ kind: 'refused', status: 401, fault: 'NO_SCHEME' });
  });
});

describe('a handshake', () => {
  const bare = (query: string, method = 'GET'): IncomingRequest => ({ method, url, query, headers: [], body: new Uint8Array() });

  test('echoes what it was asked to', () => expect(take(bare('challenge=abc'))).resolves.toEqual({ kind: 'handshake', body: 'abc' }));
  test('is no way round the signature', async () => {
    await expect(take(bare('challenge=abc', 'POST'))).resolves.toMatchObject({ kind: 'refused', status: 401 });
    await expect(take(bare(''))).resolves.toMatchObject({ kind: 'refused', status: 401 });
    await expect(take(bare('challenge=a&challenge=b'))).resolves.toMatchObject({ kind: 'refused', status: 401 });
  });
});

test('raw headers become pairs, doubles and all', () => {
  expect(pairHeaders(['A', '1', 'a', '2', 'odd'])).toEqual([
    ['A', '1'],
    ['a', '2'],
  ]);
});
