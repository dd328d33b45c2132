import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { ReversalPolicy } from '../../src/domain/campaign/campaign.types.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { closeAgreed } from '../helpers/agree.ts';
import { aCampaign, amount, aStore, codesOf, openTestHub, type TestHub } from '../helpers/domain.ts';
import { aPlatformOrder, discountOf, eventsOf, intake, redemptionsOf } from './support.ts';

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

const refundOf = (code: string, lineId: string, minor: number) => ({
  externalId: `refund-${lineId}-${code}`,
  amount: minor,
  at: '2026-05-04T18:00:00.000Z',
  reason: null,
  lines: [{ lineId, quantity: '1' }],
});

/** 4.00 off two dishes of 10.00, from 15.00 on; then the wine is refunded. */
async function refunded(reversalPolicy: ReversalPolicy, minimumOrder = 1_500) {
  const { id } = await aCampaign(hub, { incentive: amount(400), conditions: { minimumOrder }, reversalPolicy });
  const [code = ''] = await codesOf(hub, id);
  const order = aPlatformOrder([discountOf(code, 400)]);
  await intake(hub, store.id, order);
  // The platform tells it again and again, also with something else changed.
  for (const revision of [2, 2, 3]) await intake(hub, store.id, { ...order, revision, refunds: [refundOf(code, 'vino', 800)] });
  return { code, order, events: (await eventsOf(hub, order.externalId)).slice(2) };
}
const shown = async (code: string) => (await hub.vouchers.byCode(code))?.shown;

test('a platform’s line refund under KEEP brings the share of the line back', async () => {
  const { code, events } = await refunded('KEEP');
  expect(events).toEqual(['REFUND_RECORDED 800', 'REDEMPTION_REVERSED 200']);
  expect(await shown(code)).toBe('REDEEMED');
});

test('under CLAW_BACK all comes back once the rest is too small, and the discount that the platform still shows is not redeemed anew', async () => {
  const { code, events } = await refunded('CLAW_BACK');
  expect(events).toEqual(['REFUND_RECORDED 800', 'REDEMPTION_REVERSED 400']);
  expect(await redemptionsOf(hub, code)).toMatchObject([{ amount: 400, reversed: 400, undone: true }]);
  expect(await shown(code)).toBe('ISSUED');
});

test('under REPRICE the amount stays where the rest bears it, and follows the last line', async () => {
  const { code, order, events } = await refunded('REPRICE', 0);
  expect(events).toEqual(['REFUND_RECORDED 800', 'REDEMPTION_REVERSED 0']);
  expect(await redemptionsOf(hub, code)).toMatchObject([{ amount: 400, reversed: 0, undone: false }]);
  await intake(hub, store.id, { ...order, revision: 4, refunds: [refundOf(code, 'vino', 800), refundOf(code, 'paella', 800)] });
  expect(await redemptionsOf(hub, code)).toMatchObject([{ amount: 400, reversed: 400, undone: true }]);
});

test('a discount that was taken off and is put on again is redeemed again', async () => {
  const { id } = await aCampaign(hub, { incentive: amount(400), reversalPolicy: 'CLAW_BACK' });
  const [code = ''] = await codesOf(hub, id);
  const order = aPlatformOrder([discountOf(code, 400)]);
  await intake(hub, store.id, order);
  await intake(hub, store.id, { ...aPlatformOrder([]), externalId: order.externalId, revision: 2 });
  await intake(hub, store.id, { ...order, revision: 3 });
  expect((await redemptionsOf(hub, code)).map(({ undone }) => undone).sort()).toEqual([false, true]);
});
