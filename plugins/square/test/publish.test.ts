import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Plain } from '@valehub/connector-kit';
import { runFetch, runFind } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { eur, type House, open, perform } from './support.ts';

let house: House;
beforeEach(async () => {
  house = await open({ automaticRules: true });
});
afterEach(() => house.close());

const publication = (more: Readonly<Record<string, Plain>> = {}): Plain => ({
  campaignId: 'campaign-1',
  name: 'Primavera',
  incentive: { kind: 'percentOff', percent: '12.50' },
  codes: ['FLOR10'],
  ...more,
});
const publish = (more?: Readonly<Record<string, Plain>>, key?: string) => perform(house, 'vouchers.publish', publication(more), key);

async function published(more?: Readonly<Record<string, Plain>>): Promise<string> {
  const outcome = await publish(more);
  if (!outcome || !('done' in outcome)) throw new Error(JSON.stringify(outcome));
  return String((outcome.done as { readonly id: string }).id);
}
const update = (id: string, more?: Readonly<Record<string, Plain>>, key = 'key-of-job-2') =>
  perform(house, 'vouchers.update', { to: { id }, publication: publication(more) }, key);
const countOf = () => ['DISCOUNT', 'PRICING_RULE', 'PRODUCT_SET'].map((type) => house.square.catalog.all(type).length);

describe('a campaign', () => {
  test('is a discount of the catalog, with the shared word in its name', async () => {
    const id = await published();
    expect(house.square.requests.at(-1)?.json()).toEqual({
      idempotency_key: 'key-of-job-1',
      batches: [
        {
          objects: [
            {
              type: 'DISCOUNT',
              id: '#discount',
              present_at_all_locations: true,
              discount_data: {
                name: 'Primavera FLOR10',
                discount_type: 'FIXED_PERCENTAGE',
                percentage: '12.5',
                modify_tax_basis: 'MODIFY_TAX_BASIS',
              },
            },
          ],
        },
      ],
    });
    expect(house.square.catalog.all('DISCOUNT')).toMatchObject([{ id }]);
    expect(countOf()).toEqual([1, 0, 0]);
  });

  test.each<[string, Readonly<Record<string, Plain>>, object]>([
    [
      'an amount',
      { incentive: { kind: 'amountOff', amount: eur(500) } },
      { discount_type: 'FIXED_AMOUNT', amount_money: { amount: 500, currency: 'EUR' } },
    ],
    [
      'a bounded percentage',
      { incentive: { kind: 'percentOff', percent: '20', maximum: eur(1000) } },
      {
        percentage: '20',
        maximum_amount_money: { amount: 1000, currency: 'EUR' },
      },
    ],
    ['a name that holds the word', { name: 'FLOR10 is here' }, { name: 'FLOR10 is here' }],
    ['a name of full length', { name: 'x'.repeat(255) }, { name: `${'x'.repeat(248)} FLOR10` }],
  ])('of %s is written so', async (_how, more, data) => {
    await published(more);
    expect(house.square.catalog.all('DISCOUNT')).toMatchObject([{ discount_data: data }]);
  });

  test('for some stores shows there only', async () => {
    await published({ locations: ['L-1'] });
    expect(house.square.catalog.all('DISCOUNT')).toMatchObject([{ present_at_all_locations: false, present_at_location_ids: ['L-1'] }]);
  });

  test('on articles, from an amount on and for some days is a rule with its set, whose days are those of the store', async () => {
    // In Madrid the first of April begins at 22:00 UTC of the day before, and ends with the last moment of the 30th.
    const id = await published({
      items: ['ITEM-1', 'CATEGORY-2'],
      minimumOrder: eur(2000),
      startsAt: '2026-03-31T22:00:00Z',
      endsAt: '2026-04-30T22:00:00Z',
    });
    const [set] = house.square.catalog.all('PRODUCT_SET');
    expect(set).toMatchObject({ product_set_data: { product_ids_any: ['ITEM-1', 'CATEGORY-2'] } });
    expect(house.square.catalog.all('PRICING_RULE')).toMatchObject([
      {
        pricing_rule_data: {
          discount_id: id,
          match_products_id: set?.['id'],
          minimum_order_subtotal_money: { amount: 2000, currency: 'EUR' },
          valid_from_date: '2026-04-01',
          valid_until_date: '2026-04-30',
        },
      },
    ]);
  });

  test('with dates alone is a rule on all that is sold', async () => {
    await published({ endsAt: '2026-04-30T22:00:00Z' });
    expect(house.square.catalog.all('PRODUCT_SET')).toMatchObject([{ product_set_data: { all_products: true } }]);
  });

  test('sent twice is one', async () => {
    expect(await publish()).toEqual(await publish());
    expect(countOf()).toEqual([1, 0, 0]);
  });

  test('whose answer was lost is told again under the same key', async () => {
    house.square.failNext('LATE');
    expect(await publish()).toMatchObject({ failed: { code: 'PLATFORM_DOWN', unknown: true } });
    expect(await publish()).toMatchObject({ done: {} });
    expect(countOf()).toEqual([1, 0, 0]);
  });

  test('is changed in its place, and gets or loses its rule', async () => {
    const id = await published();
    expect(await update(id, { minimumOrder: eur(1000) })).toEqual({ job: 'job-1', done: { id } });
    expect(countOf()).toEqual([1, 1, 1]);
    expect(await update(id, { minimumOrder: eur(1500) }, 'key-of-job-3')).toEqual({ job: 'job-1', done: { id } });
    expect(countOf()).toEqual([1, 1, 1]);
    expect(house.square.catalog.all('PRICING_RULE')).toMatchObject([
      { pricing_rule_data: { minimum_order_subtotal_money: { amount: 1500 } } },
    ]);
    expect(await update(id, { incentive: { kind: 'amountOff', amount: eur(300) } }, 'key-of-job-4')).toEqual({
      job: 'job-1',
      done: { id },
    });
    expect(countOf()).toEqual([1, 0, 0]);
    expect(house.square.catalog.all('DISCOUNT')).toMatchObject([{ id, discount_data: { amount_money: { amount: 300 } } }]);
  });

  test('that somebody has changed meanwhile is changed at the next attempt', async () => {
    let asked = 0;
    const busy = await open(
      {},
      {
        fault: ({ path }) => {
          if (path === '/v2/catalog/search' && ++asked === 1)
            for (const { id: one } of busy.square.catalog.all('DISCOUNT')) busy.square.catalog.edit(String(one));
          return undefined;
        },
      },
    );
    const made = await perform(busy, 'vouchers.publish', publication());
    const input = { to: made && 'done' in made ? made.done : null, publication: publication() } as Plain;
    expect(await perform(busy, 'vouchers.update', input)).toMatchObject({ failed: { code: 'CONFLICT' } });
    expect(await perform(busy, 'vouchers.update', input)).toMatchObject({ done: {} });
    await busy.close();
  });

  test('is withdrawn with its rule and its set, and found to be gone', async () => {
    const id = await published({ minimumOrder: eur(1000) });
    const asked = () => runFind(connector, house.ctx(), 'vouchers.withdraw', [{ id: 'job-1', key: 'key', input: { id } }]);
    expect(await asked()).toEqual({ outcomes: [{ job: 'job-1', absent: true }] });
    expect(await perform(house, 'vouchers.withdraw', { id })).toEqual({ job: 'job-1', done: null });
    expect(countOf()).toEqual([0, 0, 0]);
    expect(await asked()).toEqual({ outcomes: [{ job: 'job-1', done: null }] });
    expect(await update(id)).toMatchObject({ failed: { code: 'NOT_FOUND' } });
    expect(await runFetch(connector, house.ctx(), 'discount', [id, 'DISCOUNT-9'])).toMatchObject({
      ok: true,
      value: [
        { kind: 'gone', resource: 'discount', id },
        { kind: 'gone', resource: 'discount', id: 'DISCOUNT-9' },
      ],
    });
  });

  test('finds its rule among more than a page has', async () => {
    const paged = await open({ automaticRules: true }, { pageSize: 1 });
    for (const name of ['A', 'B', 'C'])
      await perform(paged, 'vouchers.publish', publication({ name, minimumOrder: eur(1000) }), `key-${name}`);
    const [, , last] = paged.square.catalog.all('DISCOUNT');
    expect(await perform(paged, 'vouchers.withdraw', { id: String(last?.['id']) })).toEqual({ job: 'job-1', done: null });
    expect(paged.square.catalog.all('PRICING_RULE')).toHaveLength(2);
    await paged.close();
  });

  test.each<[string, Readonly<Record<string, Plain>>, string]>([
    ['with many codes', { codes: ['A', 'B'] }, 'one word at most'],
    ['with a free dish', { incentive: { kind: 'freeItem' } }, 'a percentage or an amount'],
    ['with free delivery', { incentive: { kind: 'freeDelivery' } }, 'a percentage or an amount'],
    ['of an amount on articles', { incentive: { kind: 'amountOff', amount: eur(300) }, items: ['ITEM-1'] }, 'publish a percentage instead'],
  ])('%s is refused with the reason', async (_how, more, words) => {
    expect(await publish(more)).toMatchObject({ failed: { code: 'NOT_SUPPORTED', message: expect.stringContaining(words) } });
    expect(countOf()).toEqual([0, 0, 0]);
  });

  test('that would apply to everybody by itself is refused unless that is wanted', async () => {
    const careful = await open();
    for (const more of [{ items: ['ITEM-1'] }, { minimumOrder: eur(1000) }, { startsAt: '2026-04-01T00:00:00Z' }])
      expect(await perform(careful, 'vouchers.publish', publication(more))).toMatchObject({
        failed: { code: 'NOT_SUPPORTED', path: 'settings.automaticRules', message: expect.stringContaining('without a code') },
      });
    await careful.close();
  });

  test('waits where the catalog is being changed by another', async () => {
    house.square.failNext({ status: 429, body: { errors: [{ code: 'RATE_LIMITED', detail: 'Another update is under way.' }] } });
    expect(await publish()).toMatchObject({ failed: { code: 'RATE_LIMITED' } });
    expect(await perform(house, 'vouchers.withdraw', { id: null })).toMatchObject({ failed: { code: 'BAD_INPUT' } });
  });
});
