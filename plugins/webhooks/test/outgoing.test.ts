import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Plain } from '@valehub/connector-kit';
import {
  createCtx,
  createTransport,
  parseSettings,
  runIdentify,
  runNamedVerb,
  type StandIn,
  type StandInRequest,
  startStandIn,
} from '@valehub/connector-kit/testing';
import { Webhook } from 'standardwebhooks';
import connector from '../src/index.ts';
import { samples } from './samples.ts';

let standIn: StandIn;
const transport = createTransport({ allowPrivateHosts: true });
const guarded = createTransport();

/** By the machine's clock, as the reference library reads it. */
function ctxOf(given: Readonly<Record<string, Plain>>, by = transport) {
  const result = parseSettings(connector, given);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return createCtx({ connector, ...result.parsed, store: () => undefined, transport: by, now: Date.now });
}
const ctx = (more: Readonly<Record<string, Plain>> = {}) => ctxOf({ ...samples.settings, apiBaseUrl: standIn.url, ...more });
const run = async (verb: string, input: Plain, of = ctx(), key = 'key-1') =>
  (await runNamedVerb(connector, of, verb, [{ id: 'job-1', key, input }], undefined)).outcomes?.[0];
const without = (name: string) =>
  Object.fromEntries(Object.entries({ ...samples.settings, apiBaseUrl: standIn.url }).filter(([key]) => key !== name));

/** What the receiver will answer; gives what arrives there, byte for byte. */
function receiver(status = 202, body?: Plain, headers: Readonly<Record<string, string>> = {}): readonly StandInRequest[] {
  standIn.answer([{ method: 'POST', path: '/hooks/invented-for-tests', status, headers, ...(body === undefined ? {} : { body }) }]);
  return standIn.requests;
}

beforeEach(async () => {
  standIn = await startStandIn();
});
afterEach(() => standIn.close());
afterAll(() => {
  transport.close();
  guarded.close();
});

const redeemed = {
  id: 'evt-1',
  type: 'VOUCHER_REDEEMED',
  at: '2026-03-06T20:15:00.000Z',
  code: 'DV-4711',
  amount: { minor: 250, currency: 'EUR' },
  data: { reason: null },
} as const;
const { signingSecret, previousSigningSecret } = samples.settings as { readonly [name: string]: string };

describe('an event of the hub', () => {
  test('is posted in the convention’s form', async () => {
    const sent = receiver();
    expect(await run('events.push', redeemed)).toEqual({ job: 'job-1', done: { id: 'event_key-1' } });
    expect(sent).toHaveLength(1);
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({ type: 'voucher.redeemed', timestamp: '2026-03-06T20:15:00.000Z', data: redeemed });
    expect(sent[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': 'event_key-1' });
    expect(sent[0]?.headers).not.toHaveProperty('authorization');
  });

  test('is proven by the reference library of Standard Webhooks, with the new secret and with the one before', async () => {
    const sent = receiver();
    await run('events.push', redeemed);
    const [{ body, headers } = { body: '', headers: {} as StandInRequest['headers'] }] = sent;
    for (const secret of [signingSecret, previousSigningSecret])
      expect(new Webhook(secret ?? '').verify(body, headers)).toMatchObject({ type: 'voucher.redeemed' });
    expect(headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/]{43}= v1,[A-Za-z0-9+/]{43}=$/);
    expect(() => new Webhook(`whsec_${Buffer.alloc(32, 9).toString('base64')}`).verify(body, headers)).toThrow();
    expect(() => new Webhook(signingSecret ?? '').verify(`${body} `, headers)).toThrow();
  });

  test('has one signature once the change of secrets is over', async () => {
    const sent = receiver();
    await run('events.push', redeemed, ctxOf(without('previousSigningSecret')));
    expect(sent[0]?.headers['webhook-signature']).toMatch(/^v1,\S+$/);
  });

  test.each([
    ['VOUCHER_REDEEMED', 'voucher.redeemed'],
    ['CAMPAIGN_STATUS_CHANGED', 'campaign.status_changed'],
    ['CUSTOM', 'custom'],
    ['email.opened', 'email.opened'],
  ])('called %s is %s', async (type, expected) => {
    const sent = receiver();
    await run('events.push', { ...redeemed, type });
    expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({ type: expected });
  });

  test('keeps its id over all attempts, whatever its key is made of', async () => {
    const ids: string[] = [];
    for (const key of ['run-1/step.2', 'run-1/step.2', 'run-1/step%2E2', 'Año 1', 'x'.repeat(255)]) {
      const sent = receiver();
      expect(await run('events.push', redeemed, ctx(), key)).toHaveProperty('done');
      ids.push(sent[0]?.headers['webhook-id'] ?? '');
      expect(new Webhook(signingSecret ?? '').verify(sent[0]?.body ?? '', sent[0]?.headers ?? {})).toBeTruthy();
    }
    for (const id of ids) expect(id).toMatch(/^event_[A-Za-z0-9%_-]+$/);
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(4);
    expect(connector.roles['events.push']?.push.repeat).toEqual({ key: { max: 255 } });
  });
});

describe('a message', () => {
  test('asks the system to send it, and says how to report on it', async () => {
    const sent = receiver();
    expect(await run('messages.send', { channel: 'SMS', to: '+34600000000', text: 'Your voucher: DV-4711' })).toMatchObject({ done: {} });
    expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({
      type: 'message.requested',
      data: { id: 'key-1', channel: 'SMS', to: '+34600000000', text: 'Your voucher: DV-4711' },
    });
  });

  test('by a channel that the system does not take is refused with the reason, and without a call', async () => {
    expect(await run('messages.send', { channel: 'PUSH', to: 'device-1', text: 'x' }, ctx({ channels: ['SMS', 'EMAIL'] }))).toEqual({
      job: 'job-1',
      failed: { code: 'NOT_SUPPORTED', path: 'channel', message: 'This system takes no PUSH, only SMS, EMAIL.' },
    });
  });
});

test('an alert goes out with its buttons', async () => {
  const sent = receiver();
  const alert = { severity: 'WARNING', title: 'T', text: '', id: 'a-1', buttons: [{ id: 'approve', label: 'Approve' }] };
  expect(await run('alerts.send', alert)).toMatchObject({ done: { id: 'alert_key-1' } });
  expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({ type: 'alert.raised', data: alert });
});

test('what became of an alert goes out too', async () => {
  const sent = receiver();
  expect(await run('actions.alerts.update', { replyTo: 'ticket-7', text: 'Approved by Pepa.' })).toEqual({ job: 'job-1', done: null });
  expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({
    type: 'alert.updated',
    data: { replyTo: 'ticket-7', text: 'Approved by Pepa.' },
  });
  expect(await run('actions.alerts.update', { replyTo: 'ticket-7' })).toMatchObject({ failed: { code: 'BAD_INPUT' } });
});

describe('the receiver’s answer', () => {
  test.each([
    [200, 'DONE'],
    [204, 'DONE'],
    [301, 'TARGET_GONE'],
    [307, 'TARGET_GONE'],
    [400, 'BAD_INPUT'],
    [401, 'BAD_CREDENTIALS'],
    [403, 'FORBIDDEN_SCOPE'],
    [404, 'TARGET_GONE'],
    [405, 'TARGET_GONE'],
    [409, 'CONFLICT'],
    [410, 'TARGET_GONE'],
    [422, 'BAD_INPUT'],
    [429, 'RATE_LIMITED'],
    [500, 'PLATFORM_DOWN'],
    [502, 'PLATFORM_DOWN'],
    [503, 'PLATFORM_DOWN'],
    [504, 'TIMEOUT'],
  ])('%i is %s', async (status, code) => {
    receiver(status, undefined, status < 400 ? { location: 'https://elsewhere.example/' } : {});
    const outcome = await run('events.push', redeemed);
    expect(outcome && 'failed' in outcome ? outcome.failed.code : 'DONE').toBe(code);
  });

  test.each([
    [429, 'RATE_LIMITED'],
    [503, 'PLATFORM_DOWN'],
  ])('%i with Retry-After says how long to wait', async (status, code) => {
    receiver(status, undefined, { 'retry-after': '120' });
    expect(await run('events.push', redeemed)).toMatchObject({ failed: { code, wait: 'PT120S' } });
  });

  test('is passed on in its own words, and never with a secret in them', async () => {
    receiver(400, { error: 'the address https://receiver.example/hooks/invented-for-tests does not know voucher.redeemed' });
    expect(await run('events.push', redeemed)).toMatchObject({
      failed: { message: 'The receiver answered 400: the address [secret] does not know voucher.redeemed.' },
    });
  });

  test('that is a yes counts, whatever stands in its body', async () => {
    receiver(200, '<html>Thank you</html>', { 'content-type': 'text/html' });
    expect(await run('events.push', redeemed)).toMatchObject({ done: {} });
  });
});

describe('what is missing', () => {
  test.each([['url'], ['signingSecret']])('%s: nothing is sent', async (name) => {
    expect(await run('events.push', redeemed, ctxOf(without(name)))).toMatchObject({ failed: { code: 'BAD_CREDENTIALS' } });
    expect(standIn.requests).toEqual([]);
  });

  test('lowers what the connection can do', () => {
    const all = { ...samples.settings, incomingSecret: signingSecret ?? '' };
    const only = (names: readonly string[]) =>
      connector.narrow?.(ctxOf(Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))));
    expect(only(['url', 'incomingSecret'])).toEqual({});
    expect(only(['url'])).toMatchObject({ 'lifecycle.redeem': 'NOT_POSSIBLE', 'customer.read': 'NOT_POSSIBLE' });
    expect(only(['incomingSecret'])).toMatchObject({ 'event.push': 'NOT_POSSIBLE', 'message.send': 'NOT_POSSIBLE' });
  });

  test.each([
    'http://receiver.example/hooks',
    'ftp://receiver.example',
    'https://user:pass@receiver.example/',
    'https://10.0.0.7/hooks',
    'not an address',
  ])('leave: %s is not called', async (url) => {
    expect(await run('events.push', redeemed, ctxOf({ ...samples.settings, url }, guarded))).toMatchObject({
      failed: { code: 'BAD_CREDENTIALS' },
    });
  });
});

describe('the settings', () => {
  test.each(['whsec_tooshort', 'whsec_not base64 not base64 not base64 not', 'wrong_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0'])(
    'take no secret like %s, and do not repeat it',
    (secret) => {
      const result = parseSettings(connector, { ...samples.settings, signingSecret: secret });
      expect(result).toEqual({ ok: false, faults: [{ path: 'signingSecret', message: 'whsec_ and 24 to 64 random bytes in base64' }] });
    },
  );

  test('say how many requests the receiver takes', async () => {
    expect(await runIdentify(connector, ctx({ perSecond: 3 }))).toEqual({
      ok: true,
      value: { account: 'Pop-up', name: 'Pop-up', facts: { perSecond: '3' } },
    });
  });
});
