import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { CampaignRecord } from '../../src/domain/campaign/campaign.types.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { BasketLine } from '../../src/domain/order/basket.types.ts';
import type { RedemptionRecord, ReverseAnswer } from '../../src/domain/redemption/redemption.types.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { closeAgreed } from '../helpers/agree.ts';
import { actor } from '../helpers/basics.ts';
import {
  aCampaign,
  amount,
  anOrder,
  aStore,
  codesOf,
  line,
  openTestHub,
  reasonsOf,
  redeem,
  rejections,
  reversals,
  reverse,
  rowsOf,
  type TestHub,
  tender,
  theRedemption,
} from '../helpers/domain.ts';

jest.setTimeout(60_000);

const NOW = '2026-05-04T18:00:00.000Z';

let t: TestHub;
let hub: Hub;
let store: StoreTerms;
let campaign: CampaignRecord;
let codes: string[];

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  store = await aStore(hub);
  campaign = await aCampaign(hub, { incentive: amount(100), budget: { minor: 100_000, currency: 'EUR' } });
  codes = await codesOf(hub, campaign.id, 40);
});
beforeEach(() => t.clock.set(NOW));
afterAll(() => closeAgreed(t));

const fresh = (): string => codes.pop() ?? '';
const redeemOn = async (lines: readonly BasketLine[], code = fresh()): Promise<RedemptionRecord> =>
  theRedemption(await redeem(hub, { codes: [code], order: anOrder(store.id, { lines }) }));
/** 1.00 over three of one dish: 34, 33, 33. */
const three = () => redeemOn([line('tapa', 500, { quantity: '3' })]);
const back = (answer: ReverseAnswer) =>
  reversals(answer).map(
    (reversal) => `${reversal.amount}: ${reversal.allocations.map((share) => `${share.lineId}/${share.unit} ${share.amount}`).join(', ')}`,
  );
const units = (quantity: string, lineId = 'tapa') => ({ units: [{ lineId, quantity }] });

describe('a reversal by unit', () => {
  test('gives back the shares of the lowest units that did not come back yet', async () => {
    const { id, allocations } = await three();
    expect(allocations?.map((share) => share.amount)).toEqual([34, 33, 33]);
    expect(back(await reverse(hub, { redemptionId: id, ...units('1') }))).toEqual(['34: tapa/1 34']);
    expect(back(await reverse(hub, { redemptionId: id, ...units('2') }))).toEqual(['66: tapa/2 33, tapa/3 33']);
    expect(reasonsOf(await reverse(hub, { redemptionId: id, ...units('1') }))).toEqual(['ALREADY_REVERSED']);
  });

  test('of units without a share gives nothing, and is no refusal', async () => {
    const scoped = await aCampaign(hub, {
      incentive: {
        amountOff: {
          amount: { minor: 100, currency: 'EUR' },
          scope: { include: { skus: ['tapa'] }, excludeDiscounted: false, pick: 'CHEAPEST' },
        },
      },
    });
    const [code = ''] = await codesOf(hub, scoped.id);
    const { id } = await redeemOn([line('tapa', 500), line('vino', 900)], code);
    const answer = await reverse(hub, { redemptionId: id, ...units('1', 'vino') });
    expect(back(answer)).toEqual(['0: ']);
    expect((await hub.vouchers.byCode(code))?.shown).toBe('REDEEMED');
    // It came back once: more of that line there is not.
    expect(rejections(await reverse(hub, { redemptionId: id, ...units('1', 'vino') }))).toMatchObject([
      { reason: 'REVERSAL_EXCEEDS', failures: [{ facts: { name: 'vino', quantityRequired: '1', quantityActual: '0' } }] },
    ]);
    expect(back(await reverse(hub, { redemptionId: id }))).toEqual(['100: tapa/1 100']);
  });

  test('after amounts gives back what is left of their shares', async () => {
    const { id } = await three();
    expect(back(await reverse(hub, { redemptionId: id, amount: 50 }))).toEqual(['50: tapa/1 17, tapa/2 17, tapa/3 16']);
    expect(back(await reverse(hub, { redemptionId: id, ...units('2') }))).toEqual(['33: tapa/1 17, tapa/2 16']);
    expect(back(await reverse(hub, { redemptionId: id }))).toEqual(['17: tapa/3 17']);
  });

  test('of a weighed line goes by weight, the last part takes the rest', async () => {
    const { id } = await redeemOn([line('jamón', 4_000, { quantity: '0.300' })]);
    expect(back(await reverse(hub, { redemptionId: id, ...units('0.1', 'jamón') }))).toEqual(['33: jamón/1 33']);
    expect(back(await reverse(hub, { redemptionId: id, ...units('0.200', 'jamón') }))).toEqual(['67: jamón/1 67']);
  });

  test('wants units that the order has', async () => {
    const { id } = await three();
    const faults = (path: string) => ({ code: 'BAD_USER_INPUT', faults: [{ path }] });
    await expect(reverse(hub, { redemptionId: id, ...units('1', 'nada') })).rejects.toMatchObject(faults('input.units[0].lineId'));
    await expect(reverse(hub, { redemptionId: id, ...units('0') })).rejects.toMatchObject(faults('input.units[0].quantity'));
    await expect(reverse(hub, { redemptionId: id, ...units('0.5') })).rejects.toMatchObject(faults('input.units[0].quantity'));
    await expect(reverse(hub, { redemptionId: id, units: [] })).rejects.toMatchObject(faults('input.units'));
    await expect(reverse(hub, { redemptionId: id, ...units('1'), amount: 1 })).rejects.toMatchObject(faults('input.amount'));
    expect(reasonsOf(await reverse(hub, { redemptionId: id, ...units('4') }))).toEqual(['REVERSAL_EXCEEDS']);
    expect(back(await reverse(hub, { redemptionId: id }))).toEqual(['100: tapa/1 34, tapa/2 33, tapa/3 33']);
  });
});

describe('a reversal by amount', () => {
  test('is spread over what is left, and no more than that', async () => {
    const { id } = await three();
    const answer = await reverse(hub, { redemptionId: id, amount: 101 });
    expect(rejections(answer)).toMatchObject([
      { action: 'REVERSE', reason: 'REVERSAL_EXCEEDS', campaignId: campaign.id, failures: [{ facts: { required: 101, actual: 100 } }] },
    ]);
    expect(back(await reverse(hub, { redemptionId: id, amount: 100 }))).toEqual(['100: tapa/1 34, tapa/2 33, tapa/3 33']);
    for (const minor of [0, -5])
      await expect(reverse(hub, { redemptionId: id, amount: minor })).rejects.toMatchObject({ faults: [{ path: 'input.amount' }] });
  });

  test('and whole are the ways of a part payment, which lies on no unit', async () => {
    const partner = await aCampaign(hub, { incentive: tender(500) });
    const [code = ''] = await codesOf(hub, partner.id);
    const { id } = await redeemOn([line('tapa', 900)], code);
    await expect(reverse(hub, { redemptionId: id, ...units('1') })).rejects.toMatchObject({ faults: [{ path: 'input.units' }] });
    expect(back(await reverse(hub, { redemptionId: id, amount: 200 }))).toEqual(['200: ']);
    expect(back(await reverse(hub, { redemptionId: id }))).toEqual(['300: ']);
    expect((await hub.vouchers.byCode(code))?.shown).toBe('ISSUED');
  });
});

describe('a whole reversal', () => {
  test('gives the voucher back, which may be used again', async () => {
    const code = fresh();
    const first = await redeemOn([line('tapa', 500)], code);
    const [reversal] = reversals(await reverse(hub, { redemptionId: first.id }));
    expect(reversal).toMatchObject({
      redemptionId: first.id,
      amount: 100,
      currency: 'EUR',
      reason: 'returned',
      storeId: store.id,
      at: NOW,
    });
    expect(await hub.vouchers.byCode(code)).toMatchObject({ shown: 'ISSUED', uses: 0 });
    const second = await redeemOn([line('tapa', 500)], code);
    expect(second.id).not.toBe(first.id);
    expect(reasonsOf(await reverse(hub, { redemptionId: first.id }))).toEqual(['ALREADY_REVERSED']);
    expect((await hub.vouchers.byCode(code))?.shown).toBe('REDEEMED');
  });

  test('belongs to the business day on which it is made', async () => {
    const { id, businessDay } = await three();
    t.clock.set('2026-05-06T01:00:00.000Z');
    expect(reversals(await reverse(hub, { redemptionId: id }))).toMatchObject([{ businessDay: '2026-05-05' }]);
    expect(businessDay).toBe('2026-05-04');
  });

  test('of what is not there, or is of another store, is a fault', async () => {
    const { id } = await three();
    await expect(reverse(hub, { redemptionId: 'rdm_none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(reverse(hub, { redemptionId: id, as: actor('TILL', ['sto_other']) })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(reverse(hub, {})).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(reverse(hub, { redemptionId: id, redeemKey: 'k' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(reversals(await reverse(hub, { redemptionId: id, as: actor('TILL', [store.id]) }))).toHaveLength(1);
  });
});

describe('the key of a reversal', () => {
  test('gives the first answer again, also of a refusal, and is good for one input', async () => {
    const { id } = await three();
    const ask = { redemptionId: id, amount: 40, key: 'reverse-1' };
    const first = await reverse(hub, ask);
    expect(await reverse(hub, ask)).toEqual({ ...first, replayed: true });
    expect(reasonsOf(await reverse(hub, { ...ask, amount: 41 }))).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    const tooMuch = { redemptionId: id, amount: 90, key: 'reverse-2' };
    const refused = await reverse(hub, tooMuch);
    expect(await reverse(hub, tooMuch)).toEqual({ ...refused, replayed: true });
    expect(
      await rowsOf(
        hub,
        "select id from rejection where reason = 'REVERSAL_EXCEEDS' and order_external_id = (select order_external_id from redemption where id = $1)",
        [id],
      ),
    ).toHaveLength(1);
  });

  test('is blind to how a quantity is written', async () => {
    const { id } = await three();
    const first = await reverse(hub, { redemptionId: id, ...units('1'), key: 'written' });
    expect(await reverse(hub, { redemptionId: id, ...units('1.00'), key: 'written' })).toEqual({ ...first, replayed: true });
  });

  test('that comes many times at once reverses once', async () => {
    const { id } = await three();
    const answers = await Promise.all(Array.from({ length: 6 }, () => reverse(hub, { redemptionId: id, amount: 30, key: 'at-once' })));
    expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1);
    expect(await rowsOf(hub, 'select reversed from redemption where id = $1', [id])).toEqual([{ reversed: 30 }]);
  });
});

describe('a reversal by the key of its redeem', () => {
  test('undoes all that the redeem did', async () => {
    const [one, two] = [fresh(), fresh()];
    await redeem(hub, { codes: [one, two], order: anOrder(store.id), key: 'redeem-both' });
    expect(back(await reverse(hub, { redeemKey: 'redeem-both' }))).toEqual(['100: paella/1 100', '100: paella/1 100']);
    expect([await hub.vouchers.byCode(one), await hub.vouchers.byCode(two)]).toMatchObject([{ shown: 'ISSUED' }, { shown: 'ISSUED' }]);
    expect(back(await reverse(hub, { redeemKey: 'redeem-both' }))).toEqual([]);
  });

  test('takes what is left where a part came back before', async () => {
    const answer = await redeem(hub, { codes: [fresh()], order: anOrder(store.id), key: 'redeem-part' });
    await reverse(hub, { redemptionId: theRedemption(answer).id, amount: 60 });
    expect(back(await reverse(hub, { redeemKey: 'redeem-part' }))).toEqual(['40: paella/1 40']);
  });

  test('of a redeem that was refused, or holds, has nothing to undo', async () => {
    const code = fresh();
    await redeem(hub, { codes: [code], order: anOrder(store.id) });
    await redeem(hub, { codes: [code], order: anOrder(store.id), key: 'redeem-refused' });
    expect(back(await reverse(hub, { redeemKey: 'redeem-refused' }))).toEqual([]);
  });

  test('that comes before the redeem burns the key: what comes later is refused', async () => {
    const code = fresh();
    expect(await reverse(hub, { redeemKey: 'never-arrived', key: 'step-back' })).toEqual({
      kind: 'reversed',
      reversals: [],
      replayed: false,
    });
    const late = await redeem(hub, { codes: [code], order: anOrder(store.id), key: 'never-arrived' });
    expect(reasonsOf(late)).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    expect(await hub.vouchers.byCode(code)).toMatchObject({ shown: 'CREATED' });
    expect(await reverse(hub, { redeemKey: 'never-arrived', key: 'step-back' })).toMatchObject({ replayed: true });
    expect(await reverse(hub, { redeemKey: 'never-arrived' })).toEqual({ kind: 'reversed', reversals: [], replayed: false });
  });

  test('at the same time as the redeem leaves nothing redeemed, whoever is first', async () => {
    for (let round = 0; round < 8; round += 1) {
      const code = fresh();
      const key = `race-${round}`;
      await Promise.all([redeem(hub, { codes: [code], order: anOrder(store.id), key }), reverse(hub, { redeemKey: key })]);
      expect(await hub.vouchers.byCode(code)).toMatchObject({ uses: 0 });
    }
  });

  test('undoes whole: neither units nor an amount', async () => {
    await expect(reverse(hub, { redeemKey: 'k', amount: 5 })).rejects.toMatchObject({ faults: [{ path: 'input.redeemKey' }] });
  });
});
