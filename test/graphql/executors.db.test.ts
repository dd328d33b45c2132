import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { order, REDEEM, type Stage, setStage } from './stage.ts';

// One suite over every way a request can take. They work on one database, so what one shows the others must show.
const WAYS = [
  { name: 'graphql-js behind Apollo Server', executor: 'graphql-js', shortcut: false },
  { name: 'compiled behind Apollo Server', executor: 'jit', compileAtUse: 1, shortcut: false },
  { name: 'compiled, straight', executor: 'jit', compileAtUse: 1, shortcut: true },
  { name: 'graphql-js, straight', executor: 'graphql-js', shortcut: true },
] as const;

let hubs: TestHub[];
let stage: Stage;
let till: string;
let shopper: string;

beforeAll(async () => {
  const first = await startTestHub(WAYS[0]);
  hubs = [first];
  for (const way of WAYS.slice(1)) hubs.push(await startTestHub({ ...way, besides: first }));
  stage = await setStage(first, {
    limits: [{ counts: 'REDEMPTIONS', per: 'STORE', period: 'BUSINESS_DAY', max: 60 }],
    budget: { minor: 100_000, currency: 'EUR' },
    metadata: { note: 'mañana', deep: [1, { two: null }] },
  });
  till = await first.keyFor('TILL', { storeIds: [stage.storeId] });
  shopper = await first.keyFor('PUBLIC');
  await first.ask(REDEEM, {
    input: {
      idempotencyKey: 'first',
      codes: [stage.codes[0]],
      order: order(stage.storeId, { externalId: 'seed', customer: { phone: '+34600111222' } }),
    },
  });
  await first.ask('mutation ($input: ReverseInput!) { reverse(input: $input) { __typename } }', {
    input: { idempotencyKey: 'back', redeemKey: 'first', reason: 'test' },
  });
  await first.ask(REDEEM, {
    input: { idempotencyKey: 'second', codes: [stage.codes[1]], order: order(stage.storeId, { externalId: 'seed 2' }) },
  });
  await first.ask(REDEEM, {
    input: { idempotencyKey: 'third', codes: [stage.codes[1]], order: order(stage.storeId, { externalId: 'seed 3' }) },
  });
  await first.ask('mutation ($input: RecordEventInput!) { recordEvent(input: $input) { position } }', {
    input: { idempotencyKey: 'e', name: 'email.opened', data: { a: [1, 2.5, 'x'] } },
  });
});
afterAll(async () => {
  for (const hub of hubs.toReversed()) await hub.stop();
});

/** Asks each hub three times, so that the last answer came the way it is meant to; all must be the same but for what is made anew. */
async function alike(
  query: string,
  variables: Record<string, unknown> = {},
  asking: { key?: string; headers?: Record<string, string> } = {},
) {
  // biome-ignore lint/suspicious/noExplicitAny: the shape is each test's own.
  const answers: { status: number; type: string | null; data: any; faults: any }[] = [];
  for (const hub of hubs) {
    for (let time = 0; time < 3; time += 1) {
      const { status, data, errors, headers } = await hub.graphql(query, variables, asking);
      const faults = errors?.map(({ extensions: { reference, ...extensions }, ...fault }) => ({
        ...fault,
        message: reference ? 'hidden' : fault.message,
        extensions: { ...extensions, reference: reference && 'some' },
      }));
      answers.push({ status, type: headers.get('content-type'), data, faults });
    }
  }
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  return answers[0] as (typeof answers)[number];
}

describe('all ways answer alike', () => {
  test('reading, with links, lists, unions, aliases and fragments', async () => {
    const { faults, data } = await alike(
      `query ($after: String, $withStore: Boolean!, $first: Int) {
        redemptions(first: $first, after: $after) { edges { cursor node { ...R } } pageInfo { hasNextPage endCursor } }
        again: redemptions(filter: { orderExternalId: "seed" }) { edges { node { ...R store @skip(if: $withStore) { businessDayStart } } } }
        rejections { edges { node { id at reason message failures { reason message limit { max } } nearestBasket { message } store { name } campaign { name } } } }
        campaigns { edges { node { id name metadata limits { counts per period max } incentive { percentOff { percent maximum { minor } scope { pick include { skus } } } tender { value { minor } } } budget { total { minor } left { minor } } counts { issued redeemed reversed rejected codes } stores { id } parent { id } } } }
        vouchers(first: 3) { edges { node { id code status validUntil customer { phone } redemptions { edges { node { id } } } } } }
        ledger { events { position type name at businessDay amount { minor } data store { name } } endCursor hasMore }
        stores { name taxRates { group } defaultTaxRate businessDayStart }
      }
      fragment R on Redemption { __typename id code amount { minor currency } redeemedAt businessDay voucher { id code status campaign { id } } store @include(if: $withStore) { ...S } allocations { lineId unit amount { minor } } reversals { id amount { minor } redemption { id } voucher { id } } }
      fragment S on Store { id name groups }`,
      { withStore: true, first: 10 },
    );
    expect(faults).toBeUndefined();
    expect(data.redemptions.edges).toHaveLength(2);
    expect(data.redemptions.edges[0].node.store.name).toBe('Triana');
    expect(data.again.edges[0].node.store).toEqual({ id: stage.storeId, name: 'Triana', groups: [] });
    expect(data.rejections.edges[0].node.reason).toBe('ALREADY_REDEEMED');
    const named = data.ledger.events.map(({ type, name }: { type: string; name: string | null }) => [type, name]);
    expect(named).toContainEqual(['CUSTOM', 'email.opened']);
    expect(named).toContainEqual(['VOUCHER_REDEEMED', null]);
  });

  test.each([true, false])('skipping and including by a variable: %s', async (flag) => {
    const { data } = await alike(
      'query ($flag: Boolean!) { stores { id ...A @include(if: $flag) ...A @skip(if: $flag) ...B @include(if: $flag) ... @skip(if: $flag) { currency } } } fragment A on Store { name } fragment B on Store { language timeZone @skip(if: $flag) }',
      { flag },
    );
    expect(Object.keys(data.stores[0])).toEqual(flag ? ['id', 'name', 'language'] : ['id', 'name', 'currency']);
  });

  test('a union in a list', async () => {
    const input = { codes: [stage.codes[2], 'DV0000000000000', stage.codes[1]], order: order(stage.storeId, { externalId: 'basket' }) };
    const { data } = await alike(
      'query ($input: ValidateInput!) { validate(input: $input) { outcomes { __typename ... on Applicable { kind amount { minor } voucher { code status } } ... on Rejection { code reason publicReason retryable } } order { due { minor } tax { rate tax { minor } } } } }',
      { input },
    );
    expect(data.validate.outcomes.map(({ __typename: name }: { __typename: string }) => name)).toEqual([
      'Applicable',
      'Rejection',
      'Rejection',
    ]);
  });

  test('a union answered by a replay', async () => {
    const input = { idempotencyKey: 'second', codes: [stage.codes[1]], order: order(stage.storeId, { externalId: 'seed 2' }) };
    const { data } = await alike(REDEEM, { input });
    expect(data.redeem).toMatchObject({ __typename: 'Redeemed', replayed: true });
  });

  test('masked for the public', async () => {
    const input = { codes: [stage.codes[1], 'DV0000000000000'], order: order(stage.storeId, { externalId: 'basket 2' }) };
    const { data } = await alike(
      'query ($input: ValidateInput!) { validate(input: $input) { outcomes { ... on Rejection { reason publicReason message failures { reason } campaign { id } store { id } } } } }',
      { input: { ...input, codes: [stage.codes[3], ...input.codes] } },
      { key: shopper, headers: { 'accept-language': 'en' } },
    );
    const [, used, unknown] = data.validate.outcomes;
    expect(used).toEqual({ ...unknown, reason: null, failures: null, campaign: null, publicReason: 'NOT_USABLE' });
  });

  test.each<[string, string, Record<string, unknown>]>([
    ['a variable that is missing', 'query ($id: ID!) { campaign(id: $id) { id } }', {}],
    ['a variable that is null', 'query ($id: ID!) { campaign(id: $id) { id } }', { id: null }],
    ['a variable of the wrong type', 'query ($first: Int) { ledger(first: $first) { endCursor } }', { first: 'many' }],
    ['a number beyond 32 bits', 'query ($first: Int) { ledger(first: $first) { endCursor } }', { first: 3_000_000_000 }],
    [
      'an enum value that is none',
      'query ($filter: VoucherFilter) { vouchers(filter: $filter) { edges { cursor } } }',
      { filter: { statuses: ['ISSUED', 'LOST'] } },
    ],
    [
      'an enum value that is a member of objects',
      'query ($filter: VoucherFilter) { vouchers(filter: $filter) { edges { cursor } } }',
      { filter: { statuses: ['toString'] } },
    ],
    [
      'a list where one value is null',
      'query ($filter: VoucherFilter) { vouchers(filter: $filter) { edges { cursor } } }',
      { filter: { statuses: [null] } },
    ],
    [
      'an unknown variable field',
      'query ($filter: VoucherFilter) { vouchers(filter: $filter) { edges { cursor } } }',
      { filter: { colour: 'red' } },
    ],
    ['an object that is a text', 'query ($filter: VoucherFilter) { vouchers(filter: $filter) { edges { cursor } } }', { filter: 'red' }],
    [
      'many faults in one input',
      'query ($input: ValidateInput!) { validate(input: $input) { order { due { minor } } } }',
      { input: { codes: 'one', order: { storeId: 7, currency: 'eur', lines: [{ id: 1, sku: 's', quantity: 1.5, unitPrice: '10' }, {}] } } },
    ],
    [
      'a date that does not exist',
      'query ($filter: RedemptionFilter) { redemptions(filter: $filter) { edges { cursor } } }',
      { filter: { from: '2025-02-30T10:00:00Z', businessDayTo: '2025-13-01' } },
    ],
    [
      'an instant without an offset',
      'query ($filter: RedemptionFilter) { redemptions(filter: $filter) { edges { cursor } } }',
      { filter: { from: '2025-02-03T10:00:00' } },
    ],
    ['a nullable variable where null is not allowed', 'query ($id: ID = "cmp_0") { campaign(id: $id) { id } }', { id: null }],
    [
      'two kinds of one',
      'mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { id } }',
      {
        input: {
          name: 'x',
          incentive: { tender: { value: { minor: 1, currency: 'EUR' } }, amountOff: { amount: { minor: 1, currency: 'EUR' } } },
        },
      },
    ],
    [
      'one kind that is null',
      'mutation ($input: IncentiveInput) { createCampaign(input: { name: "x", incentive: $input }) { id } }',
      { input: { tender: null } },
    ],
    [
      'what comes later',
      'mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { id } }',
      { input: { name: 'x', distribution: 'PARTNER' } },
    ],
    [
      'a fault of form from inside',
      'mutation ($input: RedeemInput!) { redeem(input: $input) { __typename } }',
      { input: { idempotencyKey: '', order: { externalId: '', storeId: 'sto_0', currency: 'EUR', lines: [] } } },
    ],
  ])('%s', async (_what, query, variables) => {
    const { status, data, faults } = await alike(query, variables);
    expect(status).toBe(200);
    expect(Object.values(data ?? {}).filter((value) => value !== null)).toEqual([]);
    expect(faults?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: expect.any(String), faults: expect.any(Array) });
  });

  test('a fault in one of several fields leaves the others', async () => {
    const { data, faults } = await alike('{ good: stores { id } bad: voucher { id } alsoBad: ledger(first: 5000) { endCursor } }');
    // ledger is non-null, so its fault empties the whole answer; voucher's alone would not.
    expect(data).toBeNull();
    expect(faults?.map(({ path }: { path?: unknown[] }) => path?.[0]).sort()).toEqual(['alsoBad', 'bad']);
    const other = await alike('{ good: stores { id } bad: voucher { id } }');
    expect(other.data).toEqual({ good: [{ id: stage.storeId }], bad: null });
    expect(other.faults).toEqual([
      expect.objectContaining({ path: ['bad'], extensions: expect.objectContaining({ code: 'BAD_USER_INPUT', path: 'code' }) }),
    ]);
  });

  test('FORBIDDEN inside a request keeps its path and the rest', async () => {
    const { status, data, faults } = await alike('{ stores { id } keys: apiKeys { id } }', {}, { key: till });
    expect(status).toBe(200);
    expect(data).toBeNull();
    expect(faults).toEqual([expect.objectContaining({ path: ['keys'], extensions: expect.objectContaining({ code: 'FORBIDDEN' }) })]);
  });

  test('literals that would be code to a compiler are texts', async () => {
    const evil = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74dglobalThis.broken=1';
    const { data, faults } = await alike(`{ voucher(code: "${evil}") { id } }`);
    expect(faults).toBeUndefined();
    expect(data).toEqual({ voucher: null });
    const { data: escaped } = await alike(
      `{ voucher(code: "\\u005f_MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74dglobalThis.broken=1") { id } }`,
    );
    expect(escaped).toEqual({ voucher: null });
    expect((globalThis as { broken?: unknown }).broken).toBeUndefined();
  });

  test('JSON in literals and variables comes back as it was', async () => {
    const data = { a: [1, -2.5, 'ñ', null, true, { b: {} }], '': 'empty' };
    const { data: answer } = await alike('mutation ($input: RecordEventInput!) { recordEvent(input: $input) { data type hash } }', {
      input: { idempotencyKey: 'json', name: 'a.b', data },
    });
    expect(answer.recordEvent.data).toEqual(data);
    const { data: literal } = await alike(
      'mutation { recordEvent(input: { idempotencyKey: "json literal", name: "a.b", data: { a: [1, -2.5, "ñ", null, true, { b: {} }] } }) { data } }',
    );
    expect(literal.recordEvent.data).toEqual({ a: data.a });
  });
});
