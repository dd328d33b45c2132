import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { migrateDatabase } from '../../src/database/migrate.ts';
import type { BooksReport } from '../../src/domain/verification/verification.types.ts';
import { startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { silent } from '../helpers/basics.ts';
import { aCampaign, anOrder, aStore, codesOf, openTestHub, redeem, redeemed, TEST_SECRET, type TestHub } from '../helpers/domain.ts';

jest.setTimeout(120_000);

const VERIFY = fileURLToPath(new URL('../../dist/verify.js', import.meta.url));
const FREE = { PATH: process.env['PATH'] ?? '', XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] };

let t: TestHub;
let empty: string;

beforeAll(async () => {
  t = await openTestHub();
  empty = await mkdtemp(join(tmpdir(), 'valehub-verify-'));
  await chmod(empty, 0o711);
  const store = await aStore(t.hub);
  const [code] = await codesOf(t.hub, (await aCampaign(t.hub)).id);
  redeemed(await redeem(t.hub, { codes: [code as string], order: anOrder(store.id) }));
});
afterAll(async () => {
  await t.close();
  await rm(empty, { recursive: true, force: true });
});

function verify(args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ code: number; out: string; said: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [VERIFY, ...args], { env: { ...FREE, VALEHUB_HOME: empty, ...env } }, (fault, out, said) =>
      resolve({ code: Number(fault?.code ?? 0), out, said }),
    );
  });
}
const here = () => ({ DATABASE_URL: t.database.url, VALEHUB_SECRET_KEY: TEST_SECRET.toString('base64') });

test('says check by check that all agrees, and which head to note', async () => {
  const { code, out } = await verify([], here());
  expect(out).toMatch(/^✓ chain +\d/);
  expect(out).toMatch(/Note this down, outside this machine: \d+:[0-9a-f]{64}\n\nAll \d+ checks agree\.\n$/);
  expect(code).toBe(0);
});

test('ends with 2 where not everything could be checked, and says why', async () => {
  const { VALEHUB_SECRET_KEY: _, ...without } = here();
  expect(await verify([], without)).toMatchObject({
    code: 2,
    out: expect.stringContaining('codes                not checked: The secret of the hub was not given.'),
  });
  expect(await verify([], {})).toMatchObject({
    code: 2,
    out: '',
    said: `Nothing was checked. There is no hub in ${empty}: set VALEHUB_HOME to its data folder, or DATABASE_URL to its database.\n`,
  });
  expect(await verify([], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })).toMatchObject({
    code: 2,
    said: expect.stringContaining('cannot be reached'),
  });
  expect(await verify(['--against', '12:abc'], here())).toMatchObject({ code: 2, said: expect.stringContaining('--against wants') });
  expect(await verify(['--sideways'], here())).toMatchObject({ code: 2, said: expect.stringContaining('Exit code 0') });
});

test('ends with 1 on a finding, in words and as JSON', async () => {
  const { pool } = t.hub.database;
  await pool.query("update counter set used = used + 1 where key like 'count:%:redeemed'");
  try {
    const words = await verify(['--at-most', '1'], here());
    expect(words.code).toBe(1);
    expect(words.out).toMatch(
      /✗ counters-used .*\n {4}It should hold: .*\n {4}counter count:cmp_\w+:redeemed: expected used 1; found used 2\.\n {4}What to do: /,
    );
    expect(words.out).toContain('2 findings in 2 of');
    const { code, out } = await verify(['--json'], here());
    const report = JSON.parse(out) as BooksReport;
    expect({ code, found: report.checks.filter((check) => check.found > 0).map((check) => check.name) }).toEqual({
      code: 1,
      found: ['counters-used', 'counters-by-ledger'],
    });
  } finally {
    await pool.query("update counter set used = used - 1 where key like 'count:%:redeemed'");
  }
});

test('finds the embedded database of a home, running or not, and leaves it as it was', async () => {
  const home = await mkdtemp(join(tmpdir(), 'valehub-verify-'));
  await chmod(home, 0o711);
  try {
    const server = await startEmbeddedPostgres({ home, log: silent, durability: 'none' });
    await migrateDatabase(server.url);
    const home2 = { VALEHUB_HOME: home, VALEHUB_SECRET_KEY: TEST_SECRET.toString('base64') };
    expect(await verify([], home2)).toMatchObject({ code: 0, said: '' });
    await server.stop();
    expect(await verify([], home2)).toMatchObject({ code: 0, out: expect.stringContaining('checks agree') });
    // Stopped again: the lock and the port are free.
    const again = await startEmbeddedPostgres({ home, log: silent, durability: 'none' });
    await again.stop();
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
