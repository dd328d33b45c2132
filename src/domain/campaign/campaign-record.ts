import { instantText } from '../shared/clock.ts';
import type { StoreTerms } from '../store/store.types.ts';
import type { Campaign } from './campaign.entity.ts';
import { clocksOf, statusOn } from './campaign.rules.ts';
import type { CampaignRecord } from './campaign.types.ts';
import type { VersionContent } from './campaign-version.entity.ts';

/** A campaign as its row has it: `status` as it was last decided, not as the calendar has it. */
export function contentOf(row: Campaign): Omit<CampaignRecord, 'version'> {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    parentId: row.parentId,
    storeIds: row.storeIds,
    currency: row.currency,
    startsOn: row.startsOn,
    endsOn: row.endsOn,
    incentive: row.incentive,
    conditions: row.conditions,
    limits: row.limits,
    budget: row.budget,
    stacking: row.stacking,
    distribution: row.distribution,
    taxClass: row.taxClass,
    reversalPolicy: row.reversalPolicy,
    funding: row.funding,
    issuance: row.issuance,
    metadata: row.metadata,
    createdAt: instantText(row.createdAt.getTime()),
  };
}

/** `status` as of now. */
export const shown = (row: Campaign, now: number, stores: readonly StoreTerms[]): CampaignRecord => ({
  ...contentOf(row),
  version: row.version,
  status: statusOn(row, now, clocksOf(row.storeIds, stores)),
});

/** What is in a version besides what a person put in: it follows from the rest, or is never changed. */
const NO_CHANGE = new Set<string>(['id', 'parentId', 'createdAt'] satisfies (keyof VersionContent)[]);

/** The names of the members in which two versions differ; `main`: the terms of the main campaign. */
export function changesBetween(before: VersionContent | null, after: VersionContent): string[] {
  if (before === null) return [];
  const names = Object.keys({ ...before, ...after }) as (keyof VersionContent)[];
  return names
    .filter((name) => !NO_CHANGE.has(name) && sorted(before[name]) !== sorted(after[name]))
    .map((name) => (name === 'mainVersion' ? 'main' : name));
}

/** As text that does not hang on the order in which members were written. */
export const sorted = (value: unknown): string =>
  JSON.stringify(value ?? null, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
