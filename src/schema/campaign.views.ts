import type { BudgetUse, CampaignRecord, Stacking as StackingTerms } from '../domain/campaign/campaign.types.ts';
import type { CampaignVersionRecord } from '../domain/campaign/campaign-versions.ts';
import type { Budget, Campaign } from './campaign.results.ts';
import type { Stacking } from './campaign-terms.results.ts';
import type { CampaignVersion } from './campaign-version.results.ts';
import { conditionsView } from './conditions.views.ts';
import { type Context, seesMaskedCampaigns } from './context.ts';
import { fundingViews } from './funding.results.ts';
import { incentiveView } from './incentive.views.ts';
import { issuanceView } from './issuance.views.ts';
import { money } from './money.results.ts';

export function campaignView(context: Context, record: CampaignRecord): Campaign {
  const shown = { id: record.id, name: record.name, status: record.status };
  return seesMaskedCampaigns(context.actor) ? { ...shown, ...NOTHING_MORE } : { ...shown, ...details(record) };
}

const NOTHING_MORE: Omit<Campaign, 'id' | 'name' | 'status'> = {
  version: null,
  currency: null,
  startsOn: null,
  endsOn: null,
  incentive: null,
  conditions: null,
  limits: null,
  stacking: null,
  distribution: null,
  taxClass: null,
  reversalPolicy: null,
  issuance: null,
  funding: null,
  metadata: null,
  masked: true,
  parentId: null,
  storeIds: null,
  budgetTotal: null,
};

const details = (record: CampaignRecord): Omit<Campaign, 'id' | 'name' | 'status'> => ({
  version: record.version,
  currency: record.currency,
  startsOn: record.startsOn,
  endsOn: record.endsOn,
  incentive: record.incentive && incentiveView(record.incentive),
  conditions: conditionsView(record.conditions),
  limits: record.limits,
  stacking: stackingView(record.stacking),
  distribution: record.distribution,
  taxClass: record.taxClass,
  reversalPolicy: record.reversalPolicy,
  issuance: record.issuance && issuanceView(record.issuance),
  funding: fundingViews(record.funding),
  metadata: record.metadata,
  masked: false,
  parentId: record.parentId,
  storeIds: record.storeIds,
  budgetTotal: record.budget,
});

export const budgetView = (total: number, { used, held }: BudgetUse, currency: string): Budget => ({
  total: money(total, currency),
  used: money(used, currency),
  held: money(held, currency),
  left: money(Math.max(0, total - used - held), currency),
});

const stackingView = ({ priority, group, exclusive }: StackingTerms): Stacking => ({ priority, group: group ?? null, exclusive });

export const versionView = ({ version, at, actorId, changes, content }: CampaignVersionRecord): CampaignVersion => ({
  version,
  at,
  actorId,
  changes,
  content: {
    name: content.name,
    status: content.status,
    storeIds: content.storeIds,
    currency: content.currency,
    startsOn: content.startsOn,
    endsOn: content.endsOn,
    incentive: content.incentive && incentiveView(content.incentive),
    conditions: conditionsView(content.conditions),
    limits: content.limits,
    budget: content.budget === null || content.currency === null ? null : money(content.budget, content.currency),
    stacking: stackingView(content.stacking),
    distribution: content.distribution,
    taxClass: content.taxClass,
    reversalPolicy: content.reversalPolicy,
    issuance: content.issuance && issuanceView(content.issuance),
    funding: fundingViews(content.funding),
    metadata: content.metadata,
  },
});
