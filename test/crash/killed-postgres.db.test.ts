import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { migrateDatabase } from '../../src/database/migrate.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { RedeemAnswer } from '../../src/domain/redemption/redemption.types.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { waitForExit } from '../../src/embedded/processes.ts';
import { booksAgree } from '../helpers/agree.ts';
import { eventually, silent } from '../helpers/basics.ts';
import { type TemporaryFolder, temporaryFolder } from '../helpers/child-process.ts';
import {
  ADMIN,
  aCampaign,
  amount,
  anOrder,
  aStore,
  codesOf,
  openTestHub,
  redeem,
  redeemed,
  rowsOf,
  sharedWord,
  type TestHub,
} from '../helpers/domain.ts';
import { take } from '../ledger/support.ts';

jest.setTimeout(120_000);

const PATIENCE = 60_000;

let folder: TemporaryFolder;
let server: EmbeddedPostgres;
let t: TestHub;
let hub: Hub;
let store: StoreTerms;

beforeAll(async () => {
  folder = await temporaryFolder();
  // A server of its own, which keeps what it acknowledged through a crash.
  server = await startEmbeddedPostgres({ home: folder.path, log: silent });
  await migrateDatabase(server.url);
  t = await openTestHub({ database: { url: server.url, drop: async () => undefined } });
  hub = t.hub;
  store = await aStore(hub);
});
afterAll(async () => {
  await t.close();
  await server.stop();
  await folder.remove();
});

/** Tills that ask again with the same key until they have an answer. */
async function evening(codes: readonly string[], word: string, acknowledged: (n: number) => void): Promise<Map<string, RedeemAnswer>> {
  const answers = new Map<string, RedeemAnswer>();
  let next = 0;
  const till = async () => {
    while (next < codes.length) {
      const code = codes[next++] ?? '';
      const ask = { codes: [code, word], order: anOrder(store.id), key: randomUUID() };
      answers.set(code, await eventually(() => redeem(hub, ask), PATIENCE));
      acknowledged(answers.size);
    }
  };
  await Promise.all(Array.from({ length: 24 }, till));
  return answers;
}

const breakdowns: readonly [string, () => Promise<void>][] = [
  [
    'every connection is cut',
    async () => {
      await rowsOf(
        hub,
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
    },
  ],
  [
    'the server is killed outright',
    async () => {
      const pid = server.pid();
      process.kill(pid, 'SIGKILL');
      expect(await waitForExit(pid, PATIENCE)).toBe(true);
    },
  ],
];

test.each(breakdowns)(
  'where %s in the middle of an evening, all that was acknowledged is there once, and the rest is done when it is asked again',
  async (_, breakDown) => {
    const campaign = await aCampaign(hub, { incentive: amount(100), budget: { minor: 10_000_000, currency: 'EUR' } });
    const word = await sharedWord(hub, campaign.id);
    const codes = await codesOf(hub, campaign.id, 400);
    const leaving = new AbortController();
    const { endCursor } = await hub.ledger.page(null, 1_000, null, ADMIN);
    const following = take(
      await hub.ledger.follow(endCursor, { types: ['VOUCHER_REDEEMED'], campaignIds: [campaign.id] }, ADMIN, leaving.signal),
      2 * codes.length,
    );
    let broken: Promise<void> | undefined;
    const answers = await evening(codes, word, (n) => {
      if (n === 150) broken = breakDown();
    });
    await broken;
    // Who followed the ledger saw each redemption once, across the breakdown.
    const seen = (await following).map((event) => event.redemptionId);
    leaving.abort();
    const ids = [...answers.values()].flatMap((answer) => redeemed(answer).redemptions.map((redemption) => redemption.id));
    expect(ids).toHaveLength(2 * codes.length);
    expect(seen.sort()).toEqual(ids.sort());
    await booksAgree(server.url);
  },
);
