import type { Limit } from '../campaign/campaign.types.ts';
import { periodEnd } from '../shared/business-time.ts';
import { instantText } from '../shared/clock.ts';
import type { ReasonCode } from '../shared/reasons.ts';
import { balanceKey, balanceValue } from './balance.ts';
import { addUse, type BoundLimit, budgetKey, countKey, ownersOf, type Subjects, voucherLimit, watchedKeys } from './counters.ts';
import type { ApplicableDraft, CampaignTerms, CounterState, CounterUse, DecisionInput, LimitUse, VoucherState } from './decision.types.ts';
import type { Refuse } from './refusals.ts';

const REASON_PER: Readonly<Record<Limit['per'], ReasonCode>> = {
  VOUCHER: 'LIMIT_VOUCHER',
  CUSTOMER: 'LIMIT_CUSTOMER',
  STORE: 'LIMIT_STORE',
  TILL: 'LIMIT_TILL',
  ORDER: 'LIMIT_ORDER',
  CAMPAIGN: 'LIMIT_CAMPAIGN',
  MAIN_CAMPAIGN: 'LIMIT_MAIN_CAMPAIGN',
};

/** Counters as this request's earlier vouchers, in order of application, have left them. */
type Meter = (key: string) => CounterState;

export function meterOver(counter: Meter, accepted: readonly ApplicableDraft[]): Meter {
  if (accepted.length === 0) return counter;
  return (key) => {
    const state = counter(key);
    let taken = 0;
    for (const draft of accepted) for (const use of draft.counters) if (use.key === key) taken += use.delta;
    return taken === 0 ? state : { ...state, used: state.used + taken };
  };
}

/** What a limit per ORDER counts under; unambiguous whatever characters its parts hold. */
export const orderKeyOf = (source: string, externalId: string): string => `${source.length}:${source}:${externalId}`;

/** Whom a redemption counts for. */
export function redemptionSubjects(input: DecisionInput, voucher: VoucherState, day: string): Subjects {
  const { source, externalId } = input.basket;
  return {
    voucherId: voucher.id,
    // A customer who is not known yet has used nothing: no counter has an empty subject.
    customerId: input.customer.given && !input.customer.unknownId ? (input.customer.id ?? '') : null,
    storeId: input.store.id,
    tillKey: input.tillKey,
    orderKey: orderKeyOf(source, externalId),
    day,
  };
}

/** What a redemption of `amount` takes. */
export function redemptionCounters(
  campaign: CampaignTerms,
  subjects: Subjects,
  amount: number,
  bound: readonly BoundLimit[],
): CounterUse[] {
  const uses: CounterUse[] = [];
  for (const { limit, key } of bound) addUse(uses, { key, delta: limit.counts === 'DISCOUNT_AMOUNT' ? amount : 1, max: limit.max });
  for (const { counts, key } of watchedKeys(campaign, subjects.day, false))
    addUse(uses, { key, delta: counts === 'DISCOUNT_AMOUNT' ? amount : 1, max: null });
  for (const owner of ownersOf(campaign))
    if (owner.budget !== null) addUse(uses, { key: budgetKey(owner.id), delta: amount, max: owner.budget });
  const value = balanceValue(campaign);
  if (value !== null && subjects.voucherId !== null) addUse(uses, { key: balanceKey(subjects.voucherId), delta: amount, max: value });
  uses.push({ key: countKey(campaign.id, 'redeemed'), delta: 1, max: null });
  return uses;
}

/** Refuses for each limit and budget with less left than is needed. `amount` null: there is none to speak of, so only counts are looked at. */
export function checkLimits(
  input: DecisionInput,
  campaign: CampaignTerms,
  day: string,
  bound: readonly BoundLimit[],
  amount: number | null,
  meter: Meter,
  refuse: Refuse,
): void {
  for (const { limit, key } of bound) {
    if (limit.counts === 'DISCOUNT_AMOUNT' && amount === null) continue;
    const delta = limit.counts === 'DISCOUNT_AMOUNT' ? (amount ?? 0) : 1;
    const state = meter(key);
    if (state.used + state.held + delta <= limit.max) continue;
    const use = limitUse(limit, state, periodEnd(limit.period, day, input.store));
    refuse(
      REASON_PER[limit.per],
      limit.counts === 'DISCOUNT_AMOUNT'
        ? { limit: use, currency: input.store.currency, required: delta, actual: left(limit.max, state) }
        : { limit: use },
      nearestTime(use),
    );
  }
  if (amount === null) return;
  for (const owner of ownersOf(campaign)) {
    if (owner.budget === null) continue;
    const state = meter(budgetKey(owner.id));
    if (state.used + state.held + amount <= owner.budget) continue;
    // Freed holds can help only where the budget, but for them, would do.
    const at = state.used + amount <= owner.budget && state.heldUntil !== null ? { at: instantText(state.heldUntil) } : {};
    refuse('BUDGET_EXHAUSTED', {
      name: owner.name,
      currency: input.store.currency,
      required: amount,
      actual: left(owner.budget, state),
      ...at,
    });
  }
}

const left = (max: number, state: CounterState): number => Math.max(0, max - state.used - state.held);

/** A voucher with a limit of its own: its uses and holds count, without a counter. */
export function checkVoucherUses(input: DecisionInput, voucher: VoucherState, campaign: CampaignTerms, refuse: Refuse): void {
  const max = voucherLimit(campaign);
  if (max === null) return;
  const holds = otherHolds(input, voucher);
  const usedUp = voucher.uses >= max;
  // A code that is good once and held by somebody else is HELD_ELSEWHERE, not a matter of numbers.
  if (!usedUp && (max === 1 || voucher.uses + holds.length < max)) return;
  const state = { used: voucher.uses, held: holds.length, heldUntil: lastExpiry(holds) };
  const use = limitUse({ counts: 'REDEMPTIONS', per: 'VOUCHER', period: 'EVER', max }, state, null);
  refuse('LIMIT_VOUCHER', { limit: use }, nearestTime(use));
}

export const otherHolds = (input: DecisionInput, voucher: VoucherState): VoucherState['holds'] =>
  voucher.holds.filter((hold) => hold.id !== input.ownHoldId && hold.expiresAt > input.now);

export const lastExpiry = (holds: VoucherState['holds']): number | null =>
  holds.length === 0 ? null : Math.max(...holds.map((hold) => hold.expiresAt));

export function limitUse(limit: Limit, state: CounterState, resetsAt: number | null): LimitUse {
  return {
    counts: limit.counts,
    per: limit.per,
    period: limit.period,
    max: limit.max,
    used: state.used,
    held: state.held,
    heldUntil: state.held > 0 && state.heldUntil !== null ? instantText(state.heldUntil) : null,
    resetsAt: resetsAt === null ? null : instantText(resetsAt),
  };
}

export const limitReason = (limit: Limit): ReasonCode => REASON_PER[limit.per];

function nearestTime(use: LimitUse): { readonly validFrom: string } | undefined {
  if (use.used < use.max && use.heldUntil !== null) return { validFrom: use.heldUntil };
  return use.resetsAt === null ? undefined : { validFrom: use.resetsAt };
}
