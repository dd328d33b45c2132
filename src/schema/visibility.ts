import type { Actor } from '../domain/access/roles.ts';
import type { CampaignRecord } from '../domain/campaign/campaign.types.ts';

type Placed = Pick<CampaignRecord, 'storeIds'>;

/** It holds in at least one of the actor's stores. */
const holdsFor = (actor: Actor, campaign: Placed): boolean =>
  actor.storeIds === null || campaign.storeIds === null || campaign.storeIds.some((id) => actor.storeIds?.includes(id));

/** Whether asking for this campaign by id finds it. What cannot be seen is as if it were not there. */
export function seesCampaign(actor: Actor, campaign: Pick<CampaignRecord, 'storeIds' | 'status'>): boolean {
  if (actor.role === 'TILL') return campaign.status === 'ACTIVE' && holdsFor(actor, campaign);
  return actor.role === 'ADMIN' || actor.role === 'MARKETING' || actor.role === 'ACCOUNTING';
}

/** Whether vouchers of this campaign are the actor's business. */
export function seesVouchersOf(actor: Actor, campaign: Placed): boolean {
  if (actor.role === 'TILL') return holdsFor(actor, campaign);
  return actor.role === 'ADMIN' || actor.role === 'MARKETING' || actor.role === 'ACCOUNTING';
}
