import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Hub } from '../../src/domain/hub.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { closeAgreed } from '../helpers/agree.ts';
import {
  ADMIN,
  aCampaign,
  amount,
  anOrder,
  aStore,
  counterAt,
  hold,
  limit,
  openTestHub,
  reasonsOf,
  redeem,
  reverse,
  rowsOf,
  sharedWord,
  type TestHub,
} from '../helpers/domain.ts';

jest.setTimeout(120_000);

let t: TestHub;
let hubs: [Hub, Hub];
let store: StoreTerms;

beforeAll(async () => {
  t = await openTestHub();
  store = await aStore(t.hub);
  hubs = [t.hub, await t.twin()];
});
afterAll(() => closeAgreed(t));

/** Redeems, holds, uses holds up and takes back, at both hubs at once, until told to stop. Gives back how many were granted. */
async function hammer(word: string, tillId: string, going: () => boolean): Promise<number> {
  let granted = 0;
  const lane = async (hub: Hub, turn: number): Promise<void> => {
    for (let round = turn; going(); round += 1) {
      const order = anOrder(store.id);
      if (round % 3 === 0) {
        const held = await hold(hub, { codes: [word], order, tillId });
        if (held.kind === 'held' && round % 2 === 0) await redeem(hub, { holdId: held.hold.id, order, tillId }).then(count);
        if (held.kind === 'held' && round % 2 === 1) await hub.desk.releaseHold(ADMIN, held.hold.id);
        continue;
      }
      const answer = count(await redeem(hub, { codes: [word], order, tillId }));
      if (answer.kind === 'redeemed' && round % 4 === 0) await reverse(hub, { redemptionId: answer.redemptions[0]?.id ?? '' });
    }
  };
  const count = <A extends { kind: string }>(answer: A): A => {
    if (answer.kind === 'redeemed') granted += 1;
    return answer;
  };
  await Promise.all(hubs.flatMap((hub) => [0, 1, 2].map((turn) => lane(hub, turn))));
  return granted;
}

test('a limit and a budget that come while everybody redeems miss nobody', async () => {
  const [one, other] = hubs;
  for (let round = 0; round < 3; round += 1) {
    const { id } = await aCampaign(one, { incentive: amount(1) });
    const word = await sharedWord(one, id);
    let going = true;
    const load = hammer(word, `till-${round}`, () => going);
    while ((await rowsOf(one, 'select 1 from redemption where campaign_id = $1 limit 30', [id])).length < 30) await other.codes.refresh();
    await other.campaigns.update(ADMIN, id, {
      limits: [limit('CAMPAIGN', 100_000), limit('TILL', 100_000, { counts: 'DISCOUNT_AMOUNT' })],
      budget: { minor: 100_000, currency: 'EUR' },
    });
    await one.campaigns.update(ADMIN, id, { limits: [limit('CAMPAIGN', 100_000), limit('STORE', 100_000, { period: 'WEEK' })] });
    going = false;
    expect(await load).toBeGreaterThan(0);
    const [row] = await rowsOf<{ all: number; standing: number; counted: number; paid: number }>(
      one,
      `select count(*) as all, count(*) filter (where not undone) as standing, sum(amount - reversed)::bigint as paid,
         count(*) filter (where (select count(*) from json_array_elements(taken) use where use ->> 'key' in ($2, $3) or use ->> 'key' like $4) = 3) as counted
       from redemption where campaign_id = $1`,
      [id, `limit:${id}:REDEMPTIONS:CAMPAIGN:EVER::`, `budget:${id}`, `limit:${id}:REDEMPTIONS:STORE:WEEK:%`],
    );
    expect(row?.counted).toBe(row?.all);
    expect((await counterAt(one, `limit:${id}:REDEMPTIONS:CAMPAIGN:EVER::`)).used).toBe(row?.standing);
    expect((await counterAt(one, `budget:${id}`)).used).toBe(row?.paid);
  }
});

test('a limit on issued vouchers that comes while two hubs issue misses nobody', async () => {
  const [one, other] = hubs;
  const { id } = await aCampaign(one, { incentive: amount(1), distribution: 'CUSTOMER' });
  let going = true;
  let issued = 0;
  const lane = async (hub: Hub, at: number): Promise<void> => {
    while (going) {
      const customer = { phone: `+3460011000${at}` };
      const answer = await hub.issuing.issue(ADMIN, { idempotencyKey: randomUUID(), campaignId: id, customer, validUntil: null });
      if (answer.kind === 'issued') issued += 1;
    }
  };
  const lanes = Promise.all([lane(one, 1), lane(one, 2), lane(other, 3), lane(other, 4)]);
  while (issued < 10) await one.codes.refresh();
  await other.campaigns.update(ADMIN, id, { limits: [limit('CAMPAIGN', 100_000, { counts: 'ISSUED' })] });
  const soFar = issued;
  while (issued < soFar + 10) await one.codes.refresh();
  going = false;
  await lanes;
  expect(await counterAt(one, `limit:${id}:ISSUED:CAMPAIGN:EVER::`)).toEqual({ used: issued, held: 0 });
});

test('nothing that is asked after a pause was answered is redeemed, whoever is asked', async () => {
  const [one, other] = hubs;
  const { id } = await aCampaign(one, { incentive: amount(1) });
  const word = await sharedWord(one, id);
  await other.codes.refresh();
  for (let round = 0; round < 5; round += 1) {
    let going = true;
    const load = hammer(word, 'till', () => going);
    await one.campaigns.pause(ADMIN, id);
    const answers = await Promise.all([other, one, other, one].map((hub) => redeem(hub, { codes: [word], order: anOrder(store.id) })));
    const holds = await Promise.all([other, one].map((hub) => hold(hub, { codes: [word], order: anOrder(store.id) })));
    going = false;
    await load;
    expect([...answers, ...holds].map(reasonsOf)).toEqual(Array(6).fill(['CAMPAIGN_PAUSED']));
    await other.campaigns.activate(ADMIN, id);
  }
  const [row] = await rowsOf<{ late: number }>(
    one,
    `select count(*) as late from redemption join campaign_version version using (campaign_id)
     where campaign_id = $1 and version.version = campaign_version and version.content ->> 'status' <> 'ACTIVE'`,
    [id],
  );
  expect(row?.late).toBe(0);
});
