import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../helpers/basics.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { createCampaign, createStore, order, REDEEM } from './stage.ts';

let hub: TestHub;
let storeId: string;
let elsewhere: string;
const keys: Record<string, string> = {};

const ISSUANCE = {
  conditions: { minimumOrder: 1_000, channels: ['DINE_IN'] },
  scope: { include: { skus: ['pizza'] } },
  count: 1,
  everyAmount: 1_000,
  maximumPerOrder: 2,
  validAfter: 'PT1H',
  validFor: 'P30D',
};

beforeAll(async () => {
  hub = await startTestHub();
  storeId = await createStore(hub);
  elsewhere = await createStore(hub, { name: 'Nervión' });
  keys['TILL'] = await hub.keyFor('TILL', { storeIds: [storeId] });
  keys['OTHER_TILL'] = await hub.keyFor('TILL', { storeIds: [elsewhere] });
});
afterAll(() => hub.stop());

const issuingCampaign = (input: object = {}) =>
  createCampaign(hub, {
    name: 'Come again',
    incentive: { amountOff: { amount: { minor: 300, currency: 'EUR' } } },
    storeIds: [storeId],
    issuance: ISSUANCE,
    ...input,
  });

const RECORD = `mutation ($input: OrderInput!, $tillId: String) {
  recordOrder(input: $input, tillId: $tillId) {
    id externalId source refunded { minor } refunds { id }
    issued { id code serial value { minor currency } validFrom validUntil status campaign { name } customer { id } sourceOrder { id externalId source } }
  }
}`;
const REFUND = `mutation ($input: RefundOrderInput!) {
  refundOrder(input: $input) {
    __typename
    ... on RefundedOrder {
      order { refunded { minor currency } refunds { id amount { minor } whole lines { lineId quantity } reason externalId businessDay } issued { status } }
      refund { id amount { minor currency } whole } reversals { amount { minor } voucher { code } } takenBack { code status } keptBecauseUsed { code status } replayed
    }
    ... on Refused { rejections { reason message } replayed }
  }
}`;

const paid = (input: object = {}) =>
  order(storeId, { placedAt: new Date().toISOString(), payments: [{ method: 'CARD', amount: 2_500 }], ...input });
// biome-ignore lint/suspicious/noExplicitAny: answers of any shape.
const record = async (input: object, key = keys['TILL'] as string): Promise<any> =>
  (await hub.ask(RECORD, { input, tillId: 'till 1' }, { key })).recordOrder;

describe('issuance', () => {
  test('reads back as it was put in; a fault is told by its path', async () => {
    const id = await issuingCampaign({ name: 'shape', storeIds: [elsewhere] });
    const { campaign } = await hub.ask(
      `query ($id: ID!) { campaign(id: $id) { issuance { conditions { minimumOrder channels } scope { include { skus } pick } count everyAmount maximumPerOrder validAfter validFor } } }`,
      { id },
    );
    expect(campaign.issuance).toEqual({ ...ISSUANCE, scope: { include: { skus: ['pizza'] }, pick: 'CHEAPEST' } });
    const { errors } = await hub.graphql('mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { id } }', {
      input: {
        name: 'x',
        incentive: { amountOff: { amount: { minor: 1, currency: 'EUR' } } },
        issuance: { count: 0, validFor: 'a month', scope: { include: { skus: [''] } } },
      },
    });
    expect(errors?.[0]?.extensions?.['faults']).toMatchObject([
      { path: 'input.issuance.scope.include.skus[0]' },
      { path: 'input.issuance.count' },
      { path: 'input.issuance.validFor' },
    ]);
  });

  test('of a paid order comes back with all that a till prints, the same for the same body', async () => {
    await issuingCampaign();
    const input = paid({ customer: { phone: '+34600111222' } });
    const first = await record(input);
    const voucher = {
      code: expect.stringMatching(/^DV\d{13}$/),
      value: { minor: 300, currency: 'EUR' },
      status: 'ISSUED',
      campaign: { name: 'Come again' },
      customer: { id: expect.stringMatching(/^cus_/) },
      sourceOrder: { id: first.id, externalId: first.externalId, source: 'api' },
    };
    expect(first.issued).toMatchObject([
      { ...voucher, serial: 1 },
      { ...voucher, serial: 2 },
    ]);
    const { validFrom, validUntil } = first.issued[0];
    expect(Date.parse(validFrom)).toBe(Date.parse(input['placedAt'] as string) + 3_600_000);
    expect(Date.parse(validUntil)).toBeGreaterThan(Date.parse(validFrom) + 29 * 86_400_000);
    expect(await record(input)).toEqual(first);
    // The book shows it once it is sealed.
    await eventually(async () => {
      const { ledger } = await hub.ask('{ ledger(filter: { types: [VOUCHER_ISSUED] }) { events { code orderExternalId data } } }');
      expect(ledger.events).toMatchObject([{ orderExternalId: first.externalId, data: { tillKey: 'till 1', orderId: first.id } }, {}]);
    });
  });

  test('is shown to those whose store it was', async () => {
    await createCampaign(hub, {
      name: 'All stores',
      incentive: { percentOff: { percent: '10' } },
      issuance: { conditions: { minimumOrder: 9_000 } },
    });
    const { issued } = await record(
      paid({ lines: [{ id: '1', sku: 'gamba', unitPrice: 9_000 }], payments: [{ method: 'CARD', amount: 9_000 }] }),
    );
    expect(issued).toMatchObject([{ value: null, serial: 1, validFrom: null, validUntil: null }]);
    const VOUCHER = 'query ($code: String!) { voucher(code: $code) { code sourceOrder { externalId } } }';
    const seen = async (key: string) => (await hub.ask(VOUCHER, { code: issued[0].code }, { key })).voucher;
    expect((await seen(keys['TILL'] as string)).sourceOrder).not.toBeNull();
    expect(await seen(keys['OTHER_TILL'] as string)).toEqual({ code: issued[0].code, sourceOrder: null });
  });

  test('refused by a limit leaves the order recorded and a rejection with its numbers', async () => {
    await issuingCampaign({
      name: 'first one only',
      issuance: { scope: { include: { skus: ['jamon'] } } },
      limits: [{ counts: 'ISSUED', per: 'STORE', max: 1 }],
    });
    const ham = () => paid({ lines: [{ id: '1', sku: 'jamon', unitPrice: 500 }] });
    expect((await record(ham())).issued).toHaveLength(1);
    const second = await record(ham());
    expect(second.issued).toEqual([]);
    const { rejections } = await hub.ask(
      `query ($id: String) { rejections(filter: { orderExternalId: $id }) { edges { node { reason message code campaign { name } store { id } failures { limit { max used } } } } } }`,
      { id: second.externalId },
    );
    expect(rejections.edges).toMatchObject([
      {
        node: {
          reason: 'LIMIT_STORE',
          code: null,
          campaign: { name: 'first one only' },
          store: { id: storeId },
          failures: [{ limit: { max: 1, used: 1 } }],
        },
      },
    ]);
  });
});

describe('refundOrder', () => {
  test('gives back lines, then the rest; takes back what is unused and tells of what was used', async () => {
    const { id, externalId, issued } = await record(paid());
    expect(issued).toHaveLength(2);
    const later = new Date(Date.now() + 2 * 3_600_000).toISOString();
    const redeem = { idempotencyKey: `use ${externalId}`, codes: [issued[0].code], order: order(storeId, { placedAt: later }) };
    expect((await hub.ask(REDEEM, { input: redeem })).redeem.__typename).toBe('Redeemed');
    const ask = async (input: object, key = keys['TILL'] as string) =>
      (await hub.ask(REFUND, { input: { reason: 'cold', ...input } }, { key })).refundOrder;
    const half = await ask({ idempotencyKey: `half ${id}`, externalId, lines: [{ lineId: '1', quantity: '1' }] });
    expect(half).toMatchObject({
      __typename: 'RefundedOrder',
      refund: { amount: { minor: 1_250, currency: 'EUR' }, whole: false },
      takenBack: [{ code: issued[1].code, status: 'CANCELLED' }],
      keptBecauseUsed: [],
      replayed: false,
    });
    const rest = await ask({ idempotencyKey: `rest ${id}`, orderId: id });
    expect(rest).toMatchObject({
      order: {
        refunded: { minor: 2_500 },
        refunds: [{ amount: { minor: 1_250 } }, { amount: { minor: 1_250 }, whole: true, externalId: null, reason: 'cold' }],
      },
      takenBack: [],
      keptBecauseUsed: [{ code: issued[0].code, status: 'REDEEMED' }],
    });
    expect(await ask({ idempotencyKey: `rest ${id}`, orderId: id })).toMatchObject({ refund: rest.refund, replayed: true });
    expect(await ask({ idempotencyKey: `more ${id}`, orderId: id, amount: 1 })).toMatchObject({
      __typename: 'Refused',
      rejections: [{ reason: 'ALREADY_REVERSED' }],
    });
    // The book shows it once it is sealed.
    await eventually(async () => {
      const { ledger } = await hub.ask(
        '{ ledger(filter: { types: [VOUCHER_KEPT, REFUND_RECORDED] }) { events { type code amount { minor } } } }',
      );
      expect(ledger.events).toEqual([
        { type: 'REFUND_RECORDED', code: null, amount: { minor: 1_250 } },
        { type: 'VOUCHER_KEPT', code: issued[0].code, amount: null },
        { type: 'REFUND_RECORDED', code: null, amount: { minor: 1_250 } },
      ]);
    });
  });

  test('is for tills of the order’s store', async () => {
    const { id } = await record(paid());
    const input = { idempotencyKey: 'elsewhere', orderId: id, reason: 'r' };
    const { errors } = await hub.graphql(REFUND, { input }, { key: keys['OTHER_TILL'] as string });
    expect(errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
  });
});

describe('issueVoucher', () => {
  test('may give a voucher for later', async () => {
    const campaignId = await createCampaign(hub, { name: 'soon', incentive: { tender: { value: { minor: 500, currency: 'EUR' } } } });
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const ISSUE = `mutation ($input: IssueVoucherInput!) { issueVoucher(input: $input) { ... on Issued { voucher { code value { minor } validFrom validUntil sourceOrder { id } } } } }`;
    const input = { idempotencyKey: 'soon', campaignId, customer: { email: 'diego@example.com' }, validFrom: day(1), validUntil: day(2) };
    const { voucher } = (await hub.ask(ISSUE, { input })).issueVoucher;
    expect(voucher).toMatchObject({ value: { minor: 500 }, validFrom: input.validFrom, validUntil: input.validUntil, sourceOrder: null });
    const redeem = { idempotencyKey: 'too soon', codes: [voucher.code], order: order(storeId) };
    expect((await hub.ask(REDEEM, { input: redeem })).redeem.rejections).toMatchObject([{ reason: 'VOUCHER_NOT_STARTED' }]);
    const { errors } = await hub.graphql(ISSUE, { input: { ...input, idempotencyKey: 'wrong', validFrom: day(3) } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: 'input.validFrom' });
  });
});
