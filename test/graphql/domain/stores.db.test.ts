import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { closeAgreed } from '../../helpers/agree.ts';
import { type Any, type Desk, type Input, off, openDesk, reasons } from './desk.ts';

jest.setTimeout(60_000);

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => closeAgreed({ database: desk.hub.database, hub: desk.hub.hub, close: () => desk.hub.stop() }));

const STORE = '{ id name timeZone businessDayStart currency groups language defaultTaxRate taxRates { group rate } maxVouchersPerOrder }';
const CREATE = `mutation ($input: CreateStoreInput!) { createStore(input: $input) ${STORE} }`;
const UPDATE = `mutation ($id: ID!, $input: UpdateStoreInput!) { updateStore(id: $id, input: $input) ${STORE} }`;
const create = async (input: Input): Promise<Any> => (await desk.hub.ask(CREATE, { input })).createStore;
const update = async (id: string, input: Input): Promise<Any> => (await desk.hub.ask(UPDATE, { id, input })).updateStore;

describe('a store', () => {
  test('put in by its name has the defaults', async () => {
    expect(await create({ name: 'Triana', groups: null, maxVouchersPerOrder: null })).toEqual({
      id: expect.any(String),
      name: 'Triana',
      timeZone: 'Europe/Madrid',
      businessDayStart: '04:00',
      currency: 'EUR',
      groups: [],
      language: 'es',
      defaultTaxRate: '10',
      taxRates: [],
      maxVouchersPerOrder: null,
    });
  });

  test('changed: what is left out stays, null clears what can be empty, lists replace', async () => {
    const rate = (group: string, of: string): Input => ({ group, rate: of });
    const store = await create({ name: 'Nervión', groups: ['sur'], taxRates: [rate('alcohol', '21')], maxVouchersPerOrder: 2 });
    expect(await update(store.id, { name: 'Nervión Plaza' })).toEqual({ ...store, name: 'Nervión Plaza' });
    expect(await update(store.id, { taxRates: [rate('delivery', '21')], maxVouchersPerOrder: null })).toEqual({
      ...store,
      name: 'Nervión Plaza',
      taxRates: [rate('delivery', '21')],
      maxVouchersPerOrder: null,
    });
    expect(await desk.faults(UPDATE, { id: store.id, input: { name: null, timeZone: null } })).toEqual([
      'BAD_USER_INPUT input.name',
      'BAD_USER_INPUT input.timeZone',
    ]);
    expect(await desk.faults(UPDATE, { id: 'sto_nobody', input: {} })).toEqual([expect.stringMatching(/^NOT_FOUND/)]);
  });

  test('decides by what it is now: tax rates, language, how many vouchers', async () => {
    const { id: storeId } = await create({ name: 'Feria' });
    const lines = [{ id: 'wine', sku: 'wine', group: 'alcohol', unitPrice: 1_210 }];
    const codes = [await desk.code({ incentive: off(100) }), await desk.code({ incentive: off(200) })];
    const look = () => desk.validate(codes, desk.order({ storeId, lines }));
    expect((await look()).order.tax).toMatchObject([{ rate: '10' }]);
    await update(storeId, { taxRates: [{ group: 'alcohol', rate: '21' }], maxVouchersPerOrder: 1, language: 'en' });
    const after = await look();
    expect(after.order.tax).toMatchObject([{ rate: '21' }]);
    expect(after.outcomes[0]).toMatchObject({ reason: 'TOO_MANY_VOUCHERS', message: expect.stringContaining('The store takes 1 voucher') });
  });
});

describe('a customer', () => {
  const UPSERT = 'mutation ($input: CustomerInput!) { upsertCustomer(input: $input) { id name phone email groups birthday anniversary } }';
  const upsert = async (input: Input): Promise<Any> => (await desk.hub.ask(UPSERT, { input })).upsertCustomer;

  test('is one by phone, by e-mail and by id; what is left out stays, null clears, lists replace', async () => {
    const first = await upsert({ phone: '+34622000111', name: 'Ana', groups: ['vip', 'staff'], birthday: '1990-02-28' });
    const both = await upsert({ phone: '+34622000111', email: 'ana@example.es' });
    expect(both).toEqual({ ...first, email: 'ana@example.es' });
    expect(await upsert({ email: 'ANA@example.es', groups: ['vip'] })).toEqual({ ...both, groups: ['vip'] });
    expect(await upsert({ id: first.id, name: null, birthday: null })).toEqual({ ...both, groups: ['vip'], name: null, birthday: null });
    expect(await desk.faults(UPSERT, { input: { id: 'cus_nobody' } })).toEqual([expect.stringMatching(/^NOT_FOUND/)]);
  });

  test('is decided upon as they are now', async () => {
    const { id } = await upsert({ phone: '+34622000333' });
    const word = await desk.word({ conditions: { excludedGroups: ['staff'] } });
    const use = () => desk.redeem([word], desk.order({ customer: { id } }));
    expect((await use()).__typename).toBe('Redeemed');
    await upsert({ id, groups: ['staff'] });
    expect(reasons(await use())).toEqual(['CUSTOMER_GROUP_EXCLUDED']);
  });
});
