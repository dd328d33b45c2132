import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Outcome, Plain } from '@valehub/connector-kit';
import { runFetch, runNamedVerb, type StandIn, startStandIn } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { customer, SHOP } from './fixtures.ts';
import { answers, asked, ctxAt, transport } from './harness.ts';

let standIn: StandIn;
beforeEach(async () => {
  standIn = await startStandIn();
});
afterEach(() => standIn.close());
afterAll(() => transport.close());

const none = { userErrors: [] };
const set = { customerSet: { customer: { id: customer.id }, ...none } };
const done = { job: 'job-1', done: { id: '61', url: `https://${SHOP}/admin/customers/61` } };

async function upsert(input: Plain): Promise<Outcome<Plain> | undefined> {
  const step = await runNamedVerb(connector, ctxAt(standIn.url), 'customers.upsert', [{ id: 'job-1', key: 'key-1', input }], undefined);
  return step.outcomes?.[0];
}

describe('a customer of the shop', () => {
  const read = async (told: object | null) => {
    answers(standIn, { customer: told });
    const ran = await runFetch(connector, ctxAt(standIn.url), 'customer', ['61']);
    if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
    return ran.value[0];
  };

  test('is the hub’s customer', async () => {
    expect(await read(customer)).toEqual({
      kind: 'customer',
      customer: {
        externalId: '61',
        revision: { at: '2026-03-06T20:15:00.000Z' },
        name: 'Ana García',
        phone: '+34955000111',
        email: 'guest@mail.example',
        groups: ['regular'],
        consents: { email: true },
      },
    });
  });

  test('of whom nothing else may be seen is an id', async () => {
    const hidden = { ...customer, firstName: null, lastName: null, tags: [], defaultEmailAddress: null, defaultPhoneNumber: null };
    expect(await read(hidden)).toEqual({ kind: 'customer', customer: { externalId: '61', revision: { at: '2026-03-06T20:15:00.000Z' } } });
  });

  test('who took leave back has not given it', async () => {
    const left = { ...customer, defaultEmailAddress: { emailAddress: 'guest@mail.example', marketingState: 'UNSUBSCRIBED' } };
    expect(await read(left)).toMatchObject({ customer: { consents: { email: false } } });
  });

  test('who may not be seen is not taken for gone', async () => {
    const denied = { message: 'Access denied for customer field.', path: ['customer'], extensions: { code: 'ACCESS_DENIED' } };
    standIn.answer([{ body: { data: { customer: null }, errors: [denied] } }]);
    expect(await runFetch(connector, ctxAt(standIn.url), 'customer', ['61'])).toMatchObject({
      ok: false,
      failure: { code: 'FORBIDDEN_SCOPE' },
    });
  });

  test('who was erased is gone', async () => expect(await read(null)).toEqual({ kind: 'gone', resource: 'customer', id: '61' }));
});

describe('a customer of the hub', () => {
  test.each<[string, Plain, object]>([
    ['Shopify’s id', { externalId: '61', email: 'a@mail.example' }, { id: 'gid://shopify/Customer/61' }],
    ['e-mail', { email: 'a@mail.example', phone: '+34955000111' }, { email: 'a@mail.example' }],
    ['phone', { phone: '+34955000111' }, { phone: '+34955000111' }],
  ])('is known by %s', async (_what, input, identifier) => {
    answers(standIn, set);
    expect(await upsert(input)).toEqual(done);
    expect(asked(standIn)).toMatchObject([{ name: 'CustomerSet', variables: { identifier } }]);
  });

  test('gets tags beside those of the shop, the hub’s id, and leave as it was given', async () => {
    answers(standIn, set, {
      tagsAdd: none,
      metafieldsSet: none,
      customerEmailMarketingConsentUpdate: none,
      customerSmsMarketingConsentUpdate: none,
    });
    const input = {
      hubId: 'cu-1',
      name: ' Ana  García López ',
      email: 'a@mail.example',
      groups: ['vip'],
      consents: { email: true, sms: false },
    };
    expect(await upsert(input)).toEqual(done);
    expect(asked(standIn)).toMatchObject([
      { variables: { input: { email: 'a@mail.example', firstName: 'Ana', lastName: 'García López' } } },
      {
        name: 'CustomerDetails',
        variables: {
          id: customer.id,
          tags: ['vip'],
          metafields: [{ ownerId: customer.id, namespace: '$app', key: 'hub_id', type: 'single_line_text_field', value: 'cu-1' }],
          mail: 'SUBSCRIBED',
          sms: 'UNSUBSCRIBED',
          withTags: true,
          withHubId: true,
          withMail: true,
          withSms: true,
        },
      },
    ]);
    expect(asked(standIn)[0]?.variables['input']).not.toHaveProperty('tags');
  });

  test('with nothing to be known by is the sender’s to mend', async () => {
    expect(await upsert({ name: 'Ana' })).toMatchObject({ failed: { code: 'BAD_INPUT', path: 'email' } });
    expect(standIn.requests).toHaveLength(0);
  });

  test.each<[string, readonly object[], object]>([
    [
      'phone belongs to somebody else',
      [
        {
          customerSet: {
            customer: null,
            userErrors: [{ field: ['input', 'phone'], message: 'Phone has already been taken', code: 'TAKEN' }],
          },
        },
      ],
      { code: 'BAD_INPUT', path: 'input.phone' },
    ],
    [
      'id is not known',
      [
        {
          customerSet: {
            customer: null,
            userErrors: [{ field: null, message: 'Resource matching the identifier was not found.', code: 'NOT_FOUND' }],
          },
        },
      ],
      { code: 'NOT_FOUND' },
    ],
    [
      'leave is refused',
      [
        set,
        { tagsAdd: none, customerEmailMarketingConsentUpdate: { userErrors: [{ field: ['input'], message: 'Customer has no email' }] } },
      ],
      { code: 'BAD_INPUT', message: 'Shopify refused it: Customer has no email' },
    ],
    ['reply says nothing', [{ customerSet: { customer: null, ...none } }], { code: 'BAD_REPLY', unknown: true }],
  ])('whose %s is settled as such', async (_what, replies, failed) => {
    answers(standIn, ...replies);
    expect(await upsert({ email: 'a@mail.example', groups: ['vip'], consents: { email: true } })).toMatchObject({ failed });
  });
});
