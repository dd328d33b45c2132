import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Hub } from '../../src/domain/hub.ts';
import { closeAgreed } from '../helpers/agree.ts';
import { ADMIN, aCampaign, anOrder, aStore, codesOf, counterAt, hold, limit, openTestHub, type TestHub } from '../helpers/domain.ts';

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
