import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Hub } from '../../src/domain/hub.ts';
import type { RedeemCommand } from '../../src/domain/redemption/redemption.types.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { booksAgree } from '../helpers/agree.ts';
import { startNode } from '../helpers/child-process.ts';
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
  TEST_SECRET,
  type TestHub,
} from '../helpers/domain.ts';

jest.setTimeout(120_000);

const TILL = fileURLToPath(new URL('./fixtures/till.mjs', import.meta.url));

let t: TestHub;
let hub: Hub;
let store: StoreTerms;

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  store = await aStore(hub);
});
afterAll(() => t.close());

interface Said {
  readonly asked: RedeemCommand[];
  readonly redeemed: { readonly key: string; readonly ids: readonly string[] }[];
  readonly reversals: string[];
}

/** Tills in a process of their own, killed outright once they were answered so many times. */
async function killedAfter(
  answers: number,
  work: { readonly name: string; readonly codes: readonly string[]; readonly word: string },
): Promise<Said> {
  const child = startNode([
    TILL,
    JSON.stringify({ url: t.database.url, secret: TEST_SECRET.toString('base64'), now: t.clock.now(), storeId: store.id, ...work }),
  ]);
  await child.line(new RegExp(`"nth":${answers},`));
  child.kill('SIGKILL');
  expect(await child.ended).toBe('SIGKILL');
  const said: Said = { asked: [], redeemed: [], reversals: [] };
  for (const line of child.output().split('\n')) {
    if (!line.startsWith('{')) continue;
    const told = JSON.parse(line) as { asked?: RedeemCommand; key?: string; kind?: string; ids?: string[]; reversals?: string[] };
    if (told.asked) said.asked.push(told.asked);
    if (told.kind === 'redeemed') said.redeemed.push({ key: told.key ?? '', ids: told.ids ?? [] });
    said.reversals.push(...(told.reversals ?? []));
  }
  return said;
}

test('a process killed in the middle of its work loses nothing that it acknowledged, and doubles nothing', async () => {
  const campaign = await aCampaign(hub, { incentive: amount(100), budget: { minor: 10_000_000, currency: 'EUR' } });
  const word = await sharedWord(hub, campaign.id);
  for (const [round, answers] of [40, 120].entries()) {
    const codes = await codesOf(hub, campaign.id, 1_500);
    const mine = await codesOf(hub, campaign.id, 100);
    // Another process goes on with the same word and the same budget.
    let over = false;
    const others = (async () => {
      for (const code of mine) {
        if (over) break;
        redeemed(await redeem(hub, { codes: [code, word], order: anOrder(store.id) }));
      }
    })();
    const said = await killedAfter(answers, { name: `round-${round}`, codes, word });
    over = true;
    await others;
    expect(said.redeemed.length).toBeGreaterThanOrEqual(answers);
    // Before anybody repairs anything: tables, counters and ledger agree, and all that was said is there.
    await booksAgree(t.database.url);
    const ids = said.redeemed.flatMap((answer) => answer.ids);
    expect(await rowsOf(hub, 'select id from redemption where id = any($1)', [ids])).toHaveLength(ids.length);
    expect(
      await rowsOf(hub, "select redemption_id from ledger_event where type = 'VOUCHER_REDEEMED' and redemption_id = any($1)", [ids]),
    ).toHaveLength(ids.length);
    expect(await rowsOf(hub, 'select id from reversal where id = any($1)', [said.reversals])).toHaveLength(said.reversals.length);
    // Whoever had no answer asks again with the same key: what was done is told again, what was not is done now, once.
    const told = new Map(said.redeemed.map(({ key, ids: known }) => [key, known]));
    await Promise.all(
      said.asked.map(async (command) => {
        const answer = redeemed(await hub.desk.redeem(ADMIN, command));
        const known = told.get(command.idempotencyKey);
        if (known) expect([answer.replayed, answer.redemptions.map(({ id }) => id)]).toEqual([true, known]);
      }),
    );
    const doubles = await rowsOf(hub, 'select redeem_key from checkout where redeem_key like $1 group by 1 having count(*) > 1', [
      `round-${round}-%`,
    ]);
    expect(doubles).toEqual([]);
  }
  await booksAgree(t.database.url);
});
