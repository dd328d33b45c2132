import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { booksAgree } from '../helpers/agree.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { createCampaign, createStore, generateCodes, order } from './stage.ts';

jest.setTimeout(60_000);

let hub: TestHub;
let storeId: string;

beforeAll(async () => {
  hub = await startTestHub();
  storeId = await createStore(hub);
});
afterAll(async () => {
  try {
    await booksAgree(hub.database.url);
  } finally {
    await hub.stop();
  }
});

// biome-ignore lint/suspicious/noExplicitAny: inputs and answers of any shape.
type Any = Record<string, any>;

const SCOPE = `{ include { ...Names } exclude { ...Names } excludeDiscounted triggerQuantity applicableQuantity pick }`;
const INCENTIVE = `
  query ($id: ID!) { campaign(id: $id) { taxClass currency incentive {
    percentOff { percent maximum { ...Sum } scope ${SCOPE} }
    amountOff { amount { ...Sum } scope ${SCOPE} }
    specialPrice { price { ...Sum } scope ${SCOPE} }
    freeItem { quantity scope ${SCOPE} }
    buyXGetY { buyQuantity buy { include { ...Names } exclude { ...Names } } getQuantity get { include { ...Names } exclude { ...Names } } percentOff maximumTimes excludeDiscounted }
    freeDelivery { maximum { ...Sum } items { ...Names } }
    tender { value { ...Sum } }
    giftBalance { value { ...Sum } }
  } } }
  fragment Sum on Money { minor currency }
  fragment Names on ItemSelector { skus groups brands }`;
const OUTCOME = '... on Applicable { kind amount { minor } } ... on Rejection { reason }';
const REDEEM = `mutation ($input: RedeemInput!) { redeem(input: $input) { __typename
  ... on Redeemed { redemptions { id kind taxClass amount { minor } allocations { lineId unit amount { minor } } voucher { status balance { minor currency } balanceHeld { minor } } }
    order { subtotal { minor } voucherDiscounts { minor } tendered { minor } due { minor } tax { base { minor } } } }
  ... on Refused { rejections { reason publicReason message nearestBasket { addQuantity eligibleSkus } } } } }`;
const REVERSE = `mutation ($input: ReverseInput!) { reverse(input: $input) { __typename
  ... on Reversed { reversals { amount { minor } allocations { lineId unit amount { minor } } } } ... on Refused { rejections { reason } } } }`;

const euros = (minor: number) => ({ minor, currency: 'EUR' });
const skus = (...names: string[]) => ({ skus: names, groups: null, brands: null });
const scope = (over: Any = {}): Any => ({
  include: null,
  exclude: null,
  excludeDiscounted: false,
  triggerQuantity: null,
  applicableQuantity: null,
  pick: 'CHEAPEST',
  ...over,
});
let asked = 0;
const key = (): string => `incentive ${asked++}`;

interface Kind {
  readonly what: string;
  /** As put in, and as read back where members were left out. */
  readonly incentive: Any;
  readonly back?: Any;
  readonly lines: readonly Any[];
  readonly gives: { readonly kind: string; readonly amount: number; readonly shares: string };
  readonly due: number;
  readonly taxClass?: string;
  /** One unit of the first line with a share comes back: how much. null = by unit is refused. */
  readonly unit: { readonly lineId: string; readonly quantity?: string; readonly amount: number } | null;
}

const line = (sku: string, unitPrice: number, quantity = '1', over: Any = {}): Any => ({ id: sku, sku, unitPrice, quantity, ...over });
const KINDS: readonly Kind[] = [
  {
    what: 'percentOff with maximum',
    incentive: { percentOff: { percent: '20.0', maximum: euros(800), scope: { include: { groups: ['counter'] } } } },
    back: {
      percentOff: { percent: '20', maximum: euros(800), scope: scope({ include: { skus: null, groups: ['counter'], brands: null } }) },
    },
    lines: [line('ham', 3990, '1.250', { group: 'counter' }), line('bread', 110)],
    gives: { kind: 'LINE_DISCOUNT', amount: 800, shares: 'ham/1:800' },
    due: 4298,
    unit: { lineId: 'ham', quantity: '0.625', amount: 400 },
  },
  {
    what: 'amountOff',
    incentive: { amountOff: { amount: euros(500), scope: null } },
    lines: [line('menu', 1000, '2')],
    gives: { kind: 'ORDER_DISCOUNT', amount: 500, shares: 'menu/1:250 menu/2:250' },
    due: 1500,
    unit: { lineId: 'menu', amount: 250 },
  },
  {
    what: 'specialPrice',
    incentive: {
      specialPrice: { price: euros(1000), scope: { include: { brands: ['house'] }, pick: 'DEAREST', applicableQuantity: '1' } },
    },
    back: {
      specialPrice: {
        price: euros(1000),
        scope: scope({ include: { skus: null, groups: null, brands: ['house'] }, pick: 'DEAREST', applicableQuantity: '1' }),
      },
    },
    lines: [line('diavola', 1200, '2', { brand: 'house' }), line('truffle', 1500, '1', { brand: 'house' }), line('water', 200)],
    gives: { kind: 'LINE_DISCOUNT', amount: 500, shares: 'truffle/1:500' },
    due: 3600,
    unit: { lineId: 'truffle', amount: 500 },
  },
  {
    what: 'freeItem',
    incentive: { freeItem: { scope: { include: { skus: ['coffee'] } } } },
    back: { freeItem: { quantity: '1', scope: scope({ include: skus('coffee') }) } },
    lines: [line('menu', 1500), line('coffee', 160, '2')],
    gives: { kind: 'LINE_DISCOUNT', amount: 160, shares: 'coffee/1:160' },
    due: 1660,
    unit: { lineId: 'coffee', amount: 160 },
  },
  {
    what: 'buyXGetY of the same',
    incentive: { buyXGetY: { buyQuantity: 2, buy: { include: { skus: ['tapa'] } } } },
    back: {
      buyXGetY: {
        buyQuantity: 2,
        buy: { include: skus('tapa'), exclude: null },
        getQuantity: 1,
        get: null,
        percentOff: '100',
        maximumTimes: null,
        excludeDiscounted: false,
      },
    },
    lines: [line('tapa', 600, '4')],
    gives: { kind: 'LINE_DISCOUNT', amount: 600, shares: 'tapa/1:600' },
    due: 1800,
    unit: { lineId: 'tapa', amount: 600 },
  },
  {
    what: 'buyXGetY of others',
    incentive: {
      buyXGetY: {
        buyQuantity: 1,
        buy: { include: skus('menu'), exclude: null },
        getQuantity: 2,
        get: { include: skus('coffee', 'tea'), exclude: skus('tea') },
        percentOff: '50',
        maximumTimes: 3,
        excludeDiscounted: true,
      },
    },
    lines: [line('menu', 1500), line('coffee', 160, '3'), line('tea', 100)],
    gives: { kind: 'LINE_DISCOUNT', amount: 160, shares: 'coffee/1:80 coffee/2:80' },
    due: 1920,
    unit: { lineId: 'coffee', amount: 80 },
  },
  {
    what: 'freeDelivery',
    incentive: { freeDelivery: {} },
    back: { freeDelivery: { maximum: null, items: null } },
    lines: [line('menu', 1500), line('courier', 390, '1', { group: 'delivery' })],
    gives: { kind: 'LINE_DISCOUNT', amount: 390, shares: 'courier/1:390' },
    due: 1500,
    unit: { lineId: 'courier', amount: 390 },
  },
  {
    what: 'freeDelivery of named items, to a sum',
    incentive: { freeDelivery: { maximum: euros(300), items: skus('BRING') } },
    lines: [line('menu', 1500), line('BRING', 390)],
    gives: { kind: 'LINE_DISCOUNT', amount: 300, shares: 'BRING/1:300' },
    due: 1590,
    unit: { lineId: 'BRING', amount: 300 },
  },
  {
    what: 'tender',
    incentive: { tender: { value: euros(2500) } },
    lines: [line('menu', 2000, '2')],
    gives: { kind: 'TENDER', amount: 2500, shares: '' },
    due: 1500,
    taxClass: 'PAYMENT',
    unit: null,
  },
  {
    what: 'giftBalance',
    incentive: { giftBalance: { value: euros(2500) } },
    lines: [line('menu', 1000, '2')],
    gives: { kind: 'TENDER', amount: 2000, shares: '' },
    due: 0,
    taxClass: 'MULTI_PURPOSE',
    unit: null,
  },
];

describe.each(KINDS)('$what', ({ incentive, back, lines, gives, due, taxClass = 'DISCOUNT', unit }) => {
  let id: string;
  let code: string;

  beforeAll(async () => {
    id = await createCampaign(hub, { incentive });
    code = (await generateCodes(hub, id, { count: 1 })).codes[0] ?? '';
  });

  test('reads back in the shape in which it was put in', async () => {
    const { campaign } = await hub.ask(INCENTIVE, { id });
    const nothing = Object.fromEntries(Object.keys(campaign.incentive).map((name) => [name, null]));
    expect(campaign).toEqual({ taxClass, currency: campaign.currency, incentive: { ...nothing, ...(back ?? incentive) } });
  });

  test('gives the same when it is validated and when it is redeemed, and a unit comes back', async () => {
    const basket = order(storeId, { lines });
    const { validate } = await hub.ask(
      `query ($input: ValidateInput!) { validate(input: $input) { outcomes { __typename ${OUTCOME} } } }`,
      {
        input: { order: basket, codes: [code] },
      },
    );
    expect(validate.outcomes).toMatchObject([{ __typename: 'Applicable', kind: gives.kind, amount: { minor: gives.amount } }]);

    const { redeem } = await hub.ask(REDEEM, { input: { idempotencyKey: key(), order: basket, codes: [code] } });
    const [redemption] = redeem.redemptions;
    const shares = redemption.allocations.map((share: Any) => `${share['lineId']}/${share['unit']}:${share['amount'].minor}`).join(' ');
    expect({ kind: redemption.kind, amount: redemption.amount.minor, shares }).toEqual(gives);
    const sums = redeem.order;
    expect(sums.due.minor).toBe(due);
    const [discounts, tendered] = gives.kind === 'TENDER' ? [0, gives.amount] : [gives.amount, 0];
    expect([sums.voucherDiscounts.minor, sums.tendered.minor]).toEqual([discounts, tendered]);

    const units = [{ lineId: unit?.lineId ?? lines[0]?.['id'], quantity: unit?.quantity ?? '1' }];
    const answer = await hub.graphql(REVERSE, { input: { idempotencyKey: key(), redemptionId: redemption.id, units, reason: 'cold' } });
    if (unit === null) expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: 'input.units' });
    else expect(answer.data.reverse.reversals).toMatchObject([{ amount: { minor: unit.amount } }]);
  });
});

describe('a gift card at the door', () => {
  test('tells what is left with each payment, and that nothing is', async () => {
    const code = (await generateCodes(hub, await createCampaign(hub, { incentive: { giftBalance: { value: euros(2000) } } }), { count: 1 }))
      .codes[0];
    const pay = async (minor: number) =>
      (await hub.ask(REDEEM, { input: { idempotencyKey: key(), order: order(storeId, { lines: [line('menu', minor)] }), codes: [code] } }))
        .redeem;
    expect((await pay(1250)).redemptions[0].voucher).toEqual({
      status: 'PARTLY_REDEEMED',
      balance: euros(750),
      balanceHeld: { minor: 0 },
    });
    const basket = order(storeId, { lines: [line('menu', 300)] });
    const { hold } = await hub.ask('mutation ($input: HoldInput!) { hold(input: $input) { __typename ... on Held { hold { id } } } }', {
      input: { idempotencyKey: key(), order: basket, codes: [code] },
    });
    const look = 'query ($code: String!) { voucher(code: $code) { status balance { minor } balanceHeld { minor } } }';
    expect((await hub.ask(look, { code })).voucher).toEqual({
      status: 'PARTLY_REDEEMED',
      balance: { minor: 750 },
      balanceHeld: { minor: 300 },
    });
    expect((await pay(1000)).redemptions[0].amount.minor).toBe(450);
    expect((await hub.ask(look, { code })).voucher).toEqual({ status: 'HELD', balance: { minor: 300 }, balanceHeld: { minor: 300 } });
    const { redeem } = await hub.ask(REDEEM, { input: { idempotencyKey: key(), order: basket, holdId: hold.hold.id } });
    expect(redeem.redemptions[0].voucher).toEqual({ status: 'REDEEMED', balance: euros(0), balanceHeld: { minor: 0 } });
    expect((await pay(100)).rejections).toMatchObject([
      { reason: 'BALANCE_EMPTY', publicReason: 'NOT_USABLE', message: 'La tarjeta regalo ya no tiene saldo.' },
    ]);
  });

  test('is no word for all', async () => {
    const campaignId = await createCampaign(hub, { incentive: { giftBalance: { value: euros(2000) } } });
    const { errors } = await hub.graphql('mutation ($input: GenerateCodesInput!) { generateCodes(input: $input) { id } }', {
      input: { campaignId, idempotencyKey: key(), count: 1, shared: 'REGALO' },
    });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: 'input.shared' });
  });
});

describe('faults of an incentive', () => {
  const faults = async (incentive: Any, over: Any = {}) => {
    const { errors } = await hub.graphql('mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { id } }', {
      input: { name: 'Wrong', incentive, ...over },
    });
    const extensions = errors?.[0]?.extensions;
    expect(extensions?.code).toBe('BAD_USER_INPUT');
    return extensions?.faults?.map(({ path }) => path) ?? [extensions?.path];
  };

  test('are told all at once, with their paths', async () => {
    const set = {
      buyQuantity: 0,
      buy: { include: { skus: [] } },
      getQuantity: 0,
      percentOff: '0',
      maximumTimes: 0,
      get: { include: { groups: [] } },
    };
    expect(await faults({ buyXGetY: set })).toEqual(
      ['buyQuantity', 'getQuantity', 'maximumTimes', 'percentOff', 'buy.include', 'get.include'].map(
        (at) => `input.incentive.buyXGetY.${at}`,
      ),
    );
    expect(await faults({ freeItem: { quantity: '0', scope: { pick: 'ALL' } } })).toEqual([
      'input.incentive.freeItem.quantity',
      'input.incentive.freeItem.scope.pick',
    ]);
    expect(await faults({ freeItem: { scope: { applicableQuantity: '2' } } })).toEqual([
      'input.incentive.freeItem.scope.applicableQuantity',
    ]);
    expect(await faults({ specialPrice: { price: euros(0), scope: { pick: 'ALL', applicableQuantity: '1' } } })).toEqual([
      'input.incentive.specialPrice.price.minor',
      'input.incentive.specialPrice.scope.applicableQuantity',
    ]);
    expect(await faults({ specialPrice: { price: euros(500) } })).toEqual(['input.incentive.specialPrice.scope']);
    expect(await faults({ freeDelivery: { maximum: euros(-1), items: { skus: [], groups: [] } } })).toEqual([
      'input.incentive.freeDelivery.maximum.minor',
      'input.incentive.freeDelivery.items',
    ]);
    expect(await faults({ giftBalance: { value: euros(0) } }, { taxClass: 'DISCOUNT' })).toEqual([
      'input.incentive.giftBalance.value.minor',
      'input.taxClass',
    ]);
    expect(await faults({ giftBalance: { value: euros(100) } }, { budget: { minor: 5, currency: 'USD' } })).toEqual([
      'input.budget.currency',
    ]);
    expect(await faults({ buyXGetY: { buyQuantity: 1, buy: { include: { skus: ['a\u0000'] } } } })).toEqual([
      'input.incentive.buyXGetY.buy.include.skus[0]',
    ]);
  });
});
