import type { Campaign } from './campaign.entity.ts';
import type { CampaignCopyDraft, CampaignDraft } from './campaign.types.ts';

/** A copy as it would be put in: the original but for what the copy has of its own. */
export const copyDraft = (original: CampaignDraft, wanted: CampaignCopyDraft, parentId: string | null): CampaignDraft => ({
  ...original,
  name: wanted.name,
  parentId,
  startsOn: wanted.startsOn ?? original.startsOn,
  endsOn: wanted.endsOn ?? original.endsOn,
});

/** A sub copied with its main: a day that the copy of the main does not reach is left to the main. */
export const subDraft = (sub: CampaignDraft, main: Pick<Campaign, 'id' | 'startsOn' | 'endsOn'>): CampaignDraft => ({
  ...sub,
  parentId: main.id,
  startsOn: isWithin(sub.startsOn, main) ? sub.startsOn : null,
  endsOn: isWithin(sub.endsOn, main) ? sub.endsOn : null,
});

const isWithin = (day: string | null | undefined, { startsOn, endsOn }: Pick<Campaign, 'startsOn' | 'endsOn'>): boolean =>
  !!day && (startsOn === null || day >= startsOn) && (endsOn === null || day <= endsOn);
