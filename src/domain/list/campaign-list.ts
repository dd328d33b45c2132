import { z } from 'zod';
import type { Database } from '../../database/database.ts';
import type { Actor } from '../access/roles.ts';
import { Campaign } from '../campaign/campaign.entity.ts';
import type { CampaignService } from '../campaign/campaign.service.ts';
import type { CampaignRecord } from '../campaign/campaign.types.ts';
import { isStorable } from '../shared/input-checks.ts';
import type { CampaignFilter, Page, PageRequest } from './list.types.ts';
import { holdsInOne } from './list-access.ts';
import { pageOf, placeBefore, writeCursor } from './page.ts';

const PLACE = z.tuple([z.literal('campaign'), z.number().int().min(0).max(8.64e15), z.string().regex(/^[a-z0-9_]+$/)]);

/** A campaign's status follows from the calendar, so it is filtered here, a stretch of the list at a time. */
const STRETCH = 500;

export async function listCampaigns(
  database: Database,
  campaigns: CampaignService,
  actor: Actor,
  filter: CampaignFilter,
  page: PageRequest,
): Promise<Page<CampaignRecord>> {
  const wanted = wantedBy(actor, filter);
  const found: CampaignRecord[] = [];
  let last = placeBefore(page, PLACE);
  while (found.length <= page.first) {
    const rows = await database
      .em()
      .find(
        Campaign,
        { ...parent(filter), ...(last ? older(last[1], last[2]) : {}) },
        { orderBy: { createdAt: 'desc', id: 'desc' }, limit: STRETCH },
      );
    found.push(...rows.map((row) => campaigns.recordOf(row)).filter(wanted));
    const end = rows.at(-1);
    if (!end || rows.length < STRETCH) break;
    last = ['campaign', end.createdAt.getTime(), end.id];
  }
  return pageOf(found.slice(0, page.first + 1), page, (record) => writeCursor('campaign', Date.parse(record.createdAt), record.id));
}

/** Tills read what is on in their stores. */
function wantedBy(actor: Actor, { statuses, storeIds }: CampaignFilter): (campaign: CampaignRecord) => boolean {
  return (campaign) =>
    (actor.role !== 'TILL' || campaign.status === 'ACTIVE') &&
    holdsInOne(campaign.storeIds, actor.storeIds) &&
    (!statuses || statuses.includes(campaign.status)) &&
    (!storeIds || (storeIds.length > 0 && holdsInOne(campaign.storeIds, storeIds)));
}

const parent = ({ parentId }: CampaignFilter) => (parentId ? { parentId: { $in: [parentId].filter(isStorable) } } : {});

const older = (createdAt: number, id: string) => ({
  $or: [{ createdAt: { $lt: new Date(createdAt) } }, { createdAt: new Date(createdAt), id: { $lt: id } }],
});
