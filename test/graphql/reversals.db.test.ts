import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../helpers/basics.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { createCampaign, createStore, generateCodes, order, REDEEM } from './stage.ts';

let hub: TestHub;
let storeId: string;
let till: string;
let stranger: string;

beforeAll(async () => {
  hub = await startTestHub();
  storeId = await createStore(hub);
  till = await hub.keyFor('TILL', { storeIds: [storeId] });
  stranger = await hub.keyFor('TILL', { storeIds: [await createStore(hub, { name: 'Lugo' })] });
});
afterAll(async () => {
  await hub.stop();
});

let keys = 0;
const key = (): string => `reversals ${keys++}`;
const codeOf = async (campaign: object): Promise<string> => (await generateCodes(hub, await createCampaign(hub, campaign))).codes[0] ?? '';
const dinner = [
  { id: 'menu', sku: 'menu', quantity: '2', unitPrice: 2000 },
  { id: 'wine', sku: 'wine', unitPrice: 1000, taxRate: '21' },
];

const SHARES = '{ lineId unit taxRate amount { minor } }';
const REVERSE = `mutation ($input: ReverseInput!) {
  reverse(input: $input) {
    __typename
    ... on Reversed {
      replayed
      reversals {
        amount { minor } policy allocations ${SHARES} movedFrom ${SHARES} movedTo ${SHARES}
        order { subtotal { minor } voucherDiscounts { minor } due { minor } tax { rate base { minor } } lines { lineId due { minor } } }
        redemption { amount { minor } reversed { minor } allocations ${SHARES} }
        voucher { status }
      }
    }
    ... on Refused { rejections { reason } }
  }
}`;

async function redeemOn(code: string, input: object = { lines: dinner }): Promise<string> {
  const { redeem } = await hub.ask(
    REDEEM,
    { input: { idempotencyKey: key(), codes: [code], order: order(storeId, input) } },
    { key: till },
  );
  return redeem.redemptions[0].id;
}
const reverse = async (input: object, as = till) =>
  (await hub.ask(REVERSE, { input: { idempotencyKey: key(), reason: 'returned', ...input } }, { key: as })).reverse;
const shares = (list: readonly { lineId: string; unit: number; amount: { minor: number } }[]): string =>
  list.map((share) => `${share.lineId}/${share.unit}:${share.amount.minor}`).join(' ');

describe('reversals by unit', () => {
  test('REPRICE: 10.00 off 50.00 stays 10.00 when a menu comes back, and lies on what stays', async () => {
    const code = await codeOf({ incentive: { amountOff: { amount: { minor: 1000, currency: 'EUR' } } }, reversalPolicy: 'REPRICE' });
    const redemptionId = await redeemOn(code);
    const input = { redemptionId, units: [{ lineId: 'menu', quantity: '1' }], idempotencyKey: key() };
    const first = await reverse(input);
    const [reversal] = first.reversals;
    expect(reversal).toMatchObject({
      amount: { minor: 0 },
      policy: 'REPRICE',
      allocations: [],
      order: { subtotal: { minor: 3000 }, voucherDiscounts: { minor: 1000 }, due: { minor: 2000 } },
      redemption: { amount: { minor: 1000 }, reversed: { minor: 0 } },
      voucher: { status: 'REDEEMED' },
    });
    expect([shares(reversal.movedFrom), shares(reversal.movedTo)]).toEqual(['menu/1:400', 'menu/2:267 wine/1:133']);
    expect(reversal.movedTo[1].taxRate).toBe('21');
    expect(shares(reversal.redemption.allocations)).toBe('menu/1:400 menu/2:400 wine/1:200');
    expect(await reverse(input)).toEqual({ ...first, replayed: true });
  });

  test('REPRICE below the minimum, and CLAW_BACK: all comes back, the voucher is good again', async () => {
    for (const reversalPolicy of ['REPRICE', 'CLAW_BACK']) {
      const code = await codeOf({ incentive: { percentOff: { percent: '10' } }, conditions: { minimumOrder: 4000 }, reversalPolicy });
      const redemptionId = await redeemOn(code);
      const { reversals } = await reverse({ redemptionId, units: [{ lineId: 'menu', quantity: '1' }] });
      expect(reversals[0]).toMatchObject({
        amount: { minor: 500 },
        policy: reversalPolicy,
        movedTo: [],
        order: { voucherDiscounts: { minor: 0 }, due: { minor: 3000 } },
        redemption: { reversed: { minor: 500 } },
        voucher: { status: 'ISSUED' },
      });
      expect(shares(reversals[0].allocations)).toBe('menu/1:200 menu/2:200 wine/1:100');
      await redeemOn(code);
    }
  });

  test('KEEP: the shares of the units, whatever the rest is', async () => {
    const code = await codeOf({ incentive: { percentOff: { percent: '10' } }, conditions: { minimumOrder: 4000 } });
    const redemptionId = await redeemOn(code);
    const { reversals } = await reverse({ redemptionId, units: [{ lineId: 'menu', quantity: '2' }] });
    expect(reversals[0]).toMatchObject({
      amount: { minor: 400 },
      policy: 'KEEP',
      order: { due: { minor: 900 }, lines: [{ lineId: 'wine', due: { minor: 900 } }] },
      voucher: { status: 'REDEEMED' },
    });
    expect((await reverse({ redemptionId })).reversals[0]).toMatchObject({ amount: { minor: 100 }, policy: null });
  });

  test('the policy can be read back, and its event says by which it went', async () => {
    const id = await createCampaign(hub, { incentive: { percentOff: { percent: '10' } }, reversalPolicy: 'CLAW_BACK' });
    expect((await hub.ask('query ($id: ID!) { campaign(id: $id) { reversalPolicy } }', { id })).campaign.reversalPolicy).toBe('CLAW_BACK');
    const [code = ''] = (await generateCodes(hub, id)).codes;
    const redemptionId = await redeemOn(code);
    await reverse({ redemptionId, units: [{ lineId: 'wine', quantity: '1' }] });
    await eventually(async () => {
      const { ledger } = await hub.ask(
        'query ($filter: LedgerFilter) { ledger(filter: $filter, first: 1000) { events { data redemptionId } } }',
        { filter: { types: ['REDEMPTION_REVERSED'] } },
      );
      const mine = ledger.events.find((event: { redemptionId: string }) => event.redemptionId === redemptionId);
      expect(mine?.data).toMatchObject({ whole: false, policy: 'CLAW_BACK' });
    });
  });
});

const HOLD = `mutation ($input: HoldInput!) {
  hold(input: $input) {
    ... on Held { hold { id } }
    ... on Refused { rejections { reason message } }
  }
}`;
const FIELDS = `id codes status createdAt expiresAt orderSource orderExternalId businessDay store { id }
  vouchers { code amount { minor } voucher { status } } order { due { minor } }`;

describe('holds', () => {
  const setAside = async (codes: string[], input: object = {}) => {
    const asked = order(storeId, { lines: dinner, ...input });
    const { hold } = await hub.ask(HOLD, { input: { idempotencyKey: key(), codes, order: asked } }, { key: till });
    return { ...hold, asked };
  };
  const holds = async (filter: object, as: string) =>
    (
      await hub.ask('query ($filter: HoldFilter) { holds(filter: $filter) { edges { node { id status } } } }', { filter }, { key: as })
    ).holds.edges.map((edge: { node: { id: string } }) => edge.node.id);

  test('are looked into and freed by who may: until when, for which order, what each voucher would give', async () => {
    const code = await codeOf({ incentive: { percentOff: { percent: '10' } } });
    const { hold, asked } = await setAside([code]);
    const one = async (as: string) =>
      (await hub.ask(`query ($id: ID!) { hold(id: $id) { ${FIELDS} } }`, { id: hold.id }, { key: as })).hold;
    const seen = await one(till);
    expect(seen).toMatchObject({
      id: hold.id,
      codes: [code],
      status: 'ACTIVE',
      orderSource: 'api',
      orderExternalId: asked.externalId,
      store: { id: storeId },
      vouchers: [{ code, amount: { minor: 500 }, voucher: { status: 'HELD' } }],
      order: { due: { minor: 4500 } },
    });
    expect(Date.parse(seen.expiresAt) - Date.parse(seen.createdAt)).toBe(600_000);
    expect(await one(await hub.keyFor('ACCOUNTING'))).toMatchObject({ id: hold.id });
    expect(await one(stranger)).toBeNull();

    // Another order hears until when, in the store's time.
    const { rejections } = await setAside([code]);
    expect(rejections).toMatchObject([{ reason: 'HELD_ELSEWHERE' }]);
    expect(rejections[0].message).toMatch(/\d{1,2}:\d{2}/);

    // Whoever sees "held until" finds it by the code, and frees it.
    expect(await holds({ codes: [code.toLowerCase()], statuses: ['ACTIVE'] }, till)).toEqual([hold.id]);
    expect(await holds({ codes: [code], storeIds: [] }, till)).toEqual([]);
    expect(await holds({ codes: [code] }, stranger)).toEqual([]);
    expect(await holds({ orderExternalId: asked.externalId, orderSource: 'api' }, till)).toEqual([hold.id]);
    const release =
      'mutation ($id: ID!, $reason: ReleaseReason) { releaseHold(id: $id, reason: $reason) { status vouchers { voucher { status } } } }';
    const { releaseHold } = await hub.ask(release, { id: hold.id, reason: 'PAYMENT_FAILED' }, { key: till });
    expect(releaseHold).toEqual({ status: 'RELEASED', vouchers: [{ voucher: { status: 'CREATED' } }] });
    expect(await holds({ codes: [code], statuses: ['ACTIVE'] }, till)).toEqual([]);
    expect(await holds({ codes: [code], statuses: ['RELEASED', 'EXPIRED'] }, till)).toEqual([hold.id]);
    await eventually(async () => {
      const { ledger } = await hub.ask('query ($filter: LedgerFilter) { ledger(filter: $filter, first: 1000) { events { data } } }', {
        filter: { types: ['HOLD_RELEASED'] },
      });
      expect(ledger.events.map((event: { data: object }) => event.data)).toContainEqual({
        holdId: hold.id,
        because: 'RELEASED',
        reason: 'PAYMENT_FAILED',
      });
    });
    await redeemOn(code);
  });

  test('come by pages, newest first', async () => {
    const ids: string[] = [];
    for (const code of (await generateCodes(hub, await createCampaign(hub))).codes.slice(0, 3))
      ids.unshift((await setAside([code])).hold.id);
    const page = async (after: string | null) =>
      (
        await hub.ask(
          'query ($after: String) { holds(first: 2, after: $after, filter: { statuses: [ACTIVE] }) { edges { node { id } } pageInfo { hasNextPage endCursor } } }',
          { after },
        )
      ).holds;
    const first = await page(null);
    const second = await page(first.pageInfo.endCursor);
    expect([...first.edges, ...second.edges].map((edge) => edge.node.id)).toEqual(ids);
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
  });

  test('of one’s own do not block, and count in the limits that others are told', async () => {
    const code = await codeOf({
      incentive: { percentOff: { percent: '10' } },
      limits: [{ counts: 'REDEMPTIONS', per: 'CAMPAIGN', max: 1 }],
    });
    const campaignId = (await hub.ask('query ($code: String) { voucher(code: $code) { campaign { id } } }', { code })).voucher.campaign.id;
    const [, other = ''] = (await generateCodes(hub, campaignId)).codes;
    const { asked } = await setAside([code]);
    const validate = async (input: object) =>
      (
        await hub.ask(
          `query ($input: ValidateInput!) { validate(input: $input) { outcomes { __typename ... on Applicable { amount { minor } }
             ... on Rejection { reason failures { limit { max used held heldUntil } } } } } }`,
          { input },
          { key: till },
        )
      ).validate.outcomes[0];
    expect(await validate({ codes: [code], order: asked })).toMatchObject({ __typename: 'Applicable', amount: { minor: 500 } });
    expect(await validate({ codes: [other], order: order(storeId) })).toMatchObject({
      reason: 'LIMIT_CAMPAIGN',
      failures: [{ limit: { max: 1, used: 0, held: 1, heldUntil: expect.any(String) } }],
    });
  });
});
