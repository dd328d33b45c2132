import type { Limit } from '../campaign/campaign.types.ts';
import type { CampaignTerms } from './decision.types.ts';

/** The text under which a limit's sum is kept; it changes only with what is counted, per what, in which period. */
export function counterKey(campaignId: string, limit: Pick<Limit, 'counts' | 'per' | 'period'>, subject: string, period: string): string {
  void campaignId; void limit; void subject; void period; throw new Error('not built yet');
}
export const budgetKey = (campaignId: string): string => `budget:${campaignId}`;
/** Gross counts of a campaign, never refused. */
export const countKey = (campaignId: string, what: 'issued' | 'redeemed'): string => `count:${campaignId}:${what}`;

/** How often one voucher of the campaign may be redeemed: 1 unless a limit per VOUCHER says n; a shared word without one: null. */
export function maxUsesOf(campaign: CampaignTerms, shared: boolean): number | null { void campaign; void shared; throw new Error('not built yet'); }
