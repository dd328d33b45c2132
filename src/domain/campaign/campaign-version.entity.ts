import { types } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { instant, json, text } from '../../database/columns.ts';
import type { CampaignRecord } from './campaign.types.ts';

export type VersionContent = Omit<CampaignRecord, 'version'> & {
  /** The version of its main campaign that stood beside it; left out before that was kept. */
  readonly mainVersion?: number;
};

/** A campaign as it was in one version: what was promised under it, and what its redemptions are explained by. */
@Entity({ tableName: 'campaign_version' })
export class CampaignVersion {
  @PrimaryKey(text())
  campaignId!: string;

  @PrimaryKey({ type: types.integer })
  version!: number;

  @Property(json())
  content!: VersionContent;

  /** The API key that made it; null = made by the calendar or before versions were kept. */
  @Property({ ...text(), nullable: true })
  actorId!: string | null;

  @Property(instant())
  at!: Date;
}
