import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { closeAgreed } from '../helpers/agree.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { createCampaign, createStore, generateCodes, order } from './stage.ts';

type Input = Record<string, unknown>;

const OUTCOME = `__typename
  ... on Redeemed { redemptions { id code kind amount { minor } } order { due { minor } voucherDiscounts { minor } tendered { minor } lines { locked } } }
  ... on Refused { rejections { code reason message } }`;
const REDEEM = `mutation ($input: RedeemInput!) { redeem(input: $input) { ${OUTCOME} } }`;
const HOLD = `mutation ($input: HoldInput!) { hold(input: $input) { __typename ... on Held { hold { id order { due { minor } } } } ... on Refused { rejections { code reason } } } }`;
const VALIDATE = `query ($input: ValidateInput!) {
  validate(input: $input) { outcomes { __typename ... on Applicable { amount { minor } } ... on Rejection { code reason } } order { due { minor } } }
}`;
const REVERSE = 'mutation ($input: ReverseInput!) { reverse(input: $input) { __typename } }';

let hub: TestHub;
let storeId: string;
let count = 0;
beforeAll(async () => {
  hub = await startTestHub();
  storeId = await createStore(hub);
});
afterAll(() => closeAgreed({ database: hub.database, hub: hub.hub, close: () => hub.stop() }));

const key = (): string => {
  count += 1;
  return `combining ${count}`;
};
const off = (minor: number): Input => ({ amountOff: { amount: { minor, currency: 'EUR' } } });
const part = (minor: number): Input => ({ incentive: { tender: { value: { minor, currency: 'EUR' } } }, taxClass: 'PAYMENT' });
const onLines = (minor: number, skus: string[]): Input => ({
  amountOff: { amount: { minor, currency: 'EUR' }, scope: { include: { skus } } },
});
const percent = (text: string): Input => ({ percentOff: { percent: text } });

/** A code of a campaign of its own. */
async function codeOf(input: Input): Promise<string> {
  const id = await createCampaign(hub, { name: key(), ...input });
  count += 1;
  return (await generateCodes(hub, id, { random: { prefix: `Q${count}` }, count: 1 })).codes[0] as string;
}
const aCheck = (input: Input = {}): Input =>
  order(storeId, {
    lines: [
      { id: '1', sku: 'paella', quantity: '1', unitPrice: 2_000 },
      { id: '2', sku: 'vino', quantity: '1', unitPrice: 500 },
    ],
    ...input,
  });

// biome-ignore lint/suspicious/noExplicitAny: answers of a union.
const redeem = async (check: Input, what: Input): Promise<any> =>
  (await hub.ask(REDEEM, { input: { idempotencyKey: key(), order: check, ...what } })).redeem;
// biome-ignore lint/suspicious/noExplicitAny: answers of a union.
const hold = async (check: Input, codes: string[]): Promise<any> =>
  (await hub.ask(HOLD, { input: { idempotencyKey: key(), order: check, codes } })).hold;
/** What each code gives or why it is refused, in the order of the codes. */
const outcomes = async (check: Input, codes: string[]): Promise<string[]> => {
  const { validate } = await hub.ask(VALIDATE, { input: { order: check, codes } });
  type Outcome = { amount?: { minor: number }; reason?: string };
  return (validate.outcomes as Outcome[]).map((outcome) => outcome.reason ?? String(outcome.amount?.minor));
};
const amounts = (answer: { redemptions: { amount: { minor: number } }[] }): number[] =>
  answer.redemptions.map(({ amount }) => amount.minor);
const reasons = (answer: { rejections: { reason: string }[] }): string[] => answer.rejections.map(({ reason }) => reason);
const undo = (redemptionId: string) => hub.ask(REVERSE, { input: { idempotencyKey: key(), redemptionId, reason: 'wrong code' } });

describe('in which order several apply', () => {
  test('lines before the whole order, part payments last, whatever the order of the codes', async () => {
    const codes = [
      await codeOf(part(1_000)),
      await codeOf({ incentive: percent('10') }),
      await codeOf({ incentive: onLines(500, ['vino']) }),
    ];
    // 25.00 - 5.00 = 20.00; 10 % = 2.00; 18.00 - 10.00 = 8.00.
    expect(await outcomes(aCheck(), codes)).toEqual(['1000', '200', '500']);
    const answer = await redeem(aCheck(), { codes: codes.toReversed() });
    expect(amounts(answer)).toEqual([500, 200, 1_000]);
    expect(answer.order).toMatchObject({ due: { minor: 800 }, voucherDiscounts: { minor: 700 }, tendered: { minor: 1_000 } });
  });

  test('priority before size, size before the code', async () => {
    const [small, large, first] = [
      await codeOf({ incentive: percent('10') }),
      await codeOf({ incentive: off(1_000) }),
      await codeOf({ incentive: percent('20'), stacking: { priority: 5 } }),
    ];
    // 20 % of 25.00 = 5.00; 10.00 of 20.00; 10 % of 10.00 = 1.00.
    expect(await outcomes(aCheck(), [small, large, first])).toEqual(['100', '1000', '500']);
  });
});

describe('what may not stand beside one another', () => {
  const group = { stacking: { group: 'house' } };
  const exclusive = { stacking: { exclusive: true } };

  test.each([
    [
      'two of a group: the first keeps it',
      [
        { ...group, incentive: off(900) },
        { ...group, incentive: off(300) },
      ],
      ['900', 'NOT_COMBINABLE'],
    ],
    [
      'an exclusive one that is first: nothing after it',
      [{ ...exclusive, incentive: off(900) }, { incentive: off(300) }],
      ['900', 'EXCLUSIVE_LOST'],
    ],
    [
      'an exclusive one that is not first: it loses',
      [{ incentive: off(900) }, { ...exclusive, incentive: off(300) }],
      ['900', 'EXCLUSIVE_LOST'],
    ],
    ['a second part payment', [part(900), part(300)], ['900', 'TOO_MANY_VOUCHERS']],
  ])('%s', async (_, campaigns, expected) => {
    const codes: string[] = [];
    for (const campaign of campaigns) codes.push(await codeOf(campaign));
    expect(await outcomes(aCheck(), codes)).toEqual(expected);
    const together = await redeem(aCheck(), { codes });
    expect(reasons(together)).toEqual([expected[1]]);

    const check = aCheck();
    await redeem(check, { codes: [codes[0]] });
    expect(reasons(await redeem(check, { codes: [codes[1]] }))).toEqual([expected[1]]);
    expect(reasons(await hold(check, [codes[1] as string]))).toEqual([expected[1]]);
    expect(await outcomes(check, [codes[1] as string])).toEqual([expected[1]]);
  });

  test('a group is free again when its voucher is taken back, though another of the same redeem stands', async () => {
    const check = aCheck();
    const grouped = await codeOf({ ...group, incentive: off(300) });
    const answer = await redeem(check, { codes: [grouped, await codeOf({ incentive: off(200) })] });
    const next = await codeOf({ ...group, incentive: off(100) });
    expect(reasons(await redeem(check, { codes: [next] }))).toEqual(['NOT_COMBINABLE']);
    await undo(answer.redemptions.find(({ code }: { code: string }) => code === grouped).id);
    expect(amounts(await redeem(check, { codes: [next] }))).toEqual([100]);
  });

  test('more than the store lets on one order, over two redeems and a hold', async () => {
    const small = await createStore(hub, { maxVouchersPerOrder: 2 });
    const codes: string[] = [];
    for (const minor of [400, 300, 200, 100]) codes.push(await codeOf({ incentive: off(minor) }));
    expect(await outcomes(aCheck({ storeId: small }), codes)).toEqual(['400', '300', 'TOO_MANY_VOUCHERS', 'TOO_MANY_VOUCHERS']);
    const check = aCheck({ storeId: small });
    expect(amounts(await redeem(check, { codes: [codes[0]] }))).toEqual([400]);
    const held = await hold(check, [codes[1] as string]);
    expect(held.hold.order.due.minor).toBe(1_800);
    expect(reasons(await hold(check, [codes[2] as string, codes[3] as string]))).toEqual(['TOO_MANY_VOUCHERS']);
    expect(amounts(await redeem(check, { holdId: held.hold.id }))).toEqual([300]);
    const third = await redeem(check, { codes: [codes[2]] });
    expect(third.rejections).toEqual([expect.objectContaining({ reason: 'TOO_MANY_VOUCHERS', message: expect.stringContaining('2') })]);
  });

  test('what a hold was promised, if something else was redeemed before it', async () => {
    const check = aCheck();
    const held = await hold(check, [await codeOf({ ...exclusive, incentive: off(500) })]);
    expect(amounts(await redeem(check, { codes: [await codeOf({ incentive: off(100) })] }))).toEqual([100]);
    expect(reasons(await redeem(check, { holdId: held.hold.id }))).toEqual(['EXCLUSIVE_LOST']);
  });
});

describe('over several redeems of one order', () => {
  test('a part payment first, then no more is given off than is left to pay', async () => {
    const check = aCheck();
    expect(amounts(await redeem(check, { codes: [await codeOf(part(2_000))] }))).toEqual([2_000]);
    const half = await redeem(check, { codes: [await codeOf({ incentive: percent('50') })] });
    expect(amounts(half)).toEqual([500]);
    expect(half.order).toMatchObject({ due: { minor: 0 }, tendered: { minor: 2_000 }, voucherDiscounts: { minor: 500 } });
    expect(reasons(await redeem(check, { codes: [await codeOf({ incentive: off(1) })] }))).toEqual(['NO_EFFECT']);
  });

  test('after one on the whole order the lines are locked: a line discount that is raised is refused, by every door', async () => {
    const check = aCheck({ source: 'till 4' });
    const whole = await redeem(check, { codes: [await codeOf({ incentive: percent('10') })] });
    expect(whole.order.lines).toEqual([{ locked: true }, { locked: true }]);
    const raised = {
      ...check,
      lines: [
        { id: '1', sku: 'paella', quantity: '1', unitPrice: 2_000, discount: 100 },
        { id: '2', sku: 'vino', quantity: '1', unitPrice: 500 },
      ],
    };
    // The paid check comes with it: it is recorded, for it is paid, but takes no further voucher.
    await hub.ask('mutation ($input: OrderInput!) { recordOrder(input: $input) { id } }', { input: raised });
    const next = await codeOf({ incentive: off(50) });
    expect(await outcomes(raised, [next])).toEqual(['LINES_LOCKED']);
    expect(reasons(await hold(raised, [next]))).toEqual(['LINES_LOCKED']);
    const refused = await redeem(raised, { codes: [next] });
    expect(reasons(refused)).toEqual(['LINES_LOCKED']);
    expect(amounts(await redeem(check, { codes: [next] }))).toEqual([50]);
    await undo(whole.redemptions[0].id);
  });

  test('all or none: one that is refused takes the others with it, and none is used', async () => {
    const [good, bad] = [await codeOf({ incentive: off(100) }), await codeOf({ incentive: off(100), conditions: { minimumOrder: 9_999 } })];
    expect(reasons(await redeem(aCheck(), { codes: [good, bad] }))).toEqual(['ORDER_BELOW_MINIMUM']);
    expect(amounts(await redeem(aCheck(), { codes: [good] }))).toEqual([100]);
  });
});
