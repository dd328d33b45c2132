import type { DayWindow } from '../campaign/campaign.types.ts';
import { ownersOf } from './counters.ts';
import type { CustomerFacts } from './decision.types.ts';
import { otherFirstOrder } from './first-order.ts';
import type { Candidate, Rule } from './rule.types.ts';
import { openingOn } from './rules-time.ts';
import { isAround } from './yearly-days.ts';

/** Whom the order names; null where it names nobody. Of somebody who is not known yet there is nothing to say. */
function personOf({ input }: Candidate): Omit<CustomerFacts, 'createdAt'> | null {
  if (!input.customer.given || input.customer.unknownId) return null;
  return input.customerFacts ?? { groups: [], birthday: null, anniversary: null, orders: 0, segmentIds: [] };
}

/** Whoever is not known is in no group. */
export const groupNotExcluded: Rule = (candidate, refuse) => {
  const groups = personOf(candidate)?.groups ?? [];
  const excluded = groups.find((group) =>
    ownersOf(candidate.campaign).some(({ conditions }) => conditions.excludedGroups?.includes(group)),
  );
  if (excluded !== undefined) refuse('CUSTOMER_GROUP_EXCLUDED', { name: excluded });
};

export const inSegment: Rule = (candidate, refuse) => {
  const person = personOf(candidate);
  if (person === null) return;
  const stranger = ownersOf(candidate.campaign).find(
    ({ conditions }) => conditions.segmentIds !== undefined && !conditions.segmentIds.some((id) => person.segmentIds.includes(id)),
  );
  if (stranger) refuse('NOT_IN_SEGMENT', { name: stranger.name });
};

export const nearBirthday: Rule = (candidate, refuse) => {
  for (const { conditions } of ownersOf(candidate.campaign))
    if (conditions.birthdayWindow) checkAround(candidate, 'birthday', conditions.birthdayWindow, refuse);
};

export const nearAnniversary: Rule = (candidate, refuse) => {
  for (const { conditions } of ownersOf(candidate.campaign))
    if (conditions.anniversaryWindow) checkAround(candidate, 'anniversary', conditions.anniversaryWindow, refuse);
};

function checkAround(candidate: Candidate, which: 'birthday' | 'anniversary', window: DayWindow, refuse: Parameters<Rule>[1]): void {
  const person = personOf(candidate);
  const date = person?.[which];
  if (person === null || (date && isAround(candidate.day, date, window))) return;
  const reason = which === 'birthday' ? 'OUTSIDE_BIRTHDAY_WINDOW' : 'OUTSIDE_ANNIVERSARY_WINDOW';
  if (!date) refuse(reason, { unknown: true });
  else
    refuse(
      reason,
      { around: window },
      openingOn(candidate, (day) => isPersonsDay(candidate, person, day)),
    );
}

/** As all of the campaign's windows around days of the person have it. */
function isPersonsDay({ campaign }: Candidate, { birthday, anniversary }: Omit<CustomerFacts, 'createdAt'>, day: string): boolean {
  const holds = (date: string | null, window: DayWindow | undefined) =>
    window === undefined || (date !== null && isAround(day, date, window));
  return ownersOf(campaign).every(
    ({ conditions }) => holds(birthday, conditions.birthdayWindow) && holds(anniversary, conditions.anniversaryWindow),
  );
}

/** What another till may be writing at this moment stands in the counters, what is over in the facts. */
export const firstOrder: Rule = (candidate, refuse) => {
  const { input, campaign } = candidate;
  const person = personOf(candidate);
  if (person === null || !ownersOf(campaign).some(({ conditions }) => conditions.firstOrderOnly === true)) return;
  if (person.orders > 0 || otherFirstOrder(input)) refuse('NOT_FIRST_ORDER');
};
