import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { Plain } from '@valehub/connector-kit';
import { bigInteger, day, instant, json, text } from '../../database/columns.ts';

/** Which of the hub's customers one of a platform is. */
@Entity({ tableName: 'customer_link' })
export class CustomerLink {
  @PrimaryKey(text())
  connectionId!: string;

  /** The platform's id. */
  @PrimaryKey(text())
  externalId!: string;

  @Property(text())
  @Index()
  customerId!: string;

  @Property(instant())
  seenAt!: Date;
}

/** A discount or coupon as a platform has it. */
@Entity({ tableName: 'platform_discount' })
export class PlatformDiscountRow {
  @PrimaryKey(text())
  connectionId!: string;

  @PrimaryKey(text())
  externalId!: string;

  @Property(text())
  name!: string;

  @Property({ ...text(), nullable: true })
  code!: string | null;

  /** ACTIVE, SCHEDULED, ENDED; GONE where the platform has it no more. */
  @Property(text())
  state!: string;

  /** How often the platform says it was used. */
  @Property({ type: types.integer, nullable: true })
  used!: number | null;

  /** An older one never overwrites. */
  @Property({ type: bigInteger })
  revision!: number;

  @Property(instant())
  seenAt!: Date;
}

/** A document of the accounts, as they have it: for reconciliation. */
@Entity({ tableName: 'platform_document' })
@Index({ properties: ['connectionId', 'day'] })
@Index({ properties: ['connectionId', 'reference'] })
export class PlatformDocument {
  @PrimaryKey(text())
  connectionId!: string;

  @PrimaryKey(text())
  externalId!: string;

  /** INVOICE, SALES_RECEIPT, CREDIT_NOTE, JOURNAL */
  @Property(text())
  kind!: string;

  @Property({ ...text(), nullable: true })
  number!: string | null;

  /** The hub's own mark, where it posted it. */
  @Property(text())
  reference!: string;

  @Property(day())
  day!: string;

  @Property(text())
  currency!: string;

  /** Minor units. */
  @Property({ type: bigInteger, nullable: true })
  total!: number | null;

  /** As the accounts call it; GONE where they have it no more. */
  @Property({ ...text(), nullable: true })
  status!: string | null;

  /** The whole of it in the hub's words. */
  @Property(json())
  body!: Plain;

  @Property({ type: bigInteger })
  revision!: number;

  @Property(instant())
  seenAt!: Date;
}
