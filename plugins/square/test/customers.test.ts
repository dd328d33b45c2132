import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Plain } from '@valehub/connector-kit';
import { runFetch } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { customer } from './fixtures.ts';
import { type House, open, perform } from './support.ts';

let house: House;
beforeEach(async () => {
  house = await open();
});
afterEach(() => house.close());

const ana = { hubId: 'customer-1', name: 'Ana Pérez Gil', phone: '+34600000001', email: 'ana@guests.example', birthday: '--09-21' };
const upsert = (input: Plain, key?: string) => perform(house, 'customers.upsert', input, key);
const writes = () => house.square.requests.filter(({ method, path }) => method === 'PUT' || path === '/v2/customers');

describe('a customer of Square', () => {
  test('is one of the hub’s, with what it has', async () => {
    house.square.customers.set('CUSTOMER-1', customer);
    expect(await runFetch(connector, house.ctx(), 'customer', ['CUSTOMER-1', 'CUSTOMER-9'])).toEqual({
      ok: true,
      value: [
        {
          kind: 'customer',
          customer: {
            externalId: 'CUSTOMER-1',
            revision: { version: 3 },
            name: 'Ana Pérez Gil',
            phone: '+34600000001',
            email: 'ana@guests.example',
            birthday: '--09-21',
            groups: ['GROUP-REGULARS'],
            consents: { email: false },
          },
        },
        { kind: 'gone', resource: 'customer', id: 'CUSTOMER-9' },
      ],
    });
  });

  test.each<[string, object, object]>([
    ['nothing but an id', { id: 'C' }, { externalId: 'C' }],
    ['a birthday with its year', { id: 'C', birthday: '1998-09-21' }, { externalId: 'C', birthday: '1998-09-21' }],
    ['a birthday that is none', { id: 'C', birthday: 'spring' }, { externalId: 'C' }],
    ['a family name alone', { id: 'C', family_name: 'Gil', given_name: ' ' }, { externalId: 'C', name: 'Gil' }],
    ['no unsubscribing, which is no leave', { id: 'C', preferences: { email_unsubscribed: false } }, { externalId: 'C' }],
  ])('with %s is read', async (_how, told, expected) => {
    house.square.customers.set('C', told as never);
    expect(await runFetch(connector, house.ctx(), 'customer', ['C'])).toEqual({
      ok: true,
      value: [{ kind: 'customer', customer: expected }],
    });
  });
});

describe('a customer of the hub', () => {
  test('is made once, under the hub’s id', async () => {
    const made = await upsert(ana);
    expect(made).toMatchObject({ done: { id: expect.stringMatching(/^CUSTOMER-/) } });
    expect(writes()[0]?.json()).toEqual({
      idempotency_key: 'key-of-job-1',
      given_name: 'Ana',
      family_name: 'Pérez Gil',
      phone_number: '+34600000001',
      email_address: 'ana@guests.example',
      birthday: '09-21',
      reference_id: 'customer-1',
    });
    expect(await upsert(ana, 'key-of-job-2')).toEqual(made);
    expect(house.square.customers.size).toBe(1);
  });

  test.each<[string, Plain]>([
    ['Square’s own id', { externalId: 'C', name: 'Ana' }],
    ['the hub’s id', { hubId: 'customer-1', name: 'Ana' }],
    ['the phone', { hubId: 'customer-2', phone: '+34600000001', name: 'Ana' }],
    ['the e-mail', { hubId: 'customer-2', email: 'ana@guests.example', name: 'Ana' }],
  ])('is found by %s', async (_by, input) => {
    house.square.customers.set('C', {
      id: 'C',
      version: 7,
      reference_id: 'customer-1',
      phone_number: '+34600000001',
      email_address: 'ana@guests.example',
    });
    expect(await upsert(input)).toEqual({ job: 'job-1', done: { id: 'C' } });
    // What is the same is not written, and another program's reference stays.
    expect(writes()[0]?.json()).toEqual({ given_name: 'Ana', family_name: '', version: 7 });
  });

  test('that is the same there is not written', async () => {
    house.square.customers.set('C', { ...customer, id: 'C', reference_id: 'customer-1' });
    expect(await upsert(ana)).toEqual({ job: 'job-1', done: { id: 'C' } });
    expect(writes()).toEqual([]);
  });

  test('whose number several share is none of them', async () => {
    for (const id of ['A', 'B']) house.square.customers.set(id, { id, version: 0, phone_number: '+34600000001' });
    expect(await upsert({ hubId: 'customer-1', phone: '+34600000001' })).toMatchObject({
      done: { id: expect.stringMatching(/^CUSTOMER-/) },
    });
  });

  test('that is refused is refused in Square’s words', async () => {
    house.square.failNext(
      { status: 200, body: {} },
      { status: 400, body: { errors: [{ code: 'INVALID_PHONE_NUMBER', field: 'phone_number', detail: 'No number.' }] } },
    );
    expect(await upsert({ phone: '+34600000001' })).toMatchObject({
      failed: { code: 'BAD_INPUT', path: 'phone_number', message: 'Square answered 400 INVALID_PHONE_NUMBER: No number.' },
    });
  });

  test('that somebody changes at the same time is tried again', async () => {
    house.square.customers.set('C', { id: 'C', version: 7, reference_id: 'customer-1' });
    house.square.failNext({ status: 200, body: { customers: [{ id: 'C', version: 6, reference_id: 'customer-1' }] } });
    expect(await upsert({ hubId: 'customer-1', name: 'Ana' })).toMatchObject({ failed: { code: 'CONFLICT' } });
  });
});
