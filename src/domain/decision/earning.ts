import type { Issuance } from '../campaign/campaign.types.ts';
import { businessDay } from '../shared/business-time.ts';
import { ownersOf } from './counters.ts';
import type { CampaignTerms, DecisionInput, VoucherState } from './decision.types.ts';
import { type FactsAsked, factsAsked } from './facts-asked.ts';
import { noRefusals, refuseInto } from './refusals.ts';
import { RULES } from './rules.ts';
import { isItemMiss, linesInScope, unitsInScope } from './scope.ts';
import { sumOf, type Units, unitsOfBasket } from './units.ts';

/** However small `everyAmount` is: no order earns more vouchers of one campaign. */
export const MOST_ON_ONE_ORDER = 100;

/** Stands for the voucher that is to be: no rule about a voucher finds anything in it. */
const TO_BE: VoucherState = {
  id: '',
  code: '',
  spaceId: 0,
  index: 0,
  campaignId: '',
  shared: false,
  status: 'ISSUED',
  uses: 0,
  maxUses: null,
  customerId: null,
  validFrom: null,
  validUntil: null,
  holds: [],
};

/**
 * How many vouchers of the campaign a paid order earns: 0 where it, its moment, store or customer does not meet what is asked.
 * Limits are not looked at here. Conditions are judged as for a redemption, by the same rules. Pure.
 */
export function earned(campaign: CampaignTerms, issuance: Issuance, input: DecisionInput): number {
  if (input.basket.lines.length === 0 || (needsCustomer(campaign) && input.customer.id === null)) return 0;
  const units = unitsOfBasket(input.basket);
  const scoped = issuance.scope === undefined ? null : linesInScope(issuance.scope, units.lines);
  const refusals = noRefusals();
  const refuse = refuseInto(refusals);
  const { currency } = input.store;
  const candidate = {
    input,
    voucher: TO_BE,
    campaign: asking(campaign, issuance),
    day: businessDay(input.placedAt, input.store),
    units,
    scoped,
    oneCurrency: input.basket.currency === currency && ownersOf(campaign).every((owner) => (owner.currency ?? currency) === currency),
  };
  for (const rule of RULES) rule(candidate, refuse);
  return refusals.failures.length > 0 ? 0 : countOf(issuance, baseOf(issuance, units, scoped));
}

/**
 * How many are still earned by what is left of an order after an edit or refunds. Only what these change is looked at: the amount, the lines,
 * the channel. Who the guest was and when it was stays as it was. `returned`: money given back that lies on no line.
 */
export function stillEarned(issuance: Issuance, basket: DecisionInput['basket'], returned: number): number {
  const units = unitsOfBasket(basket);
  const scoped = issuance.scope === undefined ? null : linesInScope(issuance.scope, units.lines);
  const { minimumOrder = 0, maximumOrder = Number.MAX_SAFE_INTEGER, channels } = issuance.conditions;
  const total = units.subtotal - units.lineDiscounts - returned;
  if (basket.lines.length === 0 || total < minimumOrder || total > maximumOrder) return 0;
  if (channels !== undefined && !channels.includes(basket.channel)) return 0;
  if (scoped !== null && isItemMiss(scoped)) return 0;
  return countOf(issuance, Math.min(baseOf(issuance, units, scoped), total));
}

/** What must be known of the customer to say what these earn; null = nothing. */
export const factsToEarn = (campaigns: readonly { readonly terms: CampaignTerms; readonly issuance: Issuance }[]): FactsAsked | null =>
  factsAsked(campaigns.map(({ terms, issuance }) => asking(terms, issuance)));

/** The campaign as its issuance asks: the state and dates of it and its main, and the conditions for earning in place of those for using. */
const asking = (campaign: CampaignTerms, issuance: Issuance): CampaignTerms => ({
  ...campaign,
  incentive: null,
  conditions: issuance.conditions,
  limits: [],
  main: campaign.main && { ...campaign.main, conditions: {}, limits: [] },
});

/** A voucher for customers needs one; so does a limit that counts by customer. */
const needsCustomer = (campaign: CampaignTerms): boolean =>
  campaign.distribution === 'CUSTOMER' ||
  ownersOf(campaign).some((owner) => owner.limits.some((limit) => limit.counts === 'ISSUED' && limit.per === 'CUSTOMER'));

/** As `minimumOrder` looks at it: after given line discounts, before vouchers; of the lines in scope where there is one. */
function baseOf({ scope }: Issuance, units: Units, scoped: ReturnType<typeof linesInScope> | null): number {
  if (scope === undefined || scoped === null) return units.subtotal - units.lineDiscounts;
  return isItemMiss(scoped) ? 0 : sumOf(unitsInScope(scope, scoped, units, units.due).map((unit) => units.due[unit] ?? 0));
}

function countOf({ count, everyAmount, maximumPerOrder = MOST_ON_ONE_ORDER }: Issuance, base: number): number {
  const times = everyAmount === undefined ? 1 : Math.max(0, Math.floor(base / everyAmount));
  return Math.min(count * times, maximumPerOrder, MOST_ON_ONE_ORDER);
}
