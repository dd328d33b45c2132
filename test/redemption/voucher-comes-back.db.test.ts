import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { CampaignDraft } from '../../src/domain/campaign/campaign.types.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { closeAgreed } from '../helpers/agree.ts';
import { eventually } from '../helpers/basics.ts';
import {
  ADMIN,
  aCampaign,
  anOrder,
  aStore,
  codesOf,
  hold,
  limit,
  openTestHub,
  percent,
  reasonsOf,
  redeem,
  reversals,
  reverse,
  rowsOf,
  sharedWord,
  type TestHub,
  theRedemption,
} from '../helpers/domain.ts';

jest.setTimeout(60_000);

const NOW = '2026-05-04T18:00:00.000Z';
const HOUR = 3_600_000;
const GUEST = { phone: '+34600222333' };

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

const oneCode = async (draft: Partial<CampaignDraft> = {}): Promise<{ id: string; code: string }> => {
  const { id } = await aCampaign(hub, { incentive: percent('10'), ...draft });
  const [code = ''] = await codesOf(hub, id);
  return { id, code };
};
const use = async (code: string, over: Parameters<typeof anOrder>[1] = {}) =>
  theRedemption(await redeem(hub, { codes: [code], order: anOrder(store.id, over) }));
const refused = async (code: string, over: Parameters<typeof anOrder>[1] = {}) =>
  reasonsOf(await redeem(hub, { codes: [code], order: anOrder(store.id, over) }));
const shown = async (code: string) => (await hub.vouchers.byCode(code))?.shown;
const undo = async (redemptionId: string) => reversals(await reverse(hub, { redemptionId }));

/** A voucher of somebody's own, good for a day. */
async function issued(): Promise<{ code: string; id: string }> {
  const campaign = await aCampaign(hub, { distribution: 'CUSTOMER', limits: [limit('VOUCHER', 2)] });
  await codesOf(hub, campaign.id, 3);
  const validUntil = new Date(Date.parse(NOW) + HOUR).toISOString();
  const answer = await hub.issuing.issue(ADMIN, { idempotencyKey: campaign.id, campaignId: campaign.id, customer: GUEST, validUntil });
  if (answer.kind !== 'issued') throw new Error(reasonsOf(answer as never).join());
  const [voucher] = await hub.vouchers.byPlaces([{ patternId: answer.patternId, index: answer.index }]);
  return { code: voucher?.code ?? '', id: voucher?.id ?? '' };
}

describe('a voucher whose redemption is taken back whole', () => {
  test('is ISSUED and good again, once', async () => {
    const { code } = await oneCode();
    const { id } = await use(code);
    expect(await shown(code)).toBe('REDEEMED');
    await undo(id);
    expect(await shown(code)).toBe('ISSUED');
    await use(code);
    expect(await refused(code)).toEqual(['ALREADY_REDEEMED']);
  });

  test('of several uses has one back: ISSUED, also from the last', async () => {
    const { code } = await oneCode({ limits: [limit('VOUCHER', 2)] });
    const first = await use(code);
    expect(await shown(code)).toBe('ISSUED');
    const second = await use(code);
    expect(await shown(code)).toBe('REDEEMED');
    await undo(first.id);
    expect(await hub.vouchers.byCode(code)).toMatchObject({ shown: 'ISSUED', uses: 1 });
    await undo(second.id);
    expect(await hub.vouchers.byCode(code)).toMatchObject({ shown: 'ISSUED', uses: 0 });
  });

  test('that is a word for all stays ISSUED, which it is from its first use on', async () => {
    const { id: campaignId } = await oneCode();
    const word = await sharedWord(hub, campaignId);
    expect(await shown(word)).toBe('CREATED');
    const one = await use(word);
    await use(word);
    await undo(one.id);
    expect(await hub.vouchers.byCode(word)).toMatchObject({ shown: 'ISSUED', uses: 1 });
  });

  test('that expired meanwhile is expired, and the book tells it', async () => {
    const { code } = await issued();
    const { id } = await use(code, { customer: GUEST });
    t.clock.tick(2 * HOUR);
    await undo(id);
    expect(await shown(code)).toBe('EXPIRED');
    expect(await refused(code, { customer: GUEST })).toEqual(['VOUCHER_EXPIRED']);
    await eventually(async () => {
      const rows = await rowsOf<{ status: string }>(hub, 'select status from voucher where code = $1', [code]);
      expect(rows).toEqual([{ status: 'EXPIRED' }]);
    });
  });

  test('that was issued is still its owner’s', async () => {
    const { code } = await issued();
    await undo((await use(code, { customer: GUEST })).id);
    expect(await shown(code)).toBe('ISSUED');
    expect(await refused(code, { customer: { phone: '+34600222334' } })).toEqual(['OTHER_CUSTOMER']);
    await use(code, { customer: GUEST });
  });

  test('that was blocked or cancelled meanwhile stays so', async () => {
    for (const withdraw of ['block', 'cancel'] as const) {
      const { code, id: voucherId } = await issued();
      const { id } = await use(code, { customer: GUEST });
      await hub.vouchers[withdraw](ADMIN, voucherId, 'lost');
      await undo(id);
      const status = withdraw === 'block' ? 'BLOCKED' : 'CANCELLED';
      expect(await hub.vouchers.byCode(code)).toMatchObject({ shown: status, uses: 0 });
      expect(await refused(code, { customer: GUEST })).toEqual([status]);
    }
  });

  test('whose campaign ended meanwhile is ISSUED, and of no use', async () => {
    const { code, id: campaignId } = await oneCode();
    const { id } = await use(code);
    await hub.campaigns.end(ADMIN, campaignId);
    await undo(id);
    expect(await shown(code)).toBe('ISSUED');
    expect(await refused(code)).toEqual(['CAMPAIGN_ENDED']);
  });

  test('while a hold has its other use keeps both apart', async () => {
    const { code } = await oneCode({ limits: [limit('VOUCHER', 2)] });
    const { id } = await use(code);
    const order = anOrder(store.id);
    const answer = await hold(hub, { codes: [code], order });
    expect(await shown(code)).toBe('HELD');
    await undo(id);
    expect(await shown(code)).toBe('ISSUED');
    await use(code);
    if (answer.kind === 'held') theRedemption(await redeem(hub, { holdId: answer.hold.id, order }));
    expect(await hub.vouchers.byCode(code)).toMatchObject({ shown: 'REDEEMED', uses: 2 });
  });
});
