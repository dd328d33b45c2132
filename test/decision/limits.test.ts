import { describe, expect, test } from '@jest/globals';
import { budgetKey, counterKey, countKey, maxUsesOf } from '../../src/domain/decision/counters.ts';
import { decide } from '../../src/domain/decision/decide.ts';
import { issueCounters, issueFailures } from '../../src/domain/decision/issue.ts';
import { isRetryable, maskForPublic, publicReasonOf } from '../../src/domain/decision/public-reason.ts';
import {
  amountOff,
  applicable,
  campaign,
  countersOf,
  decideOne,
  found,
  HOUR,
  input,
  limit,
  line,
  NOW,
  percentOff,
  reasonsOf,
  rejected,
  store,
} from './builders.ts';

const menu = [line('menu', 3000)];
const five = amountOff(500);

describe('what a redemption takes', () => {
  test('each limit of the campaign and its main, both budgets, the count; a shared sum once with its lowest ceiling', () => {
    const main = campaign(null, {
      id: 'cmp_main',
      budget: 90_000,
      limits: [
        limit('CAMPAIGN', 50),
        limit('STORE', 20, { counts: 'DISCOUNT_AMOUNT', period: 'MONTH', max: 70_000 }),
        limit('CUSTOMER', 9, { counts: 'ISSUED' }),
      ],
      watched: [
        { counts: 'REDEMPTIONS', period: 'EVER' },
        { counts: 'DISCOUNT_AMOUNT', period: 'WEEK' },
      ],
    });
    const terms = campaign(five, {
      main,
      budget: 80_000,
      limits: [
        limit('MAIN_CAMPAIGN', 40),
        limit('VOUCHER', 5),
        limit('VOUCHER', 1, { period: 'BUSINESS_DAY' }),
        limit('TILL', 7, { period: 'YEAR' }),
        limit('ORDER', 2),
        limit('CUSTOMER', 3),
      ],
    });
    const customer = { id: 'cus_1', unknownId: false, given: true };
    expect(applicable(decideOne(menu, terms, { customer }, { maxUses: 5 })).counters).toEqual([
      { key: 'limit:cmp_main:REDEMPTIONS:CAMPAIGN:EVER::', delta: 1, max: 40 },
      { key: 'limit:cmp_1:REDEMPTIONS:VOUCHER:BUSINESS_DAY:2026-05-03:vou_CODE1', delta: 1, max: 1 },
      { key: 'limit:cmp_1:REDEMPTIONS:TILL:YEAR:2026:till-1', delta: 1, max: 7 },
      { key: 'limit:cmp_1:REDEMPTIONS:ORDER:EVER::3:api:check-1', delta: 1, max: 2 },
      { key: 'limit:cmp_1:REDEMPTIONS:CUSTOMER:EVER::cus_1', delta: 1, max: 3 },
      { key: 'limit:cmp_main:DISCOUNT_AMOUNT:STORE:MONTH:2026-05:sto_sevilla', delta: 500, max: 70_000 },
      { key: 'limit:cmp_main:DISCOUNT_AMOUNT:CAMPAIGN:WEEK:2026-W18:', delta: 500, max: null },
      { key: 'budget:cmp_1', delta: 500, max: 80_000 },
      { key: 'budget:cmp_main', delta: 500, max: 90_000 },
      { key: 'count:cmp_1:redeemed', delta: 1, max: null },
    ]);
  });

  test('the key says what is counted, not how much of it', () => {
    expect(counterKey('cmp_1', limit('STORE', 3), 'sto_1', '')).toBe(counterKey('cmp_1', limit('STORE', 9), 'sto_1', ''));
    expect(counterKey('cmp_1', limit('MAIN_CAMPAIGN', 3), '', '')).toBe(counterKey('cmp_1', limit('CAMPAIGN', 3), '', ''));
    expect([budgetKey('cmp_1'), countKey('cmp_1', 'issued')]).toEqual(['budget:cmp_1', 'count:cmp_1:issued']);
  });

  test('orders whose names run together are two orders', () => {
    const keyOf = (source: string, externalId: string): string | undefined =>
      applicable(
        decideOne(menu, campaign(five, { limits: [limit('ORDER', 1)] }), { basket: { ...input(menu, []).basket, source, externalId } }),
      ).counters[0]?.key;
    expect(keyOf('a:b', 'c')).not.toBe(keyOf('a', 'b:c'));
  });

  test('periods follow the business day of the order, not the calendar day of the clock', () => {
    const terms = campaign(five, { limits: [limit('CAMPAIGN', 5, { period: 'BUSINESS_DAY' })] });
    const night = Date.UTC(2026, 4, 4, 1, 0);
    expect(applicable(decideOne(menu, terms, { placedAt: night })).counters[0]?.key).toContain(':2026-05-03:');
    expect(applicable(decideOne(menu, terms, { placedAt: night + HOUR })).counters[0]?.key).toContain(':2026-05-04:');
  });
});

describe('several vouchers of one request count together', () => {
  test('the one that no longer fits is refused, and takes nothing', () => {
    const terms = campaign(five, { limits: [limit('CAMPAIGN', 10)], budget: 2_000 });
    const counter = countersOf({ 'limit:cmp_1:REDEMPTIONS:CAMPAIGN:EVER::': { used: 8 }, 'budget:cmp_1': { used: 900 } });
    const decision = decide(input(menu, [found('C', terms), found('A', terms), found('B', terms)], { counter }));
    expect(applicable(decision, 1).amount + applicable(decision, 2).amount).toBe(1000);
    const last = rejected(decision, 0);
    expect(reasonsOf(last)).toEqual(['LIMIT_CAMPAIGN', 'BUDGET_EXHAUSTED']);
    expect(last.failures[0].facts.limit).toMatchObject({ used: 10, max: 10 });
    expect(last.failures[1]?.facts).toMatchObject({ required: 500, actual: 100 });
  });

  test('a refused one in front leaves its share to the next', () => {
    const small = campaign(amountOff(300), { id: 'cmp_small', budget: 1_000, main: campaign(null, { id: 'cmp_main', budget: 400 }) });
    const big = campaign(five, { id: 'cmp_big', main: small.main });
    const decision = decide(input(menu, [found('S', small), found('B', big)]));
    expect(reasonsOf(rejected(decision, 1))).toEqual(['BUDGET_EXHAUSTED']);
    expect(applicable(decision, 0).amount).toBe(300);
  });

  test('a budget is met to the cent', () => {
    const terms = campaign(five, { budget: 500 });
    expect(applicable(decideOne(menu, terms)).amount).toBe(500);
    expect(reasonsOf(rejected(decideOne(menu, terms, { counter: countersOf({ 'budget:cmp_1': { used: 1 } }) })))).toEqual([
      'BUDGET_EXHAUSTED',
    ]);
    expect(
      reasonsOf(rejected(decideOne(menu, terms, { counter: countersOf({ 'budget:cmp_1': { held: 1, heldUntil: NOW + HOUR } }) }))),
    ).toEqual(['BUDGET_EXHAUSTED']);
  });
});

describe('how often a voucher is good', () => {
  const thrice = campaign(five, { limits: [limit('VOUCHER', 3)] });

  test('once, unless a limit per VOUCHER says; the stricter of sub and main binds', () => {
    expect(maxUsesOf(campaign(five), false)).toBe(1);
    expect(maxUsesOf(campaign(five), true)).toBeNull();
    expect(maxUsesOf(thrice, false)).toBe(3);
    expect(maxUsesOf({ ...thrice, main: campaign(null, { limits: [limit('VOUCHER', 2)] }) }, true)).toBe(2);
    expect(maxUsesOf(campaign(five, { limits: [limit('VOUCHER', 2, { period: 'WEEK' })] }), false)).toBe(1);
  });

  test('n times, and the n-th plus one meets LIMIT_VOUCHER', () => {
    const states = [0, 1, 2, 3].map(
      (uses) => decideOne(menu, thrice, {}, { status: uses === 3 ? 'REDEEMED' : 'ISSUED', uses, maxUses: 3 }).outcomes[0],
    );
    expect(states.map((outcome) => (outcome?.outcome === 'rejected' ? reasonsOf(outcome) : 'applicable'))).toEqual([
      'applicable',
      'applicable',
      'applicable',
      ['LIMIT_VOUCHER'],
    ]);
  });

  test('a shared word knows no end of its own', () => {
    expect(
      applicable(
        decideOne(
          menu,
          campaign(five),
          {},
          { shared: true, status: 'ISSUED', uses: 5_000, maxUses: null, holds: [{ id: 'hld_1', expiresAt: NOW + 1 }] },
        ),
      ).amount,
    ).toBe(500);
  });
});

describe('holds', () => {
  const hold = { id: 'hld_1', expiresAt: NOW + 600_000 };

  test("a hold of one's own, or one that is over, does not block", () => {
    expect(reasonsOf(rejected(decideOne(menu, campaign(five), {}, { status: 'HELD', holds: [hold] })))).toEqual(['HELD_ELSEWHERE']);
    expect(applicable(decideOne(menu, campaign(five), { ownHoldId: 'hld_1' }, { status: 'HELD', holds: [hold] })).amount).toBe(500);
    expect(applicable(decideOne(menu, campaign(five), {}, { status: 'HELD', holds: [{ id: 'hld_1', expiresAt: NOW }] })).amount).toBe(500);
  });

  test('of a voucher good several times they take the uses that are left', () => {
    const terms = campaign(five, { limits: [limit('VOUCHER', 3)] });
    expect(applicable(decideOne(menu, terms, {}, { uses: 1, maxUses: 3, holds: [hold] })).amount).toBe(500);
    const full = rejected(decideOne(menu, terms, {}, { uses: 2, maxUses: 3, holds: [hold] }));
    expect(reasonsOf(full)).toEqual(['LIMIT_VOUCHER']);
    expect(isRetryable(full.failures)).toBe(true);
  });
});

describe('dates and customers', () => {
  test('the first and the last day count whole, in the business time of the store', () => {
    const may = campaign(five, { status: 'SCHEDULED', startsOn: '2026-05-02', endsOn: '2026-05-03' });
    const tried = ['2026-05-02T01:59:59Z', '2026-05-02T02:00:00Z', '2026-05-04T01:59:59Z', '2026-05-04T02:00:00Z'];
    expect(tried.map((text) => decideOne(menu, may, { placedAt: Date.parse(text) }).outcomes[0]?.outcome)).toEqual([
      'rejected',
      'applicable',
      'applicable',
      'rejected',
    ]);
    const auckland = store({ timeZone: 'Pacific/Auckland' });
    expect(applicable(decideOne(menu, may, { placedAt: Date.parse('2026-05-01T16:00:00Z'), store: auckland })).amount).toBe(500);
  });

  test('a main that is scheduled and not begun is not active; begun, it is', () => {
    const under = (startsOn: string) => campaign(five, { main: campaign(null, { id: 'cmp_main', status: 'SCHEDULED', startsOn }) });
    expect(reasonsOf(rejected(decideOne(menu, under('2026-05-04'))))).toEqual(['CAMPAIGN_NOT_ACTIVE', 'CAMPAIGN_NOT_STARTED']);
    expect(applicable(decideOne(menu, under('2026-05-03'))).amount).toBe(500);
  });

  test('the time of the order decides whether a voucher has expired', () => {
    const state = { status: 'EXPIRED', validUntil: NOW - HOUR } as const;
    expect(reasonsOf(rejected(decideOne(menu, campaign(five), {}, state)))).toEqual(['VOUCHER_EXPIRED']);
    expect(applicable(decideOne(menu, campaign(five), { placedAt: NOW - 2 * HOUR }, state)).amount).toBe(500);
  });

  test('a voucher of somebody is good for the bearer where the order names nobody, and for its owner', () => {
    const state = { status: 'ISSUED', customerId: 'cus_1' } as const;
    const terms = campaign(five, { distribution: 'CUSTOMER' });
    expect(applicable(decideOne(menu, terms, {}, state)).amount).toBe(500);
    expect(applicable(decideOne(menu, terms, { customer: { id: 'cus_1', unknownId: false, given: true } }, state)).amount).toBe(500);
    expect(reasonsOf(rejected(decideOne(menu, terms, { customer: { id: null, unknownId: false, given: true } }, state)))).toEqual([
      'OTHER_CUSTOMER',
    ]);
  });

  test('a customer who is new has used nothing', () => {
    const terms = campaign(five, { limits: [limit('CUSTOMER', 1)] });
    expect(applicable(decideOne(menu, terms, { customer: { id: null, unknownId: false, given: true } })).amount).toBe(500);
  });

  test('stores, channels and the minimum of a main bind its subs', () => {
    const main = campaign(null, {
      id: 'cmp_main',
      storeIds: ['sto_malaga', 'sto_granada'],
      conditions: { minimumOrder: 5_000, channels: ['ONLINE'] },
    });
    const draft = rejected(
      decideOne(menu, campaign(five, { main, storeIds: ['sto_granada', 'sto_sevilla'], conditions: { minimumOrder: 100 } })),
    );
    expect(reasonsOf(draft)).toEqual(['WRONG_STORE', 'WRONG_CHANNEL', 'ORDER_BELOW_MINIMUM']);
    expect(draft.nearestBasket).toEqual({ storeIds: ['sto_granada'], addAmount: 2_000 });
  });

  test('both bounds of the order are inclusive', () => {
    expect(applicable(decideOne(menu, campaign(five, { conditions: { minimumOrder: 3_000, maximumOrder: 3_000 } }))).amount).toBe(500);
    expect(reasonsOf(rejected(decideOne(menu, campaign(five, { conditions: { minimumOrder: 3_001, maximumOrder: 2_999 } }))))).toEqual([
      'ORDER_BELOW_MINIMUM',
      'ORDER_ABOVE_MAXIMUM',
    ]);
  });

  test('a later beginning that helps more is the one that is told', () => {
    const terms = campaign(five, { startsOn: '2026-05-05', limits: [limit('STORE', 1, { period: 'MONTH' })] });
    const draft = rejected(
      decideOne(menu, terms, { counter: countersOf({ 'limit:cmp_1:REDEMPTIONS:STORE:MONTH:2026-05:sto_sevilla': { used: 1 } }) }),
    );
    expect(draft.nearestBasket).toEqual({ validFrom: '2026-06-01T02:00:00.000Z' });
  });

  test("a main's currency binds its subs", () => {
    const terms = campaign(percentOff('10'), { main: campaign(null, { id: 'cmp_main', currency: 'USD', budget: 1 }) });
    expect(reasonsOf(rejected(decideOne(menu, terms)))).toEqual(['WRONG_CURRENCY']);
  });

  test('amounts in another currency are not compared', () => {
    const terms = campaign(five, { currency: 'USD', conditions: { minimumOrder: 9_999 }, budget: 1 });
    expect(reasonsOf(rejected(decideOne(menu, terms)))).toEqual(['WRONG_CURRENCY']);
  });
});

describe('issuing', () => {
  const setting = { now: NOW, clock: store(), storeId: 'sto_sevilla', tillKey: 'till-1', customerId: 'cus_1' };
  const main = campaign(null, {
    id: 'cmp_main',
    limits: [limit('CAMPAIGN', 100, { counts: 'ISSUED' })],
    watched: [
      { counts: 'ISSUED', period: 'WEEK' },
      { counts: 'REDEMPTIONS', period: 'EVER' },
    ],
  });
  const terms = campaign(percentOff('10'), {
    main,
    limits: [
      limit('CUSTOMER', 1, { counts: 'ISSUED', period: 'MONTH' }),
      limit('STORE', 4),
      limit('STORE', 8, { counts: 'ISSUED' }),
      limit('ORDER', 1, { counts: 'ISSUED' }),
    ],
  });
  const none = countersOf({});

  test('takes the ISSUED limits and the count', () => {
    expect(issueCounters(terms, setting)).toEqual([
      { key: 'limit:cmp_1:ISSUED:CUSTOMER:MONTH:2026-05:cus_1', delta: 1, max: 1 },
      { key: 'limit:cmp_1:ISSUED:STORE:EVER::sto_sevilla', delta: 1, max: 8 },
      { key: 'limit:cmp_main:ISSUED:CAMPAIGN:EVER::', delta: 1, max: 100 },
      { key: 'limit:cmp_main:ISSUED:CAMPAIGN:WEEK:2026-W18:', delta: 1, max: null },
      { key: 'count:cmp_1:issued', delta: 1, max: null },
    ]);
    expect(issueCounters(terms, { ...setting, storeId: null }).map((use) => use.key)).not.toContain(
      'limit:cmp_1:ISSUED:STORE:EVER::sto_sevilla',
    );
  });

  test('redeeming takes none of them', () => {
    expect(applicable(decideOne(menu, terms)).counters.map((use) => use.key)).toEqual([
      'limit:cmp_1:REDEMPTIONS:STORE:EVER::sto_sevilla',
      'limit:cmp_main:REDEMPTIONS:CAMPAIGN:EVER::',
      'count:cmp_1:redeemed',
    ]);
  });

  test('is refused by a full limit and by what was decided about the campaign', () => {
    expect(issueFailures(terms, setting, none)).toEqual([]);
    const full = issueFailures(terms, setting, countersOf({ 'limit:cmp_1:ISSUED:CUSTOMER:MONTH:2026-05:cus_1': { used: 1 } }));
    expect(full.map((failure) => failure.reason)).toEqual(['LIMIT_CUSTOMER']);
    expect(full[0]?.facts.limit).toMatchObject({ counts: 'ISSUED', used: 1, max: 1, resetsAt: '2026-06-01T02:00:00.000Z' });
    expect(issueFailures({ ...terms, status: 'PAUSED', endsOn: '2026-05-02' }, setting, none).map((failure) => failure.reason)).toEqual([
      'CAMPAIGN_PAUSED',
      'CAMPAIGN_ENDED',
    ]);
    expect(issueFailures({ ...terms, main: { ...main, status: 'DRAFT' } }, setting, none).map((failure) => failure.reason)).toEqual([
      'CAMPAIGN_NOT_ACTIVE',
    ]);
  });

  test('may happen before the first day', () => {
    expect(
      issueFailures(
        { ...terms, status: 'SCHEDULED', startsOn: '2026-06-01', main: { ...main, status: 'SCHEDULED', startsOn: '2026-06-01' } },
        setting,
        none,
      ),
    ).toEqual([]);
  });
});

describe('what the public hears, and what may succeed later', () => {
  const failures = (...reasons: readonly Parameters<typeof publicReasonOf>[0][]) => {
    const [first = 'NO_EFFECT', ...others] = reasons;
    return [{ reason: first, facts: {} }, ...others.map((reason) => ({ reason, facts: {} }))] as const;
  };

  test("nothing shows behind a rule that is nobody else's business", () => {
    expect(maskForPublic(failures('WRONG_STORE', 'OTHER_CUSTOMER'), { storeIds: ['sto_1'] })).toEqual({
      reason: 'NOT_USABLE',
      nearestBasket: null,
    });
    expect(maskForPublic(failures('CODE_UNKNOWN'), null)).toEqual(maskForPublic(failures('BLOCKED'), null));
    expect(maskForPublic(failures('ORDER_BELOW_MINIMUM', 'CUSTOMER_REQUIRED'), { addAmount: 320 })).toEqual({
      reason: 'NOT_THIS_BASKET',
      nearestBasket: { addAmount: 320 },
    });
  });

  test('only what time alone may lift is worth another try', () => {
    expect(isRetryable(failures('HELD_ELSEWHERE'))).toBe(true);
    expect(isRetryable(failures('CAMPAIGN_NOT_STARTED', 'CAMPAIGN_PAUSED'))).toBe(true);
    expect(isRetryable(failures('CAMPAIGN_NOT_STARTED', 'WRONG_STORE'))).toBe(false);
    expect(isRetryable(failures('ALREADY_REDEEMED'))).toBe(false);
    const limited = (used: number, held: number, period: 'EVER' | 'WEEK') =>
      rejected(
        decideOne(menu, campaign(five, { limits: [limit('CAMPAIGN', 2, { period })] }), {
          counter: countersOf({
            [`limit:cmp_1:REDEMPTIONS:CAMPAIGN:${period}:${period === 'WEEK' ? '2026-W18' : ''}:`]: {
              used,
              held,
              heldUntil: held > 0 ? NOW + HOUR : null,
            },
          }),
        }),
      ).failures;
    expect([isRetryable(limited(2, 0, 'EVER')), isRetryable(limited(1, 1, 'EVER')), isRetryable(limited(2, 0, 'WEEK'))]).toEqual([
      false,
      true,
      true,
    ]);
  });
});
