import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { closeAgreed } from '../../helpers/agree.ts';
import { type Any, amounts, type Desk, FRIDAY, type Input, limit, off, openDesk, part, reasons } from './desk.ts';

jest.setTimeout(60_000);

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => closeAgreed({ database: desk.hub.database, hub: desk.hub.hub, close: () => desk.hub.stop() }));

/** 1.00 off three tapas: 0.34, 0.33, 0.33. */
const euroOff = async (over: Input = {}): Promise<string> => {
  const lines = [{ id: 'tapa', sku: 'tapa', quantity: '3', unitPrice: 200 }];
  const answer = await desk.redeem([await desk.code({ incentive: off(100) })], desk.order({ lines, ...over }));
  return answer.redemptions[0].id;
};
const tapas = (quantity: string): Input => ({ units: [{ lineId: 'tapa', quantity }] });
const back = ({ reversals }: Any): [number, string] => [
  reversals[0].amount.minor,
  reversals[0].allocations.map((share: Any) => `${share.unit}:${share.amount.minor}`).join(' '),
];

describe('taking back', () => {
  test('by unit: the lowest units that were not returned, one after the other', async () => {
    const redemptionId = await euroOff();
    expect(back(await desk.reverse({ redemptionId, ...tapas('1') }))).toEqual([34, '1:34']);
    expect(back(await desk.reverse({ redemptionId, ...tapas('2') }))).toEqual([66, '2:33 3:33']);
    expect(reasons(await desk.reverse({ redemptionId, ...tapas('1') }))).toEqual(['ALREADY_REVERSED']);
  });

  test('by unit of a line without a share gives nothing, and is no refusal', async () => {
    const lines = [
      { id: 'tapa', sku: 'tapa', unitPrice: 200 },
      { id: 'water', sku: 'water', unitPrice: 200 },
    ];
    const code = await desk.code({ incentive: off(100, { include: { skus: ['tapa'] } }) });
    const { redemptions } = await desk.redeem([code], desk.order({ lines }));
    const answer = await desk.reverse({ redemptionId: redemptions[0].id, units: [{ lineId: 'water', quantity: '1' }] });
    expect([answer.__typename, ...back(answer)]).toEqual(['Reversed', 0, '']);
    expect(await desk.status(code)).toBe('REDEEMED');
  });

  test('by amount: spread by largest remainder; units after it give what is left of their share', async () => {
    const redemptionId = await euroOff();
    expect(back(await desk.reverse({ redemptionId, amount: 50 }))).toEqual([50, '1:17 2:17 3:16']);
    expect(back(await desk.reverse({ redemptionId, ...tapas('1') }))).toEqual([17, '1:17']);
    expect(back(await desk.reverse({ redemptionId }))).toEqual([33, '2:16 3:17']);
  });

  test('neither units nor an amount: all that is left; nothing left is ALREADY_REVERSED, too much REVERSAL_EXCEEDS', async () => {
    const redemptionId = await euroOff();
    expect(reasons(await desk.reverse({ redemptionId, amount: 101 }))).toEqual(['REVERSAL_EXCEEDS']);
    expect(reasons(await desk.reverse({ redemptionId, ...tapas('4') }))).toEqual(['REVERSAL_EXCEEDS']);
    expect(back(await desk.reverse({ redemptionId }))).toEqual([100, '1:34 2:33 3:33']);
    expect(reasons(await desk.reverse({ redemptionId }))).toEqual(['ALREADY_REVERSED']);
  });

  test('a part payment goes back whole or by amount, not by unit', async () => {
    const { redemptions } = await desk.redeem([await desk.code({ incentive: part(1_500) })], desk.order());
    const redemptionId = redemptions[0].id;
    expect(await desk.faultsOf.reverse({ redemptionId, units: [{ lineId: 'menu', quantity: '1' }] })).toEqual([
      expect.stringContaining('BAD_USER_INPUT input.units'),
    ]);
    expect(back(await desk.reverse({ redemptionId, amount: 600 }))).toEqual([600, '']);
    expect(back(await desk.reverse({ redemptionId }))).toEqual([900, '']);
  });

  test('amounts and budget return at once; a limit on REDEMPTIONS only when nothing is left', async () => {
    const id = await desk.campaign({ incentive: off(100), limits: [limit('CAMPAIGN', 1)], budget: { minor: 150, currency: 'EUR' } });
    const [first = '', second = ''] = await desk.codesOf(id, 2);
    const { redemptions } = await desk.redeem([first], desk.order());
    await desk.reverse({ redemptionId: redemptions[0].id, amount: 60 });
    expect((await desk.counts(id)).budget).toMatchObject({ used: { minor: 40 }, left: { minor: 110 } });
    expect(reasons(await desk.redeem([second], desk.order()))).toEqual(['LIMIT_CAMPAIGN']);
    await desk.reverse({ redemptionId: redemptions[0].id, amount: 40 });
    expect(amounts(await desk.redeem([second], desk.order()))).toEqual([100]);
  });

  test('belongs to the business day on which it is made', async () => {
    const redemptionId = await euroOff();
    desk.clock.set('2026-05-09T01:59:59.000Z');
    const before = await desk.reverse({ redemptionId, amount: 10 });
    desk.clock.set('2026-05-09T02:00:00.000Z');
    const after = await desk.reverse({ redemptionId, amount: 10 });
    expect([before, after].map(({ reversals }) => reversals[0].businessDay)).toEqual(['2026-05-08', '2026-05-09']);
    expect(FRIDAY.startsWith('2026-05-08')).toBe(true);
  });

  test.each<[string, Input, string]>([
    ['units with an amount', { redemptionId: 'rdm_1', amount: 1, ...tapas('1') }, 'input'],
    ['a redemption and a key', { redemptionId: 'rdm_1', redeemKey: 'k' }, 'input'],
    ['neither', {}, 'input'],
    ['a key with an amount', { redeemKey: 'k', amount: 1 }, 'input.redeemKey'],
    ['a key with units', { redeemKey: 'k', ...tapas('1') }, 'input.redeemKey'],
    ['an amount of nothing', { redemptionId: 'rdm_1', amount: 0 }, 'input.amount'],
  ])('%s is BAD_USER_INPUT', async (_, input, path) => {
    expect((await desk.faultsOf.reverse(input))[0]).toContain(`BAD_USER_INPUT ${path}`);
  });

  test('of an unknown redemption is NOT_FOUND', async () => {
    expect(await desk.faultsOf.reverse({ redemptionId: 'rdm_nobody' })).toEqual([expect.stringMatching(/^NOT_FOUND/)]);
  });
});

describe('a till whose redeem had no answer steps back by its key', () => {
  test('all that the redeem did, whole, in the order in which it was applied', async () => {
    const idempotencyKey = desk.key();
    const codes = [await desk.code({ incentive: part(500) }), await desk.code(), await desk.code({ incentive: off(100) })];
    const { redemptions } = await desk.redeem(codes, desk.order(), { idempotencyKey });
    const input = { redeemKey: idempotencyKey, idempotencyKey: desk.key() };
    const answer = await desk.reverse(input);
    expect(answer.reversals.map(({ redemption }: Any) => redemption.id).toSorted()).toEqual(
      redemptions.map(({ id }: Any) => id).toSorted(),
    );
    expect(answer.reversals.map(({ voucher }: Any) => voucher.status)).toEqual(['ISSUED', 'ISSUED', 'ISSUED']);
    expect(await desk.reverse(input)).toEqual({ ...answer, replayed: true });
    expect(await desk.reverse({ redeemKey: idempotencyKey })).toMatchObject({ __typename: 'Reversed', reversals: [], replayed: false });
  });

  test('where nothing arrived yet: an empty list, and the key is burnt for the redeem that comes later', async () => {
    const idempotencyKey = desk.key();
    expect(await desk.reverse({ redeemKey: idempotencyKey })).toMatchObject({ __typename: 'Reversed', reversals: [] });
    const code = await desk.code();
    expect(reasons(await desk.redeem([code], desk.order(), { idempotencyKey }))).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    expect(await desk.status(code)).toBe('CREATED');
    expect(amounts(await desk.redeem([code], desk.order()))).toEqual([200]);
  });

  test('where it was refused: an empty list', async () => {
    const idempotencyKey = desk.key();
    await desk.redeem(['NOBODY1'], desk.order(), { idempotencyKey });
    expect(await desk.reverse({ redeemKey: idempotencyKey })).toMatchObject({ __typename: 'Reversed', reversals: [] });
  });

  test('where some of it is undone already: the rest', async () => {
    const idempotencyKey = desk.key();
    const codes = [await desk.code({ incentive: off(300) }), await desk.code({ incentive: off(200) })];
    const { redemptions } = await desk.redeem(codes, desk.order(), { idempotencyKey });
    await desk.reverse({ redemptionId: redemptions[0].id });
    await desk.reverse({ redemptionId: redemptions[1].id, amount: 50 });
    const { reversals } = await desk.reverse({ redeemKey: idempotencyKey });
    expect(reversals.map(({ amount }: Any) => amount.minor)).toEqual([150]);
  });
});
