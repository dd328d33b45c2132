import type { Conditions } from '../../src/domain/campaign/campaign.types.ts';
import type { Incentive, Scope } from '../../src/domain/campaign/incentive.types.ts';
import type {
  CampaignTerms,
  CodeLookup,
  CounterState,
  Decision,
  DecisionInput,
  EarlierCheckout,
} from '../../src/domain/decision/decision.types.ts';
import type { BasketLine } from '../../src/domain/order/basket.types.ts';
import { chanceOf } from '../helpers/basics.ts';
import {
  amountOff,
  basket,
  buyXGetY,
  campaign,
  countersOf,
  earlier,
  found,
  freeDelivery,
  freeItem,
  giftBalance,
  HOUR,
  input,
  limit,
  line,
  NOW,
  percentOff,
  scope,
  specialPrice,
  store,
  tender,
} from './builders.ts';

type Chance = ReturnType<typeof chanceOf>;

/** A decision's input as it can be written down: its counters are a table. */
export type World = Omit<DecisionInput, 'counter' | 'storeName'> & { readonly counters: Readonly<Record<string, CounterState>> };

export const inputOf = ({ counters, ...world }: World): DecisionInput => ({ ...world, counter: countersOf(counters) });

/** What was decided, without what the world says already. Of a refusal the reasons: what else it says is advice, which may get better. */
export const told = ({ outcomes, priced, lockedDiscounts }: Decision) => ({
  outcomes: outcomes.map((outcome) => {
    if (outcome.outcome === 'rejected')
      return { outcome: outcome.outcome, code: outcome.code, reasons: outcome.failures.map(({ reason }) => reason) };
    const { voucher: _, campaign: __, ...rest } = outcome;
    return rest;
  }),
  priced,
  lockedDiscounts,
});

const SKUS = ['paella', 'tapa', 'vino', 'envio'] as const;
const GROUPS: Readonly<Record<string, string>> = { vino: 'alcohol', envio: 'delivery' };

const twoSkus = (chance: Chance): string[] => [...new Set([chance.pick(SKUS), chance.pick(SKUS)])];

export function randomLines(chance: Chance): BasketLine[] {
  return Array.from({ length: 1 + chance.below(4) }, (_, at) => {
    const sku = chance.pick(SKUS);
    const unitPrice = chance.pick([1, 99, 350, 1_250, 1_999]);
    const quantity = chance.pick(['1', '1', '2', '3', '0.750']);
    const group = GROUPS[sku] ?? null;
    const discount = chance.below(4) === 0 ? chance.below(Math.floor(unitPrice * Number(quantity)) + 1) : 0;
    return line(sku, unitPrice, { id: `l${at}`, quantity, group, discount, taxRate: chance.below(6) === 0 ? '4' : null });
  });
}

function randomScope(chance: Chance): Scope {
  const pick = chance.pick(['CHEAPEST', 'DEAREST', 'ALL'] as const);
  return scope({
    pick,
    excludeDiscounted: chance.below(4) === 0,
    ...(chance.below(2) === 0 && { include: { skus: twoSkus(chance) } }),
    ...(chance.below(4) === 0 && { exclude: { groups: ['alcohol'] } }),
    ...(chance.below(5) === 0 && { triggerQuantity: '2' }),
    ...(pick !== 'ALL' && chance.below(2) === 0 && { applicableQuantity: chance.pick(['1', '2', '1.5']) }),
  });
}

export function randomIncentive(chance: Chance): Incentive {
  const on = randomScope(chance);
  const maybe = chance.below(2) === 0 ? { scope: on } : {};
  const { applicableQuantity: _, ...whole } = on;
  switch (chance.below(9)) {
    case 0:
    case 1:
      return percentOff(chance.pick(['10', '12.5', '33.333', '100']), { ...maybe, ...(chance.below(3) === 0 && { maximum: 400 }) });
    case 2:
      return amountOff(chance.pick([1, 250, 1_500]), maybe.scope);
    case 3:
      return specialPrice(chance.pick([100, 900]), on);
    case 4:
      return freeItem({ ...whole, pick: 'CHEAPEST' }, chance.pick(['1', '2']));
    case 5:
      return buyXGetY(2, 1, twoSkus(chance), { percentOff: chance.pick(['50', '100']) });
    case 6:
      return freeDelivery(chance.below(2) === 0 ? { maximum: { minor: 300, currency: 'EUR' } } : {});
    case 7:
      return tender(chance.pick([500, 5_000]));
    default:
      return giftBalance(chance.pick([1_000, 3_000]));
  }
}

/** Those that look at the time, the person and the payment. */
function randomConditions(chance: Chance): Conditions {
  const one = <Some extends Conditions>(conditions: Some): Some | Record<string, never> => (chance.below(10) === 0 ? conditions : {});
  return {
    ...one({ windows: [{ weekdays: ['SUN', 'SAT'] as const, from: '19:00', to: chance.pick(['20:00', '23:30', '02:00']) }] }),
    ...one({ blackoutDays: ['2026-05-03'] }),
    ...one({ paymentMethods: [chance.pick(['CARD', 'CASH'])] }),
    ...one({ excludedGroups: [chance.pick(['staff', 'press'])] }),
    ...one({ segmentIds: [chance.pick(['seg_1', 'seg_2'])] }),
    ...one({ birthdayWindow: { daysBefore: 1, daysAfter: chance.below(3) } }),
    ...one({ anniversaryWindow: { daysBefore: 0, daysAfter: 0 } }),
    ...one({ firstOrderOnly: true }),
    ...one({ expression: chance.pick(['order.lines.size() > 1', 'customer != null']) }),
  };
}

function randomCampaign(chance: Chance, id: string, main: CampaignTerms | null): CampaignTerms {
  const incentive = randomIncentive(chance);
  return campaign(incentive, {
    id,
    main: chance.below(3) === 0 ? main : null,
    startsOn: chance.below(8) === 0 ? chance.pick(['2026-05-01', '2026-05-04']) : null,
    endsOn: chance.below(6) === 0 ? chance.pick(['2026-05-03', '2026-05-09']) : null,
    conditions: {
      ...(chance.below(4) === 0 && { minimumOrder: chance.pick([500, 2_500]) }),
      ...(chance.below(8) === 0 && { maximumOrder: 9_000 }),
      ...(chance.below(8) === 0 && { customerRequired: true }),
      ...(chance.below(8) === 0 && { channels: ['DINE_IN' as const] }),
      ...randomConditions(chance),
    },
    limits: [
      ...(chance.below(4) === 0 ? [limit('CAMPAIGN', chance.pick([1, 50]))] : []),
      ...(chance.below(6) === 0 ? [limit('STORE', 2_000, { counts: 'DISCOUNT_AMOUNT', period: 'BUSINESS_DAY' })] : []),
      ...(chance.below(8) === 0 ? [limit('VOUCHER', 2)] : []),
    ],
    budget: chance.below(4) === 0 ? 1_500 : null,
    currency: 'EUR',
    stacking: {
      priority: chance.below(2),
      exclusive: chance.below(9) === 0,
      ...(chance.below(4) === 0 && { group: 'g' }),
    },
    taxClass: 'tender' in incentive ? 'PAYMENT' : 'giftBalance' in incentive ? 'MULTI_PURPOSE' : 'DISCOUNT',
  });
}

const standing = (chance: Chance): EarlierCheckout =>
  earlier({
    codes: ['EARLIER'],
    tendered: chance.below(4) === 0,
    groups: chance.below(3) === 0 ? ['g'] : [],
    lockedDiscounts: chance.below(2) === 0 ? { l0: 0, l1: 0 } : null,
    applied: [{ kind: 'ORDER_DISCOUNT', amount: 50, allocations: [{ lineId: 'l0', unit: 1, amount: 50 }] }],
  });

/** The same seed, the same world. */
export function randomWorld(seed: number): World {
  const chance = chanceOf(seed);
  const main = campaign(null, { id: 'cmp_main', currency: 'EUR', budget: 4_000, limits: [limit('MAIN_CAMPAIGN', 30)] });
  const lookups: CodeLookup[] = Array.from({ length: 1 + chance.below(4) }, (_, at) => {
    if (chance.below(20) === 0) return { code: `X${at}`, found: 'unknown' };
    return found(`C${at}`, randomCampaign(chance, `cmp_${at}`, main), {
      index: at,
      ...(chance.below(10) === 0 && { status: 'BLOCKED' as const }),
      ...(chance.below(8) === 0 && { status: 'ISSUED' as const, customerId: 'cus_1', validUntil: NOW + HOUR }),
      ...(chance.below(12) === 0 && { holds: [{ id: 'hld_other', expiresAt: NOW + HOUR }] }),
    });
  });
  const lines = randomLines(chance);
  const { counter: _, ...world } = input(lines, lookups, {
    basket: basket(lines, { pricesIncludeTax: chance.below(3) > 0, channel: chance.pick(['DINE_IN', 'DELIVERY']) }),
    store: store({ maxVouchersPerOrder: chance.below(4) === 0 ? 2 : null }),
    customer: { id: chance.below(2) === 0 ? 'cus_1' : null, unknownId: false, given: chance.below(4) > 0 },
    customerFacts: {
      groups: ['press'],
      birthday: chance.pick(['1990-05-02', '1988-02-29', null]),
      anniversary: '2010-05-03',
      createdAt: NOW - HOUR,
      orders: chance.below(2),
      segmentIds: ['seg_1'],
    },
    payments: chance.below(2) === 0 ? [{ method: 'card', amount: 1_000 }] : [],
    earlier: chance.below(4) === 0 ? [standing(chance)] : [],
  });
  return {
    ...world,
    counters: {
      'budget:cmp_main': { used: 1_000, held: 200, heldUntil: NOW + HOUR },
      'balance:vou_C0': { used: 700, held: 0, heldUntil: null },
      'limit:cmp_1:REDEMPTIONS:CAMPAIGN:EVER::': { used: 1, held: 0, heldUntil: null },
    },
  };
}
