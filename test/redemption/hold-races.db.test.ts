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

/** Who makes or ends a hold waits before its row, with vouchers and counters taken already. */
async function closeGate(): Promise<{ open(): Promise<void> }> {
  const client = await hub.database.pool.connect();
  await client.query('begin');
  await client.query('lock table hold in share mode');
  let closed = true;
  return {
    async open() {
      if (closed) await client.query('commit');
      if (closed) client.release();
      closed = false;
    },
  };
}

const waiting = (count: number): Promise<void> =>
  eventually(async () => expect((await rowsOf(hub, 'select from pg_locks where not granted')).length).toBeGreaterThanOrEqual(count));

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
  const gate = await closeGate();
  try {
    // Has taken voucher and counter when it comes to its own row.
    const holding = hold(twin, { codes: [code], order: anOrder(storeId) });
    await waiting(1);
    const redeeming = redeem(hub, { codes: [code], order: anOrder(storeId) });
    await waiting(2);
    await gate.open();
    expect((await holding).kind).toBe('held');
    expect(await redeeming).toMatchObject({ kind: 'refused', rejections: [{ code, reason: 'HELD_ELSEWHERE' }] });
  } finally {
    await gate.open();
  }
  expect(await redeem(hub, { codes: [other], order: anOrder(storeId) })).toMatchObject({
    kind: 'refused',
    rejections: [{ reason: 'LIMIT_CAMPAIGN' }],
  });
});

test('who comes while somebody else ends a hold whose time is over waits for what it gives back', async () => {
  const twin = await t.twin();
  const { id } = await aCampaign(hub, { limits: [limit('CAMPAIGN', 1)] });
  const [code = '', other = ''] = await codesOf(hub, id, 2);
  await twin.codes.refresh();
  expect((await hold(hub, { codes: [code], order: anOrder(storeId), ttlSeconds: 60 })).kind).toBe('held');
  const gate = await closeGate();
  try {
    // From here on the limit is known to be full, and looked at without locks.
    expect(await redeem(hub, { codes: [other], order: anOrder(storeId) })).toMatchObject({ rejections: [{ reason: 'LIMIT_CAMPAIGN' }] });
    t.clock.tick(61_000);
    const ending = redeem(twin, { codes: ['NO-SUCH-CODE'], order: anOrder(storeId) });
    await waiting(1);
    const redeeming = redeem(hub, { codes: [other], order: anOrder(storeId) });
    await waiting(2);
    await gate.open();
    expect((await ending).kind).toBe('refused');
    expect((await redeeming).kind).toBe('redeemed');
  } finally {
    await gate.open();
  }
});
