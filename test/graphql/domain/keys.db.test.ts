import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { closeAgreed } from '../../helpers/agree.ts';
import { type Any, amounts, type Desk, type Input, off, openDesk, PRICED, part, REFUSAL, reasons } from './desk.ts';

jest.setTimeout(60_000);

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => closeAgreed({ database: desk.hub.database, hub: desk.hub.hub, close: () => desk.hub.stop() }));

const REFUSED = `... on Refused { replayed rejections { ${REFUSAL} } }`;
const REVERSALS = '{ id amount { minor } businessDay allocations { lineId unit amount { minor } } }';

interface Keyed {
  readonly type: string;
  readonly shows: string;
  /** The answer is a union: it says replayed, and another input is a refusal. */
  readonly union: boolean;
  readonly set: () => Promise<Input>;
  /** The same request in other words. */
  readonly reworded: (input: Input) => Input;
  readonly other: (input: Input) => Input;
}

const nulls = { tillId: null, staffId: null };
/** Declared defaults written out, Decimals of the same value, null for what was left out. */
const orderReworded = (order: Input): Input => ({
  ...order,
  source: 'api',
  channel: 'DINE_IN',
  pricesIncludeTax: true,
  placedAt: null,
  customer: null,
  payments: null,
  revision: null,
  lines: order['lines'].map((line: Input) => ({ ...line, quantity: `${line['quantity']}.000`, discount: 0, taxRate: null, group: null })),
});
const typed = (code: string): string => ` ${code.toLowerCase().replace(/(.{3})/g, '$1-')} `;

/** One scene for each mutation that takes an idempotency key. */
const KEYED: Readonly<Record<string, Keyed>> = {
  redeem: {
    type: 'RedeemInput',
    shows: `__typename ... on Redeemed { replayed redemptions { id code amount { minor } allocations { lineId unit amount { minor } } } order ${PRICED} } ${REFUSED}`,
    union: true,
    set: async () => ({ codes: [await desk.code(), await desk.code({ incentive: part(500) })], order: desk.order() }),
    reworded: (input) => ({
      ...input,
      ...nulls,
      holdId: null,
      entryMode: 'SCANNED',
      codes: input['codes'].map(typed),
      order: orderReworded(input['order']),
    }),
    other: (input) => ({ ...input, codes: input['codes'].slice(0, 1) }),
  },
  hold: {
    type: 'HoldInput',
    shows: `__typename ... on Held { replayed hold { id codes expiresAt order ${PRICED} } } ${REFUSED}`,
    union: true,
    set: async () => ({ codes: [await desk.code()], order: desk.order() }),
    reworded: (input) => ({ ...input, ...nulls, ttlSeconds: 600, codes: input['codes'].map(typed), order: orderReworded(input['order']) }),
    other: (input) => ({ ...input, ttlSeconds: 601 }),
  },
  reverse: {
    type: 'ReverseInput',
    shows: `__typename ... on Reversed { replayed reversals ${REVERSALS} } ${REFUSED}`,
    union: true,
    set: async () => {
      const { redemptions } = await desk.redeem([await desk.code()], desk.order());
      return { redemptionId: redemptions[0].id, units: [{ lineId: 'menu', quantity: '1' }], reason: 'cold' };
    },
    reworded: (input) => ({ ...input, redeemKey: null, amount: null, units: [{ lineId: 'menu', quantity: '1.0' }] }),
    other: (input) => ({ ...input, reason: 'late' }),
  },
  issueVoucher: {
    type: 'IssueVoucherInput',
    shows: `__typename ... on Issued { replayed voucher { id code customer { id } } } ${REFUSED}`,
    union: true,
    set: async () => {
      const campaignId = await desk.campaign({ distribution: 'CUSTOMER' });
      await desk.codesOf(campaignId, 3);
      return { campaignId, customer: { phone: '+34600111222' } };
    },
    reworded: (input) => ({ ...input, validFrom: null, validUntil: null, customer: { phone: '+34600111222', id: null, email: null } }),
    other: (input) => ({ ...input, customer: { phone: '+34600111223' } }),
  },
  refundOrder: {
    type: 'RefundOrderInput',
    shows: `__typename ... on RefundedOrder { replayed refund { id amount { minor } } order { id refunded { minor } } } ${REFUSED}`,
    union: true,
    set: async () => {
      const { id } = await desk.record(desk.order({ payments: [{ method: 'card', amount: 2_000 }] }));
      return { orderId: id, lines: [{ lineId: 'menu', quantity: '1' }], reason: 'cold' };
    },
    reworded: (input) => ({ ...input, externalId: null, amount: null, lines: [{ lineId: 'menu', quantity: '1.00' }] }),
    other: (input) => ({ ...input, lines: [{ lineId: 'menu', quantity: '2' }] }),
  },
  generateCodes: {
    type: 'GenerateCodesInput',
    shows: 'id count first last sample(first: 5) csvUrl',
    union: false,
    set: async () => ({ campaignId: await desk.campaign(), count: 5, random: { prefix: 'DV' } }),
    reworded: (input) => ({
      ...input,
      sequential: null,
      shared: null,
      random: { prefix: 'DV', length: 13, alphabet: '0123456789', checkCharacter: true },
    }),
    other: (input) => ({ ...input, count: 6 }),
  },
  recordEvent: {
    type: 'RecordEventInput',
    shows: 'cursor position hash at data',
    union: false,
    set: async () => ({ name: 'email.opened', data: { campaign: 'may' } }),
    reworded: (input) => ({ ...input, storeId: null, customer: null }),
    other: (input) => ({ ...input, data: { campaign: 'june' } }),
  },
};
const NAMES = Object.keys(KEYED);
const keyed = (name: string): Keyed => KEYED[name] as Keyed;
const call = (name: string, input: Input) =>
  desk.hub.graphql(`mutation ($input: ${keyed(name).type}!) { ${name}(input: $input) { ${keyed(name).shows} } }`, { input });
const answerOf = async (name: string, input: Input): Promise<Any> => {
  const { data, errors } = await call(name, input);
  expect(errors).toBeUndefined();
  return data[name];
};

test('every mutation that takes a key has its scene here', async () => {
  const { __schema: schema } = await desk.hub.ask(
    '{ __schema { mutationType { fields { name args { type { kind ofType { name inputFields { name } } } } } } } }',
  );
  const takesKey = ({ args }: Any): boolean =>
    args.some(({ type }: Any) => type.ofType?.inputFields?.some(({ name }: Any) => name === 'idempotencyKey'));
  expect(
    schema.mutationType.fields
      .filter(takesKey)
      .map(({ name }: Any) => name)
      .toSorted(),
  ).toEqual(NAMES.toSorted());
});

describe('the same key', () => {
  test.each(NAMES)('with the same input in other words is the first answer again: %s', async (name) => {
    const { set, reworded, union } = keyed(name);
    const input = { idempotencyKey: desk.key(), ...(await set()) };
    const first = await answerOf(name, input);
    const again = { ...first, ...(union && { replayed: true }) };
    if (union) expect(first).toMatchObject({ replayed: false });
    desk.clock.tick(90_000);
    expect(await answerOf(name, input)).toEqual(again);
    expect(await answerOf(name, reworded(input))).toEqual(again);
  });

  test.each(NAMES)('with another input is refused and does nothing: %s', async (name) => {
    const { set, other, union } = keyed(name);
    const input = { idempotencyKey: desk.key(), ...(await set()) };
    const first = await answerOf(name, input);
    const { data, errors } = await call(name, other(input));
    if (union) {
      expect(data[name]).toMatchObject({ __typename: 'Refused', replayed: false });
      expect(reasons(data[name])).toEqual(['IDEMPOTENCY_KEY_REUSED']);
    } else expect(errors?.map(({ extensions: { code } }) => code)).toEqual(['CONFLICT']);
    expect(await answerOf(name, input)).toEqual({ ...first, ...(union && { replayed: true }) });
  });

  test.each(NAMES)('sent by many at once does one deed: %s', async (name) => {
    const input = { idempotencyKey: desk.key(), ...(await keyed(name).set()) };
    const answers = await Promise.all(Array.from({ length: 6 }, () => answerOf(name, input)));
    const plain = answers.map(({ replayed: _, ...rest }) => JSON.stringify(rest));
    expect(new Set(plain).size).toBe(1);
    if (keyed(name).union) expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  });

  test.each(NAMES)('must have 1 to 255 characters: %s', async (name) => {
    const input = await keyed(name).set();
    for (const idempotencyKey of ['', 'k'.repeat(256)]) {
      const { errors } = await call(name, { idempotencyKey, ...input });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: 'input.idempotencyKey' });
    }
    expect((await call(name, { idempotencyKey: 'k'.repeat(255 - name.length) + name, ...input })).errors).toBeUndefined();
  });

  test('of another mutation is another key', async () => {
    const idempotencyKey = desk.key();
    for (const name of NAMES) {
      const answer = await answerOf(name, { idempotencyKey, ...(await keyed(name).set()) });
      expect(answer).not.toMatchObject({ __typename: 'Refused' });
    }
  });
});

describe('what an answer that comes again shows', () => {
  test('entities in their state of now, money as it was', async () => {
    const code = await desk.code({ incentive: off(500) });
    const order = desk.order();
    const idempotencyKey = desk.key();
    const first = await desk.redeem([code], order, { idempotencyKey });
    await desk.reverse({ redemptionId: first.redemptions[0].id });
    const again = await desk.redeem([code], order, { idempotencyKey });
    expect([first.redemptions[0].voucher.status, again.redemptions[0].voucher.status]).toEqual(['REDEEMED', 'ISSUED']);
    expect([amounts(again), again.order]).toEqual([amounts(first), first.order]);

    const ofHold = desk.key();
    const { hold } = await desk.hold([code], order, { idempotencyKey: ofHold });
    await desk.release(hold.id);
    expect(await desk.hold([code], order, { idempotencyKey: ofHold })).toMatchObject({
      replayed: true,
      hold: { id: hold.id, status: 'RELEASED', order: hold.order },
    });
  });

  test('redemptions in the order of the codes that were sent, or of the hold, whatever their turns', async () => {
    const codes: string[] = [];
    for (const incentive of [part(100), off(100), off(300), off(200)]) codes.push(await desk.code({ incentive }));
    const order = desk.order();
    const held = await desk.hold(codes, order);
    for (const ask of [{ codes: null, holdId: held.hold.id }, { codes }]) {
      const idempotencyKey = desk.key();
      const first = await desk.redeem(ask.codes, order, { ...ask, idempotencyKey });
      expect(first.redemptions.map(({ code }: Any) => code)).toEqual(codes);
      expect(amounts(first)).toEqual([100, 100, 300, 200]);
      expect(await desk.redeem(ask.codes, order, { ...ask, idempotencyKey })).toEqual({ ...first, replayed: true });
      await desk.reverse({ redeemKey: idempotencyKey });
    }
  });

  test('a refusal stays a refusal when its cause is gone, and is counted once; a new key tries anew', async () => {
    const id = await desk.campaign({ incentive: off(100) });
    const [code = ''] = await desk.codesOf(id);
    const order = desk.order();
    const idempotencyKey = desk.key();
    await desk.pause(id);
    const first = await desk.redeem([code], order, { idempotencyKey });
    expect(reasons(first)).toEqual(['CAMPAIGN_PAUSED']);
    await desk.hub.ask('mutation ($id: ID!) { activateCampaign(id: $id) { status } }', { id });
    expect(await desk.redeem([code], order, { idempotencyKey })).toEqual({ ...first, replayed: true });
    expect((await desk.counts(id)).counts).toMatchObject({ rejected: 1, redeemed: 0 });
    expect(amounts(await desk.redeem([code], order))).toEqual([100]);
  });

  test('an answer with errors stores nothing: the same key may be sent again', async () => {
    const code = await desk.code();
    const idempotencyKey = desk.key();
    const faulty = desk.order({ lines: [{ id: 'menu', sku: 'menu', quantity: '0', unitPrice: 1_000 }] });
    expect(await desk.faultsOf.redeem([code], faulty, { idempotencyKey })).toEqual(['BAD_USER_INPUT input.order.lines[0].quantity']);
    expect(amounts(await desk.redeem([code], desk.order(), { idempotencyKey }))).toEqual([200]);
  });

  test('a placedAt is compared as it was sent: left out is left out, whatever the clock', async () => {
    const [code, order, idempotencyKey] = [await desk.code(), desk.order(), desk.key()];
    const first = await desk.redeem([code], order, { idempotencyKey });
    desk.clock.tick(3_600_000);
    expect(await desk.redeem([code], order, { idempotencyKey })).toEqual({ ...first, replayed: true });
    const placed = { ...order, placedAt: '2026-05-08T20:00:00+02:00' };
    expect(reasons(await desk.redeem([code], placed, { idempotencyKey }))).toEqual(['IDEMPOTENCY_KEY_REUSED']);
  });
});

describe('recordOrder has source and externalId for its key', () => {
  test('the same body is the same order; another updates lines and keeps redemptions', async () => {
    const order = desk.order({ revision: 3 });
    const { redemptions } = await desk.redeem([await desk.code()], order);
    const first = await desk.record(order);
    expect(await desk.record({ ...orderReworded(order), revision: 3 })).toEqual(first);
    expect(first.redemptions).toEqual([{ id: redemptions[0].id, code: redemptions[0].code }]);

    const lines = [{ ...order['lines'][0], quantity: '3' }];
    const updated = await desk.record({ ...order, lines, revision: 4 });
    expect(updated).toMatchObject({ id: first.id, redemptions: first.redemptions, priced: { subtotal: { minor: 3_000 } } });
    for (const revision of [3, 4]) {
      const older = await desk.record({ ...order, lines: [{ ...lines[0], quantity: '9' }], revision });
      expect(older.priced.subtotal.minor).toBe(3_000);
    }
    expect((await desk.record({ ...order, source: 'till 2' })).id).not.toBe(first.id);
  });
});
