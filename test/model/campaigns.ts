import { promiseOf } from './issuing.ts';
import { campaignOf, type ModelState } from './state.ts';
import { dayOf } from './sums.ts';
import type { Command, Terms } from './words.ts';

type Told = 'done' | 'CONFLICT' | 'BAD_USER_INPUT';

export function move(state: ModelState, { campaign: name, move: to }: Extract<Command, { do: 'move' }>): Told {
  const campaign = campaignOf(state, name);
  const { status, terms } = campaign;
  if (to === 'end') campaign.status = 'ENDED';
  else if (status === 'ENDED' || (to === 'pause' && status === 'DRAFT')) return 'CONFLICT';
  else if (to === 'pause') campaign.status = 'PAUSED';
  else if (status === 'DRAFT' || status === 'PAUSED')
    campaign.status = terms.startsOn !== null && dayOf(state.now) < terms.startsOn ? 'SCHEDULED' : 'ACTIVE';
  return 'done';
}

export function change(state: ModelState, { campaign: name, patch, applyToIssued }: Extract<Command, { do: 'change' }>): Told {
  const campaign = campaignOf(state, name);
  if (campaign.status === 'ENDED') return 'CONFLICT';
  const after: Terms = { ...campaign.terms, ...patch };
  if (!isWithinFamily(state, name, after)) return 'BAD_USER_INPUT';
  const { incentive: was, distribution } = campaign.terms;
  const kinds = [was?.kind, after.incentive?.kind];
  // Cards that are out, and good without being issued, keep their value.
  if (kinds.includes('gift') && distribution !== 'CUSTOMER' && JSON.stringify(was) !== JSON.stringify(after.incentive))
    return 'BAD_USER_INPUT';
  campaign.terms = after;
  if (!applyToIssued) return 'done';
  for (const voucher of Object.values(state.vouchers)) {
    if (voucher.promise === null) continue;
    const now = promiseOf(state, voucher.campaign);
    if (voucher.campaign === name) voucher.promise = { ...voucher.promise, own: now.own };
    if (campaignOf(state, voucher.campaign).main === name) voucher.promise = { ...voucher.promise, main: now.main };
  }
  return 'done';
}

/** A sub never exceeds its main's budget, whichever of the two is changed. */
function isWithinFamily(state: ModelState, name: string, { budget }: Terms): boolean {
  const { main } = campaignOf(state, name);
  const above = main === null ? null : campaignOf(state, main).terms.budget;
  if (budget === null) return true;
  if (above !== null && budget > above) return false;
  return Object.values(state.campaigns).every(
    (sub) => sub.main !== name || sub.status === 'ENDED' || sub.terms.budget === null || sub.terms.budget <= budget,
  );
}
