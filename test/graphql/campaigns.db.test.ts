import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { GraphQLInputObjectType } from 'graphql';
import { buildApiSchema } from '../../src/schema/index.ts';
import { closeAgreed } from '../helpers/agree.ts';
import { TestClock } from '../helpers/basics.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { createCampaign, createStore, generateCodes, order, REDEEM } from './stage.ts';

jest.setTimeout(60_000);

// biome-ignore lint/suspicious/noExplicitAny: inputs and answers of any shape.
type Any = any;

const clock = new TestClock();
let hub: TestHub;
let store: string;
let other: string;

beforeAll(async () => {
  hub = await startTestHub({ clock });
  [store, other] = [await createStore(hub), await createStore(hub, { name: 'Nervión' })];
});
beforeEach(() => clock.tick(1_000));
afterAll(() => closeAgreed({ database: hub.database, close: () => hub.stop() }));

const UPDATE = `mutation ($id: ID!, $input: UpdateCampaignInput!, $applyToIssued: Boolean, $expectedVersion: Int) {
  updateCampaign(id: $id, input: $input, applyToIssued: $applyToIssued, expectedVersion: $expectedVersion) {
    id name status version startsOn endsOn stores { id } currency taxClass metadata conditions { minimumOrder }
    limits { counts per period max } stacking { priority group exclusive } budget { total { minor } left { minor } } funding { by name percent }
  }
}`;
const update = async (id: string, input: Any, more: Any = {}): Promise<Any> =>
  (await hub.ask(UPDATE, { id, input, ...more })).updateCampaign;
const faultsOf = async (id: string, input: Any, more: Any = {}): Promise<Any> => {
  const { errors } = await hub.graphql(UPDATE, { id, input, ...more });
  const [error] = errors ?? [];
  const faults = error?.extensions.faults ?? (error?.extensions.path ? [error.extensions] : []);
  return { code: error?.extensions.code, paths: faults.map(({ path }: Any) => path) };
};
const euros = (minor: number) => ({ minor, currency: 'EUR' });
const redeem = async (code: string, over: Any = {}): Promise<Any> =>
  (
    await hub.ask(REDEEM, {
      input: { idempotencyKey: `redeem ${code} ${clock.now()} ${JSON.stringify(over)}`, codes: [code], order: order(store, over) },
    })
  ).redeem;

describe('a change', () => {
  test('leaves what was left out, clears what is null, and replaces lists', async () => {
    const id = await createCampaign(hub, {
      storeIds: [store, other],
      startsOn: '2026-05-01',
      endsOn: '2026-05-31',
      conditions: { minimumOrder: 100 },
      limits: [
        { counts: 'REDEMPTIONS', per: 'CAMPAIGN', max: 9 },
        { counts: 'REDEMPTIONS', per: 'STORE', max: 9 },
      ],
      budget: euros(9_000),
      stacking: { priority: 3, group: 'g' },
      funding: [{ by: 'PARTNER', name: 'Cervezas Sur', percent: '100' }],
      metadata: { a: 1 },
    });
    const before = await update(id, {});
    expect(before.version).toBe(2);
    expect(await update(id, { name: 'Otoño', limits: [{ counts: 'REDEMPTIONS', per: 'TILL', max: 4 }] })).toEqual({
      ...before,
      name: 'Otoño',
      version: 3,
      limits: [{ counts: 'REDEMPTIONS', per: 'TILL', period: 'EVER', max: 4 }],
    });
    const none = {
      storeIds: null,
      startsOn: null,
      endsOn: null,
      conditions: null,
      limits: null,
      budget: null,
      stacking: null,
      funding: null,
    };
    expect(await update(id, { ...none, metadata: null })).toMatchObject({
      version: 4,
      name: 'Otoño',
      stores: null,
      startsOn: null,
      endsOn: null,
      conditions: { minimumOrder: null },
      limits: [],
      budget: null,
      stacking: { priority: 0, group: null, exclusive: false },
      funding: [],
      metadata: null,
    });
    expect(await update(id, { storeIds: null })).toMatchObject({ version: 4 });
  });

  test('hears of all its faults at once, and clears nothing that cannot be empty', async () => {
    const id = await createCampaign(hub);
    expect(
      await faultsOf(id, { name: null, incentive: null, distribution: null, reversalPolicy: null, endsOn: '2026-02-30' }),
    ).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    const faults = await faultsOf(id, {
      name: null,
      incentive: null,
      distribution: null,
      reversalPolicy: null,
      startsOn: '2026-06-02',
      endsOn: '2026-06-01',
      limits: [{ counts: 'REDEMPTIONS', per: 'TILL', max: 0 }],
      funding: [
        { by: 'HOUSE', percent: '50' },
        { by: 'HOUSE', percent: '49.9999' },
      ],
    });
    expect(faults).toEqual({
      code: 'BAD_USER_INPUT',
      paths: [
        'input.limits[0].max',
        'input.endsOn',
        'input.funding[1]',
        'input.name',
        'input.distribution',
        'input.reversalPolicy',
        'input.incentive',
      ],
    });
    expect(
      await faultsOf(id, {
        funding: [
          { by: 'HOUSE', percent: '50' },
          { by: 'PARTNER', name: 'A', percent: '49.9999' },
        ],
      }),
    ).toEqual({
      code: 'BAD_USER_INPUT',
      paths: ['input.funding'],
    });
    expect(await faultsOf(id, { storeIds: ['sto_nobody'] })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await faultsOf('cmp_nobody', {})).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('of two people at once is taken from the first', async () => {
    const id = await createCampaign(hub);
    expect(await update(id, { name: 'Una' }, { expectedVersion: 2 })).toMatchObject({ version: 3 });
    expect(await faultsOf(id, { name: 'Otra' }, { expectedVersion: 2 })).toMatchObject({ code: 'CONFLICT' });
    expect(await update(id, { name: 'Otra' }, { expectedVersion: 3 })).toMatchObject({ version: 4 });
  });

  test('leaves distribution and currency once codes are out', async () => {
    const id = await createCampaign(hub, { incentive: { amountOff: { amount: euros(200) } } });
    const dollars = { amountOff: { amount: { minor: 200, currency: 'USD' } } };
    expect(await update(id, { incentive: dollars })).toMatchObject({ currency: 'USD' });
    await update(id, { incentive: { amountOff: { amount: euros(200) } } });
    await generateCodes(hub, id);
    expect(await faultsOf(id, { incentive: dollars })).toEqual({ code: 'BAD_USER_INPUT', paths: ['input'] });
    expect(await faultsOf(id, { distribution: 'CUSTOMER' })).toEqual({ code: 'BAD_USER_INPUT', paths: ['input.distribution'] });
    expect(await update(id, { incentive: { percentOff: { percent: '10' } } })).toMatchObject({ currency: 'EUR' });
  });

  test('leaves the value of gift cards whose codes are out', async () => {
    const gift = (minor: number) => ({ giftBalance: { value: euros(minor) } });
    const id = await createCampaign(hub, { incentive: gift(2_000) });
    await update(id, { incentive: gift(2_500) });
    await generateCodes(hub, id);
    expect(await faultsOf(id, { incentive: gift(3_000) })).toEqual({ code: 'BAD_USER_INPUT', paths: ['input.incentive'] });
    expect(await faultsOf(id, { incentive: { percentOff: { percent: '10' } } })).toMatchObject({ paths: ['input.incentive'] });
  });

  test('turns no issued voucher into a gift card, nor a gift card into another voucher', async () => {
    const gift = { giftBalance: { value: euros(2_000) } };
    const part = { tender: { value: euros(2_000) } };
    for (const [before, after] of [
      [gift, part],
      [part, gift],
    ]) {
      const id = await createCampaign(hub, { incentive: before, distribution: 'CUSTOMER' });
      await generateCodes(hub, id);
      expect(await faultsOf(id, { incentive: after })).toEqual({ code: 'BAD_USER_INPUT', paths: ['input.incentive'] });
    }
  });

  test('of a main cannot make it narrower than its subs, nor of a sub wider than its main', async () => {
    const main = await createCampaign(hub, {
      incentive: null,
      storeIds: [store, other],
      startsOn: '2026-05-01',
      endsOn: '2026-05-31',
      budget: euros(5_000),
    });
    const wide = { storeIds: [other], startsOn: '2026-05-02', endsOn: '2026-05-30', budget: euros(4_000) };
    const sub = await createCampaign(hub, { parentId: main, name: 'Sub', ...wide });
    expect(await faultsOf(main, { storeIds: [store], startsOn: '2026-05-03', endsOn: '2026-05-29', budget: euros(3_999) })).toEqual({
      code: 'BAD_USER_INPUT',
      paths: ['input.storeIds', 'input.startsOn', 'input.endsOn', 'input.budget.minor'],
    });
    expect(await faultsOf(sub, { startsOn: '2026-04-30', endsOn: '2026-06-01', budget: euros(5_001) })).toEqual({
      code: 'BAD_USER_INPUT',
      paths: ['input.startsOn', 'input.endsOn', 'input.budget.minor'],
    });
    expect(await faultsOf(main, { incentive: { percentOff: { percent: '10' } } })).toMatchObject({ paths: ['input.incentive'] });
    await hub.ask('mutation ($id: ID!) { endCampaign(id: $id) { status } }', { id: sub });
    expect(await update(main, { storeIds: [store], endsOn: '2026-05-20' })).toMatchObject({ endsOn: '2026-05-20' });
    expect(await faultsOf(sub, { name: 'Late' })).toMatchObject({ code: 'CONFLICT' });
  });

  test('of the first day moves between scheduled and active', async () => {
    const id = await createCampaign(hub);
    expect(await update(id, { startsOn: '2026-09-01' })).toMatchObject({ status: 'SCHEDULED' });
    expect(await update(id, { startsOn: '2026-05-01' })).toMatchObject({ status: 'ACTIVE' });
  });

  test('takes what createCampaign takes, but for the parent', () => {
    const fields = (name: string) => {
      const type = buildApiSchema().getType(name);
      return type instanceof GraphQLInputObjectType ? Object.keys(type.getFields()).filter((field) => field !== 'parentId') : [];
    };
    expect(fields('UpdateCampaignInput').sort()).toEqual(fields('CreateCampaignInput').sort());
  });
});

describe('versions', () => {
  const VERSIONS = `query ($id: ID!, $first: Int, $after: String) { campaign(id: $id) { version versions(first: $first, after: $after) {
    edges { cursor node { version at actorId changes content { name status incentive { percentOff { percent } } budget { minor } limits { max } } } } pageInfo { hasNextPage endCursor } } } }`;
  test('tell every change, the newest first, and who made it', async () => {
    const id = await createCampaign(hub);
    await update(id, { incentive: { percentOff: { percent: '15' } }, budget: euros(700) });
    await hub.ask('mutation ($id: ID!) { pauseCampaign(id: $id) { status } }', { id });
    const { campaign } = await hub.ask(VERSIONS, { id, first: 3 });
    expect(campaign.versions.edges.map(({ node }: Any) => node)).toMatchObject([
      { version: 4, changes: ['status'], content: { status: 'PAUSED' } },
      {
        version: 3,
        changes: ['budget', 'currency', 'incentive'].sort(),
        content: { budget: { minor: 700 }, incentive: { percentOff: { percent: '15' } } },
      },
      { version: 2, changes: ['status'], content: { status: 'ACTIVE', budget: null, incentive: { percentOff: { percent: '10' } } } },
    ]);
    const { apiKeys } = await hub.ask('{ apiKeys { id } }');
    expect(apiKeys).toContainEqual({ id: campaign.versions.edges[0].node.actorId });
    expect(campaign.versions.pageInfo.hasNextPage).toBe(true);
    const rest = await hub.ask(VERSIONS, { id, first: 3, after: campaign.versions.pageInfo.endCursor });
    expect(rest.campaign.versions.edges).toMatchObject([{ node: { version: 1, changes: [], content: { status: 'DRAFT' } } }]);
    const { campaignVersion } = await hub.ask('query ($id: ID!) { campaignVersion(id: $id, version: 3) { changes content { name } } }', {
      id,
    });
    expect(campaignVersion).toMatchObject({ content: { name: 'Ten off' } });
    expect(await hub.ask('query ($id: ID!) { campaignVersion(id: $id, version: 9) { version } }', { id })).toEqual({
      campaignVersion: null,
    });
  });

  test('of a sub say when its main’s terms changed', async () => {
    const main = await createCampaign(hub, { incentive: null });
    const sub = await createCampaign(hub, { parentId: main });
    await update(main, { conditions: { minimumOrder: 500 } });
    const { campaign } = await hub.ask(VERSIONS, { id: sub, first: 1 });
    expect(campaign.versions.edges).toMatchObject([{ node: { version: 3, changes: ['main'] } }]);
  });

  test('and how full its limits are, are nobody’s but the office’s', async () => {
    const id = await createCampaign(hub, { limits: [{ counts: 'REDEMPTIONS', per: 'CAMPAIGN', max: 3 }] });
    const till = await hub.keyFor('TILL', { storeIds: [store] });
    const masked = 'query ($id: ID!) { campaign(id: $id) { id versions { edges { cursor } } limitUses { used } funding { by } } }';
    expect(await hub.ask(masked, { id }, { key: till })).toEqual({ campaign: { id, versions: null, limitUses: null, funding: null } });
  });
});

describe('the life of a campaign', () => {
  const status = async (move: string, id: string): Promise<Any> =>
    (await hub.graphql(`mutation ($id: ID!) { ${move}Campaign(id: $id) { status } }`, { id })).data?.[`${move}Campaign`]?.status ??
    'CONFLICT';

  test('ends in the archive, from a draft, a person’s end or the calendar’s', async () => {
    const id = await createCampaign(hub);
    expect(await status('archive', id)).toBe('CONFLICT');
    expect(await status('end', id)).toBe('ENDED');
    expect(await status('activate', id)).toBe('CONFLICT');
    expect(await status('archive', id)).toBe('ARCHIVED');
    expect(await status('archive', id)).toBe('ARCHIVED');
    expect(await status('activate', id)).toBe('CONFLICT');
    const past = await createCampaign(hub, { endsOn: '2026-05-03' });
    expect(await status('archive', past)).toBe('ARCHIVED');
    const { createCampaign: draft } = await hub.ask('mutation { createCampaign(input: { name: "D" }) { id } }');
    expect(await status('archive', draft.id)).toBe('ARCHIVED');
    const { campaigns } = await hub.ask('{ campaigns(filter: { statuses: [ARCHIVED] }) { edges { node { id } } } }');
    expect(campaigns.edges.map(({ node }: Any) => node.id)).toEqual(expect.arrayContaining([id, past, draft.id]));
  });

  test('is told in the ledger', async () => {
    const id = await createCampaign(hub);
    await update(id, { name: 'Dos' }, { applyToIssued: true });
    for (const move of ['pause', 'activate', 'end', 'archive']) await status(move, id);
    const read = async () =>
      (await hub.ask('query ($id: ID!) { ledger(filter: { campaignIds: [$id] }) { events { type data } } }', { id })).ledger.events;
    while ((await read()).length < 6);
    expect(await read()).toMatchObject([
      { type: 'CAMPAIGN_ACTIVATED' },
      { type: 'CAMPAIGN_UPDATED', data: { name: 'Dos', version: 3, changes: ['name'], applyToIssued: true } },
      { type: 'CAMPAIGN_PAUSED', data: { version: 4 } },
      { type: 'CAMPAIGN_ACTIVATED', data: { version: 5 } },
      { type: 'CAMPAIGN_ENDED', data: { version: 6 } },
      { type: 'CAMPAIGN_ARCHIVED', data: { version: 7 } },
    ]);
  });

  test('can begin anew as a copy, with its subs', async () => {
    const main = await createCampaign(hub, {
      incentive: null,
      name: 'Verano',
      startsOn: '2026-05-01',
      endsOn: '2026-08-31',
      budget: euros(900),
    });
    await createCampaign(hub, {
      parentId: main,
      name: 'Junio',
      startsOn: '2026-06-01',
      endsOn: '2026-06-30',
      limits: [{ counts: 'REDEMPTIONS', per: 'MAIN_CAMPAIGN', max: 4 }],
    });
    await createCampaign(hub, { parentId: main, name: 'Siempre' });
    const gone = await createCampaign(hub, { parentId: main, name: 'Fuera' });
    for (const move of ['end', 'archive']) await status(move, gone);
    const clone = async (id: string, input: Any): Promise<Any> =>
      (
        await hub.ask(
          'mutation ($id: ID!, $input: CloneCampaignInput!) { cloneCampaign(id: $id, input: $input) { id name status version startsOn endsOn parent { id } budget { total { minor } } } }',
          { id, input },
        )
      ).cloneCampaign;
    const copy = await clone(main, { name: 'Verano 2027', startsOn: '2027-05-01', endsOn: '2027-08-31', withSubs: true });
    expect(copy).toMatchObject({
      name: 'Verano 2027',
      status: 'DRAFT',
      version: 1,
      startsOn: '2027-05-01',
      budget: { total: { minor: 900 } },
    });
    const { campaigns } = await hub.ask(
      'query ($id: ID!) { campaigns(filter: { parentId: $id }) { edges { node { id name status startsOn endsOn limits { per max } counts { codes } } } } }',
      { id: copy.id },
    );
    const subs = campaigns.edges.map(({ node }: Any) => node);
    expect(subs.map(({ name }: Any) => name).sort()).toEqual(['Junio', 'Siempre']);
    expect(subs.find(({ name }: Any) => name === 'Junio')).toMatchObject({
      status: 'DRAFT',
      startsOn: null,
      endsOn: null,
      limits: [{ per: 'MAIN_CAMPAIGN', max: 4 }],
    });
    expect(await clone(subs[0].id, { name: 'Otra' })).toMatchObject({ name: 'Otra', parent: { id: copy.id } });
  });
});

describe('funding', () => {
  const FUNDING = `query ($code: String!) { redemptions(filter: { codes: [$code] }) { edges { node { amount { minor } funding { by name percent amount { minor } }
    reversals { amount { minor } funding { by amount { minor } } } } } } }`;
  const REVERSE = `mutation ($input: ReverseInput!) { reverse(input: $input) { ... on Reversed { reversals { funding { by amount { minor } } } } } }`;
  const thirds = [
    { by: 'HOUSE', percent: '33.3333' },
    { by: 'PARTNER', name: 'Cervezas Sur', percent: '33.3333' },
    { by: 'PLATFORM', name: 'Reparto', percent: '33.3334' },
  ];
  const minors = (shares: Any) => shares.map(({ amount }: Any) => amount.minor);

  test('splits what was given to the cent, and so do all parts that come back', async () => {
    const id = await createCampaign(hub, { incentive: { amountOff: { amount: euros(200) } }, funding: thirds });
    const { codes } = await generateCodes(hub, id);
    const { redemptions } = await redeem(codes[0] ?? '');
    for (const [at, amount] of [1, 66, 70, null].entries()) {
      clock.tick();
      await hub.ask(REVERSE, {
        input: { idempotencyKey: `part ${at} ${id}`, redemptionId: redemptions[0].id, reason: 'parts', ...(amount && { amount }) },
      });
    }
    const { node } = (await hub.ask(FUNDING, { code: codes[0] })).redemptions.edges[0];
    expect(node.funding).toMatchObject([
      { by: 'HOUSE', name: null, percent: '33.3333' },
      { by: 'PARTNER', name: 'Cervezas Sur' },
      { by: 'PLATFORM', percent: '33.3334' },
    ]);
    expect(minors(node.funding)).toEqual([67, 66, 67]);
    const parts = node.reversals.map(({ funding }: Any) => minors(funding));
    expect(node.reversals.map(({ amount }: Any) => amount.minor)).toEqual(parts.map((part: number[]) => part.reduce((a, b) => a + b)));
    expect([0, 1, 2].map((at) => parts.reduce((sum: number, part: number[]) => sum + (part[at] ?? 0), 0))).toEqual(minors(node.funding));
  });

  test('comes from the main where the sub has none, as it was when it was redeemed', async () => {
    const main = await createCampaign(hub, { incentive: null, funding: [{ by: 'PARTNER', name: 'Cervezas Sur', percent: '100' }] });
    const sub = await createCampaign(hub, { parentId: main, incentive: { amountOff: { amount: euros(200) } } });
    const { codes } = await generateCodes(hub, sub);
    await redeem(codes[0] ?? '');
    await update(main, { funding: thirds });
    await redeem(codes[1] ?? '');
    await update(sub, { funding: [{ by: 'HOUSE', percent: '100.0' }] });
    await redeem(codes[2] ?? '');
    const shares = async (code: string | undefined) => (await hub.ask(FUNDING, { code })).redemptions.edges[0].node.funding;
    expect(await shares(codes[0])).toEqual([{ by: 'PARTNER', name: 'Cervezas Sur', percent: '100', amount: { minor: 200 } }]);
    expect(minors(await shares(codes[1]))).toEqual([67, 66, 67]);
    expect(await shares(codes[2])).toEqual([{ by: 'HOUSE', name: null, percent: '100', amount: { minor: 200 } }]);
  });

  test('is the house’s alone where nobody said so, and no till’s business', async () => {
    const id = await createCampaign(hub, { incentive: { amountOff: { amount: euros(200) } } });
    const { codes } = await generateCodes(hub, id);
    await redeem(codes[0] ?? '');
    expect((await hub.ask(FUNDING, { code: codes[0] })).redemptions.edges[0].node.funding).toEqual([
      { by: 'HOUSE', name: null, percent: '100', amount: { minor: 200 } },
    ]);
    const key = await hub.keyFor('TILL', { storeIds: [store] });
    expect((await hub.ask(FUNDING, { code: codes[0] }, { key })).redemptions.edges[0].node.funding).toBeNull();
  });
});

test('limitUses tells how full the limits of a campaign and its main are', async () => {
  const main = await createCampaign(hub, {
    incentive: null,
    limits: [{ counts: 'DISCOUNT_AMOUNT', per: 'CAMPAIGN', period: 'MONTH', max: 1_000 }],
  });
  const limits = [
    { counts: 'REDEMPTIONS', per: 'CAMPAIGN', max: 5 },
    { counts: 'REDEMPTIONS', per: 'MAIN_CAMPAIGN', period: 'BUSINESS_DAY', max: 7 },
    { counts: 'REDEMPTIONS', per: 'CUSTOMER', max: 1 },
  ];
  const sub = await createCampaign(hub, { parentId: main, incentive: { amountOff: { amount: euros(200) } }, limits });
  const { codes } = await generateCodes(hub, sub);
  const customer = { phone: '+34600000009' };
  await redeem(codes[0] ?? '', { customer });
  await hub.ask('mutation ($input: HoldInput!) { hold(input: $input) { __typename } }', {
    input: { idempotencyKey: `hold ${sub}`, codes: [codes[1]], order: order(store, { customer: { phone: '+34600000010' } }) },
  });
  const uses = async (id: string) =>
    (await hub.ask('query ($id: ID!) { campaign(id: $id) { limitUses { counts per period max used held heldUntil resetsAt } } }', { id }))
      .campaign.limitUses;
  const heldUntil = new Date(clock.now() + 600_000).toISOString();
  expect(await uses(sub)).toEqual([
    { counts: 'REDEMPTIONS', per: 'CAMPAIGN', period: 'EVER', max: 5, used: 1, held: 1, heldUntil, resetsAt: null },
    {
      counts: 'REDEMPTIONS',
      per: 'MAIN_CAMPAIGN',
      period: 'BUSINESS_DAY',
      max: 7,
      used: 1,
      held: 1,
      heldUntil,
      resetsAt: '2026-05-05T02:00:00.000Z',
    },
  ]);
  expect(await uses(main)).toMatchObject([{ max: 1_000, used: 200, held: 200, resetsAt: '2026-06-01T02:00:00.000Z' }]);
  const lowered = await update(main, { limits: [], budget: euros(1_000) });
  expect(lowered.budget).toEqual({ total: { minor: 1_000 }, left: { minor: 600 } });
  expect((await update(main, { budget: euros(100) })).budget.left).toEqual({ minor: 0 });
});
