import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Hub } from '../../src/domain/hub.ts';
import { closeAgreed } from '../helpers/agree.ts';
import { eventually } from '../helpers/basics.ts';
import {
  ADMIN,
  aCampaign,
  anOrder,
  aStore,
  codesOf,
  counterAt,
  hold,
  limit,
  openTestHub,
  redeem,
  rowsOf,
  type TestHub,
} from '../helpers/domain.ts';
import { anIssuingCampaign } from '../order/issuing-support.ts';

jest.setTimeout(60_000);

let t: TestHub;
let hub: Hub;
let storeId: string;

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  storeId = (await aStore(hub)).id;
});
afterAll(() => closeAgreed(t));

test('a hold that another process replaces while it is let go gives back once', async () => {
  const twin = await t.twin();
  const { id } = await aCampaign(hub, { limits: [limit('CAMPAIGN', 10_000)] });
  const codes = await codesOf(hub, id, 600);
  for (let round = 0; round < 40; round += 1) {
    const order = anOrder(storeId);
    await Promise.all(
      Array.from({ length: 8 }, async (_, n) => {
        const at = n % 2 === 0 ? hub : twin;
        const answer = await hold(at, { codes: [codes.pop() ?? ''], order });
        if (answer.kind === 'held') await (n % 2 === 0 ? twin : hub).desk.releaseHold(ADMIN, answer.hold.id);
      }),
    );
    expect({ round, ...(await counterAt(hub, `limit:${id}:REDEMPTIONS:CAMPAIGN:EVER::`)) }).toEqual({ round, used: 0, held: 0 });
  }
});

test('who had to wait for a hold is told of the hold, not of what it has used up', async () => {
  const twin = await t.twin();
  // Its vouchers may be earned: they are read under locks.
  const { id } = await anIssuingCampaign(hub, {}, { limits: [limit('CAMPAIGN', 2)] });
  const [code = '', other = '', first = ''] = await codesOf(hub, id, 3);
  // What is counted has a row from here on, which can be waited for.
  expect((await redeem(hub, { codes: [first], order: anOrder(storeId) })).kind).toBe('redeemed');
  await twin.codes.refresh();
  await twin.campaigns.refresh();
  const gate = await hub.database.pool.connect();
  const waiting = (count: number) =>
    eventually(async () => expect(await rowsOf(hub, 'select from pg_locks where not granted')).toHaveLength(count));
  try {
    await gate.query('begin');
    await gate.query('lock table hold in share mode');
    // Has taken voucher and counter when it comes to its own row.
    const holding = hold(twin, { codes: [code], order: anOrder(storeId) });
    await waiting(1);
    const redeeming = redeem(hub, { codes: [code], order: anOrder(storeId) });
    await waiting(2);
    await gate.query('commit');
    expect((await holding).kind).toBe('held');
    expect(await redeeming).toMatchObject({ kind: 'refused', rejections: [{ code, reason: 'HELD_ELSEWHERE' }] });
  } finally {
    gate.release();
  }
  expect(await redeem(hub, { codes: [other], order: anOrder(storeId) })).toMatchObject({
    kind: 'refused',
    rejections: [{ reason: 'LIMIT_CAMPAIGN' }],
  });
});
