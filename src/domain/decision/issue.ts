import { type BusinessClock, businessDay, periodEnd } from '../shared/business-time.ts';
import { addUse, boundLimits, countKey, type Subjects, watchedKeys } from './counters.ts';
import type { CampaignTerms, CounterState, CounterUse, Failure } from './decision.types.ts';
import { limitReason, limitUse } from './limits.ts';
import { noRefusals, refuseInto } from './refusals.ts';
import { refuseState } from './rules-campaign.ts';

/** Where and to whom a voucher is issued. */
export interface IssueSetting {
  /** The hub's clock, or the moment of the order that earned it, epoch ms. */
  readonly now: number;
  /** The store's business time, else that of the campaign's first store or of the hub. */
  readonly clock: BusinessClock;
  /** null = issued outside any store, so that limits per STORE count nothing; likewise the till. */
  readonly storeId: string | null;
  readonly tillKey: string | null;
  /** The order that earned it; null or left out = given without one, so that limits per ORDER count nothing. */
  readonly orderKey?: string | null;
  /** null = a free voucher */
  readonly customerId: string | null;
}

/** A voucher is issued once: limits per VOUCHER have nothing to count here. */
function subjectsOf(setting: IssueSetting): Subjects {
  const { customerId, storeId, tillKey, orderKey = null } = setting;
  return { voucherId: null, orderKey, customerId, storeId, tillKey, day: businessDay(setting.now, setting.clock) };
}

/** What issuing one voucher takes: ISSUED limits of the campaign and its main, and the count of issued ones. */
export function issueCounters(campaign: CampaignTerms, setting: IssueSetting): readonly CounterUse[] {
  const subjects = subjectsOf(setting);
  const uses: CounterUse[] = [];
  for (const { limit, key } of boundLimits(campaign, subjects, true)) addUse(uses, { key, delta: 1, max: limit.max });
  for (const { key } of watchedKeys(campaign, subjects.day, true)) addUse(uses, { key, delta: 1, max: null });
  uses.push({ key: countKey(campaign.id, 'issued'), delta: 1, max: null });
  return uses;
}

/** Why none may be issued now; empty = may be. A campaign whose first day is ahead may give its vouchers out before. */
export function issueFailures(campaign: CampaignTerms, setting: IssueSetting, counter: (key: string) => CounterState): readonly Failure[] {
  const subjects = subjectsOf(setting);
  const refusals = noRefusals();
  const refuse = refuseInto(refusals);
  refuseState(campaign, campaign.main?.startsOn ?? subjects.day, refuse);
  for (const owner of campaign.main === null ? [campaign] : [campaign, campaign.main]) {
    if (owner.endsOn !== null && subjects.day > owner.endsOn && owner.status !== 'ENDED')
      refuse('CAMPAIGN_ENDED', { name: owner.name, date: owner.endsOn });
  }
  for (const { limit, key } of boundLimits(campaign, subjects, true)) {
    const state = counter(key);
    if (state.used + state.held + 1 > limit.max)
      refuse(limitReason(limit), { limit: limitUse(limit, state, periodEnd(limit.period, subjects.day, setting.clock)) });
  }
  return refusals.failures;
}
