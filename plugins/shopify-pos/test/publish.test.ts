import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Outcome, Plain, Publication } from '@valehub/connector-kit';
import { runFetch, runFind, runNamedVerb, type StandIn, startStandIn } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { DISCOUNT, discount, SHOP } from './fixtures.ts';
import { answers, asked, ctxAt, eur, transport } from './harness.ts';
import { type ShopifyStandIn, startShopify } from './stand-in.ts';

const publication: Publication = {
  campaignId: 'c-1',
  name: 'Spring',
  incentive: { kind: 'percentOff', percent: '12.5' },
  codes: ['DV4711'],
};
const ref = { id: DISCOUNT, url: `https://${SHOP}/admin/discounts/81` };
const job = (input: unknown) => ({ id: 'job-1', key: 'key-1', input: input as Plain });

let standIn: StandIn;
beforeEach(async () => {
  standIn = await startStandIn();
});
afterEach(() => standIn.close());
afterAll(() => transport.close());

/** All steps of one job. */
async function run(url: string, verb: string, input: unknown): Promise<Outcome<Plain> | undefined> {
  let state: Plain | undefined;
  for (let steps = 0; steps < 50; steps += 1) {
    const step = await runNamedVerb(connector, ctxAt(url), verb, [job(input)], state);
    if (!('goOn' in step)) return step.outcomes?.[0];
    state = JSON.parse(JSON.stringify(step.goOn)) as Plain;
  }
  throw new Error('it never comes to an end');
}

const written = { payload: { codeDiscountNode: { id: DISCOUNT }, userErrors: [] } };
const refusedBy = (message: string, code: string, ...field: string[]) => ({
  payload: { codeDiscountNode: null, userErrors: [{ message, code, field }] },
});

/** What is sent for a campaign that is new to the shop. */
async function sent(changes: Partial<Publication>): Promise<unknown> {
  answers(standIn, { codeDiscountNodeByCode: null }, written);
  expect(await run(standIn.url, 'vouchers.publish', { ...publication, ...changes })).toEqual({ job: 'job-1', done: ref });
  return asked(standIn)[1];
}

describe('a campaign', () => {
  test('of a percentage is a code for the whole order, exact to the digit', async () => {
    expect(await sent({})).toEqual({
      name: 'DiscountCodeBasicCreate',
      variables: {
        input: {
          code: 'DV4711',
          title: 'Spring',
          startsAt: '2026-03-06T21:00:00.000Z',
          appliesOncePerCustomer: false,
          context: { all: 'ALL' },
          combinesWith: { orderDiscounts: true, productDiscounts: true, shippingDiscounts: true },
          customerGets: { value: { percentage: 0.125 }, items: { all: true } },
        },
      },
    });
    expect(standIn.requests[1]?.body).toContain('"percentage":12.5e-2');
  });

  test('with all that Shopify can keep says so', async () => {
    const told = await sent({
      incentive: { kind: 'amountOff', amount: eur(500) },
      items: ['gid://shopify/Product/1', 'gid://shopify/ProductVariant/2'],
      minimumOrder: eur(2050),
      startsAt: '2026-04-01T00:00:00Z',
      endsAt: '2026-05-01T00:00:00Z',
      usesPerCode: 1,
      usesPerCustomer: 1,
      combines: false,
    });
    expect(told).toMatchObject({
      variables: {
        input: {
          startsAt: '2026-04-01T00:00:00Z',
          endsAt: '2026-05-01T00:00:00Z',
          usageLimit: 1,
          appliesOncePerCustomer: true,
          minimumRequirement: { subtotal: { greaterThanOrEqualToSubtotal: '20.50' } },
          combinesWith: { orderDiscounts: false, productDiscounts: false, shippingDiscounts: false },
          customerGets: {
            value: { discountAmount: { amount: '5.00', appliesOnEachItem: false } },
            items: { products: { productsToAdd: ['gid://shopify/Product/1'], productVariantsToAdd: ['gid://shopify/ProductVariant/2'] } },
          },
        },
      },
    });
  });

  test('of free delivery is Shopify’s code for free shipping', async () => {
    const told = await sent({ incentive: { kind: 'freeDelivery' } });
    expect(told).toMatchObject({
      name: 'DiscountCodeFreeShippingCreate',
      variables: { input: { destination: { all: true }, combinesWith: { orderDiscounts: true, productDiscounts: true } } },
    });
    expect(JSON.stringify(told)).not.toMatch(/customerGets|shippingDiscounts/);
  });

  test('for collections names them', async () => {
    expect(await sent({ items: ['gid://shopify/Collection/3'] })).toMatchObject({
      variables: { input: { customerGets: { items: { collections: { add: ['gid://shopify/Collection/3'] } } } } },
    });
  });

  test.each<[string, Partial<Publication>, string, string]>([
    ['a free item', { incentive: { kind: 'freeItem' } }, 'NOT_SUPPORTED', 'incentive'],
    [
      'a percentage up to an amount',
      { incentive: { kind: 'percentOff', percent: '10', maximum: eur(500) } },
      'NOT_SUPPORTED',
      'incentive.maximum',
    ],
    ['free delivery of some items', { incentive: { kind: 'freeDelivery' }, items: ['gid://shopify/Product/1'] }, 'NOT_SUPPORTED', 'items'],
    ['no code', { codes: [] }, 'BAD_INPUT', 'codes'],
    ['another currency', { incentive: { kind: 'amountOff', amount: { minor: 500, currency: 'USD' } } }, 'BAD_INPUT', 'incentive.amount'],
    ['items by other names', { items: ['RICE-1'] }, 'BAD_INPUT', 'items'],
    ['products and collections', { items: ['gid://shopify/Product/1', 'gid://shopify/Collection/3'] }, 'BAD_INPUT', 'items'],
    ['too many items', { items: Array.from({ length: 251 }, (_, index) => `gid://shopify/Product/${index}`) }, 'BAD_INPUT', 'items'],
  ])('with %s is not published', async (_what, changes, code, path) => {
    answers(standIn, { codeDiscountNodeByCode: null }, written);
    expect(await run(standIn.url, 'vouchers.publish', { ...publication, ...changes })).toMatchObject({ failed: { code, path } });
    expect(asked(standIn).map(({ name }) => name)).not.toContain('DiscountCodeBasicCreate');
  });

  test('whose code another discount has is refused, and the code is not repeated', async () => {
    const other = { ...discount, codeDiscount: { ...discount.codeDiscount, title: 'Somebody else’s' } };
    answers(standIn, { codeDiscountNodeByCode: other });
    const outcome = await run(standIn.url, 'vouchers.publish', publication);
    expect(outcome).toMatchObject({ failed: { code: 'BAD_INPUT', path: 'codes.0' } });
    expect(JSON.stringify(outcome)).not.toContain('DV4711');
  });

  test.each<[string, string, object]>([
    [
      'TAKEN',
      'Code DV4711 is taken.',
      { code: 'BAD_INPUT', message: 'Shopify refused it: Code [code] is taken.', path: 'basicCodeDiscount.code' },
    ],
    ['INTERNAL_ERROR', 'Something went wrong.', { code: 'PLATFORM_DOWN', unknown: true }],
  ])('that Shopify refuses with %s is settled as such', async (code, message, failed) => {
    answers(standIn, { codeDiscountNodeByCode: null }, refusedBy(message, code, 'basicCodeDiscount', 'code'));
    expect(await run(standIn.url, 'vouchers.publish', publication)).toMatchObject({ failed });
  });

  test('of which nobody knows whether it was published is looked for by its first code', async () => {
    const find = async (there: object | null, codes: readonly string[] = ['DV4711']) => {
      answers(standIn, { codeDiscountNodeByCode: there });
      return (await runFind(connector, ctxAt(standIn.url), 'vouchers.publish', [job({ ...publication, codes })])).outcomes;
    };
    expect(await find(discount)).toEqual([{ job: 'job-1', done: ref }]);
    expect(await find(null)).toEqual([{ job: 'job-1', absent: true }]);
    // Some of its codes are still missing: it is gone on with.
    expect(await find(discount, ['DV4711', 'DV4712'])).toEqual([{ job: 'job-1', absent: true }]);
  });

  test('that was published before is set right instead of doubled', async () => {
    answers(standIn, { codeDiscountNodeByCode: discount }, written);
    expect(await run(standIn.url, 'vouchers.publish', publication)).toEqual({ job: 'job-1', done: ref });
    expect(asked(standIn)[1]).toMatchObject({ name: 'DiscountCodeBasicUpdate', variables: { id: DISCOUNT, input: { endsAt: null } } });
  });
});

describe('a change', () => {
  test('takes away what is not wanted any more', async () => {
    const items = {
      products: { nodes: [{ id: 'gid://shopify/Product/1' }, { id: 'gid://shopify/Product/2' }] },
      productVariants: { nodes: [] },
    };
    answers(standIn, { codeDiscountNode: { codeDiscount: { customerGets: { items } } } }, written);
    const changed = { ...publication, items: ['gid://shopify/Product/2', 'gid://shopify/Product/3'] };
    expect(await run(standIn.url, 'vouchers.update', { to: ref, publication: changed })).toEqual({ job: 'job-1', done: ref });
    expect(asked(standIn)[1]).toMatchObject({
      name: 'DiscountCodeBasicUpdate',
      variables: {
        id: DISCOUNT,
        input: {
          endsAt: null,
          usageLimit: null,
          minimumRequirement: null,
          customerGets: {
            items: { products: { productsToAdd: ['gid://shopify/Product/3'], productsToRemove: ['gid://shopify/Product/1'] } },
          },
        },
      },
    });
    expect(asked(standIn)[1]?.variables['input']).not.toHaveProperty('code');
    expect(asked(standIn)[1]?.variables['input']).not.toHaveProperty('startsAt');
  });

  test('of what was never published is the sender’s to mend', async () => {
    expect(await run(standIn.url, 'vouchers.update', { to: { id: null }, publication })).toMatchObject({ failed: { code: 'BAD_INPUT' } });
  });
});

describe('a withdrawal', () => {
  test('ends the discount, and is done where it is gone already', async () => {
    answers(standIn, written);
    expect(await run(standIn.url, 'vouchers.withdraw', ref)).toEqual({ job: 'job-1', done: null });
    expect(asked(standIn)).toMatchObject([{ name: 'DiscountCodeDeactivate', variables: { id: DISCOUNT } }]);
    answers(standIn, refusedBy('Code discount does not exist.', 'INVALID', 'id'));
    expect(await run(standIn.url, 'vouchers.withdraw', ref)).toEqual({ job: 'job-1', done: null });
  });
});

describe('many codes', () => {
  const REFUSED = {
    data: {
      discountRedeemCodeBulkAdd: { bulkCreation: null, userErrors: [{ field: ['codes'], message: 'Too many codes', code: 'INVALID' }] },
    },
  };
  let refusing: boolean;
  let shop: ShopifyStandIn;
  beforeEach(async () => {
    refusing = false;
    shop = await startShopify({
      pageSize: 100,
      lastingToken: 'token-1',
      fault: ({ text }) => (refusing && text.includes('mutation AddCodes') ? { status: 200, body: REFUSED } : undefined),
    });
    shop.shop.scopes = ['write_discounts'];
  });
  afterEach(() => shop.close());

  const codes = Array.from({ length: 601 }, (_, index) => `DV${String(index).padStart(6, '0')}`);
  const publishAll = (all: readonly string[] = codes) => run(shop.url, 'vouchers.publish', { ...publication, codes: all });
  const held = () => [...shop.shop.discounts.values()].map((each) => each.codes.length);

  test('of one campaign are added 250 at a time, each time waiting for the last', async () => {
    const outcome = await publishAll();
    expect(outcome).toMatchObject({ done: { id: expect.stringContaining('DiscountCodeNode') } });
    expect(held()).toEqual([601]);
    const added = shop.requests
      .filter(({ text }) => text.includes('mutation AddCodes'))
      .map((request) => (request.json() as { variables: { codes: unknown[] } }).variables.codes.length);
    expect(added).toEqual([250, 250, 100]);
  });

  test('that cannot all be had are not had at all: the discount is taken back', async () => {
    await run(shop.url, 'vouchers.publish', { ...publication, name: 'Older', codes: ['DV000500'] });
    const outcome = await publishAll();
    expect(outcome).toMatchObject({ failed: { code: 'BAD_INPUT', message: expect.stringContaining('refused 1 of 601 codes') } });
    expect(held()).toEqual([1]);
  });

  test('that Shopify refuses outright leave no discount with the first of them', async () => {
    refusing = true;
    expect(await publishAll()).toMatchObject({ failed: { code: 'BAD_INPUT', message: expect.stringContaining('Too many codes') } });
    expect(held()).toEqual([]);
  });

  test('are added to what is published; those of other discounts are named', async () => {
    await run(shop.url, 'vouchers.publish', { ...publication, name: 'Older', codes: ['TAKEN1'] });
    const done = await publishAll(['DV1']);
    const to = (done as { done: Plain }).done;
    expect(await run(shop.url, 'vouchers.addCodes', { to, codes: ['DV2', 'TAKEN1', 'DV3'] })).toEqual({
      job: 'job-1',
      done: { added: 2, refused: ['TAKEN1'] },
    });
  });

  test('that were added by a step nobody knows of are not refused as their own doubles', async () => {
    const to = ((await publishAll(['DV1'])) as { done: Plain }).done;
    const input = { to, codes: codes.slice(0, 60) };
    await run(shop.url, 'vouchers.addCodes', input);
    expect(await run(shop.url, 'vouchers.addCodes', input)).toEqual({ job: 'job-1', done: { added: 60, refused: [] } });
    expect(held()).toEqual([61]);
  });

  test('to a discount that is gone are nobody’s', async () => {
    expect(await run(shop.url, 'vouchers.addCodes', { to: ref, codes: ['DV2'] })).toMatchObject({ failed: { code: 'BAD_INPUT' } });
  });
});

describe('what Shopify counts', () => {
  const counted = async (changes: object) => {
    answers(standIn, { codeDiscountNode: { ...discount, codeDiscount: { ...discount.codeDiscount, ...changes } } });
    const ran = await runFetch(connector, ctxAt(standIn.url), 'discount', [DISCOUNT]);
    return ran.ok ? ran.value : ran.failure;
  };
  const fact = { externalId: DISCOUNT, name: 'Spring', code: 'DV4711', state: 'ACTIVE', used: 3 };

  test('is how often a discount was used, with its code where it has one', async () => {
    expect(await counted({})).toEqual([{ kind: 'discount', discount: fact }]);
    expect(await counted({ codesCount: { count: 600 } })).toEqual([{ kind: 'discount', discount: { ...fact, code: undefined } }]);
    expect(await counted({ status: 'EXPIRED' })).toMatchObject([{ discount: { state: 'ENDED' } }]);
  });

  test('is nothing where the discount is gone', async () => {
    answers(standIn, { codeDiscountNode: null });
    expect(await runFetch(connector, ctxAt(standIn.url), 'discount', [DISCOUNT])).toEqual({
      ok: true,
      value: [{ kind: 'gone', resource: 'discount', id: DISCOUNT }],
    });
  });
});
