import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { BuyXGetYTerms } from '../../src/domain/campaign/incentive.types.ts';
import type { BasketLine } from '../../src/domain/order/basket.types.ts';
import { mulRound } from '../../src/domain/shared/money.ts';
import { applicable, buyXGetY, campaign, decideOne, line, scope, specialPrice } from './builders.ts';

const SKUS = ['a', 'b', 'c'];
const some = fc.subarray(SKUS, { minLength: 1 });
/** Single pieces, some weighed, some reduced. */
const pieces: fc.Arbitrary<BasketLine[]> = fc
  .array(
    fc.record({
      sku: fc.constantFrom(...SKUS),
      unitPrice: fc.integer({ min: 1, max: 9 }),
      weighed: fc.boolean(),
      reduced: fc.boolean(),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((drafts) =>
    drafts.map(({ sku, unitPrice, weighed, reduced }, index) =>
      // 2.5 of something is one piece like any other.
      line(sku, unitPrice * 100, { id: `l${index}`, quantity: weighed ? '2.5' : '1', discount: reduced ? 50 : 0 }),
    ),
  );
const sets = fc.record({
  buyQuantity: fc.integer({ min: 1, max: 3 }),
  getQuantity: fc.integer({ min: 1, max: 3 }),
  buy: some,
  get: fc.option(some, { nil: undefined }),
  maximumTimes: fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined }),
  excludeDiscounted: fc.boolean(),
});

const dueOn = (one: BasketLine): number => mulRound(one.unitPrice, one.quantity) - one.discount;

/** Every way to share the pieces out, tried: the most that can be got, and the least that so many can come to. */
function bySearch(lines: readonly BasketLine[], terms: BuyXGetYTerms): { count: number; amount: number } {
  const bought = new Set(terms.buy.include?.skus);
  const got = new Set(terms.get?.include?.skus ?? bought);
  const open = terms.excludeDiscounted ? lines.filter(({ discount }) => discount === 0) : lines;
  let best = { count: 0, amount: 0 };
  const visit = (at: number, buys: number, gets: number, amount: number): void => {
    const one = open[at];
    if (one === undefined) {
      const times = Math.min(Math.floor(buys / terms.buyQuantity), terms.maximumTimes ?? Number.POSITIVE_INFINITY);
      if (gets <= times * terms.getQuantity && (gets > best.count || (gets === best.count && amount < best.amount)))
        best = { count: gets, amount };
      return;
    }
    visit(at + 1, buys, gets, amount);
    if (bought.has(one.sku)) visit(at + 1, buys + 1, gets, amount);
    if (got.has(one.sku)) visit(at + 1, buys, gets + 1, amount + dueOn(one));
  };
  visit(0, 0, 0, 0);
  return best;
}

describe('buy x, get y', () => {
  test('gives as many pieces as any way to share them out, the cheapest that come to so many, and none is both', () => {
    fc.assert(
      fc.property(pieces, sets, (lines, { buy, get, maximumTimes, ...rest }) => {
        const incentive = buyXGetY(rest.buyQuantity, rest.getQuantity, buy, {
          excludeDiscounted: rest.excludeDiscounted,
          ...(get === undefined ? {} : { get: { include: { skus: get } } }),
          ...(maximumTimes === undefined ? {} : { maximumTimes }),
        });
        if (!('buyXGetY' in incentive)) throw new Error('No set.');
        const best = bySearch(lines, incentive.buyXGetY);
        const decision = decideOne(lines, campaign(incentive));
        const [outcome] = decision.outcomes;
        if (best.count === 0) {
          expect(outcome?.outcome).toBe('rejected');
          return;
        }
        const { amount, allocations } = applicable(decision);
        expect({ count: allocations.length, amount }).toEqual(best);
        expect(new Set(allocations.map(({ lineId }) => lineId)).size).toBe(allocations.length);
      }),
      { numRuns: 400 },
    );
  });

  test('what a refusal says would help does help', () => {
    fc.assert(
      fc.property(pieces, sets, (lines, { buy, get, maximumTimes: _, ...rest }) => {
        const terms = campaign(
          buyXGetY(rest.buyQuantity, rest.getQuantity, buy, {
            excludeDiscounted: rest.excludeDiscounted,
            ...(get === undefined ? {} : { get: { include: { skus: get } } }),
          }),
        );
        // It says one thing at a time: first what has to be bought, then what there is to get.
        let basket = lines;
        for (let step = 0; step < 3; step++) {
          const [outcome] = decideOne(basket, terms).outcomes;
          if (outcome?.outcome !== 'rejected') return;
          const { addQuantity, eligibleSkus } = outcome.nearestBasket ?? {};
          const sku = eligibleSkus?.at(-1);
          if (addQuantity === undefined || sku === undefined) throw new Error(`Nothing would help: ${JSON.stringify(outcome)}`);
          basket = [...basket, line(sku, 300, { id: `more${step}`, quantity: addQuantity })];
        }
        throw new Error('It was refused three times.');
      }),
      { numRuns: 400 },
    );
  });

  test('of ten thousand pieces is reckoned', () => {
    const many = [line('a', 200, { quantity: '10000' })];
    expect(applicable(decideOne(many, campaign(buyXGetY(2, 1, ['a'])))).amount).toBe(3_333 * 200);
  });
});

test('a special price brings every unit down to it and raises none', () => {
  fc.assert(
    fc.property(pieces, fc.integer({ min: 1, max: 1_500 }), (lines, price) => {
      const { priced } = decideOne(lines, campaign(specialPrice(price, scope())));
      for (const [index, one] of lines.entries())
        expect(priced.lines[index]?.due).toBe(Math.min(dueOn(one), one.quantity === '1' ? price : mulRound(price, one.quantity)));
    }),
    { numRuns: 200 },
  );
});
