import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { closeAgreed } from '../../helpers/agree.ts';
import { type Any, amounts, type Desk, type Input, limit, off, openDesk, reasons } from './desk.ts';

jest.setTimeout(60_000);

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => closeAgreed({ database: desk.hub.database, hub: desk.hub.hub, close: () => desk.hub.stop() }));

const countsOf = async (id: string): Promise<Input> => (await desk.counts(id)).counts;
const NOTHING = { codes: 0, issued: 0, redeemed: 0, reversed: 0, rejected: 0 };
const rejectionsOf = async (id: string): Promise<string[]> => {
  const { rejections } = await desk.hub.ask(
    'query ($filter: RejectionFilter) { rejections(filter: $filter) { edges { node { reason campaign { id } } } } }',
    { filter: { campaignIds: [id] } },
  );
  return rejections.edges.map(({ node }: Any) => node.reason);
};

describe('the counts of a campaign', () => {
  test('codes made, vouchers issued, redemptions gross, reversals when whole, refusals of redeem and hold', async () => {
    const id = await desk.campaign({ distribution: 'CUSTOMER' });
    expect(await countsOf(id)).toEqual(NOTHING);
    const codes = await desk.codesOf(id, 3);
    expect(await countsOf(id)).toEqual({ ...NOTHING, codes: 3 });
    await desk.issue(id, { id: await desk.guest() });
    expect(await countsOf(id)).toEqual({ ...NOTHING, codes: 3, issued: 1 });

    const { redemptions } = await desk.redeem([codes[0] ?? ''], desk.order());
    await desk.reverse({ redemptionId: redemptions[0].id, amount: 50 });
    expect(await countsOf(id)).toMatchObject({ redeemed: 1, reversed: 0 });
    await desk.reverse({ redemptionId: redemptions[0].id });
    await desk.redeem([codes[0] ?? ''], desk.order());
    expect(await countsOf(id)).toMatchObject({ redeemed: 2, reversed: 1, rejected: 0 });

    const [unissued = ''] = codes.slice(1);
    await desk.redeem([unissued], desk.order());
    await desk.hold([unissued], desk.order());
    expect(await countsOf(id)).toMatchObject({ rejected: 2 });
    expect(await rejectionsOf(id)).toEqual(['NOT_ISSUED', 'NOT_ISSUED']);
  });

  test('leave out what validate refuses, which has a record with an id that is not listed', async () => {
    const id = await desk.campaign({ conditions: { minimumOrder: 9_999 } });
    const [code = ''] = await desk.codesOf(id);
    const { outcomes } = await desk.validate([code], desk.order());
    expect(outcomes[0]).toMatchObject({ id: expect.stringMatching(/^rej_/), reason: 'ORDER_BELOW_MINIMUM' });
    expect([await countsOf(id), await rejectionsOf(id)]).toEqual([{ ...NOTHING, codes: 1 }, []]);
  });

  test('leave out replays, and refusals to take back, which are listed', async () => {
    const id = await desk.campaign();
    const [code = ''] = await desk.codesOf(id);
    const idempotencyKey = desk.key();
    const order = desk.order();
    const { redemptions } = await desk.redeem([code], order, { idempotencyKey });
    await desk.redeem([code], order, { idempotencyKey });
    await desk.reverse({ redemptionId: redemptions[0].id, amount: 999 });
    expect(await countsOf(id)).toEqual({ ...NOTHING, codes: 1, redeemed: 1 });
    expect(await rejectionsOf(id)).toEqual(['REVERSAL_EXCEEDS']);
  });

  test('of a main are those of its subs together', async () => {
    const main = await desk.campaign({ incentive: null });
    for (const incentive of [off(100), off(200)]) {
      const [code = ''] = await desk.codesOf(await desk.campaign({ parentId: main, incentive }), 2);
      await desk.redeem([code], desk.order());
    }
    expect(await countsOf(main)).toMatchObject({ codes: 4, redeemed: 2 });
  });
});

describe('a budget', () => {
  test('is net of what comes back, and with less left than the voucher would give refuses it whole', async () => {
    const id = await desk.campaign({ incentive: off(300), budget: { minor: 500, currency: 'EUR' } });
    const [one = '', two = ''] = await desk.codesOf(id, 2);
    const { redemptions } = await desk.redeem([one], desk.order());
    expect((await desk.counts(id)).budget).toEqual({ used: { minor: 300 }, held: { minor: 0 }, left: { minor: 200 } });
    expect(reasons(await desk.redeem([two], desk.order()))).toEqual(['BUDGET_EXHAUSTED']);
    await desk.reverse({ redemptionId: redemptions[0].id, amount: 100 });
    expect(amounts(await desk.redeem([two], desk.order()))).toEqual([300]);
    expect((await desk.counts(id)).budget).toMatchObject({ used: { minor: 500 }, left: { minor: 0 } });
  });

  test('of a main is one for all its subs, and names itself in the refusal', async () => {
    const main = await desk.campaign({ name: 'Verano', incentive: null, budget: { minor: 500, currency: 'EUR' } });
    const sub = (): Promise<string> => desk.code({ parentId: main, incentive: off(300) });
    expect(amounts(await desk.redeem([await sub()], desk.order()))).toEqual([300]);
    const refused = await desk.redeem([await sub()], desk.order());
    expect(refused.rejections[0]).toMatchObject({ reason: 'BUDGET_EXHAUSTED', message: expect.stringContaining('Verano') });
  });
});

describe('limits of a main campaign', () => {
  const family = async (main: Input, sub: Input = {}): Promise<string[]> => {
    const parentId = await desk.campaign({ incentive: null, ...main });
    return [await desk.word({ parentId, ...sub }), await desk.word({ parentId })];
  };

  test('bind the sum over its subs', async () => {
    const [one = '', two = ''] = await family({ limits: [limit('CAMPAIGN', 2)] });
    await desk.redeem([one], desk.order());
    await desk.redeem([two], desk.order());
    for (const word of [one, two]) {
      const { rejections } = await desk.redeem([word], desk.order());
      expect(rejections[0].failures[0].limit).toMatchObject({ per: 'CAMPAIGN', max: 2, used: 2 });
    }
  });

  test('MAIN_CAMPAIGN on a sub counts the whole main, and binds that sub alone', async () => {
    const [bound = '', free = ''] = await family({}, { limits: [limit('MAIN_CAMPAIGN', 2)] });
    await desk.redeem([free], desk.order());
    await desk.redeem([free], desk.order());
    expect(reasons(await desk.redeem([bound], desk.order()))).toEqual(['LIMIT_MAIN_CAMPAIGN']);
    expect(amounts(await desk.redeem([free], desk.order()))).toEqual([200]);
  });

  test('per CUSTOMER count a customer over all subs, and ask who it is', async () => {
    const [one = '', two = ''] = await family({ limits: [limit('CUSTOMER', 1)] });
    const customer = { id: await desk.guest() };
    expect(reasons(await desk.redeem([one], desk.order()))).toEqual(['CUSTOMER_REQUIRED']);
    await desk.redeem([one], desk.order({ customer }));
    expect(reasons(await desk.redeem([two], desk.order({ customer })))).toEqual(['LIMIT_CUSTOMER']);
    expect(amounts(await desk.redeem([two], desk.order({ customer: { id: await desk.guest() } })))).toEqual([200]);
  });

  test.each<[string, Input, string]>([
    ['per business day', { period: 'BUSINESS_DAY' }, '2026-05-09T04:00:00+02:00'],
    ['per ISO week', { period: 'WEEK' }, '2026-05-11T04:00:00+02:00'],
    ['per month', { period: 'MONTH' }, '2026-06-01T04:00:00+02:00'],
    ['per year', { period: 'YEAR' }, '2027-01-01T04:00:00+01:00'],
  ])('%s begin anew with the business day, not at midnight', async (_, period, begins) => {
    const word = await desk.word({ limits: [limit('CAMPAIGN', 1, period)] });
    await desk.redeem([word], desk.order());
    const last = new Date(Date.parse(begins) - 1_000).toISOString();
    const refused = await desk.redeem([word], desk.order({ placedAt: last }));
    expect(refused.rejections[0]).toMatchObject({ failures: [{ limit: { resetsAt: new Date(begins).toISOString() } }], retryable: true });
    expect(amounts(await desk.redeem([word], desk.order({ placedAt: begins })))).toEqual([200]);
  });
});
