import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { StoreService } from '../../src/domain/store/store.service.ts';
import { actor, type DomainFixture, openFixture } from './fixture.ts';

const admin = actor('ADMIN');

let fixture: DomainFixture;
let stores: StoreService;
beforeAll(async () => {
  fixture = await openFixture();
  stores = new StoreService({ database: fixture.database, clock: fixture.clock, listener: fixture.listener });
  await stores.load();
});
afterAll(async () => {
  stores.close();
  await fixture.close();
});

describe('stores', () => {
  test('a store put in with its name only has the defaults', async () => {
    const store = await stores.create(admin, { name: 'Sevilla' });
    expect(store).toEqual({
      id: expect.stringMatching(/^sto_/),
      name: 'Sevilla',
      version: 1,
      timeZone: 'Europe/Madrid',
      businessDayStart: '04:00',
      currency: 'EUR',
      groups: [],
      language: 'es',
      defaultTaxRate: '10',
      taxRates: [],
      maxVouchersPerOrder: null,
    });
    expect(stores.terms(store.id)).toEqual(store);
  });

  test('what was put in comes back from the database as it was', async () => {
    const draft = {
      name: 'Málaga "Puerto"',
      timeZone: 'Atlantic/Canary',
      businessDayStart: '05:30',
      currency: 'GBP',
      groups: ['a,b', 'c "d"', 'e\\f', '{g}'],
      language: 'en',
      defaultTaxRate: '7.50',
      taxRates: [{ group: 'drinks', rate: '21.0' }],
      maxVouchersPerOrder: 3,
    };
    const { id } = await stores.create(admin, draft);
    const other = new StoreService({ database: fixture.database, clock: fixture.clock, listener: null });
    expect(await other.get(id)).toEqual({ ...draft, id, version: 1, defaultTaxRate: '7.5', taxRates: [{ group: 'drinks', rate: '21' }] });
  });

  test('a change leaves what was left out, clears what is null, and counts the version up', async () => {
    const { id } = await stores.create(admin, {
      name: 'Granada',
      groups: ['centre'],
      maxVouchersPerOrder: 2,
      taxRates: [{ group: 'drinks', rate: '21' }],
    });
    const changed = await stores.update(admin, id, { name: 'Granada II', maxVouchersPerOrder: null });
    expect(changed).toMatchObject({
      name: 'Granada II',
      groups: ['centre'],
      maxVouchersPerOrder: null,
      taxRates: [{ group: 'drinks', rate: '21' }],
      version: 2,
    });
    expect(await stores.update(admin, id, { groups: null, taxRates: [] })).toMatchObject({ groups: [], taxRates: [], version: 3 });
    await expect(stores.update(admin, id, { name: null })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      faults: [{ path: 'input.name' }],
    });
  });

  test('all faults are told at once, by path', async () => {
    const refused = stores.create(admin, {
      name: ' ',
      timeZone: 'Sevilla',
      businessDayStart: '24:00',
      currency: 'PTX',
      language: 'fr',
      defaultTaxRate: '101',
      taxRates: [
        { group: 'drinks', rate: '10' },
        { group: 'drinks', rate: '-1' },
      ],
      maxVouchersPerOrder: 0,
    });
    const fault = await refused.catch((error: unknown) => error as { code: string; faults: { path: string }[] });
    expect(fault).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect((fault as { faults: { path: string }[] }).faults.map(({ path }) => path)).toEqual([
      'input.name',
      'input.timeZone',
      'input.businessDayStart',
      'input.currency',
      'input.language',
      'input.defaultTaxRate',
      'input.taxRates[1].rate',
      'input.taxRates[1].group',
      'input.maxVouchersPerOrder',
    ]);
  });

  test('an unknown store is null when asked for and NOT_FOUND when changed', async () => {
    expect(await stores.get('sto_nobody')).toBeNull();
    expect(await stores.get('bad\u0000id')).toBeNull();
    await expect(stores.update(admin, 'sto_nobody', { name: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('changes at once are all kept', async () => {
    const { id } = await stores.create(admin, { name: 'Sevilla' });
    await Promise.all([
      stores.update(admin, id, { name: 'Norte' }),
      stores.update(admin, id, { language: 'en' }),
      stores.update(admin, id, { groups: ['a'] }),
    ]);
    expect(stores.terms(id)).toMatchObject({ name: 'Norte', language: 'en', groups: ['a'], version: 4 });
  });

  test('another process hears of a change', async () => {
    const other = new StoreService({ database: fixture.database, clock: fixture.clock, listener: null });
    await other.load();
    const heard: string[] = [];
    // Notifications come in the order of their commits.
    const last = new Promise<void>((resolve) => {
      fixture.listener.on('valehub_terms', (payload) => (payload === 'last' ? resolve() : void heard.push(payload)));
    });
    const { id } = await other.create(admin, { name: 'Córdoba' });
    await fixture.database.pool.query("select pg_notify('valehub_terms', 'last')");
    await last;
    expect(heard).toContain(`store:${id}`);
    expect((await stores.list()).map((store) => store.id)).toContain(id);
  });

  test('every change keeps the store as it was', async () => {
    const { id } = await stores.create(admin, { name: 'Jaén', taxRates: [{ group: 'drinks', rate: '21' }] });
    await stores.update(admin, id, { defaultTaxRate: '4' });
    const { rows } = await fixture.database.pool.query('select version, content from store_version where store_id = $1 order by version', [
      id,
    ]);
    const { id: _id, version: _version, ...now } = stores.terms(id) ?? { id, version: 0 };
    expect(rows).toEqual([
      { version: 1, content: { ...now, defaultTaxRate: '10' } },
      { version: 2, content: now },
    ]);
  });

  test('a listener that lost its connection comes back and says so', async () => {
    const back = new Promise<void>((resolve) => fixture.listener.onReconnect(resolve));
    await fixture.database.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'valehub listener' and datname = current_database()",
    );
    await back;
    const heard = new Promise<string>((resolve) => fixture.listener.on('valehub_terms', resolve));
    await fixture.database.pool.query("select pg_notify('valehub_terms', 'codes')");
    expect(await heard).toBe('codes');
  });
});
