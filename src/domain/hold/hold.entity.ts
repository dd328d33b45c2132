import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { instant, json, text, textArray } from '../../database/columns.ts';
import type { HeldContent } from './hold.types.ts';

@Entity({ tableName: 'hold' })
@Index({ properties: ['source', 'externalId'] })
@Index({ properties: ['status', 'expiresAt'] })
@Index({ properties: ['storeId', 'id'] })
export class Hold {
  @PrimaryKey(text())
  id!: string;

  @Property(text())
  status!: 'ACTIVE' | 'RELEASED' | 'REDEEMED' | 'EXPIRED';

  @Property(textArray())
  codes!: string[];

  @Property(text())
  source!: string;

  @Property(text())
  externalId!: string;

  @Property(text())
  storeId!: string;

  /** What it set aside and for which basket. */
  @Property(json())
  content!: HeldContent;

  @Property(instant())
  createdAt!: Date;

  @Property(instant())
  expiresAt!: Date;
}
