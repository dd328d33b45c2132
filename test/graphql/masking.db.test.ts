import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { createCampaign, createStore, generateCodes, order, REDEEM, type Stage, setStage } from './stage.ts';

let hub: TestHub;
let stage: Stage;
let elsewhere: string;
const keys: Record<string, string> = {};

beforeAll(async () => {
  hub = await startTestHub();
  stage = await setStage(hub, {
    limits: [{ counts: 'REDEMPTIONS', per: 'CUSTOMER', max: 1 }],
    budget: { minor: 50_000, currency: 'EUR' },
    conditions: { minimumOrder: 1000, channels: ['DINE_IN'] },
    stacking: { priority: 3, group: 'g' },
    endsOn: '2099-12-31',
    metadata: { a: 1 },
  });
  elsewhere = await createStore(hub, { name: 'Nervión', language: 'en' });
  for (const role of ['MARKETING', 'ACCOUNTING', 'PARTNER', 'PUBLIC'] as const) keys[role] = await hub.keyFor(role);
  keys['TILL'] = await hub.keyFor('TILL', { storeIds: [stage.storeId] });
});
afterAll(async () => {
  await hub.stop();
});

const CAMPAIGN = `{ id name status parent { id } version stores { id } currency startsOn endsOn incentive { percentOff { percent maximum { minor } scope { pick excludeDiscounted include { skus } } } amountOff { scope { pick } } tender { value { minor } } }
  conditions { minimumOrder maximumOrder customerRequired channels } limits { counts per period max } stacking { priority group exclusive } distribution taxClass reversalPolicy metadata budget { total { minor currency } used { minor } held { minor } left { minor } } counts { codes issued redeemed reversed rejected } }`;

describe('a campaign', () => {
  const campaign = async (key?: string) =>
    (await hub.ask(`query ($id: ID!) { campaign(id: $id) ${CAMPAIGN} }`, { id: stage.campaignId }, key === undefined ? {} : { key }))
      .campaign;

  test('reads back as it was put in', async () => {
    expect(await campaign()).toMatchObject({
      name: 'Ten off',
      status: 'ACTIVE',
      parent: null,
      stores: null,
      currency: 'EUR',
      startsOn: null,
      endsOn: '2099-12-31',
      incentive: {
        percentOff: { percent: '10', maximum: null, scope: { pick: 'CHEAPEST', excludeDiscounted: false, include: null } },
        amountOff: null,
        tender: null,
      },
      conditions: { minimumOrder: 1000, maximumOrder: null, customerRequired: null, channels: ['DINE_IN'] },
      limits: [{ counts: 'REDEMPTIONS', per: 'CUSTOMER', period: 'EVER', max: 1 }],
      stacking: { priority: 3, group: 'g', exclusive: false },
      distribution: 'OPEN',
      taxClass: 'DISCOUNT',
      reversalPolicy: 'KEEP',
      metadata: { a: 1 },
      budget: { total: { minor: 50_000, currency: 'EUR' }, used: { minor: 0 }, held: { minor: 0 }, left: { minor: 50_000 } },
      counts: { codes: 100, issued: 0, redeemed: 0, reversed: 0, rejected: 0 },
    });
  });

  test.each(['MARKETING', 'ACCOUNTING'])('shows all to %s', async (role) => {
    expect(await campaign(keys[role])).toEqual(await campaign());
  });

  test('shows a till its id, name and status, and null for the rest', async () => {
    const { id, name, status, ...rest } = await campaign(keys['TILL']);
    expect({ id, name, status }).toEqual({ id: stage.campaignId, name: 'Ten off', status: 'ACTIVE' });
    expect(Object.values(rest).every((value) => value === null)).toBe(true);
  });

  test('that a till or partner may not see is as if it were not there', async () => {
    expect(await campaign(keys['PARTNER'])).toBeNull();
    const inOther = await createCampaign(hub, { storeIds: [elsewhere] });
    const draft = (await hub.ask('mutation { createCampaign(input: { name: "d", incentive: { percentOff: { percent: "5" } } }) { id } }'))
      .createCampaign.id;
    for (const id of [inOther, draft]) {
      expect((await hub.ask('query ($id: ID!) { campaign(id: $id) { id } }', { id }, { key: keys['TILL'] as string })).campaign).toBeNull();
    }
    const { campaigns } = await hub.ask('{ campaigns(first: 100) { edges { node { id } } } }', {}, { key: keys['TILL'] as string });
    const ids = campaigns.edges.map(({ node }: { node: { id: string } }) => node.id);
    expect(ids).toContain(stage.campaignId);
    expect(ids).not.toContain(inOther);
    expect(ids).not.toContain(draft);
  });
});

describe('a voucher', () => {
  test('shows a till the redemptions of its stores', async () => {
    const campaignId = await createCampaign(hub, { limits: [{ counts: 'REDEMPTIONS', per: 'VOUCHER', max: 5 }] });
    const { codes } = await generateCodes(hub, campaignId);
    for (const storeId of [stage.storeId, elsewhere, elsewhere]) {
      const { redeem } = await hub.ask(REDEEM, {
        input: { idempotencyKey: crypto.randomUUID(), codes: [codes[0]], order: order(storeId) },
      });
      expect(redeem.__typename).toBe('Redeemed');
    }
    const query = 'query ($code: String!) { voucher(code: $code) { status redemptions { edges { node { store { id } } } } } }';
    const seen = async (key?: string) =>
      (await hub.ask(query, { code: codes[0] }, key === undefined ? {} : { key })).voucher.redemptions.edges.map(
        ({ node }: { node: { store: { id: string } } }) => node.store.id,
      );
    expect(await seen()).toHaveLength(3);
    expect(await seen(keys['TILL'])).toEqual([stage.storeId]);
  });

  test('of a campaign elsewhere is not there for a till', async () => {
    const { codes } = await generateCodes(hub, await createCampaign(hub, { storeIds: [elsewhere] }));
    const ask = async (key?: string) =>
      (await hub.ask('query ($code: String!) { voucher(code: $code) { id } }', { code: codes[0] }, key === undefined ? {} : { key }))
        .voucher;
    expect(await ask()).not.toBeNull();
    expect(await ask(keys['TILL'])).toBeNull();
    expect(await ask(keys['PARTNER'])).toBeNull();
  });

  test('shows the public what it may know, nothing of its owner or uses', async () => {
    const input = { codes: [stage.codes[5]], order: order(stage.storeId, { customer: { phone: '+34600111333' } }) };
    const { validate } = await hub.ask(
      `query ($input: ValidateInput!) { validate(input: $input) { outcomes { ... on Applicable { voucher { id code status validFrom validUntil balance { minor } customer { id } redemptions { edges { cursor } } campaign ${CAMPAIGN} } } } } }`,
      { input },
      { key: keys['PUBLIC'] as string },
    );
    const [{ voucher }] = validate.outcomes;
    expect(voucher).toMatchObject({ code: stage.codes[5], status: 'CREATED', customer: null, redemptions: null, balance: null });
    const { id, name, status, ...rest } = voucher.campaign;
    expect(id).toBe(stage.campaignId);
    expect(Object.values(rest).every((value) => value === null)).toBe(true);
  });
});

describe('a rejection', () => {
  const VALIDATE = `query ($input: ValidateInput!) { validate(input: $input) { outcomes { __typename ... on Rejection { code reason publicReason message retryable failures { reason message limit { used } } nearestBasket { message addAmount { minor currency } } store { id } campaign { id } } } } }`;
  const refused = async (codes: unknown[], input: Record<string, unknown>, key?: string, language = 'en') =>
    (
      await hub.ask(
        VALIDATE,
        { input: { codes, order: order(stage.storeId, input) } },
        { ...(key !== undefined && { key }), headers: { 'accept-language': language } },
      )
    ).validate.outcomes[0];

  test('tells staff the rule with its numbers, the public the class and what would help', async () => {
    const small = { lines: [{ id: '1', sku: 'tea', unitPrice: 680 }] };
    const staff = await refused([stage.codes[6]], { ...small, customer: { phone: '+34600111444' } });
    expect(staff).toMatchObject({
      reason: 'ORDER_BELOW_MINIMUM',
      publicReason: 'NOT_THIS_BASKET',
      nearestBasket: { addAmount: { minor: 320, currency: 'EUR' } },
      campaign: { id: stage.campaignId },
      store: { id: stage.storeId },
    });
    expect(staff.message).toMatch(/10\.00/);
    const shopper = await refused([stage.codes[6]], { ...small, customer: { phone: '+34600111444' } }, keys['PUBLIC']);
    expect(shopper).toMatchObject({
      reason: null,
      failures: null,
      campaign: null,
      store: null,
      publicReason: 'NOT_THIS_BASKET',
      nearestBasket: { addAmount: { minor: 320, currency: 'EUR' } },
    });
  });

  test('tells a guesser nothing: unknown, mistyped, used and another’s sound the same', async () => {
    const customer = { phone: '+34600111555' };
    const { redeem } = await hub.ask(REDEEM, {
      input: { idempotencyKey: 'used', codes: [stage.codes[7]], order: order(stage.storeId, { customer }) },
    });
    expect(redeem.__typename).toBe('Redeemed');
    await hub.ask('mutation ($id: ID!) { blockVoucher(id: $id, reason: "lost") { status } }', {
      id: (await hub.ask('query ($code: String!) { voucher(code: $code) { id } }', { code: stage.codes[8] })).voucher.id,
    });
    const answers: unknown[] = [];
    const { codes: unissued } = await generateCodes(hub, await createCampaign(hub, { distribution: 'CUSTOMER' }));
    const { createCampaign: draft } = await hub.ask(
      'mutation { createCampaign(input: { name: "d", incentive: { percentOff: { percent: "5" } } }) { id } }',
    );
    const { codes: inactive } = await generateCodes(hub, draft.id);
    const cancelled = (await hub.ask('query ($code: String!) { voucher(code: $code) { id } }', { code: stage.codes[9] })).voucher.id;
    await hub.ask('mutation ($id: ID!) { cancelVoucher(id: $id, reason: "void") { status } }', { id: cancelled });
    const { issueVoucher } = await hub.ask(
      'mutation ($input: IssueVoucherInput!) { issueVoucher(input: $input) { ... on Issued { voucher { code } } } }',
      { input: { idempotencyKey: 'another’s', campaignId: stage.campaignId, customer: { phone: '+34600111777' } } },
    );
    const others = issueVoucher.voucher.code;
    for (const code of [
      'DV0000000000000',
      '???',
      'DV1',
      stage.codes[7],
      stage.codes[8],
      stage.codes[9],
      others,
      unissued[0],
      inactive[0],
    ]) {
      const { code: _code, ...told } = await refused([code], { customer: { phone: '+34600111666' } }, keys['PUBLIC']);
      answers.push(told);
    }
    expect(answers[0]).toMatchObject({ publicReason: 'NOT_USABLE', retryable: false, nearestBasket: null });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  test('tells a guesser nothing by its head: the same headers, the same length', async () => {
    const heads = await Promise.all(
      ['DV0000000000000', 'DV000000000000!', stage.codes[8] as string].map(async (code) => {
        const { status, headers } = await hub.graphql(
          VALIDATE,
          { input: { codes: [code], order: order(stage.storeId, { externalId: 'same' }) } },
          { key: keys['PUBLIC'] as string },
        );
        return { status, ...Object.fromEntries([...headers].filter(([name]) => name !== 'date')) };
      }),
    );
    expect(heads[0]).toMatchObject({ status: 200, 'content-length': expect.any(String) });
    for (const head of heads) expect(head).toEqual(heads[0]);
  });

  test.each([
    ['es', 'es'],
    ['en-GB, es;q=0.5', 'en'],
    ['fr, en;q=0.2', 'en'],
    ['fr', 'es'],
  ])('speaks to a caller of %s in %s', async (accept, language) => {
    const { message } = await refused(['DV0000000000000'], {}, keys['TILL'], accept);
    const spanish = await refused(['DV0000000000000'], {}, keys['TILL'], 'es');
    const english = await refused(['DV0000000000000'], {}, keys['TILL'], 'en');
    expect(spanish.message).not.toBe(english.message);
    expect(message).toBe(language === 'es' ? spanish.message : english.message);
  });

  test('speaks the language of the store where the caller asks for none', async () => {
    const ask = async (storeId: string, language?: string) =>
      (
        await hub.ask(
          VALIDATE,
          { input: { codes: ['DV0000000000000'], order: order(storeId) } },
          { headers: { 'accept-language': language ?? '*' } },
        )
      ).validate.outcomes[0].message;
    expect(await ask(elsewhere)).toBe(await ask(elsewhere, 'en'));
    expect(await ask(stage.storeId)).toBe(await ask(stage.storeId, 'es'));
  });

  test('of other stores is left out of a till’s lists', async () => {
    for (const storeId of [stage.storeId, elsewhere])
      await hub.ask(REDEEM, { input: { idempotencyKey: `list ${storeId}`, codes: ['DV0000000000000'], order: order(storeId) } });
    const { rejections } = await hub.ask(
      '{ rejections { edges { node { store { id } campaign { version } } } } }',
      {},
      { key: keys['TILL'] as string },
    );
    expect(rejections.edges.length).toBeGreaterThan(0);
    for (const { node } of rejections.edges) expect(node.store.id).toBe(stage.storeId);
  });
});

test('a customer’s wallet holds what was issued to them, and filters add up', async () => {
  const campaignId = await createCampaign(hub, { distribution: 'CUSTOMER' });
  await generateCodes(hub, campaignId);
  const issue = (phone: string, key: string) =>
    hub.ask(
      'mutation ($input: IssueVoucherInput!) { issueVoucher(input: $input) { __typename ... on Issued { voucher { id status customer { phone } campaign { id } } replayed } } }',
      { input: { idempotencyKey: key, campaignId, customer: { phone } } },
    );
  const { issueVoucher: first } = await issue('+34600222111', 'i1');
  expect(first).toMatchObject({
    __typename: 'Issued',
    voucher: { status: 'ISSUED', customer: { phone: '+34600222111' }, campaign: { id: campaignId } },
    replayed: false,
  });
  expect((await issue('+34600222111', 'i1')).issueVoucher).toEqual({ ...first, replayed: true });
  const { issueVoucher: other } = await issue('+34600222112', 'i2');
  const { customer } = await hub.ask(
    'query { customer(phone: "+34600222111") { id all: wallet { edges { node { id } } } none: wallet(filter: { statuses: [] }) { edges { cursor } } others: wallet(filter: { customerId: "cus_0" }) { edges { cursor } } } }',
  );
  expect(customer.all.edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual([first.voucher.id]);
  expect(other.voucher.id).not.toBe(first.voucher.id);
  expect(customer.none.edges).toEqual([]);
  expect(customer.others.edges).toEqual([]);
});
