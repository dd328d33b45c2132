import fc from 'fast-check';
import type { Body, Incentive, Limit, Line, Patch, Terms } from './words.ts';

// Worlds and commands by chance. Commands name things by number, modulo how many there are, so that a shrunk sequence still makes sense.

export interface CampaignDraft {
  readonly terms: Terms;
  readonly underMain: boolean;
  readonly codes: number;
  readonly sequential: boolean;
  readonly word: boolean;
}

export interface WorldDraft {
  readonly most: number | null;
  readonly main: Terms | null;
  readonly campaigns: readonly CampaignDraft[];
  readonly orders: readonly Omit<Body, 'id'>[];
}

const MENU: readonly Line[] = [
  { id: 'paella', quantity: 2, price: 999, discount: 0 },
  { id: 'wine', quantity: 1, price: 1_250, discount: 0 },
  { id: 'bread', quantity: 3, price: 335, discount: 100 },
];

const sku = fc.constantFrom<(string | null)[]>(null, null, null, 'paella', 'bread', 'bread', 'cake');
const incentive: fc.Arbitrary<Incentive> = fc.oneof(
  fc.record({ kind: fc.constant('amount' as const), minor: fc.constantFrom(100, 333, 5_000), sku }),
  fc.record({ kind: fc.constant('percent' as const), percent: fc.constantFrom(10, 33, 100), maximum: fc.constantFrom(null, 250), sku }),
  fc.record({ kind: fc.constant('tender' as const), minor: fc.constantFrom(500, 2_500) }),
  fc.record({ kind: fc.constant('gift' as const), minor: fc.constantFrom(700, 4_000) }),
);

const period = fc.constantFrom<Limit['period'][]>('EVER', 'EVER', 'BUSINESS_DAY', 'WEEK');
const limit = (pers: readonly Limit['per'][]): fc.Arbitrary<Limit> =>
  fc.oneof(
    fc.record({ counts: fc.constant('REDEMPTIONS' as const), per: fc.constantFrom(...pers), period, max: fc.integer({ min: 1, max: 3 }) }),
    fc.record({
      counts: fc.constant('DISCOUNT_AMOUNT' as const),
      per: fc.constantFrom(...pers),
      period,
      max: fc.constantFrom(400, 1_500),
    }),
    fc.record({
      counts: fc.constant('ISSUED' as const),
      per: fc.constantFrom(...pers.filter((per) => per !== 'VOUCHER' && per !== 'TILL' && per !== 'ORDER' && per !== 'STORE')),
      period,
      max: fc.integer({ min: 1, max: 2 }),
    }),
  );
/** Those that are promised with a voucher come last: of several that are full, which is told first is not settled where a promise is older. */
const limits = (pers: readonly Limit['per'][]) =>
  fc
    .uniqueArray(limit(pers), { maxLength: 2, selector: ({ counts, per, period: of }) => `${counts} ${per} ${of}` })
    .map((list) => [...list].sort((a, b) => Number(a.per === 'VOUCHER') - Number(b.per === 'VOUCHER')));

const PERS = ['VOUCHER', 'CUSTOMER', 'STORE', 'TILL', 'ORDER', 'CAMPAIGN', 'CAMPAIGN', 'CAMPAIGN'] as const;
const SUB_PERS = [...PERS, 'MAIN_CAMPAIGN'] as const;
const budget = fc.constantFrom(null, null, 900, 3_000);

const terms = (of: { readonly main: boolean; readonly pers: readonly Limit['per'][] }): fc.Arbitrary<Terms> =>
  fc.record({
    incentive: of.main ? fc.constant(null) : incentive,
    minimumOrder: fc.constantFrom(0, 0, 0, 0, 0, 2_000),
    limits: limits(of.pers),
    budget: of.main ? fc.constantFrom(null, 3_000) : budget,
    group: of.main ? fc.constant(null) : fc.constantFrom(null, null, 'g'),
    exclusive: of.main ? fc.constant(false) : fc.constantFrom(false, false, false, false, false, true),
    priority: of.main ? fc.constant(0) : fc.constantFrom(0, 0, 1),
    policy: fc.constantFrom<Terms['policy'][]>('KEEP', 'CLAW_BACK'),
    distribution: of.main
      ? fc.constant('OPEN' as const)
      : fc.constantFrom<Terms['distribution'][]>('OPEN', 'OPEN', 'OPEN', 'OPEN', 'CUSTOMER'),
    startsOn: of.main ? fc.constant(null) : fc.constantFrom(null, null, null, null, '0', '0', '1'),
    endsOn: of.main ? fc.constant(null) : fc.constantFrom(null, null, null, '1', '8'),
    issuance: of.main
      ? fc.constant(null)
      : fc.option(
          fc.record({ minimum: fc.constantFrom(0, 2_000), count: fc.integer({ min: 1, max: 2 }), every: fc.constantFrom(null, 1_500) }),
        ),
  });

export const worlds: fc.Arbitrary<WorldDraft> = fc.record({
  most: fc.constantFrom(null, null, 2),
  main: fc.option(terms({ main: true, pers: PERS })),
  campaigns: fc.array(
    fc
      .tuple(fc.boolean(), fc.integer({ min: 2, max: 3 }), fc.boolean(), fc.boolean())
      .chain(([underMain, codes, sequential, word]) =>
        terms({ main: false, pers: underMain ? SUB_PERS : PERS }).map((made) => ({ terms: made, underMain, codes, sequential, word })),
      ),
    { minLength: 2, maxLength: 3 },
  ),
  orders: fc.array(
    fc.record({
      lines: fc.subarray([...MENU], { minLength: 1 }),
      customer: fc.constantFrom(null, 'ana', 'ben'),
      till: fc.constantFrom(null, 'till 1', 'till 2'),
    }),
    { minLength: 2, maxLength: 5 },
  ),
});

const n = fc.noBias(fc.nat({ max: 11 }));
const codes = fc.oneof({ weight: 3, arbitrary: fc.tuple(n) }, { weight: 1, arbitrary: fc.array(n, { minLength: 2, maxLength: 3 }) });
const raised = fc.constantFrom(false, false, false, false, true);
const ttl = fc.constantFrom(60, 600, 3_600);
const patch: fc.Arbitrary<Patch> = fc.oneof(
  fc.record({ limits: limits(PERS) }),
  fc.record({ budget: fc.constantFrom(null, 500, 2_000) }),
  fc.record({ incentive }),
  fc.record({ minimumOrder: fc.constantFrom(0, 2_000), policy: fc.constantFrom<Terms['policy'][]>('KEEP', 'CLAW_BACK') }),
);

const kinds = {
  redeem: [7, { codes, order: n, raised }],
  hold: [5, { codes, order: n, raised, ttl }],
  redeemHold: [5, { hold: n, elsewhere: fc.constantFrom(null, null, null, 0, 1), raised }],
  reverse: [6, { redemption: n, by: fc.constantFrom('whole', 'amount', 'unit', 'unit'), size: fc.nat({ max: 400 }) }],
  reverseKey: [1, { redeem: n, unheard: fc.constantFrom(false, false, true) }],
  release: [2, { hold: n }],
  extend: [1, { hold: n, ttl }],
  validate: [2, { codes, order: n, raised }],
  issue: [3, { campaign: n, customer: fc.constantFrom('ana', 'ben'), days: fc.constantFrom(null, 1, 3) }],
  withdraw: [1, { code: n, to: fc.constantFrom('BLOCKED', 'CANCELLED') }],
  move: [2, { campaign: n, move: fc.constantFrom('pause', 'activate', 'activate', 'end') }],
  change: [3, { campaign: n, patch, applyToIssued: fc.boolean() }],
  record: [2, { order: n }],
  refund: [2, { order: n, line: fc.option(n) }],
  again: [3, { command: fc.noBias(fc.nat({ max: 40 })), otherwise: fc.boolean() }],
  tick: [3, { seconds: fc.constantFrom(30, 700, 7_200, 43_200, 86_400, 604_800) }],
} as const;

type Kinds = typeof kinds;
type Made<Members> = { [Name in keyof Members]: Members[Name] extends fc.Arbitrary<infer Value> ? Value : never };
export type Draft = { [Kind in keyof Kinds]: { readonly do: Kind } & Made<Kinds[Kind][1]> }[keyof Kinds];
export type DraftKind = Draft['do'];

/** Commands of these kinds, or of all. */
export const drafts = (only: readonly DraftKind[] = Object.keys(kinds) as DraftKind[]): fc.Arbitrary<Draft> =>
  fc.oneof(
    ...only.map((kind) => {
      const [weight, members] = kinds[kind];
      const made: fc.Arbitrary<object> = fc.record<object>({ ...members });
      return { weight, arbitrary: made.map((rest) => ({ do: kind, ...rest }) as Draft) };
    }),
  );
