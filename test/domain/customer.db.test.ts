import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CustomerService } from '../../src/domain/customer/customer.service.ts';
import { actor, type DomainFixture, intake, openFixture } from './fixture.ts';

const admin = actor('ADMIN');
let fixture: DomainFixture;
let customers: CustomerService;
beforeAll(async () => {
  fixture = await openFixture();
  customers = new CustomerService({ database: fixture.database, clock: fixture.clock });
});
afterAll(() => fixture.close());

const createdEvents = async (customerId: string | null) =>
  (await intake(fixture.database)).filter((event) => event.type === 'CUSTOMER_CREATED' && event.customer_id === customerId);
let last = 0;
const newPhone = () => `+34600${String(++last).padStart(6, '0')}`;

describe('whom an order names', () => {
  test('nobody is nobody, and an empty reference is a fault', async () => {
    expect(await customers.resolve(null, 'create')).toEqual({ id: null, given: false, unknownId: false });
    await expect(customers.resolve({}, 'create')).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      faults: [{ path: 'input.order.customer' }],
    });
  });

  test('an unknown phone becomes a customer when it is used, not when it is looked at', async () => {
    const phone = newPhone();
    expect(await customers.resolve({ phone }, 'look')).toEqual({ id: null, given: true, unknownId: false });
    const { id } = await customers.resolve({ phone }, 'create');
    expect(await customers.find({ phone })).toEqual({ id, name: null, phone, email: null, groups: [], birthday: null, anniversary: null });
    expect(await customers.resolve({ phone }, 'look')).toEqual({ id, given: true, unknownId: false });
    expect(await createdEvents(id)).toEqual([expect.objectContaining({ data: { knownBy: ['PHONE'], actorId: null } })]);
  });

  test('by forty at once is one customer, made once', async () => {
    const phone = newPhone();
    const found = await Promise.all(
      Array.from({ length: 40 }, (_, at) => customers.resolve(at % 2 ? { phone } : { phone, email: 'FORTY@example.com' }, 'create')),
    );
    const ids = new Set(found.map(({ id }) => id));
    expect(ids.size).toBe(1);
    const [id = null] = ids;
    expect(await createdEvents(id)).toHaveLength(1);
    expect(await customers.find({ email: 'forty@example.com' })).toMatchObject({ id, phone });
  });

  test('an e-mail counts whatever its capitals', async () => {
    const { id } = await customers.resolve({ email: 'Ana.Lopez@Example.com' }, 'create');
    expect(await customers.resolve({ email: 'ana.lopez@EXAMPLE.COM' }, 'create')).toMatchObject({ id });
    expect(await customers.find({ email: 'ANA.LOPEZ@example.com' })).toMatchObject({ id, email: 'ana.lopez@example.com' });
  });

  test('who is known by one identity becomes known by the other', async () => {
    const phone = newPhone();
    const { id } = await customers.resolve({ phone }, 'create');
    await customers.resolve({ phone, email: 'later@example.com' }, 'look');
    expect(await customers.find({ email: 'later@example.com' })).toBeNull();
    await customers.resolve({ phone, email: 'later@example.com' }, 'create');
    expect(await customers.resolve({ email: 'later@example.com' }, 'create')).toMatchObject({ id });
    await customers.resolve({ phone, email: 'other@example.com' }, 'create');
    expect(await customers.find({ phone })).toMatchObject({ email: 'later@example.com' });
  });

  test('phone and e-mail, or id and phone, of two people are a fault', async () => {
    const [phone, email] = [newPhone(), 'two@example.com'];
    const { id } = await customers.resolve({ email }, 'create');
    await customers.resolve({ phone }, 'create');
    await expect(customers.resolve({ phone, email }, 'look')).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      faults: [{ path: 'input.order.customer' }],
    });
    await expect(customers.resolve({ id: String(id), phone }, 'create', 'input.customer')).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      faults: [{ path: 'input.customer' }],
    });
  });

  test('an unknown id is told as such', async () => {
    for (const id of ['cus_nobody', 'bad\u0000id', ''])
      expect(await customers.resolve({ id }, 'create')).toEqual({ id: null, given: true, unknownId: true });
  });

  test.each(['600111222', '+34 600 111 222', '0034600111222', '+34', '+999600111222', '', '+34600111222x'])(
    '%j is no phone',
    async (phone) => {
      await expect(customers.resolve({ phone }, 'look')).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        faults: [{ path: 'input.order.customer.phone' }],
      });
    },
  );

  test.each(['ana', 'ana@', '@example.com', 'ana@example', 'a b@example.com', '', `${'a'.repeat(250)}@example.com`, 'a\u0000@example.com'])(
    '%j is no e-mail',
    async (email) => {
      await expect(customers.resolve({ email }, 'look')).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        faults: [{ path: 'input.order.customer.email' }],
      });
    },
  );
});

describe('putting a customer in', () => {
  test('makes one with all that is said, then changes what is said again', async () => {
    const phone = newPhone();
    const full = {
      phone,
      email: 'Maria@Example.com',
      name: 'María',
      groups: ['regulars'],
      birthday: '1990-02-28',
      anniversary: '2015-06-01',
    };
    const made = await customers.upsert(admin, full);
    expect(made).toEqual({ ...full, id: expect.stringMatching(/^cus_/), email: 'maria@example.com' });
    expect(await customers.byIds(['cus_nobody', made.id])).toEqual([null, made]);
    const changed = await customers.upsert(admin, { phone, name: null, groups: null, email: undefined });
    expect(changed).toEqual({ ...made, name: null, groups: [] });
    expect(await createdEvents(made.id)).toEqual([expect.objectContaining({ data: { knownBy: ['PHONE', 'EMAIL'], actorId: admin.id } })]);
  });

  test('by id changes its phone, but never to another person’s', async () => {
    const [one, two] = [
      await customers.upsert(admin, { phone: newPhone() }),
      await customers.upsert(admin, { phone: newPhone(), email: 'second@example.com' }),
    ];
    const phone = newPhone();
    expect(await customers.upsert(admin, { id: one.id, phone })).toMatchObject({ id: one.id, phone });
    await expect(customers.upsert(admin, { id: one.id, phone: two.phone })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      faults: [{ path: 'input' }],
    });
    await expect(customers.upsert(admin, { phone, email: 'second@example.com' })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      faults: [{ path: 'input' }],
    });
    expect(await customers.upsert(admin, { id: two.id, phone: null })).toMatchObject({ phone: null, email: 'second@example.com' });
    await expect(customers.upsert(admin, { id: two.id, email: null })).rejects.toMatchObject({ faults: [{ path: 'input.email' }] });
  });

  test('wants somebody, and sound details', async () => {
    await expect(customers.upsert(admin, { name: 'Nobody' })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      faults: [{ path: 'input' }],
    });
    await expect(customers.upsert(admin, { id: 'cus_nobody', name: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(customers.upsert(admin, { phone: 'x', email: 'y' })).rejects.toMatchObject({
      faults: [{ path: 'input.phone' }, { path: 'input.email' }],
    });
    await expect(
      customers.upsert(admin, { phone: newPhone(), name: ' ', groups: ['a', 'a'], birthday: '2027-01-01', anniversary: '2015-02-29' }),
    ).rejects.toMatchObject({
      faults: [{ path: 'input.name' }, { path: 'input.groups[1]' }, { path: 'input.birthday' }, { path: 'input.anniversary' }],
    });
  });

  test('by twenty at once is one customer', async () => {
    const phone = newPhone();
    const made = await Promise.all(Array.from({ length: 20 }, (_, at) => customers.upsert(admin, { phone, name: `Name ${at}` })));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await createdEvents(made[0]?.id ?? null)).toHaveLength(1);
  });
});
