import { types } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { instant, text } from '../../database/columns.ts';

/** A set of customers: listed one by one, or all for whom an expression holds. */
@Entity({ tableName: 'segment' })
export class Segment {
  @PrimaryKey(text())
  id!: string;

  @Property(text())
  name!: string;

  /** CEL over `customer`; null = a list. */
  @Property({ ...text(), nullable: true })
  expression!: string | null;

  @Property({ type: types.integer })
  version!: number;

  @Property(instant())
  createdAt!: Date;
}

@Entity({ tableName: 'segment_member' })
@Index({ properties: ['customerId'] })
export class SegmentMember {
  @PrimaryKey(text())
  segmentId!: string;

  @PrimaryKey(text())
  customerId!: string;

  @Property(instant())
  since!: Date;
}
