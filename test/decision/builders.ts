import type { Limit } from '../../src/domain/campaign/campaign.types.ts';
import type { BuyXGetYTerms, FreeDeliveryTerms, Incentive, Scope } from '../../src/domain/campaign/incentive.types.ts';
import { decide } from '../../src/domain/decision/decide.ts';
import type {
  ApplicableDraft,
  CampaignTerms,
  CodeLookup,
  CounterState,
  Decision,
  DecisionInput,
  EarlierCheckout,
  RejectionDraft,
  VoucherState,
} from '../../src/domain/decision/decision.types.ts';
import type { Basket, BasketLine } from '../../src/domain/order/basket.types.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';

/** Sunday, 3 May 2026, 20:00 in Madrid. */
export const NOW = Date.UTC(2026, 4, 3, 18, 0);
export const HOUR = 3_600_000;

export const store = (over: Partial<StoreTerms> = {}): StoreTerms => ({
  id: 'sto_sevilla',
  name: 'Sevilla',
  version: 1,
  timeZone: 'Europe/Madrid',
  businessDayStart: '04:00',
  currency: 'EUR',
  groups: [],
  language: 'es',
  defaultTaxRate: '10',
  taxRates: [{ group: 'alcohol', rate: '21' }],
  maxVouchersPerOrder: null,
  ...over,
});

/** `line('paella', 1450, { quantity: '2' })`: the id is the sku unless it is given. */
export const line = (sku: string, unitPrice: number, over: Partial<BasketLine> = {}): BasketLine => ({
  id: sku,
  sku,
  name: null,
  group: null,
  brand: null,
  quantity: '1',
  unitPrice,
  discount: 0,
  taxRate: null,
  ...over,
});

export const basket = (lines: readonly BasketLine[], over: Partial<Basket> = {}): Basket => ({
  source: 'api',
  externalId: 'check-1',
  storeId: 'sto_sevilla',
  channel: 'DINE_IN',
  currency: 'EUR',
  pricesIncludeTax: true,
  lines,
  ...over,
});

export const scope = (over: Partial<Scope> = {}): Scope => ({ excludeDiscounted: false, pick: 'CHEAPEST', ...over });
export const percentOff = (percent: string, over: { maximum?: number; scope?: Scope } = {}): Incentive => ({
  percentOff: {
    percent,
    ...(over.maximum === undefined ? {} : { maximum: { minor: over.maximum, currency: 'EUR' } }),
    ...(over.scope === undefined ? {} : { scope: over.scope }),
  },
});
export const amountOff = (minor: number, on?: Scope): Incentive => ({
  amountOff: { amount: { minor, currency: 'EUR' }, ...(on === undefined ? {} : { scope: on }) },
});
export const tender = (minor: number): Incentive => ({ tender: { value: { minor, currency: 'EUR' } } });
const euros = (minor: number) => ({ minor, currency: 'EUR' });
export const specialPrice = (minor: number, on: Scope): Incentive => ({ specialPrice: { price: euros(minor), scope: on } });
export const freeItem = (on: Scope, quantity = '1'): Incentive => ({ freeItem: { quantity, scope: on } });
/** `buyXGetY(2, 1, ['tapa'])`: 3 for 2 of tapas. */
export const buyXGetY = (
  buyQuantity: number,
  getQuantity: number,
  skus: readonly string[],
  over: Partial<BuyXGetYTerms> = {},
): Incentive => ({
  buyXGetY: { buyQuantity, buy: { include: { skus } }, getQuantity, percentOff: '100', excludeDiscounted: false, ...over },
});
export const freeDelivery = (over: FreeDeliveryTerms = {}): Incentive => ({ freeDelivery: over });
export const giftBalance = (minor: number): Incentive => ({ giftBalance: { value: euros(minor) } });
export const limit = (per: Limit['per'], max: number, over: Partial<Limit> = {}): Limit => ({
  counts: 'REDEMPTIONS',
  per,
  period: 'EVER',
  max,
  ...over,
});

export const campaign = (incentive: Incentive | null, over: Partial<CampaignTerms> = {}): CampaignTerms => ({
  id: 'cmp_1',
  name: 'Mayo',
  version: 1,
  status: 'ACTIVE',
  main: null,
  storeIds: null,
  startsOn: null,
  endsOn: null,
  incentive,
  conditions: {},
  limits: [],
  budget: null,
  currency: null,
  stacking: { priority: 0, exclusive: false },
  distribution: 'OPEN',
  taxClass: 'DISCOUNT',
  reversalPolicy: 'KEEP',
  ...over,
});

const voucher = (code: string, over: Partial<VoucherState> = {}): VoucherState => ({
  id: `vou_${code}`,
  code,
  spaceId: 1,
  index: 0,
  campaignId: 'cmp_1',
  shared: false,
  status: 'CREATED',
  uses: 0,
  maxUses: 1,
  customerId: null,
  validFrom: null,
  validUntil: null,
  holds: [],
  ...over,
});

export const found = (code: string, terms: CampaignTerms, over: Partial<VoucherState> = {}): CodeLookup => ({
  code,
  found: 'voucher',
  voucher: voucher(code, { campaignId: terms.id, ...over }),
  campaign: terms,
});

const UNUSED: CounterState = { used: 0, held: 0, heldUntil: null };

export const countersOf =
  (states: Readonly<Record<string, Partial<CounterState>>>): DecisionInput['counter'] =>
  (key) => ({ ...UNUSED, ...states[key] });

export const earlier = (over: Partial<EarlierCheckout> = {}): EarlierCheckout => ({
  codes: [],
  voucherCount: 1,
  tendered: false,
  groups: [],
  exclusive: false,
  lockedDiscounts: null,
  ...over,
});

export const input = (lines: readonly BasketLine[], lookups: readonly CodeLookup[], over: Partial<DecisionInput> = {}): DecisionInput => ({
  now: NOW,
  store: store(),
  basket: basket(lines),
  placedAt: over.now ?? NOW,
  customer: { id: null, unknownId: false, given: false },
  lookups,
  counter: countersOf({}),
  earlier: [],
  ownHoldId: null,
  tillKey: 'till-1',
  ...over,
});

export function applicable(decision: Decision, index = 0): ApplicableDraft {
  const outcome = decision.outcomes[index];
  if (outcome?.outcome !== 'applicable') throw new Error(`Outcome ${index} is ${JSON.stringify(outcome)}`);
  return outcome;
}

export function rejected(decision: Decision, index = 0): RejectionDraft {
  const outcome = decision.outcomes[index];
  if (outcome?.outcome !== 'rejected') throw new Error(`Outcome ${index} is ${JSON.stringify(outcome)}`);
  return outcome;
}

export const reasonsOf = (draft: RejectionDraft): readonly string[] => draft.failures.map((failure) => failure.reason);

/** "paella/1:145" for each share. */
export const sharesOf = (draft: ApplicableDraft): string =>
  draft.allocations.map((share) => `${share.lineId}/${share.unit}:${share.amount}`).join(' ');

/** One code on one basket. */
export const decideOne = (
  lines: readonly BasketLine[],
  terms: CampaignTerms,
  over: Partial<DecisionInput> = {},
  state: Partial<VoucherState> = {},
): Decision => decide(input(lines, [found('CODE1', terms, state)], over));
