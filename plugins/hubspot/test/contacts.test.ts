import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Ctx } from '@valehub/connector-kit';
import { called, connect, NOW, transport, upsert } from './connected.ts';
import { type HubSpotStandIn, startHubSpot } from './stand-in.ts';

let hubspot: HubSpotStandIn;
let ctx: Ctx;

beforeEach(async () => {
  hubspot = await startHubSpot({ now: () => NOW });
  ctx = connect(hubspot);
});
afterEach(() => hubspot.close());
afterAll(() => transport.close());

const ANA = { hubId: 'cus_1', name: 'Ana García López', email: 'ana@example.com', phone: '+34600000001' };
const BEA = { hubId: 'cus_2', name: 'Bea', email: 'bea@example.com' };

const written = (path: string) => called(hubspot).filter((call) => call.endsWith(path)).length;

describe('a customer', () => {
  test('is a contact with the hub’s id, its name in two parts, and fields as texts', async () => {
    hubspot.addContact({ email: 'other@example.com' });
    const outcomes = await upsert(connect(hubspot, { birthdayProperty: 'date_of_birth_text' }), {
      ...ANA,
      birthday: '1990-05-01',
      fields: { mobilephone: '+34600000009', hs_email_optout: false },
    });
    const contact = hubspot.contacts()[1];
    expect(outcomes).toEqual([{ job: 'job-1', done: { id: contact?.id, url: expect.stringContaining('/0-1/') } }]);
    expect(contact).toMatchObject({
      valehub_customer_id: 'cus_1',
      firstname: 'Ana',
      lastname: 'García López',
      email: 'ana@example.com',
      phone: '+34600000001',
      mobilephone: '+34600000009',
      hs_email_optout: 'false',
      date_of_birth_text: '1990-05-01',
    });
  });

  test('again is the same contact, with what is new', async () => {
    await upsert(ctx, ANA);
    await upsert(ctx, { ...ANA, email: 'ana.garcia@example.com' });
    expect(hubspot.contacts()).toMatchObject([{ email: 'ana.garcia@example.com' }]);
    expect(hubspot.contacts()).toHaveLength(1);
  });

  test('whom HubSpot knows by the e-mail address already is that contact from then on', async () => {
    const id = hubspot.addContact({ email: 'Ana@example.com', lastname: 'Old' });
    expect(await upsert(ctx, BEA, ANA)).toMatchObject([{ done: {} }, { done: { id } }]);
    expect(hubspot.contacts()).toHaveLength(2);
    expect(hubspot.contacts()[0]).toMatchObject({ id, valehub_customer_id: 'cus_1', lastname: 'García López' });
    await upsert(ctx, { hubId: 'cus_1', phone: '+34600000002' });
    expect(hubspot.contacts()[0]).toMatchObject({ id, phone: '+34600000002', email: 'ana@example.com' });
  });

  test('whose e-mail address is that of another customer’s contact is refused, and that contact stays as it is', async () => {
    await upsert(ctx, ANA);
    expect(await upsert(ctx, { hubId: 'cus_9', email: 'ana@example.com', name: 'Eva' })).toMatchObject([
      { failed: { code: 'BAD_INPUT', path: 'email', message: expect.stringContaining('another customer') } },
    ]);
    expect(hubspot.contacts()).toMatchObject([{ valehub_customer_id: 'cus_1', firstname: 'Ana' }]);
    expect(hubspot.contacts()).toHaveLength(1);
  });

  test('whose contact cannot be looked at fails alone, and is that contact at the next attempt', async () => {
    let broken = true;
    const other = await startHubSpot({
      now: () => NOW,
      fault: ({ path }) => (broken && path.endsWith('/contacts/batch/read') ? { status: 503 } : undefined),
    });
    const id = other.addContact({ email: 'ana@example.com' });
    expect(await upsert(connect(other), ANA, BEA)).toMatchObject([{ failed: { code: 'PLATFORM_DOWN' } }, { done: {} }]);
    broken = false;
    expect(await upsert(connect(other), ANA)).toMatchObject([{ done: { id } }]);
    await other.close();
  });

  test('that came from HubSpot is written by HubSpot’s id, and by the hub’s once that contact is gone', async () => {
    const id = hubspot.addContact({ phone: '600 000 001' });
    await upsert(ctx, { hubId: 'cus_1', externalId: id, phone: '+34600000001' });
    expect(hubspot.contacts()).toMatchObject([{ id, phone: '+34600000001', valehub_customer_id: 'cus_1' }]);
    hubspot.deleteContact(id);
    const [outcome] = await upsert(ctx, { ...ANA, externalId: id });
    expect(outcome).toMatchObject({ done: { id: hubspot.contacts()[0]?.id } });
    expect(hubspot.contacts()).toHaveLength(1);
    expect(hubspot.contacts()[0]?.id).not.toBe(id);
  });

  test('twice in one batch is written twice in turn: HubSpot takes no record twice at once, and the later word stands', async () => {
    await upsert(ctx, ANA);
    const before = written('/contacts/batch/upsert');
    const outcomes = await upsert(ctx, ANA, BEA, { ...ANA, name: 'Ana Gil' }, { ...ANA, name: 'Ana Ruiz' });
    expect(written('/contacts/batch/upsert') - before).toBe(3);
    expect(outcomes.every((outcome) => 'done' in outcome)).toBe(true);
    expect(hubspot.contacts()).toMatchObject([{ firstname: 'Ana', lastname: 'Ruiz' }, { firstname: 'Bea' }]);
    expect(hubspot.contacts()).toHaveLength(2);
  });

  test('known by nothing is refused without a call', async () => {
    expect(await upsert(ctx, { name: 'Ana', phone: '+34600000001' })).toMatchObject([{ failed: { code: 'BAD_INPUT', path: 'email' } }]);
    expect(hubspot.requests).toEqual([]);
  });

  test('is known by the e-mail address alone where the connection says so, and no property is made', async () => {
    const byEmail = connect(hubspot, { contactKey: 'EMAIL' });
    await upsert(byEmail, ANA);
    await upsert(byEmail, { ...ANA, email: 'ANA@example.com', name: 'Ana Gil' });
    expect(hubspot.contacts()).toHaveLength(1);
    expect(hubspot.contacts()[0]).toMatchObject({ lastname: 'Gil' });
    expect(hubspot.contacts()[0]).not.toHaveProperty('valehub_customer_id');
    expect(called(hubspot).join()).not.toContain('/crm/properties');
  });
});

describe('consents', () => {
  test.each([
    [true, 'SUBSCRIBED'],
    [false, 'UNSUBSCRIBED'],
  ])('%s is %s to the subscription of the settings', async (email, state) => {
    const consenting = connect(hubspot, { emailSubscription: '9007199254740993' });
    await upsert(consenting, { ...ANA, consents: { email } });
    expect(hubspot.requests.at(-1)?.text).toContain('"subscriptionId":9007199254740993');
    expect([...hubspot.consents.values()]).toEqual([state]);
  });

  test('are not written where no subscription stands for them, nor where nothing is known', async () => {
    await upsert(ctx, { ...ANA, consents: { email: true } });
    await upsert(connect(hubspot, { emailSubscription: '77' }), { ...ANA, consents: { sms: true } });
    expect(hubspot.consents.size).toBe(0);
  });

  test('that HubSpot refuses with 200 and errors inside fail their job', async () => {
    const other = await startHubSpot({
      now: () => NOW,
      fault: ({ path }) =>
        path.includes('/statuses/')
          ? { status: 200, body: { status: 'COMPLETE', errors: [{ category: 'VALIDATION_ERROR', message: 'no' }] } }
          : undefined,
    });
    const [outcome] = await upsert(connect(other, { emailSubscription: '77' }), { ...ANA, consents: { email: true } });
    expect(outcome).toMatchObject({ failed: { code: 'BAD_INPUT' } });
    await other.close();
  });

  test('that HubSpot refuses fail their job and no other', async () => {
    const other = await startHubSpot({
      now: () => NOW,
      fault: ({ path }) =>
        path.includes('ana%40') ? { status: 400, body: { category: 'VALIDATION_ERROR', message: 'opted out' } } : undefined,
    });
    const consents = { email: true };
    const outcomes = await upsert(connect(other, { emailSubscription: '77' }), { ...ANA, consents }, { ...BEA, consents });
    expect(outcomes).toMatchObject([{ failed: { code: 'BAD_INPUT', message: expect.stringContaining('opted out') } }, { done: {} }]);
    await other.close();
  });
});

describe('a batch', () => {
  test('of which a line is refused is settled line by line, without the address', async () => {
    await upsert(ctx, ANA);
    const outcomes = await upsert(ctx, BEA, { hubId: 'cus_3', email: 'cei@nowhere' }, ANA);
    expect(outcomes).toMatchObject([
      { job: 'job-1', done: {} },
      { job: 'job-2', failed: { code: 'BAD_INPUT', path: 'email', message: expect.stringContaining('[address]') } },
      { job: 'job-3', done: {} },
    ]);
    expect(JSON.stringify(outcomes)).not.toContain('cei@nowhere');
    expect(hubspot.contacts()).toHaveLength(2);
  });

  test('that is refused whole is halved until the line is found, and the others are written', async () => {
    await upsert(ctx, ANA);
    // By e-mail HubSpot refuses all where it refuses one.
    const whole = await startHubSpot({
      now: () => NOW,
      fault: ({ path, text }) =>
        path.endsWith('/batch/upsert') && text.includes('cus_7"')
          ? { status: 400, body: { status: 'error', category: 'VALIDATION_ERROR', message: 'one of them', correlationId: 'c-7' } }
          : undefined,
    });
    const many = Array.from({ length: 16 }, (_, index) => ({ hubId: `cus_${index}`, email: `guest${index}@example.com` }));
    const outcomes = await upsert(connect(whole), ...many);
    expect(outcomes.flatMap((outcome) => ('failed' in outcome ? [outcome.job] : []))).toEqual(['job-8']);
    expect(outcomes[7]).toMatchObject({ failed: { code: 'BAD_INPUT', reference: 'c-7' } });
    expect(whole.contacts()).toHaveLength(15);
    await whole.close();
  });

  test('at a path that is no more there is not halved: nothing of it is found', async () => {
    const other = await startHubSpot({ fault: ({ path }) => (path.endsWith('/batch/upsert') ? { status: 404, body: {} } : undefined) });
    expect(await upsert(connect(other), ANA, BEA)).toMatchObject([{ failed: { code: 'NOT_FOUND' } }, { failed: { code: 'NOT_FOUND' } }]);
    expect(other.requests).toHaveLength(1);
    await other.close();
  });

  test('of contacts by HubSpot’s ids of which one is gone writes the others, and that one by its key', async () => {
    const there = hubspot.addContact({ firstname: 'A' });
    const outcomes = await upsert(
      ctx,
      { externalId: there, name: 'Ana' },
      { externalId: '999', hubId: 'cus_2', name: 'Bea' },
      { externalId: '998', name: 'Cei' },
    );
    expect(outcomes).toMatchObject([{ done: { id: there } }, { done: {} }, { failed: { code: 'NOT_FOUND' } }]);
    expect(hubspot.contacts().map(({ firstname }) => firstname)).toEqual(['Ana', 'Bea']);
  });

  test('of which a result is missing says that the outcome is not known', async () => {
    const other = await startHubSpot({
      now: () => NOW,
      fault: ({ path }) =>
        path.endsWith('/batch/upsert')
          ? { status: 200, body: { results: [{ id: '1', properties: { valehub_customer_id: 'cus_2' } }] } }
          : undefined,
    });
    expect(await upsert(connect(other), ANA, BEA)).toMatchObject([{ failed: { code: 'BAD_REPLY', unknown: true } }, { done: { id: '1' } }]);
    await other.close();
  });

  test('whose refusal names no line counts for the lines without a result', async () => {
    const other = await startHubSpot({
      now: () => NOW,
      fault: ({ path }) =>
        path.endsWith('/batch/upsert')
          ? {
              status: 207,
              body: {
                results: [{ id: '1', properties: {}, objectWriteTraceId: '1' }],
                errors: [{ category: 'RATE_LIMITS', message: 'later' }],
              },
            }
          : undefined,
    });
    expect(await upsert(connect(other), ANA, BEA)).toMatchObject([
      { failed: { code: 'RATE_LIMITED', wait: 'PT10S' } },
      { done: { id: '1' } },
    ]);
    await other.close();
  });
});

describe('the hub’s property of contacts', () => {
  test('is made on first use by one who may, and the batch written then', async () => {
    expect(await upsert(ctx, ANA, BEA)).toMatchObject([{ done: {} }, { done: {} }]);
    expect(written('/properties/2026-03/contacts')).toBe(2);
    expect(written('/contacts/batch/upsert')).toBe(2);
    await upsert(ctx, ANA);
    expect(written('/properties/2026-03/contacts')).toBe(2);
  });

  test('that a person made without unique values stops the writing, as the contacts would be doubled', async () => {
    const other = await startHubSpot({
      now: () => NOW,
      fault: ({ method, path }) =>
        method === 'GET' && path.includes('/crm/properties/')
          ? { status: 200, body: { results: [{ name: 'valehub_customer_id', hasUniqueValue: false }] } }
          : undefined,
    });
    expect(await upsert(connect(other), ANA)).toMatchObject([
      { failed: { code: 'TARGET_GONE', message: expect.stringContaining('need not be unique') } },
    ]);
    expect(other.contacts()).toEqual([]);
    await other.close();
  });

  test('that may not be made says which right is missing', async () => {
    const other = await startHubSpot({
      now: () => NOW,
      fault: ({ method, path }) =>
        method === 'POST' && path.includes('/crm/properties/')
          ? {
              status: 403,
              body: {
                category: 'MISSING_SCOPES',
                message: 'Not granted.',
                errors: [{ message: 'x', context: { requiredGranularScopes: ['crm.schemas.contacts.write'] } }],
              },
            }
          : undefined,
    });
    expect(await upsert(connect(other), ANA)).toMatchObject([
      { failed: { code: 'FORBIDDEN_SCOPE', message: expect.stringMatching(/valehub_customer_id.*crm\.schemas\.contacts\.write/) } },
    ]);
    await other.close();
  });

  test('that somebody else makes at the same time is taken', async () => {
    let asked = 0;
    const other = await startHubSpot({
      now: () => NOW,
      fault: ({ method, path }) => {
        if (!path.includes('/crm/properties/')) return undefined;
        asked += 1;
        return method === 'POST' ? { status: 409, body: { category: 'OBJECT_ALREADY_EXISTS', message: 'there' } } : undefined;
      },
    });
    await upsert(connect(other), ANA);
    expect(asked).toBe(2);
    await other.close();
  });
});
