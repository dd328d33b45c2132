import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { CampaignRecord } from '../../src/domain/campaign/campaign.types.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { closeAgreed } from '../helpers/agree.ts';
import { actor, eventually } from '../helpers/basics.ts';
import {
  ADMIN,
  aCampaign,
  anOrder,
  aStore,
  codesOf,
  counterAt,
  held,
  hold,
  limit,
  line,
  openTestHub,
  reasonsOf,
  redeem,
  redeemed,
  rejections,
  reversals,
  reverse,
  rowsOf,
  sharedWord,
  type TestHub,
  theRedemption,
} from '../helpers/domain.ts';

jest.setTimeout(60_000);

const NOW = '2026-05-04T18:00:00.000Z';
const MINUTE = 60_000;

let t: TestHub;
let hub: Hub;
let store: StoreTerms;
let campaign: CampaignRecord;
let codes: string[];

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  store = await aStore(hub);
  campaign = await aCampaign(hub, { budget: { minor: 1_000_000, currency: 'EUR' } });
  codes = await codesOf(hub, campaign.id, 60);
});
beforeEach(() => t.clock.set(NOW));
afterAll(() => closeAgreed(t));

const fresh = (): string => codes.pop() ?? '';
const budget = () => counterAt(hub, `budget:${campaign.id}`);
const statusOf = async (id: string) => (await rowsOf<{ status: string }>(hub, 'select status from hold where id = $1', [id]))[0]?.status;
const shown = async (code: string) => (await hub.vouchers.byCode(code))?.shown;
/** Why vouchers of a hold came free, as the book tells. */
const releases = async (holdId: string) =>
  (
    await rowsOf<{ code: string; because: string }>(
      hub,
      `select code, data ->> 'because' as because from (select code, type, data from ledger_event union all select code, type, data from ledger_intake) event where type = 'HOLD_RELEASED' and data ->> 'holdId' = $1 order by code`,
      [holdId],
    )
  ).map((row) => [row.code, row.because]);

describe('a hold', () => {
  test('sets vouchers and budget aside, and shows what the order comes to', async () => {
    const [one, two] = [fresh(), fresh()];
    const before = await budget();
    const answer = held(await hold(hub, { codes: [one, two], order: anOrder(store.id), ttlSeconds: 300 }));
    expect(answer).toMatchObject({
      codes: [one, two],
      status: 'ACTIVE',
      expiresAt: '2026-05-04T18:05:00.000Z',
      storeId: store.id,
      priced: { voucherDiscounts: 380, due: 1_620 },
    });
    expect(await shown(one)).toBe('HELD');
    expect(await budget()).toEqual({ used: before.used, held: before.held + 380 });
  });

  test('keeps others out, who hear until when', async () => {
    const code = fresh();
    held(await hold(hub, { codes: [code], order: anOrder(store.id) }));
    for (const answer of [
      await redeem(hub, { codes: [code], order: anOrder(store.id) }),
      await hold(hub, { codes: [code], order: anOrder(store.id) }),
    ]) {
      expect(reasonsOf(answer)).toEqual(['HELD_ELSEWHERE']);
      expect(rejections(answer)[0]?.failures[0]?.facts).toEqual({ at: '2026-05-04T18:10:00.000Z' });
      expect(rejections(answer)[0]?.nearestBasket).toEqual({ validFrom: '2026-05-04T18:10:00.000Z' });
    }
  });

  test('is redeemed by its id: what was held is used', async () => {
    const [one, two] = [fresh(), fresh()];
    const before = await budget();
    const order = anOrder(store.id);
    const { id } = held(await hold(hub, { codes: [one, two], order }));
    const answer = redeemed(await redeem(hub, { holdId: id, order }));
    expect(answer.redemptions.map((redemption) => redemption.code)).toEqual([one, two].sort());
    expect(await statusOf(id)).toBe('REDEEMED');
    expect(await budget()).toEqual({ used: before.used + 380, held: before.held });
    expect([await shown(one), await shown(two)]).toEqual(['REDEEMED', 'REDEEMED']);
    expect(await releases(id)).toEqual([]);
    expect(reasonsOf(await redeem(hub, { holdId: id, order }))).toEqual(['HOLD_EXPIRED', 'HOLD_EXPIRED']);
  });

  test('does not block its own order, which names the codes; what is not used comes free', async () => {
    const [one, two] = [fresh(), fresh()];
    const order = anOrder(store.id);
    const { id } = held(await hold(hub, { codes: [one, two], order }));
    const before = await budget();
    theRedemption(await redeem(hub, { codes: [one], order }));
    expect(await statusOf(id)).toBe('REDEEMED');
    expect(await releases(id)).toEqual([[two, 'NOT_USED']]);
    expect(await budget()).toEqual({ used: before.used + 200, held: before.held - 380 });
    redeemed(await redeem(hub, { codes: [two], order: anOrder(store.id) }));
  });

  test('does not block its own order of a shared word either, and is used up by it', async () => {
    const word = await sharedWord(hub, campaign.id);
    redeemed(await redeem(hub, { codes: [word], order: anOrder(store.id) }));
    const order = anOrder(store.id);
    const { id } = held(await hold(hub, { codes: [word], order }));
    const before = await budget();
    // A process that met no conflict yet writes before it looks.
    theRedemption(await redeem(await t.twin(), { codes: [word], order }));
    expect(await statusOf(id)).toBe('REDEEMED');
    expect(await budget()).toEqual({ used: before.used + 200, held: before.held - 200 });
  });

  test('stays where its order redeems something else', async () => {
    const [one, two] = [fresh(), fresh()];
    const order = anOrder(store.id);
    const { id } = held(await hold(hub, { codes: [one], order }));
    theRedemption(await redeem(hub, { codes: [two], order }));
    expect(await statusOf(id)).toBe('ACTIVE');
    theRedemption(await redeem(hub, { holdId: id, order }));
  });

  test('is replaced by a new one of the same order, in one commit, even for the same voucher', async () => {
    const [one, two] = [fresh(), fresh()];
    const order = anOrder(store.id);
    const before = await budget();
    const first = held(await hold(hub, { codes: [one, two], order }));
    const second = held(await hold(hub, { codes: [two], order }));
    expect([await statusOf(first.id), await statusOf(second.id)]).toEqual(['RELEASED', 'ACTIVE']);
    expect((await releases(first.id)).map(([, because]) => because)).toEqual(['REPLACED', 'REPLACED']);
    expect([await shown(one), await shown(two)]).toEqual(['CREATED', 'HELD']);
    expect(await budget()).toEqual({ used: before.used, held: before.held + 200 });
    // Of another order it is somebody else's.
    expect(reasonsOf(await hold(hub, { codes: [two], order: anOrder(store.id) }))).toEqual(['HELD_ELSEWHERE']);
  });

  test('that is replaced by one that is refused stays', async () => {
    const [one, used] = [fresh(), fresh()];
    redeemed(await redeem(hub, { codes: [used], order: anOrder(store.id) }));
    const order = anOrder(store.id);
    const first = held(await hold(hub, { codes: [one], order }));
    expect(reasonsOf(await hold(hub, { codes: [one, used], order }))).toEqual(['ALREADY_REDEEMED']);
    expect(await statusOf(first.id)).toBe('ACTIVE');
  });

  test('is for the basket it was made for', async () => {
    const code = fresh();
    const order = anOrder(store.id, { customer: null, lines: [line('paella', 2_000, { quantity: '2' })] });
    const { id } = held(await hold(hub, { codes: [code], order }));
    const sums = async () => (await hub.campaigns.counts([campaign.id]))[0]?.rejected ?? 0;
    const before = await sums();
    const others = [
      { ...order, lines: [line('paella', 2_000, { quantity: '1' })] },
      { ...order, lines: [line('paella', 1_999, { quantity: '2' })] },
      { ...order, lines: [line('paella', 2_000, { quantity: '2', discount: 1 })] },
      { ...order, lines: [line('fideuá', 2_000, { quantity: '2' })] },
      { ...order, customer: { phone: '+34600111333' } },
    ];
    for (const other of others) {
      const answer = await redeem(hub, { holdId: id, order: other });
      expect(rejections(answer)).toMatchObject([{ code, reason: 'HOLD_MISMATCH', campaignId: campaign.id }]);
    }
    expect(await sums()).toBe(before + others.length);
    // Who serves it, and under which number, is nothing to the hold.
    theRedemption(await redeem(hub, { holdId: id, order: { ...order, externalId: 'another-number' }, tillId: 'till-2' }));
  });

  test('that there is not is over', async () => {
    expect(rejections(await redeem(hub, { holdId: 'hld_none', order: anOrder(store.id) }))).toMatchObject([
      { code: null, reason: 'HOLD_EXPIRED', campaignId: null },
    ]);
  });

  test('is answered again under its key, in its state of now', async () => {
    const ask = { codes: [fresh()], order: anOrder(store.id), key: 'hold-again' };
    const first = await hold(hub, ask);
    expect(await hold(hub, ask)).toEqual({ ...first, replayed: true });
    await hub.desk.releaseHold(ADMIN, held(first).id);
    expect(held(await hold(hub, ask))).toEqual({ ...held(first), status: 'RELEASED' });
    expect(reasonsOf(await hold(hub, { ...ask, ttlSeconds: 60 }))).toEqual(['IDEMPOTENCY_KEY_REUSED']);
  });

  test('lasts 1 to 3,600 seconds', async () => {
    for (const ttlSeconds of [0, 3_601, 1.5]) {
      await expect(hold(hub, { codes: [fresh()], order: anOrder(store.id), ttlSeconds })).rejects.toMatchObject({
        faults: [{ path: 'input.ttlSeconds' }],
      });
    }
  });

  test('and redeem of one order at once end with one redemption', async () => {
    for (let round = 0; round < 5; round += 1) {
      const code = fresh();
      const order = anOrder(store.id);
      const [, answer] = await Promise.all([hold(hub, { codes: [code], order }), redeem(hub, { codes: [code], order })]);
      theRedemption(answer);
      expect(await shown(code)).toBe('REDEEMED');
    }
  });
});

describe('the end of a hold', () => {
  test('by the clock frees its vouchers and sums, once, with an event', async () => {
    const code = fresh();
    const before = await budget();
    const { id } = held(await hold(hub, { codes: [code], order: anOrder(store.id), ttlSeconds: 60 }));
    t.clock.tick(MINUTE - 1);
    expect(reasonsOf(await redeem(hub, { codes: [code], order: anOrder(store.id) }))).toEqual(['HELD_ELSEWHERE']);
    t.clock.tick(1);
    expect(await shown(code)).toBe('CREATED');
    await eventually(async () => expect(await releases(id)).toEqual([[code, 'EXPIRED']]));
    expect(await statusOf(id)).toBe('EXPIRED');
    expect(await budget()).toEqual(before);
  });

  test('by the clock is no hindrance before anybody swept', async () => {
    const code = fresh();
    const order = anOrder(store.id);
    const { id } = held(await hold(hub, { codes: [code], order, ttlSeconds: 60 }));
    t.clock.tick(MINUTE);
    theRedemption(await redeem(hub, { codes: [code], order: anOrder(store.id) }));
    expect(rejections(await redeem(hub, { holdId: id, order }))).toMatchObject([{ code, reason: 'HOLD_EXPIRED', campaignId: campaign.id }]);
    expect(await releases(id)).toEqual([[code, 'EXPIRED']]);
  });

  test('frees a limit that it had filled', async () => {
    const few = await aCampaign(hub, { name: 'Uno', limits: [limit('CAMPAIGN', 1)] });
    const [one = '', two = ''] = await codesOf(hub, few.id, 2);
    held(await hold(hub, { codes: [one], order: anOrder(store.id), ttlSeconds: 60 }));
    const answer = await redeem(hub, { codes: [two], order: anOrder(store.id) });
    expect(reasonsOf(answer)).toEqual(['LIMIT_CAMPAIGN']);
    expect(rejections(answer)[0]?.failures[0]?.facts.limit).toMatchObject({
      max: 1,
      used: 0,
      held: 1,
      heldUntil: '2026-05-04T18:01:00.000Z',
    });
    t.clock.tick(MINUTE);
    theRedemption(await redeem(hub, { codes: [two], order: anOrder(store.id) }));
  });

  test('comes at once when it is released; a second release changes nothing', async () => {
    const code = fresh();
    const { id } = held(await hold(hub, { codes: [code], order: anOrder(store.id) }));
    expect(await hub.desk.releaseHold(ADMIN, id)).toMatchObject({ id, status: 'RELEASED' });
    expect(await hub.desk.releaseHold(ADMIN, id)).toMatchObject({ id, status: 'RELEASED' });
    expect(await releases(id)).toEqual([[code, 'RELEASED']]);
    expect(await shown(code)).toBe('CREATED');
    await expect(hub.desk.releaseHold(ADMIN, 'hld_none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(hub.desk.releaseHold(actor('TILL', ['sto_other']), id)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('of one that was redeemed changes nothing', async () => {
    const code = fresh();
    const order = anOrder(store.id);
    const { id } = held(await hold(hub, { codes: [code], order }));
    const redemption = theRedemption(await redeem(hub, { holdId: id, order }));
    expect(await hub.desk.releaseHold(ADMIN, id)).toMatchObject({ status: 'REDEEMED' });
    expect(reasonsOf(await hub.desk.extendHold(ADMIN, id, 60))).toEqual(['HOLD_EXPIRED']);
    expect(await shown(code)).toBe('REDEEMED');
    expect(reversals(await reverse(hub, { redemptionId: redemption.id }))).toMatchObject([{ amount: 200 }]);
  });

  test('is put off to now + ttl, at most four hours after it began', async () => {
    const { id } = held(await hold(hub, { codes: [fresh()], order: anOrder(store.id), ttlSeconds: 3_600 }));
    expect(held(await hub.desk.extendHold(ADMIN, id, 60)).expiresAt).toBe('2026-05-04T18:01:00.000Z');
    expect(held(await hub.desk.extendHold(ADMIN, id, 3_600)).expiresAt).toBe('2026-05-04T19:00:00.000Z');
    for (const [at, until] of [
      ['18:59', '19:59'],
      ['19:58', '20:58'],
      ['20:57', '21:57'],
      ['21:56', '22:00'],
    ]) {
      t.clock.set(`2026-05-04T${at}:00.000Z`);
      expect(held(await hub.desk.extendHold(ADMIN, id, 3_600)).expiresAt).toBe(`2026-05-04T${until}:00.000Z`);
    }
    t.clock.set('2026-05-04T22:00:00.000Z');
    expect(reasonsOf(await hub.desk.extendHold(ADMIN, id, 60))).toEqual(['HOLD_EXPIRED']);
    await expect(hub.desk.extendHold(ADMIN, id, 3_601)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

test('validate sees holds and limits, own hold left aside, and takes nothing', async () => {
  const code = fresh();
  const order = anOrder(store.id);
  held(await hold(hub, { codes: [code], order }));
  const before = await budget();
  const command = { codes: [code], tillId: null, staffId: null };
  expect(await hub.desk.validate(ADMIN, { ...command, order })).toMatchObject({
    outcomes: [{ outcome: 'applicable', amount: 200 }],
    priced: { due: 1_800 },
  });
  expect(await hub.desk.validate(ADMIN, { ...command, order: anOrder(store.id) })).toMatchObject({
    outcomes: [{ reason: 'HELD_ELSEWHERE', action: 'VALIDATE' }],
    priced: { due: 2_000 },
  });
  expect(await budget()).toEqual(before);
});

test('a voucher that was used up and may be used again since is open again, held as much as redeemed', async () => {
  const often = await aCampaign(hub, { limits: [limit('VOUCHER', 1)] });
  const [code = ''] = await codesOf(hub, often.id);
  redeemed(await redeem(hub, { order: anOrder(store.id), codes: [code] }));
  expect((await hub.vouchers.byCode(code))?.shown).toBe('REDEEMED');
  await hub.campaigns.update(ADMIN, often.id, { limits: [limit('VOUCHER', 3)] });
  const kept = held(await hold(hub, { order: anOrder(store.id), codes: [code] }));
  expect(await rowsOf(hub, `select status, max_uses as most from voucher where code = '${code}'`)).toEqual([{ status: 'ISSUED', most: 3 }]);
  await hub.desk.releaseHold(ADMIN, kept.id);
  expect((await hub.vouchers.byCode(code))?.shown).toBe('ISSUED');
});

test('only who is refused for what is held has all open holds looked through, to be told until when', async () => {
  const scarce = await aCampaign(hub, { limits: [limit('CAMPAIGN', 2)] });
  const [one = '', other = '', third = ''] = await codesOf(hub, scarce.id, 3);
  const { expiresAt } = held(await hold(hub, { codes: [one], order: anOrder(store.id), ttlSeconds: 3_600 }));
  const query = jest.spyOn(hub.database.pool, 'query');
  const validated = async (code: string) => {
    query.mockClear();
    const { outcomes } = await hub.desk.validate(ADMIN, { codes: [code], order: anOrder(store.id), tillId: null, staffId: null });
    const looks = (query.mock.calls as unknown as [{ name?: string }][]).filter(([{ name }]) => name === 'ends-of-holds');
    return { outcome: outcomes[0], looks: looks.length };
  };
  try {
    expect(await validated(other)).toMatchObject({ outcome: { outcome: 'applicable' }, looks: 0 });
    redeemed(await redeem(hub, { codes: [other], order: anOrder(store.id) }));
    expect(await validated(third)).toMatchObject({
      outcome: { reason: 'LIMIT_CAMPAIGN', failures: [{ facts: { limit: { used: 1, held: 1, heldUntil: expiresAt } } }] },
      looks: 1,
    });
  } finally {
    query.mockRestore();
  }
});
