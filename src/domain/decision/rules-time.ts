import type { Conditions } from '../campaign/campaign.types.ts';
import { localMinute } from '../shared/business-time.ts';
import { instantText } from '../shared/clock.ts';
import { WEEKDAYS } from '../shared/weekdays.ts';
import { ownersOf } from './counters.ts';
import type { CampaignTerms, NearestBasketDraft } from './decision.types.ts';
import type { Candidate, Rule } from './rule.types.ts';
import { isWithin, nextOpening, windowsOn } from './windows.ts';

/** The business day decides which windows count, the clock of the store whether one is open. */
export const inWindow: Rule = (candidate, refuse) => {
  const { input, campaign, day } = candidate;
  for (const { conditions } of ownersOf(campaign)) {
    const { windows } = conditions;
    if (windows === undefined) continue;
    const today = windowsOn(windows, day);
    if (today.length === 0) {
      const weekdays = WEEKDAYS.filter((weekday) => windows.some((window) => window.weekdays.includes(weekday)));
      refuse('WRONG_WEEKDAY', { weekdays }, opening(candidate));
      continue;
    }
    const minute = localMinute(input.placedAt, input.store);
    if (today.some((window) => isWithin(minute, window))) continue;
    refuse('WRONG_HOUR', { hours: today.map(({ from, to }) => ({ from, to })) }, opening(candidate));
  }
};

export const notBlackedOut: Rule = (candidate, refuse) => {
  for (const owner of ownersOf(candidate.campaign)) {
    if (owner.conditions.blackoutDays?.includes(candidate.day))
      refuse('BLACKOUT_DAY', { name: owner.name, date: candidate.day }, opening(candidate));
  }
};

/**
 * When campaign, main and voucher are open next, whoever comes. Where they ask for somebody's birthday or anniversary, only a later hour
 * of the same day is told: another day would say something of the person.
 */
export function opening(candidate: Candidate): NearestBasketDraft | undefined {
  const personal = ownersOf(candidate.campaign).some(({ conditions }) => conditions.birthdayWindow ?? conditions.anniversaryWindow);
  return openingOn(candidate, (day) => !personal || day === candidate.day);
}

/** Whether there is more to its time than its dates. */
export const hasHours = (campaign: CampaignTerms): boolean =>
  ownersOf(campaign).some(({ conditions }) => conditions.windows !== undefined || conditions.blackoutDays !== undefined);

/** The next opening on a business day that `allows`, as what would make the order valid; nothing where there is none. */
export function openingOn({ input, voucher, campaign }: Candidate, allows: (day: string) => boolean): NearestBasketDraft | undefined {
  const owners = ownersOf(campaign);
  const after = Math.max(input.placedAt, voucher.validFrom ?? 0);
  const next = nextOpening(
    after,
    owners.map((owner) => owner.conditions.windows),
    input.store,
    (day) => owners.every((owner) => isOn(owner, day) && !isOut(owner.conditions, day)) && allows(day),
  );
  if (next === null || (voucher.validUntil !== null && next.from >= voucher.validUntil)) return undefined;
  const until = Math.min(next.until ?? Number.POSITIVE_INFINITY, voucher.validUntil ?? Number.POSITIVE_INFINITY);
  return { validFrom: instantText(next.from), ...(Number.isFinite(until) && { validUntil: instantText(until) }) };
}

const isOn = ({ startsOn, endsOn }: CampaignTerms, day: string): boolean =>
  (startsOn === null || day >= startsOn) && (endsOn === null || day <= endsOn);
const isOut = ({ blackoutDays }: Conditions, day: string): boolean => blackoutDays?.includes(day) === true;
