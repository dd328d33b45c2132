import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { booksAgree } from '../helpers/agree.ts';
import { eventually } from '../helpers/basics.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { createCampaign, createStore, generateCodes, order } from './stage.ts';

let hub: TestHub;
let other: TestHub;
let storeId: string;

beforeAll(async () => {
  hub = await startTestHub();
  other = await startTestHub({ besides: hub });
  storeId = await createStore(hub);
});
afterAll(async () => {
  await booksAgree(hub.database.url);
  await other.stop();
  await hub.stop();
});

// biome-ignore lint/suspicious/noExplicitAny: inputs of any shape.
type Input = Record<string, any>;

const SEGMENT =
  '{ id name kind expression version size members(first: 2) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }';
const CREATE = `mutation ($input: CreateSegmentInput!) { createSegment(input: $input) ${SEGMENT} }`;
const UPDATE = `mutation ($id: ID!, $input: UpdateSegmentInput!) { updateSegment(id: $id, input: $input) ${SEGMENT} }`;
const ADD = `mutation ($id: ID!, $customerIds: [ID!]!) { addToSegment(id: $id, customerIds: $customerIds) ${SEGMENT} }`;
const REMOVE = `mutation ($id: ID!, $customerIds: [ID!]!) { removeFromSegment(id: $id, customerIds: $customerIds) ${SEGMENT} }`;
const VALIDATE = `query ($input: ValidateInput!) { validate(input: $input) { outcomes { ... on Applicable { amount { minor } } ... on Rejection { reason publicReason message } } } }`;

const create = async (input: Input) => (await hub.ask(CREATE, { input })).createSegment;
let guests = 0;
async function guest(input: Input = {}): Promise<string> {
  guests += 1;
  const phone = `+346200${String(10_000 + guests)}`;
  return (await hub.ask('mutation ($input: CustomerInput!) { upsertCustomer(input: $input) { id } }', { input: { phone, ...input } }))
    .upsertCustomer.id;
}

async function campaignFor(segmentIds: readonly string[]) {
  const id = await createCampaign(hub, { conditions: { segmentIds } });
  const { codes } = await generateCodes(hub, id);
  return {
    id,
    /** null = applicable. */
    reason: async (customer: Input | null, at: TestHub = hub): Promise<string | null> => {
      const { validate } = await at.ask(VALIDATE, { input: { codes: [codes[0]], order: order(storeId, customer ? { customer } : {}) } });
      return validate.outcomes[0].reason ?? null;
    },
    redeem: async (customer: Input): Promise<string | null> => {
      const { redeem } = await hub.ask(
        'mutation ($input: RedeemInput!) { redeem(input: $input) { ... on Redeemed { redemptions { id } } ... on Refused { rejections { reason } } } }',
        { input: { idempotencyKey: randomUUID(), codes: [codes.pop()], order: order(storeId, { customer }) } },
      );
      return redeem.rejections?.[0].reason ?? null;
    },
  };
}

describe('a list of customers', () => {
  test('grows and shrinks, and decides at once, in other processes too', async () => {
    const [ana, luis, eva] = [await guest(), await guest(), await guest()];
    const made = await create({ name: 'VIP', customerIds: [ana, ana] });
    expect(made).toMatchObject({
      name: 'VIP',
      kind: 'STATIC',
      expression: null,
      version: 1,
      size: 1,
      members: { edges: [{ node: { id: ana } }] },
    });
    const asked = await campaignFor([made.id]);
    expect(await asked.reason({ id: ana })).toBeNull();
    expect(await asked.reason({ id: luis })).toBe('NOT_IN_SEGMENT');
    expect(await asked.reason({ phone: '+34620099999' })).toBe('NOT_IN_SEGMENT');
    expect(await asked.reason(null)).toBe('CUSTOMER_REQUIRED');
    const { addToSegment } = await hub.ask(ADD, { id: made.id, customerIds: [luis, eva, ana] });
    expect(addToSegment).toMatchObject({ version: 2, size: 3, members: { edges: [{}, {}], pageInfo: { hasNextPage: true } } });
    const rest = await hub.ask(
      'query ($id: ID!, $after: String) { segment(id: $id) { members(first: 2, after: $after) { edges { node { id } } pageInfo { hasNextPage } } } }',
      {
        id: made.id,
        after: addToSegment.members.pageInfo.endCursor,
      },
    );
    expect([...addToSegment.members.edges, ...rest.segment.members.edges].map((edge: Input) => edge['node'].id).sort()).toEqual(
      [ana, luis, eva].sort(),
    );
    expect(await asked.redeem({ id: luis })).toBeNull();
    expect(await asked.reason({ id: luis }, other)).toBeNull();
    const { removeFromSegment } = await hub.ask(REMOVE, { id: made.id, customerIds: [luis, 'cus_nobody'] });
    expect(removeFromSegment).toMatchObject({ version: 3, size: 2 });
    expect(await asked.redeem({ id: luis })).toBe('NOT_IN_SEGMENT');
    expect(await asked.reason({ id: luis }, other)).toBe('NOT_IN_SEGMENT');
  });

  test('takes all of the customers or none', async () => {
    const ana = await guest();
    const { id } = await create({ name: 'Whole', customerIds: [] });
    const { errors } = await hub.graphql(ADD, { id, customerIds: [ana, 'cus_nobody'] });
    expect(errors?.[0]).toMatchObject({ message: 'There is no customer with id cus_nobody.', extensions: { code: 'NOT_FOUND' } });
    expect((await hub.ask(`query ($id: ID!) { segment(id: $id) ${SEGMENT} }`, { id })).segment).toMatchObject({ size: 0, version: 1 });
  });

  test('takes ten thousand at a time', async () => {
    const { rows } = await hub.hub.database.pool.query<{ id: string }>(
      `insert into customer (id, phone, groups, created_at) select 'cus_many' || n, '+3463' || n, '{}', now() from generate_series(1000000, 1009999) n returning id`,
    );
    const { id } = await create({ name: 'Many', customerIds: [] });
    const { addToSegment } = await hub.ask(ADD, { id, customerIds: rows.map((row) => row.id) });
    expect(addToSegment.size).toBe(10_000);
  });
});

describe('an expression over the customer', () => {
  test('is asked of the one who orders, and a change of it holds everywhere', async () => {
    const vip = await guest({ groups: ['vip'] });
    const made = await create({ name: 'Regulars', expression: '"vip" in customer.groups || customer.orders >= 1' });
    expect(made).toMatchObject({ kind: 'DYNAMIC', size: null, members: null, version: 1 });
    const asked = await campaignFor([made.id]);
    expect(await asked.reason({ id: vip })).toBeNull();
    const plain = await guest();
    expect(await asked.reason({ id: plain })).toBe('NOT_IN_SEGMENT');
    await hub.ask('mutation ($input: OrderInput!) { recordOrder(input: $input) { id } }', {
      input: order(storeId, { customer: { id: plain } }),
    });
    expect(await asked.redeem({ id: plain })).toBeNull();
    expect(await asked.reason({ id: plain }, other)).toBeNull();
    await hub.ask(UPDATE, { id: made.id, input: { expression: 'customer.orders >= 5' } });
    expect(await asked.reason({ id: plain })).toBe('NOT_IN_SEGMENT');
    await eventually(async () => expect(await asked.reason({ id: vip }, other)).toBe('NOT_IN_SEGMENT'));
  });

  test('holds for a new customer where it says so', async () => {
    const made = await create({ name: 'New', expression: 'customer.orders == 0' });
    const asked = await campaignFor([made.id]);
    expect(await asked.reason({ phone: '+34620088888' })).toBeNull();
    expect(await asked.redeem({ phone: '+34620088888' })).toBeNull();
    expect(await asked.reason({ phone: '+34620088888' })).toBe('NOT_IN_SEGMENT');
  });
});

test('one of several segments is enough, of the campaign and of its main', async () => {
  const [ana, luis] = [await guest({ groups: ['a'] }), await guest({ groups: ['a', 'b'] })];
  const [a, b, none] = [
    await create({ name: 'A', expression: '"a" in customer.groups' }),
    await create({ name: 'B', expression: '"b" in customer.groups' }),
    await create({ name: 'None', customerIds: [] }),
  ];
  const either = await campaignFor([none.id, a.id]);
  expect(await either.reason({ id: ana })).toBeNull();
  const main = await createCampaign(hub, { incentive: null, conditions: { segmentIds: [b.id] } });
  const sub = await createCampaign(hub, { parentId: main, conditions: { segmentIds: [a.id] } });
  const { codes } = await generateCodes(hub, sub);
  const reason = async (id: string) => {
    const { validate } = await hub.ask(VALIDATE, { input: { codes: [codes[0]], order: order(storeId, { customer: { id } }) } });
    return validate.outcomes[0].reason ?? null;
  };
  expect([await reason(ana), await reason(luis)]).toEqual(['NOT_IN_SEGMENT', null]);
});

describe('what is wrong is said', () => {
  const CAMPAIGN = 'mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { id } }';
  test.each<[string, string, Input, string, string | undefined]>([
    ['both', CREATE, { input: { name: 'x', expression: 'true', customerIds: [] } }, 'BAD_USER_INPUT', 'input'],
    ['neither', CREATE, { input: { name: 'x' } }, 'BAD_USER_INPUT', 'input'],
    ['no name', CREATE, { input: { name: ' ', expression: 'true' } }, 'BAD_USER_INPUT', 'input.name'],
    [
      'an expression over the order',
      CREATE,
      { input: { name: 'x', expression: 'order.channel == "ONLINE"' } },
      'BAD_USER_INPUT',
      'input.expression',
    ],
    ['an unknown customer', CREATE, { input: { name: 'x', customerIds: ['cus_0'] } }, 'NOT_FOUND', undefined],
    ['an unknown segment', UPDATE, { id: 'seg_0', input: { name: 'y' } }, 'NOT_FOUND', undefined],
    [
      'an unknown segment of a campaign',
      CAMPAIGN,
      { input: { name: 'x', incentive: { percentOff: { percent: '1' } }, conditions: { segmentIds: ['seg_0'] } } },
      'NOT_FOUND',
      undefined,
    ],
  ])('%s', async (_what, query, variables, code, path) => {
    const { errors } = await hub.graphql(query, variables);
    expect(errors?.[0]?.extensions).toMatchObject({ code, ...(path !== undefined && { path }) });
  });

  test('a list takes no expression, and an expression no list', async () => {
    const [list, rule] = [await create({ name: 'L', customerIds: [] }), await create({ name: 'R', expression: 'true' })];
    const first = async (query: string, variables: Input) => (await hub.graphql(query, variables)).errors?.[0]?.extensions;
    expect(await first(UPDATE, { id: list.id, input: { expression: 'true' } })).toMatchObject({ path: 'input.expression' });
    expect(await first(UPDATE, { id: rule.id, input: { expression: null } })).toMatchObject({ path: 'input.expression' });
    expect(await first(ADD, { id: rule.id, customerIds: [] })).toMatchObject({ path: 'id' });
  });
});

test('are listed newest first, by kind; a till sees their names, a partner none', async () => {
  const [older, newer] = [await create({ name: 'Older', expression: 'true' }), await create({ name: 'Newer', expression: 'false' })];
  const LIST =
    'query ($filter: SegmentFilter, $first: Int, $after: String) { segments(filter: $filter, first: $first, after: $after) { edges { cursor node { id kind } } pageInfo { hasNextPage } } }';
  const page = (await hub.ask(LIST, { filter: { kinds: ['DYNAMIC'] }, first: 1 })).segments;
  expect(page).toMatchObject({ edges: [{ node: { id: newer.id, kind: 'DYNAMIC' } }], pageInfo: { hasNextPage: true } });
  const next = (await hub.ask(LIST, { filter: { kinds: ['DYNAMIC'] }, first: 1, after: page.edges[0].cursor })).segments;
  expect(next.edges[0].node.id).toBe(older.id);
  expect((await hub.ask(LIST, { filter: { kinds: [] } })).segments.edges).toEqual([]);
  const show = async (key: string) =>
    (await hub.ask(`query ($id: ID!) { segment(id: $id) ${SEGMENT} }`, { id: older.id }, { key })).segment;
  expect(await show(await hub.keyFor('TILL', { storeIds: [storeId] }))).toEqual({
    id: older.id,
    name: 'Older',
    kind: 'DYNAMIC',
    expression: null,
    version: null,
    size: null,
    members: null,
  });
  expect(await show(await hub.keyFor('PARTNER'))).toBeNull();
});
