import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fact, Message, Outcome, Ref } from '@valehub/connector-kit';
import {
  createCtx,
  createTransport,
  parseSettings,
  receive,
  runIdentify,
  runRead,
  runSplit,
  runVerb,
} from '@valehub/connector-kit/testing';
import nock from 'nock';
import connector from '../src/index.ts';
import { samples } from './samples.ts';

const API = 'https://api.sendgrid.com';
const transport = createTransport();
const NOW = Date.parse('2026-03-06T19:30:00Z');

function ctxOf(settings: Readonly<Record<string, unknown>> = {}) {
  const result = parseSettings(connector, { ...samples.settings, ...settings });
  if (!result.ok) throw new Error('the settings are refused');
  return createCtx({
    connector,
    settings: result.parsed.settings,
    secrets: result.parsed.secrets,
    store: () => undefined,
    transport,
    now: () => NOW,
  });
}

async function send(input: Message, settings?: Readonly<Record<string, unknown>>): Promise<Outcome<Ref> | undefined> {
  const verb = connector.roles['messages.send']?.send;
  if (!verb) throw new Error('no verb');
  const step = await runVerb(verb, ctxOf(settings), [{ id: 'job-1', key: 'key-of-job-1', input }], undefined);
  return step.outcomes?.[0];
}

const text: Message = { channel: 'EMAIL', to: 'ana@example.com', toName: 'Ana', subject: 'Your voucher', text: 'DV4711\nUntil Friday' };

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});
afterAll(() => {
  nock.restore();
  transport.close();
});

describe('a message', () => {
  test('as text goes out with the job’s key on it', async () => {
    nock(API, { reqheaders: { authorization: 'Bearer SG.invented.for-tests', 'content-type': 'application/json' } })
      .post('/v3/mail/send', {
        personalizations: [{ to: [{ email: 'ana@example.com', name: 'Ana' }], custom_args: { valehub_job: 'key-of-job-1' } }],
        from: { email: 'hola@casa-pepa.example', name: 'Casa Pepa' },
        subject: 'Your voucher',
        content: [{ type: 'text/plain', value: 'DV4711\nUntil Friday' }],
      })
      .reply(202, '', { 'X-Message-Id': 'M-1' });
    expect(await send(text)).toEqual({ job: 'job-1', done: { id: 'M-1' } });
  });

  test('by template takes the fields and leaves the text', async () => {
    nock('https://api.eu.sendgrid.com')
      .post('/v3/mail/send', {
        personalizations: [
          {
            to: [{ email: 'ana@example.com' }],
            custom_args: { valehub_job: 'key-of-job-1' },
            dynamic_template_data: { name: 'Ana', value: '5,00 EUR' },
          },
        ],
        from: { email: 'hola@casa-pepa.example', name: 'Casa Pepa' },
        reply_to: { email: 'mesa@casa-pepa.example' },
        template_id: 'd-1',
      })
      .reply(202);
    const message: Message = {
      channel: 'EMAIL',
      to: 'ana@example.com',
      templateId: 'd-1',
      text: 'for other channels',
      fields: { name: 'Ana', value: '5,00 EUR' },
    };
    expect(await send(message, { apiHost: 'api.eu.sendgrid.com', replyTo: 'mesa@casa-pepa.example' })).toEqual({
      job: 'job-1',
      done: { id: null },
    });
  });

  test.each([
    [{}, 'DV4711'],
    [{ defaultSubject: 'Casa Pepa' }, 'Casa Pepa'],
  ])('without a subject, with the settings %j, is called %s', async (settings, subject) => {
    const { subject: _none, ...bare } = text;
    nock(API)
      .post('/v3/mail/send', (body: { subject: string }) => body.subject === subject)
      .reply(202);
    expect(await send(bare, settings)).toMatchObject({ done: {} });
  });

  test('as text goes into the template for texts where the connection has one, and belongs to its unsubscribe group', async () => {
    nock(API)
      .post('/v3/mail/send', {
        personalizations: [
          {
            to: [{ email: 'ana@example.com', name: 'Ana' }],
            custom_args: { valehub_job: 'key-of-job-1' },
            dynamic_template_data: { text: 'DV4711\nUntil Friday', subject: 'Your voucher' },
            subject: 'Your voucher',
          },
        ],
        from: { email: 'hola@casa-pepa.example', name: 'Casa Pepa' },
        template_id: 'd-all',
        asm: { group_id: 77 },
      })
      .reply(202);
    expect(await send(text, { defaultTemplate: 'd-all', unsubscribeGroup: '77' })).toMatchObject({ done: {} });
  });

  test('in the sandbox is checked and not sent', async () => {
    nock(API)
      .post(
        '/v3/mail/send',
        (body: { mail_settings: unknown }) => JSON.stringify(body.mail_settings) === '{"sandbox_mode":{"enable":true}}',
      )
      .reply(200);
    expect(await send(text, { environment: 'sandbox' })).toMatchObject({ done: {} });
  });

  test.each<[string, Message, string]>([
    ['to a phone', { ...text, to: '+34600000000' }, 'to'],
    ['on another channel', { ...text, channel: 'SMS' }, 'channel'],
    ['with nothing to say', { channel: 'EMAIL', to: 'ana@example.com' }, 'text'],
  ])('%s is refused without a call', async (_what, message, path) => {
    expect(await send(message)).toMatchObject({ failed: { code: 'BAD_INPUT', path } });
  });

  test.each([
    [
      400,
      { errors: [{ message: 'The address <ana@example.com> is wrong', field: 'personalizations.0.to' }], id: 'r-1' },
      {
        code: 'BAD_INPUT',
        message: 'SendGrid answered 400: The address <[address]> is wrong',
        path: 'personalizations.0.to',
        reference: 'r-1',
      },
    ],
    [
      401,
      { errors: [{ message: 'The key SG.invented.for-tests is unknown', field: null }] },
      { code: 'BAD_CREDENTIALS', message: 'SendGrid answered 401: The key [secret] is unknown' },
    ],
    [
      403,
      { errors: [{ message: 'The from address does not match a verified sender', field: 'from' }] },
      { code: 'FORBIDDEN_SCOPE', message: 'SendGrid answered 403: The from address does not match a verified sender', path: 'from' },
    ],
    [413, {}, { code: 'BAD_INPUT', message: 'The platform answered 413.' }],
  ])('that is answered %i fails for the right person', async (status, body, failed) => {
    nock(API).post('/v3/mail/send').reply(status, body);
    expect(await send(text)).toEqual({ job: 'job-1', failed });
  });

  test('beyond the limit waits until the window turns', async () => {
    nock(API)
      .post('/v3/mail/send')
      .reply(
        429,
        { errors: [{ message: 'too many requests', field: null }] },
        { 'X-RateLimit-Reset': String(NOW / 1000 + 42), 'X-RateLimit-Remaining': '0' },
      );
    expect(await send(text)).toMatchObject({ failed: { code: 'RATE_LIMITED', wait: 'PT42S' } });
  });

  test('whose answer is lost is not known to have gone, and must not go again by itself', async () => {
    nock(API)
      .post('/v3/mail/send')
      .replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    expect(await send(text)).toMatchObject({ failed: { code: 'PLATFORM_DOWN', unknown: true } });
    expect(connector.roles['messages.send']?.send.repeat).toBe('never');
  });
});

describe('the key', () => {
  test('tells what it may do', async () => {
    nock(API)
      .get('/v3/scopes')
      .reply(200, { scopes: ['mail.send'] });
    expect(await runIdentify(connector, ctxOf())).toEqual({
      ok: true,
      value: { account: 'hola@casa-pepa.example', name: 'Casa Pepa', scopes: ['mail.send'] },
    });
  });

  test('that may not send is told apart from a wrong one', async () => {
    nock(API)
      .get('/v3/scopes')
      .reply(200, { scopes: ['stats.read'] });
    expect(await runIdentify(connector, ctxOf())).toMatchObject({ ok: false, failure: { code: 'FORBIDDEN_SCOPE' } });
    nock(API)
      .get('/v3/scopes')
      .reply(401, { errors: [{ message: 'authorization required', field: null }] });
    expect(await runIdentify(connector, ctxOf())).toMatchObject({ ok: false, failure: { code: 'BAD_CREDENTIALS' } });
  });
});

describe('an event', () => {
  const facts = async (event: Readonly<Record<string, unknown>>, settings?: Readonly<Record<string, unknown>>) => {
    const split = await runSplit(connector, {
      method: 'POST',
      headers: {},
      query: {},
      body: [{ timestamp: 1772825400, sg_event_id: 'e-1', email: 'ana@example.com', ...event }] as never,
      bodyHash: 'hash',
      receivedAt: '2026-03-06T19:30:01Z',
      signed: true,
    });
    if (!split.ok) throw new Error(JSON.stringify(split.failure));
    const [notice] = split.value;
    if (!notice) throw new Error('no notice');
    const read = await runRead(connector, ctxOf(settings), notice);
    return { notice, facts: read.ok ? read.value : read.failure };
  };

  test('tells what became of the message, and what workflows may wait for', async () => {
    const { notice, facts: told } = await facts({ event: 'open', valehub_job: 'key-of-job-1' });
    expect(notice).toEqual({
      topic: 'open',
      resource: ['message', 'key-of-job-1'],
      body: { job: 'key-of-job-1', timestamp: 1772825400, reason: null },
      repeat: { key: 'e-1' },
    });
    expect(told).toEqual([
      { kind: 'messageStatus', job: 'key-of-job-1', state: 'OPENED', at: '2026-03-06T19:30:00.000Z' },
      { kind: 'custom', name: 'email.opened', key: 'e-1', at: '2026-03-06T19:30:00.000Z', data: { job: 'key-of-job-1' } },
    ]);
  });

  test.each([
    ['processed', 'QUEUED', undefined],
    ['deferred', 'QUEUED', undefined],
    ['delivered', 'DELIVERED', 'email.delivered'],
    ['open', 'OPENED', 'email.opened'],
    ['click', 'CLICKED', 'email.clicked'],
    ['bounce', 'BOUNCED', 'email.bounced'],
    ['dropped', 'REFUSED', 'email.refused'],
    ['spamreport', undefined, 'email.spam_reported'],
    ['unsubscribe', undefined, 'email.unsubscribed'],
    ['group_unsubscribe', undefined, 'email.unsubscribed'],
    ['group_resubscribe', undefined, 'email.resubscribed'],
  ])('called %s is %s and %s', async (event, state, name) => {
    const told = (await facts({ event, valehub_job: 'k' })).facts as readonly { readonly state?: string; readonly name?: string }[];
    expect(told.flatMap((fact) => fact.state ?? [])).toEqual(state === undefined ? [] : [state]);
    expect(told.flatMap((fact) => fact.name ?? [])).toEqual(name === undefined ? [] : [name]);
  });

  test.each([
    ['spamreport', {}, false],
    ['unsubscribe', {}, false],
    ['group_unsubscribe', { valehub_job: 'k' }, false],
    ['group_resubscribe', { valehub_job: 'k' }, true],
    ['group_unsubscribe', { asm_group_id: 77 }, false],
    ['group_resubscribe', { asm_group_id: '77' }, true],
    // Somebody left a group of mails that others send.
    ['group_unsubscribe', { asm_group_id: 78 }, undefined],
    ['group_resubscribe', {}, undefined],
    ['open', { valehub_job: 'k' }, undefined],
    ['bounce', { valehub_job: 'k' }, undefined],
  ])('called %s with %j says that the person agrees: %s', async (event, more, given) => {
    const { facts: told } = await facts({ event, email: 'Ana@Example.com', ...more }, { unsubscribeGroup: '77' });
    const consents = (told as readonly Fact[]).filter(({ kind }) => kind === 'consent');
    const consent = { kind: 'consent', identity: 'ana@example.com', channel: 'EMAIL', given, at: '2026-03-06T19:30:00.000Z', key: 'e-1' };
    expect(consents).toEqual(given === undefined ? [] : [consent]);
  });

  test('of a deferral tells what the other mail server said, without the address', async () => {
    const { facts: told } = await facts({ event: 'deferred', valehub_job: 'k', response: '451 <ana@example.com> try later' });
    expect(told).toMatchObject([{ state: 'QUEUED', reason: '451 <[address]> try later' }]);
    expect((await facts({ event: 'delivered', valehub_job: 'k', response: '250 OK' })).facts).not.toHaveProperty('0.reason');
  });

  test.each([
    ['compliance_suspend', 1],
    ['compliance_deactivate', 1],
    ['compliance_reactivate', 0],
    [undefined, 0],
  ])('of the account, %s, tells of the access %i times', async (type, times) => {
    const { facts: told } = await facts({ event: 'account_status_change', type, email: undefined });
    expect(told).toEqual(Array.from({ length: times }, () => ({ kind: 'access', is: 'REVOKED', at: '2026-03-06T19:30:00.000Z' })));
  });

  test('that nobody knows, or with more than is known, is kept and leads to nothing', async () => {
    const { notice, facts: told } = await facts({ event: 'teleported', valehub_job: 'k', new_member: [1] });
    expect(notice.topic).toBe('teleported');
    expect(told).toEqual([]);
  });

  test.each([[{}], ['hello'], [[{ event: 'open' }]], [[{ timestamp: 1 }]]])('whose body is %j is not SendGrid’s', async (body) => {
    const delivery = {
      method: 'POST',
      headers: {},
      query: {},
      body: body as never,
      bodyHash: 'hash',
      receivedAt: '2026-03-06T19:30:01Z',
      signed: true,
    };
    expect(await runSplit(connector, delivery)).toMatchObject({ ok: false, failure: { code: 'BAD_REPLY' } });
  });

  test('of a bounce keeps the reason without the address', async () => {
    const whole = await facts({ event: 'bounce', valehub_job: 'k', reason: '550 5.1.1 <ana@example.com>: no such user' });
    expect(whole.facts).toMatchObject([{ state: 'BOUNCED', reason: '550 5.1.1 <[address]>: no such user' }, { name: 'email.bounced' }]);
    expect(JSON.stringify(whole)).not.toContain('ana@example.com');
  });

  test('of somebody else’s mail is nothing to the hub; one without an id is known by its place in the body', async () => {
    expect(await facts({ event: 'delivered', sg_event_id: undefined })).toMatchObject({ notice: { repeat: { key: 'hash:0' } }, facts: [] });
  });
});

describe('a delivery', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const body = '[{"event":"open","timestamp":1772825400,"sg_event_id":"e-1"}]\r\n';
  const stamp = String(NOW / 1000);
  const take = (signed: string, sent = body) =>
    receive(
      connector,
      {
        method: 'POST',
        url: 'https://hub.example.com/webhooks/c-1',
        query: '',
        headers: [
          ['X-Twilio-Email-Event-Webhook-Signature', sign('sha256', Buffer.from(signed), privateKey).toString('base64')],
          ['X-Twilio-Email-Event-Webhook-Timestamp', stamp],
        ],
        body: Buffer.from(sent),
      },
      { keys: (name) => (name === 'webhookVerificationKey' ? [key] : []), nowMs: NOW },
    ).then(({ kind }) => kind);

  test('is signed over time and body, line end and all', () => expect(take(stamp + body)).resolves.toBe('delivery'));
  test.each([
    ['over the body alone', body, body],
    ['and sent without its line end', stamp + body, body.trim()],
    ['over another time', `1${stamp}${body}`, body],
  ])('signed %s is refused', (_how, signed, sent) => expect(take(signed, sent)).resolves.toBe('refused'));
});
