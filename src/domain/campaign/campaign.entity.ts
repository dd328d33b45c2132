import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { bigInteger, day, instant, json, text, textArray } from '../../database/columns.ts';
import type {
  CampaignStatus,
  Conditions,
  Distribution,
  FundingShare,
  Issuance,
  Limit,
  ReversalPolicy,
  Stacking,
  TaxClass,
} from './campaign.types.ts';
import type { Incentive } from './incentive.types.ts';

@Entity({ tableName: 'campaign' })
export class Campaign {
  @PrimaryKey(text())
  id!: string;

  /** The main campaign of a sub-campaign. */
  @Property({ ...text(), nullable: true })
  @Index()
  parentId!: string | null;

  @Property(text())
  name!: string;

  /** SCHEDULED turns ACTIVE by the calendar: see `statusOn` in campaign.rules.ts. */
  @Property(text())
  status!: CampaignStatus;

  @Property({ type: types.integer })
  version!: number;

  /** null = all stores */
  @Property({ ...textArray(), nullable: true })
  storeIds!: string[] | null;

  @Property({ ...day(), nullable: true })
  startsOn!: string | null;

  /** Inclusive */
  @Property({ ...day(), nullable: true })
  endsOn!: string | null;

  @Property({ ...json(), nullable: true })
  incentive!: Incentive | null;

  @Property(json())
  conditions!: Conditions;

  @Property(json())
  limits!: Limit[];

  @Property({ type: bigInteger, nullable: true })
  budget!: number | null;

  @Property({ ...text(), columnType: 'char(3)', nullable: true })
  currency!: string | null;

  @Property(json())
  stacking!: Stacking;

  @Property(text())
  distribution!: Distribution;

  @Property(text())
  taxClass!: TaxClass;

  @Property(text())
  reversalPolicy!: ReversalPolicy;

  /** Who pays for what it gives; empty: the house alone. */
  @Property({ ...json(), default: '[]' })
  funding!: FundingShare[];

  /** What a paid order must be like for vouchers to be issued on it at once; null = it issues none. */
  @Property({ ...json(), nullable: true })
  issuance!: Issuance | null;

  /** Vouchers issued under an older version are held to this one: the last change that was asked to reach them too. */
  @Property({ type: types.integer, default: 1 })
  promisedFrom!: number;

  @Property({ ...json(), nullable: true })
  metadata!: unknown;

  @Property(instant())
  createdAt!: Date;
}
