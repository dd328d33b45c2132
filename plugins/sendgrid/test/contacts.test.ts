import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { HubCustomer } from '@valehub/connector-kit';
import { runChoices, runNarrow } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { connect, NOW, through, transport } from './connected.ts';
import { type SendGridStandIn, startSendGrid } from './stand-in.ts';

let sendgrid: SendGridStandIn;

beforeEach(async () => {
  sendgrid = await startSendGrid({ now: () => NOW, questions: 2 });
});
afterEach(() => sendgrid.close());
afterAll(() => transport.close());

const upsert = (settings: Readonly<Record<string, unknown>>, ...customers: readonly HubCustomer[]) =>
  through(connect(sendgrid, settings), 'customers.upsert', customers);

const ANA: HubCustomer = { hubId: 'cus_1', name: 'Ana García López', email: 'Ana@Example.com' };
const BEA: HubCustomer = { hubId: 'cus_2', email: 'bea@example.com' };

describe('customers', () => {
  test('become marketing contacts in a queue, and are done when SendGrid says so', async () => {
    const { outcomes, waits } = await upsert({ contactList: 'list-1' }, { ...ANA, fields: { city: 'Sevilla', w1: 'gold' } }, BEA);
    expect(outcomes).toEqual([
      { job: 'job-1', done: { id: 'contact-1' } },
      { job: 'job-2', done: { id: 'contact-2' } },
    ]);
    expect(waits).toEqual(Array.from({ length: 3 }, () => '2026-03-06T19:30:15.000Z'));
    expect(JSON.parse(sendgrid.requests[0]?.text ?? '')).toEqual({
      list_ids: ['list-1'],
      contacts: [
        { email: 'ana@example.com', first_name: 'Ana', last_name: 'García López', city: 'Sevilla', custom_fields: { w1: 'gold' } },
        { email: 'bea@example.com' },
      ],
    });
  });

  test('again are the same contacts, and twice in a batch they are one', async () => {
    await upsert({}, ANA, BEA);
    const { outcomes } = await upsert({}, ANA, { ...ANA, name: 'Ana Gil' });
    expect(outcomes).toMatchObject([{ done: { id: 'contact-1' } }, { done: { id: 'contact-1' } }]);
    expect(sendgrid.marketing.contacts.size).toBe(2);
    expect(sendgrid.marketing.contacts.get('ana@example.com')?.values).toMatchObject({ last_name: 'Gil' });
  });

  test('of whom SendGrid refuses one are settled line by line', async () => {
    const { outcomes } = await upsert({}, ANA, { email: 'cei@refused.example' }, { name: 'Nobody' }, BEA);
    expect(outcomes).toMatchObject([
      { done: { id: 'contact-1' } },
      { failed: { code: 'BAD_INPUT', message: expect.stringContaining('did not take') } },
      { failed: { code: 'BAD_INPUT', path: 'email' } },
      { done: { id: 'contact-2' } },
    ]);
    expect((await upsert({}, { email: 'cei@refused.example' })).outcomes).toMatchObject([{ failed: { code: 'BAD_INPUT' } }]);
  });

  test('whose import never ends are given up after an hour, to be sent again', async () => {
    await sendgrid.close();
    sendgrid = await startSendGrid({ questions: 10_000 });
    const { outcomes, waits } = await upsert({}, ANA);
    expect(outcomes).toMatchObject([{ failed: { code: 'TIMEOUT', unknown: true } }]);
    expect(waits).toHaveLength(241);
    expect(connector.roles['customers.sink']?.upsert.repeat).toBe('safe');
  });

  test.each([
    [{ status: 413, body: {} }, 'BAD_INPUT'],
    [{ status: 403, body: { errors: [{ message: 'access forbidden' }] } }, 'FORBIDDEN_SCOPE'],
    [{ status: 500, body: {} }, 'PLATFORM_DOWN'],
    ['HTML', 'BAD_REPLY'],
    ['CUT', 'PLATFORM_DOWN'],
  ] as const)('fail together where the queue answers %j', async (fault, code) => {
    sendgrid.failNext(fault as 'CUT');
    expect((await upsert({}, ANA, BEA)).outcomes).toMatchObject([{ failed: { code } }, { failed: { code } }]);
  });

  test('of the region without marketing contacts are refused with the reason, without a call', async () => {
    expect((await upsert({ apiHost: 'api.eu.sendgrid.com' }, ANA)).outcomes).toMatchObject([{ failed: { code: 'NOT_SUPPORTED' } }]);
    expect(sendgrid.requests).toEqual([]);
  });
});

describe('consents', () => {
  const no = { consents: { email: false } };
  const yes = { consents: { email: true } };

  test('that are withdrawn hold for all mail where no unsubscribe group is set, and nobody lifts them', async () => {
    await upsert({}, { ...ANA, ...no }, BEA);
    expect([...(sendgrid.marketing.suppressed.get('global') ?? [])]).toEqual(['ana@example.com']);
    await upsert({}, { ...ANA, ...yes });
    expect(sendgrid.marketing.suppressed.get('global')?.size).toBe(1);
  });

  test('are those of the unsubscribe group where one is set', async () => {
    await upsert({ unsubscribeGroup: '77' }, { ...ANA, ...no }, { ...BEA, ...no });
    expect([...(sendgrid.marketing.suppressed.get('77') ?? [])]).toEqual(['ana@example.com', 'bea@example.com']);
    const { outcomes } = await upsert({ unsubscribeGroup: '77' }, { ...ANA, ...yes }, { email: 'never@example.com', ...yes });
    expect(outcomes).toMatchObject([{ done: {} }, { done: {} }]);
    expect([...(sendgrid.marketing.suppressed.get('77') ?? [])]).toEqual(['bea@example.com']);
  });

  test('that SendGrid does not take fail their jobs and no other', async () => {
    sendgrid.failNext({ status: 403, body: { errors: [{ message: 'access forbidden' }] } });
    const { outcomes } = await upsert({}, { ...ANA, ...no }, BEA);
    expect(outcomes).toMatchObject([{ failed: { code: 'FORBIDDEN_SCOPE' } }, { done: { id: 'contact-1' } }]);
  });
});

describe('the account', () => {
  test.each([
    [['mail.send', 'marketing.read'], {}, {}],
    [['mail.send'], {}, { 'customer.write': 'NOT_POSSIBLE' }],
    [['mail.send', 'marketing.read'], { apiHost: 'api.eu.sendgrid.com' }, { 'customer.write': 'NOT_POSSIBLE' }],
    [['stats.read'], {}, { 'message.send': 'NOT_POSSIBLE', 'message.status': 'NOT_POSSIBLE', 'customer.write': 'NOT_POSSIBLE' }],
  ] as const)('whose key may %j, with %j, can do less: %j', async (scopes, settings, less) => {
    const poor = await startSendGrid({ scopes });
    expect(await runNarrow(connector, connect(poor, settings))).toEqual({ ok: true, value: less });
    await poor.close();
  });

  test('behind a relay that tells no scopes can do what the connector says', async () => {
    sendgrid.failNext({ status: 404, body: {} });
    expect(await runNarrow(connector, connect(sendgrid))).toEqual({ ok: true, value: {} });
  });

  test('shows its templates page by page', async () => {
    expect(await runChoices(connector, connect(sendgrid), 'templates')).toEqual({
      ok: true,
      value: [
        { value: 'd-1', label: 'Voucher' },
        { value: 'd-2', label: 'Reminder' },
        { value: 'd-3', label: 'Thanks' },
      ],
    });
    expect(sendgrid.requests.map(({ query }) => query.get('page_token'))).toEqual([null, '2']);
  });
});
