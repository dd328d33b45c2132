import type { BudgetUse, CampaignRecord } from '../domain/campaign/campaign.types.ts';
import type { Budget, Campaign } from './campaign.results.ts';
import { conditionsView } from './conditions.views.ts';
import { type Context, seesMaskedCampaigns } from './context.ts';
import { incentiveView } from './incentive.views.ts';
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
  stacking: { priority: record.stacking.priority, group: record.stacking.group ?? null, exclusive: record.stacking.exclusive },
  distribution: record.distribution,
  taxClass: record.taxClass,
  reversalPolicy: record.reversalPolicy,
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
  left: money(total - used - held, currency),
});
