import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { migrateDatabase } from '../../src/database/migrate.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { verifyBooks } from '../../src/domain/verification/verify-books.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { waitForExit } from '../../src/embedded/processes.ts';
import { booksAgree } from '../helpers/agree.ts';
import { eventually, silent } from '../helpers/basics.ts';
import { type StartedProcess, startNode, type TemporaryFolder, temporaryFolder } from '../helpers/child-process.ts';
import {
  ADMIN,
  aCampaign,
  amount,
  aStore,
  codesOf,
  limit,
  openTestHub,
  rowsOf,
  sharedWord,
  TEST_SECRET,
  type TestHub,
} from '../helpers/domain.ts';
import { allExplained } from '../helpers/explained.ts';
import { runs } from '../model/runs.ts';
import { anIssuingCampaign } from '../order/issuing-support.ts';
import { perform, type Told, type Work } from './work.ts';

/** Of each kind of breakdown. */
const ROUNDS = Math.ceil(runs(40) / 40);
jest.setTimeout(240_000 + ROUNDS * 120_000);

const TRADE = fileURLToPath(new URL('./fixtures/trade.mjs', import.meta.url));
const PATIENCE = 60_000;

let folder: TemporaryFolder;
let server: EmbeddedPostgres;
let t: TestHub;
let hub: Hub;
let store: StoreTerms;

beforeAll(async () => {
  folder = await temporaryFolder();
  // A server of its own, which keeps what it acknowledged through a crash.
  server = await startServer();
  await migrateDatabase(server.url);
  t = await openTestHub({ database: { url: server.url, drop: async () => undefined } });
  hub = t.hub;
  store = await aStore(hub);
});
const startServer = () => startEmbeddedPostgres({ home: folder.path, log: silent });
afterAll(async () => {
  await t.close();
  await server.stop();
  await folder.remove();
});

const kills: Readonly<Record<string, (trade: StartedProcess) => Promise<void>>> = {
  hub: async (trade) => {
    trade.kill('SIGKILL');
    expect(await trade.ended).toBe('SIGKILL');
  },
  postgres: async (trade) => {
    await killPostgres();
    // Who outlives the database has the rest of the evening answered.
    await trade.line(/"done":true/);
    expect(await trade.ended).toBe(0);
  },
  both: async (trade) => {
    trade.kill('SIGKILL');
    await killPostgres();
    expect(await trade.ended).toBe('SIGKILL');
  },
};

async function killPostgres(): Promise<void> {
  const pid = server.pid();
  process.kill(pid, 'SIGKILL');
  expect(await waitForExit(pid, PATIENCE)).toBe(true);
}

/** In good order: one that did nothing but die would be given up after a while. */
async function restartServer(): Promise<void> {
  await server.stop();
  server = await startServer();
  await eventually(() => hub.database.pool.query('select'), PATIENCE);
}

interface Said {
  readonly asked: ReadonlyMap<string, Work>;
  readonly told: ReadonlyMap<string, Told>;
}

function saidBy(trade: StartedProcess): Said {
  const asked = new Map<string, Work>();
  const told = new Map<string, Told>();
  for (const line of trade.output().split('\n')) {
    if (!line.startsWith('{')) continue;
    const said = JSON.parse(line) as { id?: string; asked?: Work; told?: Told };
    if (said.id && said.asked) asked.set(said.id, said.asked);
    if (said.id && said.told) told.set(said.id, said.told);
  }
  return { asked, told };
}

/** How the book tells of what was acknowledged, and by which of its members. */
const TOLD_BY: Readonly<Record<string, readonly [type: string, member: string]>> = {
  redeemed: ['VOUCHER_REDEEMED', 'redemption_id'],
  reversed: ['REDEMPTION_REVERSED', 'reversal_id'],
  held: ['VOUCHER_HELD', "data ->> 'holdId'"],
  issued: ['VOUCHER_ISSUED', 'code'],
  refunded: ['REFUND_RECORDED', "data ->> 'refundId'"],
  refused: ['VOUCHER_REJECTED', "data ->> 'rejectionId'"],
};

/** Each acknowledged answer stands in the book exactly once. */
async function inTheBookOnce({ asked, told }: Said): Promise<void> {
  const events = new Map<string, string[]>();
  const add = (kind: string, ids: readonly string[]) => events.set(kind, [...(events.get(kind) ?? []), ...ids]);
  for (const [id, { kind, ids }] of told) {
    if (kind === 'recorded') add('issued', ids.slice(1));
    else if (kind !== 'refused' || asked.get(id)?.do === 'redeem' || asked.get(id)?.do === 'hold') add(kind, ids);
  }
  for (const [kind, ids] of events) {
    const [type, member] = TOLD_BY[kind] ?? ['', "''"];
    const rows = await rowsOf<{ id: string }>(hub, `select ${member} as id from ledger_event where type = $1 and ${member} = any($2)`, [
      type,
      ids,
    ]);
    expect(rows.map(({ id }) => id).sort()).toEqual([...ids].sort());
  }
  const orders = [...told.values()].flatMap(({ kind, ids }) => (kind === 'recorded' ? ids.slice(0, 1) : []));
  const recorded = await rowsOf<{ id: string }>(
    hub,
    "select data ->> 'orderId' as id from ledger_event where type = 'ORDER_RECORDED' and data ->> 'orderId' = any($1)",
    [orders],
  );
  expect(recorded.map(({ id }) => id).sort()).toEqual(orders.sort());
}

async function booksAreClean(): Promise<void> {
  await booksAgree(server.url);
  const { checks, skipped } = await verifyBooks(hub.database.pool, { secretKey: TEST_SECRET });
  expect(checks.flatMap(({ name, findings }) => findings.map((finding) => ({ name, ...finding })))).toEqual([]);
  expect(skipped).toBe(0);
}

test('hub, database and both are killed in mid-load, again and again: what was acknowledged is there once, and what was not is done once when it is asked again', async () => {
  const main = await aCampaign(hub, { name: 'main', incentive: null, budget: { minor: 10_000_000, currency: 'EUR' } });
  const draft = { parentId: main.id, limits: [limit('STORE', 20, { period: 'BUSINESS_DAY' as const }), limit('CAMPAIGN', 1_000_000)] };
  const earning = await anIssuingCampaign(
    hub,
    { conditions: { minimumOrder: 1_500 } },
    { limits: [limit('CUSTOMER', 60, { counts: 'ISSUED' })] },
  );
  const plain = await aCampaign(hub, {
    incentive: amount(100),
    ...draft,
    limits: [limit('CAMPAIGN', 1_000_000)],
    reversalPolicy: 'CLAW_BACK',
  });
  const scarce = await aCampaign(hub, { incentive: amount(50), ...draft });
  const kinds = new Set<string>();
  const rounds = Array.from({ length: ROUNDS }, () => Object.entries(kills)).flat();
  for (const [round, [what, kill]] of rounds.entries()) {
    if (round > 0 && round % Object.keys(kills).length === 0) await restartServer();
    const codes = await codesOf(hub, plain.id, what === 'postgres' ? 90 : 600);
    const word = await sharedWord(hub, scarce.id);
    const given = {
      url: server.url,
      secret: TEST_SECRET.toString('base64'),
      now: t.clock.now(),
      storeId: store.id,
      name: `round-${round}`,
    };
    const trade = startNode([
      '--disable-warning=ExperimentalWarning',
      TRADE,
      JSON.stringify({ ...given, codes, word, earning: earning.id }),
    ]);
    await trade.line(/"nth":70,/);
    await kill(trade);
    await eventually(() => hub.database.pool.query('select'), PATIENCE);
    const said = saidBy(trade);
    // Before anybody repairs anything.
    await booksAreClean();
    await inTheBookOnce(said);
    const again = new Map<string, Told>();
    for (const [id, work] of said.asked) again.set(id, await eventually(() => perform(hub, ADMIN, work), PATIENCE));
    for (const [id, told] of said.told) expect([id, again.get(id)]).toEqual([id, told]);
    for (const { kind } of again.values()) kinds.add(kind);
    expect(said.told.size).toBeGreaterThanOrEqual(70);
    await booksAreClean();
    await inTheBookOnce({ ...said, told: again });
  }
  expect([...kinds].sort()).toEqual(['held', 'issued', 'recorded', 'redeemed', 'refunded', 'refused', 'reversed']);
  expect(await allExplained(hub)).toBeGreaterThan(70 * ROUNDS);
});
