import { itemListsOf } from '../decision/check-incentive.ts';
import { checkIssuance } from '../decision/check-issuance.ts';
import { checkTerms, currencyOfTerms, defaultTaxClass, type TermsInput } from '../decision/check-terms.ts';
import { type BusinessClock, businessDay, businessDayStart } from '../shared/business-time.ts';
import { normaliseDecimal } from '../shared/decimal.ts';
import { conflict } from '../shared/errors.ts';
import { InputChecks } from '../shared/input-checks.ts';
import type { StoreTerms } from '../store/store.types.ts';
import type { Campaign } from './campaign.entity.ts';
import { type CampaignDraft, type CampaignStatus, type FundingShare, LIMIT_PERIODS, type Limit, type Stacking } from './campaign.types.ts';
import { checkFunding } from './funding.ts';

/** What a new campaign is, apart from its id, status, version and moment. */
export type CampaignContent = Pick<
  Campaign,
  | 'name'
  | 'parentId'
  | 'startsOn'
  | 'endsOn'
  | 'incentive'
  | 'conditions'
  | 'budget'
  | 'currency'
  | 'stacking'
  | 'distribution'
  | 'taxClass'
  | 'reversalPolicy'
  | 'issuance'
  | 'metadata'
> & { storeIds: string[] | null; limits: Limit[]; funding: FundingShare[] };

/** The parent of a new campaign, as far as the rules look at it. */
export type ParentTerms = Pick<Campaign, 'parentId' | 'incentive' | 'currency' | 'storeIds' | 'startsOn' | 'endsOn' | 'budget'>;

const MAX_LIMITS = 50;
const MAX_STORES = 10_000;
const MAX_METADATA = 65_536;
const MAX_METADATA_DEPTH = 50;
const MAX_SKUS = 5_000;
/** What a campaign without any store goes by. */
export const HOME_CLOCK: BusinessClock = { timeZone: 'Europe/Madrid', businessDayStart: '04:00' };

/** The campaign a draft asks for, with its defaults. `stores`: those it names, or all where it names none. Throws BAD_USER_INPUT. */
export function newCampaign(
  draft: CampaignDraft,
  stores: readonly StoreTerms[],
  parent: ParentTerms | null,
  checkMore: (checks: InputChecks, currency: string | null) => void = () => undefined,
): CampaignContent {
  const terms: TermsInput = {
    name: draft.name,
    incentive: draft.incentive ?? null,
    conditions: draft.conditions ?? {},
    limits: draft.limits ?? [],
    budget: draft.budget ?? null,
    taxClass: draft.taxClass ?? null,
    startsOn: draft.startsOn ?? null,
    endsOn: draft.endsOn ?? null,
    storeIds: draft.storeIds ?? null,
    storeCurrencies: stores.map((store) => store.currency),
    parent: parent && { isMain: parent.parentId === null && parent.incentive === null, currency: parent.currency },
  };
  const stacking = stackingOf(draft);
  const checks = new InputChecks();
  checks.faults.push(...checkTerms(terms));
  checkForm(checks, terms, stacking, draft);
  checkFunding(checks, draft.funding ?? []);
  if (draft.issuance) checkIssuance(draft.issuance, terms.incentive === null, (at, message) => checks.fault(`input.${at}`, message));
  if (parent) checkWithinParent(checks, terms, parent);
  checkMore(checks, currencyOfTerms(terms));
  checks.settle();
  return {
    name: terms.name,
    parentId: draft.parentId ?? null,
    storeIds: terms.storeIds && [...terms.storeIds],
    startsOn: terms.startsOn,
    endsOn: terms.endsOn,
    incentive: terms.incentive,
    conditions: terms.conditions,
    limits: terms.limits.map((limit) => ({ ...limit, period: limit.period ?? LIMIT_PERIODS[0] })),
    budget: terms.budget?.minor ?? null,
    currency: currencyOfTerms(terms),
    stacking,
    distribution: draft.distribution ?? 'OPEN',
    taxClass: terms.taxClass ?? defaultTaxClass(terms.incentive),
    reversalPolicy: draft.reversalPolicy ?? 'KEEP',
    funding: (draft.funding ?? []).map((share) => ({ ...share, percent: normaliseDecimal(share.percent) })),
    issuance: draft.issuance ?? null,
    metadata: draft.metadata ?? null,
  };
}

function stackingOf({ stacking }: CampaignDraft): Stacking {
  const group = stacking?.group ?? null;
  return { priority: stacking?.priority ?? 0, exclusive: stacking?.exclusive ?? false, ...(group === null ? {} : { group }) };
}

function checkForm(checks: InputChecks, terms: TermsInput, stacking: Stacking, { metadata, issuance }: CampaignDraft): void {
  if (terms.name.trim() !== '') checks.line('input.name', terms.name);
  if (terms.storeIds) checks.lines('input.storeIds', terms.storeIds, { maxItems: MAX_STORES });
  if (terms.limits.length > MAX_LIMITS) checks.fault('input.limits', `Must have at most ${MAX_LIMITS} entries.`);
  checks.integer('input.stacking.priority', stacking.priority, -1_000_000, 1_000_000);
  if (stacking.group !== undefined) checks.line('input.stacking.group', stacking.group, 100);
  for (const side of ['include', 'exclude'] as const) {
    for (const [kind, names] of Object.entries(issuance?.scope?.[side] ?? {}))
      checks.lines(`input.issuance.scope.${side}.${kind}`, names, { maxItems: MAX_SKUS, maxLength: 200 });
  }
  for (const { at, names } of terms.incentive ? itemListsOf(terms.incentive) : [])
    checks.lines(`input.${at}`, names, { maxItems: MAX_SKUS, maxLength: 200 });
  if (!isStorableJson(metadata, MAX_METADATA_DEPTH)) {
    checks.fault('input.metadata', `Must hold no character 0, no halves of characters and at most ${MAX_METADATA_DEPTH} levels.`);
  } else if (JSON.stringify(metadata ?? null).length > MAX_METADATA) {
    checks.fault('input.metadata', `Must have at most ${MAX_METADATA} characters of JSON.`);
  }
}

/** What jsonb takes; the depth is bounded, as writing JSON recurses. */
function isStorableJson(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.entries(value).every(([key, member]) => isStorableJson(key, depth) && isStorableJson(member, depth - 1));
}

/** A sub can never exceed its main. */
function checkWithinParent(checks: InputChecks, terms: TermsInput, parent: ParentTerms): void {
  const allowed = parent.storeIds;
  if (allowed) {
    terms.storeIds?.forEach((id, at) => {
      if (!allowed.includes(id)) checks.fault(`input.storeIds[${at}]`, 'The main campaign does not hold in this store.');
    });
  }
  if (terms.startsOn && parent.startsOn && terms.startsOn < parent.startsOn)
    checks.fault('input.startsOn', `The main campaign starts on ${parent.startsOn}.`);
  if (terms.endsOn && parent.endsOn && terms.endsOn > parent.endsOn)
    checks.fault('input.endsOn', `The main campaign ends on ${parent.endsOn}.`);
  if (terms.budget && parent.budget !== null && terms.budget.minor > parent.budget)
    checks.fault('input.budget.minor', `The main campaign has a budget of ${parent.budget} only.`);
}

/** The different business times of the stores a campaign holds in. */
export function clocksOf(storeIds: readonly string[] | null, stores: readonly StoreTerms[]): readonly BusinessClock[] {
  const own = storeIds === null ? stores : stores.filter((store) => storeIds.includes(store.id));
  const clocks = new Map(own.map((store) => [`${store.timeZone} ${store.businessDayStart}`, store]));
  return clocks.size > 0 ? [...clocks.values()] : [HOME_CLOCK];
}

/** When a first day begins in the first of the stores, epoch ms. */
export const firstStart = (startsOn: string, clocks: readonly BusinessClock[]): number =>
  Math.min(...clocks.map((clock) => businessDayStart(startsOn, clock)));

/**
 * The status that a campaign shows: a scheduled one is active once its first day has begun in one of its stores, and an
 * active one has ended once its last day is over in all of them.
 */
export function statusOn(
  { status, startsOn, endsOn }: Pick<Campaign, 'status' | 'startsOn' | 'endsOn'>,
  now: number,
  clocks: readonly BusinessClock[],
): CampaignStatus {
  const current = status === 'SCHEDULED' && (startsOn === null || now >= firstStart(startsOn, clocks)) ? 'ACTIVE' : status;
  return current === 'ACTIVE' && endsOn !== null && clocks.every((clock) => businessDay(now, clock) > endsOn) ? 'ENDED' : current;
}

/** A campaign begins to count from its first day on: activated earlier, it waits. */
export const activated = (
  { startsOn }: Pick<Campaign, 'startsOn'>,
  now: number,
  clocks: readonly BusinessClock[],
): 'SCHEDULED' | 'ACTIVE' => (startsOn !== null && now < firstStart(startsOn, clocks) ? 'SCHEDULED' : 'ACTIVE');

export type Move = 'activate' | 'pause' | 'end' | 'archive';

const FROM: Readonly<Record<Move, readonly CampaignStatus[]>> = {
  activate: ['DRAFT', 'PAUSED'],
  pause: ['SCHEDULED', 'ACTIVE'],
  end: ['DRAFT', 'SCHEDULED', 'ACTIVE', 'PAUSED'],
  archive: ['DRAFT', 'ENDED'],
};
/** Where a move leads; one that is made already is repeated without effect, as a caller's retry is no mistake. */
const DONE: Readonly<Record<Move, readonly CampaignStatus[]>> = {
  activate: ['SCHEDULED', 'ACTIVE'],
  pause: ['PAUSED'],
  end: ['ENDED'],
  archive: ['ARCHIVED'],
};
const MOVED: Readonly<Record<Move, string>> = { activate: 'activated', pause: 'paused', end: 'ended', archive: 'archived' };

/** Whether a move changes anything; throws CONFLICT where it is impossible. */
export function canMove(status: CampaignStatus, move: Move): boolean {
  if (DONE[move].includes(status)) return false;
  if (FROM[move].includes(status)) return true;
  throw conflict(`A campaign that is ${status} cannot be ${MOVED[move]}.`);
}
