import { defaultTaxClass } from '../decision/check-terms.ts';
import { conflict } from '../shared/errors.ts';
import type { InputChecks } from '../shared/input-checks.ts';
import type { StoreTerms } from '../store/store.types.ts';
import type { Campaign } from './campaign.entity.ts';
import { activated, type CampaignContent, newCampaign, type ParentTerms } from './campaign.rules.ts';
import type { CampaignDraft, CampaignPatch, CampaignRecord, CampaignStatus } from './campaign.types.ts';
import { sorted } from './campaign-record.ts';
import { changesPromise } from './promise.ts';

/** What a change has to keep to, apart from the rules for new campaigns. */
export interface ChangeSetting {
  /** Those the campaign will name, or all where it names none. */
  readonly stores: readonly StoreTerms[];
  readonly parent: ParentTerms | null;
  readonly subs: readonly SubTerms[];
  /** Codes were made, or vouchers redeemed. */
  readonly codesOut: boolean;
  /** Currencies in which it was redeemed so far, its subs included. */
  readonly redeemedIn: readonly string[];
}

export type SubTerms = Pick<Campaign, 'id' | 'name' | 'status' | 'storeIds' | 'startsOn' | 'endsOn' | 'budget' | 'currency'>;

/** Throws CONFLICT where somebody changed it since, or where it is over for good. */
export function checkChangeable(campaign: Pick<Campaign, 'status' | 'version'>, expectedVersion: number | null): void {
  if (expectedVersion !== null && campaign.version !== expectedVersion)
    throw conflict(`Somebody changed it since: it is at version ${campaign.version}, not ${expectedVersion}.`);
  const over: readonly CampaignStatus[] = ['ENDED', 'ARCHIVED'];
  if (over.includes(campaign.status)) throw conflict(`A campaign that is ${campaign.status} cannot be changed.`);
}

/** The campaign after a change. Throws BAD_USER_INPUT with all faults at once. */
export function changedCampaign(campaign: Campaign, patch: CampaignPatch, setting: ChangeSetting): CampaignContent {
  const draft = draftOf(campaign, patch);
  const content = newCampaign(draft, setting.stores, setting.parent, (checks, currency) => {
    checkCleared(checks, patch, campaign);
    checkKind(checks, campaign, draft, setting);
    checkKeptCurrency(checks, campaign, currency, setting);
    for (const sub of setting.subs) checkHoldsSub(checks, draft, currency, sub);
  });
  return { ...content, parentId: campaign.parentId, currency: content.currency ?? (setting.codesOut ? campaign.currency : null) };
}

/** What the campaign would be put in as, after the change. */
export function draftOf(campaign: Campaign, patch: CampaignPatch): CampaignDraft {
  const given = <Name extends keyof CampaignPatch>(name: Name) => patch[name] !== undefined;
  const { budget, currency } = campaign;
  return {
    name: patch.name ?? campaign.name,
    parentId: campaign.parentId,
    storeIds: given('storeIds') ? patch.storeIds : campaign.storeIds,
    startsOn: given('startsOn') ? patch.startsOn : campaign.startsOn,
    endsOn: given('endsOn') ? patch.endsOn : campaign.endsOn,
    incentive: patch.incentive ?? campaign.incentive,
    conditions: given('conditions') ? patch.conditions : campaign.conditions,
    limits: given('limits') ? patch.limits : campaign.limits,
    budget: given('budget') ? patch.budget : budget === null || currency === null ? null : { minor: budget, currency },
    stacking: given('stacking') ? patch.stacking : campaign.stacking,
    distribution: patch.distribution ?? campaign.distribution,
    taxClass: given('taxClass') ? patch.taxClass : keptTaxClass(campaign, patch),
    reversalPolicy: patch.reversalPolicy ?? campaign.reversalPolicy,
    funding: given('funding') ? patch.funding : campaign.funding,
    issuance: given('issuance') ? patch.issuance : campaign.issuance,
    metadata: given('metadata') ? patch.metadata : campaign.metadata,
  };
}

/** A class that nobody chose goes with the incentive. */
const keptTaxClass = (campaign: Campaign, patch: CampaignPatch) =>
  patch.incentive && campaign.taxClass === defaultTaxClass(campaign.incentive) ? null : campaign.taxClass;

function checkCleared(checks: InputChecks, patch: CampaignPatch, campaign: Campaign): void {
  for (const name of ['name', 'distribution', 'reversalPolicy'] as const)
    if (patch[name] === null) checks.fault(`input.${name}`, 'Cannot be cleared.');
  if (patch.incentive === null && campaign.incentive !== null) checks.fault('input.incentive', 'Cannot be cleared.');
}

const kindOf = (incentive: object | null | undefined): string | undefined => Object.keys(incentive ?? {})[0];

function checkKind(checks: InputChecks, campaign: Campaign, draft: CampaignDraft, { codesOut }: ChangeSetting): void {
  if (campaign.incentive === null && campaign.parentId === null && draft.incentive)
    checks.fault('input.incentive', 'A main campaign gives nothing by itself: make a sub-campaign of it.');
  if (!codesOut) return;
  if (draft.distribution !== campaign.distribution)
    checks.fault('input.distribution', 'Codes of it are out already: how they come to people stays as it is.');
  const kinds = [kindOf(campaign.incentive), kindOf(draft.incentive)];
  if (!kinds.includes('giftBalance')) return;
  if (kinds[0] !== kinds[1]) {
    // Uses on the one side and money on the other: neither says what is left of a voucher that was used.
    checks.fault('input.incentive', 'Codes of it are out already, and gift cards stay gift cards: copy the campaign for another kind.');
    return;
  }
  // A code that is good without being issued has no version of its own: its value would change in its holder's hands.
  if (campaign.distribution !== 'CUSTOMER' && sorted(campaign.incentive) !== sorted(draft.incentive))
    checks.fault('input.incentive', 'Gift codes of it are out already, and their value stays: copy the campaign for another.');
}

function checkKeptCurrency(checks: InputChecks, campaign: Campaign, currency: string | null, setting: ChangeSetting): void {
  if (currency === null) return;
  const before = campaign.currency ?? setting.redeemedIn.find((other) => other !== currency) ?? null;
  if ((setting.codesOut || campaign.currency === null) && before !== null && before !== currency)
    checks.fault('input', `Its codes are out in ${before}: the currency stays.`);
}

/** A main can never be narrower than what its subs were given. Those that are over do not count. */
function checkHoldsSub(checks: InputChecks, draft: CampaignDraft, currency: string | null, sub: SubTerms): void {
  if (sub.status === 'ENDED' || sub.status === 'ARCHIVED') return;
  const name = `The sub-campaign "${sub.name}"`;
  const outside = draft.storeIds ? (sub.storeIds ?? []).find((id) => !draft.storeIds?.includes(id)) : undefined;
  if (outside !== undefined) checks.fault('input.storeIds', `${name} holds in store ${outside}.`);
  if (draft.startsOn && sub.startsOn && sub.startsOn < draft.startsOn) checks.fault('input.startsOn', `${name} starts on ${sub.startsOn}.`);
  if (draft.endsOn && sub.endsOn && sub.endsOn > draft.endsOn) checks.fault('input.endsOn', `${name} ends on ${sub.endsOn}.`);
  if (draft.budget && sub.budget !== null && sub.budget > draft.budget.minor)
    checks.fault('input.budget.minor', `${name} has a budget of ${sub.budget}.`);
  if (currency !== null && sub.currency !== null && sub.currency !== currency) checks.fault('input', `${name} is in ${sub.currency}.`);
}

/** Whose terms a change of a campaign changes besides its own. */
export function alsoChanged(
  before: Omit<CampaignRecord, 'version'>,
  after: Campaign,
  parent: Campaign | null,
  relatives: readonly Campaign[],
): readonly Campaign[] {
  // What its sisters count for it is part of the main's terms.
  if (parent) return sorted(watchedBy(before)) === sorted(watchedBy(after)) ? [] : [parent];
  // A sub's version tells which terms of its main stand beside it.
  return changesPromise(before, after) || sorted(before.funding) !== sorted(after.funding) ? relatives : [];
}

/** A first day that was moved ahead makes an active campaign wait for it, and the other way round. */
export const statusKept = (campaign: Campaign, now: number, clocks: Parameters<typeof activated>[2]): CampaignStatus =>
  campaign.status === 'ACTIVE' || campaign.status === 'SCHEDULED' ? activated(campaign, now, clocks) : campaign.status;

const watchedBy = ({ limits }: Pick<CampaignRecord, 'limits'>) =>
  limits.filter((limit) => limit.per === 'MAIN_CAMPAIGN').map(({ counts, period }) => ({ counts, period }));
