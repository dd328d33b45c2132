import { maxUsesOf } from '../decision/counters.ts';
import type { CampaignTerms, CodeLookup, CounterState, CustomerFacts, DecisionInput } from '../decision/decision.types.ts';
import { basketFrom } from '../redemption/stored-basket.ts';
import { CUSTOMER_CONTEXT, UNTOUCHED } from '../redemption/stored-inputs.ts';
import type { StoreTerms } from '../store/store.types.ts';
import type { ReplaySource, StoredCheckout, StoredRedemption } from './replay-source.ts';

/** What a replay needs besides what was stored: what codes are never changes. */
export interface ReplayMeans {
  shared(code: string): boolean;
  voucherId(patternId: number, index: number): string;
  open(sealed: string, context: string): string;
}

/** The terms that a redeem was decided by. */
export interface TermsThen {
  readonly store: StoreTerms;
  /** By the id of the redemption. */
  readonly campaigns: ReadonlyMap<string, CampaignTerms>;
}

/** What was decided on, as it was stored; a counter that nobody read stands at nothing. */
export function replayInput({ checkout, redemptions }: ReplaySource, terms: TermsThen, means: ReplayMeans): DecisionInput {
  const { inputs } = checkout;
  return {
    now: Date.parse(checkout.createdAt),
    store: terms.store,
    basket: basketFrom(checkout.basket, { ...checkout, currency: checkout.priced.currency }),
    placedAt: Date.parse(checkout.placedAt),
    customer: { id: checkout.customerId, unknownId: false, given: checkout.customerId !== null },
    customerFacts: inputs?.customer === undefined ? null : (JSON.parse(means.open(inputs.customer, CUSTOMER_CONTEXT)) as CustomerFacts),
    payments: inputs?.payments ?? [],
    lookups: redemptions.flatMap((redemption) => lookupOf(redemption, checkout, terms.campaigns.get(redemption.id), means)),
    counter: (key) => inputs?.counters?.[key] ?? UNREAD,
    earlier: inputs?.earlier ?? [],
    ownHoldId: inputs?.ownHoldId ?? null,
    tillKey: redemptions[0].tillId ?? checkout.actorId ?? '',
  };
}

const UNREAD: CounterState = { used: 0, held: 0, heldUntil: null };

function lookupOf(
  { code, patternId, index }: StoredRedemption,
  { inputs }: StoredCheckout,
  campaign: CampaignTerms | undefined,
  means: ReplayMeans,
): CodeLookup[] {
  if (!campaign) return [];
  const shared = means.shared(code);
  const voucher = {
    ...UNTOUCHED,
    ...inputs?.vouchers?.[code],
    id: means.voucherId(patternId, index),
    code,
    spaceId: patternId,
    index,
    campaignId: campaign.id,
    shared,
    maxUses: maxUsesOf(campaign, shared),
  };
  return [{ code, found: 'voucher', voucher, campaign }];
}
