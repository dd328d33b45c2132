import type { SalesChannel } from '../campaign/campaign.types.ts';
import { type BusinessClock, businessDayEnd, businessDayStart } from '../shared/business-time.ts';
import { instantText } from '../shared/clock.ts';
import { ownersOf } from './counters.ts';
import type { CampaignTerms, NearestBasketDraft } from './decision.types.ts';
import type { Refuse } from './refusals.ts';
import type { Rule } from './rule.types.ts';
import { hasHours, opening } from './rules-time.ts';

/** A SCHEDULED campaign whose first day has come is as good as active. */
function startsAfter(campaign: CampaignTerms, day: string): boolean {
  return campaign.startsOn !== null && day < campaign.startsOn;
}

/** Refuses what a person has decided about a campaign or its main; dates are asked apart. */
export function refuseState(campaign: CampaignTerms, day: string, refuse: Refuse): void {
  refuseOwn(campaign, refuse);
  const main = campaign.main;
  if (main === null) return;
  if (main.status === 'SCHEDULED' ? startsAfter(main, day) : main.status === 'DRAFT' || main.status === 'ARCHIVED') {
    refuse('CAMPAIGN_NOT_ACTIVE', { name: main.name });
  } else refuseOwn(main, refuse);
}

function refuseOwn(campaign: CampaignTerms, refuse: Refuse): void {
  if (campaign.status === 'PAUSED') refuse('CAMPAIGN_PAUSED', { name: campaign.name });
  else if (campaign.status === 'ENDED') refuse('CAMPAIGN_ENDED', { name: campaign.name });
  else if (campaign.status === 'DRAFT' || campaign.status === 'ARCHIVED') refuse('CAMPAIGN_NOT_ACTIVE', { name: campaign.name });
}

export const campaignState: Rule = ({ campaign, day }, refuse) => refuseState(campaign, day, refuse);

export const campaignNotStarted: Rule = (candidate, refuse) => {
  const { input, campaign, day } = candidate;
  for (const owner of ownersOf(campaign)) {
    if (owner.startsOn !== null && day < owner.startsOn) {
      const nearest = hasHours(campaign) ? opening(candidate) : windowOf(campaign, input.store);
      refuse('CAMPAIGN_NOT_STARTED', { name: owner.name, date: owner.startsOn }, nearest);
    }
  }
};

/** Ended by its last day; a campaign that was ended by a person says so already. */
export const campaignEnded: Rule = ({ input, campaign, day }, refuse) => {
  for (const owner of ownersOf(campaign)) {
    if (owner.endsOn === null || day <= owner.endsOn || owner.status === 'ENDED') continue;
    refuse('CAMPAIGN_ENDED', { name: owner.name, date: owner.endsOn }, windowOf(campaign, input.store));
  }
};

const LAST_WRITABLE = Date.UTC(9999, 11, 31);

/** From the later first day to the earlier last day of a campaign and its main, as instants in the store. */
function windowOf(campaign: CampaignTerms, clock: BusinessClock): NearestBasketDraft {
  // Days as text sort as days.
  const lastStart = ownersOf(campaign)
    .flatMap((owner) => owner.startsOn ?? [])
    .sort()
    .at(-1);
  const firstEnd = ownersOf(campaign)
    .flatMap((owner) => owner.endsOn ?? [])
    .sort()
    .at(0);
  const from = lastStart === undefined ? null : businessDayStart(lastStart, clock);
  const until = firstEnd === undefined ? null : businessDayEnd(firstEnd, clock);
  return {
    ...(from === null ? {} : { validFrom: instantText(from) }),
    // "For ever" is often written as a last day that has no day after it.
    ...(until === null || until > LAST_WRITABLE ? {} : { validUntil: instantText(until) }),
  };
}

export const rightStore: Rule = ({ input, campaign }, refuse) => {
  const lists = ownersOf(campaign).flatMap((owner) => (owner.storeIds === null ? [] : [owner.storeIds]));
  if (lists.every((ids) => ids.includes(input.store.id))) return;
  const storeIds = (lists[0] ?? []).filter((id) => lists.every((ids) => ids.includes(id)));
  const storeNames = storeIds.flatMap((id) => input.storeName?.(id) ?? []);
  refuse('WRONG_STORE', { name: input.store.name, storeNames }, storeIds.length === 0 ? undefined : { storeIds });
};

export const rightChannel: Rule = ({ input, campaign }, refuse) => {
  const lists = ownersOf(campaign).flatMap((owner) => (owner.conditions.channels === undefined ? [] : [owner.conditions.channels]));
  if (lists.every((channels) => channels.includes(input.basket.channel))) return;
  const channels: readonly SalesChannel[] = (lists[0] ?? []).filter((channel) => lists.every((other) => other.includes(channel)));
  refuse('WRONG_CHANNEL', { channels });
};

export const rightCurrency: Rule = ({ input, campaign }, refuse) => {
  const { currency } = input.basket;
  if (currency !== input.store.currency) refuse('WRONG_CURRENCY', { currency, name: input.store.currency });
  else {
    const other = ownersOf(campaign).find((owner) => owner.currency !== null && owner.currency !== currency);
    if (other?.currency !== undefined && other.currency !== null) refuse('WRONG_CURRENCY', { currency, name: other.currency });
  }
};
