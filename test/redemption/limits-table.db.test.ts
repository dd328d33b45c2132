import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { LIMIT_PERIODS, LIMIT_PERS, type Limit } from '../../src/domain/campaign/campaign.types.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { OrderDraft } from '../../src/domain/redemption/redemption.types.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { closeAgreed } from '../helpers/agree.ts';
import { actor } from '../helpers/basics.ts';
import {
  ADMIN,
  aCampaign,
  amount,
  anOrder,
  aStore,
  codesOf,
  held,
  hold,
  limit,
  openTestHub,
  redeem,
  redeemed,
  rejections,
  reverse,
  type TestHub,
  theRedemption,
} from '../helpers/domain.ts';

// Every limit there can be, each filled by a redemption and a hold, overrun, freed and begun anew with its period.

jest.setTimeout(120_000);

/** A Monday evening. */
const NOW = '2026-05-04T18:00:00.000Z';
/** When the period that holds it gives way to the next, in a store whose day begins at four in the morning. */
const RESETS = {
  EVER: null,
  BUSINESS_DAY: '2026-05-05T02:00:00.000Z',
  WEEK: '2026-05-11T02:00:00.000Z',
  MONTH: '2026-06-01T02:00:00.000Z',
  YEAR: '2027-01-01T03:00:00.000Z',
} as const;
const GIVES = 200;

let t: TestHub;
let hub: Hub;
let store: StoreTerms;

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  store = await aStore(hub);
});
beforeEach(() => t.clock.set(NOW));
afterAll(() => closeAgreed(t));

/** A sub of an active main, with the limit where it belongs. */
async function limited(wanted: Limit): Promise<{ id: string }> {
  const main = await aCampaign(hub, { name: 'Verano', incentive: null });
  const distribution = wanted.counts === 'ISSUED' ? 'CUSTOMER' : 'OPEN';
  return aCampaign(hub, { parentId: main.id, incentive: amount(GIVES), limits: [wanted], distribution });
}

describe.each(['REDEMPTIONS', 'DISCOUNT_AMOUNT'] as const)('a limit on %s', (counts) => {
  const kinds = LIMIT_PERS.flatMap((per) => LIMIT_PERIODS.map((period) => [per, period] as const));
  test.each(kinds)('per %s and %s', async (per, period) => {
    const unit = counts === 'REDEMPTIONS' ? 1 : GIVES;
    const { id } = await limited(limit(per, 2 * unit, { counts, period }));
    const word = `W${randomUUID().replaceAll('-', '').toUpperCase()}`.slice(0, 20);
    await hub.codes.generate(ADMIN, { campaignId: id, idempotencyKey: word, count: 1, shared: word });
    const codes = await codesOf(hub, id, 8);
    const one = randomUUID();
    // Per VOUCHER the same word again and again, per ORDER other codes on the same order, else other codes on other orders.
    const next = (): { codes: string[]; order: OrderDraft; tillId: string } => ({
      codes: [per === 'VOUCHER' ? word : (codes.pop() ?? '')],
      order: anOrder(store.id, { customer: { phone: '+34600000001' }, ...(per === 'ORDER' && { externalId: one }) }),
      tillId: 'till-1',
    });
    const refusal = async () => rejections(await redeem(hub, next()))[0];
    const facts = { counts, per, period, max: 2 * unit, heldUntil: null, resetsAt: RESETS[period] };

    const first = theRedemption(await redeem(hub, next()));
    const kept = held(await hold(hub, next()));
    const full = await refusal();
    expect(full?.reason).toBe(`LIMIT_${per}`);
    expect(full?.failures[0]?.facts.limit).toEqual({ ...facts, used: unit, held: unit, heldUntil: '2026-05-04T18:10:00.000Z' });

    await hub.desk.releaseHold(ADMIN, kept.id);
    redeemed(await redeem(hub, next()));
    expect((await refusal())?.failures[0]?.facts.limit).toEqual({ ...facts, used: 2 * unit, held: 0 });
    await reverse(hub, { redemptionId: first.id });
    redeemed(await redeem(hub, next()));
    expect((await refusal())?.failures[0]?.facts.limit).toEqual({ ...facts, used: 2 * unit, held: 0 });

    const resetsAt = RESETS[period];
    if (resetsAt === null) return;
    t.clock.set(resetsAt);
    redeemed(await redeem(hub, next()));
  });
});

describe('a limit on ISSUED', () => {
  const kinds = (['CUSTOMER', 'STORE', 'TILL', 'CAMPAIGN', 'MAIN_CAMPAIGN'] as const).flatMap((per) =>
    LIMIT_PERIODS.map((period) => [per, period] as const),
  );
  test.each(kinds)('per %s and %s', async (per, period) => {
    const { id } = await limited(limit(per, 2, { counts: 'ISSUED', period }));
    const till = actor('TILL', [store.id]);
    const issue = () =>
      hub.issuing.issue(till, { idempotencyKey: randomUUID(), campaignId: id, customer: { phone: '+34600000001' }, validUntil: null });
    for (const _ of [1, 2]) expect(await issue()).toMatchObject({ kind: 'issued' });
    const limitFacts = { counts: 'ISSUED', per, period, max: 2, used: 2, held: 0, resetsAt: RESETS[period] };
    expect(await issue()).toMatchObject({
      kind: 'refused',
      rejections: [{ reason: `LIMIT_${per}`, failures: [{ facts: { limit: limitFacts } }] }],
    });
    const resetsAt = RESETS[period];
    if (resetsAt === null) return;
    t.clock.set(resetsAt);
    expect(await issue()).toMatchObject({ kind: 'issued' });
  });
});
