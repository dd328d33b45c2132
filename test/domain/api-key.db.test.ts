import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ApiKeyService } from '../../src/domain/access/api-key.service.ts';
import { ROLES } from '../../src/domain/access/roles.ts';
import { StoreService } from '../../src/domain/store/store.service.ts';
import { actor, type DomainFixture, openFixture, silent } from './fixture.ts';

const admin = actor('ADMIN');

let fixture: DomainFixture;
let keys: ApiKeyService;
let storeId: string;
let home: string;

/** `heard` false: as if its notifications were lost. */
function anotherProcess(heard = true): ApiKeyService {
  const { database, clock, listener } = fixture;
  return new ApiKeyService({
    database,
    clock,
    stores: new StoreService({ database, clock, listener: null }),
    listener: heard ? listener : null,
    log: silent,
  });
}

beforeAll(async () => {
  fixture = await openFixture();
  home = await mkdtemp(join(tmpdir(), 'valehub-keys-'));
  storeId = (
    await new StoreService({ database: fixture.database, clock: fixture.clock, listener: null }).create(admin, { name: 'Sevilla' })
  ).id;
  keys = anotherProcess();
});
afterAll(async () => {
  await keys.close();
  await fixture.close();
  await rm(home, { recursive: true });
});

describe('an API key', () => {
  test.each(ROLES)('for %s lets its holder in, and its secret is nowhere in the database', async (role) => {
    const storeIds = role === 'TILL' ? [storeId] : null;
    const { key, secret } = await keys.create(admin, { name: `a ${role}`, role, storeIds });
    expect(secret).toMatch(new RegExp(`^vh_${role.toLowerCase()}_[A-Za-z0-9_-]{43}$`));
    expect(key).toMatchObject({ role, storeIds, lastUsedAt: null, revokedAt: null, createdAt: '2026-05-04T18:00:00.000Z' });
    expect(await keys.authenticate(secret)).toEqual({ id: key.id, role, storeIds, connectionId: null, partnerId: null });
    const { rows } = await fixture.database.pool.query('select to_jsonb(api_key)::text as text from api_key where id = $1', [key.id]);
    expect(rows[0].text).not.toContain(secret.slice(-43));
  });

  test('that was never given lets nobody in', async () => {
    const { secret } = await keys.create(admin, { name: 'x', role: 'ADMIN' });
    const forged = secret.slice(0, -1) + (secret.endsWith('A') ? 'B' : 'A');
    for (const wrong of [forged, '', 'vh_admin_', `${secret} `, secret.replace('admin', 'till')])
      expect(await keys.authenticate(wrong)).toBeNull();
  });

  test('is refused where its role and scope do not fit', async () => {
    await expect(keys.create(admin, { name: '', role: 'TILL' })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      faults: [{ path: 'input.name' }, { path: 'input.storeIds' }],
    });
    await expect(keys.create(admin, { name: 'x', role: 'TILL', storeIds: [] })).rejects.toMatchObject({
      faults: [{ path: 'input.storeIds' }],
    });
    await expect(keys.create(admin, { name: 'x', role: 'TILL', storeIds: ['sto_nobody'] })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(keys.create(admin, { name: 'x', role: 'ADMIN', connectionId: 'con_1', partnerId: 'p' })).rejects.toMatchObject({
      faults: [{ path: 'input.connectionId' }, { path: 'input.partnerId' }],
    });
    await expect(keys.create(admin, { name: 'x', role: 'CONNECTOR', connectionId: 'con_nobody' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(keys.create(admin, { name: 'x', role: 'PARTNER', partnerId: 'nobody' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('revoking a key', () => {
  test('shuts its holder out here at once, and tells whoever asked to be told, once', async () => {
    const { key, secret } = await keys.create(admin, { name: 'x', role: 'ADMIN' });
    await keys.authenticate(secret);
    const told: string[] = [];
    const stop = keys.onRevoked((id) => told.push(id));
    const heard = new Promise((resolve) => fixture.listener.on('valehub_keys', resolve));
    const revoked = await keys.revoke(admin, key.id);
    expect(revoked.revokedAt).toBe('2026-05-04T18:00:00.000Z');
    expect(await keys.authenticate(secret)).toBeNull();
    expect(await heard).toBe(key.id);
    fixture.clock.tick(1_000);
    expect((await keys.revoke(admin, key.id)).revokedAt).toBe(revoked.revokedAt);
    expect(told).toEqual([key.id]);
    stop();
    await expect(keys.revoke(admin, 'key_nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('shuts its holder out of another process as soon as that hears of it', async () => {
    const { key, secret } = await keys.create(admin, { name: 'x', role: 'ADMIN' });
    const other = anotherProcess();
    expect(await other.authenticate(secret)).not.toBeNull();
    const told = new Promise((resolve) => other.onRevoked(resolve));
    await keys.revoke(admin, key.id);
    expect(await told).toBe(key.id);
    expect(await other.authenticate(secret)).toBeNull();
    await other.close();
  });

  test('shuts its holder out of one that hears nothing after five seconds', async () => {
    const { key, secret } = await keys.create(admin, { name: 'x', role: 'ADMIN' });
    const deaf = anotherProcess(false);
    await deaf.authenticate(secret);
    await keys.revoke(admin, key.id);
    expect(await deaf.authenticate(secret)).not.toBeNull();
    fixture.clock.tick(5_000);
    expect(await deaf.authenticate(secret)).toBeNull();
    await deaf.close();
  });

  test('while nobody listened is told when the connection is back', async () => {
    const { key, secret } = await keys.create(admin, { name: 'x', role: 'ADMIN' });
    const told = new Promise((resolve) => keys.onRevoked((id) => id === key.id && resolve(id)));
    await keys.authenticate(secret);
    await fixture.database.pool.query('update api_key set revoked_at = now() where id = $1', [key.id]);
    await fixture.database.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'valehub listener' and datname = current_database()",
    );
    expect(await told).toBe(key.id);
    expect(await keys.authenticate(secret)).toBeNull();
  });
});

describe('keys', () => {
  test('are listed newest first with their last use, which is written in one go', async () => {
    // Keys of one millisecond have no order between them.
    fixture.clock.tick(1);
    const { key, secret } = await keys.create(admin, { name: 'newest', role: 'MARKETING' });
    fixture.clock.tick(5_000);
    await keys.authenticate(secret);
    const at = new Date(fixture.clock.now()).toISOString();
    expect((await keys.list())[0]).toEqual({ ...key, lastUsedAt: at });
    const other = anotherProcess();
    expect((await other.list())[0]).toEqual(key);
    await keys.flushUses();
    expect((await other.list())[0]).toEqual({ ...key, lastUsedAt: at });
    await other.close();
  });
});

describe('the admin key', () => {
  test('is written once, for its owner only, and kept', async () => {
    const path = join(home, 'admin.key');
    const first = await keys.ensureAdminKey(path);
    expect(first.created).toBe(true);
    expect(await readFile(path, 'utf8')).toBe(`${first.secret}\n`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await keys.authenticate(first.secret)).toMatchObject({ role: 'ADMIN', storeIds: null });
    expect(await keys.ensureAdminKey(path)).toEqual({ secret: first.secret, created: false });
    expect((await keys.list()).filter((key) => key.name === 'admin.key')).toHaveLength(1);
    expect(await readdir(home)).toEqual(['admin.key']);
  });

  test('by several processes at once is one', async () => {
    const path = join(home, 'shared.key');
    const found = await Promise.all(Array.from({ length: 5 }, () => keys.ensureAdminKey(path)));
    expect(new Set(found.map(({ secret }) => secret)).size).toBe(1);
    expect(found.filter(({ created }) => created)).toHaveLength(1);
    expect(await keys.authenticate(found[0]?.secret ?? '')).toMatchObject({ role: 'ADMIN' });
  });

  test('of a file that holds something else is a sentence', async () => {
    const path = join(home, 'other.key');
    await writeFile(path, 'not a key\n');
    await expect(keys.ensureAdminKey(path)).rejects.toThrow(/does not hold an API key/);
  });
});
