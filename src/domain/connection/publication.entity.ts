import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import type { Plain } from '@valehub/connector-kit';
import { bigInteger, instant, json, text } from '../../database/columns.ts';
import type { PublicationStatus } from './publication.types.ts';

/** A campaign as it stands at a platform. */
@Entity({ tableName: 'publication' })
@Unique({ properties: ['campaignId', 'connectionId'] })
@Index({ name: 'publication_due', properties: ['id'], where: "status in ('PUBLISHING', 'WITHDRAWING')" })
export class PublicationRow {
  @PrimaryKey(text())
  id!: string;

  @Property(text())
  campaignId!: string;

  @Property(text())
  connectionId!: string;

  @Property(text())
  status!: PublicationStatus;

  /** Counts the times that it was published: each has jobs of its own. */
  @Property({ type: types.integer })
  round!: number;

  /** The campaign's version that was published. */
  @Property({ type: types.integer })
  campaignVersion!: number;

  /** What is published, without codes. */
  @Property(json())
  content!: Plain;

  /** The loss report that a person agreed to. */
  @Property(json())
  losses!: Plain;

  /** The platform's own, once it has told it. */
  @Property({ ...json(), nullable: true })
  ref!: Plain;

  @Property({ type: bigInteger })
  codesTotal!: number;

  /** How many of the campaign's codes were gone through, in their order. */
  @Property({ type: bigInteger })
  codesSent!: number;

  /** Those that the platform took and those that it refused. */
  @Property({ type: bigInteger })
  codesAdded!: number;

  @Property({ type: bigInteger })
  codesRefused!: number;

  @Property({ ...text(), nullable: true })
  lastError!: string | null;

  @Property(instant())
  createdAt!: Date;

  @Property(instant())
  updatedAt!: Date;
}

/** Which of the hub's articles one of a platform is. */
@Entity({ tableName: 'product_mapping' })
@Index({ properties: ['connectionId', 'sku'] })
@Index({ properties: ['connectionId', 'group'] })
export class ProductMapping {
  @PrimaryKey(text())
  connectionId!: string;

  /** The platform's id or article number, as it stands on its orders. */
  @PrimaryKey(text())
  externalId!: string;

  @Property(text())
  sku!: string;

  @Property({ ...text(), nullable: true, fieldName: 'group_name' })
  group!: string | null;

  @Property({ ...text(), nullable: true })
  brand!: string | null;
}
