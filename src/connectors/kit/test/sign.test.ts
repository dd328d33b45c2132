import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Connector, defineConnector, type Signing, secret, signedAuth, z } from '../src/index.ts';
import { receive, type StandIn, type StandInRequest, startStandIn } from '../src/testing/index.ts';
import type { Verification } from '../src/verification.ts';
import { acme, connect, type TestCtx } from './acme.ts';

const NOW = Date.parse('2026-03-06T19:30:00Z');
const KEY = Buffer.alloc(32, 7).toString('base64');
const OLD_KEY = Buffer.alloc(32, 9).toString('base64');

let standIn: StandIn;
const open: TestCtx[] = [];
beforeEach(async () => {
  standIn = await startStandIn();
});
afterEach(async () => {
  for (const { close } of open.splice(0)) close();
  await standIn.close();
});

const signedAcme = (sign: Signing): Connector =>
  defineConnector({
    ...acme,
    settings: z.strictObject({ ...acme.settings.shape, oldKey: secret({ title: 'Old key' }).optional() }),
    auth: signedAuth(sign),
  } as unknown as Connector);

async function sent(sign: Signing, settings: object, call: object): Promise<StandInRequest> {
  standIn.answer([{ body: {} }]);
  const made = connect({ apiBaseUrl: standIn.url, ...settings }, { allowPrivateHosts: true, connector: signedAcme(sign) });
  open.push(made);
  await made.ctx.call({ path: '/x', reply: z.unknown(), ...call });
  const [request] = standIn.requests;
  if (!request) throw new Error('nothing arrived');
  return request;
}

const hmac = (hash: string, key: string | Buffer, text: string, encoding: 'hex' | 'base64') =>
  createHmac(hash, key).update(text).digest(encoding);

/** Standard Webhooks: id, time and body, and a list of signatures. */
const standard: Signing = {
  by: 'hmac',
  hash: 'sha256',
  keys: [
    { secret: 'signingKey', decode: 'base64', prefix: 'whsec_' },
    { secret: 'oldKey', decode: 'base64', prefix: 'whsec_' },
  ],
  signed: [{ header: 'webhook-id' }, { text: '.' }, 'time', { text: '.' }, 'body'],
  encoding: 'base64',
  form: { each: 'v1,{signature}', between: ' ' },
  headers: { 'webhook-timestamp': '{time}', 'webhook-signature': '{signatures}' },
};
const event = { json: { b: 1, a: 'á' }, headers: { 'Webhook-Id': 'msg-1' } };

describe('a call is signed', () => {
  test('over the bytes that arrive', async () => {
    const request = await sent(standard, { signingKey: `whsec_${KEY}` }, event);
    expect(request.headers).toMatchObject({ 'webhook-id': 'msg-1', 'webhook-timestamp': String(NOW / 1000) });
    expect(request.body).toBe('{"b":1,"a":"á"}');
    expect(request.headers['webhook-signature']).toBe(
      `v1,${hmac('sha256', Buffer.from(KEY, 'base64'), `msg-1.${NOW / 1000}.${request.body}`, 'base64')}`,
    );
  });

  test('with both keys while the key is changed, the new one first', async () => {
    const request = await sent(standard, { signingKey: KEY, oldKey: `whsec_${OLD_KEY}` }, event);
    const text = `msg-1.${NOW / 1000}.${request.body}`;
    expect(request.headers['webhook-signature']).toBe(
      [KEY, OLD_KEY].map((key) => `v1,${hmac('sha256', Buffer.from(key, 'base64'), text, 'base64')}`).join(' '),
    );
  });

  test('so that the counterpart in `Verification` takes it, by either key', async () => {
    const time = { header: 'webhook-timestamp' };
    const verify: Verification = {
      by: 'hmac',
      hash: 'sha256',
      key: { secret: 'signingKey', decode: 'base64', prefix: 'whsec_' },
      signed: [{ header: 'webhook-id' }, { text: '.' }, time, { text: '.' }, 'body'],
      signature: { headerList: 'webhook-signature', after: 'v1,' },
      encoding: 'base64',
      time: { at: time, unit: 's', window: 'PT5M' },
    };
    const receiver = { ...acme, webhooks: { ...acme.webhooks, verify } } as unknown as Connector;
    const { method, headers, body } = await sent(standard, { signingKey: KEY, oldKey: OLD_KEY }, event);
    const request = { method, url: 'https://receiver.example', query: '', headers: Object.entries(headers), body: Buffer.from(body) };
    for (const key of [KEY, OLD_KEY])
      await expect(receive(receiver, request, { keys: () => [key], nowMs: NOW })).resolves.toMatchObject({ kind: 'delivery' });
    const changed = { ...request, body: Buffer.from(body.replace('1', '2')) };
    await expect(receive(receiver, changed, { keys: () => [KEY], nowMs: NOW })).resolves.toMatchObject({ fault: 'SIGNATURE_WRONG' });
  });

  test.each<[string, Signing, object, (request: StandInRequest) => Readonly<Record<string, string>>]>([
    [
      'method, path with query and body, as trading platforms want it',
      {
        ...standard,
        keys: [{ secret: 'signingKey' }],
        signed: ['time', 'method', 'path', 'body'],
        time: 'ms',
        headers: { 'x-sign': '{signatures}', 'x-time': '{time}' },
        form: { each: '{signature}', between: ',' },
      },
      { method: 'PUT', query: { q: 'a b' }, form: { a: '1' } },
      () => ({ 'x-time': String(NOW), 'x-sign': hmac('sha256', KEY, `${NOW}PUT/v1/x?q=a+ba=1`, 'base64') }),
    ],
    [
      'one header with time and signature in fields',
      {
        by: 'hmac',
        hash: 'sha512',
        keys: [{ secret: 'signingKey' }],
        signed: ['time', { text: '.' }, 'body'],
        encoding: 'hex',
        time: 'iso',
        form: { each: 'v1={signature}', between: ',' },
        headers: { 'x-signed': 't={time},{signatures}' },
      },
      { json: { a: 1 } },
      () => ({ 'x-signed': `t=2026-03-06T19:30:00.000Z,v1=${hmac('sha512', KEY, '2026-03-06T19:30:00.000Z.{"a":1}', 'hex')}` }),
    ],
    [
      'nothing but the body, with an open setting beside the signature',
      {
        by: 'hmac',
        hash: 'sha1',
        keys: [{ secret: 'signingKey' }],
        signed: ['body'],
        encoding: 'hex',
        headers: { authorization: 'Acme {settings.shop}:{signatures}' },
      },
      { json: [] },
      () => ({ authorization: `Acme casa:${hmac('sha1', KEY, '[]', 'hex')}` }),
    ],
    [
      'a call without a body, by its whole address',
      {
        by: 'hmac',
        hash: 'sha256',
        keys: [{ secret: 'signingKey' }],
        signed: ['url', 'body'],
        encoding: 'hex',
        headers: { 'x-sign': '{signatures}' },
      },
      {},
      (request) => ({ 'x-sign': hmac('sha256', KEY, `http://${request.headers['host']}/v1/x`, 'hex') }),
    ],
  ])('by %s', async (_what, sign, call, expected) => {
    const request = await sent(sign, { signingKey: KEY, shop: 'casa' }, call);
    expect(request.headers).toMatchObject(expected(request));
  });

  test('and a header of the call never replaces what the signature brings', async () => {
    const request = await sent(standard, { signingKey: KEY }, { ...event, headers: { ...event.headers, 'Webhook-Signature': 'v1,mine' } });
    expect(request.headers['webhook-signature']).not.toContain('mine');
  });
});

describe('a call that cannot be signed', () => {
  test.each([
    ['for want of the key', standard, {}, event, 'BAD_CREDENTIALS'],
    ['for want of the first key', standard, { oldKey: OLD_KEY }, event, 'BAD_CREDENTIALS'],
    ['for want of a signed header', standard, { signingKey: KEY }, { json: {} }, 'NOT_SUPPORTED'],
    [
      'for want of a setting beside it',
      { ...standard, headers: { 'webhook-signature': '{settings.shop} {signatures}' } },
      { signingKey: KEY },
      event,
      'BAD_CREDENTIALS',
    ],
  ])('%s is not made', async (_why, sign, settings, call, code) => {
    await expect(sent(sign, settings, call)).rejects.toMatchObject({ failure: { code } });
    expect(standIn.requests).toEqual([]);
  });
});
