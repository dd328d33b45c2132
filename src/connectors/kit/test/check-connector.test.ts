import { describe, expect, test } from '@jest/globals';
import { checkConnector, settingsSchema } from '../src/host.ts';
import { noAuth, type Signing, secret, signedAuth, z } from '../src/index.ts';
import { acme } from './acme.ts';

const codes = (change: Readonly<Record<string, unknown>>): string[] =>
  checkConnector({ ...acme, ...change }).map((fault) => fault.split(' ', 1)[0] ?? '');
const scheme = acme.webhooks.verify;
const webhooks = (change: Readonly<Record<string, unknown>>) => ({ webhooks: { ...acme.webhooks, ...change } });

const verb = { repeat: 'safe', run: () => ({ outcomes: [] }) };
const publish = { publish: verb, update: verb, withdraw: verb };
const feed = { by: 'time', every: 'PT5M', gives: ['order'], overlap: 'PT1H', complete: true, read: () => ({ facts: [], more: false }) };
const question = {
  title: 'Loyalty',
  verify: scheme,
  body: ['json'],
  within: 'PT4S',
  input: z.unknown(),
  output: z.unknown(),
  about: () => ({ repeatKey: 'k' }),
  answer: () => null,
};

const signing: Signing = {
  by: 'hmac',
  hash: 'sha256',
  keys: [{ secret: 'signingKey' }],
  signed: ['body'],
  encoding: 'hex',
  headers: { 'x-signature': '{signatures}' },
};

describe('a declaration', () => {
  test('without faults may be loaded', () => expect(checkConnector(acme)).toEqual([]));

  test('of signed webhooks that bring orders whole needs no way to read one again', () =>
    expect(codes({ fetch: undefined, roles: { 'orders.source': { webhooks: true, whole: true } } })).toEqual([]));

  test('of signed calls without faults may be loaded', () =>
    expect(codes({ auth: signedAuth({ ...signing, signed: ['time', 'body'], headers: { 'x-signed': 't={time},{signatures}' } }) })).toEqual(
      [],
    ));

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['KIT_RANGE_UNREADABLE', { kit: 'latest' }],
    ['KIT_TOO_OLD_OR_NEW', { kit: '^9.0.0' }],
    ['SETTING_RESERVED', { settings: z.strictObject({ ...acme.settings.shape, environment: z.string() }) }],
    ['SETTINGS_NOT_STRICT', { settings: z.object(acme.settings.shape) }],
    ['SETTINGS_WITHOUT_SCHEMA', { settings: z.strictObject({ ...acme.settings.shape, when: z.date() }) }],
    ['TEMPLATE_UNKNOWN_NAME', { auth: { by: 'secret', place: { headers: { authorization: 'Bearer {secrets.nothing}' } } } }],
    ['TEMPLATE_UNKNOWN_NAME', { headers: { 'x-key': '{settings.apiKey}' } }],
    ['TEMPLATE_MALFORMED', { headers: { 'x-key': '{shop}' } }],
    ['SECRET_MISPLACED', { headers: { 'x-key': '{secrets.apiKey}' } }],
    ['HOST_MISSING', { hosts: { other: { url: 'https://api.acme.example' } } }],
    ['HOST_WITHOUT_LIST', { hosts: { api: { url: 'https://{settings.shop}' } } }],
    ['HOST_NOT_HTTPS', { hosts: { api: { url: 'http://api.acme.example' } } }],
    ['VERIFY_KEY_NOT_SECRET', webhooks({ verify: { ...scheme, key: { secret: 'shop' } } })],
    ['VERIFY_BODY_NOT_SIGNED', webhooks({ verify: { ...scheme, signed: ['url'] } })],
    ['VERIFY_KEY_NOT_SIGNED', webhooks({ verify: { ...scheme, by: 'hash' } })],
    ['VERIFY_KEY_AS_PART', webhooks({ verify: { ...scheme, signed: ['key', 'body'] } })],
    ['VERIFY_TIME_NOT_SIGNED', webhooks({ verify: { ...scheme, time: { at: { header: 'x-time' }, unit: 's', window: 'PT5M' } } })],
    ['VERIFY_KEY_FORM', webhooks({ verify: { ...scheme, by: 'ecdsa' } })],
    ['VERIFY_CHOICE_WITHOUT_SETTING', webhooks({ verify: [{ ...scheme, whenSet: 'shop' }] })],
    ['VERIFY_CHOICE_OF_ONE', webhooks({ verify: { ...scheme, whenSet: 'signingKey' } })],
    [
      'VERIFY_HINT_WITHOUT_FETCH',
      {
        ...webhooks({ verify: { by: 'urlSecret', query: 'k', key: { secret: 'signingKey' } } }),
        fetch: undefined,
        roles: { 'alerts.send': acme.roles['alerts.send'] },
      },
    ],
    ['TOPIC_TWICE', webhooks({ topics: ['a', 'a'] })],
    ['ROLE_INCOMPLETE', { fetch: undefined }],
    ['ROLE_NOT_WHOLE', { roles: { 'orders.source': { webhooks: true, whole: true, feed: 'orders' } } }],
    [
      'ROLE_NOT_WHOLE',
      {
        ...webhooks({ verify: { by: 'token', at: { header: 'x-token' }, key: { secret: 'signingKey' } } }),
        roles: { 'orders.source': { webhooks: true, whole: true } },
      },
    ],
    ['ROLE_INCOMPLETE', { roles: { 'orders.source': { whole: true } } }],
    ['ROLE_MISSING', { roles: {} }],
    ['LIMIT_WITHOUT_SPAN', { limits: [{ name: 'requests', per: 'account', unit: 'request', amount: 1 }] }],
    ['LIMIT_TWICE', { limits: [...acme.limits, ...acme.limits] }],
    ['MEMBER_UNKNOWN', { polls: {} }],
    ['MEMBER_UNKNOWN', { roles: { 'dataset.push': {} } }],
    ['MEMBER_MALFORMED', { roles: { 'journal.post': {} } }],
    ['AUTH_INCOMPLETE', { auth: { by: 'token', place: {} } }],
    ['AUTH_CHOICE_WITHOUT_SETTING', { auth: [{ by: 'secret', place: {}, whenSet: 'nothing' }] }],
    ['HOST_UNKNOWN', { auth: { ...noAuth(), placeAt: { nowhere: {} } } }],
    ['TEMPLATE_UNKNOWN_NAME', { auth: { ...noAuth(), placeAt: { shop: { headers: { x: '{secrets.nothing}' } } } } }],
    ['AUTH_UNREACHABLE', { auth: [noAuth(), { ...noAuth(), whenSet: 'apiKey' }] }],
    ['SIGN_KEY_NOT_SECRET', { auth: signedAuth({ ...signing, keys: [{ secret: 'shop' }] }) }],
    ['SIGN_NOT_SENT', { auth: signedAuth({ ...signing, headers: { 'x-time': '{time}' } }) }],
    ['SIGN_TIME_NOT_SENT', { auth: signedAuth({ ...signing, signed: ['time', 'body'] }) }],
    ['TEMPLATE_UNKNOWN_NAME', { auth: signedAuth({ ...signing, headers: { 'x-signature': '{settings.nothing} {signatures}' } }) }],
    ['MEMBER_MALFORMED', { auth: signedAuth({ ...signing, form: { each: 'v1,', between: ' ' } }) }],
    ['SETTING_TWICE', { app: z.strictObject({ apiKey: secret({ title: 'Key' }) }) }],
    ['SETTINGS_NOT_STRICT', { app: z.object({ clientId: z.string() }) }],
    ['FEED_INCOMPLETE', { fetch: undefined, roles: { 'alerts.send': acme.roles['alerts.send'] }, feeds: { orders: feed } }],
    ['ROLE_INCOMPLETE', { roles: { ...acme.roles, 'documents.list': { feed: 'invoices' } } }],
    ['ROLE_INCOMPLETE', { roles: { 'vouchers.publish': publish } }],
    ['VERIFY_KEY_NOT_SECRET', { questions: { loyalty: { ...question, verify: { ...scheme, key: { secret: 'shop' } } } } }],
    ['MEMBER_UNKNOWN', webhooks({ ensure: () => [] })],
    ['MEMBER_MALFORMED', { id: 'Not An Id' }],
    ['MEMBER_MALFORMED', webhooks({ verify: { by: 'jwt', token: 'body' } })],
    ['MEMBER_MALFORMED', webhooks({ verify: { ...scheme, time: { at: { header: 'x' }, unit: 's', window: '5 minutes' } } })],
  ])('with %s (case %#) is stopped, and by that fault', (code, change) => expect(codes(change)).toContain(code));

  test('tells all its faults at once, each with its place', () => {
    const faults = checkConnector({
      ...acme,
      kit: 'latest',
      headers: { 'x-key': '{secrets.apiKey}' },
      limits: [...acme.limits, ...acme.limits],
    });
    expect(faults).toEqual([
      expect.stringMatching(/ kit: /),
      expect.stringMatching(/ headers\.x-key: /),
      expect.stringMatching(/ limits: /),
    ]);
  });

  test.each([undefined, null, 7, 'acme', {}, [], () => acme])('that is %p is no declaration, and nothing is thrown', (value) =>
    expect(checkConnector(value)).not.toEqual([]),
  );
});

test('an optional secret is a secret', () => {
  const schema = settingsSchema({ settings: z.strictObject({ a: secret({ title: 'A' }).optional(), b: z.string().optional() }) }) as {
    properties: Record<string, unknown>;
    required?: string[];
  };
  expect(schema.properties['a']).toEqual({ type: 'string', minLength: 1, maxLength: 8192, title: 'A', writeOnly: true });
  expect(schema.properties['b']).toEqual({ type: 'string' });
  expect(schema.required).toBeUndefined();
});
