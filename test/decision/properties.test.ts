import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Incentive, Scope } from '../../src/domain/campaign/incentive.types.ts';
import { decide } from '../../src/domain/decision/decide.ts';
import type { CodeLookup, Decision, DecisionInput } from '../../src/domain/decision/decision.types.ts';
import { priceBasket } from '../../src/domain/decision/price.ts';
import { grossOf } from '../../src/domain/decision/units.ts';
import type { BasketLine } from '../../src/domain/order/basket.types.ts';
import {
  amountOff,
  basket,
  buyXGetY,
  campaign,
  countersOf,
  found,
  freeDelivery,
  freeItem,
  giftBalance,
  input,
  limit,
  percentOff,
  scope,
  specialPrice,
  tender,
} from './builders.ts';

const quantity = fc.oneof(
  fc.integer({ min: 1, max: 6 }).map(String),
  fc.integer({ min: 1, max: 4_000 }).map((grams) => (grams / 1000).toString()),
);
const lines = fc
  .array(
    fc.record({
      unitPrice: fc.nat(5_000),
      quantity,
      group: fc.constantFrom(null, 'alcohol', 'pizza'),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
      taxRate: fc.constantFrom(null, '4', '10.0', '21'),
    }),
    { maxLength: 6 },
  )
  .map((drafts) =>
    drafts.map(({ part, ...draft }, index): BasketLine => {
      const whole = { ...draft, id: `l${index}`, sku: `s${index % 3}`, name: null, brand: null, discount: 0 };
      return { ...whole, discount: Math.floor(part * part * grossOf(whole)) };
    }),
  );

const scopes: fc.Arbitrary<Scope> = fc
  .record({
    skus: fc.option(fc.subarray(['s0', 's1', 's2'], { minLength: 1 }), { nil: undefined }),
    excludeDiscounted: fc.boolean(),
    trigger: fc.option(fc.constantFrom('1', '2.5'), { nil: undefined }),
    applicable: fc.option(fc.constantFrom('1', '2', '1.5'), { nil: undefined }),
    pick: fc.constantFrom('CHEAPEST', 'DEAREST'),
  })
  .map(({ skus, excludeDiscounted, trigger, applicable, pick }) =>
    scope({
      excludeDiscounted,
      pick,
      ...(skus === undefined ? {} : { include: { skus } }),
      ...(trigger === undefined ? {} : { triggerQuantity: trigger }),
      ...(applicable === undefined ? {} : { applicableQuantity: applicable }),
    }),
  );
const skus = fc.subarray(['s0', 's1', 's2'], { minLength: 1 });
const maybeScope = fc.option(scopes, { nil: undefined });
const incentive: fc.Arbitrary<Incentive> = fc.oneof(
  fc
    .tuple(fc.constantFrom('0.01', '10', '33.33', '50', '100'), maybeScope)
    .map(([percent, on]) => percentOff(percent, on === undefined ? {} : { scope: on })),
  fc.tuple(fc.integer({ min: 1, max: 4_000 }), maybeScope).map(([minor, on]) => amountOff(minor, on)),
  fc.integer({ min: 1, max: 9_000 }).map(tender),
  fc.integer({ min: 1, max: 9_000 }).map(giftBalance),
  fc.tuple(fc.integer({ min: 1, max: 4_000 }), scopes).map(([minor, on]) => specialPrice(minor, on)),
  fc.tuple(scopes, fc.constantFrom('1', '2', '0.5')).map(([{ applicableQuantity: _, ...on }, quantity]) => freeItem(on, quantity)),
  fc
    .record({
      buy: fc.integer({ min: 1, max: 3 }),
      get: fc.integer({ min: 1, max: 2 }),
      bought: skus,
      got: fc.option(skus, { nil: undefined }),
      percent: fc.constantFrom('33.33', '50', '100'),
      times: fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined }),
      excludeDiscounted: fc.boolean(),
    })
    .map(({ buy, get, bought, got, percent, times, excludeDiscounted }) =>
      buyXGetY(buy, get, bought, {
        percentOff: percent,
        excludeDiscounted,
        ...(got === undefined ? {} : { get: { include: { skus: got } } }),
        ...(times === undefined ? {} : { maximumTimes: times }),
      }),
    ),
  fc
    .tuple(skus, fc.option(fc.integer({ min: 1, max: 900 }), { nil: undefined }))
    .map(([items, most]) =>
      freeDelivery({ items: { skus: items }, ...(most === undefined ? {} : { maximum: { minor: most, currency: 'EUR' } }) }),
    ),
);
const lookups: fc.Arbitrary<CodeLookup[]> = fc
  .array(
    fc.record({
      incentive,
      priority: fc.integer({ min: 0, max: 1 }),
      group: fc.constantFrom(undefined, 'g'),
      exclusive: fc.boolean(),
      max: fc.integer({ min: 1, max: 3 }),
      same: fc.boolean(),
    }),
    { maxLength: 5 },
  )
  .map((drafts) =>
    drafts.map((draft, index) => {
      const stacking = {
        priority: draft.priority,
        exclusive: draft.exclusive && index === 4,
        ...(draft.group === undefined ? {} : { group: draft.group }),
      };
      return found(
        `C${index}`,
        campaign(draft.incentive, {
          id: draft.same ? 'cmp_same' : `cmp_${index}`,
          stacking,
          limits: [limit('CAMPAIGN', draft.same ? 2 : draft.max)],
          budget: 5_000,
        }),
      );
    }),
  );
const inputs: fc.Arbitrary<DecisionInput> = fc.record({ lines, lookups, pricesIncludeTax: fc.boolean() }).map((draft) =>
  input(draft.lines, draft.lookups, {
    basket: basket(draft.lines, { pricesIncludeTax: draft.pricesIncludeTax }),
    counter: countersOf({ 'budget:cmp_same': { used: 2_000, held: 500 }, 'balance:vou_C0': { used: 300, held: 40 } }),
  }),
);

const byCode = (decision: Decision) => [...decision.outcomes].sort((a, b) => (a.code < b.code ? -1 : 1));
const applicables = (decision: Decision) => decision.outcomes.flatMap((outcome) => (outcome.outcome === 'applicable' ? [outcome] : []));

describe('whatever the basket and the vouchers', () => {
  test('every amount is its shares, no share is below one or above what was due on its unit, and the sums agree', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const decision = decide(given);
        const onUnit = new Map<string, number>();
        for (const outcome of applicables(decision)) {
          expect(outcome.amount).toBeGreaterThan(0);
          if (outcome.kind === 'TENDER') expect(outcome.allocations).toEqual([]);
          else expect(outcome.allocations.reduce((sum, share) => sum + share.amount, 0)).toBe(outcome.amount);
          for (const share of outcome.allocations) {
            expect(share.amount).toBeGreaterThan(0);
            const unit = `${share.lineId}/${share.unit}`;
            onUnit.set(unit, (onUnit.get(unit) ?? 0) + share.amount);
          }
        }
        const { priced } = decision;
        for (const [index, line] of priced.lines.entries()) {
          const shares = [...onUnit].filter(([unit]) => unit.startsWith(`${line.lineId}/`)).reduce((sum, [, amount]) => sum + amount, 0);
          expect(line.gross - line.discount).toBe(line.due);
          expect(line.discount).toBe((given.basket.lines[index]?.discount ?? 0) + shares);
          expect(line.due).toBeGreaterThanOrEqual(0);
        }
        const kinds = (tenders: boolean) =>
          applicables(decision)
            .filter((outcome) => (outcome.kind === 'TENDER') === tenders)
            .reduce((sum, outcome) => sum + outcome.amount, 0);
        expect(priced.voucherDiscounts).toBe(kinds(false));
        expect(priced.tendered).toBe(kinds(true));
        const added = given.basket.pricesIncludeTax ? 0 : priced.tax.reduce((sum, entry) => sum + entry.tax, 0);
        expect(priced.due).toBe(priced.subtotal - priced.lineDiscounts - priced.voucherDiscounts - priced.tendered + added);
        expect(priced.due).toBeGreaterThanOrEqual(0);
        const goods = priced.lines.reduce((sum, line) => sum + line.due, 0);
        expect(priced.tax.reduce((sum, entry) => sum + entry.base + (given.basket.pricesIncludeTax ? entry.tax : 0), 0)).toBe(goods);
      }),
      { numRuns: 400 },
    );
  });

  test('the same input gives the same answer, and the order of the codes changes only the order of the outcomes', () => {
    fc.assert(
      fc.property(inputs, fc.infiniteStream(fc.nat()), (given, random) => {
        const shuffled = given.lookups.map((lookup) => ({ lookup, at: random.next().value ?? 0 })).sort((a, b) => a.at - b.at);
        const first = decide(given);
        const other = decide({ ...given, lookups: shuffled.map(({ lookup }) => lookup) });
        expect(decide(given)).toEqual(first);
        expect(other.outcomes.map((outcome) => outcome.code)).toEqual(shuffled.map(({ lookup }) => lookup.code));
        expect(byCode(other)).toEqual(byCode(first));
        expect(other.priced).toEqual(first.priced);
      }),
      { numRuns: 300 },
    );
  });

  test('no limit and no budget is overrun', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const taken = new Map<string, number>();
        for (const use of applicables(decide(given)).flatMap((outcome) => outcome.counters)) {
          taken.set(use.key, (taken.get(use.key) ?? 0) + use.delta);
          const state = given.counter(use.key);
          if (use.max !== null) expect(state.used + state.held + (taken.get(use.key) ?? 0)).toBeLessThanOrEqual(use.max);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('pricing the order with what stands on it gives what deciding gave', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const decision = decide(given);
        expect(priceBasket(given.basket, given.store, applicables(decision))).toEqual(decision.priced);
      }),
      { numRuns: 200 },
    );
  });

  test('nothing handed in is changed', () => {
    const freeze = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
      Object.freeze(value);
      Object.values(value).forEach(freeze);
    };
    fc.assert(
      fc.property(inputs, (given) => {
        freeze(given);
        decide(given);
      }),
      { numRuns: 100 },
    );
  });
});

test('a basket that shrank since keeps no share that has no unit, and owes nothing below zero', () => {
  const one = { id: 'a', sku: 'a', name: null, group: null, brand: null, quantity: '1', unitPrice: 500, discount: 0, taxRate: null };
  const dear = [{ kind: 'LINE_DISCOUNT', amount: 600, allocations: [{ lineId: 'a', unit: 1, amount: 600 }] }] as const;
  expect(priceBasket(basket([one]), input([], []).store, dear)).toMatchObject({ voucherDiscounts: 500, due: 0 });
  const applied = [
    {
      kind: 'ORDER_DISCOUNT',
      amount: 900,
      allocations: [
        { lineId: 'a', unit: 1, amount: 200 },
        { lineId: 'a', unit: 2, amount: 300 },
        { lineId: 'gone', unit: 1, amount: 400 },
      ],
    },
    { kind: 'TENDER', amount: 1_000, allocations: [] },
  ] as const;
  expect(priceBasket(basket([one]), input([], []).store, applied)).toMatchObject({ voucherDiscounts: 200, tendered: 300, due: 0 });
});
