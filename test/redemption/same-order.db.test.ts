import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { CampaignDraft } from '../../src/domain/campaign/campaign.types.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { closeAgreed } from '../helpers/agree.ts';
import {
  aCampaign,
  amount,
  anOrder,
  aStore,
  codesOf,
  line,
  openTestHub,
  percent,
  reasonsOf,
  redeem,
  redeemed,
  reverse,
  type TestHub,
  theRedemption,
} from '../helpers/domain.ts';

jest.setTimeout(60_000);

let t: TestHub;
let hub: Hub;
let store: StoreTerms;

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  store = await aStore(hub);
});
afterAll(() => closeAgreed(t));

const codeOf = async (draft: Partial<CampaignDraft>): Promise<string> => (await codesOf(hub, (await aCampaign(hub, draft)).id))[0] ?? '';

describe('a second redeem on the same order', () => {
  test('goes by what the first left due', async () => {
    const order = anOrder(store.id);
    redeemed(await redeem(hub, { codes: [await codeOf({ incentive: amount(1_500) })], order }));
    const second = redeemed(await redeem(hub, { codes: [await codeOf({ incentive: percent('50') })], order }));
    expect(second.redemptions[0]?.amount).toBe(250);
    expect(second.priced).toMatchObject({ voucherDiscounts: 1_750, due: 250 });
    expect(redeemed(await redeem(hub, { codes: [await codeOf({ incentive: amount(400) })], order })).priced.due).toBe(0);
    expect(reasonsOf(await redeem(hub, { codes: [await codeOf({ incentive: amount(1) })], order }))).toEqual(['NO_EFFECT']);
  });

  test('goes by what a reversal in between gave back', async () => {
    const order = anOrder(store.id);
    const first = theRedemption(await redeem(hub, { codes: [await codeOf({ incentive: amount(1_500) })], order }));
    await reverse(hub, { redemptionId: first.id, amount: 1_000 });
    const second = redeemed(await redeem(hub, { codes: [await codeOf({ incentive: percent('50') })], order }));
    expect(second.redemptions[0]?.amount).toBe(750);
    expect(second.priced).toMatchObject({ voucherDiscounts: 1_250, due: 750 });
  });

  test.each([
    ['of a group that is taken', { stacking: { group: 'house' } }, { stacking: { group: 'house' } }, 'NOT_COMBINABLE'],
    ['after an exclusive voucher', { stacking: { exclusive: true } }, {}, 'EXCLUSIVE_LOST'],
    ['of an exclusive voucher', {}, { stacking: { exclusive: true } }, 'EXCLUSIVE_LOST'],
  ] as const)('%s is refused, until the first is taken back', async (_, first, second, reason) => {
    const order = anOrder(store.id);
    const { id } = theRedemption(await redeem(hub, { codes: [await codeOf({ incentive: amount(100), ...first })], order }));
    const code = await codeOf({ incentive: amount(100), ...second });
    expect(reasonsOf(await redeem(hub, { codes: [code], order }))).toEqual([reason]);
    await reverse(hub, { redemptionId: id, amount: 40 });
    expect(reasonsOf(await redeem(hub, { codes: [code], order }))).toEqual([reason]);
    await reverse(hub, { redemptionId: id });
    theRedemption(await redeem(hub, { codes: [code], order }));
  });

  test('may change the lines where no voucher on the whole order locked them', async () => {
    const scope = { include: { skus: ['vino'] }, excludeDiscounted: false, pick: 'ALL' } as const;
    const onWine = { percentOff: { percent: '10', scope } };
    const order = anOrder(store.id, { lines: [line('paella', 2_000), line('vino', 1_000)] });
    redeemed(await redeem(hub, { codes: [await codeOf({ incentive: onWine })], order }));
    const cheaper = { ...order, lines: [line('paella', 2_000, { discount: 500 }), line('vino', 1_000)] };
    const whole = theRedemption(await redeem(hub, { codes: [await codeOf({ incentive: percent('10') })], order: cheaper }));
    expect(whole.amount).toBe(240);
    const cheaperStill = { ...order, lines: [line('paella', 2_000, { discount: 501 }), line('vino', 1_000)] };
    const code = await codeOf({ incentive: amount(100) });
    expect(reasonsOf(await redeem(hub, { codes: [code], order: cheaperStill }))).toEqual(['LINES_LOCKED']);
    // A line that came later had no discount when the lines were locked.
    const longer = { ...cheaper, lines: [...cheaper.lines, line('pan', 200, { discount: 1 })] };
    expect(reasonsOf(await redeem(hub, { codes: [code], order: longer }))).toEqual(['LINES_LOCKED']);
    await reverse(hub, { redemptionId: whole.id });
    theRedemption(await redeem(hub, { codes: [code], order: cheaperStill }));
  });
});
