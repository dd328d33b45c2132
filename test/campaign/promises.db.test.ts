import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { CampaignDraft } from '../../src/domain/campaign/campaign.types.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { closeAgreed } from '../helpers/agree.ts';
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
  percent,
  reasonsOf,
  redeem,
  redeemed,
  rowsOf,
  type TestHub,
  tender,
  theRedemption,
} from '../helpers/domain.ts';
import { soundAndExplained } from './support.ts';

jest.setTimeout(60_000);

let t: TestHub;
let hub: Hub;
let store: StoreTerms;
let other: StoreTerms;

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  store = await aStore(hub);
  other = await aStore(hub, { name: 'Granada' });
});
afterAll(() => closeAgreed(t));

const ana = { phone: '+34600000001' };

/** A voucher of the campaign for Ana, as its code. */
async function issue(campaignId: string): Promise<string> {
  const answer = await hub.issuing.issue(ADMIN, { idempotencyKey: randomUUID(), campaignId, customer: ana, validUntil: null });
  if (answer.kind !== 'issued') throw new Error('It was refused.');
  return hub.codes.codeAt(answer);
}
const order = (storeId = store.id) => anOrder(storeId, { customer: { phone: ana.phone } });
const use = (code: string, at: Hub = hub) => redeem(at, { codes: [code], order: order() });
const gave = async (code: string): Promise<number> => theRedemption(await use(code)).amount;

const TEN: Partial<CampaignDraft> = { incentive: percent('10'), distribution: 'CUSTOMER' };

describe('an issued voucher', () => {
  test('keeps its incentive when the campaign changes, while the next one gets the new', async () => {
    const { id } = await aCampaign(hub, TEN);
    const [before, kept] = [await issue(id), await issue(id)];
    await hub.campaigns.update(ADMIN, id, { incentive: amount(300) });
    const after = await issue(id);
    expect([await gave(before), await gave(after)]).toEqual([200, 300]);
    await hub.campaigns.pause(ADMIN, id);
    expect(reasonsOf(await use(kept))).toEqual(['CAMPAIGN_PAUSED']);
    await hub.campaigns.activate(ADMIN, id);
    expect(await gave(kept)).toBe(200);
  });

  test('is used by no other terms where those of its version are gone', async () => {
    const { id } = await aCampaign(hub, TEN);
    const code = await issue(id);
    await hub.campaigns.update(ADMIN, id, { incentive: amount(300) });
    await rowsOf(hub, "update campaign_version set campaign_id = campaign_id || ' away' where campaign_id = $1", [id]);
    await expect(use(code)).rejects.toThrow(`No version of campaign ${id}`);
    await rowsOf(hub, "update campaign_version set campaign_id = $1 where campaign_id = $1 || ' away'", [id]);
    expect(await gave(code)).toBe(200);
  });

  test('follows where it is asked, and only to there', async () => {
    const { id } = await aCampaign(hub, TEN);
    const first = await issue(id);
    await hub.campaigns.update(ADMIN, id, { incentive: amount(300) }, { applyToIssued: true });
    const second = await issue(id);
    await hub.campaigns.update(ADMIN, id, { incentive: amount(500) });
    expect([await gave(first), await gave(second), await gave(await issue(id))]).toEqual([300, 300, 500]);
  });

  test('keeps conditions, stores, dates, tax class and its own limit; not the campaign’s other limits', async () => {
    const { id } = await aCampaign(hub, { ...TEN, limits: [limit('VOUCHER', 2)] });
    const code = await issue(id);
    await hub.campaigns.update(ADMIN, id, {
      conditions: { minimumOrder: 9_000 },
      storeIds: [other.id],
      endsOn: '2026-05-01',
      taxClass: 'SINGLE_PURPOSE',
      limits: [limit('CAMPAIGN', 1)],
    });
    expect(theRedemption(await use(code))).toMatchObject({ amount: 200, taxClass: 'DISCOUNT' });
    expect(reasonsOf(await use(code))).toEqual(['LIMIT_CAMPAIGN']);
    await hub.campaigns.update(ADMIN, id, { limits: [limit('CAMPAIGN', 5)] });
    redeemed(await use(code));
    expect(reasonsOf(await use(code))).toEqual(['LIMIT_VOUCHER']);
    const fresh = await issue(id).catch(() => 'ended');
    expect(fresh).toBe('ended');
  });

  test('may become a part payment for those who come later only', async () => {
    const { id } = await aCampaign(hub, TEN);
    const code = await issue(id);
    expect(await hub.campaigns.update(ADMIN, id, { incentive: tender(500) })).toMatchObject({ taxClass: 'PAYMENT' });
    expect(theRedemption(await use(code))).toMatchObject({ kind: 'ORDER_DISCOUNT', taxClass: 'DISCOUNT' });
    expect(theRedemption(await use(await issue(id)))).toMatchObject({ kind: 'TENDER', taxClass: 'PAYMENT' });
  });

  test('keeps what its main campaign promised, too', async () => {
    const main = await aCampaign(hub, { name: 'Verano', incentive: null, endsOn: '2026-12-31' });
    const sub = await aCampaign(hub, { ...TEN, parentId: main.id });
    const [one, two] = [await issue(sub.id), await issue(sub.id)];
    await hub.campaigns.update(ADMIN, main.id, { conditions: { minimumOrder: 9_000 } });
    expect(await gave(one)).toBe(200);
    expect(reasonsOf(await use(await issue(sub.id)))).toEqual(['ORDER_BELOW_MINIMUM']);
    await hub.campaigns.update(ADMIN, main.id, {}, { applyToIssued: true });
    expect(reasonsOf(await use(two))).toEqual(['ORDER_BELOW_MINIMUM']);
  });

  test('is told from one nobody issued: a code of a batch follows the campaign', async () => {
    const { id } = await aCampaign(hub);
    const [loose = '', issued = ''] = await codesOf(hub, id, 2);
    await rowsOf(hub, 'update code_batch set issue_cursor = 1 where campaign_id = $1', [id]);
    expect(await issue(id)).toBe(issued);
    // One that belongs to nobody in particular, as a till hands it out, keeps its promise as well.
    const [owner] = await rowsOf<{ id: string }>(hub, 'select customer_id as id from voucher where code = $1', [issued]);
    await rowsOf(hub, 'update voucher set customer_id = null where code = $1', [issued]);
    await hub.campaigns.update(ADMIN, id, { incentive: amount(300) });
    expect(await gave(loose)).toBe(300);
    expect(await gave(issued)).toBe(200);
    await rowsOf(hub, 'update voucher set customer_id = $2 where code = $1', [issued, owner?.id]);
  });

  test('is known in another process that has never seen the old version', async () => {
    const { id } = await aCampaign(hub, TEN);
    const [code, checked] = [await issue(id), await issue(id)];
    await hub.campaigns.update(ADMIN, id, { incentive: amount(300) });
    const twin = await t.twin();
    const look = await twin.desk.validate(ADMIN, { codes: [checked], order: order(), tillId: null, staffId: null });
    expect(look.outcomes).toMatchObject([{ amount: 200 }]);
    expect(theRedemption(await use(code, twin)).amount).toBe(200);
  });

  test('is held and redeemed by what was promised', async () => {
    const { id } = await aCampaign(hub, TEN);
    const code = await issue(id);
    const basket = order();
    const { id: holdId } = held(await hold(hub, { codes: [code], order: basket }));
    await hub.campaigns.update(ADMIN, id, { incentive: amount(300) });
    expect(theRedemption(await redeem(hub, { holdId, order: basket })).amount).toBe(200);
  });

  test('leaves behind which versions decided', async () => {
    const { id } = await aCampaign(hub, TEN);
    const code = await issue(id);
    await hub.campaigns.update(ADMIN, id, { incentive: amount(300) });
    const redemption = theRedemption(await use(code));
    const [row] = await rowsOf<{ inputs: unknown; version: number }>(
      hub,
      'select inputs, campaign_version as version from redemption join checkout on checkout.id = checkout_id where redemption.id = $1',
      [redemption.id],
    );
    expect(row).toMatchObject({ version: 3, inputs: { promises: { [code]: { version: 2, mainVersion: null } } } });
  });
});

test('a campaign whose last day was moved ahead goes on', async () => {
  const { id } = await aCampaign(hub, { endsOn: '2026-05-01' });
  const [code = ''] = await codesOf(hub, id);
  expect(reasonsOf(await use(code))).toEqual(['CAMPAIGN_ENDED']);
  expect(await hub.campaigns.get(id)).toMatchObject({ status: 'ENDED' });
  expect(await hub.campaigns.update(ADMIN, id, { endsOn: '2026-06-01' })).toMatchObject({ status: 'ACTIVE' });
  redeemed(await use(code));
});

test('whatever became of the campaigns, every redemption is explained to what it was, and the books are sound', async () => {
  await soundAndExplained(hub);
});
