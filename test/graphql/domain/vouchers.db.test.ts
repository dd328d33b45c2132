import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { closeAgreed } from '../../helpers/agree.ts';
import { amounts, card, type Desk, type Input, limit, off, openDesk, reasons } from './desk.ts';

jest.setTimeout(60_000);

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => closeAgreed({ database: desk.hub.database, hub: desk.hub.hub, close: () => desk.hub.stop() }));

const use = (code: string, over: Input = {}) => desk.redeem([code], desk.order(over));

describe('the life of a voucher', () => {
  test('that nobody touched is CREATED, held is HELD, used is REDEEMED, taken back whole is ISSUED', async () => {
    const code = await desk.code();
    expect(await desk.status(code)).toBe('CREATED');
    const order = desk.order();
    const { hold } = await desk.hold([code], order);
    expect(await desk.status(code)).toBe('HELD');
    const { redemptions } = await desk.redeem(null, order, { holdId: hold.id });
    expect(await desk.status(code)).toBe('REDEEMED');
    await desk.reverse({ redemptionId: redemptions[0].id, units: [{ lineId: 'menu', quantity: '1' }] });
    expect(await desk.status(code)).toBe('REDEEMED');
    await desk.reverse({ redemptionId: redemptions[0].id });
    expect(await desk.status(code)).toBe('ISSUED');
    expect(amounts(await use(code))).toEqual([200]);
  });

  test('has one id from the moment its code exists', async () => {
    const code = await desk.code();
    const { id } = await desk.voucher(code);
    const { redemptions } = await use(code);
    expect([redemptions[0].voucher.id, (await desk.voucher(code)).id]).toEqual([id, id]);
    expect((await desk.hub.ask('query ($id: ID) { voucher(id: $id) { code } }', { id })).voucher).toEqual({ code });
  });

  test('whose hold is let go is what it was before', async () => {
    const code = await desk.code();
    const { hold } = await desk.hold([code], desk.order());
    await desk.release(hold.id);
    expect(await desk.status(code)).toBe('CREATED');
  });

  test('a random code is good once', async () => {
    const code = await desk.code();
    await use(code);
    expect(reasons(await use(code))).toEqual(['ALREADY_REDEEMED']);
  });

  test('under a limit per VOUCHER of three it is good three times, ISSUED until the last', async () => {
    const code = await desk.code({ limits: [limit('VOUCHER', 3)] });
    const seen: string[] = [];
    for (let time = 0; time < 3; time += 1) {
      await use(code);
      seen.push(await desk.status(code));
    }
    expect(seen).toEqual(['ISSUED', 'ISSUED', 'REDEEMED']);
    expect(reasons(await use(code))).toEqual(['LIMIT_VOUCHER']);
  });

  test('a shared word is CREATED until its first use and ISSUED ever after, also when that is taken back', async () => {
    const word = await desk.word();
    expect(await desk.status(word)).toBe('CREATED');
    const { redemptions } = await use(word);
    await use(word);
    expect(await desk.status(word)).toBe('ISSUED');
    await desk.reverse({ redemptionId: redemptions[0].id });
    expect(await desk.status(word)).toBe('ISSUED');
  });

  test('a gift card is PARTLY_REDEEMED until it is empty, and so again when something comes back', async () => {
    const code = await desk.code({ incentive: card(3_000) });
    const show = async () => {
      const { status, balance } = await desk.voucher(code);
      return [status, balance.minor];
    };
    expect(await show()).toEqual(['CREATED', 3_000]);
    const first = await use(code);
    expect([amounts(first), await show()]).toEqual([[2_000], ['PARTLY_REDEEMED', 1_000]]);
    const second = await use(code);
    expect([amounts(second), await show()]).toEqual([[1_000], ['REDEEMED', 0]]);
    expect(reasons(await use(code))).toEqual(['BALANCE_EMPTY']);
    await desk.reverse({ redemptionId: second.redemptions[0].id, amount: 400 });
    expect(await show()).toEqual(['PARTLY_REDEEMED', 400]);
    await desk.reverse({ redemptionId: second.redemptions[0].id });
    await desk.reverse({ redemptionId: first.redemptions[0].id });
    expect(await show()).toEqual(['ISSUED', 3_000]);
  });

  test('that expires shows EXPIRED, though only from its hour on', async () => {
    const id = await desk.campaign({ distribution: 'CUSTOMER' });
    await desk.codesOf(id);
    const { voucher } = await desk.issue(id, { id: await desk.guest() }, { validUntil: new Date(desk.clock.now() + 60_000).toISOString() });
    expect(await desk.status(voucher.code)).toBe('ISSUED');
    desk.clock.tick(60_000);
    expect(await desk.status(voucher.code)).toBe('EXPIRED');
    expect(reasons(await use(voucher.code))).toEqual(['VOUCHER_EXPIRED']);
  });
});

describe('a code', () => {
  test('is found whatever its case, spaces and dashes, and echoed as it is', async () => {
    const code = await desk.code();
    const typed = ` ${code.slice(0, 4).toLowerCase()} ${code.slice(4, 8)}-${code.slice(8)} `;
    expect((await desk.validate([typed], desk.order())).outcomes[0]).toMatchObject({ __typename: 'Applicable', voucher: { code } });
    expect((await desk.redeem([typed], desk.order())).redemptions[0].code).toBe(code);
    expect((await desk.redeem([typed], desk.order())).rejections[0].code).toBe(code);
  });

  test('named twice in a request, however it is typed, counts once', async () => {
    const code = await desk.word();
    const both = [code, code.toLowerCase()];
    expect((await desk.validate(both, desk.order())).outcomes).toHaveLength(1);
    expect((await desk.redeem(both, desk.order())).redemptions).toHaveLength(1);
  });

  test('again on the same order of the same source is a duplicate; the same number of another source is another order', async () => {
    const code = await desk.word();
    const order = desk.order({ source: 'till 1' });
    await desk.redeem([code], order);
    expect(reasons(await desk.redeem([code], order))).toEqual(['DUPLICATE_TRANSACTION']);
    expect(reasons(await desk.hold([code], order))).toEqual(['DUPLICATE_TRANSACTION']);
    expect(amounts(await desk.redeem([code], { ...order, source: 'till 2' }))).toEqual([200]);
  });

  test('validate answers in the order of the codes, and prices with those that apply', async () => {
    const [good, bad, other] = [await desk.code({ incentive: off(300) }), 'NOBODY1', await desk.code({ incentive: off(500) })];
    const { outcomes, order } = await desk.validate([good, bad, other], desk.order());
    expect(outcomes.map((outcome: Input) => outcome['amount']?.minor ?? outcome['reason'])).toEqual([300, 'CODE_UNKNOWN', 500]);
    expect(order).toMatchObject({ voucherDiscounts: { minor: 800 }, due: { minor: 1_200 } });
  });
});

describe('distribution', () => {
  test('OPEN: good at once', async () => {
    expect(amounts(await use(await desk.code({ distribution: 'OPEN' })))).toEqual([200]);
  });

  test('CUSTOMER: NOT_ISSUED until it is issued, then its owner’s, or anybody’s who has no name', async () => {
    const id = await desk.campaign({ distribution: 'CUSTOMER' });
    const [code = ''] = await desk.codesOf(id);
    expect(reasons(await use(code))).toEqual(['NOT_ISSUED']);
    const owner = await desk.guest();
    expect(await desk.issue(id, { id: owner })).toMatchObject({ voucher: { code, status: 'ISSUED', customer: { id: owner } } });
    expect(reasons(await use(code, { customer: { id: await desk.guest() } }))).toEqual(['OTHER_CUSTOMER']);
    expect(amounts(await use(code, { customer: { id: owner } }))).toEqual([200]);
  });

  test('issueVoucher takes the next code that nobody has, then makes one in the pattern of the campaign', async () => {
    const id = await desk.campaign({ distribution: 'CUSTOMER' });
    const codes = await desk.codesOf(id, 2, { random: { prefix: 'GIFT', length: 8 } });
    const got: string[] = [];
    for (let time = 0; time < 3; time += 1) got.push((await desk.issue(id, { id: await desk.guest() })).voucher.code);
    expect(got.slice(0, 2)).toEqual(codes);
    expect(got[2]).toMatch(/^GIFT\d{8}$/);
    expect(codes).not.toContain(got[2]);
  });

  test('a limit on ISSUED that is full refuses to issue, with its numbers', async () => {
    const id = await desk.campaign({ distribution: 'CUSTOMER', limits: [limit('CUSTOMER', 1, { counts: 'ISSUED', period: 'MONTH' })] });
    await desk.codesOf(id, 3);
    const customer = { id: await desk.guest() };
    await desk.issue(id, customer);
    const refused = await desk.issue(id, customer);
    expect(refused.rejections[0]).toMatchObject({
      reason: 'LIMIT_CUSTOMER',
      failures: [{ limit: { counts: 'ISSUED', per: 'CUSTOMER', period: 'MONTH', max: 1, used: 1, held: 0 } }],
    });
    expect(await desk.issue(id, { id: await desk.guest() })).toMatchObject({ __typename: 'Issued' });
  });
});
